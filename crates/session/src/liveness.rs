//! Whether a stream is live, told from the frames' own rhythm.
//!
//! In: when frames arrived, when the connection opened and ended, and what time it is. Out: one
//! of five states. A sender of single pictures is quiet, not stalled; a stream whose frames
//! stopped is never called live. Never reads a clock.

use std::collections::VecDeque;

const SECOND: u64 = 1_000_000_000;

/// Arrivals that are remembered: enough to know a rhythm.
const REMEMBERED: usize = 16;

/// Arrivals that make a rhythm.
const RHYTHM: usize = 4;

/// A stream counts as having a rhythm when its frames came at least once in this time.
const SLOWEST_RHYTHM: u64 = SECOND;

/// A rhythm that is older than this says nothing about what to expect now... as long as frames
/// still came afterwards.
const RHYTHM_SPAN: u64 = 10 * SECOND;

/// No stream is called stalled before this time without a frame.
const LEAST_STALL: u64 = SECOND;

/// A gap of so many intervals is a stall.
const STALL_INTERVALS: u64 = 5;

/// A stream without a rhythm is called live for this time after a frame, then quiet.
const FRESH: u64 = 2 * SECOND;

/// What a stream is doing. The numbers are part of the QML API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum State {
    /// Connected, no frame yet.
    Connecting = 0,
    /// Frames come.
    Live = 1,
    /// Connected; a sender of single pictures, at rest.
    Quiet = 2,
    /// Connected, and frames that should come do not.
    Stalled = 3,
    /// The connection is gone.
    Gone = 4,
}

impl State {
    /// The word used in statistics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Quiet => "quiet",
            Self::Stalled => "stalled",
            Self::Gone => "gone",
        }
    }
}

/// Follows one stream. Times are nanoseconds of one monotonic clock.
#[derive(Clone, Debug, Default)]
pub struct Liveness {
    connected: bool,
    declared_interval: Option<u64>,
    arrivals: VecDeque<u64>,
}

impl Liveness {
    /// A connection opened; `declared_fps` is what the sender announced, 0 if nothing.
    pub fn connected(&mut self, declared_fps: f64) {
        self.connected = true;
        self.arrivals.clear();
        self.declared_interval =
            (declared_fps.is_finite() && declared_fps >= 1.0).then(|| (1e9 / declared_fps) as u64);
    }

    /// The connection ended.
    pub fn disconnected(&mut self) {
        self.connected = false;
    }

    /// A frame arrived.
    pub fn frame(&mut self, now: u64) {
        if self.arrivals.len() == REMEMBERED {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
    }

    /// When the last frame of this connection arrived.
    #[must_use]
    pub fn last_frame(&self) -> Option<u64> {
        self.arrivals.back().copied()
    }

    /// The interval at which frames are expected, in nanoseconds: as they came lately, else as
    /// declared; `None` for a stream without a rhythm.
    #[must_use]
    pub fn interval(&self) -> Option<u64> {
        self.measured_interval().or(self.declared_interval)
    }

    fn measured_interval(&self) -> Option<u64> {
        let (&last, &first) = (self.arrivals.back()?, self.arrivals.front()?);
        let intervals = self.arrivals.len() as u64 - 1;
        let span = last.saturating_sub(first);
        (self.arrivals.len() >= RHYTHM && span <= RHYTHM_SPAN && span / intervals <= SLOWEST_RHYTHM)
            .then(|| (span / intervals).max(1))
    }

    /// The state at `now`.
    #[must_use]
    pub fn state(&self, now: u64) -> State {
        let Some(last) = self.last_frame() else {
            return if self.connected { State::Connecting } else { State::Gone };
        };
        if !self.connected {
            return State::Gone;
        }
        let age = now.saturating_sub(last);
        match self.interval() {
            Some(interval) if age > LEAST_STALL.max(interval * STALL_INTERVALS) => State::Stalled,
            None if age > FRESH => State::Quiet,
            _ => State::Live,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn paced(fps: u64, frames: u64) -> Liveness {
        let mut liveness = Liveness::default();
        liveness.connected(0.0);
        for i in 0..frames {
            liveness.frame(i * SECOND / fps);
        }
        liveness
    }

    #[test]
    fn connecting_until_the_first_frame() {
        let mut liveness = Liveness::default();
        assert_eq!(liveness.state(0), State::Gone);
        liveness.connected(30.0);
        assert_eq!(liveness.state(60 * SECOND), State::Connecting);
        liveness.frame(61 * SECOND);
        assert_eq!(liveness.state(61 * SECOND), State::Live);
    }

    #[test]
    fn frames_that_stop_are_a_stall_within_three_seconds() {
        let liveness = paced(30, 90);
        let last = 89 * SECOND / 30;
        assert_eq!(liveness.state(last + 900 * MS), State::Live);
        assert_eq!(liveness.state(last + 1100 * MS), State::Stalled);
    }

    #[test]
    fn one_picture_is_quiet_for_ever() {
        let liveness = paced(1, 1);
        assert_eq!(liveness.state(FRESH), State::Live);
        assert_eq!(liveness.state(FRESH + 1), State::Quiet);
        assert_eq!(liveness.state(86_400 * SECOND), State::Quiet);
    }

    #[test]
    fn a_picture_every_ten_seconds_is_quiet_not_stalled() {
        let mut liveness = Liveness::default();
        liveness.connected(0.0);
        for i in 0..20 {
            liveness.frame(i * 10 * SECOND);
        }
        assert_eq!(liveness.state(199 * SECOND), State::Quiet);
    }

    #[test]
    fn a_slow_rhythm_is_given_its_time() {
        let liveness = paced(1, 8);
        assert_eq!(liveness.state(7 * SECOND + 4900 * MS), State::Live);
        assert_eq!(liveness.state(7 * SECOND + 5100 * MS), State::Stalled);
    }

    #[test]
    fn a_declared_rate_counts_from_the_first_frame() {
        let mut liveness = Liveness::default();
        liveness.connected(25.0);
        liveness.frame(0);
        assert_eq!(liveness.state(2 * SECOND), State::Stalled);
    }

    #[test]
    fn gone_and_back() {
        let mut liveness = paced(30, 30);
        liveness.disconnected();
        assert_eq!(liveness.state(SECOND), State::Gone);
        liveness.connected(0.0);
        assert_eq!(liveness.state(2 * SECOND), State::Connecting);
    }

    #[test]
    fn nonsense_rates_are_no_rate() {
        for fps in [f64::NAN, f64::INFINITY, -5.0, 0.0] {
            let mut liveness = Liveness::default();
            liveness.connected(fps);
            assert_eq!(liveness.interval(), None);
        }
    }
}
