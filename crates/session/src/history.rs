//! The last seconds of a stream, compressed as they were received: for replay, and for recordings
//! that begin before the key was pressed.
//!
//! In: every frame, decoded or not. Out: frames, by reference, and the same frames to a recorder.
//! Bounded in time and in memory; what has to go is counted. Nothing is copied but frames that
//! would keep a much larger receive buffer from being used again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crossbeam_channel::{Sender, TrySendError};
use okno_media::EncodedFrame;

/// How far back a stream reaches unless it is set otherwise, in nanoseconds: long enough to see
/// what just happened, and to press a key after it.
pub const HISTORY_SPAN: u64 = 20_000_000_000;

/// Longest span that can be set, in nanoseconds. The memory bounds it before.
pub const MOST_HISTORY_SPAN: u64 = 300_000_000_000;

/// Most bytes of one stream: ten seconds of 720p at 30 frames of 150 KB a second.
pub const STREAM_HISTORY_BYTES: usize = 48 << 20;

/// Most bytes of all streams together; they share it evenly.
pub const HISTORY_BYTES: usize = 192 << 20;

/// A frame that fills less than this share (in quarters) of its buffer is copied out of it.
const WELL_FILLED: usize = 3;

/// Bytes that wait for one recorder at most: a second of a dozen megabytes that a disk hesitates
/// over is bridged, a disk that stops is not.
pub const RECORDER_BYTES: usize = 32 << 20;

/// How much is kept of each stream. Shared by all of them.
#[derive(Debug)]
pub struct HistoryLimits {
    span: AtomicU64,
    bytes: AtomicUsize,
    local: AtomicBool,
}

impl Default for HistoryLimits {
    fn default() -> Self {
        Self {
            span: AtomicU64::new(HISTORY_SPAN),
            bytes: AtomicUsize::new(STREAM_HISTORY_BYTES),
            local: AtomicBool::new(false),
        }
    }
}

impl HistoryLimits {
    /// Nanoseconds that are kept.
    #[must_use]
    pub fn span(&self) -> u64 {
        self.span.load(Ordering::Relaxed)
    }

    /// Sets how many nanoseconds are kept; zero keeps nothing but the newest frame.
    pub fn set_span(&self, span: u64) {
        self.span.store(span.min(MOST_HISTORY_SPAN), Ordering::Relaxed);
    }

    /// Whether anything is kept at all.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.span() > 0
    }

    /// Whether senders on this machine shall send what can be kept, too: JPEGs, which cost them
    /// an encoder, in place of uncompressed frames.
    #[must_use]
    pub fn keeps_local(&self) -> bool {
        self.keeps() && self.local.load(Ordering::Relaxed)
    }

    /// Sets that. The senders have to be told: [`crate::Hub::keep_past`].
    pub(crate) fn set_local(&self, local: bool) {
        self.local.store(local, Ordering::Relaxed);
    }

    /// Shares the memory among this many streams.
    pub(crate) fn share(&self, streams: usize) {
        let bytes = STREAM_HISTORY_BYTES.min(HISTORY_BYTES / streams.max(1));
        self.bytes.store(bytes, Ordering::Relaxed);
    }
}

/// Where a recorder gets a stream's frames from, without holding the stream up.
#[derive(Clone, Debug)]
pub struct Tap {
    /// To the recorder's thread.
    pub frames: Sender<EncodedFrame>,
    /// Bytes that were sent there and not written yet; the recorder counts them off.
    pub waiting: Arc<AtomicUsize>,
    /// Frames that found no room there.
    pub dropped: Arc<AtomicU64>,
}

impl Tap {
    /// Hands a frame on if there is room; `false` when the recorder is gone.
    fn offer(&self, frame: &EncodedFrame) -> bool {
        let bytes = frame.jpeg().len();
        let waiting = self.waiting.load(Ordering::Relaxed);
        let sent = if waiting + bytes > RECORDER_BYTES && waiting > 0 {
            Err(TrySendError::Full(()))
        } else {
            self.waiting.fetch_add(bytes, Ordering::Relaxed);
            self.frames.try_send(frame.clone()).map_err(|error| {
                self.waiting.fetch_sub(bytes, Ordering::Relaxed);
                match error {
                    TrySendError::Full(_) => TrySendError::Full(()),
                    TrySendError::Disconnected(_) => TrySendError::Disconnected(()),
                }
            })
        };
        if sent == Err(TrySendError::Full(())) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        sent != Err(TrySendError::Disconnected(()))
    }
}

/// How much of a stream is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Frames.
    pub frames: u64,
    /// Bytes that they occupy.
    pub bytes: u64,
    /// Frames that had to go because of the time or the memory that they took.
    pub evicted: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct History {
    frames: VecDeque<EncodedFrame>,
    bytes: usize,
    evicted: u64,
    /// When the newest frame was received, and whether it was one that is not kept.
    newest: u64,
    skips: bool,
    tap: Option<Tap>,
}

impl History {
    /// Keeps a frame, which is newer than all before it.
    /// A frame without a JPEG is not kept, since a second of such frames takes a hundred
    /// megabytes; nor is what came before it.
    pub fn push(&mut self, frame: &EncodedFrame, limits: &HistoryLimits) {
        self.newest = frame.stamps.received;
        self.skips = frame.raw.is_some();
        if self.skips {
            // Who goes back shall not fall into a gap.
            self.evicted += self.frames.len() as u64;
            self.frames.clear();
            self.bytes = 0;
            return;
        }
        if self.tap.as_ref().is_some_and(|tap| !tap.offer(frame)) {
            self.tap = None;
        }
        // What goes with the next frame need not be moved.
        let frame = if limits.span() == 0 { frame.clone() } else { compact(frame) };
        self.bytes += frame.buffer.capacity();
        self.frames.push_back(frame);
        self.trim(limits);
    }

    /// Lets go what is over the limits. The newest frame always stays: it may be on the screen.
    pub fn trim(&mut self, limits: &HistoryLimits) {
        let span = limits.span();
        let bytes = limits.bytes.load(Ordering::Relaxed);
        while self.frames.len() > 1 {
            let Some(oldest) = self.frames.front() else { return };
            let age = self.newest.saturating_sub(oldest.stamps.received);
            if age <= span && self.bytes <= bytes && span > 0 {
                return;
            }
            self.bytes -= oldest.buffer.capacity();
            self.frames.pop_front();
            self.evicted += 1;
        }
    }

    /// Whether the frames that come are such as can be kept.
    pub const fn keeps(&self) -> bool {
        !self.skips
    }

    /// When the newest frame was received, kept or not.
    pub const fn newest(&self) -> u64 {
        self.newest
    }

    /// All frames, the oldest first.
    pub const fn frames(&self) -> &VecDeque<EncodedFrame> {
        &self.frames
    }

    /// Nanoseconds from the oldest frame that is kept to the newest.
    pub fn reach(&self) -> u64 {
        let oldest = self.frames.front();
        oldest.map_or(0, |oldest| self.newest.saturating_sub(oldest.stamps.received))
    }

    /// The frame of this number, if it is still there.
    pub fn find(&self, number: u64) -> Option<&EncodedFrame> {
        let at = self.frames.binary_search_by_key(&number, |frame| frame.number).ok()?;
        self.frames.get(at)
    }

    /// From now on every frame goes to `tap` too. Gives the frames of the last `span`
    /// nanoseconds before the newest one: none is missing between them and the first that the
    /// tap gets, and none is in both.
    pub fn record(&mut self, tap: Tap, span: u64) -> Vec<EncodedFrame> {
        self.tap = Some(tap);
        let newest = self.frames.back().map_or(0, |frame| frame.stamps.received);
        let since = newest.saturating_sub(span);
        let recent = self.frames.iter().filter(|frame| span > 0 && frame.stamps.received >= since);
        recent.cloned().collect()
    }

    /// Ends what [`History::record`] began.
    pub fn stop_recording(&mut self) {
        self.tap = None;
    }

    pub const fn is_recording(&self) -> bool {
        self.tap.is_some()
    }

    pub fn kept(&self) -> Kept {
        Kept { frames: self.frames.len() as u64, bytes: self.bytes as u64, evicted: self.evicted }
    }
}

/// The same frame; in a buffer of its own if the one that it lies in is much larger.
fn compact(frame: &EncodedFrame) -> EncodedFrame {
    let jpeg = frame.jpeg();
    if jpeg.len() >= frame.buffer.capacity() / 4 * WELL_FILLED {
        return frame.clone();
    }
    EncodedFrame { buffer: Arc::new(jpeg.to_vec()), range: 0..jpeg.len(), ..frame.clone() }
}

#[cfg(test)]
mod tests {
    use okno_media::Stamps;

    use super::*;

    const MS: u64 = 1_000_000;

    fn frame(number: u64, bytes: usize) -> EncodedFrame {
        let stamps = Stamps { received: number * 100 * MS, ..Stamps::default() };
        EncodedFrame {
            buffer: Arc::new(vec![number as u8; bytes]),
            range: 0..bytes,
            raw: None,
            number,
            stamps,
        }
    }

    fn numbers(history: &History) -> Vec<u64> {
        history.frames().iter().map(|frame| frame.number).collect()
    }

    #[test]
    fn keeps_the_last_seconds_without_copying() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        limits.set_span(500 * MS);
        for number in 1..=20 {
            let frame = frame(number, 1000);
            history.push(&frame, &limits);
            let kept = history.find(number).expect("just kept");
            assert!(Arc::ptr_eq(&kept.buffer, &frame.buffer));
        }
        assert_eq!(numbers(&history), [15, 16, 17, 18, 19, 20]);
        assert_eq!(history.kept(), Kept { frames: 6, bytes: 6000, evicted: 14 });
        assert!(history.find(14).is_none());
    }

    #[test]
    fn never_more_memory_than_its_share() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        limits.share(64);
        for number in 1..=10 {
            history.push(&frame(number, 1 << 20), &limits);
        }
        assert_eq!(numbers(&history), [8, 9, 10]);
        // More streams come: what a silent one holds goes too, but for its last frame.
        limits.share(1024);
        history.trim(&limits);
        assert_eq!(numbers(&history), [10]);
        assert_eq!(history.kept().bytes, 1 << 20);
    }

    #[test]
    fn all_shares_together_are_bounded() {
        let limits = HistoryLimits::default();
        for streams in 1..400 {
            limits.share(streams);
            let share = limits.bytes.load(Ordering::Relaxed);
            assert!(share * streams <= HISTORY_BYTES && share <= STREAM_HISTORY_BYTES);
        }
    }

    #[test]
    fn a_small_frame_does_not_hold_a_large_buffer() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        let large = EncodedFrame { range: 100..1100, ..frame(1, 65_536) };
        history.push(&large, &limits);
        let kept = history.find(1).expect("just kept");
        assert_eq!(kept.jpeg(), large.jpeg());
        assert_eq!(kept.buffer.len(), 1000);
        assert_eq!(Arc::strong_count(&large.buffer), 1);
    }

    #[test]
    fn nothing_but_the_newest_when_it_is_off() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        limits.set_span(0);
        for number in 1..=3 {
            history.push(&frame(number, 10), &limits);
        }
        assert_eq!(numbers(&history), [3]);
    }

    #[test]
    fn what_is_not_kept_leaves_no_gap() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        for number in 1..=5 {
            history.push(&frame(number, 1000), &limits);
        }
        assert!(history.keeps());
        let picture = okno_media::Raw::Picture(Arc::default());
        history.push(&EncodedFrame { raw: Some(picture), ..frame(6, 0) }, &limits);
        assert!(!history.keeps());
        assert_eq!((history.reach(), history.newest()), (0, 600 * MS));
        assert_eq!(history.kept(), Kept { frames: 0, bytes: 0, evicted: 5 });
        history.push(&frame(7, 1000), &limits);
        assert!(history.keeps());
        assert_eq!(numbers(&history), [7]);
    }

    #[test]
    fn a_recorder_gets_each_frame_once_and_the_past_before() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        for number in 1..=10 {
            history.push(&frame(number, 10), &limits);
        }
        let (frames, received) = crossbeam_channel::bounded(3);
        let tap = Tap { frames, waiting: Arc::default(), dropped: Arc::default() };
        let past = history.record(tap.clone(), 300 * MS);
        assert_eq!(past.iter().map(|f| f.number).collect::<Vec<_>>(), [7, 8, 9, 10]);
        for number in 11..=15 {
            history.push(&frame(number, 10), &limits);
        }
        assert_eq!(received.try_iter().map(|f| f.number).collect::<Vec<_>>(), [11, 12, 13]);
        assert_eq!(tap.dropped.load(Ordering::Relaxed), 2);
        assert_eq!(tap.waiting.load(Ordering::Relaxed), 30);
        assert!(history.record(tap, 0).is_empty());
        drop(received);
        history.push(&frame(16, 10), &limits);
        assert!(!history.is_recording(), "a recorder that is gone is forgotten");
    }

    #[test]
    fn a_slow_disk_does_not_take_all_memory() {
        let (mut history, limits) = (History::default(), HistoryLimits::default());
        let (frames, received) = crossbeam_channel::bounded(100);
        let tap = Tap { frames, waiting: Arc::default(), dropped: Arc::default() };
        history.record(tap.clone(), 0);
        for number in 1..=5 {
            history.push(&frame(number, RECORDER_BYTES / 2), &limits);
        }
        assert_eq!(received.len(), 2);
        assert_eq!(tap.dropped.load(Ordering::Relaxed), 3);
    }
}
