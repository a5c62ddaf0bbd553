//! The audio thread's end of a device: source and sink behind rings.
//!
//! In: a ring that a callback fills or empties by the device's clock. Out: 10 ms by our clock. A
//! regulator keeps the least level near a margin; the margin grows when the ring runs dry and
//! shrinks in calm times. Never: waits for the device.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rtrb::{Consumer, Producer};

use crate::device::callback::{Counters, samples_ns};
use crate::regulator::{Regulator, relative};
use crate::resample::Resampler;
use crate::sink::Sink;
use crate::source::{Frame, Source};
use crate::{FRAME, RATE};

/// What a ring holds: half a second, more than any device delivers at once. What is above the
/// margin by [`EXCESS_MS`] is dropped long before.
pub(crate) const RING_MS: u32 = 500;
/// So much above the margin is an accident (a device that stood still and caught up), not drift.
const EXCESS_MS: f64 = 80.0;
/// The margin at first, its step after the ring ran dry, and its bounds. 10 ms is what a busy
/// machine makes a thread late by now and then; 60 ms is where people would notice the delay more
/// than a gap now and then.
const MARGIN_MS: f64 = 10.0;
const MARGIN_STEP_MS: f64 = 4.0;
const MARGIN_MOST_MS: f64 = 60.0;
/// The level is the least in this many frames: half a second.
const WINDOW: u32 = 50;
/// Windows without an accident after which the margin shrinks by a millisecond: 20 s.
const CALM_WINDOWS: u32 = 40;
/// The margin grows once in so many windows at most, and not in the first: a device that begins or
/// is set up anew asks for a lot at once, for which no margin would be enough.
const SETTLE_WINDOWS: u32 = 4;
/// Frames in which a device is still being set up: 2 s.
const SETUP_FRAMES: u32 = 200;
/// So much above the margin, 10 ms are left out as soon as nobody speaks: resampling alone takes
/// 3 s for 10 ms.
const LEAVE_OUT_MS: f64 = 15.0;
/// Nobody speaks below this power: -50 dBFS.
const QUIET: f32 = 1e-5;

/// Whether leaving this out goes unheard.
fn quiet(frame: &Frame) -> bool {
    frame.iter().map(|sample| sample * sample).sum::<f32>() < QUIET * FRAME as f32
}

/// The least level of late, and what it should be.
struct Level {
    rate: f64,
    margin_ms: f64,
    least: usize,
    frames: u32,
    calm: u32,
    settled: u32,
    excess_ms: f64,
    regulator: Regulator,
}

impl Level {
    fn new(rate: u32) -> Self {
        Self {
            rate: f64::from(rate),
            margin_ms: MARGIN_MS,
            least: usize::MAX,
            frames: 0,
            calm: 0,
            settled: 0,
            excess_ms: 0.0,
            regulator: Regulator::default(),
        }
    }

    fn ms(&self, samples: usize) -> f64 {
        samples as f64 * 1000.0 / self.rate
    }

    fn samples(&self, ms: f64) -> usize {
        (ms * self.rate / 1000.0) as usize
    }

    /// Takes the level before this frame. At the end of a window: by how many ppm to empty
    /// faster.
    fn feed(&mut self, level: usize) -> Option<f64> {
        self.least = self.least.min(level);
        self.frames += 1;
        if self.frames < WINDOW {
            return None;
        }
        let error_ms = self.ms(self.least) - self.margin_ms;
        (self.least, self.frames) = (usize::MAX, 0);
        self.excess_ms = error_ms;
        self.settled = self.settled.saturating_add(1);
        self.calm += 1;
        if self.calm >= CALM_WINDOWS {
            self.calm = 0;
            self.margin_ms = (self.margin_ms - 1.0).max(MARGIN_MS);
        }
        Some(self.regulator.step(error_ms.clamp(-EXCESS_MS, EXCESS_MS), f64::from(WINDOW) * 0.01))
    }

    /// The ring ran dry.
    fn dry(&mut self) {
        if self.settled >= SETTLE_WINDOWS {
            self.settled = 0;
            self.margin_ms = (self.margin_ms + MARGIN_STEP_MS).min(MARGIN_MOST_MS);
        }
        (self.calm, self.least) = (0, usize::MAX);
    }

    /// Whether to leave out 10 ms of silence.
    fn leaves_out(&mut self, frame: &Frame) -> bool {
        let leaves = self.excess_ms > LEAVE_OUT_MS && quiet(frame);
        if leaves {
            self.excess_ms -= 10.0;
            self.least = usize::MAX;
        }
        leaves
    }
}

/// A microphone.
pub(crate) struct DeviceSource {
    ring: Consumer<f32>,
    rate: u32,
    counters: Arc<Counters>,
    resampler: Resampler,
    level: Level,
    input: Vec<f32>,
    /// Samples taken out so far, and the moment of sample zero, smoothed.
    taken: u64,
    zero_ns: i64,
    filled: bool,
    missed: u64,
}

impl DeviceSource {
    pub(crate) fn new(ring: Consumer<f32>, rate: u32, counters: Arc<Counters>) -> Self {
        Self {
            ring,
            rate,
            counters,
            resampler: Resampler::with_output(FRAME, rate, RATE),
            level: Level::new(rate),
            input: Vec::new(),
            taken: 0,
            zero_ns: 0,
            filled: false,
            missed: 0,
        }
    }

    fn drop_samples(&mut self, count: usize) {
        for _ in 0..count {
            self.taken += u64::from(self.ring.pop().is_ok());
        }
    }

    /// When the next sample was captured.
    fn captured_ns(&mut self, now_ns: u64) -> u64 {
        let zero = self.counters.zero_ns.load(Ordering::Relaxed);
        let off = zero - self.zero_ns;
        // Callbacks come unevenly; a device that was suspended starts anew.
        self.zero_ns = if off.abs() > 30_000_000 { zero } else { self.zero_ns + off / 64 };
        let captured = self.zero_ns.saturating_add(samples_ns(self.taken, self.rate) as i64);
        u64::try_from(captured).unwrap_or(0).min(now_ns)
    }

    /// Resamples the next 10 ms.
    fn take(&mut self, now_ns: u64, frame: &mut Frame) -> u64 {
        let captured_ns = self.captured_ns(now_ns);
        let needed = self.resampler.needed();
        let there = self.ring.slots();
        if let Some(ppm) = self.level.feed(there.saturating_sub(needed)) {
            self.resampler.set_relative(relative(ppm));
        }
        self.input.clear();
        for _ in 0..needed.min(there) {
            self.input.extend(self.ring.pop());
        }
        self.taken += self.input.len() as u64;
        if self.input.len() < needed {
            self.missed += (needed - self.input.len()) as u64;
            // Fade what there is and wait until the margin is full again.
            let count = self.input.len().max(1) as f32;
            for (i, sample) in self.input.iter_mut().enumerate() {
                *sample *= 1.0 - i as f32 / count;
            }
            self.input.resize(needed, 0.0);
            self.level.dry();
            self.filled = false;
        }
        self.resampler.fill(&self.input, frame);
        captured_ns
    }
}

impl Source for DeviceSource {
    fn has_room(&self) -> bool {
        true
    }

    fn read(&mut self, now_ns: u64, frame: &mut Frame) -> u64 {
        let needed = self.resampler.needed();
        let there = self.ring.slots();
        let wanted = needed + self.level.samples(self.level.margin_ms);
        if !self.filled && there < wanted {
            frame.fill(0.0);
            return now_ns.saturating_sub(10_000_000);
        }
        self.filled = true;
        let excess = there.saturating_sub(wanted);
        if self.level.ms(excess) > EXCESS_MS {
            self.missed += excess as u64;
            self.drop_samples(excess);
        }
        let captured_ns = self.take(now_ns, frame);
        if self.ring.slots() >= wanted && self.level.leaves_out(frame) {
            return self.take(now_ns, frame);
        }
        captured_ns
    }

    fn delay_ms(&self) -> f32 {
        10.0 + self.level.ms(self.ring.slots()) as f32
    }

    fn slips(&self) -> u64 {
        self.missed + self.counters.slips.load(Ordering::Relaxed)
    }
}

/// A speaker.
pub(crate) struct DeviceSink {
    ring: Producer<f32>,
    rate: u32,
    counters: Arc<Counters>,
    resampler: Resampler,
    level: Level,
    output: Vec<f32>,
    slips: u64,
    dropped: u64,
    begun: bool,
    draining: bool,
    /// Frames since the first, and slips while the device was set up: PulseAudio asks for two
    /// seconds in one go then.
    frames: u32,
    at_first: u64,
}

impl DeviceSink {
    pub(crate) fn new(ring: Producer<f32>, rate: u32, counters: Arc<Counters>) -> Self {
        Self {
            ring,
            rate,
            counters,
            resampler: Resampler::with_input(FRAME, RATE, rate),
            level: Level::new(rate),
            output: Vec::new(),
            slips: 0,
            dropped: 0,
            begun: false,
            draining: false,
            frames: 0,
            at_first: 0,
        }
    }

    /// Samples that wait for the device.
    fn waiting(&self) -> usize {
        self.ring.buffer().capacity() - self.ring.slots()
    }

    fn silence(&mut self, samples: usize) {
        for _ in 0..samples {
            // A full ring has enough of it.
            let _ = self.ring.push(0.0);
        }
    }
}

impl Sink for DeviceSink {
    fn write(&mut self, _now_ns: u64, frame: &Frame) {
        if self.counters.samples.load(Ordering::Acquire) == 0 {
            // The device has not begun to play: what is put in now would only be late.
            return;
        }
        let slips = self.counters.slips.load(Ordering::Relaxed);
        let waiting = self.waiting();
        self.frames = self.frames.saturating_add(1);
        if self.frames <= SETUP_FRAMES {
            self.at_first = slips + self.dropped;
        }
        if slips != self.slips || !self.begun {
            // Ran dry, or the very first frame: fill the margin with silence, once.
            if self.begun {
                self.level.dry();
            }
            (self.slips, self.begun) = (slips, true);
            let margin = self.level.samples(self.level.margin_ms);
            self.silence(margin.saturating_sub(waiting));
        }
        // The device stood still and will not catch up: down to the margin in one go, for here a
        // gap was heard anyway.
        let excess = self.level.ms(waiting) - self.level.margin_ms;
        self.draining = excess > if self.draining { 0.0 } else { EXCESS_MS };
        if self.draining {
            self.dropped += FRAME as u64;
            return;
        }
        if self.level.leaves_out(frame) {
            return;
        }
        if let Some(ppm) = self.level.feed(waiting) {
            self.resampler.set_relative(relative(ppm));
        }
        self.output.clear();
        self.resampler.push(frame, &mut self.output);
        for sample in &self.output {
            self.dropped += u64::from(self.ring.push(*sample).is_err());
        }
    }

    fn delay_ns(&self) -> u64 {
        samples_ns(self.waiting() as u64, self.rate)
            + self.counters.delay_ns.load(Ordering::Relaxed)
    }

    fn slips(&self) -> u64 {
        let all = self.dropped + self.counters.slips.load(Ordering::Relaxed);
        all.saturating_sub(self.at_first)
    }
}
