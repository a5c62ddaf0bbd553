//! What pictures to send: as large, as many and as good as the link and the other end take.
//!
//! In: frames sent, frames that arrived, frames that the relay dropped or that found no room, what
//! the camera gives, what the other end shows. Out: the wanted size, rate and quality, whether one
//! more frame may go on its way, and whether the link has lowered the picture. Never looks at a
//! picture.
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

/// The best step.
const TOP: usize = LADDER.len() - 1;

/// Where a call begins: about 2 Mbit/s of JPEG, which most links take.
const FIRST: usize = 3;

/// Over what time sending and arriving are compared.
const WINDOW: u64 = 1_000 * MS;

/// How often a decision is made.
const EVERY: u64 = 250 * MS;

/// Time in the network's queues, beyond the shortest lately, that says that the link is full.
/// More would be heard in the sound.
const QUEUED: u64 = 120 * MS;

/// So many frames in a row have waited when the link is full.
const SEVERAL: usize = 3;

/// Of all frames that wanted to go, the thousandths that found no room, from which on the link is
/// too slow for the rate.
const HELD_BACK: u32 = 200;

/// Part of what arrives that the next step may need, in thousandths.
const MARGIN: u64 = 850;

/// The same after a step up that failed: it was the step below that held, so that one is gone back
/// to unless the link has become much slower meanwhile.
const TRIAL_MARGIN: u64 = 1_500;

/// Between a step down and the next: what was in the queues must have left them first.
const SETTLE: u64 = 750 * MS;

/// Without a sign for this long, a step up is tried.
const CALM: u64 = 1_000 * MS;

/// ... but not sooner than this after a step down.
const AFTER_FALL: u64 = 4_000 * MS;

/// Longest wait before a step that failed is tried again.
const LONGEST_WAIT: u64 = 32_000 * MS;

/// A step up that is followed by a step down within this time has failed: a link that carries nearly
/// as much takes seconds to show it.
const PROVEN: u64 = 10_000 * MS;

/// How long the picture must have been better before it no longer counts as lowered.
const BETTER: u64 = 3_000 * MS;

/// A frame that did not arrive within this time is not coming: its path or the relay lost it.
const GIVEN_UP: u64 = 2_000 * MS;

/// How long the shortest time there and back is remembered; routes change.
const BASE: u64 = 10_000 * MS;

/// Frames of a second that are remembered; far above what a camera gives.
const MAX_OFFERED: usize = 1_000;

/// The picture counts as lowered with less than this part, in thousandths, of the pixels a second
/// that camera and other end could do.
const LOWERED: u64 = 500;

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
    /// Size and rate of the camera, once they are known; beyond them steps are all the same.
    camera: Option<(u16, u16, u8)>,
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
    /// Of each step: since when it is tried, until it is proven or given up.
    raised: [Option<u64>; LADDER.len()],
    /// The link holds the picture down.
    lowered: bool,
    /// Since when it does so no longer.
    recovered: Option<u64>,
    /// Of each step: how often it failed in a row, and when it may be tried again.
    failed: [(u32, u64); LADDER.len()],
}

impl RateControl {
    /// Begins in the middle.
    #[must_use]
    pub fn new(now: u64) -> Self {
        Self {
            level: FIRST,
            peer: LADDER[TOP],
            camera: None,
            on_the_way: VecDeque::new(),
            arrived: VecDeque::new(),
            offered: VecDeque::new(),
            trips: VecDeque::new(),
            lost: false,
            decided: now,
            stepped_down: 0,
            calm_since: now,
            raised: [None; LADDER.len()],
            lowered: false,
            recovered: None,
            failed: [(0, 0); LADDER.len()],
        }
    }

    /// What the other end shows: a box of pixels and frames a second.
    pub fn peer_shows(&mut self, width: u16, height: u16, rate: u8) {
        self.peer = VideoQuality { width, height, rate, quality: 100 };
    }

    /// What the camera gives: its size, and frames a second (0: not known).
    pub fn camera_gives(&mut self, width: u16, height: u16, rate: u8) {
        let rate = if rate == 0 { u8::MAX } else { rate };
        self.camera = (width > 0 && height > 0).then_some((width, height, rate));
    }

    /// What should be sent now.
    #[must_use]
    pub fn wanted(&self) -> VideoQuality {
        self.fitted(self.level, self.peer)
    }

    /// What a step comes to with this camera for somebody who shows so much.
    fn fitted(&self, level: usize, peer: VideoQuality) -> VideoQuality {
        let step = LADDER[level];
        let (width, height) = (step.width.min(peer.width), step.height.min(peer.height));
        let (width, height, rate) = match self.camera {
            None => (width, height, u8::MAX),
            Some((full_width, full_height, rate)) => {
                let (width, height) = shrunk((full_width, full_height), (width, height));
                (width, height, rate)
            }
        };
        let rate = step.rate.min(peer.rate).min(rate);
        VideoQuality { width, height, rate, quality: step.quality }
    }

    /// What keeps it from being better.
    #[must_use]
    pub fn limit(&self) -> Limit {
        let best = self.fitted(TOP, self.peer);
        if weight(self.wanted()) < weight(best) {
            Limit::Link
        } else if weight(best) < weight(self.fitted(TOP, LADDER[TOP])) {
            Limit::Peer
        } else {
            Limit::None
        }
    }

    /// The link holds the picture well below what camera and other end could do, and not only
    /// because the call has just begun: worth a word to the person.
    #[must_use]
    pub fn is_lowered(&self) -> bool {
        self.lowered
    }

    /// Whether one more frame may go now: no more are on the way than the path holds without
    /// queueing (docs/call-protocol.md). Has to be asked once for each frame that could be sent,
    /// unless [`RateControl::held_back`] is told of it.
    pub fn may_send(&mut self, now: u64) -> bool {
        self.give_up(now);
        let room = self.has_room(now);
        self.offer(room, now);
        room
    }

    /// A frame was not even made, because there was no room for it.
    pub fn held_back(&mut self, now: u64) {
        self.offer(false, now);
    }

    fn offer(&mut self, room: bool, now: u64) {
        // What was on its way before a step down takes the room of what comes after it.
        let settled = now.saturating_sub(self.stepped_down) >= SETTLE / 2;
        if settled && self.offered.len() < MAX_OFFERED {
            self.offered.push_back((now, room));
        }
    }

    /// As [`RateControl::may_send`], only to look.
    #[must_use]
    pub fn has_room(&self, now: u64) -> bool {
        // Behind one that is late it would be late, too.
        let late = self.base().unwrap_or(u64::MAX).saturating_add(2 * QUEUED);
        if self.on_the_way.front().is_some_and(|first| now.saturating_sub(first.sent) > late) {
            return false;
        }
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
        let Self { level, peer, camera, .. } = *self;
        *self = Self { level, peer, camera, ..Self::new(now) };
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
        // One late frame is no queue: the fastest of several has waited.
        let recent = self.trips.iter().rev().take(SEVERAL);
        let waited = |&&(at, trip): &&(u64, u64)| {
            now.saturating_sub(at) < WINDOW && trip.saturating_sub(base) > QUEUED
        };
        let queued = recent.filter(waited).count() == SEVERAL;
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
        } else if now.saturating_sub(self.calm_since) >= CALM
            && now.saturating_sub(self.stepped_down) >= AFTER_FALL
        {
            self.step_up(now);
        }
        self.lost = false;
        self.judge(now);
        before != self.level
    }

    /// Whether the picture counts as lowered. It does until a better step has held: a hint that
    /// comes and goes with each try would be worse than none.
    fn judge(&mut self, now: u64) {
        let pixels = |is: VideoQuality| {
            u64::from(is.width) * u64::from(is.height) * u64::from(is.rate) * 1_000
        };
        let best = pixels(self.fitted(TOP, self.peer));
        let poor = self.limit() == Limit::Link && pixels(self.wanted()) < best * LOWERED / 1_000;
        if poor {
            self.recovered = None;
            // Without a step down the call is only on its way up from its beginning.
            self.lowered |= self.stepped_down > 0;
        } else if now.saturating_sub(*self.recovered.get_or_insert(now)) >= BETTER {
            self.lowered = false;
        }
    }

    fn step_down(&mut self, now: u64) {
        let level = self.level;
        let trial = self.raised[level].take().is_some_and(|at| now.saturating_sub(at) < PROVEN);
        self.level = self.what_fits(if trial { TRIAL_MARGIN } else { MARGIN }, now);
        if trial {
            let (times, again) = &mut self.failed[level];
            *times = (*times + 1).min(10);
            *again = now + (CALM << *times).min(LONGEST_WAIT);
        }
        self.stepped_down = now;
        self.offered.clear();
    }

    /// The next step down that asks for less.
    fn below(&self) -> usize {
        let now = weight(self.wanted());
        (0..self.level).rev().find(|&at| weight(self.fitted(at, self.peer)) < now).unwrap_or(0)
    }

    /// The next step up that asks for more.
    fn above(&self) -> Option<usize> {
        let now = weight(self.wanted());
        (self.level + 1..LADDER.len()).find(|&at| weight(self.fitted(at, self.peer)) > now)
    }

    /// The best step below this one that needs less than the link carries; `margin` is the part
    /// of that, in thousandths, that it may need.
    fn what_fits(&self, margin: u64, now: u64) -> usize {
        let most = self.below();
        let all: u64 = self.arrived.iter().map(|&(_, bytes)| bytes).sum();
        let held = self.on_the_way.front();
        let Some(frame) = all.checked_div(self.arrived.len() as u64).or(held.map(|is| is.bytes))
        else {
            // Everything was lost, and what that link will carry is not known.
            return most.saturating_sub(1);
        };
        let carried = self.carried(frame, now);
        let fits =
            |&level: &usize| self.cost(frame, level) <= carried.saturating_mul(margin) / 1_000;
        (0..=most).rev().find(fits).unwrap_or(0)
    }

    /// Bytes a second that the link carries, as far as is known. A link that has just become slow
    /// shows it in what came last, and more so in the frame that it still holds.
    fn carried(&self, frame: u64, now: u64) -> u64 {
        let recent = |span: u64| {
            let new = self.arrived.iter().filter(move |(at, _)| now.saturating_sub(*at) < span);
            new.map(|&(_, bytes)| bytes).sum::<u64>() * 1_000 * MS / span
        };
        let arrived = match self.arrived.back() {
            Some(_) => recent(WINDOW).min(recent(WINDOW / 2)).max(frame),
            None => u64::MAX,
        };
        let Some(held) = self.on_the_way.front() else { return arrived };
        // It had the link to itself since the one before it came, or else after a base of its own.
        let before = self.arrived.back().map_or(0, |&(at, _)| at);
        let since = before.max(held.sent + self.base().unwrap_or(0));
        match now.saturating_sub(since) {
            waited if waited < QUEUED => arrived,
            waited => arrived.min(held.bytes * 1_000 * MS / waited),
        }
    }

    /// Bytes a second of another step, judged by the bytes of a frame at this one: they grow with
    /// the pixels and about with the quality.
    fn cost(&self, frame: u64, level: usize) -> u64 {
        let other = self.fitted(level, self.peer);
        let bytes = |is: VideoQuality| weight(VideoQuality { rate: 1, ..is }).max(1);
        let whole = u128::from(frame) * u128::from(bytes(other)) * u128::from(other.rate);
        u64::try_from(whole / u128::from(bytes(self.wanted()))).unwrap_or(u64::MAX)
    }

    fn step_up(&mut self, now: u64) {
        self.calm_since = now;
        if let Some(at) = self.raised[self.level] {
            if now.saturating_sub(at) >= PROVEN {
                self.raised[self.level] = None;
                self.failed[self.level].0 = 0;
            } else if self.failed[self.level].0 > 0 {
                // It has failed before: nothing is built on it yet.
                return;
            }
        }
        let Some(next) = self.above() else { return };
        // Without pictures nothing is known about the link.
        if now >= self.failed[next].1 && !self.arrived.is_empty() {
            self.level = next;
            self.raised[next] = Some(now);
            // What was held back before says nothing about this step.
            self.offered.clear();
        }
    }
}

/// About in proportion to the bytes a second.
fn weight(is: VideoQuality) -> u64 {
    u64::from(is.width) * u64::from(is.height) * u64::from(is.quality) * u64::from(is.rate)
}

/// The largest size of this shape that fits, and is not larger.
fn shrunk((width, height): (u16, u16), most: (u16, u16)) -> (u16, u16) {
    if width <= most.0 && height <= most.1 {
        return (width, height);
    }
    let part = |side: u16, of: u16, by: u16| {
        let scaled = (u32::from(side) * u32::from(of) + u32::from(by) / 2) / u32::from(by.max(1));
        u16::try_from(scaled).unwrap_or(u16::MAX)
    };
    let least = |side: u16, most: u16| side.max(1).min(most);
    if u32::from(width) * u32::from(most.1) >= u32::from(height) * u32::from(most.0) {
        (most.0, least(part(height, most.0, width), most.1))
    } else {
        (least(part(width, most.1, height), most.0), most.1)
    }
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
