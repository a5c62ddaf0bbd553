//! How the other's packets arrive: lost, uneven, too many, wrong.
//!
//! In: sequence numbers and times of packets. Out: loss, jitter, whether a packet is one too many,
//! and for how long a fault is worth showing. Formulas: RFC 3550, A.3 (loss) and 6.4.1 (jitter). Never keeps a packet.

use std::collections::VecDeque;
use std::time::Duration;

const NS: u64 = 1_000_000_000;

/// Reports over which loss is counted: four of 250 ms.
const REPORTS: usize = 4;

/// Sound of one caller.
#[derive(Debug, Default)]
pub(super) struct Reception {
    first: Option<u64>,
    highest: u64,
    received: u64,
    jitter_ns: u64,
    transit: Option<i128>,
    /// Never came over earlier paths.
    missed_before: u64,
    /// Expected and received at the times of the last reports.
    marks: VecDeque<(u64, u64)>,
}

impl Reception {
    /// A packet came. Times in nanoseconds, each of its own clock.
    pub fn packet(&mut self, sequence: u64, captured: u64, now: u64) {
        self.late(sequence);
        self.received += 1;
        let transit = i128::from(now) - i128::from(captured);
        if let Some(before) = self.transit.replace(transit) {
            let change = u64::try_from((transit - before).unsigned_abs()).unwrap_or(NS).min(NS);
            self.jitter_ns = self.jitter_ns - self.jitter_ns / 16 + change / 16;
        }
    }

    /// A packet came that is too old to be of use: expected, and as good as lost.
    pub fn late(&mut self, sequence: u64) {
        let first = *self.first.get_or_insert(sequence);
        self.first = Some(first.min(sequence));
        self.highest = self.highest.max(sequence);
    }

    /// A path was resumed: the packets of the time between are no loss of this path.
    pub fn resumed(&mut self) {
        let (missed_before, jitter_ns) = (self.missing(), self.jitter_ns);
        *self = Self { missed_before, jitter_ns, ..Self::default() };
    }

    fn expected(&self) -> u64 {
        self.first.map_or(0, |first| self.highest - first + 1)
    }

    /// Packets that never came.
    pub fn missing(&self) -> u64 {
        self.missed_before + self.expected().saturating_sub(self.received)
    }

    /// See RFC 3550, 6.4.1.
    pub fn jitter(&self) -> Duration {
        Duration::from_nanos(self.jitter_ns)
    }

    /// Thousandths lost over the last reports; called for each report.
    pub fn loss_permille(&mut self) -> u32 {
        let (expected, received) = (self.expected(), self.received);
        self.marks.push_back((expected, received));
        if self.marks.len() > REPORTS + 1 {
            self.marks.pop_front();
        }
        let (before, had) = self.marks.front().copied().unwrap_or_default();
        let (expected, received) = (expected - before, received - had);
        let lost = expected.saturating_sub(received) * 1_000;
        u32::try_from(lost.checked_div(expected).unwrap_or(0)).unwrap_or(1_000)
    }
}

/// Lets so many packets a second through, and so many at once.
#[derive(Debug)]
pub(super) struct Flood {
    per_second: u64,
    most: u64,
    /// In billionths of a packet.
    room: u128,
    at: u64,
}

impl Flood {
    /// `per_second` packets a second, a second's worth at once.
    pub fn new(per_second: u64, now: u64) -> Self {
        let room = u128::from(per_second) * u128::from(NS);
        Self { per_second, most: per_second, room, at: now }
    }

    /// Whether one more is within the limit.
    pub fn allows(&mut self, now: u64) -> bool {
        let passed = u128::from(now.saturating_sub(self.at));
        self.at = self.at.max(now);
        let most = u128::from(self.most) * u128::from(NS);
        self.room = (self.room + passed * u128::from(self.per_second)).min(most);
        match self.room.checked_sub(u128::from(NS)) {
            Some(rest) => {
                self.room = rest;
                true
            }
            None => false,
        }
    }
}

/// For how long what the other end or somebody on the way does wrong is shown, and how often it
/// is worth a line in the log.
const FAULT_SHOWN: u64 = 10 * NS;

/// Something that goes wrong, until it has not done so for a while.
#[derive(Debug, Default)]
pub(super) struct Fault {
    last: Option<u64>,
    logged: Option<u64>,
}

impl Fault {
    /// It happens. `true`: it is worth a line in the log.
    pub fn happens(&mut self, now: u64) -> bool {
        self.last = Some(now);
        let log = self.logged.is_none_or(|at| now.saturating_sub(at) >= FAULT_SHOWN);
        if log {
            self.logged = Some(now);
        }
        log
    }

    /// Whether it is worth showing.
    pub fn is_shown(&self, now: u64) -> bool {
        self.last.is_some_and(|at| now.saturating_sub(at) < FAULT_SHOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    #[test]
    fn loss_is_what_did_not_come_lately() {
        let mut reception = Reception::default();
        for number in 0..50u64 {
            reception.packet(number, number * 20 * MS, number * 20 * MS + 7 * MS);
        }
        assert_eq!(reception.loss_permille(), 0);
        for number in (50..100u64).filter(|number| number % 5 != 0) {
            reception.packet(number, number * 20 * MS, number * 20 * MS + 7 * MS);
        }
        assert_eq!((reception.loss_permille(), reception.missing()), (200, 10));
        assert_eq!(reception.jitter(), Duration::ZERO);
        for _ in 0..5 {
            reception.loss_permille();
        }
        assert_eq!(reception.loss_permille(), 0, "long ago");
        // Out of order is no loss.
        reception.packet(101, 0, 0);
        reception.packet(100, 0, 0);
        assert_eq!(reception.loss_permille(), 0);
        assert!(reception.jitter() > Duration::ZERO);
    }

    #[test]
    fn a_fault_is_shown_for_a_while_and_logged_now_and_then() {
        let mut fault = Fault::default();
        assert!(!fault.is_shown(0));
        let logged = (0..100).filter(|n| fault.happens(n * NS / 4)).count();
        assert_eq!(logged, 3);
        assert!(fault.is_shown(34 * NS) && !fault.is_shown(35 * NS));
    }

    #[test]
    fn a_flood_is_cut_to_its_limit() {
        let mut flood = Flood::new(100, 5 * NS);
        let passed = (0..100_000u64).filter(|n| flood.allows(5 * NS + n * 10_000)).count();
        assert!((199..=201).contains(&passed), "{passed}");
        assert!(flood.allows(100 * NS));
        assert!(flood.allows(0), "a clock that goes back takes nothing away");
    }
}
