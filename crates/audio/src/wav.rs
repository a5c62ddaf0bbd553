//! WAV files as microphone and speaker.
//!
//! In: a file of any rate and number of channels, again and again; or sound to write. Out: sound;
//! a file of 48 kHz mono that can be opened at any time. Never: more than a few frames in memory.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use crate::resample::Resampler;
use crate::sink::Sink;
use crate::source::{Frame, Source};
use crate::{FRAME, RATE};

/// Rates that a file may have: a header may say anything, and memory grows with the ratio.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// Channels that a file may have.
const CHANNELS: std::ops::RangeInclusive<u16> = 1..=32;
/// The file's header is brought up to date once a second.
const FLUSH_FRAMES: u32 = 100;

/// A file in place of a microphone.
pub(crate) struct WavSource {
    reader: WavReader<BufReader<File>>,
    resampler: Resampler,
    input: Vec<f32>,
    /// The last read found the end.
    ended: bool,
}

impl WavSource {
    /// Opens the file and reads its header.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let says = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let reader = WavReader::open(path).map_err(|error| says(&error))?;
        let spec = reader.spec();
        if !RATES.contains(&spec.sample_rate) || !CHANNELS.contains(&spec.channels) {
            return Err(says(&format_args!(
                "{} Hz with {} channels is no sound that can be played",
                spec.sample_rate, spec.channels
            )));
        }
        if reader.duration() == 0 {
            return Err(says(&"there is no sound in it"));
        }
        let resampler = Resampler::with_output(FRAME, spec.sample_rate, RATE);
        Ok(Self { reader, resampler, input: Vec::new(), ended: false })
    }

    /// Appends up to `wanted` samples, mixed to one channel; less at the end of the file.
    fn take(&mut self, wanted: usize) {
        let spec = self.reader.spec();
        let channels = usize::from(spec.channels);
        let scale = 1.0 / channels as f32;
        let count = wanted * channels;
        let mut sum = 0.0;
        let mut seen = 0;
        let input = &mut self.input;
        let mut add = |sample: f32| {
            sum += sample;
            seen += 1;
            if seen == channels {
                input.push(sum * scale);
                (sum, seen) = (0.0, 0);
            }
        };
        match spec.sample_format {
            SampleFormat::Float => {
                self.reader.samples::<f32>().take(count).flatten().for_each(&mut add);
            }
            SampleFormat::Int => {
                let full =
                    1.0 / (1_u64 << spec.bits_per_sample.clamp(1, 32).saturating_sub(1)) as f32;
                let samples = self.reader.samples::<i32>().take(count).flatten();
                samples.for_each(|sample| add(sample as f32 * full));
            }
        }
    }
}

impl Source for WavSource {
    fn read(&mut self, now_ns: u64, frame: &mut Frame) -> u64 {
        let needed = self.resampler.needed();
        self.input.clear();
        while self.input.len() < needed {
            let before = self.input.len();
            self.take(needed - before);
            if self.input.len() < needed {
                // The end: from the beginning again.
                let rewound = self.reader.seek(0).is_ok();
                if !rewound || self.input.len() == before && self.ended {
                    // Twice at the end and nothing between: it became unreadable.
                    self.input.resize(needed, 0.0);
                }
                self.ended = true;
            } else {
                self.ended = false;
            }
        }
        self.resampler.fill(&self.input, frame);
        now_ns.saturating_sub(10_000_000)
    }
}

/// A file in place of a speaker.
pub(crate) struct WavSink {
    writer: WavWriter<BufWriter<File>>,
    frames: u32,
    failed: bool,
}

impl WavSink {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &Path) -> Result<Self, String> {
        let spec = WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let writer = WavWriter::create(path, spec)
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        Ok(Self { writer, frames: 0, failed: false })
    }
}

impl Sink for WavSink {
    fn write(&mut self, _now_ns: u64, frame: &Frame) {
        if self.failed {
            return;
        }
        self.frames += 1;
        let mut samples =
            frame.iter().map(|sample| (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16);
        let mut written = samples.try_for_each(|sample| self.writer.write_sample(sample));
        if written.is_ok() && self.frames.is_multiple_of(FLUSH_FRAMES) {
            written = self.writer.flush();
        }
        if let Err(error) = written {
            // A full disk ends the recording, not the call.
            log::error!("the speaker's WAV file cannot be written any more: {error}");
            self.failed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("okno-audio-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        path
    }

    /// 0.5 s of 1 kHz, stereo with the right channel silent.
    fn write(path: &Path, rate: u32, bits: u16, sample_format: SampleFormat) {
        let spec = WavSpec { channels: 2, sample_rate: rate, bits_per_sample: bits, sample_format };
        let mut writer = WavWriter::create(path, spec).expect("file");
        for i in 0..rate / 2 {
            let sample = 0.5 * (i as f32 * std::f32::consts::TAU * 1000.0 / rate as f32).sin();
            if sample_format == SampleFormat::Float {
                writer.write_sample(sample).expect("left");
                writer.write_sample(0.0_f32).expect("right");
            } else {
                let full = (1_i64 << (bits - 1)) as f32;
                writer.write_sample((sample * (full - 1.0)) as i32).expect("left");
                writer.write_sample(0).expect("right");
            }
        }
        writer.finalize().expect("header");
    }

    #[test]
    fn any_rate_and_format_gives_the_same_tone_for_ever() {
        let folder = folder("any");
        for (rate, bits, format) in [
            (44_100, 16, SampleFormat::Int),
            (8_000, 8, SampleFormat::Int),
            (48_000, 24, SampleFormat::Int),
            (96_000, 32, SampleFormat::Float),
        ] {
            let path = folder.join("in.wav");
            write(&path, rate, bits, format);
            let mut source = WavSource::open(&path).expect("opens");
            let mut frame = [0.0; FRAME];
            // Three times round, in which the tone stays at a quarter: half, mixed with silence.
            for i in 0..150 {
                source.read(0, &mut frame);
                let power = frame.iter().map(|s| s * s).sum::<f32>() / FRAME as f32;
                let expected = 0.25_f32 * 0.25 / 2.0;
                assert!(i == 0 || (power / expected - 1.0).abs() < 0.15, "{rate} {i}: {power}");
            }
        }
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_is_no_sound_is_refused_in_words() {
        let folder = folder("bad");
        let path = folder.join("bad.wav");
        std::fs::write(&path, b"RIFF\xff\xff\xff\xffWAVEfmt nonsense").expect("file");
        let Err(error) = WavSource::open(&path) else { panic!("nonsense was opened") };
        assert!(error.contains("bad.wav"), "{error}");
        let Err(error) = WavSource::open(&folder.join("none.wav")) else {
            panic!("nothing opened")
        };
        assert!(error.contains("none.wav"), "{error}");
        let spec = WavSpec {
            channels: 1,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        WavWriter::create(&path, spec).expect("file").finalize().expect("header");
        let Err(error) = WavSource::open(&path) else { panic!("silence was opened") };
        assert!(error.contains("no sound"), "{error}");
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_is_written_can_be_read() {
        let folder = folder("out");
        let path = folder.join("out.wav");
        let mut sink = WavSink::create(&path).expect("created");
        for _ in 0..150 {
            sink.write(0, &[0.5; FRAME]);
        }
        // Still open: what was flushed after a second is whole.
        assert_eq!(WavReader::open(&path).expect("readable").duration(), 48_000);
        drop(sink);
        let mut reader = WavReader::open(&path).expect("readable");
        assert_eq!(reader.duration(), 72_000);
        assert!(reader.samples::<i16>().all(|sample| sample.is_ok_and(|s| s == 16_384)));
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
