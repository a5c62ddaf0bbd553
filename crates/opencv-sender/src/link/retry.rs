//! When to try again, and for how long.
//!
//! In: failures and successes, the time as an argument. Out: the next pause, or that the tries
//! are used up; and whether it is worth telling the user once more.

use std::time::{Duration, Instant};

/// The pause grows to this: the picture is to be back within two seconds of both ends being up.
const LONGEST_PAUSE: Duration = Duration::from_millis(1500);

/// What has stood for this long worked: the tries are counted anew.
const STABLE: Duration = Duration::from_secs(2);

/// The same trouble is told again after this.
const TELL_AGAIN: Duration = Duration::from_secs(30);

/// The tries of one link or source.
#[derive(Clone, Debug)]
pub struct Retry {
    most: Option<u32>,
    first_pause: Duration,
    tries: u32,
    up_since: Option<Instant>,
    told: Option<(String, Instant)>,
}

impl Retry {
    /// At most `most` tries after the first failure, for ever if `None`.
    #[must_use]
    pub const fn new(most: Option<u32>, first_pause: Duration) -> Self {
        Self { most, first_pause, tries: 0, up_since: None, told: None }
    }

    /// It works now.
    pub fn up(&mut self, now: Instant) {
        self.up_since = Some(now);
        self.told = None;
    }

    /// It failed: the pause before the next try, `None` when there are no more.
    pub fn failed(&mut self, now: Instant) -> Option<Duration> {
        if self.up_since.take().is_some_and(|since| now.duration_since(since) >= STABLE) {
            self.tries = 0;
        }
        if self.most.is_some_and(|most| self.tries >= most) {
            return None;
        }
        let longest = LONGEST_PAUSE.max(self.first_pause);
        let pause = self.first_pause.saturating_mul(1 << self.tries.min(16)).min(longest);
        self.tries += 1;
        Some(pause)
    }

    /// Whether to tell the user this reason now: a new one at once, an old one now and then.
    pub fn is_news(&mut self, reason: &str, now: Instant) -> bool {
        if let Some((told, when)) = &self.told
            && told == reason
            && now.duration_since(*when) < TELL_AGAIN
        {
            return false;
        }
        self.told = Some((reason.to_owned(), now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn pauses_grow_to_their_bound() {
        let now = Instant::now();
        let mut retry = Retry::new(None, 250 * MS);
        let pauses: Vec<_> = (0..5).map(|_| retry.failed(now)).collect();
        let expected = [250, 500, 1000, 1500, 1500].map(|ms| Some(ms * MS));
        assert_eq!(pauses, expected);
        for _ in 0..100 {
            assert_eq!(retry.failed(now), Some(1500 * MS));
        }
    }

    #[test]
    fn tries_are_limited_and_counted_anew_after_a_stable_time() {
        let now = Instant::now();
        let mut retry = Retry::new(Some(2), 10 * MS);
        assert!(retry.failed(now).is_some());
        retry.up(now);
        assert!(retry.failed(now + 100 * MS).is_some(), "up for a moment only");
        assert_eq!(retry.failed(now), None);
        retry.up(now);
        assert!(retry.failed(now + STABLE).is_some());
        assert_eq!(Retry::new(Some(0), MS).failed(now), None);
    }

    #[test]
    fn the_same_reason_is_news_only_now_and_then() {
        let now = Instant::now();
        let mut retry = Retry::new(None, MS);
        assert!(retry.is_news("refused", now));
        assert!(!retry.is_news("refused", now + 1000 * MS));
        assert!(retry.is_news("timed out", now + 1000 * MS));
        assert!(retry.is_news("timed out", now + 1000 * MS + TELL_AGAIN));
        retry.up(now);
        assert!(retry.is_news("timed out", now));
    }
}
