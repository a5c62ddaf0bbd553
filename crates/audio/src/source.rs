//! Where the microphone's sound comes from: one trait, and what needs no device.
//!
//! In: the time. Out: 10 ms of mono sound at 48 kHz, each time it is asked for. Never: waits.

use std::f32::consts::TAU;

use crate::{FRAME, RATE};

/// 10 ms of sound.
pub(crate) type Frame = [f32; FRAME];

/// Gives 10 ms whenever it is asked, which is every 10 ms of our clock.
pub(crate) trait Source: Send {
    /// Fills `frame` and says when its first sample was captured (nanoseconds of our clock).
    fn read(&mut self, now_ns: u64, frame: &mut Frame) -> u64;

    /// Whether a room is around it: echo, noise, somebody near or far. A tone would be taken for
    /// noise and suppressed.
    fn has_room(&self) -> bool {
        false
    }

    /// From the microphone to `read`; milliseconds.
    fn delay_ms(&self) -> f32 {
        10.0
    }

    /// Samples that were lost or missing on the way.
    fn slips(&self) -> u64 {
        0
    }
}

/// Nanoseconds of a frame: what a source without a device says it captured just now ends now.
const FRAME_NS: u64 = 10_000_000;

/// No microphone.
pub(crate) struct Silence;

impl Source for Silence {
    fn read(&mut self, now_ns: u64, frame: &mut Frame) -> u64 {
        frame.fill(0.0);
        now_ns.saturating_sub(FRAME_NS)
    }
}

/// The test tone: 440 Hz, up and down by 10 Hz twice in three seconds, at -20 dBFS. The warble
/// makes a stuck buffer audible and gives a correlation one peak where a steady tone has many.
#[derive(Default)]
pub(crate) struct Tone {
    phase: f32,
    warble: f32,
}

impl Source for Tone {
    fn read(&mut self, now_ns: u64, frame: &mut Frame) -> u64 {
        for sample in frame.iter_mut() {
            *sample = 0.1 * (TAU * self.phase).sin();
            let pitch = 440.0 + 10.0 * (TAU * self.warble).sin();
            self.phase = (self.phase + pitch / RATE as f32).fract();
            self.warble = (self.warble + 0.67 / RATE as f32).fract();
        }
        now_ns.saturating_sub(FRAME_NS)
    }
}
