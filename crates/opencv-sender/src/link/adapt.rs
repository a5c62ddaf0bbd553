//! How much quality and size a link carries.
//!
//! In: frames that were sent, and frames that had to be dropped because the network had not yet
//! taken those before; what the network delivers, and the time, as arguments. Out: a step of a ladder from what was asked for
//! down to coarse and small. Goes down within a second, to where the frames that were dropped
//! would fit; goes up slowly, and more slowly each time that up turns out to be too much, so that
//! a picture does not flicker between two steps. Never touches a socket or a clock.

use std::time::{Duration, Instant};

/// What is done to a picture beside what was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// JPEG quality is multiplied by this.
    pub quality: f64,
    /// Both sides are multiplied by this.
    pub size: f64,
    /// Bytes of a frame, of what the first step's frame has (medians over twelve pictures of a
    /// film at 720p and quality 80; only the order of magnitude matters).
    bytes: f64,
}

impl Step {
    /// What is left of a JPEG quality.
    #[must_use]
    pub fn quality_of(&self, asked: u8) -> u8 {
        // Between 1 and what was asked for: the factor is at most 1.
        ((f64::from(asked) * self.quality).round() as u8).max(1)
    }
}

/// The ladder. Quality goes first: at the size that is shown a coarser picture is the smaller loss.
/// Steps are small, so that nearly all of a link is used and one step too many fills it slowly.
pub const STEPS: [Step; 13] = [
    Step { quality: 1.0, size: 1.0, bytes: 1.0 },
    Step { quality: 0.93, size: 1.0, bytes: 0.88 },
    Step { quality: 0.85, size: 1.0, bytes: 0.78 },
    Step { quality: 0.78, size: 1.0, bytes: 0.71 },
    Step { quality: 0.7, size: 1.0, bytes: 0.65 },
    Step { quality: 0.6, size: 1.0, bytes: 0.59 },
    Step { quality: 0.5, size: 1.0, bytes: 0.53 },
    Step { quality: 0.5, size: 0.87, bytes: 0.43 },
    Step { quality: 0.5, size: 0.75, bytes: 0.34 },
    Step { quality: 0.5, size: 0.62, bytes: 0.25 },
    Step { quality: 0.5, size: 0.5, bytes: 0.18 },
    Step { quality: 0.45, size: 0.42, bytes: 0.13 },
    Step { quality: 0.4, size: 0.35, bytes: 0.09 },
];

/// Frames are counted for so long before they are judged: seven at 30 a second.
const SPAN: Duration = Duration::from_millis(250);

/// Spans in a row in which frames were dropped before a step down: a hiccup reaches into two.
const PRESSED: u32 = 3;

/// Share of dropped frames from which on a span counts as pressed.
const TOO_MANY: f64 = 0.1;

/// On a way that loses packets, spans in a row in which the system took nothing more at the end,
/// so that what the way delivers is not known, before they count: a repair that is lost holds
/// everything up for a second or two, and smaller frames with it.
const BLIND: u32 = 8;

/// What was under way before a step says nothing about the step.
const SETTLE: Duration = Duration::from_millis(500);

/// Time without pressure before a step up is tried; doubled each time that it was too much.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longest time between two tries.
const LONGEST_PATIENCE: Duration = Duration::from_secs(80);

/// A step up that was not taken back for so long was right.
const PROVEN: Duration = Duration::from_secs(4);

/// Part of what the way delivers that frames may need before they count as too many for it.
const FULL: f64 = 0.97;

/// What has passed on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Frames that were sent.
    pub sent: u64,
    /// Frames that a newer one replaced while the network had not taken those before.
    pub dropped: u64,
    /// Bytes that were sent.
    pub bytes: u64,
}

impl Counted {
    /// What has passed since an earlier count.
    #[must_use]
    pub const fn since(&self, earlier: &Self) -> Self {
        Self {
            sent: self.sent - earlier.sent,
            dropped: self.dropped - earlier.dropped,
            bytes: self.bytes - earlier.bytes,
        }
    }

    /// How long a way that delivers so many bytes a second takes for one frame: a mean. Nothing
    /// where either is not known.
    #[must_use]
    pub fn frame_time(&self, delivered: u64) -> Duration {
        let seconds = self.bytes as f64 / (self.sent as f64 * delivered as f64);
        Duration::try_from_secs_f64(seconds).unwrap_or_default()
    }

    const fn add(&mut self, more: &Self) {
        self.sent += more.sent;
        self.dropped += more.dropped;
        self.bytes += more.bytes;
    }

    /// Part of all frames, at the size of those that were sent, that `delivered` bytes a second
    /// would have carried in this time, or more than 1. `None` where that is not known.
    fn carried(&self, delivered: Option<f64>, time: Duration) -> Option<f64> {
        let (Some(delivered), 1..) = (delivered, self.sent) else { return None };
        let frames = (self.sent + self.dropped) as f64 / self.sent as f64;
        let needed = self.bytes as f64 * frames;
        (needed > 0.0).then(|| delivered * time.as_secs_f64() / needed)
    }
}

/// Follows one connection.
#[derive(Clone, Debug)]
pub struct Adapt {
    at: usize,
    span: Option<Instant>,
    counted: Counted,
    pressed: u32,
    /// Frames that were sent and dropped are counted over all pressed spans in a row.
    share: (u64, u64),
    lossy: bool,
    /// Spans in a row of which little is known; see [`BLIND`].
    blind: u32,
    /// The largest part in one of them that would have been carried.
    carried: f64,
    changed: Option<Instant>,
    calm: Option<Instant>,
    /// When the last step up was, until it is proven or taken back.
    raised: Option<Instant>,
    /// For each step, how long it must be calm before it is tried from the one below. Each has
    /// its own: that one step up was right says nothing about the next.
    patience: [Duration; STEPS.len()],
}

impl Default for Adapt {
    fn default() -> Self {
        Self {
            at: 0,
            span: None,
            counted: Counted::default(),
            pressed: 0,
            share: (0, 0),
            carried: 0.0,
            lossy: false,
            blind: 0,
            changed: None,
            calm: None,
            raised: None,
            patience: [PATIENCE; STEPS.len()],
        }
    }
}

impl Adapt {
    /// For a way on which packets are lost although it is not full.
    #[must_use]
    pub fn lossy() -> Self {
        Self { lossy: true, ..Self::default() }
    }

    /// Where on the ladder it stands; 0 is as asked for.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Notes what has passed since the last call, and asks now and then how many bytes a second the
    /// way delivers, if that is known. `true` when the step changed.
    pub fn note(
        &mut self,
        now: Instant,
        passed: Counted,
        delivered: impl FnOnce() -> Option<u64>,
    ) -> bool {
        if self.changed.is_some_and(|changed| now < changed + SETTLE) {
            return false;
        }
        self.counted.add(&passed);
        let begun = *self.span.get_or_insert(now);
        if now < begun + SPAN {
            return false;
        }
        let counted = self.counted;
        self.forget();
        self.span = Some(now);
        if self.raised.is_some_and(|raised| now >= raised + PROVEN) {
            self.raised = None;
            self.patience[self.at] = PATIENCE;
        }
        let Counted { sent, dropped, .. } = counted;
        // A busy computer drops frames too, and so do confirmations that come late; smaller frames
        // would help against neither.
        let too_many = dropped as f64 > TOO_MANY * (sent + dropped) as f64;
        if !too_many {
            return self.relax(now);
        }
        let carried = counted.carried(delivered().map(|rate| FULL * rate as f64), now - begun);
        self.blind = if carried.is_some() { 0 } else { self.blind + 1 };
        match carried {
            Some(1.0..) => self.relax(now),
            None if self.lossy && self.blind < BLIND => false,
            _ => self.press(now, sent, dropped, carried.unwrap_or(0.0)),
        }
    }

    fn press(&mut self, now: Instant, sent: u64, dropped: u64, carried: f64) -> bool {
        self.calm = None;
        self.pressed += 1;
        self.share = (self.share.0 + sent, self.share.1 + dropped);
        self.carried = self.carried.max(carried);
        if self.pressed < PRESSED || self.at + 1 == STEPS.len() {
            return false;
        }
        let (sent, dropped) = self.share;
        if sent == 0 {
            // That link, or viewer, stands still; what it will carry then is not known.
            return false;
        }
        let share = sent as f64 / (sent + dropped) as f64;
        // More frames are dropped than don't fit: while a lost packet is repaired, and while the
        // queue that the first ones too many have made is emptied.
        let carried = STEPS[self.at].bytes * share.max(self.carried);
        let fits = STEPS.iter().position(|step| step.bytes <= carried);
        let to = fits.unwrap_or(STEPS.len() - 1).max(self.at + 1);
        if self.raised.take().is_some() {
            let patience = &mut self.patience[self.at];
            *patience = (*patience * 2).min(LONGEST_PATIENCE);
        }
        self.go(to, now)
    }

    fn relax(&mut self, now: Instant) -> bool {
        self.begin_anew();
        let since = *self.calm.get_or_insert(now);
        if self.at == 0 || now < since + self.patience[self.at - 1] {
            return false;
        }
        self.raised = Some(now);
        self.go(self.at - 1, now)
    }

    fn go(&mut self, to: usize, now: Instant) -> bool {
        self.at = to;
        self.forget();
        self.begin_anew();
        self.calm = None;
        self.changed = Some(now);
        true
    }

    fn begin_anew(&mut self) {
        self.blind = 0;
        (self.pressed, self.share, self.carried) = (0, (0, 0), 0.0);
    }

    fn forget(&mut self) {
        (self.counted, self.span) = (Counted::default(), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A link that carries `capacity` of what 30 full frames a second need, for some seconds.
    /// Gives when the step changed, in milliseconds, and to what.
    fn run(
        adapt: &mut Adapt,
        now: &mut Instant,
        seconds: u32,
        capacity: f64,
    ) -> Vec<(u128, usize)> {
        let start = *now;
        let (mut changes, mut room) = (Vec::new(), 1.0);
        for _ in 0..seconds * 30 {
            *now += 33 * MS;
            // What the link took since the last frame; at most two frames' worth waits in it.
            room = f64::min(room + capacity, 2.0);
            let fits = room >= STEPS[adapt.at()].bytes * 0.99;
            if fits {
                room -= STEPS[adapt.at()].bytes;
            }
            let passed = Counted { sent: fits.into(), dropped: (!fits).into(), bytes: 0 };
            if adapt.note(*now, passed, || None) {
                changes.push((now.duration_since(start).as_millis(), adapt.at()));
            }
        }
        changes
    }

    #[test]
    fn a_link_that_carries_everything_changes_nothing() {
        let (mut adapt, mut now) = (Adapt::default(), Instant::now());
        assert_eq!(run(&mut adapt, &mut now, 60, 1.0), []);
    }

    #[test]
    fn too_slow_a_link_is_answered_within_two_seconds() {
        for (capacity, least) in [(0.67, 3), (0.5, 6), (0.3, 8), (0.1, 11)] {
            let (mut adapt, mut now) = (Adapt::default(), Instant::now());
            let changes = run(&mut adapt, &mut now, 2, capacity);
            assert!(changes.first().is_some_and(|c| c.0 <= 1000), "{capacity}: {changes:?}");
            assert!(adapt.at() >= least, "{capacity}: {changes:?}");
            assert!(STEPS[adapt.at()].bytes <= capacity, "{capacity}: {changes:?}");
        }
    }

    #[test]
    fn it_does_not_flicker() {
        let (mut adapt, mut now) = (Adapt::default(), Instant::now());
        run(&mut adapt, &mut now, 10, 0.67);
        // Ups and downs together, in ten minutes.
        let changes = run(&mut adapt, &mut now, 600, 0.67);
        assert!(changes.len() <= 24, "{changes:?}");
        // What was tried in vain was taken back within two seconds.
        for pair in changes.windows(2).filter(|pair| pair[1].1 > pair[0].1) {
            assert!(pair[1].0 - pair[0].0 <= 2000, "{changes:?}");
        }
    }

    #[test]
    fn quality_comes_back_with_the_link() {
        let (mut adapt, mut now) = (Adapt::default(), Instant::now());
        run(&mut adapt, &mut now, 20, 0.3);
        assert!(adapt.at() >= 8);
        run(&mut adapt, &mut now, 120, 1.0);
        assert_eq!(adapt.at(), 0);
    }

    #[test]
    fn a_hiccup_is_not_an_answer() {
        let (mut adapt, mut now) = (Adapt::default(), Instant::now());
        run(&mut adapt, &mut now, 2, 1.0);
        for _ in 0..6 {
            now += 33 * MS;
            let passed = Counted { dropped: 1, ..Counted::default() };
            assert!(!adapt.note(now, passed, || None));
        }
        assert_eq!(run(&mut adapt, &mut now, 10, 1.0), []);
    }

    #[test]
    fn frames_that_the_way_would_have_carried_are_not_its_fault() {
        // Every other frame is dropped; all would need 600 kB a second.
        let step = |delivered: Option<u64>| {
            let (mut adapt, mut now) = (Adapt::default(), Instant::now());
            for frame in 0..60 {
                now += 33 * MS;
                let sent = frame % 2;
                let passed = Counted { sent, dropped: 1 - sent, bytes: sent * 20_000 };
                adapt.note(now, passed, || delivered);
            }
            adapt.at()
        };
        assert_eq!(step(Some(700_000)), 0);
        assert!(step(Some(500_000)) > 0);
        assert!(step(None) > 0);
    }

    #[test]
    fn what_is_dropped_beyond_what_does_not_fit_lowers_no_further_than_the_way_needs() {
        // Half of the frames are dropped, but the way delivers nine tenths of what all need.
        let at = |mut adapt: Adapt| {
            let mut now = Instant::now();
            for frame in 0..60 {
                now += 33 * MS;
                let sent = frame % 2;
                let bytes = (20_000.0 * STEPS[adapt.at()].bytes) as u64;
                let passed = Counted { sent, dropped: 1 - sent, bytes: sent * bytes };
                adapt.note(now, passed, || Some(540_000));
            }
            STEPS[adapt.at()].bytes
        };
        // The best step below 0.97 of 0.9, not below the half that came through.
        assert!((at(Adapt::default()) - 0.78).abs() < 1e-9, "{}", at(Adapt::default()));
        assert!((at(Adapt::lossy()) - 0.78).abs() < 1e-9, "{}", at(Adapt::lossy()));
    }

    #[test]
    fn a_lost_repair_is_waited_for_and_a_lossy_way_that_stays_closed_is_not() {
        // All but one frame in four are dropped, and the system takes nothing more at the end.
        let at = |mut adapt: Adapt, seconds: u32| {
            let mut now = Instant::now();
            for frame in 0..seconds * 30 {
                now += 33 * MS;
                let sent = u64::from(frame % 4 == 0);
                let passed = Counted { sent, dropped: 1 - sent, bytes: sent * 20_000 };
                adapt.note(now, passed, || None);
            }
            adapt.at()
        };
        assert!(at(Adapt::default(), 1) > 0);
        assert_eq!(at(Adapt::lossy(), 2), 0);
        assert!(at(Adapt::lossy(), 4) > 0);
    }

    #[test]
    fn the_ladder_goes_down() {
        assert!(STEPS.windows(2).all(|s| s[1].bytes < s[0].bytes && s[1].size <= s[0].size));
    }
}
