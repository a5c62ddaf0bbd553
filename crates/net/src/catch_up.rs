//! Tells a backlog from the live stream after this program stood still.
//!
//! In: when the connection was drained and how many frames that gave. Out: until when to hold
//! the newest one back, since a newer one is about to arrive. Never holds a frame of a stream
//! that goes its normal way, and never reads a clock.
//!
//! A program that was stopped, or a computer that slept, finds old frames in the kernel's
//! buffers, and a sender that was held up hands in its whole backlog as fast as it is read. Each
//! of these frames is replaced within a fraction of a millisecond; to show one is to show the
//! past.

use std::time::Duration;

use tokio::time::Instant;

/// A connection that was not read for so long, and then has more than one frame, has a backlog.
/// Fewer would be a pause that any busy computer makes.
const STOOD_STILL: Duration = Duration::from_millis(250);

/// The backlog has ended when nothing came for this long: half the time between two frames at
/// 60 a second, and many times what a frame of a backlog takes.
const QUIET: Duration = Duration::from_millis(8);

/// Longest time that catching up may hold frames back. Ten seconds of 720p at quality 95 are
/// 82 MB, which take 0.1 to 0.25 s on one machine. A sender whose backlog takes longer hands in
/// frames faster than they can be seen for as long: some of it is shown then.
const LONGEST: Duration = Duration::from_millis(400);

/// See the module.
#[derive(Debug)]
pub(crate) struct CatchUp {
    drained: Instant,
    /// While catching up: when that ends at the latest, and when it ends if nothing comes.
    hold: Option<(Instant, Instant)>,
}

impl CatchUp {
    /// A connection that is read from `now` on.
    pub const fn new(now: Instant) -> Self {
        Self { drained: now, hold: None }
    }

    /// The connection was drained of `frames` whole frames at `now`.
    pub fn drained(&mut self, now: Instant, frames: u64) {
        let pause = now.saturating_duration_since(self.drained);
        self.drained = now;
        if let Some((latest, quiet)) = &mut self.hold {
            *quiet = (now + QUIET).min(*latest);
        } else if frames > 1 && pause >= STOOD_STILL {
            self.hold = Some((now + LONGEST, now + QUIET));
        }
    }

    /// Until when to hold the newest frame back; `None`: it may be shown.
    pub fn hold_until(&mut self, now: Instant) -> Option<Instant> {
        let (_, quiet) = self.hold?;
        if now >= quiet {
            self.hold = None;
        }
        self.hold.map(|(_, quiet)| quiet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_stream_that_goes_its_way_is_never_held() {
        let start = Instant::now();
        let mut catch_up = CatchUp::new(start);
        for i in 1..100 {
            // Pauses, and now and then two frames at once: a busy computer.
            let now = start + i * 100 * MS;
            catch_up.drained(now, 1 + u64::from(i % 3 == 0));
            assert_eq!(catch_up.hold_until(now), None);
        }
    }

    #[test]
    fn single_pictures_are_never_held() {
        let start = Instant::now();
        let mut catch_up = CatchUp::new(start);
        for i in 1..10 {
            let now = start + i * 5000 * MS;
            catch_up.drained(now, 1);
            assert_eq!(catch_up.hold_until(now), None);
        }
    }

    #[test]
    fn a_backlog_is_held_until_it_ends() {
        let start = Instant::now();
        let mut catch_up = CatchUp::new(start);
        let mut now = start + 10_000 * MS;
        catch_up.drained(now, 9);
        for _ in 0..20 {
            assert_eq!(catch_up.hold_until(now), Some(now + QUIET));
            now += MS;
            catch_up.drained(now, 1);
        }
        assert_eq!(catch_up.hold_until(now + QUIET), None);
        catch_up.drained(now + 33 * MS, 1);
        assert_eq!(catch_up.hold_until(now + 33 * MS), None);
    }

    #[test]
    fn a_backlog_without_end_is_held_for_a_moment_only() {
        let start = Instant::now() + 10_000 * MS;
        let mut catch_up = CatchUp::new(start - 10_000 * MS);
        let mut now = start;
        catch_up.drained(now, 5);
        while catch_up.hold_until(now).is_some() {
            now += MS;
            catch_up.drained(now, 5);
        }
        assert_eq!(now, start + LONGEST);
        catch_up.drained(now + MS, 5);
        assert_eq!(catch_up.hold_until(now + MS), None);
    }
}
