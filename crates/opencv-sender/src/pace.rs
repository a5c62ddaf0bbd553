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
    /// How long reading a frame takes: the slowest of late.
    reading: Duration,
}

impl Pacer {
    /// How far behind its time a frame may be and the clip still catches up.
    pub const SLACK: Duration = Duration::from_secs(1);

    /// A pacer for `fps` frames a second, which is above 0.
    #[must_use]
    pub fn new(fps: f64) -> Self {
        Self {
            interval: Duration::from_secs_f64(1.0 / fps),
            start: None,
            frames: 0,
            reading: Duration::ZERO,
        }
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

    /// Notes how long it took to read a frame.
    pub fn note_reading(&mut self, took: Duration) {
        self.reading = took.max(self.reading * 15 / 16);
    }

    /// When to begin with reading the next frame: not while the last one is on its way, which
    /// needs the cores itself (encoding, and showing if the viewer is on this machine). `None`:
    /// at once, since reading takes too much of the interval to put it off.
    #[must_use]
    pub fn read_from(&self) -> Option<Instant> {
        let last = self.start? + self.interval * self.frames.checked_sub(1)?;
        (self.reading * 4 <= self.interval).then(|| last + self.interval / 2)
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
/// slow the clip down and make every frame late. So the clip may fall behind its time by
/// [`Patience::LONGEST`] and no further; patience ends with the first frame that it did not save,
/// and comes back after [`Patience::CALM`] frames in a row that found room at once.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    calm: Option<u32>,
}

impl Patience {
    /// How far waiting may put a clip behind its time: longer than a busy machine's hiccups,
    /// shorter than what a person takes for a stop. Below [`Pacer::SLACK`], so that it is made up.
    pub const LONGEST: Duration = Duration::from_millis(500);

    /// Frames in a row without a wait after which patience comes back.
    pub const CALM: u32 = 25;

    /// How long a frame may wait that is `late` already.
    #[must_use]
    pub fn now(&self, late: Duration) -> Duration {
        if self.calm.is_none() { Self::LONGEST.saturating_sub(late) } else { Duration::ZERO }
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
    fn reading_waits_for_the_frame_before_unless_it_is_slow() {
        let start = Instant::now();
        let mut pacer = Pacer::new(10.0);
        assert_eq!(pacer.read_from(), None, "the first frame");
        pacer.next(start);
        assert_eq!(pacer.read_from(), Some(start + 50 * MS));
        pacer.next(start + 60 * MS);
        assert_eq!(pacer.read_from(), Some(start + 150 * MS), "counted from when it was due");
        pacer.note_reading(26 * MS);
        assert_eq!(pacer.read_from(), None);
        for _ in 0..10 {
            pacer.note_reading(MS);
        }
        assert_eq!(pacer.read_from(), Some(start + 150 * MS), "it was slow once");
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
        assert_eq!(patience.now(Duration::ZERO), Patience::LONGEST);
        assert_eq!(patience.now(Patience::LONGEST + MS), Duration::ZERO);
        patience.note(false, true);
        assert_eq!(patience.now(Duration::ZERO), Duration::ZERO);
        for _ in 1..Patience::CALM {
            patience.note(true, false);
        }
        assert_eq!(patience.now(Duration::ZERO), Duration::ZERO);
        patience.note(true, false);
        assert_eq!(patience.now(Duration::ZERO), Patience::LONGEST);
    }

    /// Plays a clip of 25 a second into a slot that `service` empties for frame n after a time.
    /// Gives the frames dropped and how late the last one was.
    fn play(frames: u32, service: impl Fn(u32) -> Duration) -> (u32, Duration) {
        let mut now = Instant::now();
        let (mut pacer, mut patience) = (Pacer::new(25.0), Patience::default());
        // When the slot is free, and the link behind it.
        let (mut slot_free, mut link_free) = (now, now);
        let (mut drops, mut late) = (0, Duration::ZERO);
        for n in 0..frames {
            let due = pacer.next(now);
            now = now.max(due);
            late = now - due;
            let at_once = now >= slot_free;
            if !at_once {
                now += patience.now(late).min(slot_free - now);
            }
            let dropped = now < slot_free;
            patience.note(at_once, dropped);
            drops += u32::from(dropped);
            if !dropped {
                slot_free = now.max(link_free);
                link_free = slot_free + service(n);
            }
        }
        (drops, late)
    }

    #[test]
    fn a_hiccup_loses_nothing_and_is_made_up() {
        let (drops, late) = play(200, |n| if n == 50 { 450 * MS } else { 10 * MS });
        assert_eq!((drops, late), (0, Duration::ZERO));
    }

    #[test]
    fn a_link_that_is_too_slow_drops_and_does_not_slow_the_clip_down() {
        let (drops, late) = play(1000, |_| 60 * MS);
        // 60 ms a frame where 40 are wanted: a third has to go.
        assert!(drops.abs_diff(333) < 30, "{drops} dropped");
        assert!(late < 50 * MS, "{late:?} late");
    }
}
