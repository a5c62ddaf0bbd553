//! From one rate to another, with a ratio that can be nudged while it runs.
//!
//! In: mono samples. Out: mono samples. Never: allocates after it was made.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Adjustable as _, Async, FixedAsync, Resampler as _, SincInterpolationParameters,
    SincInterpolationType, WindowFunction,
};

/// The ratio may be moved by this much: drift is below 500 ppm, catching up takes the rest.
const MOST_RELATIVE: f64 = 1.05;
/// Taps of the filter: flat to 16 kHz or so, 0.7 ms of delay.
const TAPS: usize = 64;

/// A rubato resampler for one channel, with its buffers.
pub(crate) struct Resampler {
    inner: Async<f32>,
    scratch: Vec<f32>,
}

impl Resampler {
    /// Takes `frames` samples at `from` Hz at a time.
    pub(crate) fn with_input(frames: usize, from: u32, to: u32) -> Self {
        Self::new(frames, from, to, FixedAsync::Input)
    }

    /// Gives `frames` samples at `to` Hz at a time.
    pub(crate) fn with_output(frames: usize, from: u32, to: u32) -> Self {
        Self::new(frames, from, to, FixedAsync::Output)
    }

    fn new(frames: usize, from: u32, to: u32, fixed: FixedAsync) -> Self {
        let parameters = SincInterpolationParameters {
            sinc_len: TAPS,
            f_cutoff: None,
            oversampling_factor: 128,
            interpolation: SincInterpolationType::Linear,
            window: WindowFunction::Blackman2,
        };
        let ratio = f64::from(to) / f64::from(from);
        let inner = Async::new_sinc(ratio, MOST_RELATIVE, &parameters, frames, 1, fixed)
            .expect("rates are above zero and the ratio's range above one");
        let scratch = vec![0.0; inner.output_frames_max()];
        Self { inner, scratch }
    }

    /// Makes the output longer (above 1) or shorter (below 1) than the rates say.
    pub(crate) fn set_relative(&mut self, ratio: f64) {
        let ratio = ratio.clamp(1.0 / MOST_RELATIVE, MOST_RELATIVE);
        // Refused only outside of the range that it is clamped to.
        let _ = self.inner.set_resample_ratio_relative(ratio, true);
    }

    /// Samples that the next call takes.
    pub(crate) fn needed(&self) -> usize {
        self.inner.input_frames_next()
    }

    /// Resamples exactly [`Self::needed`] samples and appends the outcome to `out`.
    pub(crate) fn push(&mut self, input: &[f32], out: &mut Vec<f32>) {
        let made = self.run(input);
        out.extend_from_slice(&self.scratch[..made]);
    }

    /// Resamples exactly [`Self::needed`] samples into all of `out`.
    pub(crate) fn fill(&mut self, input: &[f32], out: &mut [f32]) {
        let made = self.run(input).min(out.len());
        out[..made].copy_from_slice(&self.scratch[..made]);
        out[made..].fill(0.0);
    }

    fn run(&mut self, input: &[f32]) -> usize {
        let room = self.scratch.len();
        let Ok(from) = InterleavedSlice::new(input, 1, input.len()) else { return 0 };
        let Ok(mut to) = InterleavedSlice::new_mut(&mut self.scratch, 1, room) else { return 0 };
        self.inner.process_into_buffer(&from, &mut to, None).map_or(0, |(_, made)| made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::allocations;

    #[test]
    fn a_tone_keeps_its_pitch_from_one_rate_to_another_and_nothing_is_allocated() {
        let mut resampler = Resampler::with_output(480, 44_100, 48_000);
        let mut at = 0_u32;
        let mut out = vec![0.0; 48_000];
        let mut input = Vec::with_capacity(1000);
        let count = allocations(|| {
            for (i, piece) in out.chunks_exact_mut(480).enumerate() {
                // Nudged up and down on the way; back at 1 at the end of each pair.
                resampler.set_relative(if i % 2 == 0 { 1.0001 } else { 1.0 / 1.0001 });
                input.clear();
                for _ in 0..resampler.needed() {
                    let phase = f64::from(at) * 1000.0 / 44_100.0;
                    input.push((phase.fract() * std::f64::consts::TAU).sin() as f32);
                    at += 1;
                }
                resampler.fill(&input, piece);
            }
        });
        assert_eq!(count, 0);
        let crossings =
            out[4800..].windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert!((899..=901).contains(&crossings), "{crossings} periods of 1 kHz in 0.9 s");
        assert!((44_090..44_120).contains(&at), "{at} samples used for a second");
    }
}
