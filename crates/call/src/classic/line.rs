//! One of the two connections.
//!
//! In: bytes to send, when the one before are gone. Out: bytes as they arrive. Never waits for
//! either while the other could go on.

use std::io;
use std::time::Duration;

use okno_media::clock::now_ns;
use okno_relay::limits::UNSENT;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::splitter::{Media, Splitter};

/// How long a server may take to be reached, as in a sealed call.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// Read at once: a picture of a small camera. Several are not worth more memory, since sound and
/// the other direction have their turn in between.
const READ: usize = 64 << 10;

/// See the module.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    pub splitter: Splitter,
    /// What is being sent, and how much of it is gone.
    outgoing: Vec<u8>,
    gone: usize,
    /// When the server last took something, or had nothing to take.
    pub took: u64,
}

impl Line {
    /// Connects; `hello` goes first.
    pub async fn connect(host: &str, port: u16, media: Media, hello: Vec<u8>) -> io::Result<Self> {
        let connecting = timeout(CONNECT_TIME, TcpStream::connect((host, port))).await;
        let stream = connecting.map_err(|_| {
            let words = format!("no answer within {} s", CONNECT_TIME.as_secs());
            io::Error::new(io::ErrorKind::TimedOut, words)
        })??;
        stream.set_nodelay(true)?;
        let socket = socket2::SockRef::from(&stream);
        // What lies in the kernel can't be replaced by something newer.
        socket.set_tcp_notsent_lowat(UNSENT)?;
        // The protocol has no pings.
        socket.set_tcp_keepalive(
            &socket2::TcpKeepalive::new()
                .with_time(Duration::from_secs(15))
                .with_interval(Duration::from_secs(5))
                .with_retries(3),
        )?;
        let (buffer, splitter) = (vec![0; READ], Splitter::new(media));
        Ok(Self { stream, buffer, splitter, outgoing: hello, gone: 0, took: now_ns() })
    }

    /// Everything that was to be sent is gone.
    pub fn is_free(&self) -> bool {
        self.gone == self.outgoing.len()
    }

    /// The next bytes to send: `fill` appends them. Only when it is free.
    pub fn send(&mut self, fill: impl FnOnce(&mut Vec<u8>)) {
        self.outgoing.clear();
        self.gone = 0;
        fill(&mut self.outgoing);
    }

    /// Waits until there is something to read, or room for what is to be sent.
    pub async fn ready(&self) -> io::Result<()> {
        let interest = if self.is_free() {
            Interest::READABLE
        } else {
            Interest::READABLE | Interest::WRITABLE
        };
        self.stream.ready(interest).await.map(drop)
    }

    /// Sends what there is room for. `true`: it is free now and was not before.
    pub fn write(&mut self, now: u64) -> io::Result<bool> {
        if self.is_free() {
            self.took = now;
            return Ok(false);
        }
        let rest = self.outgoing.get(self.gone..).unwrap_or_default();
        match self.stream.try_write(rest) {
            Ok(count) => {
                self.gone += count;
                self.took = now;
                Ok(self.is_free())
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What has arrived, if something has: empty at the end of the connection.
    pub fn read(&mut self) -> io::Result<Option<(&[u8], &mut Splitter)>> {
        match self.stream.try_read(&mut self.buffer) {
            Ok(count) => {
                Ok(Some((self.buffer.get(..count).unwrap_or_default(), &mut self.splitter)))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }
}
