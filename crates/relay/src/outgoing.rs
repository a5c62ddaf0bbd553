//! The sending side of one connection of the call protocol, for its own task and for others.
//!
//! In: what waits in the connection's [`Outbox`]. Out: bytes on the socket, encrypted if the
//! connection is. Its own task writes when the socket can take more; whoever has put something
//! into the outbox writes at once ([`deliver`]) if nothing before it is unsent and nobody else is
//! at it. That saves waking the other task for each packet. Both take from the outbox under the
//! same lock and only when everything before is sent, so its order is the order on the wire.
//! [`deliver`] never waits: not for the lock, not for the socket, and it leaves the last word to
//! the connection's own task. Looks into nothing.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Write};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Buf as _, Bytes};
use rustls::ServerConnection;
use tokio::io::AsyncWrite as _;
use tokio::net::tcp::OwnedWriteHalf;

use crate::outbox::{Fill, Outbox};

/// What a connection's own task and those who send to it share.
pub(crate) type Shared = Mutex<Outgoing>;

/// Takes the lock. Who holds it does not wait for anything.
pub(crate) fn lock(outgoing: &Shared) -> MutexGuard<'_, Outgoing> {
    outgoing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// See the module.
pub(crate) struct Outgoing {
    stream: OwnedWriteHalf,
    /// The whole TLS session: what arrives is decrypted with it, too.
    pub tls: Option<Box<ServerConnection>>,
    /// What the socket has not taken; of an encrypted connection `tls` has it.
    unsent: VecDeque<Bytes>,
    /// When something was handed over last.
    since: Instant,
    /// What went wrong in somebody else's turn; the connection's own task is told.
    failed: Option<io::Error>,
}

impl Outgoing {
    pub fn new(stream: OwnedWriteHalf, tls: Option<Box<ServerConnection>>) -> Self {
        Self { stream, tls, unsent: VecDeque::new(), since: Instant::now(), failed: None }
    }

    /// Hands over bytes, which are sent by a flush. Hand over more when they are sent.
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

    /// Hands over what goes next, the last word included; `None`: not everything before is sent.
    pub fn load(&mut self, outbox: &Outbox, now: Instant) -> io::Result<Option<Fill>> {
        self.load_with(now, |batch| outbox.fill(now, batch))
    }

    fn load_with(
        &mut self,
        now: Instant,
        fill: impl FnOnce(&mut Vec<Bytes>) -> Fill,
    ) -> io::Result<Option<Fill>> {
        if self.is_sending() || self.failed.is_some() {
            return Ok(None);
        }
        let mut batch = Vec::new();
        let filled = fill(&mut batch);
        if !batch.is_empty() {
            self.since = now;
            self.send(batch)?;
        }
        Ok(Some(filled))
    }

    /// Whether the socket has not taken everything yet.
    pub fn is_sending(&self) -> bool {
        self.tls.as_ref().map_or(!self.unsent.is_empty(), |tls| tls.wants_write())
    }

    /// Whether the socket has taken nothing for this long.
    pub fn is_stalled(&self, time: Duration) -> bool {
        self.is_sending() && self.since.elapsed() >= time
    }

    /// Sends what was handed over. For the connection's own task, which is woken to go on.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Err(error));
        }
        match self.flush(Some(cx)) {
            Ok(true) => Poll::Ready(Ok(())),
            Ok(false) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    /// Says that nothing follows. Everything is to be sent before.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    /// Sends what the socket takes; whether that was everything. `cx`: whom to wake for the rest.
    fn flush(&mut self, mut cx: Option<&mut Context<'_>>) -> io::Result<bool> {
        while self.is_sending() {
            let mut socket = Socket { stream: &mut self.stream, cx: cx.as_deref_mut() };
            let sent = match &mut self.tls {
                Some(tls) => tls.write_tls(&mut socket),
                None => {
                    let slices: Vec<_> = self.unsent.iter().map(|b| IoSlice::new(b)).collect();
                    socket.write_vectored(&slices)
                }
            };
            match sent {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => self.sent(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
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

    /// Sends what waits up to the last word, as far as the socket takes it; whether that was all.
    fn deliver(&mut self, outbox: &Outbox, now: Instant) -> io::Result<bool> {
        loop {
            match self.load_with(now, |batch| outbox.fill_before_last(now, batch))? {
                Some(Fill::Empty) => return Ok(true),
                Some(Fill::Data) => return self.flush(None),
                Some(Fill::More) if self.flush(None)? => {}
                Some(Fill::More | Fill::Last) | None => return Ok(false),
            }
        }
    }
}

/// Sends what waits in another connection's outbox, if that is possible at once; what is left is
/// for that connection's own task, which is woken.
pub(crate) fn deliver(outbox: &Outbox, now: Instant) {
    let delivered = outbox.outgoing().is_some_and(|outgoing| {
        let Ok(mut outgoing) = outgoing.try_lock() else { return false };
        match outgoing.deliver(outbox, now) {
            Ok(all) => all,
            Err(error) => {
                outgoing.failed = Some(error);
                false
            }
        }
    });
    if !delivered {
        outbox.wake();
    }
}

/// A socket as rustls writes to it.
struct Socket<'a, 'b, 'c> {
    stream: &'a mut OwnedWriteHalf,
    /// Who is woken when the socket takes more.
    cx: Option<&'b mut Context<'c>>,
}

fn blocking<T>(polled: Poll<io::Result<T>>) -> io::Result<T> {
    match polled {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl Write for Socket<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.cx {
            Some(cx) => blocking(Pin::new(&mut *self.stream).poll_write(cx, bytes)),
            None => self.stream.try_write(bytes),
        }
    }

    fn write_vectored(&mut self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        match (bytes, &mut self.cx) {
            // One piece costs the kernel less if it comes without a list.
            ([one], _) => self.write(one),
            (many, Some(cx)) => blocking(Pin::new(&mut *self.stream).poll_write_vectored(cx, many)),
            (many, None) => self.stream.try_write_vectored(many),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::AsyncReadExt as _;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::outbox::Push;
    use crate::record::{HEADER, Kind, Record};

    /// A connection's sending side with its outbox, and the caller at the other end.
    async fn connection() -> (Arc<Shared>, Outbox, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (caller, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        let (_, write) = accepted.expect("accepted").0.into_split();
        write.writable().await.expect("writable");
        let outgoing = Arc::new(Mutex::new(Outgoing::new(write, None)));
        let outbox = Outbox::default();
        outbox.attach(&outgoing);
        (outgoing, outbox, caller.expect("connected"))
    }

    fn put(outbox: &Outbox, kind: Kind, tag: u8, size: usize) {
        let record = Record::new(kind, 0, 0, 0, &vec![tag; size]).expect("within the limits");
        assert_eq!(outbox.put(record, Instant::now()), Push::QUEUED);
    }

    async fn read_tag(caller: &mut TcpStream, size: usize) -> u8 {
        let mut bytes = vec![0; HEADER + size];
        caller.read_exact(&mut bytes).await.expect("a record");
        bytes[HEADER]
    }

    /// Whether the connection's own task was woken.
    async fn woken(outbox: &Outbox) -> bool {
        tokio::time::timeout(Duration::ZERO, outbox.changed()).await.is_ok()
    }

    #[tokio::test]
    async fn what_can_be_sent_at_once_wakes_nobody_and_sound_goes_first() {
        let (outgoing, outbox, mut caller) = connection().await;
        put(&outbox, Kind::Control, 2, 9);
        put(&outbox, Kind::Audio, 1, 9);
        deliver(&outbox, Instant::now());
        assert_eq!([read_tag(&mut caller, 9).await, read_tag(&mut caller, 9).await], [1, 2]);
        assert!(!woken(&outbox).await);
        assert!(!lock(&outgoing).is_sending());
    }

    #[tokio::test]
    async fn who_finds_another_at_it_does_not_wait() {
        let (outgoing, outbox, mut caller) = connection().await;
        put(&outbox, Kind::Control, 1, 9);
        {
            let _held = lock(&outgoing);
            deliver(&outbox, Instant::now());
        }
        assert!(woken(&outbox).await);
        // The next one finds it free and what was left before its own.
        put(&outbox, Kind::Control, 2, 9);
        deliver(&outbox, Instant::now());
        assert_eq!([read_tag(&mut caller, 9).await, read_tag(&mut caller, 9).await], [1, 2]);
    }

    #[tokio::test]
    async fn what_a_full_socket_leaves_is_sent_by_the_connections_own_task_in_order() {
        const SIZE: usize = 8_000;
        let (outgoing, outbox, mut caller) = connection().await;
        let mut sent = 0u8;
        // Nobody reads: this ends when the socket is full, and some more wait behind that.
        let mut waiting = 0;
        while waiting < 5 {
            put(&outbox, Kind::Control, sent, SIZE);
            sent = sent.wrapping_add(1);
            deliver(&outbox, Instant::now());
            waiting += u32::from(woken(&outbox).await);
        }
        assert!(lock(&outgoing).is_sending() && outbox.bytes() >= 4 * SIZE);
        let reading = tokio::spawn(async move {
            let mut tags = Vec::new();
            let mut record = vec![0; HEADER + SIZE];
            while caller.read_exact(&mut record).await.is_ok() {
                tags.push(record[HEADER]);
            }
            tags
        });
        let mut more = true;
        while more {
            std::future::poll_fn(|cx| lock(&outgoing).poll_flush(cx)).await.expect("sent");
            let filled = lock(&outgoing).load(&outbox, Instant::now()).expect("handed over");
            more = filled != Some(Fill::Empty);
        }
        drop(outgoing);
        let tags = reading.await.expect("read");
        assert_eq!(tags.last(), Some(&sent.wrapping_sub(1)));
        assert!(tags.windows(2).all(|two| two[1] == two[0].wrapping_add(1)), "{tags:?}");
    }

    #[tokio::test]
    async fn the_last_word_is_left_to_the_connection_and_nothing_goes_after_it() {
        let (outgoing, outbox, mut caller) = connection().await;
        put(&outbox, Kind::Control, 1, 9);
        deliver(&outbox, Instant::now());
        put(&outbox, Kind::Control, 2, 9);
        outbox.end(Bytes::from_static(b"last"));
        assert!(woken(&outbox).await);
        deliver(&outbox, Instant::now());
        assert!(woken(&outbox).await && !lock(&outgoing).is_sending());
        let loaded = lock(&outgoing).load(&outbox, Instant::now()).expect("handed over");
        assert_eq!(loaded, Some(Fill::Last));
        deliver(&outbox, Instant::now());
        std::future::poll_fn(|cx| lock(&outgoing).poll_flush(cx)).await.expect("sent");
        deliver(&outbox, Instant::now());
        drop(outgoing);
        assert_eq!(read_tag(&mut caller, 9).await, 1);
        let mut rest = Vec::new();
        caller.read_to_end(&mut rest).await.expect("the end");
        assert_eq!(rest, b"last");
    }

    #[tokio::test]
    async fn what_fails_in_another_turn_is_told_to_the_connections_own_task() {
        let (outgoing, outbox, caller) = connection().await;
        socket2::SockRef::from(&caller).set_linger(Some(Duration::ZERO)).expect("set");
        drop(caller);
        // The reset arrives when it arrives.
        while lock(&outgoing).failed.is_none() {
            put(&outbox, Kind::Control, 1, 9);
            deliver(&outbox, Instant::now());
            tokio::task::yield_now().await;
        }
        assert!(woken(&outbox).await);
        assert_eq!(lock(&outgoing).load(&outbox, Instant::now()).expect("nothing done"), None);
        assert!(std::future::poll_fn(|cx| lock(&outgoing).poll_flush(cx)).await.is_err());
    }
}
