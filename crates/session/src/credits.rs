//! How many frames a sender may have on the way.
//!
//! In: frames received, round trip, frame interval, and the time as an argument. Out: what to
//! tell the sender, and when to measure the round trip. Never touches a socket.
//!
//! The way to the viewer must be measured while nothing waits on it: an answer that comes behind
//! frames makes the way seem longer, a longer way makes the window larger, and a larger window
//! puts more frames before the next answer. So the first frames are confirmed together, once all
//! that the sender may send have come; then the way is empty, and a ping goes before the credit.
//! The same again when the round trip has become doubtful.

/// Window before anything is known: one frame on the way, one being read. The sender's own
/// beginning too (docs/wire.md).
const FIRST: u32 = 2;

/// Largest window: half a second of round trip at 60 frames a second.
const MOST: u32 = 32;

/// Longest time for which frames may go unconfirmed, in nanoseconds: a sender may well wait for
/// each confirmation.
const EMPTYING: u64 = 500_000_000;

/// What to tell a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Frames that the sender is told have come.
    pub frames: u64,
    /// Frames that it may have on the way.
    pub window: u32,
    /// Nothing is on the way: ask for the round trip before telling it.
    pub ping: bool,
}

/// What one sender is granted. Times are nanoseconds of one monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Credits {
    told: (u64, u32),
    /// Until when frames are confirmed together, for the way to be empty; `None` otherwise.
    empty_by: Option<u64>,
}

impl Credits {
    /// A sender that was heard of at `now`.
    #[must_use]
    pub const fn new(now: u64) -> Self {
        Self { told: (0, FIRST), empty_by: Some(now + EMPTYING) }
    }

    /// Until when confirmations may be held back; `None` once they are not.
    #[must_use]
    pub const fn holds_until(&self) -> Option<u64> {
        self.empty_by
    }

    /// Has the next frames confirmed together, so that the round trip can be measured.
    pub const fn measure_anew(&mut self, now: u64) {
        if self.empty_by.is_none() {
            self.empty_by = Some(now + EMPTYING);
        }
    }

    /// What to tell after `frames` frames, of which one may be in the `backlog` before the
    /// decoders; `round_trip` and `interval` in nanoseconds, as far as they are known.
    pub fn grant(
        &mut self,
        frames: u64,
        backlog: bool,
        round_trip: Option<u64>,
        interval: Option<u64>,
        now: u64,
    ) -> Grant {
        let (told, window) = self.told;
        let is_empty = frames >= told + u64::from(window);
        let ping = self.empty_by.is_some() && is_empty;
        if is_empty || self.empty_by.is_some_and(|by| now >= by) {
            self.empty_by = None;
        }
        if self.empty_by.is_none() {
            // A frame that waits for a decoder is not credited yet: a sender that knows that we
            // are busy encodes nothing that would be thrown away.
            let frames = frames - u64::from(backlog).min(frames);
            self.told = (frames, credit_window(round_trip, interval));
        }
        Grant { frames: self.told.0, window: self.told.1, ping }
    }
}

/// ceil(round trip / frame interval) + 1, in frames; both times in nanoseconds.
///
/// With fewer, the link idles while credits travel; with more, frames wait in the network's
/// queues and grow old there. A quarter of an interval is not worth a frame: the link is used all
/// the same, and each frame that waits costs a whole interval of age.
pub(crate) fn credit_window(round_trip: Option<u64>, interval: Option<u64>) -> u32 {
    match (round_trip, interval) {
        (Some(round_trip), Some(interval)) => {
            let round_trip = round_trip.saturating_sub(interval / 4);
            let frames = round_trip.div_ceil(interval.max(1)).saturating_add(1);
            u32::try_from(frames).unwrap_or(MOST).clamp(FIRST, MOST)
        }
        _ => FIRST,
    }
}

#[cfg(test)]
#[path = "credits_tests.rs"]
mod on_a_link;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_formula_within_its_bounds() {
        const MS: u64 = 1_000_000;
        assert_eq!(credit_window(None, None), 2);
        assert_eq!(credit_window(Some(MS), Some(33 * MS)), 2);
        assert_eq!(credit_window(Some(50 * MS), Some(33 * MS)), 3);
        assert_eq!(credit_window(Some(50 * MS), Some(16 * MS)), 4);
        assert_eq!(credit_window(Some(u64::MAX), Some(0)), 32);
        assert_eq!(credit_window(Some(51 * MS), Some(50 * MS)), 2);
        // Never fewer than are on the way at any moment: round trip / interval, and the next one.
        for round_trip in 0..500 {
            let on_the_way = (round_trip / 33 + 1) as u32;
            assert!(credit_window(Some(round_trip * MS), Some(33 * MS)) >= on_the_way);
        }
    }

    #[test]
    fn the_first_frames_are_confirmed_together_behind_a_ping() {
        let mut credits = Credits::new(0);
        let mut grant = |frames, now| credits.grant(frames, false, None, None, now);
        assert_eq!(grant(0, 0), Grant { frames: 0, window: 2, ping: false });
        assert_eq!(grant(1, 1), Grant { frames: 0, window: 2, ping: false });
        assert_eq!(grant(2, 2), Grant { frames: 2, window: 2, ping: true });
        assert_eq!(grant(3, 3), Grant { frames: 3, window: 2, ping: false });
        assert_eq!(grant(5, 4), Grant { frames: 5, window: 2, ping: false });
    }

    #[test]
    fn a_sender_that_waits_for_each_confirmation_gets_it() {
        let mut credits = Credits::new(0);
        assert_eq!(credits.grant(1, false, None, None, EMPTYING - 1).frames, 0);
        let late = credits.grant(1, false, None, None, EMPTYING);
        assert_eq!(late, Grant { frames: 1, window: 2, ping: false });
    }

    #[test]
    fn a_frame_before_the_decoders_is_not_confirmed() {
        let mut credits = Credits::new(0);
        assert_eq!(credits.grant(2, true, None, None, 1).frames, 1);
        assert_eq!(credits.grant(2, false, None, None, 1).frames, 2);
    }
}
