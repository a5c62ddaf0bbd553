//! What a relay can do to a call: end it, and nothing else.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::time::Duration;

use okno_call::{Code, End, Lost, Phase, Trouble};
use okno_relay::record::Kind;
use support::hostile::{Hostile, Malice};
use support::{PICTURE, Person, SOUND, logged, pair, relay, until};

/// Two people who call over a relay that becomes hostile now.
fn betrayed(malice: Malice) -> (Hostile, Person, Person) {
    let hostile = Hostile::start(malice, false);
    let relay = relay(hostile.address, None);
    let (anna, bert) = pair(&relay, &relay);
    anna.hears_and_sees();
    bert.hears_and_sees();
    hostile.begin();
    (hostile, anna, bert)
}

/// One of the two finds out and ends it; nothing that was changed was handed on.
fn found_out(anna: &Person, bert: &Person) {
    until("an end", || {
        let tampered = Phase::Ended(End::Tampered);
        [anna, bert].iter().any(|person| person.snapshot().phase == tampered).then_some(())
    });
    for person in [anna, bert] {
        assert_eq!(person.seen().foreign, None);
    }
    logged("the call is over: tampered");
}

#[test]
fn a_tap_finds_no_picture_and_no_sound() {
    let (hostile, anna, bert) = betrayed(Malice::None);
    anna.hears_and_sees();
    bert.hears_and_sees();
    let seen = hostile.seen();
    assert!(seen.len() > 200_000, "{}", seen.len());
    let code = anna.code().text();
    let words: Vec<&str> = code.split('-').skip(1).collect();
    for secret in [SOUND, PICTURE, b"known plain", &[7; 32]] {
        assert!(!seen.windows(secret.len()).any(|at| at == secret), "{secret:?}");
    }
    for word in words {
        assert!(
            !seen
                .windows(word.len() + 1)
                .any(|at| &at[..word.len()] == word.as_bytes() && at[word.len()] == b'-')
        );
    }
}

#[test]
fn what_is_altered_is_not_opened() {
    for kind in [Kind::Audio, Kind::Video, Kind::Control] {
        let (_hostile, anna, bert) = betrayed(Malice::Alter(kind));
        found_out(&anna, &bert);
    }
}

#[test]
fn what_is_cut_short_is_not_opened() {
    for kind in [Kind::Audio, Kind::Control] {
        let (_hostile, anna, bert) = betrayed(Malice::Truncate(kind));
        found_out(&anna, &bert);
    }
}

#[test]
fn what_is_repeated_is_heard_once() {
    for kind in [Kind::Audio, Kind::Control] {
        let (hostile, anna, bert) = betrayed(Malice::Replay(kind));
        until("repetitions", || (bert.snapshot().counters.replayed > 20).then_some(()));
        anna.hears_and_sees();
        bert.hears_and_sees();
        let mut numbers: Vec<u64> = bert.seen().sound.iter().map(|&(_, _, n)| n).collect();
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), all, "a packet was handed on twice");
        let snapshot = bert.snapshot();
        assert_eq!(snapshot.link.trouble, Some(Trouble::Tampering), "{snapshot:?}");
        assert_eq!(snapshot.phase, Phase::InCall);
        assert!(hostile.added() > 20);
    }
}

#[test]
fn what_is_swapped_is_put_up_with_or_dropped() {
    let (_hostile, anna, bert) = betrayed(Malice::Swap(Kind::Audio));
    anna.hears_and_sees();
    bert.hears_and_sees();
    assert_eq!(bert.snapshot().counters.forged, 0);
    let (_hostile, anna, bert) = betrayed(Malice::Swap(Kind::Control));
    until("refused", || (bert.snapshot().counters.replayed > 5).then_some(()));
    anna.hears_and_sees();
    bert.hears_and_sees();
}

#[test]
fn sound_that_is_held_back_is_not_played_late() {
    let (_hostile, _anna, bert) = betrayed(Malice::Delay(Duration::from_secs(2)));
    until("late sound", || (bert.snapshot().counters.audio_late > 20).then_some(()));
    let seen = bert.seen();
    let oldest = seen.sound.iter().map(|&(_, age, _)| age).max().unwrap();
    assert!(oldest < 900_000_000, "{} ms", oldest / 1_000_000);
}

#[test]
fn a_relay_that_swallows_the_key_agreement_is_waited_for_and_left() {
    let hostile = Hostile::start(Malice::Mute, true);
    let relay = relay(hostile.address, None);
    let anna = Person::start(relay.clone());
    let bert = Person::join(relay, &anna.code());
    assert_eq!(anna.ended(), End::PeerSilent);
    assert_eq!(bert.ended(), End::PeerSilent);
    anna.got_nothing();
    bert.got_nothing();
    logged("the call is over: peer-silent");
}

#[test]
fn a_peer_that_falls_silent_is_shown() {
    let (_hostile, anna, _bert) = betrayed(Malice::Mute);
    // Sound goes on, so it is there.
    assert_eq!(anna.in_call().phase, Phase::InCall);
    drop(_bert);
    anna.until("an end", |phase| {
        matches!(phase, Phase::Reconnecting { lost: Lost::Peer, .. } | Phase::Ended(_))
    });
}

#[test]
fn a_flood_of_a_hundred_thousand_packets_a_second_is_thrown_away() {
    let (hostile, anna, bert) = betrayed(Malice::Flood);
    until("a flood", || (hostile.added() > 300_000).then_some(()));
    until("counted", || {
        let counters = bert.snapshot().counters;
        (counters.flooded + counters.replayed > 100_000).then_some(())
    });
    let phase = bert.snapshot().phase;
    assert!(matches!(phase, Phase::InCall | Phase::Reconnecting { .. }), "{phase:?}");
    assert_eq!(bert.seen().foreign, None);
    assert_eq!(bert.snapshot().counters.forged, 0);
    // The window and the log say so.
    until("a word for the window", || {
        let trouble = bert.snapshot().link.trouble;
        matches!(trouble, Some(Trouble::Flooding | Trouble::Tampering)).then_some(())
    });
    logged("sends more than a call needs");
    // Commands are heard in the middle of it.
    bert.caller.hang_up();
    assert_eq!(bert.ended(), End::HungUp);
    drop(anna);
}

#[test]
fn four_gigabytes_that_are_announced_are_not_waited_for() {
    let (_hostile, anna, bert) = betrayed(Malice::Huge);
    found_out(&anna, &bert);
}

#[test]
fn somebody_in_the_middle_who_guesses_the_words_is_found_out_at_both_ends() {
    let hostile = Hostile::start(Malice::Middle(Code::new(7, [1, 2, 3])), true);
    let relay = relay(hostile.address, None);
    let anna = Person::start(relay.clone());
    let bert = Person::join(relay, &anna.code());
    assert_eq!(anna.code().number(), 7);
    // The relay does not pass hanging up on: each finds out by itself, or gives up.
    for person in [&anna, &bert] {
        let end = person.ended();
        assert!(matches!(end, End::WrongCode | End::PeerSilent), "{end:?}");
        person.got_nothing();
        assert!(person.snapshot().safety_code.is_none());
    }
    assert!(hostile.opened().is_empty(), "it opened something");
    assert!([anna.ended(), bert.ended()].contains(&End::WrongCode));
    for with in 0..2 {
        let (phase, _) = hostile.call(with).unwrap();
        assert_ne!(phase, Phase::InCall);
    }
}

#[test]
fn somebody_in_the_middle_who_knows_the_words_has_another_safety_code_on_each_side() {
    // The words were read on the way, say in a mail. The seals can't help then; the safety code
    // can.
    let hostile = Hostile::start(Malice::Middle(Code::new(7, [1, 2, 3])), true);
    let relay = relay(hostile.address, None);
    let stolen = Code::new(7, [1, 2, 3]);
    let anna = Person::join(relay.clone(), &stolen);
    let bert = Person::join(relay, &stolen);
    let codes = [anna.in_call().safety_code.unwrap(), bert.in_call().safety_code.unwrap()];
    assert_ne!(codes[0], codes[1]);
    assert_ne!(codes[0].words, codes[1].words);
    assert_ne!(codes[0].digits, codes[1].digits);
    until("what it hears", || (!hostile.opened().is_empty()).then_some(()));
}
