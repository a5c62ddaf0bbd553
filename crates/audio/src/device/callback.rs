//! What runs on a sound device's own thread.
//!
//! In: the device's samples and times. Out: samples into a ring, or out of one. Never: allocates,
//! locks, logs, or takes longer than its few hundred samples: being late here is heard at once.
//! A test drives it under an allocator that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use cpal::{FromSample, Sample};
use okno_media::clock;
use rtrb::{Consumer, Producer};

/// Devices that claim more delay than this are not believed.
const MOST_DELAY_NS: u64 = 1_000_000_000;
/// Gain per sample when sound comes back: up in 5 ms.
const RISE: f32 = 1.0 / 240.0;
/// What is left of the last sample after one more without sound: down in 3 ms, without a click.
const FALL: f32 = 0.97;

/// What a callback tells the other threads.
#[derive(Default)]
pub(crate) struct Counters {
    /// Samples that went into or out of the ring: shows that the device lives.
    pub(crate) samples: AtomicU64,
    /// Samples that found no room, or were not there.
    pub(crate) slips: AtomicU64,
    /// Microphone: our clock when sample zero was captured, by the latest callback. One number, so
    /// that it cannot be read half old and half new.
    pub(crate) zero_ns: AtomicI64,
    /// Speaker: from the callback to the ear.
    pub(crate) delay_ns: AtomicU64,
}

/// Samples at `rate` as nanoseconds.
pub(crate) fn samples_ns(samples: u64, rate: u32) -> u64 {
    (u128::from(samples) * 1_000_000_000 / u128::from(rate.max(1))) as u64
}

/// From a microphone into a ring.
pub(crate) struct Capture {
    pub(crate) ring: Producer<f32>,
    pub(crate) channels: usize,
    pub(crate) rate: u32,
    pub(crate) counters: Arc<Counters>,
}

impl Capture {
    /// Takes what the device captured, whose first sample is `age_ns` old.
    pub(crate) fn on_data<T: Copy>(&mut self, data: &[T], age_ns: u64)
    where
        f32: FromSample<T>,
    {
        let first_ns = clock::now_ns().saturating_sub(age_ns.min(MOST_DELAY_NS));
        let before = self.counters.samples.load(Ordering::Relaxed);
        let zero = first_ns as i64 - samples_ns(before, self.rate) as i64;
        self.counters.zero_ns.store(zero, Ordering::Relaxed);
        let mut slips = 0;
        let mut samples = 0;
        for group in data.chunks_exact(self.channels.max(1)) {
            let sum: f32 = group.iter().map(|sample| f32::from_sample_(*sample)).sum();
            match self.ring.push(sum / group.len() as f32) {
                Ok(()) => samples += 1,
                Err(_) => slips += 1,
            }
        }
        self.counters.samples.fetch_add(samples, Ordering::Release);
        self.counters.slips.fetch_add(slips, Ordering::Relaxed);
    }
}

/// From a ring to a speaker.
pub(crate) struct Playback {
    pub(crate) ring: Consumer<f32>,
    pub(crate) channels: usize,
    pub(crate) counters: Arc<Counters>,
    gain: f32,
    last: f32,
    begun: bool,
}

impl Playback {
    pub(crate) fn new(ring: Consumer<f32>, channels: usize, counters: Arc<Counters>) -> Self {
        Self { ring, channels, counters, gain: 0.0, last: 0.0, begun: false }
    }

    /// Fills what the device plays next, in `delay_ns` from now.
    pub(crate) fn on_data<T: Sample + FromSample<f32>>(&mut self, data: &mut [T], delay_ns: u64) {
        self.counters.delay_ns.store(delay_ns.min(MOST_DELAY_NS), Ordering::Relaxed);
        let mut samples = 0;
        let mut slips = 0;
        for group in data.chunks_exact_mut(self.channels.max(1)) {
            let sample = match self.ring.pop() {
                Ok(sample) => {
                    self.begun = true;
                    self.gain = (self.gain + RISE).min(1.0);
                    sample * self.gain
                }
                Err(_) => {
                    slips += u64::from(self.begun);
                    self.gain = 0.0;
                    self.last * FALL
                }
            };
            self.last = sample;
            group.fill(T::from_sample(sample));
            samples += 1;
        }
        self.counters.samples.fetch_add(samples, Ordering::Release);
        self.counters.slips.fetch_add(slips, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::allocations;

    #[test]
    fn neither_callback_allocates() {
        let counters = Arc::new(Counters::default());
        let (producer, mut out) = rtrb::RingBuffer::new(1000);
        let mut capture =
            Capture { ring: producer, channels: 2, rate: 48_000, counters: Arc::clone(&counters) };
        let (mut input, consumer) = rtrb::RingBuffer::new(1000);
        let mut playback = Playback::new(consumer, 2, Arc::clone(&counters));
        let stereo = [0.5_f32; 960];
        let stereo_16 = [16_384_i16; 960];
        let mut played = [0_i16; 960];
        for _ in 0..480 {
            input.push(0.25).expect("room");
        }
        // The rings run full and dry in it, too.
        let count = allocations(|| {
            for _ in 0..3 {
                capture.on_data(&stereo, 10_000_000);
                capture.on_data(&stereo_16, 10_000_000);
                playback.on_data(&mut played, 20_000_000);
            }
        });
        assert_eq!(count, 0, "a callback allocated or freed memory");
        assert_eq!(out.slots(), 1000);
        assert!((out.pop().expect("sample") - 0.5).abs() < 1e-3, "mixed to one channel");
        assert_eq!(counters.slips.load(Ordering::Relaxed), 6 * 480 - 1000 + 2 * 480);
    }

    #[test]
    fn sound_goes_and_comes_without_a_click() {
        let (mut input, consumer) = rtrb::RingBuffer::new(4800);
        let mut playback = Playback::new(consumer, 1, Arc::default());
        let mut heard = Vec::new();
        for filled in [0, 480, 300, 0, 480, 480] {
            for _ in 0..filled {
                input.push(0.8).expect("room");
            }
            let mut data = [0.0_f32; 480];
            playback.on_data(&mut data, 0);
            heard.extend_from_slice(&data);
        }
        let step = heard.windows(2).fold(0.0_f32, |most, w| most.max((w[1] - w[0]).abs()));
        assert!(step < 0.03, "a step of {step}");
        assert!((heard[900] - 0.8).abs() < 1e-6 && heard[1800].abs() < 1e-3);
        assert!((heard.last().expect("sound") - 0.8).abs() < 1e-6);
    }

    #[test]
    fn a_sample_has_the_time_at_which_it_was_captured() {
        let counters = Arc::new(Counters::default());
        let (producer, _out) = rtrb::RingBuffer::new(48_000);
        let mut capture =
            Capture { ring: producer, channels: 1, rate: 48_000, counters: Arc::clone(&counters) };
        let before = clock::now_ns();
        capture.on_data(&[0.0_f32; 480], 30_000_000);
        let zero = counters.zero_ns.load(Ordering::Relaxed) as u64;
        assert!((before - 30_000_000..=clock::now_ns() - 30_000_000).contains(&zero));
    }
}
