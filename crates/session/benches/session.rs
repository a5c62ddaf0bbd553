//! What one frame costs in this crate: its way to the decoders and back, being passed over, and
//! a credit.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{Decoder, EncodedFrame, Picture, Stamps, clock};
use okno_session::{Credits, DecodePool, Hub, Identity, Info, Observer, Stream, View};

/// A picture so small that decoding it costs little beside its way.
const SIDE: usize = 16;

struct Nobody;

impl Observer for Nobody {
    fn opened(&self, _: &Arc<Stream>) {}
    fn lost(&self, _: &Arc<Stream>, _: &str) {}
}

fn frame() -> EncodedFrame {
    let bytes = [90; SIDE * SIDE];
    let pixels =
        Pixels { bytes: &bytes, width: SIDE, height: SIDE, stride: SIDE, layout: Layout::Gray };
    let mut jpeg = Vec::new();
    Encoder::new().and_then(|mut e| e.encode(&pixels, 80, &mut jpeg)).expect("a JPEG");
    let range = 0..jpeg.len();
    EncodedFrame { buffer: Arc::new(jpeg), range, raw: None, number: 0, stamps: Stamps::default() }
}

fn stamped(frame: &EncodedFrame) -> EncodedFrame {
    let mut frame = frame.clone();
    frame.stamps.received = clock::now_ns();
    frame
}

fn way(c: &mut Criterion) {
    let frame = frame();
    let (hub, jobs) = Hub::new(Box::new(Nobody));
    let _decoders = DecodePool::start(&jobs, 2).expect("decoders");
    let stream = hub.open(Identity::Name("bench".into()), Info::default()).expect("a stream");
    let main = std::thread::current();
    let view = View::new(&stream, Box::new(move || main.unpark()));
    view.set_shown(SIDE as u32, SIDE as u32, true);
    c.bench_function("submit, decode 16x16, take", |b| {
        b.iter(|| {
            stream.submit(stamped(&frame));
            loop {
                if let Some(picture) = view.take() {
                    view.shown(&picture, clock::now_ns());
                    break;
                }
                std::thread::park();
            }
        });
    });
    c.bench_function("a frame that is passed over", |b| {
        b.iter(|| stream.pass_over(&stamped(&frame)));
    });
    let mut decoder = Decoder::new().expect("a decoder");
    let mut picture = Picture::default();
    c.bench_function("decode 16x16 alone", |b| {
        b.iter(|| decoder.decode(black_box(frame.jpeg()), (0, 0), &mut picture));
    });
}

fn credits(c: &mut Criterion) {
    let mut credits = Credits::new(0);
    let mut frames = 0;
    c.bench_function("credit", |b| {
        b.iter(|| {
            frames += 1;
            credits.grant(frames, false, Some(50_000_000), Some(33_000_000), frames)
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = way, credits
}
criterion_main!(benches);
