//! The rate control against a link with a queue, in virtual time.

use std::collections::VecDeque;

use super::*;

/// A link of so many bytes a second, with a queue, that takes `DELAY` each way.
struct Link {
    rate: u64,
    free: u64,
    /// Frame and when it arrives.
    going: VecDeque<(u32, u64)>,
}

const DELAY: u64 = 25 * MS;
const STEP: u64 = MS;

/// The other's clock is ahead by so much.
const THEIRS: u64 = 777_000 * MS;

/// Bytes of a camera frame at a quality: about 1.3 bits a pixel at 70.
fn size(quality: VideoQuality) -> usize {
    let pixels = u32::from(quality.width) * u32::from(quality.height);
    (pixels as usize * usize::from(quality.quality)) / 430
}

fn rate_of(level: usize) -> u64 {
    size(LADDER[level]) as u64 * u64::from(LADDER[level].rate)
}

struct Run {
    now: u64,
    control: RateControl,
    link: Link,
    next: u64,
    next_ping: u64,
    frame: u32,
    worst: u64,
    changes: u32,
}

impl Run {
    fn new(rate: u64) -> Self {
        let link = Link { rate, free: 0, going: VecDeque::new() };
        let now = 1_000 * MS;
        let control = RateControl::new(now);
        Self { now, control, link, next: now, next_ping: now, frame: 0, worst: 0, changes: 0 }
    }

    fn run(&mut self, seconds: u64) {
        self.run_ms(seconds * 1_000);
    }

    fn run_ms(&mut self, milliseconds: u64) {
        self.worst = 0;
        self.changes = 0;
        let end = self.now + milliseconds * MS;
        while self.now < end {
            self.now += STEP;
            if self.now >= self.next_ping {
                self.next_ping = self.now + 1_000 * MS;
                // It waits behind what is there, as a message does.
                let came = self.link.free.max(self.now) + DELAY;
                self.control.ping(self.now, came + THEIRS, came + DELAY);
            }
            if self.now >= self.next {
                self.send();
            }
            while self.link.going.front().is_some_and(|&(_, at)| at + DELAY <= self.now) {
                let (frame, came) = self.link.going.pop_front().expect("one");
                let changed = self.control.received(frame, Some(came + THEIRS), self.now);
                self.changes += u32::from(changed);
            }
            self.changes += u32::from(self.control.tick(self.now));
        }
    }

    fn send(&mut self) {
        let wanted = self.control.wanted();
        self.next = self.now + 1_000 * MS / u64::from(wanted.rate.max(1));
        if wanted.width == 0 || !self.control.has_room(self.now) {
            return;
        }
        let bytes = size(wanted);
        self.control.sent(self.frame, bytes, self.now);
        self.link.free = self.link.free.max(self.now) + bytes as u64 * 1_000 * MS / self.link.rate;
        let arrives = self.link.free + DELAY;
        self.worst = self.worst.max(arrives - self.now);
        self.link.going.push_back((self.frame, arrives));
        self.frame += 1;
    }
}

#[test]
fn the_ladder_rises() {
    for level in 1..LADDER.len() {
        assert!(rate_of(level) > rate_of(level - 1));
    }
}

#[test]
fn a_good_link_gets_the_best_within_seconds_and_keeps_it() {
    let mut run = Run::new(100_000_000);
    run.run(6);
    assert_eq!(run.control.wanted(), LADDER[7]);
    assert_eq!(run.control.limit(), Limit::None);
    run.run(60);
    assert_eq!(run.changes, 0);
}

#[test]
fn a_link_that_becomes_slow_is_followed_within_two_seconds() {
    let mut run = Run::new(100_000_000);
    run.run(10);
    for level in [5, 3, 1] {
        run.link.rate = rate_of(level) * 3 / 2;
        run.run(2);
        assert!(run.control.level <= level, "{} for {level}", run.control.level);
        run.run(1);
        run.run(20);
        assert!(run.worst < 500 * MS, "{} ms old at {level}", run.worst / MS);
        assert!(run.control.level + 1 >= level, "{} for {level}", run.control.level);
    }
}

#[test]
fn a_link_between_two_steps_is_not_asked_again_and_again() {
    let mut run = Run::new(rate_of(4) * 6 / 5);
    run.run(60);
    run.run(120);
    assert!(run.changes <= 8, "{} changes in two minutes", run.changes);
    assert!(run.control.level.abs_diff(4) <= 1, "{}", run.control.level);
}

#[test]
fn the_other_ends_window_is_followed_at_once() {
    let mut run = Run::new(100_000_000);
    run.run(10);
    run.control.peer_shows(320, 180, 15);
    let wanted = run.control.wanted();
    assert_eq!((wanted.width, wanted.height, wanted.rate), (320, 180, 15));
    assert_eq!(run.control.limit(), Limit::Peer);
    run.control.peer_shows(0, 0, 0);
    assert_eq!(run.control.wanted().width, 0);
    assert!(!run.control.has_room(run.now));
    run.control.peer_shows(1920, 1080, 60);
    assert_eq!(run.control.wanted(), LADDER[7]);
}

#[test]
fn what_never_leaves_counts() {
    let mut run = Run::new(100_000_000);
    run.run(10);
    let before = run.control.level;
    run.control.cannot_keep_up();
    run.run(1);
    assert!(run.control.level < before);
}

#[test]
fn a_link_that_lets_nothing_through_ends_at_the_least_and_comes_back() {
    let mut run = Run::new(100_000_000);
    run.run(10);
    run.link.free = run.now + 5_000 * MS;
    run.run(5);
    assert!(run.control.level <= 1, "{}", run.control.level);
    run.run(15);
    assert_eq!(run.control.level, 7);
}

/// A step's bytes a second with this camera.
fn rate_with(camera: (u16, u16, u8), level: usize) -> u64 {
    let mut control = RateControl::new(0);
    control.camera_gives(camera.0, camera.1, camera.2);
    let is = control.fitted(level, LADDER[TOP]);
    size(is) as u64 * u64::from(is.rate)
}

#[test]
fn any_fall_of_the_link_is_followed_within_two_seconds_and_any_rise_is_taken_up() {
    for camera in [(1280, 720, 30), (640, 480, 30), (640, 360, 15)] {
        for level in [5, 3, 2, 1] {
            // Two frames of 720p are on their way when the link falls, and can't be taken back; this
            // one would need six seconds for them.
            if level == 1 && camera.0 > 640 {
                continue;
            }
            let mut run = Run::new(100_000_000);
            run.control.camera_gives(camera.0, camera.1, camera.2);
            run.run(12);
            assert_eq!(run.control.limit(), Limit::None);
            run.link.rate = rate_with(camera, level) * 5 / 4;
            let asks = |run: &Run| {
                let is = run.control.wanted();
                size(is) as u64 * u64::from(is.rate)
            };
            // The two that the fall caught take most of two seconds by themselves at the slowest.
            run.run(if level == 1 { 3 } else { 2 });
            assert!(asks(&run) <= run.link.rate, "{camera:?} {level}: {:?}", run.control.wanted());
            // What the fall caught on its way is gone, and from here on nothing is old.
            run.run(2);
            run.run(20);
            // The oldest is one of a step that was tried in vain.
            assert!(run.worst < 500 * MS, "{camera:?} {level}: {} ms", run.worst / MS);
            assert!(run.control.level + 1 >= level, "{camera:?} {level}: {}", run.control.level);
            run.link.rate = 100_000_000;
            run.run(40);
            assert_eq!(run.control.limit(), Limit::None, "{camera:?} {level}");
            assert!(!run.control.is_lowered());
            run.run(60);
            assert_eq!(run.changes, 0, "{camera:?} {level}");
        }
    }
}

#[test]
fn pictures_keep_the_cameras_shape_and_are_never_larger() {
    let mut control = RateControl::new(0);
    control.camera_gives(640, 360, 15);
    for (level, is) in [(7, (640, 360, 15)), (3, (480, 270, 15)), (0, (160, 90, 10))] {
        control.level = level;
        let wanted = control.wanted();
        assert_eq!((wanted.width, wanted.height, wanted.rate), is);
    }
    control.peer_shows(1280, 300, 30);
    control.level = TOP;
    assert_eq!((control.wanted().width, control.wanted().height), (533, 300));
    assert_eq!(control.limit(), Limit::Peer);
    // A telephone held upright, and what no camera is.
    control.camera_gives(720, 1280, 30);
    control.peer_shows(1280, 960, 30);
    assert_eq!((control.wanted().width, control.wanted().height), (540, 960));
    for odd in [(1, u16::MAX), (u16::MAX, 1), (u16::MAX, u16::MAX), (1, 1)] {
        control.camera_gives(odd.0, odd.1, 0);
        let is = control.wanted();
        assert!((1..=1280).contains(&is.width) && (1..=960).contains(&is.height), "{is:?}");
    }
}

#[test]
fn a_camera_that_is_small_is_not_asked_for_steps_that_change_nothing() {
    let mut run = Run::new(100_000_000);
    run.control.camera_gives(320, 240, 10);
    run.run(10);
    assert_eq!(run.control.limit(), Limit::None);
    let before = run.control.wanted();
    run.control.step_down(None, run.now);
    assert!(weight(run.control.wanted()) < weight(before));
}

#[test]
fn the_picture_counts_as_lowered_while_the_link_holds_it_down_and_no_longer() {
    let camera = (1280, 720, 30);
    let mut run = Run::new(100_000_000);
    run.control.camera_gives(camera.0, camera.1, camera.2);
    for _ in 0..100 {
        run.run_ms(100);
        assert!(!run.control.is_lowered(), "on the way up");
    }
    run.link.rate = rate_with(camera, 2) * 6 / 5;
    run.run(3);
    assert!(run.control.is_lowered());
    // Tries of a better step don't make it come and go.
    for _ in 0..600 {
        run.run_ms(100);
        assert!(run.control.is_lowered());
    }
    run.link.rate = 100_000_000;
    run.run(45);
    assert!(!run.control.is_lowered());
    // What the other end shows is no fault of the link.
    run.control.peer_shows(160, 90, 5);
    run.run(5);
    assert!(!run.control.is_lowered());
}
