//! Okno's own format against prost, which knows nothing of our shortcuts, and against the
//! worked example in docs/wire.md.

mod common;

use common::{cut_promptly, payloads};
use okno_wire::okno::{
    DecodeError, FrameMeta, FrameWriter, Handover, Incoming, MAGIC, Shared, decode, encode,
};
use okno_wire::proto::okno::envelope::Message;
use okno_wire::proto::okno::{
    ClockPing, ClockPong, Envelope, Feedback, Frame, Goodbye, GoodbyeReason, Hello,
};
use okno_wire::proto::video::VideoFrame;
use okno_wire::{Format, Limits, Sniffed, Splitter, Step, sniff};
use prost::Message as _;

const META: FrameMeta = FrameMeta {
    sequence: 1_000_000,
    captured_ns: 1,
    encoded_ns: u64::MAX,
    sent_ns: 3,
    untouched: true,
    shared: None,
};

fn written(meta: &FrameMeta, jpeg: &[u8]) -> Vec<u8> {
    let mut writer = FrameWriter::default();
    // A first picture of another size must leave nothing behind in the writer.
    writer.wrap(&META, 70_000);
    let (head, tail) = writer.wrap(meta, jpeg.len());
    [head, jpeg, tail].concat()
}

/// The bytes of the one envelope in `stream`, its length taken off.
fn envelope(stream: &[u8]) -> &[u8] {
    let mut splitter = Splitter::new(Format::Okno, Limits::default());
    let whole = [&MAGIC[..], stream].concat();
    assert_eq!(splitter.step(&whole), Step::Message { consumed: 8, payload: 0..0 });
    match splitter.step(stream) {
        Step::Message { consumed, payload } if consumed == stream.len() => &stream[payload],
        other => panic!("{other:?}"),
    }
}

#[test]
fn prost_reads_what_the_frame_writer_writes() {
    for size in [0, 1, 127, 128, 16_383, 16_384, 300_000] {
        let shared = Some(Shared { slot: 3, sequence: 1 << 40, width: 1280, height: 720 });
        for meta in [META, FrameMeta::default(), FrameMeta { shared, ..META }] {
            let jpeg = vec![0xAB; size];
            let stream = written(&meta, &jpeg);
            let read = Envelope::decode_length_delimited(&stream[..]).expect("an envelope");
            let expected = Frame {
                data: jpeg,
                sequence: meta.sequence,
                captured_ns: meta.captured_ns,
                encoded_ns: meta.encoded_ns,
                sent_ns: meta.sent_ns,
                codec: i32::from(meta.shared.is_some()),
                key: true,
                untouched: meta.untouched,
                shared_slot: meta.shared.unwrap_or_default().slot,
                shared_sequence: meta.shared.unwrap_or_default().sequence,
                shared_width: meta.shared.unwrap_or_default().width,
                shared_height: meta.shared.unwrap_or_default().height,
            };
            assert_eq!(read.message, Some(Message::Frame(expected)), "{size} bytes");
        }
    }
}

#[test]
fn a_reader_of_the_original_messages_finds_its_jpeg_in_a_frame() {
    let stream = written(&META, b"\xFF\xD8\xFF\xD9");
    let envelope = envelope(&stream);
    // Tag and length of field 1; what is left is the frame message.
    let frame = VideoFrame::decode(&envelope[2..]).expect("a VideoFrame with more fields");
    assert_eq!(frame.frame_data, b"\xFF\xD8\xFF\xD9");
}

#[test]
fn we_read_frames_that_prost_writes() {
    let frame = Frame {
        data: b"picture".to_vec(),
        sequence: 7,
        captured_ns: 8,
        encoded_ns: 9,
        sent_ns: 10,
        codec: 0,
        key: true,
        untouched: false,
        ..Frame::default()
    };
    let bytes = Envelope { message: Some(Message::Frame(frame)) }.encode_to_vec();
    let Ok(Incoming::Frame(meta, at)) = decode(&bytes) else { panic!("a frame") };
    assert_eq!(&bytes[at], b"picture");
    assert_eq!(
        meta,
        FrameMeta {
            sequence: 7,
            captured_ns: 8,
            encoded_ns: 9,
            sent_ns: 10,
            ..FrameMeta::default()
        }
    );
}

#[test]
fn every_other_message_comes_back_as_it_was() {
    let hello = Hello {
        version: 1,
        name: "Gößweinstein 窓".into(),
        source: "/dev/video2".into(),
        width: 1280,
        height: 720,
        frame_rate: 29.97,
        software: "test 1".into(),
        clock_domain: "boot".into(),
        shared_memory: true,
    };
    for message in [
        Message::Hello(hello),
        Message::Feedback(Feedback {
            frames_received: 3,
            window: 2,
            shown_width: 640,
            shown_height: 360,
            max_frame_rate: 15.0,
            shared_memory: true,
        }),
        Message::ClockPing(ClockPing { id: 1, viewer_sent_ns: 2 }),
        Message::ClockPong(ClockPong {
            id: 1,
            viewer_sent_ns: 2,
            sender_received_ns: 3,
            sender_sent_ns: 4,
        }),
        Message::Goodbye(Goodbye {
            reason: GoodbyeReason::GoodbyeSourceLost as i32,
            text: "the camera was unplugged".into(),
        }),
        Message::Feedback(Feedback::default()),
    ] {
        let mut stream = Vec::new();
        encode(message.clone(), &mut stream);
        assert_eq!(decode(envelope(&stream)), Ok(Incoming::Other(message)));
    }
}

#[test]
fn what_later_versions_add_is_passed_over() {
    // An unknown message in the envelope, an unknown field beside a frame and inside it.
    assert_eq!(decode(b""), Ok(Incoming::Unknown));
    assert_eq!(decode(b"\x42\x03abc"), Ok(Incoming::Unknown));
    for envelope in [
        &b"\x0A\x0B\x0A\x03jpg\x10\x05\x5A\x02??\x78\x01"[..],
        b"\x78\x01\x0A\x0B\x0A\x03jpg\x10\x05\x5A\x02??",
    ] {
        let Ok(Incoming::Frame(meta, at)) = decode(envelope) else { panic!("a frame") };
        assert_eq!((meta.sequence, &envelope[at]), (5, &b"jpg"[..]));
    }
    // A hello with a field 99.
    let Ok(Incoming::Other(Message::Hello(hello))) = decode(b"\x12\x06\x08\x01\x9A\x06\x01?")
    else {
        panic!("a hello")
    };
    assert_eq!(hello.version, 1);
}

#[test]
fn of_two_messages_in_an_envelope_the_last_counts() {
    let Ok(Incoming::Other(Message::Hello(_))) = decode(b"\x0A\x05\x0A\x03jpg\x12\x00") else {
        panic!("the hello stands last")
    };
    let Ok(Incoming::Frame(_, at)) = decode(b"\x12\x00\x0A\x05\x0A\x03jpg") else {
        panic!("the frame stands last")
    };
    assert_eq!(at, 6..9);
}

#[test]
fn envelopes_that_can_not_be_read() {
    // A frame longer than its envelope; a picture longer than its frame; a group.
    for bytes in [&b"\x0A\x05\x0A\x09jpg"[..], b"\x0A\x09\x0A\x03jpg", b"\x0B", b"\x0A"] {
        assert!(matches!(decode(bytes), Err(DecodeError::Malformed(_))), "{bytes:02X?}");
    }
    // Text that is no UTF-8; a hello that is a number.
    for bytes in [&b"\x12\x03\x12\x01\xFF"[..], b"\x10\x07"] {
        assert!(matches!(decode(bytes), Err(DecodeError::Decode(_))), "{bytes:02X?}");
    }
    assert_eq!(decode(b"\x0A\x04\x0A\x00\x30\x07"), Err(DecodeError::Codec(7)));
    // The offset in a message to a person counts from the start of the envelope's frame.
    let error = decode(b"\x0A\x04\x0A\x09ab").expect_err("cut");
    assert!(error.to_string().contains("reaches past the end"), "{error}");
}

#[test]
fn a_session_byte_by_byte() {
    let mut stream = MAGIC.to_vec();
    encode(Message::Hello(Hello { version: 1, ..Hello::default() }), &mut stream);
    stream.extend_from_slice(&written(&META, &[0x55; 1000]));
    encode(Message::Goodbye(Goodbye { reason: 1, text: String::new() }), &mut stream);
    let cuts = cut_promptly(Format::Okno, &stream);
    let kinds: Vec<_> = payloads(&cuts).iter().map(|bytes| decode(bytes)).collect();
    assert!(matches!(
        kinds[..],
        [
            Ok(Incoming::Unknown),
            Ok(Incoming::Other(Message::Hello(_))),
            Ok(Incoming::Frame(META, _)),
            Ok(Incoming::Other(Message::Goodbye(_)))
        ]
    ));
    assert_eq!(sniff(&stream[..8], Limits::default()), Sniffed::Format(Format::Okno));
}

#[test]
fn a_picture_in_shared_memory_comes_back_with_its_place() {
    let shared = Some(Shared { slot: 2, sequence: 84, width: 480, height: 270 });
    let meta = FrameMeta { sequence: 5, shared, ..FrameMeta::default() };
    let stream = written(&meta, b"");
    let decoded = decode(envelope(&stream)).expect("a frame");
    let Incoming::Frame(back, at) = decoded else { panic!("a frame") };
    assert_eq!((back, at.len()), (meta, 0));
    // Numbers that no field can hold are no small numbers.
    let mut frame = Vec::new();
    for (tag, value) in [(0x30, 1), (0x48, u64::MAX), (0x58, 1 << 32), (0x60, 1)] {
        frame.push(tag);
        okno_wire::protobuf::put_varint(value, &mut frame);
    }
    let envelope = [&[0x0A, frame.len() as u8][..], &frame].concat();
    let Ok(Incoming::Frame(meta, _)) = decode(&envelope) else { panic!("a frame") };
    let place = meta.shared.expect("a place");
    assert_eq!((place.slot, place.width, place.height), (u32::MAX, u32::MAX, 1));
    let unknown = decode(&[0x0A, 2, 0x30, 2]);
    assert!(matches!(unknown, Err(DecodeError::Codec(2))));
}

#[test]
fn a_handover_comes_back_as_it_was() {
    let handover = Handover { token: *b"0123456789abcdef", slots: 4, slot_bytes: 3_686_400 };
    assert_eq!(Handover::from_bytes(&handover.to_bytes()), handover);
}
