//! When the next frame is due.
//!
//! In: a rate, and moments. Out: moments, or whether a frame is wanted. Time is an argument:
//! nothing here sleeps or reads a clock.

use std::time::{Duration, Instant};

/// Gives out the frames of a source that has no clock of its own at an even rate.
///
/// The moments are counted from the first frame, so that rounding never adds up. After a pause
/// (the source stood still for longer than [`Pacer::SLACK`]) the count begins anew: a clip
/// goes on where it was and doesn't hurry to catch up.
#[derive(Clone, Debug)]
pub struct Pacer {
    interval: Duration,
    start: Option<Instant>,
    frames: u32,
}

impl Pacer {
    /// How far behind its time a frame may be and the clip still catches up.
    pub const SLACK: Duration = Duration::from_millis(500);

    /// A pacer for `fps` frames a second, which is above 0.
    #[must_use]
    pub fn new(fps: f64) -> Self {
        Self { interval: Duration::from_secs_f64(1.0 / fps), start: None, frames: 0 }
    }

    /// When the next frame is due; to be asked once a frame.
    pub fn next(&mut self, now: Instant) -> Instant {
        if let Some(start) = self.start.filter(|_| self.frames < u32::MAX) {
            let due = start + self.interval * self.frames;
            if now <= due + Self::SLACK {
                self.frames += 1;
                return due;
            }
        }
        self.start = Some(now);
        self.frames = 1;
        now
    }
}

/// Thins out a source that has a clock of its own, so that at most a given rate is left.
#[derive(Clone, Debug, Default)]
pub struct Thinner {
    due: Option<Instant>,
}

impl Thinner {
    /// Whether a frame that came at `now` is wanted, for at most `fps` a second. A frame may come
    /// early by a quarter of the interval, or a camera's jitter would halve its rate.
    pub fn wants(&mut self, now: Instant, fps: f64) -> bool {
        let interval = Duration::from_secs_f64(1.0 / fps);
        match self.due {
            Some(due) if now + interval / 4 < due => false,
            Some(due) if now < due + interval => {
                self.due = Some(due + interval);
                true
            }
            _ => {
                self.due = Some(now + interval);
                true
            }
        }
    }
}

/// How long a file's frame waits for room before it replaces the one before it.
///
/// A file is not live: when the machine is busy for a moment it is better to be a little late
/// than to lose a frame. When the link or the encoder is too slow for good, waiting would only
/// make every frame late, so patience ends with the first frame that it did not save, and comes
/// back after [`Patience::CALM`] frames in a row that found room at once.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    calm: Option<u32>,
}

impl Patience {
    /// How long a frame waits at most.
    pub const LONGEST: Duration = Duration::from_millis(250);

    /// Frames in a row without a wait after which patience comes back.
    pub const CALM: u32 = 25;

    /// How long the next frame may wait.
    #[must_use]
    pub fn now(&self) -> Duration {
        if self.calm.is_none() { Self::LONGEST } else { Duration::ZERO }
    }

    /// Notes what became of a frame: whether it found room at once, and whether it dropped the
    /// one before.
    pub fn note(&mut self, at_once: bool, dropped: bool) {
        self.calm = match self.calm {
            _ if dropped => Some(0),
            Some(n) if at_once && n + 1 >= Self::CALM => None,
            Some(n) if at_once => Some(n + 1),
            Some(_) => Some(0),
            None => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_pace_is_even_and_rounding_does_not_add_up() {
        let start = Instant::now();
        let mut pacer = Pacer::new(30.0);
        let mut now = start;
        for n in 0..3000_u32 {
            let due = pacer.next(now);
            let exact = Duration::from_secs_f64(f64::from(n) / 30.0);
            assert!(due.duration_since(start).abs_diff(exact) < MS);
            now = due + MS;
        }
    }

    #[test]
    fn a_late_frame_is_caught_up_with_and_a_long_pause_is_not() {
        let start = Instant::now();
        let mut pacer = Pacer::new(10.0);
        assert_eq!(pacer.next(start), start);
        assert_eq!(pacer.next(start + 350 * MS), start + 100 * MS);
        assert_eq!(pacer.next(start + 350 * MS), start + 200 * MS);
        let later = start + 60_000 * MS;
        assert_eq!(pacer.next(later), later);
        assert_eq!(pacer.next(later), later + 100 * MS);
    }

    #[test]
    fn thinning_keeps_the_rate_under_jitter() {
        let start = Instant::now();
        for (fps, expected) in [(30.0, 300), (15.0, 150), (10.0, 100), (60.0, 300)] {
            let mut thinner = Thinner::default();
            let kept = (0..300_u32)
                .filter(|n| {
                    let jitter = Duration::from_millis(u64::from(n * 7 % 5));
                    let came = Duration::from_secs_f64(f64::from(*n) / 30.0) + jitter;
                    thinner.wants(start + came, fps)
                })
                .count();
            assert!(kept.abs_diff(expected) <= 2, "{kept} kept at {fps}");
        }
    }

    #[test]
    fn patience_ends_with_a_drop_and_returns_with_calm() {
        let mut patience = Patience::default();
        patience.note(false, false);
        assert_eq!(patience.now(), Patience::LONGEST);
        patience.note(false, true);
        assert_eq!(patience.now(), Duration::ZERO);
        for _ in 1..Patience::CALM {
            patience.note(true, false);
        }
        assert_eq!(patience.now(), Duration::ZERO);
        patience.note(true, false);
        assert_eq!(patience.now(), Patience::LONGEST);
    }
}
