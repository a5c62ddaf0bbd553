//! Calls through the real relay, over real sockets.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use okno_call::{Code, End, Invitation, KnownRelays, Lost, Options, Phase, RelayKey, Want};
use okno_relay::identity::Fingerprint;
use support::{PATIENCE, Person, TestRelay, logged, never_logged, pair, relay, until};

#[test]
fn two_people_hear_and_see_each_other() {
    let relay = TestRelay::start();
    let anna = Person::start(relay.known());
    let waiting = anna.until("waiting", |phase| *phase == Phase::Waiting);
    assert_eq!(waiting.relay_key, RelayKey::Invitation(relay.fingerprint));
    let link = waiting.link_to_join.unwrap();
    let invitation: Invitation = link.parse().unwrap();
    let bert = Person::join(invitation.relay, &invitation.code);
    let (one, two) = (anna.in_call(), bert.in_call());
    assert!(one.sealed && one.safety_code.is_some());
    assert_eq!(one.safety_code, two.safety_code);
    anna.hears_and_sees();
    bert.hears_and_sees();
    assert_eq!(anna.seen().started, 1);
    until("a round trip", || anna.snapshot().link.round_trip);
    let counters = anna.snapshot().counters;
    assert_eq!((counters.forged, counters.replayed, counters.flooded), (0, 0, 0));
    anna.caller.hang_up();
    assert_eq!((anna.ended(), bert.ended()), (End::HungUp, End::PeerHungUp));
    assert_eq!((anna.seen().stopped, bert.seen().stopped), (1, 1));
    until("the thread's end", || anna.caller.is_finished().then_some(()));
    logged("the keys are confirmed");
    never_logged(&invitation.code.text());
}

#[test]
fn what_one_does_is_seen_by_the_other() {
    let relay = TestRelay::start();
    let options = Options { name: "Anna".to_owned(), muted: true, ..Options::default() };
    let anna = Person::new(relay.known(), Want::Start, options);
    let bert = Person::join(relay.known(), &anna.code());
    bert.in_call();
    let peer = until("Anna's state", || bert.snapshot().peer.filter(|peer| peer.muted));
    assert_eq!((peer.name.as_str(), peer.camera_on), ("Anna", true));
    assert!(bert.seen().sound.is_empty());
    anna.caller.set_muted(false);
    anna.caller.set_camera_on(false);
    anna.caller.set_verified(true);
    until("the change", || {
        bert.snapshot().peer.filter(|peer| !peer.muted && !peer.camera_on && peer.verified)
    });
    until("sound", || (bert.seen().sound.len() > 10).then_some(()));
    bert.caller.show_video(320, 240, 10);
    until("another size", || {
        let wanted = anna.seen().wanted?;
        (wanted.width <= 320 && wanted.height <= 240 && wanted.rate <= 10).then_some(())
    });
    bert.caller.show_video(0, 0, 0);
    until("no pictures", || anna.seen().wanted.filter(|wanted| wanted.width == 0));
}

#[test]
fn a_wrong_word_burns_the_code_at_both_ends() {
    let relay = TestRelay::start();
    let anna = Person::start(relay.known());
    let right = anna.code();
    let number = right.number();
    let wrong: Code = until("other words", || Some(Code::new(number, [1, 2, 3])));
    let bert = Person::join(relay.known(), &wrong);
    assert_eq!((anna.ended(), bert.ended()), (End::WrongCode, End::WrongCode));
    anna.got_nothing();
    bert.got_nothing();
    logged("the call is over: wrong-code");
    // The right words come too late: the number is burnt.
    let carl = Person::join(relay.known(), &right);
    assert_eq!(carl.ended(), End::CodeUsed);
}

#[test]
fn a_third_caller_and_a_used_code_are_sent_away() {
    let relay = TestRelay::start();
    let (anna, bert) = pair(&relay.known(), &relay.known());
    let code = anna.code();
    let carl = Person::join(relay.known(), &code);
    assert_eq!(carl.ended(), End::CallFull);
    bert.hears_and_sees();
    bert.caller.hang_up();
    assert_eq!(anna.ended(), End::PeerHungUp);
    let carl = Person::join(relay.known(), &code);
    assert_eq!(carl.ended(), End::CodeUsed);
    let nobody = Person::join(relay.known(), &Code::new(999_999, [1, 2, 3]));
    assert_eq!(nobody.ended(), End::NoSuchCall);
    carl.got_nothing();
}

#[test]
fn a_relay_killed_for_five_seconds_costs_five_seconds() {
    let relay = TestRelay::start();
    let (anna, bert) = pair(&relay.known(), &relay.known());
    anna.hears_and_sees();
    let safety = anna.snapshot().safety_code;
    let killed = relay.kill();
    let lost = |phase: &Phase| matches!(phase, Phase::Reconnecting { lost: Lost::Own, .. });
    anna.until("reconnecting", lost);
    bert.until("reconnecting", lost);
    std::thread::sleep(Duration::from_secs(5));
    let gone = Instant::now();
    let _relay = killed.start();
    for person in [&anna, &bert] {
        person.in_call();
        person.hears_and_sees();
        let seen = person.seen();
        let (first, age, _) = *seen.sound.iter().find(|(at, ..)| *at > gone).unwrap();
        // The aim is 2 s; a test on a busy machine is no measurement.
        assert!(first - gone < PATIENCE, "{:?}", first - gone);
        eprintln!(
            "sound {} ms after the relay's return, {} ms old",
            (first - gone).as_millis(),
            age / 1_000_000
        );
        for (at, age, _) in seen.sound.iter().filter(|(at, ..)| *at > gone) {
            assert!(*age < 600_000_000, "{} ms old {:?} after", age / 1_000_000, *at - gone);
        }
        assert!(seen.sound.is_sorted_by(|a, b| a.2 < b.2), "a number came again");
        assert_eq!((seen.started, seen.stopped), (2, 1));
    }
    assert_eq!(anna.snapshot().safety_code, safety);
    assert_eq!(anna.snapshot().counters.forged, 0);
}

#[test]
fn who_hangs_up_while_the_relay_is_away_is_heard_when_it_is_back() {
    let relay = TestRelay::start();
    let (anna, bert) = pair(&relay.known(), &relay.known());
    let killed = relay.kill();
    anna.until("reconnecting", |phase| matches!(phase, Phase::Reconnecting { .. }));
    anna.caller.hang_up();
    assert_eq!(anna.ended(), End::HungUp);
    assert!(!anna.caller.is_finished(), "the relay has still to be told");
    let _relay = killed.start();
    let end = bert.ended();
    assert!(matches!(end, End::PeerHungUp | End::Gone), "{end:?}");
    until("the end", || anna.caller.is_finished().then_some(()));
}

#[test]
fn hanging_up_works_before_there_is_a_call() {
    let relay = TestRelay::start();
    let anna = Person::start(relay.known());
    let code = anna.code();
    anna.caller.hang_up();
    assert_eq!(anna.ended(), End::HungUp);
    until("the end", || anna.caller.is_finished().then_some(()));
    let bert = Person::join(relay.known(), &code);
    assert!(matches!(bert.ended(), End::CodeUsed | End::NoSuchCall));
    // A relay that accepts and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let carl = Person::start(support::relay(silent.local_addr().unwrap(), None));
    carl.caller.hang_up();
    assert_eq!(carl.ended(), End::HungUp);
    // And one that is not there.
    let address = silent.local_addr().unwrap();
    drop(silent);
    let dora = Person::start(support::relay(address, None));
    assert!(matches!(dora.ended(), End::Unreachable(_)));
}

#[test]
fn a_relay_is_trusted_on_first_use_and_not_with_another_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("okno").join("known-relays");
    let options = || Options { known_relays: Some(file.clone()), ..Options::default() };
    let first = TestRelay::start();
    // With a key it is encrypted also on this machine; from then on it is known.
    let mut target = relay(first.address, Some(first.fingerprint));
    let anna = Person::new(target.clone(), Want::Start, options());
    anna.code();
    assert_eq!(anna.snapshot().relay_key, RelayKey::Invitation(first.fingerprint));
    let known = KnownRelays::at(&file);
    assert_eq!(known.key_of(&target).unwrap(), Some(first.fingerprint));
    target.key = None;
    let bert = Person::new(target.clone(), Want::Start, options());
    bert.code();
    assert_eq!(bert.snapshot().relay_key, RelayKey::Known(first.fingerprint));
    // An invitation with another key is not believed, nor is a relay with another key.
    let other = Fingerprint([9; 32]);
    let invited = okno_call::Relay { key: Some(other), ..target.clone() };
    let changed = |expected: Fingerprint, seen: Fingerprint| End::RelayKeyChanged {
        expected: expected.to_string(),
        seen: seen.to_string(),
    };
    let carl = Person::new(invited, Want::Start, options());
    assert_eq!(carl.ended(), changed(first.fingerprint, other));
    known.trust(&target, other).unwrap();
    let dora = Person::new(target.clone(), Want::Start, options());
    assert_eq!(dora.ended(), changed(other, first.fingerprint));
    // The person's word changes it.
    known.trust(&target, first.fingerprint).unwrap();
    let emil = Person::new(target, Want::Start, options());
    emil.code();
    logged("the relay's key is not the one that is expected");
}
