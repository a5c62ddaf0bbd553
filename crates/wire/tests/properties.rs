//! For any pictures and any cuts: what went in comes out, and for any bytes: an answer.

mod common;

use common::Feeder;
use okno_wire::okno::{FrameMeta, FrameWriter, Incoming, MAGIC, decode};
use okno_wire::{Format, Invalid, JpegScan, Limits, SNIFF_BYTES, ScanStep, Sniffed, sniff};
use proptest::collection::vec;
use proptest::prelude::*;

/// A picture as the formats see it: SOI, segments, a scan with any entropy-coded data, EOI.
fn picture() -> impl Strategy<Value = Vec<u8>> {
    (vec(vec(any::<u8>(), 0..60), 0..4), vec(any::<u8>(), 0..300)).prop_map(|(segments, data)| {
        let mut jpeg = vec![0xFF, 0xD8];
        for segment in segments {
            jpeg.extend_from_slice(&[0xFF, 0xE1, 0, segment.len() as u8 + 2]);
            jpeg.extend_from_slice(&segment);
        }
        jpeg.extend_from_slice(&[0xFF, 0xDA, 0, 2]);
        for byte in data {
            jpeg.push(byte);
            if byte == 0xFF {
                jpeg.push(0);
            }
        }
        jpeg.extend_from_slice(&[0xFF, 0xD9]);
        jpeg
    })
}

fn stream(format: Format, pictures: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    if format == Format::Okno {
        out.extend_from_slice(&MAGIC);
    }
    for (jpeg, sequence) in pictures.iter().zip(0..) {
        match format {
            Format::Okno => {
                let mut writer = FrameWriter::default();
                let meta = FrameMeta { sequence, ..FrameMeta::default() };
                let (head, tail) = writer.wrap(&meta, jpeg.len());
                out.extend([head, jpeg, tail].concat());
            }
            Format::Multipart => {
                out.extend_from_slice(b"--b\r\nContent-Type: image/jpeg\r\n\r\n");
                out.extend_from_slice(jpeg);
                out.extend_from_slice(b"\r\n");
            }
            _ => {
                assert!(format.wrap(jpeg.len(), &mut out));
                out.extend_from_slice(jpeg);
            }
        }
    }
    out
}

fn read(format: Format, stream: &[u8], pieces: &[usize]) -> (Vec<Vec<u8>>, Result<(), Invalid>) {
    let mut feeder = Feeder::new(format, Limits::default());
    let mut cuts = Vec::new();
    let mut rest = stream;
    let mut result = Ok(());
    for piece in pieces.iter().copied().chain([usize::MAX]) {
        let (now, later) = rest.split_at(piece.min(rest.len()));
        result = feeder.feed(now, &mut cuts);
        rest = later;
        if result.is_err() {
            break;
        }
    }
    (cuts.into_iter().map(|cut| cut.payload).collect(), result)
}

fn formats() -> impl Strategy<Value = Format> {
    proptest::sample::select(&Format::ALL[..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_picture_in_a_buffer_is_measured_as_one_that_arrives(
        picture in picture(),
        padding in 0_usize..5,
        cut in 0_usize..600,
    ) {
        let padded = [&picture[..], &vec![0; padding]].concat();
        prop_assert_eq!(JpegScan::whole(&padded), ScanStep::Complete(picture.len()));
        let cut = &picture[..cut.min(picture.len() - 1)];
        prop_assert_eq!(JpegScan::whole(cut), JpegScan::default().step(cut));
    }

    #[test]
    fn what_went_in_comes_out(
        format in formats(),
        pictures in vec(picture(), 1..8),
        pieces in vec(0_usize..200, 0..60),
    ) {
        let stream = stream(format, &pictures);
        let (messages, result) = read(format, &stream, &pieces);
        prop_assert_eq!(result, Ok(()));
        let got: Vec<_> = if format == Format::Okno {
            messages[1..].iter().map(|envelope| match decode(envelope) {
                Ok(Incoming::Frame(_, at)) => envelope[at].to_vec(),
                other => panic!("{other:?}"),
            }).collect()
        } else {
            messages
        };
        prop_assert_eq!(got, pictures);
        if format != Format::Multipart {
            let start = &stream[..stream.len().min(SNIFF_BYTES)];
            prop_assert_eq!(sniff(start, Limits::default()), Sniffed::Format(format));
        }
    }

    #[test]
    fn garbage_gets_the_same_answer_however_it_is_cut(
        format in formats(),
        good in vec(picture(), 0..3),
        garbage in vec(prop_oneof![Just(0xFF_u8), Just(0x0A), Just(0), Just(0xD8), any::<u8>()], 0..400),
        pieces in vec(0_usize..50, 0..60),
    ) {
        let bytes = [stream(format, &good), garbage].concat();
        let (at_once, first) = read(format, &bytes, &[]);
        let (in_pieces, second) = read(format, &bytes, &pieces);
        prop_assert_eq!(at_once, in_pieces);
        prop_assert_eq!(first.map_err(|e| e.expected), second.map_err(|e| e.expected));
        if let Ok(Incoming::Frame(_, at)) = decode(&bytes) {
            prop_assert!(at.end <= bytes.len());
        }
    }
}
