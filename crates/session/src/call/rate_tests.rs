//! The rate control against a link with a queue, in virtual time.

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
    frame: u32,
    worst: u64,
    changes: u32,
}

impl Run {
    fn new(rate: u64) -> Self {
        let link = Link { rate, free: 0, going: VecDeque::new() };
        let now = 1_000 * MS;
        let control = RateControl::new(now);
        Self { now, control, link, next: now, frame: 0, worst: 0, changes: 0 }
    }

    fn run(&mut self, seconds: u64) {
        self.worst = 0;
        self.changes = 0;
        let end = self.now + seconds * 1_000 * MS;
        while self.now < end {
            self.now += STEP;
            if self.now >= self.next {
                self.send();
            }
            while self.link.going.front().is_some_and(|&(_, at)| at + DELAY <= self.now) {
                let (frame, _) = self.link.going.pop_front().expect("one");
                self.control.received(frame, self.now);
            }
            self.changes += u32::from(self.control.tick(self.now));
        }
    }

    fn send(&mut self) {
        let wanted = self.control.wanted();
        self.next = self.now + 1_000 * MS / u64::from(wanted.rate.max(1));
        if wanted.width == 0 || !self.control.may_send(self.now) {
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
        assert!(run.worst < 700 * MS, "{} ms old at {level}", run.worst / MS);
        assert!(run.control.level + 1 >= level, "{} for {level}", run.control.level);
    }
}

#[test]
fn a_link_between_two_steps_is_not_asked_again_and_again() {
    let mut run = Run::new(rate_of(4) * 6 / 5);
    run.run(60);
    run.run(120);
    assert!(run.changes <= 16, "{} changes in two minutes", run.changes);
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
    assert!(!run.control.may_send(run.now));
    run.control.peer_shows(1920, 1080, 60);
    assert_eq!(run.control.wanted(), LADDER[7]);
}

#[test]
fn drops_at_the_relay_count() {
    let mut run = Run::new(100_000_000);
    run.run(10);
    let before = run.control.level;
    run.control.dropped_by_relay();
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

#[test]
fn what_was_never_sent_confirms_nothing() {
    let mut control = RateControl::new(0);
    assert!(!control.received(5, 10));
    control.sent(1, 10, 5);
    control.sent(2, 10, 6);
    assert!(control.received(2, 10));
    assert!(!control.received(1, 10));
    assert_eq!(control.delivered(11), 1);
}
