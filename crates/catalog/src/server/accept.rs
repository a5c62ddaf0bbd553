//! Accepting connections, with bounds that the gRPC library leaves to us.
//!
//! In: a listening socket. Out: connections, at most [`MAX_CONNECTIONS`] at a time, each of which
//! has to begin speaking within [`FIRST_BYTES_WITHIN`]. More than that wait in the kernel's queue.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::{Connected, TcpConnectInfo};

use crate::limits::MAX_CONNECTIONS;

/// How long a new connection may stay silent. Whoever connects and says nothing, or too little,
/// would otherwise hold its place for ever.
const FIRST_BYTES_WITHIN: Duration = Duration::from_secs(10);

/// What an HTTP/2 client sends first is 24 bytes; a TLS client sends more.
const FIRST_BYTES: usize = 24;

/// Pause after the system refused to accept, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Starts to accept; ends when the returned stream is dropped.
pub fn accept(listener: TcpListener) -> ReceiverStream<io::Result<Guarded>> {
    let (accepted, connections) = mpsc::channel(1);
    tokio::spawn(async move {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            tokio::select! {
                () = accepted.closed() => return,
                next = next(&listener, &places) => {
                    if accepted.send(Ok(next)).await.is_err() {
                        return;
                    }
                }
            }
        }
    });
    ReceiverStream::new(connections)
}

async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Guarded {
    loop {
        if places.available_permits() == 0 {
            log::warn!("{MAX_CONNECTIONS} connections are open: new ones have to wait");
        }
        let Ok(place) = Arc::clone(places).acquire_owned().await else {
            // Nobody closes the semaphore.
            std::future::pending::<()>().await;
            continue;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                log::debug!("{peer}: connected");
                if let Err(error) = stream.set_nodelay(true) {
                    log::debug!("{peer}: {error}");
                }
                return Guarded::new(stream, place);
            }
            Err(error) => {
                log::warn!("can't accept a connection: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// A connection that counts, and that has to begin speaking in time.
#[derive(Debug)]
pub struct Guarded {
    stream: TcpStream,
    /// Until the first bytes are there.
    silence: Option<Pin<Box<Sleep>>>,
    read: usize,
    _place: OwnedSemaphorePermit,
}

impl Guarded {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        let silence = Some(Box::pin(tokio::time::sleep(FIRST_BYTES_WITHIN)));
        Self { stream, silence, read: 0, _place: place }
    }
}

impl Connected for Guarded {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.stream.connect_info()
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.silence.is_some() {
            self.read += buf.filled().len() - before;
            if self.read >= FIRST_BYTES {
                self.silence = None;
            }
        }
        let pending = result.is_pending();
        if let Some(silence) = self.silence.as_mut().filter(|_| pending)
            && silence.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        result
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
