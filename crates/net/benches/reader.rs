//! What the receive buffer costs: bytes as a socket hands them over, messages out.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use okno_net::FrameReader;
use okno_wire::{Format, Limits};

/// Messages in one pass.
const MESSAGES: usize = 20;
/// A 720p frame at quality 95.
const JPEG_BYTES: usize = 273_000;

fn stream() -> Vec<u8> {
    let mut jpeg = vec![0x20; JPEG_BYTES];
    jpeg[..2].copy_from_slice(&[0xFF, 0xD8]);
    jpeg[JPEG_BYTES - 2..].copy_from_slice(&[0xFF, 0xD9]);
    let mut bytes = Vec::new();
    for _ in 0..MESSAGES {
        assert!(Format::Be32.wrap(jpeg.len(), &mut bytes));
        bytes.extend_from_slice(&jpeg);
    }
    bytes
}

/// Feeds `bytes` in pieces and lets go of each message once the next is there, as the decoder
/// does.
fn read(reader: &mut FrameReader, bytes: &[u8], piece: usize) -> usize {
    let (mut at, mut count) = (0, 0);
    let mut held = None;
    while at < bytes.len() {
        let space = reader.space();
        let n = space.len().min(piece).min(bytes.len() - at);
        space[..n].copy_from_slice(&bytes[at..at + n]);
        reader.filled(n);
        at += n;
        while let Ok(Some(message)) = reader.next_message() {
            held = Some(message);
            count += 1;
        }
    }
    drop(held);
    count
}

fn frames(c: &mut Criterion) {
    let bytes = stream();
    let mut group = c.benchmark_group("20 messages of 720p");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    for (name, piece) in [("loopback, 64 KiB", 64 << 10), ("network, 1448 bytes", 1448)] {
        let mut reader = FrameReader::new(Limits::default());
        reader.set_format(Format::Be32);
        group.bench_function(name, |b| {
            b.iter(|| assert_eq!(read(&mut reader, &bytes, piece), MESSAGES));
        });
    }
    // What the copies into the buffer cost alone: the kernel's work in real life.
    let mut target = vec![0; 1 << 20];
    group.bench_function("floor: the copies alone", |b| {
        b.iter(|| {
            for piece in bytes.chunks(64 << 10) {
                target[..piece.len()].copy_from_slice(piece);
                std::hint::black_box(&mut target);
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = frames
}
criterion_main!(benches);
