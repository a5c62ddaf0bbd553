//! What pictures to send: as large, as many and as good as the link and the other end take.
//!
//! In: frames sent and confirmed, pings, what the camera gives, what the other end shows. Out: the
//! wanted size, rate and quality, whether one more frame may go on its way, and whether the link has
//! lowered the picture. Never looks at a picture.
//!
//! What the link carries is measured (`way.rs`). Down with the first frame that has waited in a
//! queue, as far as that says; up by one step a second while nothing waits, where the next step fits,
//! and seldom where it does not seem to. A step that fails is left alone for a time that doubles
//! each time, so that a link between two steps is not driven into its queue again and again.

use super::way::Way;
use super::{Limit, VideoQuality};

const MS: u64 = 1_000_000;

/// What can be asked for, from the least that shows a face to the best. A movement that jerks is
/// worse than one that is blurred: size and quality go down first.
pub const LADDER: [VideoQuality; 8] = [
    step(160, 120, 10, 35),
    step(240, 180, 20, 34),
    step(320, 240, 24, 36),
    step(480, 360, 24, 40),
    step(640, 480, 24, 50),
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

/// How often a step up is thought about.
const EVERY: u64 = 250 * MS;

/// Time in the network's queues, beyond a frame's own, that says that the link is full. More would be
/// heard in the sound.
const QUEUED: u64 = 80 * MS;

/// A frame that waits for longer than until the next one is due makes a queue; less than this is
/// noise.
const NOISE: u64 = 60 * MS;

/// Part of what the link carries that a step may need, in thousandths: the one that is gone down to,
/// and the one that is gone up to.
const DOWN: u64 = 900;
const UP: u64 = 850;

/// Between a step down and the next for a reason that says nothing about what the link carries:
/// what was on the way must have left it first.
const SETTLE: u64 = 750 * MS;

/// Without a sign for this long, a step up is tried.
const CALM: u64 = 1_000 * MS;

/// ... but not sooner than this after a step down.
const AFTER_FALL: u64 = 4_000 * MS;

/// ... and a step that does not seem to fit not sooner than this after any other: what delays
/// frames may be no limit of the link.
const DOUBTFUL: u64 = 16_000 * MS;

/// Longest wait before a step that failed is tried again.
const LONGEST_WAIT: u64 = 32_000 * MS;

/// A step up that is followed by a step down within this time has failed: a link that carries nearly
/// as much takes seconds to show it.
const PROVEN: u64 = 10_000 * MS;

/// How long the picture must have been better before it no longer counts as lowered.
const BETTER: u64 = 3_000 * MS;

/// Between two looks at the time at most; more, and this program or its machine did not run.
const LOOKS: u64 = 100 * MS;

/// The picture counts as lowered with less than this part, in thousandths, of the pixels a second
/// that camera and other end could do.
const LOWERED: u64 = 500;

/// See the module. Times in nanoseconds of one clock.
#[derive(Debug)]
pub struct RateControl {
    level: usize,
    peer: VideoQuality,
    /// Size and rate of the camera, once they are known; beyond them steps are all the same.
    camera: Option<(u16, u16, u8)>,
    way: Way,
    /// Frames were lost on the way, or never left.
    lost: bool,
    looked: u64,
    decided: u64,
    stepped_down: u64,
    changed: u64,
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
            way: Way::default(),
            lost: false,
            looked: now,
            decided: now,
            stepped_down: 0,
            changed: now,
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

    /// Whether one more frame may go now: no more are on the way than it holds without a queue that
    /// would be heard (docs/call-protocol.md).
    #[must_use]
    pub fn has_room(&self, now: u64) -> bool {
        let wanted = self.wanted();
        let bytes = self.way.bytes_of(picture(wanted)).unwrap_or(0);
        wanted.width > 0 && self.way.has_room(bytes, self.interval(), now)
    }

    /// Nanoseconds between frames.
    fn interval(&self) -> u64 {
        1_000 * MS / u64::from(self.wanted().rate.max(1))
    }

    /// A frame was sent.
    pub fn sent(&mut self, frame: u32, bytes: usize, now: u64) {
        self.way.sent(frame, bytes as u64, picture(self.wanted()), now);
    }

    /// A ping that was sent then is answered; `theirs`: when the other end had it, by its clock.
    pub fn ping(&mut self, sent: u64, theirs: u64, now: u64) {
        self.way.ping(sent, theirs, now);
    }

    /// The other end has this frame, since `theirs` of its clock if it says so; those before it
    /// arrived or were dropped on the way. `true`: what is wanted has changed.
    pub fn received(&mut self, frame: u32, theirs: Option<u64>, now: u64) -> bool {
        self.way.received(frame, theirs, now) && self.follow(now)
    }

    /// Far more frames are made than leave, which nothing else says.
    pub fn cannot_keep_up(&mut self) {
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
        u32::try_from(self.way.delivered(now)).unwrap_or(u32::MAX)
    }

    /// Time goes on; at least every 50 ms. `true`: what is wanted has changed.
    pub fn tick(&mut self, now: u64) -> bool {
        let passed = now.saturating_sub(std::mem::replace(&mut self.looked, now));
        if passed > LOOKS {
            self.way.stood_still(passed);
        }
        self.lost |= self.way.give_up(now);
        let mut changed = self.follow(now);
        if now.saturating_sub(self.decided) >= EVERY {
            self.decided = now;
            if now.saturating_sub(self.calm_since) >= CALM
                && now.saturating_sub(self.stepped_down) >= AFTER_FALL
            {
                changed |= self.step_up(now);
            }
            self.judge(now);
        }
        changed
    }

    /// Goes down if the link says so.
    fn follow(&mut self, now: u64) -> bool {
        let interval = self.interval();
        let waited = self.way.waited(now) > interval.max(NOISE);
        let full = self.way.all_waited(interval + QUEUED, self.stepped_down);
        let carries = self.way.carries(now);
        let too_much = waited
            && carries.zip(self.cost(self.level)).is_some_and(|(carries, cost)| cost > carries);
        let settled = now.saturating_sub(self.stepped_down) >= SETTLE;
        if !(too_much || full || self.lost) {
            return false;
        }
        self.calm_since = now;
        let down = (too_much || settled) && self.level > 0;
        if down {
            self.step_down(self.way.carries_now(now), now);
        }
        self.lost = false;
        down
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

    fn step_down(&mut self, carries: Option<u64>, now: u64) {
        let level = self.level;
        let trial = self.raised[level].is_some_and(|at| now.saturating_sub(at) < PROVEN);
        // Those below were only passed on the way up.
        self.raised = [None; LADDER.len()];
        self.level = self.what_fits(carries);
        if trial {
            let (times, again) = &mut self.failed[level];
            *times = (*times + 1).min(10);
            *again = now + (CALM << *times).min(LONGEST_WAIT);
        }
        (self.stepped_down, self.changed) = (now, now);
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

    /// The best step below this one that needs less than the link carries.
    fn what_fits(&self, carries: Option<u64>) -> usize {
        let most = self.below();
        let Some(carries) = carries else {
            // Everything was lost, and what that link will carry is not known.
            return most.saturating_sub(1);
        };
        let fits = |&level: &usize| {
            self.cost(level).is_some_and(|cost| cost <= carries.saturating_mul(DOWN) / 1_000)
        };
        (0..=most).rev().find(fits).unwrap_or(0)
    }

    /// Bytes a second of a step, judged by the frames of now. `None`: there were none.
    fn cost(&self, level: usize) -> Option<u64> {
        let is = self.fitted(level, self.peer);
        Some(self.way.bytes_of(picture(is))?.saturating_mul(is.rate.into()))
    }

    fn step_up(&mut self, now: u64) -> bool {
        self.calm_since = now;
        if let Some(at) = self.raised[self.level] {
            if now.saturating_sub(at) >= PROVEN {
                self.raised[self.level] = None;
                self.failed[self.level].0 = 0;
            } else if self.failed[self.level].0 > 0 {
                // It has failed before: nothing is built on it yet.
                return false;
            }
        }
        // Without pictures nothing is known about the link.
        let Some(next) = self.above().filter(|_| self.way.is_known()) else { return false };
        let fits = self
            .way
            .could_carry(now)
            .zip(self.cost(next))
            .is_some_and(|(carries, cost)| cost <= carries.saturating_mul(UP) / 1_000);
        if now < self.failed[next].1 || !(fits || now.saturating_sub(self.changed) >= DOUBTFUL) {
            return false;
        }
        (self.level, self.changed) = (next, now);
        self.raised[next] = Some(now);
        true
    }
}

/// About in proportion to the bytes a second.
fn weight(is: VideoQuality) -> u64 {
    picture(is) * u64::from(is.rate)
}

/// About in proportion to the bytes of one picture.
fn picture(is: VideoQuality) -> u64 {
    u64::from(is.width) * u64::from(is.height) * u64::from(is.quality)
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
