//! Pictures on their way, one by one, by hand.

use super::*;

/// The other's clock is ahead by so much.
const AHEAD_BY: u64 = 5_000 * SECOND;
const DELAY: u64 = 25 * MS;
const FRAME: u64 = 33 * MS;

/// A way on which thirty pictures of 10 kB came at once each.
fn calm() -> (Way, u64) {
    let mut way = Way::default();
    way.ping(SECOND, SECOND + DELAY + AHEAD_BY, SECOND + 2 * DELAY);
    let mut now = 2 * SECOND;
    for frame in 0..30 {
        pass(&mut way, frame, now, 0, 0);
        now += FRAME;
    }
    (way, now)
}

/// One picture that waits so long, and whose confirmation does.
fn pass(way: &mut Way, frame: u32, sent: u64, waits: u64, back: u64) {
    way.sent(frame, 10_000, 1, sent);
    let came = sent + DELAY + waits;
    assert!(way.received(frame, Some(came + AHEAD_BY), came + DELAY + back));
}

#[test]
fn what_was_never_sent_confirms_nothing() {
    let mut way = Way::default();
    assert!(!way.received(5, None, 10));
    way.sent(1, 10, 1, 5);
    way.sent(2, 10, 1, 6);
    assert!(way.received(2, None, 10));
    assert!(!way.received(1, None, 10));
    assert_eq!(way.delivered(11), 1);
}

#[test]
fn confirmations_that_wait_are_no_queue_of_ours() {
    let (mut way, now) = calm();
    for frame in 0..10 {
        let sent = now + u64::from(frame) * FRAME;
        pass(&mut way, 100 + frame, sent, 0, 300 * MS);
        assert_eq!(way.waited(sent + 2 * DELAY + 300 * MS), 0);
    }
    // More are on the way meanwhile, and none of them is late.
    let now = now + SECOND;
    for frame in 0..8 {
        let at = now + u64::from(frame) * FRAME;
        assert!(way.has_room(10_000, FRAME, at), "{frame}");
        way.sent(200 + frame, 10_000, 1, at);
    }
}

#[test]
fn a_fall_shows_in_the_first_picture_that_it_holds() {
    let (mut way, now) = calm();
    assert!(way.carries(now).is_none_or(|carries| carries > 1_000_000));
    // 10 kB in 165 ms.
    pass(&mut way, 100, now, 165 * MS, 0);
    let now = now + 2 * DELAY + 165 * MS;
    assert_eq!(way.waited(now), 165 * MS);
    let carries = way.carries_now(now).expect("known");
    assert!((150_000..190_000).contains(&carries), "{carries}");
    for frame in 101..103 {
        way.sent(frame, 10_000, 1, now);
    }
    assert!(!way.has_room(10_000, FRAME, now), "two of them fill the way");
}

#[test]
fn a_stall_that_ends_with_all_at_once_has_cost_nothing() {
    let (mut way, now) = calm();
    for frame in 0..3u64 {
        way.sent(100 + frame as u32, 10_000, 1, now + frame * FRAME);
    }
    let came = now + 100 * MS + DELAY;
    for frame in 100..103 {
        way.received(frame, Some(came + AHEAD_BY), came + DELAY);
    }
    let carries = way.carries(came + DELAY).expect("known");
    assert!(carries >= 300_000, "three pictures in 100 ms: {carries}");
    assert!(way.could_carry(came + DELAY).expect("known") > 1_000_000);
    // One that a timer brings late says nothing either, two do.
    let now = now + SECOND;
    pass(&mut way, 200, now, 300 * MS, 0);
    assert!(way.carries(now + 350 * MS).is_none_or(|carries| carries > 300_000));
    pass(&mut way, 201, now + 400 * MS, 300 * MS, 0);
    assert!(way.carries(now + 750 * MS).is_some_and(|carries| carries < 200_000));
}

#[test]
fn one_that_is_late_holds_the_next_back_unless_we_did_not_run() {
    let (mut way, now) = calm();
    way.sent(100, 10_000, 1, now);
    assert!(way.has_room(10_000, FRAME, now + FRAME));
    let late = now + 2 * DELAY + 60 * MS;
    assert!(!way.has_room(10_000, FRAME, late));
    way.stood_still(60 * MS);
    assert!(way.has_room(10_000, FRAME, late));
    assert!(!way.give_up(now + GIVEN_UP));
    assert!(way.give_up(now + GIVEN_UP + 60 * MS));
}

#[test]
fn an_end_that_does_not_say_when_is_judged_by_the_round_trip() {
    let mut way = Way::default();
    for frame in 0..10 {
        let sent = SECOND + u64::from(frame) * FRAME;
        way.sent(frame, 10_000, 1, sent);
        way.received(frame, None, sent + 2 * DELAY);
        assert_eq!(way.waited(sent + 2 * DELAY), 0);
    }
    way.sent(10, 10_000, 1, 2 * SECOND);
    way.received(10, None, 2 * SECOND + 2 * DELAY + 90 * MS);
    assert_eq!(way.waited(2 * SECOND + 2 * DELAY + 90 * MS), 90 * MS);
}

#[test]
fn no_time_that_an_end_tells_overflows() {
    let mut way = Way::default();
    for (frame, theirs) in [0, u64::MAX, 1, u64::MAX / 2].into_iter().enumerate() {
        let now = SECOND + frame as u64;
        way.sent(frame as u32, u64::MAX / 4, u64::MAX / 2, now);
        way.received(frame as u32, Some(theirs), now + 1);
        way.ping(now, theirs, now + 1);
        let _ = (way.waited(now), way.carries(now), way.could_carry(now), way.bytes_of(7));
        let _ = way.has_room(1, 1, now);
    }
}
