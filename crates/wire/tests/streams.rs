//! Captured streams of real programs, cut in every place.
//!
//! The places of the pictures are written down here; they were found by other means (FF D8 to
//! the next FF D9, which is right for these pictures as none has a thumbnail).

mod common;

use std::ops::Range;

use common::{Feeder, cut, cut_promptly, numbers, payloads};
use okno_wire::{Format, Limits, Sniffed, sniff};

struct Capture {
    name: &'static str,
    format: Format,
    bytes: &'static [u8],
    pictures: [Range<usize>; 3],
    ends: [usize; 3],
}

macro_rules! capture {
    ($name:literal, $format:ident, $pictures:expr, $ends:expr) => {
        Capture {
            name: $name,
            format: Format::$format,
            bytes: include_bytes!(concat!("data/", $name)),
            pictures: $pictures,
            ends: $ends,
        }
    };
}

fn captures() -> Vec<Capture> {
    vec![
        capture!("ffmpeg.mjpeg", Mjpeg, [0..1980, 1980..4231, 4231..6507], [1980, 4231, 6507]),
        capture!("gstreamer.mjpeg", Mjpeg, [0..1177, 1177..2365, 2365..3546], [1177, 2365, 3546]),
        capture!(
            "opencv-restart.mjpeg",
            Mjpeg,
            [0..1541, 1541..2760, 2760..4036],
            [1541, 2760, 4036]
        ),
        capture!(
            "opencv-progressive.mjpeg",
            Mjpeg,
            [0..1309, 1309..2321, 2321..3420],
            [1309, 2321, 3420]
        ),
        capture!(
            "ffmpeg.multipart",
            Multipart,
            [60..2040, 2102..4353, 4415..6691],
            [2040, 4353, 6691]
        ),
        capture!(
            "gstreamer.multipart",
            Multipart,
            [70..1247, 1319..2507, 2579..3760],
            [1247, 2507, 3760]
        ),
        capture!("opencv.raw", Raw, [3..1505, 1508..2683, 2686..3918], [1505, 2683, 3918]),
        capture!("opencv.be32", Be32, [7..1509, 1516..2691, 2698..3930], [1509, 2691, 3930]),
        capture!("opencv.le64", Le64, [11..1513, 1524..2699, 2710..3942], [1513, 2699, 3942]),
        capture!("opencv.le32", Le32, [7..1509, 1516..2691, 2698..3930], [1509, 2691, 3930]),
        capture!("opencv.le64-id", Le64, [11..1513, 1527..2702, 2716..3948], [1516, 2705, 3951]),
    ]
}

impl Capture {
    fn check(&self, cuts: &[common::Cut], how: &str) {
        let expected: Vec<_> = self.pictures.iter().map(|at| &self.bytes[at.clone()]).collect();
        assert_eq!(payloads(cuts), expected, "{} {how}", self.name);
        let ends: Vec<_> = cuts.iter().map(|cut| cut.end).collect();
        assert_eq!(ends, self.ends, "{} {how}", self.name);
    }
}

#[test]
fn byte_by_byte_each_picture_comes_out_with_its_last_byte() {
    for capture in captures() {
        capture.check(&cut_promptly(capture.format, capture.bytes), "byte by byte");
    }
}

#[test]
fn cut_in_two_at_every_offset() {
    for capture in captures() {
        for at in 0..=capture.bytes.len() {
            let cuts = cut(capture.format, capture.bytes, [at]).expect("a valid stream");
            capture.check(&cuts, &format!("cut at {at}"));
        }
    }
}

#[test]
fn cut_in_random_places() {
    for (seed, capture) in (1..).zip(captures()) {
        for round in 0..50 {
            let pieces = numbers(seed * 1000 + round).map(|n| n as usize % 700).take(40);
            let cuts = cut(capture.format, capture.bytes, pieces).expect("a valid stream");
            capture.check(&cuts, &format!("round {round}"));
        }
    }
}

/// A frame over a thousand reads, many frames in one read, and everything between: 200 pictures
/// of real content behind one another, in pieces of 1 byte to 64 KiB.
#[test]
fn a_long_stream_in_random_pieces() {
    for capture in captures() {
        // An id is not repeated here: the whole capture is.
        let stream = capture.bytes.repeat(66);
        let expected: Vec<_> =
            std::iter::repeat_n(&capture, 66).flat_map(|c| c.pictures.clone()).collect();
        for largest in [1_u64, 3, 100, 1500, 65_536] {
            let pieces = numbers(largest).map(|n| (n % largest + 1) as usize).take(stream.len());
            let cuts = cut(capture.format, &stream, pieces).expect("a valid stream");
            assert_eq!(cuts.len(), 198, "{} in pieces up to {largest}", capture.name);
            for (cut, at) in cuts.iter().zip(&expected) {
                assert_eq!(cut.payload, capture.bytes[at.clone()], "{}", capture.name);
            }
        }
    }
}

#[test]
fn sniffed_as_what_they_are() {
    for capture in captures().iter().filter(|c| c.format != Format::Multipart) {
        let decided =
            (0..=16).find(|&n| sniff(&capture.bytes[..n], Limits::default()) != Sniffed::NeedMore);
        let decided = decided.unwrap_or_else(|| panic!("{} is never decided", capture.name));
        for n in decided..=16 {
            let sniffed = sniff(&capture.bytes[..n], Limits::default());
            assert_eq!(sniffed, Sniffed::Format(capture.format), "{} at {n}", capture.name);
        }
    }
}

/// The end of a stream is clean between messages and nowhere else. In a multipart stream the
/// boundary and header before a picture are between messages: cameras end with a boundary.
#[test]
fn the_end_of_a_stream_is_clean_only_between_messages() {
    for capture in captures() {
        let mut feeder = Feeder::new(capture.format, Limits::default());
        let mut out = Vec::new();
        for (n, byte) in capture.bytes.iter().enumerate() {
            feeder.feed(&[*byte], &mut out).expect("a valid stream");
            let arrived = n + 1;
            let clean = if capture.format == Format::Multipart {
                !capture.pictures.iter().any(|at| at.start < arrived && arrived < at.end)
            } else {
                capture.ends.contains(&arrived)
            };
            assert_eq!(feeder.may_end(), clean, "{} after {arrived} bytes", capture.name);
        }
    }
}
