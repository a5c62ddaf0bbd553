//! The bytes of one connection of the call protocol, encrypted or not.
//!
//! In: a socket, after its TLS handshake if it has one; bytes to send. Out: what arrives, decrypted,
//! in a [`Reader`]; what is sent, encrypted, on the socket. One system call reads all that has
//! arrived and one writes all that goes out. In between, a connection holds nothing but what its
//! socket did not take and what has not arrived whole: with hundreds of calls it is memory that
//! was touched last by somebody else which costs time. Looks into nothing.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, BufRead as _, IoSlice, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use rustls::ServerConnection;
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWrite as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use crate::limits::{FAREWELL_TIME, READ_BUFFER};
use crate::record::Reader;

thread_local! {
    /// What every connection of a thread reads into, one after the other.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BUFFER].into());
}

/// See the module.
pub(crate) struct Wire {
    stream: TcpStream,
    tls: Option<Box<ServerConnection>>,
    /// What the socket has not taken; of an encrypted connection `tls` has it.
    unsent: VecDeque<Bytes>,
}

impl Wire {
    /// A connection without encryption.
    pub fn plain(stream: TcpStream) -> Self {
        Self { stream, tls: None, unsent: VecDeque::new() }
    }

    /// A connection whose handshake is done.
    pub fn encrypted(stream: TlsStream<TcpStream>) -> Self {
        let (stream, tls) = stream.into_inner();
        Self { stream, tls: Some(Box::new(tls)), unsent: VecDeque::new() }
    }

    /// Takes in what has arrived: how many bytes; 0: the end.
    pub async fn read(&mut self, reader: &mut Reader) -> io::Result<usize> {
        poll_fn(|cx| self.poll_read(cx, reader)).await
    }

    /// Like [`Wire::read`].
    pub fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut Reader,
    ) -> Poll<io::Result<usize>> {
        loop {
            // What came with the end of the handshake, or just now.
            if let Some(tls) = &mut self.tls
                && let Some(count) = take_plaintext(tls, reader)
            {
                return Poll::Ready(Ok(count));
            }
            let read = SCRATCH.with_borrow_mut(|scratch| {
                let mut buffer = ReadBuf::new(scratch);
                ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
                let (read, count) = (buffer.filled(), buffer.filled().len());
                match &mut self.tls {
                    Some(tls) if count > 0 => {
                        Poll::Ready(decrypt(tls, read, reader).map(|count| (count > 0, count)))
                    }
                    _ => {
                        reader.push(read);
                        Poll::Ready(Ok((true, count)))
                    }
                }
            });
            match ready!(read) {
                Ok((true, count)) => return Poll::Ready(Ok(count)),
                // Less than a whole TLS record has arrived.
                Ok((false, _)) => {}
                Err(error) => {
                    // The other end is told why, if it can be told at once.
                    let _ = self.poll_flush(cx);
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    /// Hands over bytes, which [`Wire::poll_flush`] sends. Hand over more when they are sent.
    pub fn send(&mut self, batch: Vec<Bytes>) -> io::Result<()> {
        let Some(tls) = &mut self.tls else {
            self.unsent.extend(batch);
            return Ok(());
        };
        let size: usize = batch.iter().map(Bytes::len).sum();
        let slices: Vec<_> = batch.iter().map(|bytes| IoSlice::new(bytes)).collect();
        // rustls has room for several batches.
        if tls.writer().write_vectored(&slices)? < size {
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(())
    }

    /// Whether the socket has not taken everything yet.
    pub fn is_sending(&self) -> bool {
        self.tls.as_ref().map_or(!self.unsent.is_empty(), |tls| tls.wants_write())
    }

    /// Sends what was handed over.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.is_sending() {
            let mut socket = Socket { stream: &mut self.stream, cx };
            let sent = match &mut self.tls {
                Some(tls) => tls.write_tls(&mut socket),
                None => {
                    let slices: Vec<_> = self.unsent.iter().map(|b| IoSlice::new(b)).collect();
                    socket.write_vectored(&slices)
                }
            };
            match sent {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(count) => self.sent(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// The socket has taken this much.
    fn sent(&mut self, mut count: usize) {
        while let Some(front) = self.unsent.front_mut() {
            if count < front.len() {
                front.advance(count);
                return;
            }
            count -= front.len();
            self.unsent.pop_front();
        }
    }

    /// Sends what was handed over.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Sends what was handed over and says that nothing follows.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
        }
        self.flush().await?;
        self.stream.shutdown().await
    }

    /// Reads what is left for a moment, and throws it away: closing with unread bytes would throw
    /// away our last words.
    pub async fn drain(&mut self) {
        let mut rest = [0; 1024];
        let _ = timeout(FAREWELL_TIME, async {
            while matches!(self.stream.read(&mut rest).await, Ok(1..)) {}
        })
        .await;
    }
}

/// Decrypts what was read. How many bytes that made.
fn decrypt(tls: &mut ServerConnection, mut read: &[u8], reader: &mut Reader) -> io::Result<usize> {
    let mut count = 0;
    // Behind the other end's word that nothing follows, nothing is taken.
    while !read.is_empty() && tls.read_tls(&mut read)? > 0 {
        let made = tls.process_new_packets();
        made.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        count += take_plaintext(tls, reader).unwrap_or(0);
    }
    Ok(count)
}

/// Takes in what is decrypted: how many bytes; 0: the end; `None`: nothing now.
fn take_plaintext(tls: &mut ServerConnection, reader: &mut Reader) -> Option<usize> {
    let (mut count, mut plain) = (0, tls.reader());
    loop {
        match plain.fill_buf() {
            Ok(chunk @ [_, ..]) => {
                let length = chunk.len();
                reader.push(chunk);
                plain.consume(length);
                count += length;
            }
            Ok([]) => return Some(count),
            // No more, now or ever; the socket says which.
            Err(_) => return (count > 0).then_some(count),
        }
    }
}

/// A socket as rustls writes to it.
struct Socket<'a, 'b, 'c> {
    stream: &'a mut TcpStream,
    cx: &'b mut Context<'c>,
}

fn blocking<T>(polled: Poll<io::Result<T>>) -> io::Result<T> {
    match polled {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl Write for Socket<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        blocking(Pin::new(&mut *self.stream).poll_write(self.cx, bytes))
    }

    fn write_vectored(&mut self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        match bytes {
            // One piece costs the kernel less if it comes without a list.
            [one] => self.write(one),
            many => blocking(Pin::new(&mut *self.stream).poll_write_vectored(self.cx, many)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
