//! The packets that wait, by number.
//!
//! In: packets in any order. Out: each once, when its number is due. Never: more than `SLOTS`.

use crate::Packet;

/// Packets that may wait: 1.28 s, twice what the greatest target and a burst can hold.
pub(crate) const SLOTS: u32 = 64;

/// What became of a packet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Put {
    Kept,
    /// Its time has passed.
    Late,
    /// It is here, or was played.
    Duplicate,
    /// So far ahead that it belongs to another stream.
    FarAhead,
}

/// A window on the numbers that begins at `next`.
pub(crate) struct Slots {
    packets: [Option<Packet>; SLOTS as usize],
    next: u32,
    /// Which of the 64 numbers before `next` came; the lowest bit is the one just before it.
    came: u64,
}

impl Slots {
    /// Waits for number `next`.
    pub(crate) fn new(next: u32) -> Self {
        Self { packets: [const { None }; SLOTS as usize], next, came: 0 }
    }

    /// The number that is due.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    fn index(sequence: u32) -> usize {
        (sequence % SLOTS) as usize
    }

    /// Takes a packet.
    pub(crate) fn put(&mut self, packet: Packet) -> Put {
        if let Some(behind) = self.next.checked_sub(packet.sequence).filter(|behind| *behind > 0) {
            let played = behind <= u64::BITS && self.came >> (behind - 1) & 1 == 1;
            return if played { Put::Duplicate } else { Put::Late };
        }
        if packet.sequence - self.next >= SLOTS {
            return Put::FarAhead;
        }
        let slot = &mut self.packets[Self::index(packet.sequence)];
        if slot.is_some() {
            return Put::Duplicate;
        }
        *slot = Some(packet);
        Put::Kept
    }

    /// The packet `ahead` places after the one that is due.
    pub(crate) fn peek(&self, ahead: u32) -> Option<&Packet> {
        let sequence = self.next.checked_add(ahead).filter(|_| ahead < SLOTS)?;
        self.packets[Self::index(sequence)].as_ref()
    }

    /// Takes out what is due, if it came, and waits for the number after it.
    pub(crate) fn advance(&mut self) -> Option<Packet> {
        let packet = self.packets[Self::index(self.next)].take();
        self.next = self.next.saturating_add(1);
        self.came = self.came << 1 | u64::from(packet.is_some());
        packet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u32) -> Packet {
        Packet { sequence, captured_ns: 0, payload: Vec::new() }
    }

    #[test]
    fn every_packet_comes_out_once_in_order() {
        let mut slots = Slots::new(10);
        for sequence in [12, 10, 13] {
            assert_eq!(slots.put(packet(sequence)), Put::Kept);
        }
        assert_eq!(slots.put(packet(12)), Put::Duplicate);
        let got: Vec<_> = (0..5).map(|_| slots.advance().map(|packet| packet.sequence)).collect();
        assert_eq!(got, [Some(10), None, Some(12), Some(13), None]);
        assert_eq!(slots.put(packet(11)), Put::Late);
        assert_eq!(slots.put(packet(12)), Put::Duplicate);
        assert_eq!(slots.put(packet(9)), Put::Late);
    }

    #[test]
    fn what_is_far_ahead_is_not_kept() {
        let mut slots = Slots::new(0);
        assert_eq!(slots.put(packet(SLOTS - 1)), Put::Kept);
        assert_eq!(slots.put(packet(SLOTS)), Put::FarAhead);
        assert_eq!(slots.put(packet(u32::MAX)), Put::FarAhead);
    }

    #[test]
    fn the_last_numbers_do_not_overflow() {
        let mut slots = Slots::new(u32::MAX - 1);
        assert_eq!(slots.put(packet(u32::MAX)), Put::Kept);
        assert!(slots.peek(5).is_none());
        slots.advance();
        assert!(slots.advance().is_some());
        assert_eq!(slots.next(), u32::MAX);
        assert!(slots.advance().is_none());
    }
}
