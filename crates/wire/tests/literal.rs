//! Every format as bytes written by hand: what is a message, what is not, and where it ends.

mod common;

use common::{Feeder, cut, cut_promptly, payloads};
use okno_wire::limits::{HIGHEST_MAX_MESSAGE, MAX_PADDING, MAX_PART_HEADER};
use okno_wire::{Format, Invalid, Limits, Splitter, Step};

/// The smallest thing that walks like a JPEG: SOI, a quantisation table of no bytes, a scan.
const TINY: &[u8] = b"\xFF\xD8\xFF\xDB\x00\x02\xFF\xDA\x00\x02\x12\x34\xFF\xD9";

/// The verdict on a stream that is wrong, which must be the same at once and byte by byte.
fn refused(format: Format, stream: &[u8]) -> Invalid {
    let at_once = cut(format, stream, []).expect_err("a stream to refuse");
    let slowly = cut(format, stream, std::iter::repeat_n(1, stream.len())).expect_err("the same");
    assert_eq!(slowly.expected, at_once.expected, "the verdict must not depend on the cuts");
    at_once
}

fn needs(format: Format, stream: &[u8]) -> (usize, bool) {
    match Splitter::new(format, Limits::default()).step(stream) {
        Step::NeedMore { total, exact } => (total, exact),
        other => panic!("{other:?}"),
    }
}

#[test]
fn raw() {
    // Two messages of 4 and 2 bytes, nothing in between; then one with an overlong varint.
    let stream = b"\x0A\x04\xFF\xD8\xFF\xD9\x0A\x02hi\x0A\x81\x80\x00!";
    assert_eq!(
        payloads(&cut_promptly(Format::Raw, stream)),
        [&b"\xFF\xD8\xFF\xD9"[..], b"hi", b"!"]
    );
    assert_eq!(needs(Format::Raw, b"\x0A"), (2, false));
    assert_eq!(needs(Format::Raw, b"\x0A\x80"), (3, false));
    assert_eq!(needs(Format::Raw, b"\x0A\x80\x01"), (3 + 128, true));
}

#[test]
fn raw_with_an_empty_picture() {
    assert_eq!(payloads(&cut_promptly(Format::Raw, b"\x0A\x00\x0A\x01x")), [&b""[..], b"x"]);
}

#[test]
fn be32() {
    let stream = b"\0\0\0\x06\x0A\x04\xFF\xD8\xFF\xD9\0\0\0\x04\x0A\x02hi";
    assert_eq!(payloads(&cut_promptly(Format::Be32, stream)), [&b"\xFF\xD8\xFF\xD9"[..], b"hi"]);
    assert_eq!(needs(Format::Be32, b"\0\0\x01"), (4, false));
    assert_eq!(needs(Format::Be32, b"\0\0\x01\0"), (4 + 256, true));
}

#[test]
fn le32() {
    let stream = b"\x06\0\0\0\x0A\x04\xFF\xD8\xFF\xD9\x04\0\0\0\x0A\x02hi";
    assert_eq!(payloads(&cut_promptly(Format::Le32, stream)), [&b"\xFF\xD8\xFF\xD9"[..], b"hi"]);
    assert_eq!(needs(Format::Le32, b"\0\x01\0\0"), (4 + 256, true));
}

#[test]
fn le64_with_and_without_an_id() {
    // The second message has id = 300 behind its picture, the third has it before.
    let stream = b"\x06\0\0\0\0\0\0\0\x0A\x04\xFF\xD8\xFF\xD9\
                   \x07\0\0\0\0\0\0\0\x0A\x02hi\x10\xAC\x02\
                   \x05\0\0\0\0\0\0\0\x10\x07\x0A\x01!";
    let cuts = cut_promptly(Format::Le64, stream);
    assert_eq!(payloads(&cuts), [&b"\xFF\xD8\xFF\xD9"[..], b"hi", b"!"]);
    assert_eq!(cuts[1].end, 14 + 15);
    assert_eq!(needs(Format::Le64, b"\x06\0\0\0\0\0\0"), (8, false));
}

#[test]
fn a_message_without_a_picture_is_a_message() {
    let cuts = cut_promptly(Format::Be32, b"\0\0\0\0\0\0\0\x02\x10\x07\0\0\0\x03\x0A\x01x");
    assert_eq!(payloads(&cuts), [&b""[..], b"", b"x"]);
}

#[test]
fn of_two_pictures_in_a_message_the_last_counts_as_in_every_protobuf_reader() {
    let cuts = cut_promptly(Format::Be32, b"\0\0\0\x08\x0A\x02no\x0A\x02ok");
    assert_eq!(payloads(&cuts), [b"ok"]);
}

#[test]
fn unknown_fields_of_every_wire_type_are_passed_over() {
    let message = b"\x18\xFF\x01\x21abcdefgh\x2A\x03xyz\x35abcd\x0A\x02ok";
    let mut stream = vec![message.len() as u8, 0, 0, 0];
    stream.extend_from_slice(message);
    assert_eq!(payloads(&cut_promptly(Format::Le32, &stream)), [b"ok"]);
}

#[test]
fn lengths_of_4_gib_and_more_are_refused_before_anything_else_arrives() {
    for (format, start) in [
        (Format::Be32, &b"\xFF\xFF\xFF\xFF"[..]),
        (Format::Le32, b"\xFF\xFF\xFF\xFF"),
        (Format::Le64, b"\0\0\0\0\x01\0\0\0"),
        // Negative for the struct.pack("l") of the originals.
        (Format::Le64, b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        (Format::Raw, b"\x0A\x80\x80\x80\x80\x10"),
        (Format::Okno, b"\x89OKNO\r\n\x01\x80\x80\x80\x80\x10"),
    ] {
        let verdict = refused(format, start);
        assert_eq!(verdict.expected, "a message within the limit", "{format}");
        assert!(verdict.found.contains("the limit is 16777216"), "{}", verdict.found);
    }
    assert!(refused(Format::Be32, b"\xFF\xFF\xFF\xFF").found.starts_with("4294967295 bytes"));
}

#[test]
fn the_limit_itself_is_allowed_and_can_be_set() {
    assert_eq!(needs(Format::Be32, b"\x01\0\0\0"), (4 + (16 << 20), true));
    refused(Format::Be32, b"\x01\0\0\x01");
    let mut feeder = Feeder::new(Format::Be32, Limits { max_message: 10 });
    let mut out = Vec::new();
    feeder.feed(b"\0\0\0\x0A\x0A\x08abcdefgh", &mut out).expect("ten bytes are allowed");
    assert_eq!(out.len(), 1);
    feeder.feed(b"\0\0\0\x0B", &mut out).expect_err("eleven are not");
    assert_eq!(Limits { max_message: usize::MAX }.message(), HIGHEST_MAX_MESSAGE);
}

#[test]
fn a_length_and_a_message_that_disagree() {
    // The length says 6, the picture in it claims 5 of the 4 bytes left.
    let verdict = refused(Format::Be32, b"\0\0\0\x06\x0A\x05\xFF\xD8\xFF\xD9");
    assert_eq!(
        (verdict.offset, verdict.expected),
        (6, "a protobuf message of the length that was announced")
    );
    // The length says 5, so the message ends inside the picture.
    refused(Format::Le64, b"\x05\0\0\0\0\0\0\0\x0A\x04\xFF\xD8\xFF\xD9");
    // The length says 7, so a first byte of the next message is left over: a cut field.
    refused(Format::Le32, b"\x07\0\0\0\x0A\x04\xFF\xD8\xFF\xD9\x0A");
    // A varint that the end of the message cuts, and one without end.
    refused(Format::Be32, b"\0\0\0\x02\x0A\x80");
    refused(Format::Be32, b"\0\0\0\x0C\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
    // Ten bytes may hold 64 bits and not one more.
    refused(Format::Be32, b"\0\0\0\x0B\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02");
    cut_promptly(Format::Be32, b"\0\0\0\x0B\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
    // Field number 0, wire types 3 (group) and 7.
    refused(Format::Be32, b"\0\0\0\x02\x02\0");
    refused(Format::Be32, b"\0\0\0\x01\x0B");
    refused(Format::Be32, b"\0\0\0\x01\x0F");
}

#[test]
fn garbage() {
    assert_eq!(refused(Format::Raw, b"GET / HTTP/1.1").offset, 0);
    assert_eq!(refused(Format::Raw, b"\x0A\x01x\x0B").offset, 0);
    assert_eq!(refused(Format::Raw, b"\x0A\xFF\xFF\xFF\xFF\xFF\xFF").offset, 1);
    let verdict = refused(Format::Raw, b"hello, world");
    assert_eq!(
        verdict.to_string(),
        "expected 0A, the start of a VideoFrame, found 68 65 6C 6C 6F 2C 20 77"
    );
    refused(Format::Okno, b"\x89OKNO\n\n\x01");
    refused(Format::Okno, b"\x89OKNO\r\n\x01\xFF\xFF\xFF\xFF\xFF\xFF");
    refused(Format::Mjpeg, b"\x89PNG\r\n\x1A\n");
    refused(Format::Mjpeg, b"\xFF\xD9");
}

#[test]
fn okno_magic_then_envelopes() {
    let stream = b"\x89OKNO\r\n\x01\x02\x12\x00\x00\x03abc";
    let cuts = cut_promptly(Format::Okno, stream);
    assert_eq!(payloads(&cuts), [&b""[..], b"\x12\x00", b"", b"abc"]);
    assert_eq!(needs(Format::Okno, b"\x89OK"), (8, false));
}

#[test]
fn bare_jpegs() {
    assert_eq!(payloads(&cut_promptly(Format::Mjpeg, &TINY.repeat(3))), [TINY; 3]);
    // SOI and EOI alone.
    assert_eq!(payloads(&cut_promptly(Format::Mjpeg, b"\xFF\xD8\xFF\xD9")).len(), 1);
}

#[test]
fn a_thumbnail_does_not_end_its_picture() {
    // APP1 of 2 + 6 + 14 bytes with a whole JPEG in it, and FF D9 in a comment.
    let mut picture = b"\xFF\xD8\xFF\xE1\x00\x16Exif\0\0".to_vec();
    picture.extend_from_slice(TINY);
    picture.extend_from_slice(b"\xFF\xFE\x00\x06\xFF\xD9\xFF\xD9");
    picture.extend_from_slice(&TINY[2..]);
    let stream = [&picture[..], TINY, &picture].concat();
    assert_eq!(payloads(&cut_promptly(Format::Mjpeg, &stream)), [&picture[..], TINY, &picture]);
}

#[test]
fn stuffing_restart_markers_and_fill_bytes_do_not_end_a_picture() {
    for inside in [
        &b"\x12\xFF\x00\xD9\x34"[..],
        b"\x12\xFF\xD0\xD9\xFF\xD7\x34",
        // Fill before a restart marker (T.81, B.1.1.2): entropy-coded data goes on behind it.
        b"\x12\xFF\xFF\xD3\x34",
        b"\x12\xFF\xFF\xFF\xFF\xD3\x34",
        b"\xFF\x00\xFF\x00\xFF\x00",
        b"",
    ] {
        // A second scan, and fill before its marker and before the end.
        let picture = [
            b"\xFF\xD8\xFF\xFF\xFF\xDB\x00\x02\xFF\xDA\x00\x02",
            inside,
            b"\xFF\xFF\xDA\x00\x03\xD9",
            inside,
            b"\xFF\xFF\xFF\xD9",
        ]
        .concat();
        let stream = [&picture[..], &picture, TINY].concat();
        assert_eq!(
            payloads(&cut_promptly(Format::Mjpeg, &stream)),
            [&picture[..], &picture, TINY],
            "{inside:02X?}"
        );
    }
}

#[test]
fn markers_that_no_picture_has_there() {
    assert_eq!(refused(Format::Mjpeg, b"\xFF\xD8\x00").offset, 2);
    assert_eq!(refused(Format::Mjpeg, b"\xFF\xD8\xFF\x00").offset, 3);
    assert_eq!(refused(Format::Mjpeg, b"\xFF\xD8\xFF\xE0\x00\x01").offset, 4);
    // A picture that was cut off and followed by the next one.
    let cut_off = [&TINY[..11], TINY].concat();
    assert_eq!(refused(Format::Mjpeg, &cut_off).expected, "a JPEG marker, not a new picture");
}

#[test]
fn padding_between_pictures() {
    let padded = [TINY, &[0; 1000], TINY, b"\r\n\r\n", TINY, &[0; MAX_PADDING], TINY].concat();
    assert_eq!(payloads(&cut_promptly(Format::Mjpeg, &padded)), [TINY; 4]);
    refused(Format::Mjpeg, &[TINY, &[0; MAX_PADDING + 1], TINY].concat());
    refused(Format::Mjpeg, &[TINY, b"\0\0 ", TINY].concat());
}

#[test]
fn a_stream_may_end_in_padding_but_not_in_a_picture() {
    for (tail, clean) in
        [(&b""[..], true), (b"\0\0\r\n", true), (b"\0\xFF", false), (&TINY[..9], false)]
    {
        let mut feeder = Feeder::new(Format::Mjpeg, Limits::default());
        feeder.feed(&[TINY, tail].concat(), &mut Vec::new()).expect("a valid stream");
        assert_eq!(feeder.may_end(), clean, "{tail:02X?}");
    }
}

#[test]
fn a_picture_without_end_stops_at_the_limit() {
    let limits = Limits { max_message: 100 };
    for body in [&[0x11; 300][..], &b"\xFF\xFE\x00\x02".repeat(80)] {
        let stream = [b"\xFF\xD8\xFF\xDA\x00\x02", body, b"\xFF\xD9"].concat();
        for piece in [1, 7, 400] {
            let mut feeder = Feeder::new(Format::Mjpeg, limits);
            let mut out = Vec::new();
            let verdict = stream.chunks(piece).try_for_each(|c| feeder.feed(c, &mut out));
            assert_eq!(verdict.expect_err("too large").expected, "a picture within the limit");
            assert!(out.is_empty());
        }
    }
    // Exactly the limit is allowed.
    let stream = [b"\xFF\xD8\xFF\xDA\x00\x02", &[0x11; 92][..], b"\xFF\xD9"].concat();
    let mut out = Vec::new();
    Feeder::new(Format::Mjpeg, limits).feed(&stream, &mut out).expect("a hundred bytes");
    assert_eq!(out.len(), 1);
}

#[test]
fn multipart_with_and_without_lengths_and_in_the_dialects_of_cameras() {
    let stream = [
        b"\r\n--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 14\r\n\r\n",
        TINY,
        b"\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n",
        TINY,
        // A length that is wrong, line ends without CR, no line end after the picture.
        b"--frame\nContent-Length: 3\n\n",
        TINY,
        // No header at all.
        TINY,
        b"\r\n--frame\r\nX-Timestamp: 1.5\r\nContent-type:image/jpeg\r\n\r\n",
        TINY,
        b"\r\n--frame--\r\n\r\n",
    ];
    let cuts = cut_promptly(Format::Multipart, &stream.concat());
    assert_eq!(payloads(&cuts), [TINY; 5]);
}

#[test]
fn multipart_that_holds_no_pictures() {
    let verdict = refused(Format::Multipart, b"--f\r\nContent-Type: text/plain\r\n\r\nhello");
    assert_eq!(verdict.expected, "FF D8, the start of a JPEG");
    let endless = [b"--f\r\n", &b"X: y\r\n".repeat(MAX_PART_HEADER)[..]].concat();
    assert_eq!(refused(Format::Multipart, &endless).expected, "the header of a multipart part");
    refused(Format::Multipart, &b"\r\n".repeat(MAX_PART_HEADER));
}

/// 00 02 02 00 is 131,584 in both byte orders: the second length tells.
#[test]
fn a_first_length_that_reads_the_same_in_both_byte_orders() {
    let message = |n: usize| {
        let mut m = b"\x0A\x00\x00\x00".to_vec();
        let picture = n - 4;
        m[1..].copy_from_slice(&[
            picture as u8 | 0x80,
            (picture >> 7) as u8 | 0x80,
            (picture >> 14) as u8,
        ]);
        m.extend_from_slice(b"\xFF\xD8");
        m.resize(n, 7);
        m
    };
    let both = [b"\x00\x02\x02\x00", &message(0x02_0200)[..]].concat();
    let second = message(0x4321);
    let big = [&both, &both, &b"\x00\x00\x43\x21"[..], &second].concat();
    let little = [&both, &both, &b"\x21\x43\x00\x00"[..], &second].concat();
    for (stream, format) in [(big, Format::Be32), (little, Format::Le32)] {
        let start = okno_wire::sniff(&stream[..16], Limits::default());
        assert_eq!(start, okno_wire::Sniffed::Format(Format::Be32));
        for piece in [1, 5, 100_000, stream.len()] {
            let mut feeder = Feeder::new(Format::Be32, Limits::default());
            let mut out = Vec::new();
            for chunk in stream.chunks(piece) {
                feeder.feed(chunk, &mut out).expect("a valid stream");
            }
            assert_eq!(feeder.format(), format);
            assert_eq!(out.len(), 3);
            assert_eq!(out[2].payload, second[4..]);
            if piece == 1 {
                assert!(out.iter().all(|cut| cut.seen == cut.end));
            }
        }
    }
}

#[test]
fn what_a_sender_puts_before_a_picture() {
    for (format, expected) in [
        (Format::Raw, &b"\x0A\xAC\x02"[..]),
        (Format::Be32, b"\x00\x00\x01\x2F\x0A\xAC\x02"),
        (Format::Le32, b"\x2F\x01\x00\x00\x0A\xAC\x02"),
        (Format::Le64, b"\x2F\x01\x00\x00\x00\x00\x00\x00\x0A\xAC\x02"),
        (Format::Mjpeg, b""),
    ] {
        let mut head = b"kept".to_vec();
        assert!(format.wrap(300, &mut head));
        assert_eq!(head, [b"kept", expected].concat(), "{format}");
    }
    for format in [Format::Okno, Format::Multipart] {
        let mut head = Vec::new();
        assert!(!format.wrap(300, &mut head));
        assert!(head.is_empty());
    }
}

#[test]
fn names_of_the_formats() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let refusal = "RAW".parse::<Format>().expect_err("no such name");
    assert_eq!(
        refusal,
        "unknown format \"RAW\"; one of okno, raw, be32, le64, le32, mjpeg, multipart"
    );
}
