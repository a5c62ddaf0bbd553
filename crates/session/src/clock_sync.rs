//! How far a sender's clock is from ours, told from exchanges with it.
//!
//! In: the four times of each exchange. Out: the offset to take off the sender's times, and the
//! round trip. Of the last exchanges the one with the shortest round trip is believed, since
//! queues only ever make a trip longer; the round trip itself is the shortest since the way was
//! last measured empty, since a stream's own frames are such a queue. Says when that is due again,
//! because a route may grow longer. Never reads a clock.
//! Formula: RFC 5905, section 8 (offset and delay of the on-wire protocol).

use std::collections::VecDeque;

/// Exchanges that are remembered; at one every 2 s, drift of 50 ppm moves the offset by less
/// than 1 ms over them.
const REMEMBERED: usize = 8;

/// Round trips that differ by less are the same, in nanoseconds: a tenth of a frame's interval.
const NEAR: u64 = 3_000_000;

/// The four times of one exchange, in nanoseconds, each on its own side's clock.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Viewer's clock: ping sent.
    pub viewer_sent: u64,
    /// Sender's clock: ping read.
    pub sender_received: u64,
    /// Sender's clock: pong sent.
    pub sender_sent: u64,
    /// Viewer's clock: pong read.
    pub viewer_received: u64,
}

impl Exchange {
    fn round_trip(&self) -> Option<u64> {
        let outside = self.viewer_received.checked_sub(self.viewer_sent)?;
        let inside = self.sender_sent.checked_sub(self.sender_received)?;
        outside.checked_sub(inside)
    }

    fn offset(&self) -> i128 {
        let forth = i128::from(self.sender_received) - i128::from(self.viewer_sent);
        let back = i128::from(self.sender_sent) - i128::from(self.viewer_received);
        i128::midpoint(forth, back)
    }
}

/// One sender's clock.
#[derive(Clone, Debug, Default)]
pub struct ClockSync {
    same_clock: bool,
    exchanges: VecDeque<(u64, i128)>,
    shortest: Option<u64>,
    /// Exchanges since the way was last measured empty.
    since_alone: usize,
}

impl ClockSync {
    /// `same_clock`: both ends read the very same clock, so there is nothing to measure but the
    /// round trip.
    #[must_use]
    pub fn new(same_clock: bool) -> Self {
        Self { same_clock, ..Self::default() }
    }

    /// Takes in one exchange. `false` when its times contradict each other; it is ignored then.
    pub fn add(&mut self, exchange: &Exchange) -> bool {
        let Some(round_trip) = exchange.round_trip() else { return false };
        if self.exchanges.len() == REMEMBERED {
            self.exchanges.pop_front();
        }
        self.exchanges.push_back((round_trip, exchange.offset()));
        self.shortest = Some(self.shortest.map_or(round_trip, |s| s.min(round_trip)));
        self.since_alone = self.since_alone.saturating_add(1);
        true
    }

    /// Takes in an exchange that was made while nothing else was on the way: the round trip is
    /// this one's, shorter or longer than before. `false` as for [`ClockSync::add`].
    pub fn add_alone(&mut self, exchange: &Exchange) -> bool {
        let before = self.shortest.take();
        let taken = self.add(exchange);
        if taken {
            self.since_alone = 0;
        } else {
            self.shortest = before;
        }
        taken
    }

    /// Whether the round trip should be measured with the way empty: none of the last exchanges
    /// came near it. Either frames wait on the way all the time, or the way has become longer.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        let Some(shortest) = self.shortest else { return false };
        self.since_alone >= REMEMBERED
            && self.exchanges.iter().all(|(round_trip, _)| *round_trip > shortest / 4 * 5 + NEAR)
    }

    /// The shortest round trip, in nanoseconds: what the way takes without anything waiting on
    /// it. `None` before the first exchange.
    #[must_use]
    pub const fn round_trip(&self) -> Option<u64> {
        self.shortest
    }

    /// The middle one of the last round trips, in nanoseconds: what waits on the way included.
    /// `None` before the first exchange.
    #[must_use]
    pub fn recent_round_trip(&self) -> Option<u64> {
        let mut trips: Vec<u64> = self.exchanges.iter().map(|(trip, _)| *trip).collect();
        trips.sort_unstable();
        trips.get(trips.len() / 2).copied()
    }

    /// A time of the sender's clock on ours; `None` for 0 (the sender did not say) and while
    /// the offset is unknown.
    #[must_use]
    pub fn to_viewer(&self, sender_ns: u64) -> Option<u64> {
        if sender_ns == 0 {
            return None;
        }
        if self.same_clock {
            return Some(sender_ns);
        }
        let (_, offset) = self.exchanges.iter().min_by_key(|(round_trip, _)| *round_trip)?;
        u64::try_from(i128::from(sender_ns) - offset).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn exchange(at: u64, ahead: u64, there: u64, back: u64) -> Exchange {
        Exchange {
            viewer_sent: at,
            sender_received: at + there + ahead,
            sender_sent: at + there + ahead + MS,
            viewer_received: at + there + MS + back,
        }
    }

    #[test]
    fn a_symmetric_trip_gives_the_exact_offset() {
        let mut sync = ClockSync::new(false);
        assert_eq!(sync.to_viewer(1), None);
        assert!(sync.add(&exchange(1000 * MS, 7777 * MS, 10 * MS, 10 * MS)));
        assert_eq!(sync.round_trip(), Some(20 * MS));
        assert_eq!(sync.to_viewer(9000 * MS), Some(1223 * MS));
    }

    #[test]
    fn the_shortest_trip_is_believed() {
        let mut sync = ClockSync::new(false);
        sync.add(&exchange(0, 50 * MS, 90 * MS, 10 * MS));
        sync.add(&exchange(2000 * MS, 50 * MS, 5 * MS, 5 * MS));
        sync.add(&exchange(4000 * MS, 50 * MS, 10 * MS, 300 * MS));
        assert_eq!(sync.to_viewer(5050 * MS), Some(5000 * MS));
        assert_eq!(sync.round_trip(), Some(10 * MS));
    }

    #[test]
    fn a_queue_does_not_make_the_way_longer() {
        let mut sync = ClockSync::new(true);
        sync.add(&exchange(1000 * MS, 0, 25 * MS, 25 * MS));
        for i in 1..=300 {
            sync.add(&exchange(2000 * i * MS, 0, 25 * MS, 125 * MS));
            assert_eq!(sync.round_trip(), Some(50 * MS));
        }
    }

    #[test]
    fn a_way_that_became_longer_is_measured_anew() {
        let mut sync = ClockSync::new(true);
        sync.add_alone(&exchange(1000 * MS, 0, 5 * MS, 5 * MS));
        for i in 1..=REMEMBERED as u64 {
            assert!(!sync.is_doubtful(), "after {i} exchanges");
            sync.add(&exchange(2000 * i * MS, 0, 50 * MS, 50 * MS));
        }
        assert!(sync.is_doubtful());
        assert_eq!(sync.round_trip(), Some(10 * MS));
        assert!(sync.add_alone(&exchange(40_000 * MS, 0, 50 * MS, 50 * MS)));
        assert_eq!(sync.round_trip(), Some(100 * MS));
        assert!(!sync.is_doubtful());
    }

    #[test]
    fn a_queue_shows_in_the_recent_round_trips_and_leaves_them_again() {
        let mut sync = ClockSync::new(true);
        assert_eq!(sync.recent_round_trip(), None);
        for (back, expected) in [(25, 50), (125, 150), (25, 50)] {
            for i in 0..REMEMBERED as u64 {
                sync.add(&exchange(2000 * i * MS, 0, 25 * MS, back * MS));
            }
            assert_eq!(sync.recent_round_trip(), Some(expected * MS));
        }
        sync.add(&exchange(20_000 * MS, 0, 25 * MS, 900 * MS));
        assert_eq!(sync.recent_round_trip(), Some(50 * MS), "one alone says little");
    }

    #[test]
    fn the_same_clock_needs_no_exchange() {
        let sync = ClockSync::new(true);
        assert_eq!(sync.to_viewer(5), Some(5));
        assert_eq!(sync.to_viewer(0), None);
    }

    #[test]
    fn times_that_contradict_each_other_are_ignored() {
        let mut sync = ClockSync::new(false);
        let lie =
            Exchange { viewer_sent: 10, sender_received: 90, sender_sent: 20, viewer_received: 30 };
        assert!(!sync.add(&lie));
        let huge = Exchange {
            viewer_sent: 0,
            sender_received: 0,
            sender_sent: u64::MAX,
            viewer_received: 5,
        };
        assert!(!sync.add(&huge));
        assert_eq!(sync.round_trip(), None);
    }
}
