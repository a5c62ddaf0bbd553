//! How much one caller may send: what is above it is read later, never lost.
//!
//! In: packets and bytes as they were read, and the time. Out: how long to leave the connection
//! alone. One second's worth may come at once.

use std::time::{Duration, Instant};

use crate::limits::{BYTES_PER_SECOND, PACKETS_PER_SECOND};

/// See the module.
#[derive(Debug)]
pub struct Pace {
    packets: f64,
    bytes: f64,
    at: Instant,
}

impl Pace {
    /// A second's worth to begin with.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self { packets: f64::from(PACKETS_PER_SECOND), bytes: f64::from(BYTES_PER_SECOND), at: now }
    }

    /// Counts what was read. How long to wait before reading on, if at all.
    pub fn charge(&mut self, packets: u32, bytes: usize, now: Instant) -> Option<Duration> {
        let waited = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        let (most_packets, most_bytes) =
            (f64::from(PACKETS_PER_SECOND), f64::from(BYTES_PER_SECOND));
        self.packets = (self.packets + waited * most_packets).min(most_packets);
        self.bytes = (self.bytes + waited * most_bytes).min(most_bytes);
        self.packets -= f64::from(packets);
        // A read is far below 2^52 bytes.
        self.bytes -= bytes as f64;
        let debt = (-self.packets / most_packets).max(-self.bytes / most_bytes);
        (debt > 0.0).then(|| Duration::from_secs_f64(debt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_read_at_the_limit_and_a_call_is_never_held_up() {
        let start = Instant::now();
        let mut flood = Pace::new(start);
        let mut now = start;
        let mut read = 0u32;
        while now < start + Duration::from_secs(10) {
            read += 100;
            now += flood.charge(100, 1000, now).unwrap_or_default();
        }
        assert!((21_900..=22_200).contains(&read), "{read}");

        let mut call = Pace::new(start);
        for step in 0..5_000u32 {
            let now = start + Duration::from_millis(5) * step;
            assert_eq!(call.charge(5, 50_000, now), None, "step {step}");
        }
    }
}
