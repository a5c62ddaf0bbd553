//! Sound that can be recognised again, and PulseAudio's own programs to play and record it.

#![allow(dead_code, reason = "each test and example takes what it needs")]

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use okno_media::clock;

pub const RATE: usize = 48_000;

/// Numbers that look random: xorshift64* (Vigna, 2016).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40;
        bits as f32 / (1_u64 << 23) as f32 - 1.0
    }
}

/// Speech-like sound without pauses: syllables of harmonics, each with another pitch and colour.
pub fn voice(seconds: usize, seed: u64) -> Vec<f32> {
    let mut random = Random(seed);
    let mut out = Vec::with_capacity(seconds * RATE);
    let mut phase = 0.0_f32;
    while out.len() < seconds * RATE {
        let length = (RATE as f32 * (0.12 + 0.1 * random.next().abs())) as usize;
        let (from, to) = (170.0 + 60.0 * random.next(), 170.0 + 60.0 * random.next());
        let colour = 1.0 + random.next().abs();
        for i in 0..length {
            let at = i as f32 / length as f32;
            let shape = 0.45 + 0.55 * (at * std::f32::consts::PI).sin();
            phase = (phase + (from + (to - from) * at) / RATE as f32).fract();
            let sum: f32 = (1..16)
                .map(|h| (std::f32::consts::TAU * phase * h as f32).sin() / (h as f32).powf(colour))
                .sum();
            out.push(0.2 * shape * sum);
        }
    }
    out.truncate(seconds * RATE);
    out
}

/// `pacat` playing sound into a sink.
pub struct Player {
    child: Child,
    writer: Option<JoinHandle<()>>,
}

impl Player {
    pub fn start(sink: &str, samples: &[f32]) -> Self {
        let mut child = Command::new("pacat")
            .args(["--playback", "--raw", "--rate=48000", "--channels=1", "--format=float32le"])
            .args(["--latency-msec=100", "--device", sink])
            .stdin(Stdio::piped())
            .spawn()
            .expect("pacat: is pulseaudio-utils installed?");
        let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let mut stdin = child.stdin.take().expect("a pipe");
        // Ends with an error when the player is stopped early.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
        Self { child, writer: Some(writer) }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.writer.take().map(JoinHandle::join);
    }
}

/// What was recorded: samples, and the moment of our clock at which the first one was there.
#[derive(Clone, Default)]
pub struct Recording {
    pub samples: Vec<f32>,
    pub begin_ns: u64,
}

/// `parec` recording from a source. Pieces come late, never early, so the earliest piece tells when
/// the recording began.
pub struct Recorder {
    child: Child,
    reader: Option<JoinHandle<()>>,
    recording: Arc<Mutex<Recording>>,
}

impl Recorder {
    pub fn start(source: &str) -> Self {
        let mut child = Command::new("parec")
            .args(["--raw", "--rate=48000", "--channels=1", "--format=float32le"])
            .args(["--latency-msec=5", "--device", source])
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec: is pulseaudio-utils installed?");
        let mut stdout = child.stdout.take().expect("a pipe");
        let recording =
            Arc::new(Mutex::new(Recording { begin_ns: u64::MAX, ..Recording::default() }));
        let ours = Arc::clone(&recording);
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = stdout.read(&mut piece) {
                let now = clock::now_ns();
                bytes.extend_from_slice(&piece[..count]);
                let whole = bytes.len() / 4 * 4;
                let mut recording = ours.lock().expect("lock");
                let samples = bytes[..whole].chunks_exact(4);
                recording
                    .samples
                    .extend(samples.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
                bytes.drain(..whole);
                let length = recording.samples.len() as u64 * 1_000_000_000 / RATE as u64;
                recording.begin_ns = recording.begin_ns.min(now.saturating_sub(length));
            }
        });
        Self { child, reader: Some(reader), recording }
    }

    pub fn so_far(&self) -> Recording {
        self.recording.lock().expect("lock").clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.reader.take().map(JoinHandle::join);
    }
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|s| s * s).sum::<f32>()
}

/// Every twelfth sample of the mean of twelve: 4 kHz, where a correlation by hand is quick, and a
/// resampler that catches up does not shift the sound against itself.
const THIN: usize = 12;

pub fn thin(samples: &[f32]) -> Vec<f32> {
    samples.chunks_exact(THIN).map(|some| some.iter().sum::<f32>() / THIN as f32).collect()
}

/// Where in `long` the sound `short` is found, and how alike the two are there (-1 to 1).
pub fn find(short: &[f32], long: &[f32]) -> (usize, f32) {
    let of_short = power(short).sqrt();
    (0..long.len().saturating_sub(short.len()))
        .map(|at| {
            let there = &long[at..at + short.len()];
            let dot: f32 = short.iter().zip(there).map(|(a, b)| a * b).sum();
            (at, dot / (of_short * power(there).sqrt()).max(1e-9))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, -1.0))
}

/// How much later (ms) the sound of `first` is heard in `second`, at several places: (ms, likeness).
pub fn offsets(first: &Recording, second: &Recording) -> Vec<(f64, f32)> {
    let (a, b) = (thin(&first.samples), thin(&second.samples));
    let rate = RATE / THIN;
    // 200 ms, searched for in a second.
    let (length, reach) = (rate / 5, rate);
    let ahead = (second.begin_ns as f64 - first.begin_ns as f64) / 1e9 * rate as f64;
    (2..)
        .map(|second| second * rate)
        .take_while(|at| at + length < a.len())
        .filter_map(|at| {
            // From where the same moment is in the other recording, on to a second later.
            let same = (at as f64 - ahead).max(0.0) as usize;
            let window = b.get(same..same + length + reach)?;
            let (found, likeness) = find(&a[at..at + length], window);
            let later = (same + found) as f64 + ahead - at as f64;
            Some((later / rate as f64 * 1000.0, likeness))
        })
        .collect()
}

/// The longest silence (ms) from the first to the last sound.
pub fn longest_gap_ms(samples: &[f32]) -> usize {
    let loud: Vec<bool> =
        samples.chunks_exact(RATE / 1000).map(|ms| power(ms) / 48.0 > 1e-6).collect();
    let Some(first) = loud.iter().position(|loud| *loud) else { return usize::MAX };
    let last = loud.iter().rposition(|loud| *loud).unwrap_or(first);
    let mut longest = 0;
    let mut gap = 0;
    for loud in &loud[first..=last] {
        gap = if *loud { 0 } else { gap + 1 };
        longest = longest.max(gap);
    }
    longest
}
