//! The least of late of something that grows only by waiting: a way's time without a queue.
//!
//! In: values, and when they were measured. Out: the least of the last ten seconds in which there
//! were any, as LEDBAT's base delay (RFC 6817, 3.4.2). Never reads a clock.

const SECOND: u64 = 1_000_000_000;

/// Seconds over which the least is taken: routes change, and two clocks drift apart.
const SECONDS: usize = 10;

/// See the module.
#[derive(Debug)]
pub struct Least {
    /// The least of each second in which there was something, the newest first.
    seconds: [i64; SECONDS],
    second: u64,
}

impl Default for Least {
    fn default() -> Self {
        Self { seconds: [i64::MAX; SECONDS], second: 0 }
    }
}

impl Least {
    /// Takes a value that was measured at `now`, in nanoseconds of a clock that never goes back.
    pub fn feed(&mut self, value: i64, now: u64) {
        let second = now / SECOND;
        if second > self.second {
            // A pause has nothing to say: what was before it holds until there is more.
            self.seconds.rotate_right(1);
            (self.seconds[0], self.second) = (i64::MAX, second);
        }
        self.seconds[0] = value.min(self.seconds[0]);
    }

    /// `None` before the first value.
    #[must_use]
    pub fn least(&self) -> Option<i64> {
        self.seconds.iter().copied().min().filter(|least| *least < i64::MAX)
    }

    /// By how much a value is more than the least.
    #[must_use]
    pub fn beyond(&self, value: i64) -> u64 {
        let least = self.least().unwrap_or(value);
        u64::try_from(value.saturating_sub(least)).unwrap_or(0)
    }
}

/// From `earlier` to `later`, in nanoseconds. They may be of two clocks that share no zero, and of
/// an end that lies: only differences of differences mean anything.
#[must_use]
pub fn difference(later: u64, earlier: u64) -> i64 {
    let difference = i128::from(later) - i128::from(earlier);
    i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_is_that_of_ten_seconds() {
        let mut least = Least::default();
        assert_eq!((least.least(), least.beyond(7)), (None, 0));
        for second in 100..130 {
            least.feed(second as i64 - 100, second * SECOND);
            least.feed(1_000, second * SECOND + 1);
        }
        assert_eq!((least.least(), least.beyond(27)), (Some(20), 7));
        for pause in [10, 1_000] {
            let before = least.least();
            least.feed(50, (200 + pause) * SECOND);
            assert!(least.least() <= before.map(|least| least + 1), "a pause says nothing");
        }
    }

    #[test]
    fn times_of_an_end_that_lies_overflow_nothing() {
        let mut least = Least::default();
        for (later, earlier) in [(0, u64::MAX), (u64::MAX, 0)] {
            let way = difference(later, earlier);
            least.feed(way, u64::MAX);
            let _ = least.beyond(way);
        }
        assert_eq!(least.beyond(difference(u64::MAX, 0)), i64::MAX.unsigned_abs());
    }
}
