//! How long packets take, how unevenly, and how long the buffer should therefore wait.
//!
//! In: the moment of our clock at which each packet came, and the moment of the sender's clock
//! that its number stands for. The two clocks share no zero and drift apart, so only differences
//! count: a packet's *transit* (arrival minus number x 20 ms), against the smallest transit of
//! late, the *base*. Out: the base, and the target: how much later than the base a packet has to be
//! played for most to be there. Never: reads a clock.

/// The sender's time in a packet.
pub(crate) const PACKET_NS: i64 = 20_000_000;

/// The base is the minimum of this many buckets...
const BUCKETS: usize = 10;
/// ...of one second: long enough to meet an undelayed packet again on a busy link, short enough
/// to follow a path that became longer, and 200 ppm of drift within 2 ms.
const BUCKET_NS: i64 = 1_000_000_000;
/// A pause counts as this much at most: after an outage the base from before still holds.
const PAUSE_NS: i64 = 200_000_000;

/// Delays that the target is taken from: the last ten seconds.
const REMEMBERED: usize = 500;
/// The target lets this share of the packets be late, in per mille. What comes later is concealed:
/// one packet in 33 costs less than the delay of waiting for all.
const LATE_PER_MILLE: usize = 30;
/// The target is renewed every so many packets: twice a second.
const RENEW: usize = 25;
/// On top of the percentile: our beat of 10 ms, and a little for its own jitter.
const MARGIN_NS: i64 = 12_000_000;
/// The least target: one packet.
pub(crate) const LEAST_NS: i64 = 20_000_000;
/// The greatest target, and the age beyond which nothing is played. Who waits longer than half a
/// second for an answer begins to speak again (ITU-T G.114 calls 400 ms the limit one way).
pub(crate) const MOST_NS: i64 = 500_000_000;

/// Estimates from one stream of packets.
pub(crate) struct Delay {
    buckets: [i64; BUCKETS],
    bucket: usize,
    bucket_ns: i64,
    last_ns: Option<i64>,
    delays: Vec<i64>,
    oldest: usize,
    until_renewal: usize,
    target_ns: i64,
    jitter_ns: i64,
}

impl Default for Delay {
    fn default() -> Self {
        Self {
            buckets: [i64::MAX; BUCKETS],
            bucket: 0,
            bucket_ns: 0,
            last_ns: None,
            delays: Vec::with_capacity(REMEMBERED),
            oldest: 0,
            until_renewal: RENEW,
            target_ns: 2 * LEAST_NS,
            jitter_ns: 0,
        }
    }
}

/// Transit of packet `sequence` that came at `now_ns`.
pub(crate) fn transit(sequence: u32, now_ns: u64) -> i64 {
    i64::try_from(now_ns).unwrap_or(i64::MAX) - i64::from(sequence) * PACKET_NS
}

impl Delay {
    /// Takes a packet's transit.
    pub(crate) fn feed(&mut self, transit: i64, now_ns: i64) {
        let pause = now_ns.saturating_sub(self.last_ns.unwrap_or(now_ns));
        self.last_ns = Some(now_ns);
        self.bucket_ns += pause.clamp(0, PAUSE_NS);
        if self.bucket_ns >= BUCKET_NS {
            self.bucket_ns -= BUCKET_NS;
            self.bucket = (self.bucket + 1) % BUCKETS;
            self.buckets[self.bucket] = i64::MAX;
        }
        let newest = &mut self.buckets[self.bucket];
        *newest = transit.min(*newest);
        let delay = transit.saturating_sub(self.base_ns());
        // An outage says nothing about the jitter: nobody would wait that long.
        if delay <= MOST_NS {
            self.remember(delay);
        }
    }

    fn remember(&mut self, delay: i64) {
        if self.delays.len() < REMEMBERED {
            self.delays.push(delay);
        } else {
            self.delays[self.oldest] = delay;
            self.oldest = (self.oldest + 1) % REMEMBERED;
        }
        self.until_renewal -= 1;
        if self.until_renewal == 0 {
            self.until_renewal = RENEW;
            self.renew();
        }
    }

    fn renew(&mut self) {
        let mut sorted = [0; REMEMBERED];
        let count = self.delays.len();
        sorted[..count].copy_from_slice(&self.delays);
        sorted[..count].sort_unstable();
        let at = |per_mille: usize| sorted[(count - 1) * (1000 - per_mille) / 1000];
        self.jitter_ns = at(50);
        self.target_ns = (at(LATE_PER_MILLE) + MARGIN_NS).clamp(LEAST_NS, MOST_NS);
    }

    /// The smallest transit of late; 0 before the first packet.
    pub(crate) fn base_ns(&self) -> i64 {
        let least = self.buckets.iter().copied().min().unwrap_or(i64::MAX);
        if least == i64::MAX { 0 } else { least }
    }

    /// How much after the base to play.
    pub(crate) fn target_ns(&self) -> i64 {
        self.target_ns
    }

    /// The 95th percentile of the delays above the base.
    pub(crate) fn jitter_ns(&self) -> i64 {
        self.jitter_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(delay: &mut Delay, packets: std::ops::Range<u32>, extra: impl Fn(u32) -> i64) {
        for sequence in packets {
            let now = i64::from(sequence) * PACKET_NS + 7_000_000_000 + extra(sequence);
            delay.feed(transit(sequence, now as u64), now);
        }
    }

    #[test]
    fn even_packets_need_the_least() {
        let mut delay = Delay::default();
        feed(&mut delay, 0..200, |_| 0);
        assert_eq!(delay.base_ns(), 7_000_000_000);
        assert_eq!(delay.target_ns(), LEAST_NS);
    }

    #[test]
    fn one_late_packet_in_a_hundred_is_not_waited_for_but_one_in_ten_is() {
        for (every, waits) in [(100, false), (10, true)] {
            let mut delay = Delay::default();
            feed(&mut delay, 0..600, |i| if i % every == 0 { 150_000_000 } else { 0 });
            assert_eq!(delay.target_ns() > 150_000_000, waits, "1 in {every}");
        }
    }

    #[test]
    fn an_outage_leaves_base_and_target_alone() {
        let mut delay = Delay::default();
        feed(&mut delay, 0..500, |_| 0);
        let target = delay.target_ns();
        // 5 s of packets come at once.
        feed(&mut delay, 500..750, |i| i64::from(750 - i) * PACKET_NS);
        feed(&mut delay, 750..800, |_| 0);
        assert_eq!(delay.base_ns(), 7_000_000_000);
        // Of the burst, the last half second is jitter, which is 25 packets of 500.
        assert!(delay.target_ns() <= MOST_NS && delay.target_ns() >= target);
        feed(&mut delay, 800..1400, |_| 0);
        assert_eq!(delay.target_ns(), LEAST_NS);
    }

    #[test]
    fn the_base_follows_a_longer_path_within_ten_seconds() {
        let mut delay = Delay::default();
        feed(&mut delay, 0..500, |_| 0);
        feed(&mut delay, 500..1050, |_| 80_000_000);
        assert_eq!(delay.base_ns(), 7_080_000_000);
    }

    #[test]
    fn no_number_overflows() {
        let mut delay = Delay::default();
        for (sequence, now) in [(u32::MAX, 0), (0, u64::MAX), (u32::MAX, u64::MAX), (0, 0)] {
            let now_ns = i64::try_from(now).unwrap_or(i64::MAX);
            delay.feed(transit(sequence, now), now_ns / 2);
        }
    }
}
