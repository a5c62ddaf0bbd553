//! What one frame costs in this crate: decode, decode smaller, encode, and the slot.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{Decoder, Header, Picture, Slot};

const SIZES: [(&str, u32, u32); 3] =
    [("360p", 640, 360), ("720p", 1280, 720), ("1080p", 1920, 1080)];

/// Gradients, edges and noise: compresses about as a camera's picture does.
fn scene(width: u32, height: u32) -> Vec<u8> {
    let mut seed = 20_u32;
    let mut bytes = Vec::new();
    for y in 0..height {
        for x in 0..width {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (seed >> 30) as u8;
            let edge = if (x / 40 + y / 30) % 2 == 0 { 60 } else { 0 };
            let slope = (x * 120 / width) as u8;
            bytes.extend([slope + edge + noise, (y * 180 / height) as u8 + noise, slope + noise]);
        }
    }
    bytes
}

fn pixels(bytes: &[u8], width: u32, height: u32) -> Pixels<'_> {
    let (width, height) = (width as usize, height as usize);
    Pixels { bytes, width, height, stride: width * 3, layout: Layout::Bgr }
}

fn jpeg(width: u32, height: u32, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new().expect("an encoder");
    encoder.encode(&pixels(&scene(width, height), width, height), quality, &mut out).expect("JPEG");
    out
}

fn decode(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    for (name, width, height) in SIZES {
        for quality in [80, 95] {
            let jpeg = jpeg(width, height, quality);
            group.throughput(Throughput::Bytes(jpeg.len() as u64));
            // Asked for its very size, each eighth is decoded at, whether it is dear or not:
            // this is where the choice of `okno_media::scaled_size` comes from.
            for eighths in 1..=8 {
                let size = Header { width, height }.eighths(eighths);
                let mut decoder = Decoder::new().expect("a decoder");
                let mut picture = Picture::default();
                group.bench_function(format!("{name} q{quality} {eighths}/8"), |b| {
                    b.iter(|| {
                        decoder
                            .decode(black_box(&jpeg), (size.width, size.height), &mut picture)
                            .expect("a whole JPEG");
                    });
                });
                assert_eq!((picture.width, picture.height), (size.width, size.height));
            }
        }
    }
    group.finish();
}

fn encode(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode");
    for (name, width, height) in SIZES {
        let bytes = scene(width, height);
        for quality in [80, 95] {
            let mut encoder = Encoder::new().expect("an encoder");
            let mut out = Vec::new();
            group.bench_function(format!("{name} q{quality}"), |b| {
                b.iter(|| {
                    encoder
                        .encode(black_box(&pixels(&bytes, width, height)), quality, &mut out)
                        .expect("JPEG");
                });
            });
        }
    }
    group.finish();
}

fn slot(c: &mut Criterion) {
    let slot = Slot::default();
    c.bench_function("slot put and take", |b| {
        b.iter(|| {
            slot.put(black_box(1_u64));
            slot.take()
        });
    });
    c.bench_function("slot put over an unread frame", |b| b.iter(|| slot.put(black_box(1_u64))));
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = decode, encode, slot
}
criterion_main!(benches);
