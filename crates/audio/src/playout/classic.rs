//! The buffer for an original client: a bare stream of 44.1 kHz chunks over TCP.
//!
//! In: chunks of 2,048 bytes, without number or time, in order, in bursts. Out: 10 ms at 48 kHz
//! every 10 ms. Above [`BACKLOG`] whole chunks are dropped, the oldest first. Never: more than
//! that in memory, whatever is sent.

use std::collections::VecDeque;

use crate::playout::Playout;
use crate::regulator::{Regulator, relative};
use crate::resample::Resampler;
use crate::sender::{CHUNK, CLASSIC_RATE};
use crate::source::Frame;
use crate::status::Statistics;
use crate::{FRAME, Packet, RATE};

/// Chunks that may wait: 250 ms is 10.8 of 23.2 ms, so ten.
const BACKLOG: usize = 10;
/// The least that waits when it begins: two chunks, since they come one at a time.
const LEAST: usize = 2;
/// The most that an uneven stream may make it wait: 163 ms.
const MOST: usize = 7;
/// Frames without a gap after which one chunk less will do: 30 s.
const CALM: u32 = 3000;
/// The level is the least seen in so many frames (0.5 s): what is above it is never needed.
const WINDOW: u32 = 50;
/// Samples over which sound goes and comes: 5 ms.
const FADE: usize = 240;

/// Chunks to sound.
pub(crate) struct Classic {
    chunks: VecDeque<Vec<f32>>,
    /// Samples of the first chunk that are used up.
    used: usize,
    /// Chunks to wait for before it begins.
    wanted: usize,
    playing: bool,
    resampler: Resampler,
    input: Vec<f32>,
    regulator: Regulator,
    least: usize,
    frames: u32,
    calm: u32,
    figures: Statistics,
}

impl Classic {
    pub(crate) fn new() -> Self {
        let resampler = Resampler::with_output(FRAME, CLASSIC_RATE, RATE);
        Self {
            chunks: VecDeque::with_capacity(BACKLOG + 1),
            used: 0,
            wanted: LEAST,
            playing: false,
            resampler,
            input: Vec::with_capacity(CHUNK),
            regulator: Regulator::default(),
            least: usize::MAX,
            frames: 0,
            calm: 0,
            figures: Statistics::default(),
        }
    }

    /// Samples that wait.
    fn waiting(&self) -> usize {
        (self.chunks.len() * CHUNK).saturating_sub(self.used)
    }

    fn take(&mut self, wanted: usize) {
        self.input.clear();
        while self.input.len() < wanted {
            let Some(chunk) = self.chunks.front() else { break };
            let end = (self.used + wanted - self.input.len()).min(CHUNK);
            self.input.extend_from_slice(&chunk[self.used..end]);
            self.used = end;
            if end == CHUNK {
                self.chunks.pop_front();
                self.used = 0;
            }
        }
    }

    /// Once every half second: is the least that waited what is wanted beyond the first chunk?
    fn regulate(&mut self) {
        self.least = self.least.min(self.waiting());
        self.frames += 1;
        if self.frames < WINDOW {
            return;
        }
        let target = (self.wanted - 1) * CHUNK / 2;
        let error = self.least as f64 - target as f64;
        let error_ms = error * 1000.0 / f64::from(CLASSIC_RATE);
        let ppm = self.regulator.step(error_ms, 0.5);
        self.resampler.set_relative(relative(ppm));
        (self.least, self.frames) = (usize::MAX, 0);
    }
}

impl Playout for Classic {
    fn receive(&mut self, packet: Packet, _now_ns: u64) {
        self.figures.received += 1;
        if packet.payload.len() != 2 * CHUNK {
            self.figures.invalid += 1;
            return;
        }
        let samples = packet.payload.chunks_exact(2);
        let chunk = samples.map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0);
        self.chunks.push_back(chunk.collect());
        if self.chunks.len() > BACKLOG {
            self.chunks.pop_front();
            self.used = 0;
            self.figures.late += 1;
        }
    }

    fn play(&mut self, _now_ns: u64, frame: &mut Frame) -> Option<u64> {
        let begins = !self.playing && self.chunks.len() >= self.wanted;
        if !self.playing && !begins {
            frame.fill(0.0);
            return None;
        }
        let needed = self.resampler.needed();
        self.take(needed);
        let got = self.input.len();
        self.input.resize(needed, 0.0);
        let fading = got.min(FADE);
        if begins {
            (self.playing, self.least, self.frames) = (true, usize::MAX, 0);
            for (i, sample) in self.input[..fading].iter_mut().enumerate() {
                *sample *= i as f32 / FADE as f32;
            }
        }
        if got < needed {
            // Run dry: fade out, and wait for a little more than last time.
            for (i, sample) in self.input[got - fading..got].iter_mut().rev().enumerate() {
                *sample *= i as f32 / FADE as f32;
            }
            self.playing = false;
            self.wanted = (self.wanted + 1).min(MOST);
            self.calm = 0;
            self.figures.silent += 1;
        } else {
            self.regulate();
            self.calm += 1;
            if self.calm == CALM {
                self.calm = 0;
                self.wanted = (self.wanted - 1).max(LEAST);
            }
        }
        self.resampler.fill(&self.input, frame);
        self.figures.buffer_ms = self.waiting() as f32 * 1000.0 / CLASSIC_RATE as f32;
        None
    }

    fn figures(&self) -> Statistics {
        Statistics {
            target_ms: (self.wanted * CHUNK) as f32 * 1000.0 / CLASSIC_RATE as f32,
            drift_ppm: self.regulator.drift_ppm() as f32,
            ..self.figures
        }
    }
}
