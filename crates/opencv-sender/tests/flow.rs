//! Newest frame first: credits, slow receivers, lost connections, what the viewer wants.

mod common;

use std::time::{Duration, Instant};

use common::{Heard, Peer, Sender, accept, assert_adds_up, listen, wait_until};
use okno_wire::Format;
use okno_wire::proto::okno::Feedback;
use okno_wire::proto::okno::envelope::Message as Said;

/// Whether nothing arrives for this time. The only way to see that something is not sent.
fn is_silent(peer: &mut Peer, time: Duration) -> bool {
    peer.stream.set_read_timeout(Some(time)).expect("set");
    let mut byte = [0];
    let result = peer.stream.peek(&mut byte);
    peer.stream.set_read_timeout(Some(common::HANG)).expect("set");
    result.is_err()
}

const A_WHILE: Duration = Duration::from_millis(200);

#[test]
fn never_more_frames_under_way_than_the_window() {
    for pace in ["0", "100"] {
        let (listener, to) = listen();
        let args = ["-i", "test:160x120?barcode=1", "--fps", pace, "--to", &to, "--json"];
        let sender = Sender::start(&args);
        let (mut peer, _) = Peer::accept_okno(&listener);
        peer.grant(2);
        // The window is used up, and withheld.
        peer.frame();
        peer.frame();
        assert!(is_silent(&mut peer, A_WHILE), "a third frame without a credit");
        for _ in 0..5 {
            // One credit, one frame.
            peer.say(Said::Feedback(Feedback {
                frames_received: peer.received - 1,
                window: 2,
                ..Feedback::default()
            }));
            peer.frame();
            assert!(is_silent(&mut peer, A_WHILE / 4), "two frames for one credit");
        }
        peer.grant(5);
        for _ in 0..5 {
            peer.frame();
        }
        assert!(is_silent(&mut peer, A_WHILE / 4), "a sixth frame in a window of five");
        sender.signal(15);
        let (rest, _) = peer.all(None);
        assert!(rest.is_empty(), "frames without a credit at the end");
        drop(peer);
        assert_adds_up(&sender.wait().last());
    }
}

#[test]
fn a_withheld_live_stream_goes_on_with_the_newest_frame() {
    let (listener, to) = listen();
    let args = ["-i", "test:160x120@100?barcode=1", "--to", &to, "--json"];
    let sender = Sender::start(&args);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.grant(1);
    let first = peer.frame();
    let dropped = || sender.statistics().and_then(|now| now["dropped"]["newer"].as_u64());
    wait_until("frames are dropped", || dropped() > Some(20));
    peer.grant(1);
    let next = peer.frame();
    let gap = next.meta.sequence - first.meta.sequence;
    assert!(gap > 20, "only {gap} frames later");
    let age = okno_media::clock::now_ns() - next.meta.captured_ns;
    // The frame waited in the slot for one interval of 10 ms at most; the rest is a busy machine.
    assert!(age < 500_000_000, "an old frame was sent: {age} ns");
    sender.signal(2);
    let (_, goodbye) = peer.all(None);
    assert!(goodbye.is_some());
    drop(peer);
    let last = sender.wait().last();
    assert_adds_up(&last);
    assert_eq!(last["dropped"]["failed"], 0);
}

#[test]
fn a_camera_waits_for_nobody_and_a_file_for_a_moment() {
    for (input, waits) in
        [("test:160x120@100?barcode=1&live=1", false), ("test:160x120@100?barcode=1", true)]
    {
        let (listener, to) = listen();
        let sender = Sender::start(&["-i", input, "--to", &to]);
        let (mut peer, _) = Peer::accept_okno(&listener);
        peer.grant(1);
        let first = peer.frame();
        let begun = std::time::Instant::now();
        wait_until("thirty frames' time has passed", || begun.elapsed().as_millis() >= 300);
        peer.grant(1);
        let gap = peer.frame().meta.sequence - first.meta.sequence;
        // A file's frame waits for half a second, which a busy machine may use up.
        if !waits {
            assert!(gap > 5, "an old frame of a camera: only {gap} later");
        } else if begun.elapsed().as_millis() < 400 {
            assert!(gap <= 2, "{gap} frames of a file are gone");
        }
        sender.signal(15);
        peer.all(Some(4));
    }
}

#[test]
fn a_viewer_of_oknos_format_that_never_speaks_is_served() {
    let (listener, to) = listen();
    let args = ["-i", "test:160x120?barcode=1", "--to", &to, "--frames", "30", "--fps", "0"];
    let sender = Sender::start(&args);
    let (mut peer, _) = Peer::accept_okno(&listener);
    let (frames, goodbye) = peer.all(None);
    assert_eq!(frames.len(), 30);
    assert!(goodbye.is_some());
    drop(peer);
    assert_eq!(sender.wait().code, Some(0));
}

#[test]
fn what_a_slow_receiver_gets_is_new() {
    // Reads a frame, then nothing for as long as twenty frames take.
    let (listener, to) = listen();
    let args =
        ["-i", "test:1280x720@100?barcode=1", "--to", &to, "--wire", "raw", "-q", "95", "--json"];
    let sender = Sender::start(&args);
    let mut peer = Peer::new(accept(&listener), Format::Raw);
    let mut numbers = vec![peer.frame().number()];
    let dropped = || sender.statistics().and_then(|now| now["dropped"]["newer"].as_u64());
    wait_until("frames are dropped", || dropped() > Some(100));
    // What was in the kernels' buffers, then the newest.
    while numbers.last().copied().unwrap_or(0) < 100 {
        numbers.push(peer.frame().number());
    }
    assert!(numbers.is_sorted(), "{numbers:?}");
    sender.signal(15);
    peer.stream.set_read_timeout(Some(common::HANG)).expect("set");
    while let Heard::Frame(_) = peer.hear() {}
    drop(peer);
    let last = sender.wait().last();
    assert_adds_up(&last);
    let encoded = last["encoded"].as_u64().expect("a count");
    let sent = last["sent"].as_u64().expect("a count");
    assert!(encoded <= sent + 2, "dropped after encoding: {encoded} made, {sent} sent");
}

#[test]
fn after_a_lost_connection_the_newest_frame_comes_first() {
    let (listener, to) = listen();
    let args = ["-i", "test:320x240@50?barcode=1", "--to", &to, "--json", "-n", "cam"];
    let sender = Sender::start(&args);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.grant(4);
    let last_seen = peer.frame().meta.sequence;
    drop(peer);
    drop(listener);
    let captured = || sender.statistics().and_then(|now| now["captured"].as_u64());
    sender.wait_for("trying again");
    let before = captured().unwrap_or(0);
    wait_until("capture goes on", || captured() > Some(before.max(last_seen) + 30));
    let listener = std::net::TcpListener::bind(to.trim_start_matches("tcp://")).expect("the port");
    let back = Instant::now();
    let (mut peer, hello) = Peer::accept_okno(&listener);
    assert_eq!(hello.name, "cam");
    let next = peer.frame();
    let took = back.elapsed();
    assert!(next.meta.sequence > last_seen + 30, "resumed with an old frame");
    let age = okno_media::clock::now_ns() - next.meta.captured_ns;
    assert!(age < 500_000_000, "resumed with an old frame: {age} ns");
    assert!(took < Duration::from_secs(3), "back after {took:?}");
    sender.signal(15);
    peer.all(Some(4));
    drop(peer);
    let output = sender.wait();
    let last = output.last();
    assert_adds_up(&last);
    assert_eq!(last["streams"][0]["connections"], 2);
}

#[test]
fn pictures_come_at_the_size_that_is_shown() {
    for (fixed, expected) in [(false, (320, 180)), (true, (640, 360))] {
        let (listener, to) = listen();
        let mut args = vec!["-i", "test:640x360@50", "--to", &to];
        args.extend(fixed.then_some("--fixed"));
        let sender = Sender::start(&args);
        let (mut peer, hello) = Peer::accept_okno(&listener);
        assert_eq!((hello.width, hello.height), (640, 360));
        let shown = |peer: &mut Peer, shown_width, shown_height| {
            peer.say(Said::Feedback(Feedback {
                frames_received: peer.received,
                window: 4,
                shown_width,
                shown_height,
                max_frame_rate: 0.0,
                ..Feedback::default()
            }));
        };
        // 0x0 before the first frame: the viewer doesn't know yet.
        shown(&mut peer, 0, 0);
        let size = |peer: &mut Peer| {
            let (width, height, _) = peer.frame().pixels();
            (width, height)
        };
        assert_eq!(size(&mut peer), (640, 360));
        let mut last = (0, 0);
        for _ in 0..10 {
            shown(&mut peer, 320, 180);
            last = size(&mut peer);
        }
        assert_eq!(last, expected, "fixed: {fixed}");
        for _ in 0..10 {
            shown(&mut peer, 1920, 1080);
            last = size(&mut peer);
        }
        assert_eq!(last, (640, 360), "back at full size, never larger");
        sender.signal(15);
        peer.all(Some(4));
        drop(peer);
        sender.wait();
    }
}

#[test]
fn the_viewers_rate_is_kept() {
    let (listener, to) = listen();
    let sender = Sender::start(&["-i", "test:64x48@100", "--to", &to, "--json"]);
    let (mut peer, _) = Peer::accept_okno(&listener);
    let mut sequences = Vec::new();
    for _ in 0..15 {
        peer.say(Said::Feedback(Feedback {
            frames_received: peer.received,
            window: 4,
            shown_width: 64,
            shown_height: 48,
            max_frame_rate: 20.0,
            ..Feedback::default()
        }));
        sequences.push(peer.frame().meta.sequence);
    }
    // Every fifth of 100 a second, once the wish is known.
    let gaps: Vec<_> = sequences.windows(2).skip(4).map(|w| w[1] - w[0]).collect();
    let mean = gaps.iter().sum::<u64>() as f64 / gaps.len() as f64;
    assert!(mean >= 4.5, "{sequences:?}");
    sender.signal(15);
    peer.all(Some(4));
    drop(peer);
    let last = sender.wait().last();
    assert!(last["dropped"]["rate"].as_u64() > Some(20), "{last}");
    assert_adds_up(&last);
}

#[test]
fn a_slow_link_gets_coarser_pictures_and_more_of_them() {
    for fixed in [false, true] {
        let (listener, to) = listen();
        // What the receiver does not read stays in the sender's socket, as on a slow link.
        let small = socket2::SockRef::from(&listener).set_recv_buffer_size(4 << 10);
        small.expect("a small receive buffer");
        let mut args = vec!["-i", "test:640x360@30?barcode=1", "--to", &to, "--json"];
        args.extend(fixed.then_some("--fixed"));
        let sender = Sender::start(&args);
        let (mut peer, _) = Peer::accept_okno(&listener);
        peer.grant(3);
        let first = peer.frame().jpeg.len();
        // A link that carries half of 30 such frames a second.
        let read = |bytes: usize| {
            let seconds = bytes as f64 / (first as f64 * 15.0);
            std::thread::sleep(Duration::from_secs_f64(seconds));
        };
        let reduced = || {
            let now = sender.statistics()?;
            now["streams"][0]["reduced"].as_u64()
        };
        let (mut frames, mut last) = (0, first);
        while frames < 400 && (fixed || reduced().unwrap_or(0) == 0 || last * 10 > first * 8) {
            read(last);
            last = peer.frame().jpeg.len();
            peer.grant(3);
            frames += 1;
            if fixed && frames == 60 {
                break;
            }
        }
        assert_eq!(last * 10 <= first * 8, !fixed, "{first}, then {last} bytes, {frames} frames");
        assert!(fixed || frames < 400);
        sender.signal(15);
        peer.all(Some(8));
        drop(peer);
        assert_adds_up(&sender.wait().last());
    }
}
