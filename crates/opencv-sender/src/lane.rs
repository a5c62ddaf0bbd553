//! One stream's way from the capture thread over the workers to the link.
//!
//! In: captured frames. Out: JPEGs in the order in which they were captured. Between them is
//! the newest-frame slot: a frame leaves it only when the link has room for one more, and is
//! only then encoded, so nothing is encoded that could not be sent. Frames that are begun come
//! out in order, however many workers make them. Never blocks a worker or the link.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use okno_media::shared::{Place, Writer};
use okno_media::{Put, Slot};
use okno_wire::okno::FrameMeta;
use okno_wire::proto::okno::GoodbyeReason;
use opencv::core::Mat;

use crate::encode::Bell;
use crate::link::adapt::{STEPS, Step};
use crate::link::wake::Waker;
use crate::picture::{Frame, Pool};
use crate::stats::Stats;
use crate::stop::Stop;
use crate::transform::Demand;

/// How often a waiting capture thread looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// A frame that is ready to be sent.
#[derive(Debug)]
pub struct Encoded {
    /// The picture.
    pub body: Body,
    /// What stands beside it; the time of sending is still missing.
    pub meta: FrameMeta,
}

/// A picture in one of the buffers that go round.
#[derive(Debug)]
pub enum Body {
    /// Made here.
    Made(Vec<u8>),
    /// The source's own, as OpenCV handed it out; its first `.1` bytes.
    Own(Mat, usize),
    /// Pixels in the memory that is shared with the viewer.
    Shared(Place),
}

impl Body {
    /// The bytes that go over the connection.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        use opencv::prelude::*;
        match self {
            Self::Made(bytes) => bytes,
            Self::Shared(_) => &[],
            Self::Own(mat, len) => mat.data_bytes().ok().and_then(|b| b.get(..*len)).unwrap_or(&[]),
        }
    }
}

/// Why no further frame will come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// What the goodbye says.
    pub reason: GoodbyeReason,
    /// Its text.
    pub text: String,
}

/// What became of a frame that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// It found the slot empty.
    pub at_once: bool,
    /// It replaced an unread frame.
    pub dropped: bool,
}

/// The way of one stream's frames.
#[derive(Debug)]
pub struct Lane {
    /// Its counters.
    pub stats: Arc<Stats>,
    /// Used pictures.
    pub mats: Pool<Mat>,
    /// Used JPEG buffers.
    pub buffers: Pool<Vec<u8>>,
    slot: Slot<Frame>,
    turn: Mutex<Turn>,
    /// The slot was emptied, or the connection made.
    moved: Condvar,
    bell: Arc<Bell>,
    link: Arc<Waker>,
}

#[derive(Debug, Default)]
struct Turn {
    /// Frames that may be begun and not yet retired.
    limit: u64,
    begun: u64,
    retired: u64,
    /// Frames begun before this one belong to a connection that is gone.
    stale_before: u64,
    /// Finished out of turn or not yet fetched; `None` could not be encoded.
    finished: VecDeque<(u64, Option<Encoded>)>,
    connected: bool,
    end: Option<End>,
    demand: Option<Demand>,
    memory: Option<Arc<Writer>>,
    /// Where on the ladder of `link::adapt` the link stands.
    step: usize,
}

impl Lane {
    /// A lane whose workers listen to `bell` and whose link polls `link`.
    #[must_use]
    pub fn new(stats: Arc<Stats>, bell: Arc<Bell>, link: Arc<Waker>) -> Self {
        Self {
            stats,
            mats: Pool::default(),
            buffers: Pool::default(),
            slot: Slot::default(),
            turn: Mutex::default(),
            moved: Condvar::new(),
            bell,
            link,
        }
    }

    // ---- the capture thread's side

    /// Puts a frame into the slot. Waits up to `patience` for the slot to be empty (`None`: until
    /// it is), then replaces what is in it.
    pub fn offer(&self, frame: Frame, patience: Option<Duration>, stop: &Stop) -> Offered {
        let at_once = !self.slot.is_filled();
        if !at_once && patience != Some(Duration::ZERO) {
            let until = patience.map(|p| Instant::now() + p);
            self.wait(until, stop, |_| !self.slot.is_filled());
        }
        let dropped = self.slot.put(frame) == Put::Replaced;
        if dropped {
            self.stats.newer.fetch_add(1, Relaxed);
        }
        self.bell.ring();
        Offered { at_once, dropped }
    }

    /// Waits until the viewer is reached; `false` when asked to stop, or closed, before.
    #[must_use]
    pub fn wait_connected(&self, stop: &Stop) -> bool {
        self.wait(None, stop, |turn| turn.connected)
    }

    /// Whether the viewer is reached now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.lock().connected
    }

    /// Whether no further frame is wanted or will come.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().end.is_some()
    }

    /// Says that no further frame will come, or is wanted. The first reason counts.
    pub fn close(&self, end: End) {
        self.lock().end.get_or_insert(end);
        self.link.wake();
    }

    fn wait(&self, until: Option<Instant>, stop: &Stop, done: impl Fn(&Turn) -> bool) -> bool {
        let mut turn = self.lock();
        while !done(&turn) {
            let left = until.map_or(LOOK, |u| u.saturating_duration_since(Instant::now()));
            if left.is_zero() || stop.is_asked() || turn.end.is_some() {
                return false;
            }
            let wait = self.moved.wait_timeout(turn, left.min(LOOK));
            turn = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    // ---- the workers' side

    /// A frame to encode and its number, if there is one and the link has room.
    #[must_use]
    pub fn begin(&self) -> Option<(u64, Frame)> {
        let mut turn = self.lock();
        if turn.begun - turn.retired >= turn.limit {
            return None;
        }
        let frame = self.slot.take()?;
        let number = turn.begun;
        turn.begun += 1;
        drop(turn);
        self.moved.notify_all();
        Some((number, frame))
    }

    /// Hands in what became of the frame with this number.
    pub fn finish(&self, number: u64, encoded: Option<Encoded>) {
        let counter = if encoded.is_some() { &self.stats.encoded } else { &self.stats.failed };
        counter.fetch_add(1, Relaxed);
        self.lock().finished.push_back((number, encoded));
        self.link.wake();
    }

    /// At what size and rate the viewer shows the stream, where it said so.
    #[must_use]
    pub fn demand(&self) -> Option<Demand> {
        self.lock().demand
    }

    /// The memory that the viewer reads, if frames may go through it now.
    #[must_use]
    pub fn memory(&self) -> Option<Arc<Writer>> {
        self.lock().memory.clone()
    }

    /// How far quality and size are to be reduced for the link's sake.
    #[must_use]
    pub fn step(&self) -> Step {
        STEPS[self.lock().step.min(STEPS.len() - 1)]
    }

    // ---- the link's side

    /// The next frame in order, if it is finished. It counts as under way until
    /// [`Lane::retire`].
    pub fn fetch(&self) -> Option<Encoded> {
        let mut turn = self.lock();
        loop {
            let next = turn.retired;
            let at = turn.finished.iter().position(|(number, _)| *number == next)?;
            let (number, encoded) = turn.finished.swap_remove_back(at)?;
            match encoded {
                Some(encoded) if number >= turn.stale_before => return Some(encoded),
                Some(stale) => {
                    self.stats.lost.fetch_add(1, Relaxed);
                    self.recycle(stale.body);
                }
                None => {}
            }
            turn.retired += 1;
        }
    }

    /// The frame last fetched is sent, or lost with its connection.
    pub fn retire(&self, encoded: Encoded, sent: bool) {
        if sent {
            self.stats.note_sent(&encoded.meta, Instant::now());
        } else {
            self.stats.lost.fetch_add(1, Relaxed);
        }
        self.recycle(encoded.body);
        let mut turn = self.lock();
        turn.retired += 1;
        // Its place goes with it: whether there is room for another one, the link says. A worker
        // that looks for work meanwhile would else begin a frame without a credit.
        turn.limit = turn.limit.saturating_sub(1);
    }

    /// How many frames may be begun and not yet retired. To be said after each
    /// [`Lane::retire`] too, since it is this that wakes a worker for the next frame.
    pub fn set_limit(&self, limit: u64) {
        let mut turn = self.lock();
        turn.limit = limit;
        let has_work = turn.begun - turn.retired < limit && self.slot.is_filled();
        drop(turn);
        if has_work {
            self.bell.ring();
        }
    }

    /// The viewer is reached, or no longer. In the latter case what is under way is lost.
    pub fn set_connected(&self, connected: bool) {
        let mut turn = self.lock();
        turn.connected = connected;
        if !connected {
            turn.limit = 0;
            turn.demand = None;
            turn.memory = None;
            turn.step = 0;
            self.stats.step.store(0, Relaxed);
            turn.stale_before = turn.begun;
        }
        drop(turn);
        self.stats.connected.store(connected, Relaxed);
        self.stats.connections.fetch_add(u64::from(connected), Relaxed);
        self.moved.notify_all();
    }

    /// Frames may go through this memory from now on, or no longer.
    pub fn set_memory(&self, memory: Option<Arc<Writer>>) {
        self.lock().memory = memory;
    }

    /// Notes what the link carries: a place in [`STEPS`].
    pub fn set_step(&self, step: usize) {
        self.lock().step = step;
        self.stats.step.store(step as u64, Relaxed);
    }

    /// Notes what the viewer wants.
    pub fn set_demand(&self, demand: Demand) {
        self.lock().demand = Some(demand);
    }

    /// Why no further frame comes, once all that came are sent or dropped.
    #[must_use]
    pub fn drained(&self) -> Option<End> {
        let turn = self.lock();
        let empty = turn.begun == turn.retired && !self.slot.is_filled();
        turn.end.clone().filter(|_| empty)
    }

    /// Drops the frame that waits, if any: there is no time left to send it.
    pub fn drop_waiting(&self) {
        if self.slot.take().is_some() {
            self.stats.lost.fetch_add(1, Relaxed);
        }
        self.moved.notify_all();
    }

    /// Whether a frame is being encoded or waits to be fetched.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        let turn = self.lock();
        turn.begun > turn.retired
    }

    /// Counts everything that is still in the lane as lost; after the workers and the link have
    /// ended.
    pub fn clear(&self) {
        self.drop_waiting();
        let mut turn = self.lock();
        let left = turn.begun - turn.retired;
        turn.retired = turn.begun;
        let failed = turn.finished.drain(..).filter(|(_, e)| e.is_none()).count() as u64;
        self.stats.lost.fetch_add(left.saturating_sub(failed), Relaxed);
    }

    fn recycle(&self, body: Body) {
        match body {
            Body::Made(buffer) => self.buffers.give(buffer),
            Body::Own(mat, _) => self.mats.give(mat),
            Body::Shared(_) => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Picture;

    fn lane() -> Lane {
        let waker = Arc::new(Waker::new().expect("eventfd"));
        Lane::new(Arc::default(), Arc::default(), waker)
    }

    fn frame(sequence: u64) -> Frame {
        Frame { picture: Picture::Pixels(Mat::default()), sequence, captured_ns: 0 }
    }

    fn encoded(sequence: u64) -> Option<Encoded> {
        let meta = FrameMeta { sequence, ..FrameMeta::default() };
        Some(Encoded { body: Body::Made(vec![1]), meta })
    }

    fn offer(lane: &Lane, sequence: u64) -> Offered {
        lane.offer(frame(sequence), Some(Duration::ZERO), &Stop::default())
    }

    #[test]
    fn nothing_is_begun_without_room_and_the_newest_is_begun_with_it() {
        let lane = lane();
        assert_eq!(offer(&lane, 0), Offered { at_once: true, dropped: false });
        assert!(lane.begin().is_none());
        assert_eq!(offer(&lane, 1), Offered { at_once: false, dropped: true });
        lane.set_limit(1);
        let (number, begun) = lane.begin().expect("room for one");
        assert_eq!((number, begun.sequence), (0, 1));
        offer(&lane, 2);
        assert!(lane.begin().is_none(), "the limit is reached");
        lane.finish(0, encoded(1));
        let sent = lane.fetch().expect("finished");
        assert!(lane.begin().is_none(), "fetched is still under way");
        lane.retire(sent, true);
        assert!(lane.begin().is_none(), "a place that becomes free is no credit");
        lane.set_limit(1);
        assert!(lane.begin().is_some());
    }

    #[test]
    fn frames_come_out_in_order_and_failures_are_passed_over() {
        let lane = lane();
        lane.set_limit(4);
        for sequence in 0..4 {
            offer(&lane, sequence);
            assert_eq!(lane.begin().map(|(n, _)| n), Some(sequence));
        }
        for number in [3, 1, 0] {
            lane.finish(number, encoded(number).filter(|_| number != 1));
        }
        let next = lane.fetch().expect("frame 0");
        assert_eq!(next.meta.sequence, 0);
        lane.retire(next, true);
        assert!(lane.fetch().is_none(), "frame 2 is not finished");
        lane.finish(2, encoded(2));
        for sequence in [2, 3] {
            let next = lane.fetch().expect("finished");
            assert_eq!(next.meta.sequence, sequence);
            lane.retire(next, true);
        }
        let figures = lane.stats.figures("", "");
        assert_eq!((figures.sent, figures.dropped.failed), (3, 1));
    }

    #[test]
    fn what_was_begun_for_a_lost_connection_is_not_sent_on_the_next() {
        let lane = lane();
        lane.set_connected(true);
        lane.set_limit(2);
        offer(&lane, 0);
        assert!(lane.begin().is_some());
        lane.set_connected(false);
        offer(&lane, 1);
        lane.set_connected(true);
        lane.set_limit(2);
        assert_eq!(lane.begin().map(|(n, _)| n), Some(1));
        lane.finish(1, encoded(1));
        lane.finish(0, encoded(0));
        assert_eq!(lane.fetch().map(|e| e.meta.sequence), Some(1));
        assert_eq!(lane.stats.figures("", "").dropped.lost, 1);
    }

    #[test]
    fn the_end_comes_after_the_last_frame() {
        let lane = lane();
        offer(&lane, 0);
        let end = End { reason: GoodbyeReason::GoodbyeEndOfInput, text: String::new() };
        lane.close(end.clone());
        assert_eq!(lane.drained(), None);
        lane.set_limit(1);
        assert!(lane.begin().is_some());
        assert_eq!(lane.drained(), None);
        lane.finish(0, None);
        assert!(lane.fetch().is_none());
        assert_eq!(lane.drained(), Some(end));
    }

    #[test]
    fn a_source_that_can_wait_loses_nothing() {
        let (lane, stop) = (lane(), Stop::default());
        lane.set_limit(1);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for sequence in 0..50 {
                    lane.offer(frame(sequence), None, &stop);
                }
            });
            for sequence in 0..50 {
                let (number, begun) = loop {
                    if let Some(begun) = lane.begin() {
                        break begun;
                    }
                    std::thread::yield_now();
                };
                assert_eq!(begun.sequence, sequence);
                lane.finish(number, encoded(sequence));
                let next = lane.fetch().expect("finished");
                lane.retire(next, true);
                lane.set_limit(1);
            }
        });
        assert_eq!(lane.stats.figures("", "").dropped.total(), 0);
    }
}
