//! All streams of the program, in the order in which the window shows them.
//!
//! In: connections that open and end. Out: streams, and word of both to an observer. A sender
//! that comes back gets its old stream, and so its old place. Never more than [`MAX_STREAMS`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};
use okno_media::clock;
use okno_wire::Format;

use crate::history::HistoryLimits;
use crate::info::Info;
use crate::stream::{Figures, Stream, StreamId};

/// Most streams at once. A wall shows 25; the rest is room for senders that come and go.
pub const MAX_STREAMS: usize = 256;

/// How long a stream that is gone keeps its place while others are there, in nanoseconds.
pub const GONE_KEPT: u64 = 30_000_000_000;

/// By what a sender is known when it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// An Okno sender says its name.
    Name(String),
    /// A foreign sender says nothing: the host and the format have to do.
    Origin {
        /// Address of the host, without a port.
        host: String,
        /// Format on the wire.
        format: Format,
    },
}

/// Is told of streams that come and go, on the network's thread; must only pass the word on.
pub trait Observer: Send + Sync {
    /// A connection has a stream now.
    fn opened(&self, stream: &Arc<Stream>);
    /// A stream's connection ended; `why` is a sentence for a person.
    fn lost(&self, stream: &Arc<Stream>, why: &str);
}

struct Entry {
    identity: Identity,
    stream: Arc<Stream>,
    connected: bool,
    gone_since: u64,
}

/// See the module.
pub struct Hub {
    entries: Mutex<Vec<Entry>>,
    next_id: Mutex<u64>,
    jobs: Sender<Arc<Stream>>,
    observer: Box<dyn Observer>,
    limits: Arc<HistoryLimits>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// An empty hub, and the queue that its decoders work on.
    #[must_use]
    pub fn new(observer: Box<dyn Observer>) -> (Arc<Self>, Receiver<Arc<Stream>>) {
        // Each stream is in the queue at most once; streams that are gone may still be in it.
        let (jobs, queue) = bounded(2 * MAX_STREAMS);
        let hub = Self {
            entries: Mutex::default(),
            next_id: Mutex::new(1),
            jobs,
            observer,
            limits: Arc::default(),
        };
        (Arc::new(hub), queue)
    }

    /// A connection turned out to be a sender. It gets the stream that a sender of the same
    /// identity left, or a new one; `None` when there are [`MAX_STREAMS`] already.
    pub fn open(&self, identity: Identity, mut info: Info) -> Option<Arc<Stream>> {
        let mut entries = self.lock();
        let twins = entries.iter().filter(|e| e.identity == identity && e.connected).count();
        let left = entries.iter().position(|e| e.identity == identity && !e.connected);
        let at = match left {
            Some(at) => {
                info.name = entries[at].stream.info().name;
                at
            }
            None => {
                if entries.len() >= MAX_STREAMS && !Self::forget_oldest(&mut entries) {
                    return None;
                }
                if twins > 0 {
                    info.name = format!("{} ({})", info.name, twins + 1);
                }
                let limits = Arc::clone(&self.limits);
                let stream = Arc::new(Stream::new(self.new_id(), self.jobs.clone(), limits));
                self.limits.share(entries.len() + 1);
                entries.push(Entry { identity, stream, connected: false, gone_since: 0 });
                entries.len() - 1
            }
        };
        entries[at].connected = true;
        entries[at].stream.connected(info);
        let stream = Arc::clone(&entries[at].stream);
        drop(entries);
        self.observer.opened(&stream);
        Some(stream)
    }

    /// A stream's connection ended.
    pub fn close(&self, stream: &Arc<Stream>, why: &str) {
        stream.disconnected(why);
        if let Some(entry) = self.lock().iter_mut().find(|e| e.stream.id() == stream.id()) {
            entry.connected = false;
            entry.gone_since = clock::now_ns();
        }
        self.observer.lost(stream, why);
    }

    /// The stream of that id.
    #[must_use]
    pub fn stream(&self, id: StreamId) -> Option<Arc<Stream>> {
        self.lock().iter().find(|e| e.stream.id() == id).map(|e| Arc::clone(&e.stream))
    }

    /// Figures of all streams in their order, at `now`; streams that are gone for
    /// [`GONE_KEPT`] are forgotten, except the last one, whose picture stays. Hidden ones are left
    /// out.
    pub fn figures(&self, now: u64) -> Vec<Figures> {
        let mut entries = self.lock();
        let expired = |e: &Entry| !e.connected && now.saturating_sub(e.gone_since) > GONE_KEPT;
        while entries.len() > 1 {
            let Some(at) = entries.iter().position(expired) else { break };
            entries.remove(at);
        }
        self.limits.share(entries.len());
        let streams: Vec<_> = entries.iter().map(|e| Arc::clone(&e.stream)).collect();
        drop(entries);
        streams.iter().for_each(|stream| stream.trim_history());
        streams.iter().map(|stream| stream.figures(now)).filter(|f| !f.info.hidden).collect()
    }

    /// How much of each stream is kept.
    #[must_use]
    pub const fn history(&self) -> &Arc<HistoryLimits> {
        &self.limits
    }

    /// Moves a stream to another place in the order.
    pub fn move_to(&self, id: StreamId, to: usize) {
        let mut entries = self.lock();
        if let Some(from) = entries.iter().position(|e| e.stream.id() == id) {
            let entry = entries.remove(from);
            let to = to.min(entries.len());
            entries.insert(to, entry);
        }
    }

    /// Takes a stream that is gone out of the order; a connected one stays.
    pub fn forget(&self, id: StreamId) {
        self.lock().retain(|e| e.stream.id() != id || e.connected);
    }

    fn forget_oldest(entries: &mut Vec<Entry>) -> bool {
        let gone = entries.iter().enumerate().filter(|(_, e)| !e.connected);
        let Some((at, _)) = gone.min_by_key(|(_, e)| e.gone_since) else { return false };
        entries.remove(at);
        true
    }

    fn new_id(&self) -> StreamId {
        let mut next = self.next_id.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        StreamId(*next - 1)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
