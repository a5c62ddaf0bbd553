//! What pictures to send: as large, as many and as good as the link and the other end take.
//!
//! In: frames sent, frames that arrived, frames that the relay dropped, what the other end shows.
//! Out: the wanted size, rate and quality, and whether one more frame may go on its way. Never
//! looks at a picture.
//!
//! Down within a second of the first sign, at once as far as what arrives says; up by one step a
//! second while nothing speaks against it. A step that fails is left alone for a time that doubles
//! each time, so that a link between two steps is not driven into its queue again and again.

use std::collections::VecDeque;

use super::{Limit, VideoQuality};
use crate::credits;

const MS: u64 = 1_000_000;

/// What can be asked for, from the least that shows a face to the best.
pub const LADDER: [VideoQuality; 8] = [
    step(160, 120, 5, 35),
    step(240, 180, 10, 40),
    step(320, 240, 12, 50),
    step(480, 360, 15, 55),
    step(640, 480, 20, 60),
    step(640, 480, 30, 70),
    step(960, 720, 30, 70),
    step(1280, 960, 30, 80),
];

const fn step(width: u16, height: u16, rate: u8, quality: u8) -> VideoQuality {
    VideoQuality { width, height, rate, quality }
}

/// Where a call begins: about 2 Mbit/s of JPEG, which most links take.
const FIRST: usize = 3;

/// Over what time sending and arriving are compared.
const WINDOW: u64 = 1_000 * MS;

/// How often a decision is made.
const EVERY: u64 = 250 * MS;

/// Time in the network's queues, beyond the shortest lately, that says that the link is full.
/// More would be heard in the sound.
const QUEUED: u64 = 120 * MS;

/// Of all frames that wanted to go, the thousandths that found no room, from which on the link is
/// too slow for the rate.
const HELD_BACK: u32 = 200;

/// Part of what arrives that the next step may need, in thousandths.
const MARGIN: u64 = 850;

/// Between a step down and the next: what was in the queues must have left them first.
const SETTLE: u64 = 750 * MS;

/// Without a sign for this long, a step up is tried.
const CALM: u64 = 1_000 * MS;

/// Longest wait before a step that failed is tried again.
const LONGEST_WAIT: u64 = 32_000 * MS;

/// A step up that is followed by a step down within this time has failed.
const TRIAL: u64 = 3_000 * MS;

/// A frame that did not arrive within this time is not coming: its path or the relay lost it.
const GIVEN_UP: u64 = 2_000 * MS;

/// How long the shortest time there and back is remembered; routes change.
const BASE: u64 = 10_000 * MS;

/// Frames on the way that are remembered; far above what may be.
const MAX_ON_THE_WAY: usize = 64;

#[derive(Clone, Copy, Debug)]
struct OnTheWay {
    frame: u32,
    sent: u64,
    bytes: u64,
}

/// See the module. Times in nanoseconds of one clock.
#[derive(Debug)]
pub struct RateControl {
    level: usize,
    peer: VideoQuality,
    on_the_way: VecDeque<OnTheWay>,
    /// When frames arrived, and their bytes.
    arrived: VecDeque<(u64, u64)>,
    /// When frames wanted to go, and whether there was room.
    offered: VecDeque<(u64, bool)>,
    /// Round trips of frames: when, how long.
    trips: VecDeque<(u64, u64)>,
    lost: bool,
    decided: u64,
    stepped_down: u64,
    calm_since: u64,
    stepped_up: Option<u64>,
    /// Of each step: how often it failed in a row, and when it may be tried again.
    failed: [(u32, u64); LADDER.len()],
}

impl RateControl {
    /// Begins in the middle.
    #[must_use]
    pub fn new(now: u64) -> Self {
        Self {
            level: FIRST,
            peer: LADDER[LADDER.len() - 1],
            on_the_way: VecDeque::new(),
            arrived: VecDeque::new(),
            offered: VecDeque::new(),
            trips: VecDeque::new(),
            lost: false,
            decided: now,
            stepped_down: 0,
            calm_since: now,
            stepped_up: None,
            failed: [(0, 0); LADDER.len()],
        }
    }

    /// What the other end shows: a box of pixels and frames a second.
    pub fn peer_shows(&mut self, width: u16, height: u16, rate: u8) {
        self.peer = VideoQuality { width, height, rate, quality: 100 };
    }

    /// What should be sent now.
    #[must_use]
    pub fn wanted(&self) -> VideoQuality {
        let level = LADDER[self.level];
        VideoQuality {
            width: level.width.min(self.peer.width),
            height: level.height.min(self.peer.height),
            rate: level.rate.min(self.peer.rate),
            quality: level.quality,
        }
    }

    /// What keeps it from being better.
    #[must_use]
    pub fn limit(&self) -> Limit {
        let (level, peer) = (LADDER[self.level], self.peer);
        if peer.width < level.width && peer.height < level.height || peer.rate < level.rate {
            Limit::Peer
        } else if self.level + 1 < LADDER.len() {
            Limit::Link
        } else {
            Limit::None
        }
    }

    /// Whether one more frame may go now: no more are on the way than the path holds without
    /// queueing (docs/call-protocol.md). Has to be asked once for each frame that could be sent.
    pub fn may_send(&mut self, now: u64) -> bool {
        self.give_up(now);
        let room = self.has_room();
        if self.offered.len() < 1_000 {
            self.offered.push_back((now, room));
        }
        room
    }

    /// As [`RateControl::may_send`], only to look.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let interval = 1_000 * MS / u64::from(self.wanted().rate.max(1));
        let window = credits::credit_window(self.base(), Some(interval));
        self.wanted().width > 0 && (self.on_the_way.len() as u32) < window
    }

    /// A frame was sent.
    pub fn sent(&mut self, frame: u32, bytes: usize, now: u64) {
        if self.on_the_way.len() == MAX_ON_THE_WAY {
            self.on_the_way.pop_front();
        }
        self.on_the_way.push_back(OnTheWay { frame, sent: now, bytes: bytes as u64 });
    }

    /// The other end has this frame; those before it arrived or were dropped on the way. `false`:
    /// it was not on the way.
    pub fn received(&mut self, frame: u32, now: u64) -> bool {
        let Some(at) = self.on_the_way.iter().position(|sent| sent.frame == frame) else {
            return false;
        };
        for sent in self.on_the_way.drain(..=at) {
            if sent.frame == frame {
                self.arrived.push_back((now, sent.bytes));
                self.trips.push_back((now, now.saturating_sub(sent.sent)));
            }
        }
        true
    }

    /// The relay dropped frames for the other's path.
    pub fn dropped_by_relay(&mut self) {
        self.lost = true;
    }

    /// The path was lost or is back: what was on the way is gone.
    pub fn restart(&mut self, now: u64) {
        let (level, peer) = (self.level, self.peer);
        *self = Self { level, peer, ..Self::new(now) };
    }

    /// Frames that arrived in the last second.
    #[must_use]
    pub fn delivered(&self, now: u64) -> u32 {
        let recent = |(at, _): &&(u64, u64)| now.saturating_sub(*at) < WINDOW;
        u32::try_from(self.arrived.iter().filter(recent).count()).unwrap_or(u32::MAX)
    }

    /// Shortest time there and back of a frame lately.
    fn base(&self) -> Option<u64> {
        self.trips.iter().map(|&(_, trip)| trip).min()
    }

    fn give_up(&mut self, now: u64) {
        while let Some(first) = self.on_the_way.front() {
            if now.saturating_sub(first.sent) < GIVEN_UP {
                break;
            }
            self.on_the_way.pop_front();
            self.lost = true;
        }
    }

    fn forget(&mut self, now: u64) {
        let old = |at: u64, most: u64| now.saturating_sub(at) >= most;
        while self.arrived.front().is_some_and(|&(at, _)| old(at, WINDOW)) {
            self.arrived.pop_front();
        }
        while self.offered.front().is_some_and(|&(at, _)| old(at, WINDOW)) {
            self.offered.pop_front();
        }
        while self.trips.front().is_some_and(|&(at, _)| old(at, BASE)) || self.trips.len() > 1_000 {
            self.trips.pop_front();
        }
    }

    /// Whether the link shows that it takes less than is sent.
    fn is_full(&self, now: u64) -> bool {
        let base = self.base().unwrap_or(0);
        let recent: Vec<u64> = self
            .trips
            .iter()
            .filter(|(at, _)| now.saturating_sub(*at) < WINDOW / 2)
            .map(|&(_, trip)| trip.saturating_sub(base))
            .collect();
        // One late frame is no queue: the fastest of several has waited.
        let queued = recent.len() >= 3 && recent.iter().all(|&wait| wait > QUEUED);
        let waiting = self.on_the_way.front().map_or(0, |sent| now.saturating_sub(sent.sent));
        let stuck = waiting > base + 4 * QUEUED;
        let held = self.offered.iter().filter(|(_, room)| !room).count() as u32;
        let all = self.offered.len() as u32;
        let held_back = all >= 5 && held * 1_000 > all * HELD_BACK;
        self.lost || queued || stuck || held_back
    }

    /// Time goes on. `true`: what is wanted has changed.
    pub fn tick(&mut self, now: u64) -> bool {
        self.give_up(now);
        if now.saturating_sub(self.decided) < EVERY {
            return false;
        }
        self.decided = now;
        self.forget(now);
        let before = self.level;
        if self.is_full(now) {
            self.calm_since = now;
            if now.saturating_sub(self.stepped_down) >= SETTLE && self.level > 0 {
                self.step_down(now);
            }
        } else if now.saturating_sub(self.calm_since) >= CALM {
            self.step_up(now);
        }
        self.lost = false;
        before != self.level
    }

    fn step_down(&mut self, now: u64) {
        let trial = self.stepped_up.take().is_some_and(|at| now.saturating_sub(at) < TRIAL);
        let level = self.level;
        self.level = if trial { level.saturating_sub(1) } else { self.what_fits() };
        if trial {
            let (times, again) = &mut self.failed[level];
            *times = (*times + 1).min(10);
            *again = now + (CALM << *times).min(LONGEST_WAIT);
        }
        self.stepped_down = now;
        self.offered.clear();
    }

    /// The best step below this one that needs less than what arrives.
    fn what_fits(&self) -> usize {
        let arrived: u64 = self.arrived.iter().map(|&(_, bytes)| bytes).sum();
        let budget = arrived * 1_000_000_000 / WINDOW * MARGIN / 1_000;
        let frames = self.arrived.len() as u64;
        let frame = (arrived / frames.max(1)).max(1);
        let fits = |&level: &usize| frames == 0 || cost(frame, self.level, level) <= budget;
        // At least one step, and on a link that lets nothing through two.
        let most = self.level.saturating_sub(if frames == 0 { 2 } else { 1 });
        (0..=most).rev().find(fits).unwrap_or(0)
    }

    fn step_up(&mut self, now: u64) {
        self.calm_since = now;
        if self.stepped_up.is_some_and(|at| now.saturating_sub(at) >= TRIAL) {
            self.failed[self.level].0 = 0;
        }
        // Without pictures nothing is known about the link, and more than the other end shows
        // would never be asked for.
        let enough = self.limit() == Limit::Peer;
        let next = self.failed.get(self.level + 1);
        let may = next.is_some_and(|&(_, again)| now >= again);
        if may && !self.arrived.is_empty() && !enough {
            self.level += 1;
            self.stepped_up = Some(now);
            // What was held back before says nothing about this step.
            self.offered.clear();
        }
    }
}

/// Bytes a second of another step, judged by the bytes of a frame at this one: they grow with the
/// pixels and about with the quality.
fn cost(frame: u64, at: usize, other: usize) -> u64 {
    let weight = |level: usize| {
        let step = LADDER[level];
        u64::from(step.width) * u64::from(step.height) * u64::from(step.quality)
    };
    frame * weight(other) / weight(at).max(1) * u64::from(LADDER[other].rate)
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
