//! Sniffing: every format at every length of its beginning, and never two answers.

use okno_wire::{Format, Limits, SNIFF_BYTES, Sniffed, sniff};

fn check(start: &[u8], expected: &Sniffed, decided_at: usize) {
    for n in 0..=start.len() {
        let sniffed = sniff(&start[..n], Limits::default());
        if n < decided_at {
            assert_eq!(sniffed, Sniffed::NeedMore, "{n} bytes of {start:02X?}");
        } else {
            assert_eq!(&sniffed, expected, "{n} bytes of {start:02X?}");
        }
    }
}

fn unknown(start: &[u8], decided_at: usize, guess: &str) {
    for n in 0..decided_at {
        assert_eq!(sniff(&start[..n], Limits::default()), Sniffed::NeedMore, "{n} of {start:02X?}");
    }
    match sniff(start, Limits::default()) {
        Sniffed::Unknown(text) => assert!(text.contains(guess), "{start:02X?}: {text}"),
        other => panic!("{start:02X?}: {other:?}"),
    }
}

#[test]
fn each_format_is_known_as_soon_as_it_can_be() {
    for (format, start, decided_at) in [
        (Format::Okno, &b"\x89OKNO\r\n\x01\x05rest of it"[..], 8),
        (Format::Mjpeg, b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x02\x00\x00\x01", 4),
        (Format::Mjpeg, b"\xFF\xD8\xFF\xDB\x00\x43\x00\x06", 4),
        (Format::Raw, b"\x0A\x04\xFF\xD8\xFF\xD9", 4),
        (Format::Raw, b"\x0A\xDE\x0B\xFF\xD8\xFF\xE0", 5),
        (Format::Raw, b"\x0A\x80\x80\x80\x07\xFF\xD8", 7),
        (Format::Be32, b"\0\0\x05\xE1\x0A\xDE\x0B\xFF\xD8\xFF\xE0", 9),
        (Format::Be32, b"\0\xAB\xCD\x04\x0A\xFF\x99\xAF\x05\xFF\xD8", 11),
        (Format::Le32, b"\xE1\x05\0\0\x0A\xDE\x0B\xFF\xD8\xFF\xE0", 9),
        (Format::Le64, b"\xE1\x05\0\0\0\0\0\0\x0A\xDE\x0B\xFF\xD8\xFF\xE0", 13),
        // With id = 4711 behind the picture.
        (Format::Le64, b"\xE4\x05\0\0\0\0\0\0\x0A\xDE\x0B\xFF\xD8\xFF\xE0", 13),
    ] {
        check(start, &Sniffed::Format(format), decided_at);
    }
    check(b"POST /cam HTTP/1.1\r\n", &Sniffed::Http, 5);
    check(b"PUT /cam HTTP/1.1\r\n", &Sniffed::Http, 4);
}

/// Lengths whose bytes make sense in both orders, with a picture that fits only one of them.
#[test]
fn the_picture_tells_the_byte_orders_apart() {
    for (length, other) in
        [(0x02_0100_u32, 0x01_0200_u32), (0x01_0200, 0x02_0100), (0x8000, 0x80_0000)]
    {
        assert_eq!(length.swap_bytes(), other, "the example is chosen so");
        for beside in [0, 2, 11] {
            for (format, prefix) in
                [(Format::Be32, length.to_be_bytes()), (Format::Le32, length.to_le_bytes())]
            {
                let picture = length - beside - 4;
                let mut start = prefix.to_vec();
                start.extend_from_slice(&[
                    0x0A,
                    picture as u8 | 0x80,
                    (picture >> 7) as u8 | 0x80,
                    (picture >> 14) as u8,
                    0xFF,
                    0xD8,
                ]);
                let sniffed = sniff(&start, Limits::default());
                assert_eq!(sniffed, Sniffed::Format(format), "{length:#X}, {beside} beside");
            }
        }
    }
}

/// A little-endian length may begin with FF D8, as a bare JPEG does.
#[test]
fn a_length_that_looks_like_the_start_of_a_picture() {
    let le32 = b"\xFF\xD8\0\0\x0A\xFB\xB1\x03\xFF\xD8";
    check(le32, &Sniffed::Format(Format::Le32), 10);
    let le64 = b"\xFF\xD8\0\0\0\0\0\0\x0A\xFB\xB1\x03\xFF\xD8";
    check(le64, &Sniffed::Format(Format::Le64), 14);
}

#[test]
fn what_is_none_of_the_formats() {
    unknown(b"GET / HTTP/1.1\r\n", 4, "HTTP GET");
    unknown(b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC", 4, "TLS");
    unknown(b"\x89PNG\r\n\x1A\n", 4, "PNG");
    unknown(b"\xFF\0\0\0\0\0\0\0\x01\x7F", 9, "ZeroMQ");
    unknown(b"\0\0\0\x01\x67\x42\xC0\x1E", 4, "H.264");
    unknown(b"RTSP/1.0 200 OK\r\n", 4, "RTSP");
    unknown(b"\x80\x04\x95\x10\x27\0\0\0\0\0\0\x8C", 4, "pickle");
    // A length of 4 or 8 bytes before the pickle, as the tutorials and VideoChat have it.
    unknown(b"\x10\x27\0\0cnumpy.core", 5, "pickle");
    unknown(b"\x10\x27\0\0\0\0\0\0\x80\x04\x95\x01", 9, "pickle");
    unknown(b"hello, world", 4, "docs/wire.md");
    unknown(b"\xFF\xD8\xE0\xE0\x00\x10JFIF\x00\x01", 4, "docs/wire.md");
    unknown(b"\xFF\xD8\x00\x10JFIF\x00\x01\x02\x00\x00", 4, "docs/wire.md");
    unknown(b"\x89OKNO\n\n\x01\x05rest", 6, "docs/wire.md");
    unknown(b"\x0A\x03\xFF\xD8\xFF\xE0\x00\x10\x11", 2, "docs/wire.md");
    unknown(b"\x0A\xFF\xFF\xFF\xFF\x7F\xFF\xD8\xFF\xFF", 6, "docs/wire.md");
}

#[test]
fn lengths_beyond_the_limit_are_no_format() {
    unknown(b"\xFF\xFF\xFF\xFF\x0A\xFA\xFF\xFF\xFF\x0F\xFF\xD8", 4, "");
    unknown(b"\x01\0\0\x01\x0A\xFC\xFF\xFF\x07\xFF\xD8", 4, "");
    unknown(b"\0\0\0\0\x01\0\0\0\x0A\xFA\xFF\xFF\xFF\x0F\xFF\xD8", 8, "");
    let limits = Limits { max_message: 1000 };
    let stream = b"\0\0\x05\xE1\x0A\xDE\x0B\xFF\xD8\xFF\xE0";
    assert!(matches!(sniff(stream, limits), Sniffed::Unknown(_)));
}

/// A picture longer than the message, or far shorter, is not this format.
#[test]
fn a_picture_that_does_not_fit_its_message() {
    unknown(b"\0\0\x05\xE0\x0A\xDE\x0B\xFF\xD8\xFF\xE0\0\0\0\0\0", 7, "");
    unknown(b"\0\x01\x05\xE1\x0A\x04\xFF\xD8\xFF\xD9\0\0\0\0\0\0", 6, "");
    unknown(b"\0\0\xF1\x05\x0A\x84\x01\xFF\xD8\xFF\xE0\0\0\0\0\0", 7, "");
}

/// Every beginning of up to three bytes from an alphabet of the bytes that matter, followed by
/// each tail: longer beginnings never change a decision, and 16 bytes always bring one.
#[test]
fn a_decision_never_changes_and_always_comes() {
    let alphabet =
        [0x00, 0x01, 0x04, 0x06, 0x0A, 0x0D, 0x10, 0x7F, 0x80, 0x89, 0xC0, 0xD8, 0xE0, 0xFF, b'P'];
    let tails: [&[u8]; 6] = [
        b"\x0A\x80\x80\x04\xFF\xD8\xFF\xE0",
        b"\0\x0A\x04\xFF\xD8\xFF\xD9",
        b"\0\0\0\0\0\x0A\x84\x01\xFF\xD8",
        b"\xFF\xD8\xFF\xE0\0\x10JFIF",
        b"\x80\x80\x80\x80\x80\x80\x80",
        b"\0\0\0\0\0\0\0\0\0\0\0",
    ];
    for a in alphabet {
        for b in alphabet {
            for c in alphabet {
                for tail in tails {
                    let mut start = [&[a, b, c], tail].concat();
                    start.resize(SNIFF_BYTES, 0);
                    let mut decision = Sniffed::NeedMore;
                    for n in 0..=start.len() {
                        let now = sniff(&start[..n], Limits::default());
                        if let (Sniffed::Format(_) | Sniffed::Http, _) = (&decision, ()) {
                            assert_eq!(now, decision, "{n} of {start:02X?}");
                        }
                        if matches!(decision, Sniffed::Unknown(_)) {
                            assert!(matches!(now, Sniffed::Unknown(_)), "{n} of {start:02X?}");
                        }
                        decision = now;
                    }
                    assert_ne!(decision, Sniffed::NeedMore, "{start:02X?}");
                }
            }
        }
    }
}
