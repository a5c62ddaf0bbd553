//! Calls through the real program: joining, refusing, burning, resuming, stopping.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use okno_relay::client::{Call, Ended, Event, PathError, Sent, Trust, Want};
use okno_relay::identity::Fingerprint;
use okno_relay::proto::call_hello::Want as HelloWant;
use okno_relay::proto::relay_message::Message;
use okno_relay::proto::{Allocate, CallRole, EndReason};
use okno_relay::record::{MAGIC, Reader};
use support::{PATIENCE, Raw, Relay, Tap, next, pair, payload, soon, target, wait_for};

const QUEUED: Sent = Sent::Queued { dropped: 0, key_needed: false };

/// A frame, an audio packet and a control packet from one to the other, byte for byte.
async fn talk(from: &Call, to: &mut Call, number: u32) {
    let (frame, audio, control) =
        (payload(number, 60_000), payload(number + 1, 160), payload(number + 2, 300));
    assert_eq!(from.sender().control(0, &control), QUEUED);
    assert_eq!(from.sender().audio(1, &audio), QUEUED);
    assert_eq!(from.sender().video(2, 0, true, &frame), QUEUED);
    let (mut got_frame, mut got_audio, mut got_control) = (None, None, None);
    while got_frame.is_none() || got_audio.is_none() || got_control.is_none() {
        match next(to).await {
            Event::Audio { stream: 1, payload } => got_audio = Some(payload),
            Event::Control { stream: 0, payload } => got_control = Some(payload),
            Event::Video { stream: 2, key: true, payload, .. } => got_frame = Some(payload),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(got_audio.unwrap(), audio);
    assert_eq!(got_control.unwrap(), control);
    assert_eq!(got_frame.unwrap(), frame);
}

async fn talk_both_ways(one: &mut Call, two: &mut Call) {
    for number in 0..10 {
        talk(one, two, number * 10).await;
        talk(two, one, number * 10 + 5).await;
    }
}

#[tokio::test]
async fn two_callers_meet_and_everything_arrives_both_ways() {
    let relay = Relay::start();
    let (mut caller, mut callee) = relay.pair().await;
    assert_eq!((caller.role(), callee.role()), (CallRole::Caller, CallRole::Callee));
    assert_eq!(caller.number(), callee.number());
    assert!((1..=99).contains(&caller.number()), "a short number: {}", caller.number());
    talk_both_ways(&mut caller, &mut callee).await;
    assert_eq!(relay.figure("okno_relay_calls{state=\"paired\"}"), 1);
}

#[tokio::test]
async fn the_key_is_pinned_and_a_tap_finds_nothing() {
    let relay = Relay::start();
    let tap = Tap::to(relay.calls).await;
    let first = target(tap.address, Trust::FirstUse);
    let mut caller = Call::connect(first, Want::Allocate, "test").await.unwrap();
    assert_eq!(caller.fingerprint(), Some(relay.fingerprint));
    let other = Trust::Pinned(Fingerprint([7; 32]));
    match Call::connect(target(tap.address, other), Want::Join(1), "test").await {
        Err(PathError::WrongKey { seen, .. }) => assert_eq!(seen, relay.fingerprint),
        other => panic!("{other:?}"),
    }
    let pinned = target(tap.address, Trust::Pinned(relay.fingerprint));
    let mut callee = Call::connect(pinned, Want::Join(caller.number()), "test").await.unwrap();
    next(&mut caller).await;
    talk(&caller, &mut callee, 1).await;
    let (seen, needle) = (tap.seen(), payload(1, 60_000));
    assert!(seen.len() > 60_000);
    assert!(!seen.windows(32).any(|bytes| bytes == &needle[100..132]), "readable on the wire");
}

#[tokio::test]
async fn a_third_caller_and_wrong_numbers_are_refused() {
    let relay = Relay::start();
    let (mut caller, mut callee) = relay.pair().await;
    let number = caller.number();
    let refused = |number| Raw::refused(relay.calls, HelloWant::Join(number));
    assert_eq!(refused(number).await, EndReason::EndCallFull);
    assert_eq!(refused(number + 1).await, EndReason::EndNoSuchCall);
    assert_eq!(refused(0).await, EndReason::EndNoSuchCall);
    assert_eq!(refused(u32::MAX).await, EndReason::EndNoSuchCall);
    talk_both_ways(&mut caller, &mut callee).await;
}

#[tokio::test]
async fn hanging_up_ends_it_for_both_and_burns_the_number() {
    let relay = Relay::start();
    let (caller, mut callee) = relay.pair().await;
    let number = caller.number();
    caller.hang_up(PATIENCE).await;
    let ended = wait_for(&mut callee, "the end", |event| matches!(event, Event::Ended(_))).await;
    match ended {
        Event::Ended(Ended::ByRelay { reason, .. }) => assert_eq!(reason, EndReason::EndPeerHungUp),
        other => panic!("{other:?}"),
    }
    assert_eq!(soon("the end", callee.next()).await, None);
    let refused = Raw::refused(relay.calls, HelloWant::Join(number)).await;
    assert_eq!(refused, EndReason::EndCodeUsed);
    assert_eq!(relay.figure("okno_relay_calls{state=\"paired\"}"), 0);
}

#[tokio::test]
async fn a_lost_path_is_resumed_and_both_are_told() {
    let relay = Relay::start();
    let tap = Tap::to(relay.calls).await;
    let tapped = target(tap.address, Trust::Pinned(relay.fingerprint));
    let (mut caller, mut callee) = pair(&tapped, &relay.target()).await;
    for _ in 0..3 {
        talk_both_ways(&mut caller, &mut callee).await;
        tap.cut();
        assert!(matches!(next(&mut caller).await, Event::PathLost { .. }));
        assert_eq!(next(&mut caller).await, Event::PathResumed { peer_present: true });
        let lost = |event: &Event| matches!(event, Event::PeerLost { seconds: 1..=60 });
        wait_for(&mut callee, "the loss", lost).await;
        assert_eq!(next(&mut callee).await, Event::PeerPresent { resumed: true });
    }
    talk_both_ways(&mut caller, &mut callee).await;
    assert_eq!(relay.figure("okno_relay_resumed_total"), 3);
}

#[tokio::test]
async fn a_bit_that_is_altered_on_the_way_costs_the_path_and_nothing_else() {
    let relay = Relay::start();
    let tap = Tap::to(relay.calls).await;
    let tapped = target(tap.address, Trust::Pinned(relay.fingerprint));
    let (mut caller, mut callee) = pair(&tapped, &relay.target()).await;
    for _ in 0..3 {
        talk_both_ways(&mut caller, &mut callee).await;
        tap.alter();
        caller.sender().audio(0, b"altered");
        assert!(matches!(next(&mut caller).await, Event::PathLost { .. }));
        assert_eq!(next(&mut caller).await, Event::PathResumed { peer_present: true });
        // The next that the other one hears is the loss: nothing of what was altered.
        assert!(matches!(next(&mut callee).await, Event::PeerLost { .. }));
        assert_eq!(next(&mut callee).await, Event::PeerPresent { resumed: true });
    }
    talk_both_ways(&mut caller, &mut callee).await;
}

#[tokio::test]
async fn calls_survive_a_relay_that_is_killed_and_started_again() {
    let relay = Relay::start();
    let (mut caller, mut callee) = relay.pair().await;
    let mut waiting = Call::connect(relay.target(), Want::Allocate, "test").await.unwrap();
    talk_both_ways(&mut caller, &mut callee).await;
    let relay = relay.kill_and_restart();
    for call in [&mut caller, &mut callee, &mut waiting] {
        let resumed = |event: &Event| matches!(event, Event::PathResumed { .. });
        wait_for(call, "the resumption", resumed).await;
    }
    // Whoever came first has been told about the other one by now or will be.
    let number = caller.number();
    let refused = Raw::refused(relay.calls, HelloWant::Join(number)).await;
    assert_eq!(refused, EndReason::EndCallFull, "nobody can join in between");
    caller.sender().control(0, b"after");
    let after =
        |event: &Event| matches!(event, Event::Control { payload, .. } if payload == "after");
    wait_for(&mut callee, "a packet", after).await;
    callee.sender().control(0, b"after");
    wait_for(&mut caller, "a packet", after).await;
    talk_both_ways(&mut caller, &mut callee).await;
    // A caller that was still waiting can be joined under its old number.
    let mut late =
        Call::connect(relay.target(), Want::Join(waiting.number()), "test").await.unwrap();
    wait_for(&mut waiting, "the other", |e| matches!(e, Event::PeerPresent { .. })).await;
    talk_both_ways(&mut waiting, &mut late).await;
    // And what has ended stays ended.
    caller.hang_up(PATIENCE).await;
    wait_for(&mut callee, "the end", |e| matches!(e, Event::Ended(_))).await;
    let refused = Raw::refused(relay.calls, HelloWant::Join(number)).await;
    assert_eq!(refused, EndReason::EndCodeUsed);
}

#[tokio::test]
async fn only_a_token_of_this_relay_resumes_and_only_while_the_call_lasts() {
    let relay = Relay::start();
    let (mut caller, joined) = Raw::allocate(relay.calls).await;
    let mut forged = joined.resume_token.to_vec();
    forged[3] ^= 1;
    for token in [forged.into(), bytes::Bytes::new(), bytes::Bytes::from(vec![0; 400])] {
        let refused = Raw::refused(relay.calls, HelloWant::Resume(token)).await;
        assert_eq!(refused, EndReason::EndCannotResume);
    }
    // The same caller over a second connection takes the place of the first.
    let mut second = Raw::connect(relay.calls).await;
    second.hello(HelloWant::Resume(joined.resume_token.clone())).await;
    assert!(second.joined().await.resumed);
    assert_eq!(caller.ended().await.reason(), EndReason::EndReplaced);
    second.message(okno_relay::proto::relay_message::Message::HangUp(Default::default())).await;
    assert_eq!(second.ended().await.reason(), EndReason::EndPeerHungUp);
    let refused = Raw::refused(relay.calls, HelloWant::Resume(joined.resume_token)).await;
    assert_eq!(refused, EndReason::EndCannotResume);
}

#[tokio::test]
async fn a_relay_that_stops_says_so_and_ends_with_143() {
    let relay = Relay::start();
    let (mut raw, joined) = Raw::allocate(relay.calls).await;
    let mut other = Raw::connect(relay.calls).await;
    other.hello(HelloWant::Join(joined.number)).await;
    other.joined().await;
    // One that says nothing and one that has not finished its hello must not hold it up.
    let _silent = tokio::net::TcpStream::connect(relay.calls).await.unwrap();
    let _half = Raw::connect(relay.calls).await;
    relay.terminate();
    for caller in [&mut raw, &mut other] {
        let ended = caller.ended().await;
        assert_eq!(ended.reason(), EndReason::EndRelayStops);
        assert!(ended.may_resume);
    }
    assert_eq!(relay.code().await, 143);
}

#[tokio::test]
async fn an_address_in_use_and_a_broken_key_have_their_own_exit_codes() {
    let relay = Relay::start();
    let run = |arguments: &[&str], state: &std::path::Path| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_okno-relay"));
        let output = command.args(arguments).arg("--state").arg(state).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = run(&["--listen", &relay.calls.to_string()], folder.path());
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("another program is there already"), "{text}");
    std::fs::write(folder.path().join("key.pem"), "nonsense").unwrap();
    let (code, text) = run(&["--listen", "127.0.0.1:0"], folder.path());
    assert_eq!(code, 4, "{text}");
    assert!(text.contains("key.pem"), "{text}");
    assert_eq!(run(&["--listen", "nonsense"], folder.path()).0, 2);
}

#[tokio::test]
async fn one_address_has_only_so_many_tries_and_waiting_calls() {
    let relay = Relay::start();
    let mut waiting = Vec::new();
    let reason = loop {
        let mut raw = Raw::connect(relay.calls).await;
        raw.hello(HelloWant::Allocate(Allocate {})).await;
        match raw.next_message().await {
            okno_relay::proto::relay_message::Message::Joined(_) => waiting.push(raw),
            okno_relay::proto::relay_message::Message::Ended(ended) => break ended.reason(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((waiting.len(), reason), (8, EndReason::EndTooMany));
    // With one gone there is room for one.
    let mut one = waiting.pop().unwrap();
    one.message(okno_relay::proto::relay_message::Message::HangUp(Default::default())).await;
    assert_eq!(one.ended().await.reason(), EndReason::EndPeerHungUp);
    let (_again, _) = Raw::allocate(relay.calls).await;
    let mut tries = 0;
    while Raw::refused(relay.calls, HelloWant::Join(999_999)).await == EndReason::EndNoSuchCall {
        tries += 1;
        assert!(tries < 100, "tries without end");
    }
    assert!(tries >= 40, "{tries} tries");
    // Others are not affected.
    let mut other = Raw::connect_from(relay.calls, "127.0.0.9", None).await;
    other.hello(HelloWant::Allocate(Allocate {})).await;
    other.joined().await;
}

#[tokio::test]
async fn who_hangs_up_without_a_path_is_heard_when_the_relay_is_back() {
    let relay = Relay::start();
    let (caller, mut callee) = relay.pair().await;
    let stopped = relay.kill();
    let hanging_up = tokio::spawn(caller.hang_up(PATIENCE));
    // It has found the path lost, or begins without one; both must do.
    assert!(matches!(next(&mut callee).await, Event::PathLost { .. }));
    let relay = stopped.start();
    soon("hanging up", hanging_up).await.unwrap();
    relay.logged("hung up").await;
    loop {
        match next(&mut callee).await {
            Event::Ended(Ended::ByRelay { reason, .. }) => {
                let over = [EndReason::EndPeerHungUp, EndReason::EndCannotResume];
                assert!(over.contains(&reason), "{reason:?}");
                return;
            }
            Event::PathResumed { .. } | Event::PeerLost { .. } | Event::PeerPresent { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The first token that went over a wire.
fn token_in(seen: &[u8]) -> bytes::Bytes {
    let (mut reader, mut rest) = (Reader::default(), &seen[MAGIC.len()..]);
    loop {
        while let Some(record) = reader.take_record().unwrap() {
            if let Ok(Some(Message::Joined(joined))) = reader.message(&record) {
                return joined.resume_token;
            }
        }
        let room = reader.room();
        let count = room.len().min(rest.len());
        assert!(count > 0, "no token in {} bytes", seen.len());
        room[..count].copy_from_slice(&rest[..count]);
        reader.filled(count);
        rest = &rest[count..];
    }
}

#[tokio::test]
async fn a_try_to_come_back_that_was_given_up_and_arrives_late_does_not_end_the_call() {
    let relay = Relay::start();
    let tap = Tap::to(relay.calls).await;
    let plain = target(tap.address, Trust::PlainLocal);
    let (mut caller, callee) = pair(&plain, &plain).await;
    // What the way held back: the connection behind it was left long ago.
    let mut late = Raw::connect(relay.calls).await;
    late.hello(HelloWant::Resume(token_in(&tap.seen()))).await;
    late.joined().await;
    drop(late);
    wait_for(&mut caller, "a lost path", |event| matches!(event, Event::PathLost { .. })).await;
    wait_for(&mut caller, "its return", |event| {
        matches!(event, Event::PathResumed { peer_present: true })
    })
    .await;
    callee.sender().audio(0, b"still here");
    wait_for(&mut caller, "sound", |event| matches!(event, Event::Audio { .. })).await;
}

#[tokio::test]
async fn whoever_prefers_another_cipher_gets_the_cheapest() {
    use rustls::pki_types::pem::PemObject as _;
    let relay = Relay::start();
    let mut roots = rustls::RootCertStore::empty();
    let certificate = relay.state().join("cert.pem");
    roots.add(rustls::pki_types::CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let cheapest = rustls::CipherSuite::TLS13_AES_128_GCM_SHA256;
    assert_ne!(provider.cipher_suites[0].suite(), cheapest);
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![okno_relay::identity::ALPN.to_vec()];
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
    let stream = tokio::net::TcpStream::connect(relay.calls).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("okno-relay").unwrap();
    let stream = support::soon("TLS", connector.connect(name, stream)).await.unwrap();
    let chosen = stream.get_ref().1.negotiated_cipher_suite().unwrap();
    assert_eq!(chosen.suite(), cheapest);
}
