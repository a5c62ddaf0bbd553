//! What it costs to cut a connection's bytes into messages, for each format.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use okno_wire::okno::{FrameMeta, FrameWriter, MAGIC, decode};
use okno_wire::{Format, Limits, Splitter, Step, sniff};

/// A 720p frame at quality 95.
const JPEG_BYTES: usize = 273_000;

/// Looks like a JPEG to the scanner: markers where they belong, and entropy-coded data with a
/// stuffed byte now and then, as a real picture has.
fn jpeg() -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0];
    let mut seed = 20_u32;
    while out.len() < JPEG_BYTES - 2 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let byte = (seed >> 24) as u8;
        out.push(byte);
        if byte == 0xFF {
            out.push(0);
        }
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn message(format: Format) -> Vec<u8> {
    let jpeg = jpeg();
    let mut bytes = Vec::new();
    match format {
        Format::Okno => {
            let mut writer = FrameWriter::default();
            let (head, tail) = writer.wrap(&FrameMeta::default(), jpeg.len());
            bytes = [head, &jpeg, tail].concat();
        }
        Format::Multipart => {
            bytes.extend_from_slice(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n");
            bytes.extend_from_slice(&jpeg);
        }
        _ => {
            assert!(format.wrap(jpeg.len(), &mut bytes));
            bytes.extend_from_slice(&jpeg);
        }
    }
    bytes
}

fn splitting(c: &mut Criterion) {
    let mut group = c.benchmark_group("split a 720p message");
    for format in Format::ALL {
        let bytes = message(format);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let mut splitter = Splitter::new(format, Limits::default());
        if format == Format::Okno {
            assert!(matches!(splitter.step(&MAGIC), Step::Message { .. }));
        }
        group.bench_function(format.name(), |b| {
            b.iter(|| match splitter.step(black_box(&bytes)) {
                Step::Message { payload, .. } => payload,
                other => panic!("{other:?}"),
            });
        });
    }
    group.finish();
}

fn beginnings(c: &mut Criterion) {
    let bytes = message(Format::Be32);
    c.bench_function("sniff", |b| b.iter(|| sniff(black_box(&bytes[..16]), Limits::default())));
}

fn envelopes(c: &mut Criterion) {
    let bytes = message(Format::Okno);
    let mut splitter = Splitter::new(Format::Okno, Limits::default());
    assert!(matches!(splitter.step(&MAGIC), Step::Message { .. }));
    let Step::Message { payload, .. } = splitter.step(&bytes) else { panic!("no envelope") };
    let envelope = &bytes[payload];
    c.bench_function("read an envelope", |b| b.iter(|| decode(black_box(envelope)).is_ok()));
    let mut writer = FrameWriter::default();
    c.bench_function("write around a frame", |b| {
        b.iter(|| writer.wrap(black_box(&FrameMeta::default()), JPEG_BYTES).0.len());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = splitting, beginnings, envelopes
}
criterion_main!(benches);
