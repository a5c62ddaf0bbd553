//! What strangers and slow callers can do to others: nothing.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use okno_relay::client::Event;
use okno_relay::limits::{HELLO_TIME, MAX_FRAME, MAX_PAYLOAD};
use okno_relay::proto::EndReason;
use okno_relay::proto::call_hello::Want as HelloWant;
use okno_relay::proto::relay_message::Message;
use okno_relay::record::{FIRST, KEY, Kind, LAST, MAGIC};
use support::{Raw, Relay, next, payload, soon, until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Two callers without encryption in one call; the second has a small receive buffer.
async fn raw_pair(relay: &Relay) -> (Raw, Raw) {
    let (mut caller, joined) = Raw::allocate(relay.calls).await;
    let mut callee = Raw::connect_from(relay.calls, "127.0.0.1", Some(16 << 10)).await;
    callee.hello(HelloWant::Join(joined.number)).await;
    callee.joined().await;
    assert!(matches!(caller.next_message().await, Message::PeerState(_)));
    (caller, callee)
}

#[tokio::test]
async fn broken_input_ends_one_connection_with_a_reason() {
    let relay = Relay::start();
    let (mut caller, mut callee) = relay.pair().await;
    let cases: [(&[u8], &str); 5] = [
        (&[3, 2, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "65535 bytes announced"),
        (&[0xFF; 10], "record kind 255"),
        (&[3, 2, 0, 9, 0, 1, 0, 0, 0, 0], "stream 9"),
        (&[0, 0, 0, 0, 2, 1, 0, 0, 0, 0], "a message of 513 bytes"),
        (&[0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0xFF, 0xFF], "can't be read"),
    ];
    for (bytes, expected) in cases {
        let (mut raw, _) = Raw::allocate(relay.calls).await;
        raw.stream.write_all(bytes).await.unwrap();
        // The announced bytes of the fourth case.
        let _ = raw.stream.write_all(&[0; 513]).await;
        let ended = raw.ended().await;
        assert_eq!(ended.reason(), EndReason::EndProtocolError);
        assert!(ended.text.contains(expected), "{}", ended.text);
    }
    caller.sender().audio(0, b"still here");
    assert!(matches!(next(&mut callee).await, Event::Audio { .. }));
    callee.sender().audio(0, b"still here");
    assert!(matches!(next(&mut caller).await, Event::Audio { .. }));
}

#[tokio::test]
async fn a_frame_without_end_ends_its_sender() {
    let relay = Relay::start();
    let (mut caller, _callee) = raw_pair(&relay).await;
    let piece = payload(1, MAX_PAYLOAD);
    caller.send(Kind::Video, KEY | FIRST, 1, &piece).await;
    for _ in 0..MAX_FRAME / MAX_PAYLOAD {
        caller.send(Kind::Video, KEY, 1, &piece).await;
    }
    let ended = caller.ended().await;
    assert!(ended.text.contains("more than 4194304 bytes"), "{}", ended.text);
}

#[tokio::test]
async fn strangers_are_sent_away() {
    let relay = Relay::start();
    let mut stranger = TcpStream::connect(relay.calls).await.unwrap();
    stranger.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    soon("an answer", stranger.read_to_end(&mut answer)).await.unwrap();
    let text = String::from_utf8_lossy(&answer).into_owned();
    assert!(text.contains("call protocol's magic"), "{text}");
    // A TLS hello that is none.
    let mut stranger = TcpStream::connect(relay.calls).await.unwrap();
    stranger.write_all(&[0x16, 3, 1, 0xFF, 0xFF, 1, 2, 3]).await.unwrap();
    soon("the end", stranger.read_to_end(&mut answer)).await.unwrap();
    let mut raw = Raw::connect(relay.calls).await;
    raw.message(Message::Ping(1)).await;
    assert!(raw.ended().await.text.contains("no hello"));
}

#[tokio::test]
async fn silent_connections_are_closed_after_five_seconds_and_hold_up_nobody() {
    let relay = Relay::start();
    let start = Instant::now();
    let mut silent = Vec::new();
    for first in [&b""[..], &MAGIC[..5], &[0x16, 3, 1]] {
        for _ in 0..5 {
            let mut stream = TcpStream::connect(relay.calls).await.unwrap();
            stream.write_all(first).await.unwrap();
            silent.push(stream);
        }
    }
    let (caller, mut callee) = relay.pair().await;
    caller.sender().audio(0, b"hello");
    assert!(matches!(next(&mut callee).await, Event::Audio { .. }));
    assert_eq!(relay.figure("okno_relay_undecided_connections"), 15);
    for mut stream in silent {
        soon("the end", stream.read_to_end(&mut Vec::new())).await.unwrap();
    }
    assert!(start.elapsed() >= HELLO_TIME, "closed too early");
    assert_eq!(relay.figure("okno_relay_undecided_connections"), 0);
}

#[tokio::test]
async fn a_slow_receiver_loses_whole_frames_and_nobody_else_anything() {
    const FRAMES: u32 = 300;
    const SIZE: usize = 100_000;
    let relay = Relay::start();
    let (mut caller, mut callee) = raw_pair(&relay).await;
    let before = relay.memory();
    let mut most = 0;
    // The callee reads nothing, and sends all the time.
    for frame in 0..FRAMES {
        let bytes = payload(frame, SIZE);
        let pieces: Vec<&[u8]> = bytes.chunks(MAX_PAYLOAD).collect();
        for (at, piece) in pieces.iter().enumerate() {
            let first = if at == 0 { FIRST } else { 0 };
            let last = if at + 1 == pieces.len() { LAST } else { 0 };
            caller.send(Kind::Video, KEY | first | last, frame, piece).await;
        }
        callee.send(Kind::Audio, 0, 0, &payload(frame, 100)).await;
        loop {
            let record = caller.record().await.expect("no end");
            match record.header.kind {
                Kind::Audio => {
                    assert_eq!(record.payload(), payload(frame, 100));
                    break;
                }
                // What the relay has to say about dropped frames.
                _ => assert_eq!(record.header.kind, Kind::Message),
            }
        }
        most = most.max(relay.memory());
    }
    let grown = most.saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes more for 30 MB that nobody takes");
    caller.send(Kind::Control, 0, 0, b"last").await;
    // Now it reads: whole frames in order, the newest among them.
    let (mut frames, mut open) = (Vec::new(), Vec::new());
    let mut last_control = false;
    while frames.last() != Some(&(FRAMES - 1)) {
        let record = callee.record().await.expect("no end");
        let header = record.header;
        match header.kind {
            Kind::Control => last_control = true,
            Kind::Video => {
                assert_eq!(header.has(FIRST), open.is_empty(), "half a frame");
                open.extend_from_slice(&record.payload());
                if header.has(LAST) {
                    assert_eq!(open, payload(header.frame, SIZE), "frame {}", header.frame);
                    frames.push(header.frame);
                    open.clear();
                }
            }
            _ => {}
        }
    }
    assert!(last_control, "control comes before the video that waits");
    assert!(frames.is_sorted());
    let dropped = relay.figure("okno_relay_dropped_total{what=\"video frame\"}");
    assert_eq!(dropped + frames.len() as u64, u64::from(FRAMES));
    assert!(dropped > 200, "{dropped} dropped");
}

#[tokio::test]
async fn the_sender_is_told_what_was_dropped_and_when_a_key_is_needed() {
    let relay = Relay::start();
    let (mut caller, _callee) = raw_pair(&relay).await;
    let bytes = payload(1, MAX_PAYLOAD);
    let mut number = 0;
    let dropped = loop {
        let flags = if number == 0 { KEY | FIRST | LAST } else { FIRST | LAST };
        caller.send(Kind::Video, flags, number, &bytes).await;
        number += 1;
        caller.message(Message::Ping(u64::from(number))).await;
        match caller.next_message().await {
            Message::VideoDropped(dropped) => break dropped,
            Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
        assert!(number < 10_000, "never told");
    };
    assert!(dropped.frames > 0 && dropped.key_needed && dropped.stream == 0, "{dropped:?}");
}

#[tokio::test]
async fn a_flood_does_not_starve_another_call() {
    let relay = Relay::start();
    let (mut flooder, mut victim) = raw_pair(&relay).await;
    // What is flooded is read, so that the flood is the relay's work and not the kernel's.
    let reading = tokio::spawn(async move { while victim.record().await.is_some() {} });
    let flooding = tokio::spawn(async move {
        let one = okno_relay::record::Record::new(Kind::Audio, 0, 0, 0, b"x").unwrap();
        let many = one.bytes.repeat(1000);
        while flooder.stream.write_all(&many).await.is_ok() {}
    });
    until("the flood", || (relay.figure("okno_relay_throttled_total") > 0).then_some(())).await;
    let (mut caller, mut callee) = relay.pair().await;
    let start = Instant::now();
    let before = relay.figure("okno_relay_packets_total{kind=\"audio\"}");
    for number in 0..50u32 {
        caller.sender().audio(0, &payload(number, 160));
        caller.sender().video(0, number, true, &payload(number, 6_000));
        let (mut audio, mut video) = (false, false);
        while !(audio && video) {
            match next(&mut callee).await {
                Event::Audio { payload: got, .. } => {
                    assert_eq!(got, payload(number, 160));
                    audio = true;
                }
                Event::Video { frame, payload: got, .. } => {
                    assert_eq!((frame, got), (number, payload(number, 6_000)));
                    video = true;
                }
                other => panic!("{other:?}"),
            }
        }
        callee.sender().audio(0, &payload(number, 160));
        assert!(matches!(next(&mut caller).await, Event::Audio { .. }));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // What the flooder got through is what it may send, and not more.
    let passed = relay.figure("okno_relay_packets_total{kind=\"audio\"}") - before - 100;
    let most = 2_000.0 * (start.elapsed().as_secs_f64() + 1.0) + 4_000.0;
    assert!((passed as f64) < most, "{passed} packets, {most} allowed");
    assert!(!flooding.is_finished() && !reading.is_finished());
    flooding.abort();
    reading.abort();
}

#[tokio::test]
async fn the_figures_are_there_and_nothing_else() {
    let relay = Relay::start();
    let text = relay.metrics_text();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(text.contains("text/plain; version=0.0.4"));
    for name in ["okno_relay_connections", "okno_relay_calls{state=\"waiting\"}"] {
        assert_eq!(relay.figure(name), 0);
    }
    let (_caller, _) = Raw::allocate(relay.calls).await;
    assert_eq!(relay.figure("okno_relay_calls{state=\"waiting\"}"), 1);
    let mut other = TcpStream::connect(relay.metrics).await.unwrap();
    other.write_all(b"GET /secret HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    soon("an answer", other.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[tokio::test]
async fn other_machines_must_encrypt() {
    // The address that this machine would use to reach others; nothing is sent.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let outside = probe.connect("192.0.2.1:9").and_then(|()| probe.local_addr());
    let Ok(outside) = outside.map(|address| address.ip()) else {
        eprintln!("this machine has no address but its own; not tested");
        return;
    };
    let relay = Relay::start_at("0.0.0.0:0");
    let address = std::net::SocketAddr::new(outside, relay.calls.port());
    let mut raw = Raw::connect_from(address, &outside.to_string(), None).await;
    assert_eq!(raw.ended().await.reason(), EndReason::EndTlsNeeded);
    let target = support::target(address, okno_relay::client::Trust::Pinned(relay.fingerprint));
    let call = okno_relay::client::Call::connect(target, okno_relay::client::Want::Allocate, "t");
    assert!(call.await.is_ok());
}

#[tokio::test]
async fn silent_readers_of_the_figures_make_room_for_others() {
    let relay = Relay::start();
    // More than are served at one time. Each says half a request and waits.
    let mut silent = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(relay.metrics).await.unwrap();
        stream.write_all(b"GET /metr").await.unwrap();
        silent.push(stream);
    }
    let (caller, mut callee) = relay.pair().await;
    caller.sender().audio(0, b"meanwhile");
    assert!(matches!(next(&mut callee).await, Event::Audio { .. }));
    for stream in &mut silent {
        soon("the end", stream.read_to_end(&mut Vec::new())).await.unwrap();
    }
    // A head that never ends is read up to its limit only.
    let mut endless = TcpStream::connect(relay.metrics).await.unwrap();
    let head = soon("the end of an endless head", async {
        let mut sent = 0;
        while endless.write_all(&[b'x'; 1024]).await.is_ok() && sent < 64 << 20 {
            sent += 1024;
        }
        sent
    });
    assert!(head.await < 64 << 20, "an endless head was read");
    assert_eq!(relay.figure("okno_relay_calls{state=\"paired\"}"), 1);
}
