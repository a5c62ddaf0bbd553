//! A sender, a link and a viewer in virtual time: do the credits keep the link busy and frames
//! young?

use std::collections::VecDeque;

use super::{Credits, Grant};
use crate::{ClockSync, Exchange, Liveness};

const MS: u64 = 1_000_000;
/// The camera's interval.
const INTERVAL: u64 = 33 * MS;

/// What comes before this is left out.
const WARM: u64 = 3000 * MS;

/// A link that carries a frame in `carry` nanoseconds, behind whatever waits on it.
struct Link {
    carry: u64,
    free_at: u64,
}

impl Link {
    fn arrival(&mut self, now: u64, carry: u64, one_way: u64) -> u64 {
        self.free_at = self.free_at.max(now) + carry;
        self.free_at + one_way
    }
}

struct Outcome {
    /// Ages of the frames on arrival, sorted.
    ages: Vec<u64>,
    /// Part of the time in which the link carried something.
    used: f64,
    windows: Vec<u32>,
}

fn run(carry: u64, round_trip: u64, seconds: u64) -> Outcome {
    run_on(carry, |_| round_trip, seconds, WARM)
}

/// Runs both ends for `seconds`, a millisecond a step, and looks at what arrived after `warm`;
/// `route` gives the round trip at a time. The sender is the plainest that keeps the rule of
/// docs/wire.md: the newest picture whenever fewer than `window` are on the way.
fn run_on(carry: u64, route: impl Fn(u64) -> u64, seconds: u64, warm: u64) -> Outcome {
    let mut link = Link { carry, free_at: 0 };
    let (mut clock, mut liveness) = (ClockSync::new(true), Liveness::default());
    liveness.connected(0.0);
    let mut arriving: VecDeque<(u64, u64)> = VecDeque::new();
    // When each was asked, whether alone on the way, and when it arrives.
    let mut pongs: VecDeque<(u64, bool, u64)> = VecDeque::new();
    let mut pings: VecDeque<(u64, bool, u64)> = VecDeque::new();
    let mut feedback: VecDeque<(u64, u64, u32)> = VecDeque::new();
    let mut credits = Credits::new(0);
    let (mut sent, mut got, mut granted, mut received) = (0, 0, 2, 0);
    let (mut sent_picture, mut busy) = (u64::MAX, 0);
    let mut outcome = Outcome { ages: Vec::new(), used: 0.0, windows: Vec::new() };
    let end = seconds * 1000;
    for now in (0..end).map(|ms| ms * MS) {
        let one_way = route(now) / 2;
        while let Some((_, count, window)) = feedback.pop_front_if(|(at, ..)| *at <= now) {
            (got, granted) = (count, window);
        }
        while let Some((asked, alone, _)) = pings.pop_front_if(|(.., at)| *at <= now) {
            pongs.push_back((asked, alone, link.arrival(now, 0, one_way)));
        }
        let picture = now / INTERVAL;
        if sent - got < u64::from(granted) && picture != sent_picture {
            (sent, sent_picture) = (sent + 1, picture);
            arriving.push_back((picture * INTERVAL, link.arrival(now, link.carry, one_way)));
        }
        busy += u64::from(link.free_at > now);
        while let Some((captured, at)) = arriving.pop_front_if(|(_, at)| *at <= now) {
            received += 1;
            liveness.frame(at);
            let Grant { frames, window, ping } =
                credits.grant(received, false, clock.round_trip(), liveness.interval(), now);
            if ping {
                pings.push_back((now, true, now + one_way));
            }
            feedback.push_back((now + one_way, frames, window));
            // The link is getting to know itself.
            if now >= warm {
                outcome.ages.push(at - captured);
                outcome.windows.push(window);
            }
        }
        while let Some((asked, alone, at)) = pongs.pop_front_if(|(.., at)| *at <= now) {
            let sender = asked + one_way;
            let exchange = Exchange {
                viewer_sent: asked,
                sender_received: sender,
                sender_sent: sender,
                viewer_received: at,
            };
            if alone {
                clock.add_alone(&exchange);
            } else {
                clock.add(&exchange);
            }
            if clock.is_doubtful() {
                credits.measure_anew(now);
            }
        }
        if now % (2000 * MS) == 0 {
            pings.push_back((now, false, now + one_way));
        }
    }
    outcome.used = busy as f64 / end as f64;
    outcome.ages.sort_unstable();
    outcome
}

fn p99(outcome: &Outcome) -> u64 {
    outcome.ages[outcome.ages.len() * 99 / 100]
}

#[test]
fn a_link_of_two_thirds_is_used_and_frames_stay_young() {
    // 30 frames a second are offered, 20 go through; 50 ms round trip.
    let outcome = run(50 * MS, 50 * MS, 300);
    assert!(outcome.used >= 0.75, "{} of the link", outcome.used);
    assert!(p99(&outcome) <= 150 * MS, "{} ms", p99(&outcome) / MS);
    assert!(outcome.windows.iter().all(|&w| w == 2), "the queue made the window grow");
}

#[test]
fn a_fast_link_carries_every_frame() {
    for round_trip in [1, 50, 200] {
        let outcome = run(5 * MS, round_trip * MS, 20);
        let offered = (20_000 - WARM / MS) / 33;
        assert!(outcome.ages.len() as u64 + 2 >= offered, "{} frames", outcome.ages.len());
        // The way itself, carrying, and a step of the simulation.
        assert!(p99(&outcome) <= (round_trip / 2 + 5 + 2) * MS, "{} ms", p99(&outcome) / MS);
    }
}

#[test]
fn a_route_that_becomes_longer_carries_every_frame_again() {
    const LONGER: u64 = 20_000 * MS;
    let route = |now| if now < LONGER { 10 * MS } else { 250 * MS };
    // Eight exchanges, two seconds apart, and the ninth on an empty way.
    let settled = LONGER + 20_000 * MS;
    let outcome = run_on(2 * MS, route, 60, settled);
    let offered = (60_000 - settled / MS) / 33;
    assert!(outcome.ages.len() as u64 + 2 >= offered, "{} of {offered}", outcome.ages.len());
    assert!(p99(&outcome) <= (125 + 2 + 2) * MS, "{} ms", p99(&outcome) / MS);
}

#[test]
fn a_link_of_a_tenth_holds_no_more_than_the_window() {
    let outcome = run(330 * MS, 50 * MS, 120);
    assert!(outcome.windows.iter().all(|&w| w == 2));
    // Two frames on the way, the older of them just begun, and the capture's interval.
    assert!(p99(&outcome) <= (2 * 330 + 25 + 50 + 33 + 2) * MS, "{} ms", p99(&outcome) / MS);
}
