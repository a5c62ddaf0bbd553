//! Every way the program ends: its exit code, and one line that names the thing and the way out.

mod common;

use std::net::Shutdown;
use std::time::Duration;

use common::{Folder, Heard, Peer, Sender, accept, assert_adds_up, listen, wait_until};
use okno_wire::Format;
use okno_wire::proto::okno::GoodbyeReason;
use okno_wire::proto::okno::envelope::Message as Said;

/// Ends within a second, and the same again for a machine that is busy with other tests.
const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn wrong_usage_is_2_and_says_what_was_expected() {
    for (args, expected) in [
        (&["-r", "30"][..], "--fps 30"),
        (&["--to", "udp://a:1"], "tcp://HOST:PORT"),
        (&["-q", "0"], "1..=100"),
        (&["--wire", "multipart"], "le64"),
        (&["--resize", "big"], "640x360"),
        (&["--frames", "0"], "--frames"),
        (&["--nonsense"], "--nonsense"),
    ] {
        let output = Sender::start(args).wait();
        assert_eq!(output.code, Some(2), "{args:?}");
        assert!(output.stderr.contains(expected), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn a_crop_beyond_the_picture_is_2() {
    let args = ["-i", "test:64x48", "--crop", "64:48:1:0", "--to", "127.0.0.1:9"];
    let output = Sender::start(&args).wait();
    assert_eq!(output.code, Some(2));
    assert!(output.reason().contains("64x48"), "{}", output.stderr);
}

#[test]
fn sources_that_cant_be_opened_are_3() {
    let folder = Folder::new("sources");
    std::fs::write(folder.file("empty.mp4"), b"").expect("written");
    std::fs::write(folder.file("text.mp4"), b"this is no video, only text\n").expect("written");
    std::fs::write(folder.file("text.png"), b"nor is this a picture\n").expect("written");
    for (input, expected) in [
        (folder.file("missing.mp4"), "there is no file"),
        (folder.file("empty.mp4"), "is empty"),
        (folder.file("text.mp4"), "OpenCV can't read"),
        (folder.file("text.png"), "not a picture"),
        (folder.0.to_str().expect("UTF-8").to_owned(), "is a folder"),
        ("991".into(), "there is no camera /dev/video991"),
        ("http://127.0.0.1:9/stream".into(), "can't open http://127.0.0.1:9/stream"),
        ("videotestsrc ! fakesink".into(), "no appsink"),
        ("nonexistentelement ! appsink".into(), "GStreamer can't run"),
        ("test:soon".into(), "test:"),
    ] {
        let output = Sender::start(&["-i", &input, "--to", "127.0.0.1:9"]).wait();
        assert_eq!(output.code, Some(3), "{input}: {}", output.stderr);
        // GLib may have complained before, which can't be prevented.
        let reason = output.stderr.lines().last().unwrap_or_default();
        assert!(reason.contains(expected), "{input}: {}", output.stderr);
        if !input.contains("nonexistent") {
            output.reason();
        }
    }
}

#[test]
fn one_bad_source_of_several_is_3_before_anything_connects() {
    let (listener, to) = listen();
    let output = Sender::start(&["-i", "test:64x48", "-i", "/none.mp4", "--to", &to]).wait();
    assert_eq!(output.code, Some(3));
    assert!(output.reason().contains("/none.mp4"));
    listener.set_nonblocking(true).expect("set");
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn nobody_listening_is_4_when_retries_are_limited() {
    let (listener, to) = listen();
    drop(listener);
    let address = to.trim_start_matches("tcp://");
    for (retry, tries) in [("0", "gave up:"), ("2", "after 2 more tries")] {
        let args =
            ["-i", "test:64x48", "--to", &to, "--retry", retry, "--retry-delay", "0.01", "--quiet"];
        let output = Sender::start(&args).wait();
        assert_eq!(output.code, Some(4));
        let reason = output.reason();
        for part in [address, "nobody listens", "--to", tries] {
            assert!(reason.contains(part), "{part}: {reason}");
        }
    }
    let args = ["-i", "test:64x48", "--to", "host.invalid:1", "--retry", "0"];
    let output = Sender::start(&args).wait();
    assert_eq!(output.code, Some(4));
    assert!(output.reason().contains("host.invalid"), "{}", output.stderr);
}

#[test]
fn nobody_listening_goes_on_trying_by_default_and_says_so() {
    let (listener, to) = listen();
    drop(listener);
    let sender = Sender::start(&["-i", "test:64x48", "--to", &to, "--retry-delay", "0.01"]);
    // The viewer comes up later, on the same port.
    sender.wait_for("trying again");
    let listener = std::net::TcpListener::bind(to.trim_start_matches("tcp://")).expect("the port");
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.frame();
    sender.signal(15);
    let output = sender.wait();
    assert_eq!(output.code, Some(143));
    let lines: Vec<_> = output.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "told once, not at each try: {lines:?}");
    assert!(lines[0].contains("nobody listens") && lines[0].contains("trying again"));
}

#[test]
fn a_listener_that_closes_is_5_when_the_retries_are_used_up() {
    for format in ["okno", "be32"] {
        let (listener, to) = listen();
        let args = [
            "-i",
            "test:320x240@100",
            "--to",
            &to,
            "--retry",
            "2",
            "--retry-delay",
            "0.01",
            "--wire",
            format,
            "--json",
        ];
        let sender = Sender::start(&args);
        for _ in 0..3 {
            drop(accept(&listener));
        }
        let output = sender.wait();
        assert_eq!(output.code, Some(5), "{format}: {}", output.stderr);
        let reason = output.stderr.lines().last().unwrap_or_default();
        assert!(reason.contains("lost the connection") && reason.contains("2 more tries"));
        assert_adds_up(&output.last());
    }
}

#[test]
fn signals_end_cleanly_with_a_goodbye() {
    for (signal, code) in [(2, 130), (15, 143)] {
        let (listener, to) = listen();
        let sender = Sender::start(&["-i", "test:320x240@50", "--to", &to, "--json"]);
        let (mut peer, _) = Peer::accept_okno(&listener);
        peer.grant(4);
        peer.frame();
        sender.signal(signal);
        let (_, goodbye) = peer.all(Some(4));
        assert_eq!(goodbye.map(|g| g.reason()), Some(GoodbyeReason::GoodbyeStopped));
        drop(peer);
        let (output, took) = sender.wait_timed();
        assert_eq!(output.code, Some(code));
        assert!(took < AT_ONCE, "{took:?}");
        assert_eq!(output.stderr, "");
        assert_adds_up(&output.last());
    }
}

#[test]
fn frames_and_duration_are_0() {
    for (limit, value) in [("--frames", "10"), ("--duration", "0.3")] {
        let (listener, to) = listen();
        let sender = Sender::start(&["-i", "test:64x48@50", "--to", &to, limit, value, "--json"]);
        let (mut peer, _) = Peer::accept_okno(&listener);
        peer.grant(4);
        let (frames, goodbye) = peer.all(Some(4));
        assert!(goodbye.is_some());
        drop(peer);
        let output = sender.wait();
        assert_eq!(output.code, Some(0), "{limit}: {}", output.stderr);
        let last = output.last();
        assert_eq!(last["sent"], frames.len());
        assert_adds_up(&last);
        if limit == "--frames" {
            assert_eq!(frames.len(), 10);
        }
    }
}

#[test]
fn a_receiver_that_stops_reading_does_not_hang_a_signal() {
    for format in ["okno", "raw"] {
        let (listener, to) = listen();
        let args = ["-i", "test:1280x720@100", "--to", &to, "--wire", format, "--json"];
        let sender = Sender::start(&args);
        let stream = accept(&listener);
        // Until the kernel takes no more and frames are dropped.
        wait_until("frames are dropped", || {
            let now = sender.statistics();
            now.is_some_and(|now| now["dropped"]["newer"].as_u64() > Some(0))
        });
        sender.signal(2);
        let (output, took) = sender.wait_timed();
        assert_eq!(output.code, Some(130), "{format}");
        assert!(took < AT_ONCE, "{format}: {took:?}");
        assert_adds_up(&output.last());
        drop(stream);
    }
}

#[test]
fn a_receiver_that_stops_reading_does_not_hang_the_end() {
    let (listener, to) = listen();
    let args = [
        "-i",
        "test:1280x720",
        "--to",
        &to,
        "--wire",
        "le64",
        "--json",
        "--frames",
        "400",
        "--fps",
        "0",
        "--timeout",
        "1",
        "--retry",
        "0",
        "-q",
        "100",
    ];
    let sender = Sender::start(&args);
    let stream = accept(&listener);
    let output = sender.wait();
    assert_eq!(output.code, Some(5), "{}", output.stderr);
    assert!(output.reason().contains("took nothing for 1 s"), "{}", output.stderr);
    assert_adds_up(&output.last());
    drop(stream);
}

#[test]
fn what_a_slow_reader_has_not_read_is_not_lost_at_the_end() {
    // The viewer keeps talking, which makes a reset of a careless close, and reads late.
    let (listener, to) = listen();
    let args = ["-i", "test:320x240?barcode=1", "--to", &to, "--frames", "20", "--fps", "0"];
    let sender = Sender::start(&args);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.grant(64);
    std::thread::sleep(Duration::from_millis(500));
    for _ in 0..50 {
        peer.grant(64);
    }
    let (frames, goodbye) = peer.all(None);
    let numbers: Vec<_> = frames.iter().map(common::Got::number).collect();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(goodbye.is_some());
    drop(peer);
    assert_eq!(sender.wait().code, Some(0));
}

#[test]
fn a_viewer_that_talks_nonsense_is_named() {
    let (listener, to) = listen();
    let sender = Sender::start(&["-i", "test:64x48", "--to", &to, "--retry", "0"]);
    let mut stream = accept(&listener);
    std::io::Write::write_all(&mut stream, b"\xFF\xFF\xFF\xFF\x7Fgarbage").expect("written");
    let output = sender.wait();
    assert_eq!(output.code, Some(5));
    assert!(output.reason().contains("not what a viewer"), "{}", output.stderr);
}

#[test]
fn a_viewer_that_says_goodbye_is_quoted() {
    let (listener, to) = listen();
    let sender = Sender::start(&["-i", "test:64x48", "--to", &to, "--retry", "0"]);
    let (mut peer, _) = Peer::accept_okno(&listener);
    let reason = GoodbyeReason::GoodbyeViewerClosed as i32;
    let text = "the window was closed".into();
    peer.say(Said::Goodbye(okno_wire::proto::okno::Goodbye { reason, text }));
    let output = sender.wait();
    assert_eq!(output.code, Some(5));
    assert!(output.reason().contains("the window was closed"), "{}", output.stderr);
}

#[test]
fn a_receiver_that_only_closes_its_sending_side_is_still_served() {
    let (listener, to) = listen();
    let args = ["-i", "test:64x48", "--to", &to, "--wire", "mjpeg", "--frames", "9", "--fps", "0"];
    let sender = Sender::start(&args);
    let stream = accept(&listener);
    stream.shutdown(Shutdown::Write).expect("half-closed");
    let mut peer = Peer::new(stream, Format::Mjpeg);
    let mut frames = 0;
    while let Heard::Frame(_) = peer.hear() {
        frames += 1;
    }
    assert_eq!(frames, 9);
    drop(peer);
    assert_eq!(sender.wait().code, Some(0));
}
