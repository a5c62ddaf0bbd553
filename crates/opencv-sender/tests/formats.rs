//! Every frame arrives in every format, whole, in order, and is what it says it is.

mod common;

use common::{Heard, Peer, Sender, accept, assert_adds_up, listen};
use okno_media::clock;
use okno_wire::Format;
use okno_wire::proto::okno::envelope::Message as Said;
use okno_wire::proto::okno::{ClockPing, GoodbyeReason};

const NUMBERED: &str = "test:320x240@200?barcode=1";

fn send(format: Format, extra: &[&str]) -> (Vec<common::Got>, common::Output) {
    let (listener, to) = listen();
    let mut args = vec!["-i", NUMBERED, "--to", &to, "--wire", format.name(), "--json"];
    args.extend(extra);
    let sender = Sender::start(&args);
    let mut peer = Peer::new(accept(&listener), format);
    let mut frames = Vec::new();
    loop {
        match peer.hear() {
            Heard::Frame(got) => frames.push(got),
            Heard::Said(_) => {}
            Heard::End => break,
        }
        if format == Format::Okno {
            peer.grant(4);
        }
    }
    drop(peer);
    (frames, sender.wait())
}

const FORMATS: [Format; 6] =
    [Format::Okno, Format::Raw, Format::Be32, Format::Le64, Format::Le32, Format::Mjpeg];

#[test]
fn as_fast_as_possible_loses_nothing_in_any_format() {
    for format in FORMATS {
        let (frames, output) = send(format, &["--frames", "150", "--fps", "0"]);
        let numbers: Vec<_> = frames.iter().map(common::Got::number).collect();
        assert_eq!(numbers, (0..150).collect::<Vec<_>>(), "{format}");
        assert_eq!(output.code, Some(0), "{format}: {}", output.stderr);
        let last = output.last();
        assert_eq!(last["sent"], 150, "{format}: {last}");
        assert_eq!(last["dropped"]["newer"], 0);
        assert_eq!(last["exit"], 0);
        assert_adds_up(&last);
    }
}

#[test]
fn at_its_own_pace_loses_nothing_in_any_format() {
    for format in FORMATS {
        let (frames, output) = send(format, &["--frames", "40", "--fps", "100"]);
        let numbers: Vec<_> = frames.iter().map(common::Got::number).collect();
        assert_eq!(numbers, (0..40).collect::<Vec<_>>(), "{format}: {}", output.stdout);
        assert_eq!(output.code, Some(0));
    }
}

#[test]
fn hello_stamps_and_goodbye() {
    let (listener, to) = listen();
    let before = clock::now_ns();
    let args = ["-i", NUMBERED, "--to", &to, "-n", "door", "--frames", "5", "--fps", "50"];
    let sender = Sender::start(&args);
    let (mut peer, hello) = Peer::accept_okno(&listener);
    assert_eq!((hello.version, hello.name.as_str()), (1, "door"));
    assert_eq!((hello.width, hello.height, hello.frame_rate), (320, 240, 50.0));
    assert_eq!(hello.clock_domain, clock::domain());
    assert!(hello.software.starts_with("opencv-sender "));
    peer.grant(4);
    let (frames, goodbye) = peer.all(Some(4));
    let after = clock::now_ns();
    for (n, frame) in frames.iter().enumerate() {
        let meta = frame.meta;
        assert_eq!((meta.sequence, meta.untouched), (n as u64, false));
        let stamps = [before, meta.captured_ns, meta.encoded_ns, meta.sent_ns, after];
        assert!(stamps.is_sorted(), "{stamps:?}");
    }
    assert_eq!(frames.len(), 5);
    let goodbye = goodbye.expect("a goodbye");
    assert_eq!(goodbye.reason(), GoodbyeReason::GoodbyeEndOfInput);
    drop(peer);
    assert_eq!(sender.wait().code, Some(0));
}

#[test]
fn clock_questions_are_answered_at_once() {
    let (listener, to) = listen();
    // One frame in five seconds: the answers don't wait for frames.
    let _sender = Sender::start(&["-i", "test:64x48@0.2", "--to", &to]);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.frame();
    for id in 1..=3 {
        let asked = clock::now_ns();
        peer.say(Said::ClockPing(ClockPing { id, viewer_sent_ns: asked }));
        let Heard::Said(Said::ClockPong(pong)) = peer.hear() else { panic!("no answer") };
        assert_eq!((pong.id, pong.viewer_sent_ns), (id, asked));
        let stamps = [asked, pong.sender_received_ns, pong.sender_sent_ns, clock::now_ns()];
        assert!(stamps.is_sorted(), "{stamps:?}");
    }
}
