//! Level meters, and the hint to somebody who speaks while muted.
//!
//! In: 10 ms at a time. Out: dB below full scale; whether somebody speaks. Never: changes a sample.

use crate::source::Frame;
use crate::status::Level;

/// A peak falls by this much in 10 ms: 20 dB a second, as IEC 60268-10 type I meters do roughly.
const PEAK_FALL_DB: f32 = 0.2;
/// Share of the newest 10 ms in the mean power: about 100 ms of memory.
const POWER_SHARE: f32 = 0.1;

/// Amplitude or power ratio's decibels; `factor` 20 for amplitudes, 10 for powers.
fn decibels(ratio: f32, factor: f32) -> f32 {
    if ratio <= 0.0 {
        return Level::FLOOR_DBFS;
    }
    (factor * ratio.log10()).max(Level::FLOOR_DBFS)
}

/// Mean of the squares.
fn power(frame: &[f32]) -> f32 {
    frame.iter().map(|sample| sample * sample).sum::<f32>() / frame.len().max(1) as f32
}

/// A meter with a falling peak.
#[derive(Default)]
pub(crate) struct Meter {
    level: Level,
    power: f32,
}

impl Meter {
    /// Takes 10 ms.
    pub(crate) fn feed(&mut self, frame: &Frame) {
        let peak = frame.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        self.power += POWER_SHARE * (power(frame) - self.power);
        let fallen = (self.level.peak_dbfs - PEAK_FALL_DB).max(Level::FLOOR_DBFS);
        self.level.peak_dbfs = decibels(peak, 20.0).max(fallen);
        self.level.rms_dbfs = decibels(self.power, 10.0);
    }

    /// The level now.
    pub(crate) fn level(&self) -> Level {
        self.level
    }
}

/// Quieter than this is nobody speaking into this microphone.
const SPEECH_DBFS: f32 = -45.0;
/// Speech stands out of the room's noise by this much.
const OVER_NOISE_DB: f32 = 10.0;
/// Frames of speech before the hint: 300 ms, longer than a cough or a key.
const FRAMES_BEFORE: u32 = 30;
/// Frames that the hint stays after the last word: 2 s, long enough to read.
const FRAMES_AFTER: u32 = 200;
/// The noise floor rises by this much in 10 ms (3 dB a second) and falls at once.
const FLOOR_RISE_DB: f32 = 0.03;

/// Tells speech from a room's noise well enough for "you are muted".
pub(crate) struct SpeechHint {
    floor_dbfs: f32,
    speech: u32,
    hold: u32,
}

impl Default for SpeechHint {
    fn default() -> Self {
        Self { floor_dbfs: -60.0, speech: 0, hold: 0 }
    }
}

impl SpeechHint {
    /// Takes 10 ms (after echo cancellation) and says whether to show the hint.
    pub(crate) fn feed(&mut self, frame: &Frame, muted: bool) -> bool {
        let level = decibels(power(frame), 10.0);
        self.floor_dbfs = (self.floor_dbfs + FLOOR_RISE_DB).min(level).max(Level::FLOOR_DBFS);
        let speaks = level > SPEECH_DBFS && level > self.floor_dbfs + OVER_NOISE_DB;
        if !muted {
            (self.speech, self.hold) = (0, 0);
            return false;
        }
        // Words have pauses: a quiet frame takes back a fraction of a loud one.
        self.speech = if speaks { self.speech + 3 } else { self.speech.saturating_sub(1) };
        self.speech = self.speech.min(6 * FRAMES_BEFORE);
        if self.speech >= 3 * FRAMES_BEFORE {
            self.hold = FRAMES_AFTER;
        } else {
            self.hold = self.hold.saturating_sub(1);
        }
        self.hold > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FRAME;

    fn tone(amplitude: f32) -> Frame {
        std::array::from_fn(|i| amplitude * (i as f32 * std::f32::consts::TAU / 48.0).sin())
    }

    #[test]
    fn a_full_scale_sine_is_at_0_peak_and_minus_3_rms() {
        let mut meter = Meter::default();
        for _ in 0..100 {
            meter.feed(&tone(1.0));
        }
        let level = meter.level();
        assert!(level.peak_dbfs.abs() < 0.05, "{level:?}");
        assert!((level.rms_dbfs + 3.01).abs() < 0.05, "{level:?}");
    }

    #[test]
    fn the_peak_falls_20_db_a_second_and_ends_at_the_floor() {
        let mut meter = Meter::default();
        meter.feed(&tone(1.0));
        for _ in 0..100 {
            meter.feed(&[0.0; FRAME]);
        }
        assert!((meter.level().peak_dbfs + 20.0).abs() < 0.5, "{:?}", meter.level());
        for _ in 0..1000 {
            meter.feed(&[0.0; FRAME]);
        }
        assert_eq!(meter.level().peak_dbfs, Level::FLOOR_DBFS);
    }

    #[test]
    fn the_hint_needs_speech_and_muting() {
        let mut hint = SpeechHint::default();
        let feed = |hint: &mut SpeechHint, amplitude, muted, frames| {
            (0..frames).map(|_| hint.feed(&tone(amplitude), muted)).collect::<Vec<_>>()
        };
        assert!(!feed(&mut hint, 0.0005, true, 500).contains(&true), "noise");
        assert!(!feed(&mut hint, 0.2, false, 100).contains(&true), "not muted");
        assert!(!feed(&mut hint, 0.2, true, 10).contains(&true), "a cough");
        assert!(feed(&mut hint, 0.2, true, 40).contains(&true), "speech");
        assert_eq!(feed(&mut hint, 0.0005, true, 400).last(), Some(&false), "pause");
    }

    #[test]
    fn steady_noise_becomes_the_floor() {
        let mut hint = SpeechHint::default();
        for _ in 0..3000 {
            hint.feed(&tone(0.02), true);
        }
        assert!(!hint.feed(&tone(0.02), true));
    }
}
