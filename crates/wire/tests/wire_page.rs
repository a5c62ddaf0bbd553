//! docs/wire.md is kept by this test: its example is what the code writes, and its Python sender
//! is run as it stands there.

mod common;

use std::io::{ErrorKind, Read as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::Duration;

use common::{Cut, Feeder};
use okno_wire::okno::{FrameMeta, FrameWriter, Incoming, MAGIC, decode, encode};
use okno_wire::proto::okno::envelope::Message;
use okno_wire::proto::okno::{ClockPing, ClockPong, Feedback, Goodbye, GoodbyeReason, Hello};
use okno_wire::{Format, Limits};

const PAGE: &str = include_str!("../../../docs/wire.md");

/// The code blocks of a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let after_openings = PAGE.split(opening.as_str()).skip(1);
    after_openings.map(|rest| rest.split("```").next().expect("split gives one")).collect()
}

fn bytes(block: &str) -> Vec<u8> {
    let digits = block
        .lines()
        .flat_map(|line| line.split(';').next().expect("split gives one").split_whitespace());
    digits.map(|d| u8::from_str_radix(d, 16).expect("two hex digits")).collect()
}

#[test]
fn the_example_of_the_senders_side() {
    let mut expected = MAGIC.to_vec();
    let hello = Hello {
        version: 1,
        name: "door".into(),
        source: "0".into(),
        width: 640,
        height: 480,
        frame_rate: 30.0,
        ..Hello::default()
    };
    encode(Message::Hello(hello), &mut expected);
    let meta = FrameMeta { sequence: 1, captured_ns: 2_000_000_000, ..FrameMeta::default() };
    let mut writer = FrameWriter::default();
    let (head, tail) = writer.wrap(&meta, 4);
    expected.extend([head, b"\xFF\xD8\xFF\xD9", tail].concat());
    let pong =
        ClockPong { id: 7, viewer_sent_ns: 1000, sender_received_ns: 5000, sender_sent_ns: 5001 };
    encode(Message::ClockPong(pong), &mut expected);
    let reason = GoodbyeReason::GoodbyeEndOfInput as i32;
    encode(Message::Goodbye(Goodbye { reason, text: String::new() }), &mut expected);
    assert_eq!(bytes(blocks("hex")[0]), expected);
}

#[test]
fn the_example_of_the_viewers_side() {
    let mut expected = Vec::new();
    let feedback = Feedback {
        frames_received: 1,
        window: 2,
        shown_width: 640,
        shown_height: 360,
        max_frame_rate: 0.0,
        ..Feedback::default()
    };
    encode(Message::Feedback(feedback), &mut expected);
    encode(Message::ClockPing(ClockPing { id: 7, viewer_sent_ns: 1000 }), &mut expected);
    assert_eq!(bytes(blocks("hex")[1]), expected);
}

#[test]
fn the_limits_are_those_of_the_code() {
    use okno_wire::limits::*;
    for (value, shown, constant) in [
        (MAX_MESSAGE, "16 MiB", "`MAX_MESSAGE`"),
        (HIGHEST_MAX_MESSAGE, "128 MiB", "`HIGHEST_MAX_MESSAGE`"),
        (MAX_BESIDE_PICTURE, "4 KiB", "`MAX_BESIDE_PICTURE`"),
        (MAX_PADDING, "64 KiB", "`MAX_PADDING`"),
        (MAX_PART_HEADER, "8 KiB", "`MAX_PART_HEADER`"),
        (MAX_NAME, "256 bytes", "`MAX_NAME`"),
    ] {
        let (number, unit) = shown.split_once(' ').expect("a number and a unit");
        let unit = match unit {
            "MiB" => 1 << 20,
            "KiB" => 1 << 10,
            _ => 1,
        };
        assert_eq!(number.parse::<usize>().expect("a number") * unit, value, "{constant}");
        let row = PAGE.lines().find(|line| line.contains(constant));
        assert!(row.is_some_and(|row| row.contains(shown)), "{constant} is {shown}: {row:?}");
    }
}

/// Waits for the program's connection, but not for a program that has failed before it.
fn accept(listener: &TcpListener, program: &mut Child) -> TcpStream {
    listener.set_nonblocking(true).expect("a socket option");
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).expect("a socket option");
                return stream;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
        if let Some(status) = program.try_wait().expect("its exit code") {
            assert!(status.success(), "the page's sender ended before it connected: {status}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_python_sender_is_understood() {
    let script = blocks("python");
    assert_eq!(script.len(), 1);
    let pictures: [&[u8]; 2] = [b"\xFF\xD8 first \xFF\xD9", &[0x77; 70_000]];
    let folder = std::env::temp_dir().join(format!("okno-wire-page-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    let files = ["first.jpg", "second.jpg"].map(|name| folder.join(name));
    for (file, picture) in files.iter().zip(pictures) {
        std::fs::write(file, picture).expect("writing a picture");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port().to_string();
    let mut python = Command::new("python3")
        .args(["-c", script[0], "127.0.0.1", &port, "Tür 2"])
        .args(&files)
        .spawn()
        .expect("this test runs the page's sender with python3: please install it");
    let mut sender = accept(&listener, &mut python);
    let mut received = Vec::new();
    sender.read_to_end(&mut received).expect("reading to the end");
    assert!(python.wait().expect("its exit code").success());
    let _ = std::fs::remove_dir_all(&folder);

    let mut feeder = Feeder::new(Format::Okno, Limits::default());
    let mut cuts: Vec<Cut> = Vec::new();
    feeder.feed(&received, &mut cuts).expect("a valid stream");
    assert!(feeder.may_end());
    let messages: Vec<_> =
        cuts[1..].iter().map(|cut| decode(&cut.payload).expect("an envelope")).collect();
    let [
        Incoming::Other(Message::Hello(hello)),
        Incoming::Frame(first, first_at),
        Incoming::Frame(second, second_at),
        Incoming::Other(Message::Goodbye(goodbye)),
    ] = &messages[..]
    else {
        panic!("{messages:?}")
    };
    assert_eq!((hello.version, hello.name.as_str()), (1, "Tür 2"));
    assert_eq!((first.sequence, second.sequence), (0, 1));
    assert!(0 < first.captured_ns && first.captured_ns < second.captured_ns);
    assert_eq!(&cuts[2].payload[first_at.clone()], pictures[0]);
    assert_eq!(&cuts[3].payload[second_at.clone()], pictures[1]);
    assert_eq!(goodbye.reason(), GoodbyeReason::GoodbyeEndOfInput);
}
