//! What one caller sends is written to the other one in the sender's turn: in which order, and
//! what happens when the other one does not take it.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use okno_relay::client::Event;
use okno_relay::limits::MAX_PAYLOAD;
use okno_relay::proto::HangUp;
use okno_relay::proto::call_hello::Want;
use okno_relay::proto::relay_message::Message;
use okno_relay::record::{self, FIRST, KEY, Kind, LAST, Record};
use support::{Raw, Relay, next, payload, soon};
use tokio::io::AsyncWriteExt as _;

/// Two callers without encryption in one call; the second has a small receive buffer.
async fn raw_pair(relay: &Relay) -> (Raw, Raw) {
    let (mut caller, joined) = Raw::allocate(relay.calls).await;
    let mut callee = Raw::connect_from(relay.calls, "127.0.0.1", Some(16 << 10)).await;
    callee.hello(Want::Join(joined.number)).await;
    callee.joined().await;
    assert!(matches!(caller.next_message().await, Message::PeerState(_)));
    (caller, callee)
}

fn bytes(kind: Kind, frame: u32, payload: &[u8]) -> Vec<u8> {
    let flags = if kind == Kind::Video { KEY | FIRST | LAST } else { 0 };
    Record::new(kind, flags, 0, frame, payload).unwrap().bytes.to_vec()
}

#[tokio::test]
async fn of_what_comes_at_once_sound_goes_before_control_before_pictures() {
    let relay = Relay::start();
    let (mut caller, mut callee) = raw_pair(&relay).await;
    for round in 0..200u32 {
        let kinds = [Kind::Video, Kind::Control, Kind::Audio];
        let all = kinds.map(|kind| bytes(kind, 0, &round.to_be_bytes())).concat();
        caller.stream.write_all(&all).await.unwrap();
        for expected in [Kind::Audio, Kind::Control, Kind::Video] {
            let record = callee.record().await.unwrap();
            assert_eq!(record.header.kind, expected, "round {round}");
            assert_eq!(record.payload()[..], round.to_be_bytes());
        }
    }
}

#[tokio::test]
async fn encrypted_both_ways_at_once_nothing_is_lost_or_out_of_order() {
    let relay = Relay::start();
    let (mut one, mut two) = relay.pair().await;
    for round in 0..100u32 {
        for call in [&one, &two] {
            for number in 3 * round..3 * round + 3 {
                call.sender().audio(0, &payload(number, 128));
            }
            call.sender().video(0, round, true, &payload(round, 20_000));
        }
        for call in [&mut one, &mut two] {
            let (mut audio, mut video) = (3 * round, false);
            while audio < 3 * round + 3 || !video {
                match next(call).await {
                    Event::Audio { payload: got, .. } => {
                        assert_eq!(got, payload(audio, 128));
                        audio += 1;
                    }
                    Event::Video { frame, payload: got, .. } => {
                        assert_eq!((frame, got), (round, payload(round, 20_000)));
                        video = true;
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_receiver_that_does_not_read_blocks_nobody_and_gets_what_is_never_dropped() {
    const CONTROLS: u32 = 60;
    let relay = Relay::start();
    let (mut caller, mut callee) = raw_pair(&relay).await;
    let (other, mut another) = relay.pair().await;
    for number in 0..CONTROLS {
        // Far more pictures than the sockets take; control packets wait in the outbox.
        for _ in 0..10 {
            let video = bytes(Kind::Video, number, &payload(number, MAX_PAYLOAD));
            caller.stream.write_all(&video).await.unwrap();
        }
        caller.send(Kind::Control, 0, 0, &number.to_be_bytes()).await;
        // The sender is heard and answered, and so is another pair.
        caller.message(Message::Ping(number.into())).await;
        while caller.next_message().await != Message::Pong(number.into()) {}
        other.sender().audio(0, &payload(number, 100));
        assert!(matches!(next(&mut another).await, Event::Audio { .. }));
    }
    for number in 0..CONTROLS {
        let record = soon("the control packets", async {
            loop {
                let record = callee.record().await.unwrap();
                if record.header.kind == Kind::Control {
                    return record;
                }
            }
        });
        assert_eq!(record.await.payload()[..], number.to_be_bytes());
    }
    assert!(relay.figure("okno_relay_dropped_total{what=\"video frame\"}") > 0);
    // It reads now, and what comes next comes at once again.
    caller.send(Kind::Audio, 0, 0, b"now").await;
    while callee.record().await.unwrap().header.kind != Kind::Audio {}
}

#[tokio::test]
async fn the_end_comes_last() {
    let relay = Relay::start();
    for _ in 0..20 {
        let (mut caller, mut callee) = raw_pair(&relay).await;
        let mut all: Vec<u8> =
            (0..10u32).flat_map(|n| bytes(Kind::Control, 0, &n.to_be_bytes())).collect();
        all.extend_from_slice(&record::encode(Message::HangUp(HangUp {})));
        caller.stream.write_all(&all).await.unwrap();
        let mut controls = 0u32;
        let last = loop {
            let record = callee.record().await.unwrap();
            match record.header.kind {
                Kind::Control => {
                    assert_eq!(record.payload()[..], controls.to_be_bytes());
                    controls += 1;
                }
                _ => break callee.reader.message(&record).unwrap().unwrap(),
            }
        };
        assert!(matches!(last, Message::Ended(_)), "{last:?}");
        assert!(callee.record().await.is_none(), "something after the last word");
    }
}
