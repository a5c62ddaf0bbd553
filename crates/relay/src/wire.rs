//! The bytes of one connection of the call protocol, encrypted or not, as its own task has them.
//!
//! In: a socket, after its TLS handshake if it has one; what goes out. Out: what arrives, decrypted,
//! in a [`Reader`]; what is sent, encrypted, on the socket ([`crate::outgoing`], where others may
//! send, too). One system call reads all that has arrived and one writes all that goes out. In
//! between, a connection holds nothing but what its socket did not take and what has not arrived
//! whole: with hundreds of calls it is memory that was touched last by somebody else which costs
//! time. Looks into nothing.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, BufRead as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustls::ServerConnection;
use tokio::io::{AsyncRead as _, AsyncReadExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use crate::limits::{FAREWELL_TIME, READ_BUFFER};
use crate::outbox::{Fill, Outbox};
use crate::outgoing::{self, Outgoing, lock};
use crate::record::Reader;

thread_local! {
    /// What every connection of a thread reads into, one after the other.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BUFFER].into());
}

/// See the module.
pub(crate) struct Wire {
    stream: OwnedReadHalf,
    outgoing: Arc<outgoing::Shared>,
    encrypted: bool,
}

impl Wire {
    /// A connection without encryption.
    pub fn plain(stream: TcpStream) -> Self {
        Self::new(stream, None)
    }

    /// A connection whose handshake is done.
    pub fn encrypted(stream: TlsStream<TcpStream>) -> Self {
        let (stream, tls) = stream.into_inner();
        Self::new(stream, Some(Box::new(tls)))
    }

    fn new(stream: TcpStream, tls: Option<Box<ServerConnection>>) -> Self {
        let encrypted = tls.is_some();
        let (stream, write) = stream.into_split();
        let outgoing = Arc::new(Mutex::new(Outgoing::new(write, tls)));
        Self { stream, outgoing, encrypted }
    }

    /// From now on others may send what they put into the outbox, until this connection is dropped.
    pub fn open_to_others(&self, outbox: &Outbox) {
        outbox.attach(&self.outgoing);
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
            if self.encrypted
                && let Some(tls) = &mut lock(&self.outgoing).tls
                && let Some(count) = take_plaintext(tls, reader)
            {
                return Poll::Ready(Ok(count));
            }
            let read = SCRATCH.with_borrow_mut(|scratch| {
                let mut buffer = ReadBuf::new(scratch);
                ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
                let (read, count) = (buffer.filled(), buffer.filled().len());
                if self.encrypted
                    && count > 0
                    && let Some(tls) = &mut lock(&self.outgoing).tls
                {
                    return Poll::Ready(decrypt(tls, read, reader).map(|n| (n > 0, n)));
                }
                reader.push(read);
                Poll::Ready(Ok((true, count)))
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
        lock(&self.outgoing).send(batch)
    }

    /// Hands over what goes next; `None`: not everything before is sent.
    pub fn load(&mut self, outbox: &Outbox, now: Instant) -> io::Result<Option<Fill>> {
        lock(&self.outgoing).load(outbox, now)
    }

    /// Whether the socket has taken nothing for this long, of what there was.
    pub fn is_stalled(&self, time: Duration) -> bool {
        lock(&self.outgoing).is_stalled(time)
    }

    /// Sends what was handed over.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.outgoing).poll_flush(cx)
    }

    /// Sends what was handed over.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Sends what was handed over and says that nothing follows.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        if let Some(tls) = &mut lock(&self.outgoing).tls {
            tls.send_close_notify();
        }
        self.flush().await?;
        poll_fn(|cx| lock(&self.outgoing).poll_shutdown(cx)).await
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
