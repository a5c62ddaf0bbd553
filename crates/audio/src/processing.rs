//! Echo cancellation, noise suppression and gain control.
//!
//! In: what goes to the speaker (after the mixer: everything that can come back as an echo) and
//! what the microphone took, both 10 ms at a time, in this order. Out: the microphone's sound
//! without the echo. Never: allocates while it runs.
//!
//! Sonora is a port of WebRTC's audio processing. It is young, so it stays behind a trait and has
//! regression tests (tests/echo.rs).

use sonora::config::{
    AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, NoiseSuppression,
    NoiseSuppressionLevel,
};
use sonora::{AudioProcessing, Config, StreamConfig};

use crate::config::Switches;
use crate::source::Frame;
use crate::{FRAME, RATE};

/// Something that cleans the microphone's sound.
pub trait Processing: Send {
    /// Changes what is done.
    fn set(&mut self, switches: Switches);
    /// 10 ms: `speaker` is about to be played, `microphone` was captured and is cleaned in place.
    /// `delay_ms` is a guess at the time from `speaker` being handed over to its echo arriving in
    /// `microphone`; the canceller finds the real one itself.
    fn process(&mut self, speaker: &[f32; FRAME], microphone: &mut [f32; FRAME], delay_ms: u32);
}

/// WebRTC's audio processing, ported.
pub struct Sonora {
    processing: AudioProcessing,
    switches: Switches,
    scratch: Frame,
}

/// The gain that is started with, and the most: a voice 30 dB too quiet is still brought up, a
/// silent room is not blown up to a hiss.
const GAIN: AdaptiveDigital = AdaptiveDigital {
    headroom_db: 5.0,
    max_gain_db: 30.0,
    initial_gain_db: 8.0,
    max_gain_change_db_per_second: 6.0,
    max_output_noise_level_dbfs: -50.0,
};

fn config(switches: Switches) -> Config {
    Config {
        // Steady rumble below speech helps nobody; on unless everything is off.
        high_pass_filter: (switches != Switches::OFF).then(HighPassFilter::default),
        echo_canceller: switches.echo_cancellation.then(EchoCanceller::default),
        noise_suppression: switches.noise_suppression.then(|| NoiseSuppression {
            level: NoiseSuppressionLevel::Moderate,
            ..NoiseSuppression::default()
        }),
        gain_controller2: switches.gain_control.then(|| GainController2 {
            adaptive_digital: Some(GAIN),
            ..GainController2::default()
        }),
        pipeline: sonora::config::Pipeline {
            maximum_internal_processing_rate: sonora::config::MaxProcessingRate::Rate48kHz,
            ..sonora::config::Pipeline::default()
        },
        ..Config::default()
    }
}

impl Sonora {
    /// Everything is set up here and in [`Processing::set`].
    #[must_use]
    pub fn new(switches: Switches) -> Self {
        let mono = StreamConfig::new(RATE, 1);
        let processing = AudioProcessing::builder()
            .config(config(switches))
            .capture_config(mono)
            .render_config(mono)
            .build();
        Self { processing, switches, scratch: [0.0; FRAME] }
    }
}

impl Processing for Sonora {
    fn set(&mut self, switches: Switches) {
        if switches != self.switches {
            self.switches = switches;
            self.processing.apply_config(config(switches));
        }
    }

    fn process(&mut self, speaker: &[f32; FRAME], microphone: &mut [f32; FRAME], delay_ms: u32) {
        if self.switches == Switches::OFF {
            return;
        }
        // Both only fail for formats other than the one set above; then the sound stays as it is.
        let played =
            self.processing.process_render_f32(&[&speaker[..]], &mut [&mut self.scratch[..]]);
        // Above 500 ms it is clamped, which is as good a guess.
        let _ = self.processing.set_stream_delay_ms(i32::try_from(delay_ms).unwrap_or(500));
        let captured =
            self.processing.process_capture_f32(&[&microphone[..]], &mut [&mut self.scratch[..]]);
        if played.is_ok() && captured.is_ok() {
            microphone.copy_from_slice(&self.scratch);
        }
    }
}
