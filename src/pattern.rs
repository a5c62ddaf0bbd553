//! The moving test pattern: a stream without any camera or sender.
//!
//! In: nothing. Out: JPEG frames with colour bars, a moving line and a frame counter, put into
//! the hub as a connection would. Ends and joins its thread when dropped.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, tick};
use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{EncodedFrame, Recycler, Stamps, clock};
use okno_session::{Hub, Identity, Info};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
const FPS: u32 = 30;
const QUALITY: u8 = 85;

/// Bars of 75 % intensity in the order of the classic colour bars, as blue, green, red.
const BARS: [[u8; 3]; 7] = [
    [191, 191, 191],
    [0, 191, 191],
    [191, 191, 0],
    [0, 191, 0],
    [191, 0, 191],
    [0, 0, 191],
    [191, 0, 0],
];

/// Segments of the digits 0 to 9, bit 0 at the top, then clockwise, bit 6 in the middle.
const DIGITS: [u8; 10] = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];
const DIGIT_HEIGHT: usize = 120;
const DIGIT_WIDTH: usize = 60;
const STROKE: usize = 12;

/// See the module.
pub struct Pattern {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Pattern {
    /// Starts the pattern.
    ///
    /// # Errors
    /// When there is no thread or no encoder for it.
    pub fn start(hub: Arc<Hub>) -> Result<Self, std::io::Error> {
        let encoder = Encoder::new().map_err(std::io::Error::other)?;
        let (stop, stopped) = bounded(0);
        let thread = std::thread::Builder::new()
            .name("pattern".into())
            .spawn(move || run(&hub, encoder, &stopped))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Pattern {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic has printed its message; there is nothing to add.
            let _ = thread.join();
        }
    }
}

fn run(hub: &Hub, mut encoder: Encoder, stopped: &Receiver<()>) {
    let info = Info {
        name: "test pattern".to_owned(),
        peer: "this program".to_owned(),
        source: "test:".to_owned(),
        frame_rate: f64::from(FPS),
        ..Info::default()
    };
    let Some(stream) = hub.open(Identity::Name("test pattern".to_owned()), info) else { return };
    let mut canvas = background();
    let clean = canvas.clone();
    let mut buffers = Recycler::<Vec<u8>>::default();
    let ticks = tick(Duration::from_secs(1) / FPS);
    for number in 0_usize.. {
        crossbeam_channel::select! {
            recv(stopped) -> _ => break,
            recv(ticks) -> _ => {}
        }
        let captured = clock::now_ns();
        canvas.copy_from_slice(&clean);
        draw(&mut canvas, number);
        let mut buffer = buffers.acquire();
        let Some(jpeg) = Arc::get_mut(&mut buffer) else { continue };
        let pixels = Pixels {
            bytes: &canvas,
            width: WIDTH,
            height: HEIGHT,
            stride: WIDTH * 3,
            layout: Layout::Bgr,
        };
        if let Err(error) = encoder.encode(&pixels, QUALITY, jpeg) {
            log::error!("test pattern: {error}");
            break;
        }
        let range = 0..jpeg.len();
        buffers.keep(&buffer);
        let now = clock::now_ns();
        let stamps = Stamps {
            captured: Some(captured),
            encoded: Some(now),
            sent: Some(now),
            received: now,
            ..Stamps::default()
        };
        stream.submit(EncodedFrame { buffer, range, raw: None, number: 0, stamps });
    }
    hub.close(&stream, "the test pattern was ended");
}

fn background() -> Vec<u8> {
    let row: Vec<u8> = (0..WIDTH).flat_map(|x| BARS[x * BARS.len() / WIDTH]).collect();
    row.repeat(HEIGHT)
}

fn draw(canvas: &mut [u8], number: usize) {
    fill(canvas, number * 8 % WIDTH, 0, 8, HEIGHT, 255);
    let text: Vec<usize> = (0..5).rev().map(|p| number / 10_usize.pow(p) % 10).collect();
    let pitch = DIGIT_WIDTH + 2 * STROKE;
    let left = (WIDTH - text.len() * pitch) / 2;
    let top = (HEIGHT - DIGIT_HEIGHT) / 2;
    let margin = 2 * STROKE;
    fill(
        canvas,
        left - margin,
        top - margin,
        text.len() * pitch + margin,
        DIGIT_HEIGHT + 2 * margin,
        16,
    );
    for (i, &digit) in text.iter().enumerate() {
        draw_digit(canvas, left + i * pitch, top, DIGITS[digit]);
    }
}

fn draw_digit(canvas: &mut [u8], x: usize, y: usize, segments: u8) {
    let (w, h, s) = (DIGIT_WIDTH, DIGIT_HEIGHT, STROKE);
    let strokes = [
        (0, 0, w, s),
        (w - s, 0, s, h / 2),
        (w - s, h / 2, s, h / 2),
        (0, h - s, w, s),
        (0, h / 2, s, h / 2),
        (0, 0, s, h / 2),
        (0, (h - s) / 2, w, s),
    ];
    for (i, (dx, dy, width, height)) in strokes.into_iter().enumerate() {
        if segments >> i & 1 == 1 {
            fill(canvas, x + dx, y + dy, width, height, 255);
        }
    }
}

fn fill(canvas: &mut [u8], x: usize, y: usize, width: usize, height: usize, value: u8) {
    let end = (x + width).min(WIDTH);
    for row in canvas.chunks_exact_mut(WIDTH * 3).skip(y).take(height) {
        row[x * 3..end * 3].fill(value);
    }
}
