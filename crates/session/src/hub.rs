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
    /// A person does not want to see it, until it connects anew.
    put_away: bool,
}

impl Entry {
    /// Whether it is among the streams that the window shows.
    fn is_seen(&self) -> bool {
        !self.put_away && !self.stream.info().hidden
    }
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
                entries.push(Entry {
                    identity,
                    stream,
                    connected: false,
                    gone_since: 0,
                    put_away: false,
                });
                entries.len() - 1
            }
        };
        entries[at].connected = true;
        entries[at].put_away = false;
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
    /// [`GONE_KEPT`] are forgotten, except the last one, whose picture stays. Hidden ones, and
    /// those that were put away, are left out.
    pub fn figures(&self, now: u64) -> Vec<Figures> {
        let mut entries = self.lock();
        let expired = |e: &Entry| !e.connected && now.saturating_sub(e.gone_since) > GONE_KEPT;
        loop {
            let seen = entries.iter().filter(|e| !e.put_away).count();
            let goes = |e: &Entry| expired(e) && (e.put_away || seen > 1);
            let Some(at) = entries.iter().position(goes) else { break };
            entries.remove(at);
        }
        self.limits.share(entries.len());
        entries.iter().for_each(|e| e.stream.trim_history());
        let seen = entries.iter().filter(|e| e.is_seen());
        let streams: Vec<_> = seen.map(|e| Arc::clone(&e.stream)).collect();
        drop(entries);
        streams.iter().map(|stream| stream.figures(now)).collect()
    }

    /// How much of each stream is kept.
    #[must_use]
    pub const fn history(&self) -> &Arc<HistoryLimits> {
        &self.limits
    }

    /// Has senders on this machine send what can be kept, too, or no longer, and sets how many
    /// nanoseconds that is.
    pub fn keep_past(&self, span: u64, local: bool) {
        let before = self.limits.keeps_local();
        self.limits.set_span(span);
        self.limits.set_local(local);
        if self.limits.keeps_local() != before {
            self.lock().iter().for_each(|entry| entry.stream.demand_changed());
        }
    }

    /// Moves a stream to another place in the order.
    pub fn move_to(&self, id: StreamId, to: usize) {
        let mut entries = self.lock();
        if let Some(from) = entries.iter().position(|e| e.stream.id() == id) {
            let entry = entries.remove(from);
            // Those that nobody sees don't count.
            let seen = entries.iter().enumerate().filter(|(_, e)| e.is_seen());
            let at = seen.map(|(at, _)| at).nth(to).unwrap_or(entries.len());
            entries.insert(at, entry);
        }
    }

    /// Takes a stream that is gone out of the order; a connected one stays.
    pub fn forget(&self, id: StreamId) {
        self.lock().retain(|e| e.stream.id() != id || e.connected);
    }

    /// Takes a stream off the list until its sender connects anew, or brings it back to its
    /// place. One that is gone is forgotten [`GONE_KEPT`] later.
    pub fn put_away(&self, id: StreamId, away: bool) {
        if let Some(entry) = self.lock().iter_mut().find(|e| e.stream.id() == id) {
            entry.put_away = away;
            entry.gone_since = clock::now_ns();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Nobody;

    impl Observer for Nobody {
        fn opened(&self, _: &Arc<Stream>) {}
        fn lost(&self, _: &Arc<Stream>, _: &str) {}
    }

    fn open(hub: &Hub, name: &str) -> Arc<Stream> {
        let info = Info { name: name.to_owned(), ..Info::default() };
        hub.open(Identity::Name(name.to_owned()), info).expect("room")
    }

    fn names(hub: &Hub, now: u64) -> String {
        hub.figures(now).iter().map(|f| f.info.name.as_str()).collect()
    }

    #[test]
    fn what_was_put_away_comes_back_to_its_place() {
        let (hub, _) = Hub::new(Box::new(Nobody));
        let [a, b, _] = ["a", "b", "c"].map(|name| open(&hub, name));
        let now = clock::now_ns();
        hub.put_away(a.id(), true);
        assert_eq!(names(&hub, now), "bc");
        // The place that a person sees, not one that counts what was put away.
        hub.move_to(b.id(), 1);
        assert_eq!(names(&hub, now), "cb");
        hub.put_away(a.id(), false);
        assert_eq!(names(&hub, now), "acb");
        // Its sender connects anew.
        hub.put_away(a.id(), true);
        hub.close(&a, "");
        assert_eq!(names(&hub, now), "cb");
        assert_eq!(open(&hub, "a").id(), a.id());
        assert_eq!(names(&hub, now), "acb");
    }

    #[test]
    fn the_last_one_that_is_seen_stays_and_what_was_put_away_does_not() {
        let (hub, _) = Hub::new(Box::new(Nobody));
        let [a, b] = ["a", "b"].map(|name| open(&hub, name));
        hub.close(&a, "");
        hub.close(&b, "");
        hub.put_away(b.id(), true);
        let later = clock::now_ns() + 2 * GONE_KEPT;
        assert_eq!(names(&hub, later), "a");
        hub.put_away(b.id(), false);
        assert_eq!(names(&hub, later), "a", "forgotten");
        hub.put_away(a.id(), true);
        assert_eq!(names(&hub, later + 2 * GONE_KEPT), "");
        assert!(hub.stream(a.id()).is_none());
    }

    #[test]
    fn uncompressed_frames_are_welcome_unless_something_is_to_be_kept_of_them() {
        let (hub, _) = Hub::new(Box::new(Nobody));
        let stream = open(&hub, "a");
        let told = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&told);
        stream.on_demand(Box::new(move || {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }));
        let told = || told.swap(0, std::sync::atomic::Ordering::Relaxed);
        assert!(stream.takes_raw());
        stream.set_replayable(true);
        assert_eq!((stream.takes_raw(), told()), (false, 1));
        hub.keep_past(0, false);
        assert!(stream.takes_raw(), "nothing is kept of any stream");
        hub.keep_past(5, false);
        stream.set_replayable(false);
        assert!(stream.takes_raw());
        told();
        hub.keep_past(5, true);
        assert_eq!((stream.takes_raw(), told()), (false, 1));
        hub.keep_past(7, true);
        assert_eq!(told(), 0);
        let hidden = Info { hidden: true, ..Info::default() };
        let call = hub.open(Identity::Name("call".to_owned()), hidden).expect("room");
        assert!(call.takes_raw(), "nothing is kept of calls");
        hub.keep_past(7, false);
        assert_eq!((stream.takes_raw(), told()), (true, 1));
    }
}
