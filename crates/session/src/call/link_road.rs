//! One direction of a link, as sound and pictures meet it over TCP, in virtual time.
//!
//! In: records to send, the time. Out: the same records when they have come. Sound waits before
//! messages and pictures, but what the kernel and the network hold can't be overtaken; that is a
//! congestion window full, and a router's queue. What is lost is repaired, and all behind it waits.

use std::collections::VecDeque;

use super::super::{Header, Kind};

pub(super) const MS: u64 = 1_000_000;
pub(super) const STEP: u64 = MS;
const SECOND: u64 = 1_000 * MS;

/// What the kernel holds unsent, in bytes: as the relay's client lets it keep (16 KiB), and a batch.
const UNSENT: usize = 24 << 10;

/// Bytes of a record of a picture.
const PIECE: usize = 8 << 10;

/// Bytes of a segment.
const SEGMENT: usize = 1_400;

/// What a router's queue holds, in time, as the benchmark's link does.
const QUEUE: u64 = 100 * MS;

pub(super) struct Packet {
    pub header: Header,
    pub bytes: usize,
    pub sent: u64,
    /// With the last piece.
    pub payload: Option<Vec<u8>>,
}

/// See the module.
pub(super) struct Road {
    /// Bytes a second.
    pub rate: u64,
    /// One way.
    pub delay: u64,
    /// Of so many pictures the relay loses one; 0: none.
    pub loses: u32,
    /// Segments that are lost, in thousandths.
    pub loss: u64,
    /// Sound, control, pictures in pieces.
    waiting: [VecDeque<Packet>; 3],
    unsent: VecDeque<Packet>,
    /// When the link has sent what it was given.
    free: u64,
    going: VecDeque<(u64, Packet)>,
    acknowledged: VecDeque<(u64, usize)>,
    in_flight: usize,
    window: usize,
    threshold: usize,
    recovers: u64,
    video: u32,
    random: u64,
}

impl Road {
    pub fn new() -> Self {
        Self {
            rate: 100_000_000,
            delay: 25 * MS,
            loses: 0,
            loss: 0,
            waiting: Default::default(),
            unsent: VecDeque::new(),
            free: 0,
            going: VecDeque::new(),
            acknowledged: VecDeque::new(),
            in_flight: 0,
            window: 10 * SEGMENT,
            threshold: usize::MAX,
            recovers: 0,
            video: 0,
            random: 1,
        }
    }

    pub fn send(&mut self, header: Header, payload: Vec<u8>, now: u64) {
        let (place, last) = match header.kind {
            Kind::Audio => (0, payload.len()),
            Kind::Control => (1, payload.len()),
            Kind::Video => (2, payload.len() % PIECE),
        };
        if header.kind == Kind::Video {
            self.video += 1;
            if self.loses > 0 && self.video.is_multiple_of(self.loses) {
                return;
            }
            for _ in 0..payload.len() / PIECE {
                let piece = Packet { header, bytes: PIECE, sent: now, payload: None };
                self.waiting[2].push_back(piece);
            }
        }
        let bytes = last + 10;
        self.waiting[place].push_back(Packet { header, bytes, sent: now, payload: Some(payload) });
    }

    /// What has come by now.
    pub fn carry(&mut self, now: u64) -> Vec<Packet> {
        while let Some((_, bytes)) = self.acknowledged.pop_front_if(|(at, _)| *at <= now) {
            if self.in_flight * 2 >= self.window {
                let slow = SEGMENT * bytes / self.window.max(1);
                self.window += if self.window < self.threshold { bytes } else { slow };
            }
            self.in_flight -= bytes;
        }
        let held = |all: &VecDeque<Packet>| all.iter().map(|is| is.bytes).sum::<usize>();
        loop {
            while held(&self.unsent) < UNSENT
                && let Some(next) = self.waiting.iter_mut().find_map(VecDeque::pop_front)
            {
                self.unsent.push_back(next);
            }
            let fits = |next: &mut Packet| {
                self.in_flight == 0 || self.in_flight + next.bytes <= self.window
            };
            let Some(next) = self.unsent.pop_front_if(fits) else { break };
            self.launch(next, now);
        }
        let due = self.going.iter().take_while(|(at, _)| *at <= now).count();
        self.going.drain(..due).map(|(_, packet)| packet).collect()
    }

    fn launch(&mut self, packet: Packet, now: u64) {
        let takes = packet.bytes as u64 * SECOND / self.rate;
        let segments = packet.bytes.div_ceil(SEGMENT);
        let full = self.free.saturating_sub(now) > QUEUE;
        let lost = full || (0..segments).any(|_| self.is_lost());
        if lost && now >= self.recovers {
            self.window = (self.window * 7 / 10).max(2 * SEGMENT);
            self.threshold = self.window;
            self.recovers = now + 2 * self.delay;
            if full {
                // The link has sent its queue before what did not fit is sent again.
                self.free += 2 * self.delay;
            }
        }
        self.free = self.free.max(now) + takes;
        // A segment is missed a round trip later at the sender, and comes half of one after.
        let repair = if lost && !full { 2 * self.delay + 10 * MS } else { 0 };
        let comes = self.free + self.delay + repair;
        // Nothing comes before what was sent before it.
        let comes = comes.max(self.going.back().map_or(0, |(at, _)| *at));
        self.in_flight += packet.bytes;
        self.acknowledged.push_back((comes + self.delay, packet.bytes));
        self.going.push_back((comes, packet));
    }

    fn is_lost(&mut self) -> bool {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.loss > 0 && (self.random >> 33) % 1_000 < self.loss
    }
}
