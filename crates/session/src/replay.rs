//! What a view shows that does not show the present: one frame held, or the last seconds played
//! again.
//!
//! In: a stream's look-back, keys, and the time of now. Out: which frame to show, and how far it
//! is behind. Never decodes, never reads a clock. Times are nanoseconds of the clock that stamps
//! received frames; the past is measured from the newest frame, not from now, so that a stream
//! that has stopped does not run away.

use std::collections::VecDeque;
use std::sync::Arc;

use okno_media::{EncodedFrame, Picture};

use crate::history::History;

/// Where a view stands that is not live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The picture is held.
    pub paused: bool,
    /// An older picture than the one that was held at first, or playing.
    pub replaying: bool,
    /// Nanoseconds from the frame that is shown to the newest one.
    pub behind: u64,
    /// Frames that came after the one that is shown.
    pub newer: u64,
    /// Nanoseconds from the oldest frame that can be gone back to, to the newest one.
    pub reach: u64,
    /// The frames that come are kept. Those that a sender hands over uncompressed are not. Filled
    /// in by [`crate::View::position`].
    pub kept: bool,
}

/// The frames that can be gone back to, and the place among them.
#[derive(Debug)]
pub(crate) struct Replay {
    /// Held for as long as the picture is, whatever the look-back lets go meanwhile.
    reel: VecDeque<EncodedFrame>,
    at: usize,
    /// When it plays: a moment of now, and the frames' time that belongs to it.
    playing: Option<(u64, u64)>,
    moved: bool,
    /// The frame at `at` waits for a decoder.
    pub undecoded: bool,
    /// The frame at `at`, or the one before until it is decoded.
    pub picture: Option<Arc<Picture>>,
    /// `picture` was not taken yet.
    pub fresh: bool,
}

impl Replay {
    /// Holds frame `number`, or the newest one if that is unknown. `shown` is the frame on the
    /// screen, for streams that keep no more than that.
    pub fn begin(history: &History, number: u64, shown: Option<&EncodedFrame>) -> Self {
        let mut reel = history.frames().clone();
        let known = |reel: &VecDeque<EncodedFrame>| reel.iter().position(|f| f.number == number);
        if known(&reel).is_none()
            && let Some(shown) = shown.filter(|shown| shown.number == number)
        {
            reel.retain(|frame| frame.number > number);
            reel.push_front(shown.clone());
        }
        let at = known(&reel).unwrap_or(reel.len().saturating_sub(1));
        Self {
            reel,
            at,
            playing: None,
            moved: false,
            undecoded: false,
            picture: None,
            fresh: false,
        }
    }

    /// The frame to show.
    pub fn frame(&self) -> Option<&EncodedFrame> {
        self.reel.get(self.at)
    }

    pub const fn is_paused(&self) -> bool {
        self.playing.is_none()
    }

    /// Whether going on means to play from here rather than to show the present again.
    pub const fn has_moved(&self) -> bool {
        self.moved
    }

    /// Some frames back (negative) or forward; holds.
    pub fn step(&mut self, by: i64, history: &History) {
        self.extend(history);
        self.playing = None;
        self.moved = true;
        let last = self.reel.len().saturating_sub(1) as i64;
        self.go((self.at as i64).saturating_add(by).clamp(0, last) as usize);
    }

    /// Some time back (negative) or forward. `false` when that leads to the present.
    pub fn seek(&mut self, by: i64, now: u64, history: &History) -> bool {
        self.extend(history);
        let Some(from) = self.playing.map(|_| self.due(now)).or_else(|| self.time()) else {
            return false;
        };
        let target = from.saturating_add_signed(by);
        if self.reel.back().is_none_or(|newest| target >= newest.stamps.received) {
            return false;
        }
        self.moved = true;
        let target = target.max(self.reel.front().map_or(0, |oldest| oldest.stamps.received));
        self.go(self.at_time(target));
        if self.playing.is_some() {
            self.playing = Some((now, target));
        }
        true
    }

    /// Plays on from where it stands.
    pub fn play(&mut self, now: u64) {
        if let (None, Some(time)) = (self.playing, self.time()) {
            self.playing = Some((now, time));
        }
    }

    /// Holds what is shown.
    pub const fn hold(&mut self) {
        self.playing = None;
    }

    /// Moves on to what is due. Gives the time until the next frame is, or `None` when the
    /// present is reached.
    pub fn advance(&mut self, now: u64, history: &History) -> Option<u64> {
        self.extend(history);
        let due = self.due(now);
        let next = self.reel.get(self.at_time(due) + 1)?.stamps.received;
        self.go(self.at_time(due));
        // While it plays, nothing is held that the look-back has let go.
        let oldest = history.frames().front().map_or(u64::MAX, |frame| frame.number);
        while self.at > 0 && self.reel.front().is_some_and(|frame| frame.number < oldest) {
            self.reel.pop_front();
            self.at -= 1;
        }
        Some(next.saturating_sub(due))
    }

    /// Where it stands. `newest` is the number of the newest frame of the stream.
    pub fn position(&self, newest: u64, history: &History) -> Position {
        let last = history.newest();
        let since = |frame: Option<&EncodedFrame>| {
            frame.map_or(0, |frame| last.saturating_sub(frame.stamps.received))
        };
        Position {
            paused: self.is_paused(),
            replaying: self.moved,
            behind: since(self.frame()),
            newer: self.frame().map_or(0, |frame| newest.saturating_sub(frame.number)),
            reach: since(self.reel.front()),
            kept: false,
        }
    }

    fn time(&self) -> Option<u64> {
        self.frame().map(|frame| frame.stamps.received)
    }

    fn due(&self, now: u64) -> u64 {
        self.playing.map_or(0, |(began, from)| from + now.saturating_sub(began))
    }

    /// The last frame that is not after `time`.
    fn at_time(&self, time: u64) -> usize {
        self.reel.partition_point(|frame| frame.stamps.received <= time).saturating_sub(1)
    }

    fn go(&mut self, to: usize) {
        if to != self.at {
            self.at = to;
            self.undecoded = true;
        }
    }

    /// Takes up what came meanwhile.
    fn extend(&mut self, history: &History) {
        let last = self.reel.back().map_or(0, |frame| frame.number);
        self.reel.extend(history.frames().iter().filter(|frame| frame.number > last).cloned());
    }
}

#[cfg(test)]
mod tests {
    use okno_media::Stamps;

    use super::*;
    use crate::history::HistoryLimits;

    const MS: u64 = 1_000_000;

    struct Past(History, HistoryLimits);

    impl Past {
        /// Frames 1 to `frames`, one each 100 ms; a second is kept.
        fn new(frames: u64) -> Self {
            let limits = HistoryLimits::default();
            limits.set_span(1000 * MS);
            let mut past = Self(History::default(), limits);
            past.goes_on(1, frames);
            past
        }

        fn goes_on(&mut self, first: u64, last: u64) {
            for number in first..=last {
                let stamps = Stamps { received: number * 100 * MS, ..Stamps::default() };
                let buffer = Arc::new(vec![0; 10]);
                self.0.push(
                    &EncodedFrame { buffer, range: 0..10, raw: None, number, stamps },
                    &self.1,
                );
            }
        }
    }

    fn shows(replay: &Replay) -> u64 {
        replay.frame().map_or(0, |frame| frame.number)
    }

    #[test]
    fn a_held_picture_can_be_stepped_from_long_after() {
        let mut past = Past::new(20);
        let mut replay = Replay::begin(&past.0, 19, None);
        past.goes_on(21, 120);
        assert_eq!(replay.position(120, &past.0).newer, 101);
        assert!(!replay.position(120, &past.0).replaying);
        for expected in [18, 17] {
            replay.step(-1, &past.0);
            assert_eq!(shows(&replay), expected);
            assert!(std::mem::take(&mut replay.undecoded));
        }
        replay.step(-100, &past.0);
        assert_eq!(shows(&replay), 10, "the oldest there was");
        replay.step(10, &past.0);
        assert_eq!(shows(&replay), 20);
        replay.step(1, &past.0);
        assert_eq!(shows(&replay), 110, "what was not kept meanwhile is skipped");
        assert!(replay.has_moved() && replay.is_paused());
    }

    #[test]
    fn plays_at_the_speed_of_the_past_and_stays_behind() {
        let mut past = Past::new(20);
        let mut replay = Replay::begin(&past.0, 20, None);
        let mut now = 50_000 * MS;
        replay.play(now);
        assert!(replay.seek(-500 * MS as i64, now, &past.0));
        assert_eq!(shows(&replay), 15);
        assert_eq!(replay.advance(now, &past.0), Some(100 * MS));
        for number in 21..=60 {
            past.goes_on(number, number);
            now += 100 * MS;
            assert_eq!(replay.advance(now, &past.0), Some(100 * MS));
            assert_eq!(shows(&replay), number - 5);
            assert_eq!(replay.position(number, &past.0).behind, 500 * MS);
            assert!(replay.reel.len() <= 12, "holds no more than the look-back");
        }
        assert_eq!(replay.advance(now + 60 * MS, &past.0), Some(40 * MS));
        assert!(!replay.seek(5000 * MS as i64, now, &past.0), "that is the present");
    }

    #[test]
    fn plays_to_the_end_of_a_stream_that_has_stopped() {
        let past = Past::new(20);
        let mut replay = Replay::begin(&past.0, 20, None);
        replay.play(0);
        assert!(replay.seek(-300 * MS as i64, 0, &past.0));
        assert_eq!(replay.advance(250 * MS, &past.0), Some(50 * MS));
        assert_eq!(shows(&replay), 19);
        assert_eq!(replay.advance(300 * MS, &past.0), None);
    }

    #[test]
    fn seeking_while_held_stays_held_and_goes_no_further_than_the_oldest() {
        let past = Past::new(20);
        let mut replay = Replay::begin(&past.0, 20, None);
        assert!(replay.seek(-60_000 * MS as i64, 0, &past.0));
        assert!(replay.is_paused());
        assert_eq!(shows(&replay), 10);
        assert_eq!(replay.position(20, &past.0).behind, 1000 * MS);
        assert_eq!(replay.position(20, &past.0).reach, 1000 * MS);
        replay.play(7);
        assert!(!replay.is_paused());
        replay.hold();
        assert!(replay.is_paused());
    }

    #[test]
    fn without_a_look_back_the_frame_on_the_screen_is_held() {
        let past = Past::new(20);
        let shown = past.0.find(15).cloned();
        let empty = History::default();
        let mut replay = Replay::begin(&empty, 15, shown.as_ref());
        assert_eq!(shows(&replay), 15);
        replay.step(-1, &empty);
        assert_eq!(shows(&replay), 15);
        let mut nothing = Replay::begin(&empty, 15, None);
        nothing.step(1, &empty);
        assert!(!nothing.seek(-5, 0, &empty));
        nothing.play(0);
        assert_eq!(nothing.advance(0, &empty), None);
        assert_eq!(shows(&nothing), 0);
    }
}
