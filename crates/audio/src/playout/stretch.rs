//! Shorter and longer without another pitch: one period of the voice is taken out or repeated.
//!
//! In: samples with at least [`NEEDED`] at the head. Out: the same, one period shorter or longer at
//! the head, blended over that period. Never: where no period is found, unless told to.
//!
//! This is waveform similarity overlap-add (Verhelst and Roelands, ICASSP 1993) with a single cut.

/// Periods that are tried: 2.5 to 10 ms, voices from 100 to 400 Hz; lower voices are cut at half
/// of what would be ideal, which still correlates.
const SHORTEST: usize = 120;
const LONGEST: usize = 480;
/// Samples that are compared.
const COMPARED: usize = 480;
/// Samples that a cut needs.
pub(crate) const NEEDED: usize = LONGEST + COMPARED;
/// From this similarity on a cut is not heard.
const SIMILAR: f32 = 0.7;
/// Below this power (-50 dBFS) nothing is heard anyway.
const QUIET: f32 = 1e-5;

/// The best place for a cut: the period, and how similar the sound is one period on (-1 to 1).
fn period(samples: &[f32]) -> (usize, f32) {
    let head = &samples[..COMPARED];
    let mut best = (SHORTEST, -1.0);
    // Every fourth lag first: speech is smooth at 12 kHz.
    for lag in (SHORTEST..=LONGEST).step_by(4) {
        let similarity = similarity(head, &samples[lag..lag + COMPARED]);
        if similarity > best.1 {
            best = (lag, similarity);
        }
    }
    for lag in best.0.saturating_sub(3).max(SHORTEST)..=(best.0 + 3).min(LONGEST) {
        let similarity = similarity(head, &samples[lag..lag + COMPARED]);
        if similarity > best.1 {
            best = (lag, similarity);
        }
    }
    best
}

fn similarity(a: &[f32], b: &[f32]) -> f32 {
    let (mut ab, mut aa, mut bb) = (0.0, 1e-9, 1e-9);
    for (a, b) in a.iter().zip(b) {
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    ab / f32::sqrt(aa * bb)
}

fn quiet(samples: &[f32]) -> bool {
    samples.iter().map(|sample| sample * sample).sum::<f32>() < QUIET * samples.len() as f32
}

/// A period that may be cut here.
fn place(samples: &[f32], force: bool) -> Option<usize> {
    if samples.len() < NEEDED {
        return None;
    }
    if quiet(&samples[..NEEDED]) {
        return Some(LONGEST);
    }
    let (lag, similarity) = period(samples);
    (force || similarity >= SIMILAR).then_some(lag)
}

/// From `a` to `b` over their length.
fn blend(a: f32, b: f32, at: usize, length: usize) -> f32 {
    let share = (at as f32 + 0.5) / length as f32;
    a + (b - a) * share
}

/// Takes one period out at the head. Returns its length, 0 if there is no good place.
pub(crate) fn shorten(samples: &mut Vec<f32>, force: bool) -> usize {
    let Some(lag) = place(samples, force) else { return 0 };
    for i in 0..lag {
        samples[lag + i] = blend(samples[i], samples[lag + i], i, lag);
    }
    samples.drain(..lag);
    lag
}

/// Repeats one period at the head. Returns its length, 0 if there is no good place.
pub(crate) fn lengthen(samples: &mut Vec<f32>, force: bool) -> usize {
    let Some(lag) = place(samples, force) else { return 0 };
    let old = samples.len();
    samples.resize(old + lag, 0.0);
    samples.copy_within(..old, lag);
    // Now `samples[..lag]` is the period, and so is `samples[lag..2 * lag]`; the second becomes the
    // blend from what would have followed back to the period's own beginning.
    for i in 0..lag {
        samples[lag + i] = blend(samples[2 * lag + i], samples[lag + i], i, lag);
    }
    lag
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    fn voice(count: usize) -> Vec<f32> {
        (0..count)
            .map(|i| {
                let t = i as f32 / 48_000.0;
                (1..6).map(|h| 0.1 / h as f32 * (TAU * 150.0 * h as f32 * t).sin()).sum()
            })
            .collect()
    }

    /// The greatest step from one sample to the next.
    fn roughest(samples: &[f32]) -> f32 {
        samples.windows(2).fold(0.0, |most, pair| most.max((pair[1] - pair[0]).abs()))
    }

    #[test]
    fn a_period_of_a_voice_goes_unheard() {
        let mut samples = voice(1920);
        let before = roughest(&samples);
        let cut = shorten(&mut samples, false);
        assert!((cut as i32 - 320).abs() < 8, "one period of 150 Hz: {cut}");
        assert_eq!(samples.len(), 1920 - cut);
        assert!(roughest(&samples) < 1.2 * before);
        let added = lengthen(&mut samples, false);
        assert!((added as i32 - 320).abs() < 8, "{added}");
        assert_eq!(samples.len(), 1920 - cut + added);
        assert!(roughest(&samples) < 1.2 * before);
    }

    #[test]
    fn noise_is_cut_only_by_force_and_silence_always() {
        let mut seed = 1_u32;
        let mut noise: Vec<f32> = (0..1920)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect();
        assert_eq!(shorten(&mut noise, false), 0);
        assert_eq!(lengthen(&mut noise, false), 0);
        assert!(shorten(&mut noise, true) > 0);
        assert_eq!(shorten(&mut vec![0.0; 1920], false), LONGEST);
    }

    #[test]
    fn too_little_stays_as_it_is() {
        let mut samples = voice(NEEDED - 1);
        assert_eq!(shorten(&mut samples, true), 0);
        assert_eq!(lengthen(&mut samples, true), 0);
        assert_eq!(samples.len(), NEEDED - 1);
    }
}
