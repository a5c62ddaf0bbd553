//! Where a stream's frames spend their time.
//!
//! In: the stamps of each shown frame. Out: percentiles over the last ten seconds, for each
//! stage and for the whole way from capture to the screen. Never reads a clock.

use okno_media::Stamps;

/// Stages in the order in which a frame passes them.
pub const STAGES: [&str; 5] = ["encode", "network", "queue", "decode", "present"];

/// Frames that are remembered: ten seconds at 60 a second.
const REMEMBERED: usize = 600;

/// How far back figures reach, in nanoseconds.
const SPAN: u64 = 10_000_000_000;

/// Percentiles in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// Average. Those of the stages add up to that of the whole way.
    pub mean: f64,
    /// Half of the frames took at most this.
    pub p50: f64,
    /// 95 of 100 frames took at most this.
    pub p95: f64,
    /// 99 of 100 frames took at most this.
    pub p99: f64,
    /// The slowest frame.
    pub max: f64,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    shown: u64,
    /// Nanoseconds; `None` where a stamp is unknown.
    whole: Option<u64>,
    stages: [Option<u64>; STAGES.len()],
}

/// The last shown frames of one stream.
#[derive(Clone, Debug, Default)]
pub struct StageWindow {
    samples: Vec<Sample>,
    next: usize,
}

impl StageWindow {
    /// A frame was on the screen at `shown`.
    pub fn add(&mut self, stamps: &Stamps, shown: u64) {
        let since = |from: Option<u64>, to: u64| from.and_then(|from| to.checked_sub(from));
        let sample = Sample {
            shown,
            whole: since(stamps.captured, shown),
            stages: [
                stamps.sent.and_then(|sent| since(stamps.captured, sent)),
                since(stamps.sent, stamps.received),
                since(Some(stamps.received), stamps.taken),
                since(Some(stamps.taken), stamps.decoded),
                since(Some(stamps.decoded), shown),
            ],
        };
        if self.samples.len() < REMEMBERED {
            self.samples.push(sample);
        } else {
            self.samples[self.next] = sample;
        }
        self.next = (self.next + 1) % REMEMBERED;
    }

    /// Capture to screen over the last ten seconds before `now`; `None` where the sender gives
    /// no time that can be compared.
    #[must_use]
    pub fn whole(&self, now: u64) -> Option<Percentiles> {
        self.percentiles(now, |s| s.whole)
    }

    /// One of [`STAGES`] over the last ten seconds.
    #[must_use]
    pub fn stage(&self, stage: usize, now: u64) -> Option<Percentiles> {
        self.percentiles(now, |s| s.stages.get(stage).copied().flatten())
    }

    fn percentiles(&self, now: u64, pick: impl Fn(&Sample) -> Option<u64>) -> Option<Percentiles> {
        let recent = self.samples.iter().filter(|s| now.saturating_sub(s.shown) <= SPAN);
        let mut values: Vec<u64> = recent.filter_map(pick).collect();
        values.sort_unstable();
        let last = values.len().checked_sub(1)?;
        // Nearest rank: the smallest value that at least q of all values do not exceed.
        let rank = |percent: usize| values[(values.len() * percent).div_ceil(100).max(1) - 1];
        let ms = |ns: u64| ns as f64 / 1e6;
        Some(Percentiles {
            mean: ms(values.iter().sum::<u64>()) / values.len() as f64,
            p50: ms(rank(50)),
            p95: ms(rank(95)),
            p99: ms(rank(99)),
            max: ms(values[last]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn stamps(captured: Option<u64>) -> Stamps {
        Stamps {
            captured,
            encoded: captured.map(|c| c + MS),
            sent: captured.map(|c| c + 2 * MS),
            received: 105 * MS,
            taken: 106 * MS,
            decoded: 110 * MS,
        }
    }

    #[test]
    fn stages_sum_up_to_the_whole() {
        let mut window = StageWindow::default();
        window.add(&stamps(Some(100 * MS)), 112 * MS);
        let now = 112 * MS;
        let sum: f64 = (0..STAGES.len()).filter_map(|i| window.stage(i, now)).map(|p| p.p50).sum();
        assert_eq!(window.whole(now).map(|p| p.p50), Some(12.0));
        assert!((sum - 12.0).abs() < 1e-9);
    }

    #[test]
    fn unknown_capture_time_is_unknown_latency() {
        let mut window = StageWindow::default();
        window.add(&stamps(None), 112 * MS);
        assert_eq!(window.whole(112 * MS), None);
        assert_eq!(window.stage(3, 112 * MS).map(|p| p.max), Some(4.0));
    }

    #[test]
    fn nearest_rank_and_forgetting() {
        let mut window = StageWindow::default();
        for i in 1..=100 {
            let stamps = Stamps { captured: Some(0), ..Stamps::default() };
            window.add(&stamps, i * MS);
        }
        let p = window.whole(100 * MS);
        let expected = Percentiles { mean: 50.5, p50: 50.0, p95: 95.0, p99: 99.0, max: 100.0 };
        assert_eq!(p, Some(expected));
        assert_eq!(window.whole(SPAN + 101 * MS), None);
        for i in 0..2 * REMEMBERED as u64 {
            let stamps = Stamps { captured: Some(i), ..Stamps::default() };
            window.add(&stamps, i + MS);
        }
        assert_eq!(window.samples.len(), REMEMBERED);
    }
}
