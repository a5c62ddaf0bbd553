//! What happened to every frame, counted where it happens.
//!
//! In: events, from any thread. Out: figures at one moment, which add up: every captured frame
//! is sent, dropped for one of the causes, or still on its way.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use okno_wire::okno::FrameMeta;
use serde::Serialize;

/// Counters of one stream.
#[derive(Debug, Default)]
pub struct Stats {
    /// Frames that the source gave.
    pub captured: AtomicU64,
    /// Frames made a JPEG, or passed on untouched.
    pub encoded: AtomicU64,
    /// Frames handed to the network completely.
    pub sent: AtomicU64,
    /// Of these, the source's own JPEG.
    pub untouched: AtomicU64,
    /// Of these, pixels in shared memory.
    pub shared: AtomicU64,
    /// How far quality and size are reduced for the link's sake; 0: not at all.
    pub step: AtomicU64,
    /// Bytes handed to the network, everything included.
    pub bytes: AtomicU64,
    /// Dropped: a newer frame came before the link had room.
    pub newer: AtomicU64,
    /// Dropped: more than `--fps` or the viewer wants.
    pub rate: AtomicU64,
    /// Dropped: could not be decoded or encoded.
    pub failed: AtomicU64,
    /// Dropped: on its way when the connection was lost, or at the end.
    pub lost: AtomicU64,
    /// How often the viewer was reached.
    pub connections: AtomicU64,
    /// Whether it is reached now.
    pub connected: AtomicBool,
    /// When the first frame was captured.
    pub started: OnceLock<Instant>,
    /// When the last frame was sent, in nanoseconds after `started`.
    pub last_sent_ns: AtomicU64,
}

impl Stats {
    /// Notes a frame that is completely sent.
    pub fn note_sent(&self, meta: &FrameMeta, now: Instant) {
        self.sent.fetch_add(1, Relaxed);
        self.untouched.fetch_add(u64::from(meta.untouched), Relaxed);
        self.shared.fetch_add(u64::from(meta.shared.is_some()), Relaxed);
        let since = self.started.get().map_or(0, |s| now.duration_since(*s).as_nanos());
        self.last_sent_ns.store(u64::try_from(since).unwrap_or(u64::MAX), Relaxed);
    }

    /// The figures now.
    #[must_use]
    pub fn figures(&self, name: &str, source: &str) -> Figures {
        let get = |counter: &AtomicU64| counter.load(Relaxed);
        let sent = get(&self.sent);
        let seconds = get(&self.last_sent_ns) as f64 / 1e9;
        Figures {
            name: name.to_owned(),
            source: source.to_owned(),
            connected: self.connected.load(Relaxed),
            connections: get(&self.connections),
            captured: get(&self.captured),
            encoded: get(&self.encoded),
            sent,
            untouched: get(&self.untouched),
            shared: get(&self.shared),
            reduced: get(&self.step),
            dropped: Dropped {
                newer: get(&self.newer),
                rate: get(&self.rate),
                failed: get(&self.failed),
                lost: get(&self.lost),
            },
            bytes: get(&self.bytes),
            fps: mean_rate(sent, seconds),
        }
    }
}

/// Frames a second when `sent` frames went out, the last of them `seconds` after the first was
/// captured: as many intervals as frames but one.
fn mean_rate(sent: u64, seconds: f64) -> f64 {
    if sent < 2 || seconds <= 0.0 {
        return 0.0;
    }
    ((sent - 1) as f64 / seconds * 100.0).round() / 100.0
}

/// Frames that were not sent, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// A newer frame came before the link had room.
    pub newer: u64,
    /// More than `--fps` or the viewer wants.
    pub rate: u64,
    /// Could not be decoded or encoded.
    pub failed: u64,
    /// On its way when the connection was lost, or at the end.
    pub lost: u64,
}

impl Dropped {
    /// All causes together.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.newer + self.rate + self.failed + self.lost
    }
}

/// The figures of a stream at one moment, as `--json` writes them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// The stream's name.
    pub name: String,
    /// Where its pictures come from.
    pub source: String,
    /// Whether the viewer is reached.
    pub connected: bool,
    /// How often it was.
    pub connections: u64,
    /// Frames that the source gave.
    pub captured: u64,
    /// Frames made a JPEG, or passed on untouched.
    pub encoded: u64,
    /// Frames handed to the network completely.
    pub sent: u64,
    /// Of these, the source's own JPEG.
    pub untouched: u64,
    /// Of these, uncompressed through shared memory.
    pub shared: u64,
    /// How far quality and size are reduced for the link's sake now: a step from 0, not at all, to 12.
    pub reduced: u64,
    /// Frames that were not sent.
    pub dropped: Dropped,
    /// Bytes handed to the network.
    pub bytes: u64,
    /// Frames sent per second, from the first to the last.
    pub fps: f64,
}

/// Several streams as one: sums, and the sum of the rates.
#[must_use]
pub fn total(streams: &[Figures]) -> Figures {
    let sum = |f: fn(&Figures) -> u64| streams.iter().map(f).sum();
    Figures {
        name: String::new(),
        source: String::new(),
        connected: streams.iter().all(|s| s.connected),
        connections: sum(|s| s.connections),
        captured: sum(|s| s.captured),
        encoded: sum(|s| s.encoded),
        sent: sum(|s| s.sent),
        untouched: sum(|s| s.untouched),
        shared: sum(|s| s.shared),
        reduced: streams.iter().map(|s| s.reduced).max().unwrap_or(0),
        dropped: Dropped {
            newer: sum(|s| s.dropped.newer),
            rate: sum(|s| s.dropped.rate),
            failed: sum(|s| s.dropped.failed),
            lost: sum(|s| s.dropped.lost),
        },
        bytes: sum(|s| s.bytes),
        fps: streams.iter().map(|s| s.fps).sum(),
    }
}
