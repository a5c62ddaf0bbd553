//! "Record 5 s, play them back", and the chime that tests a speaker.
//!
//! In: the microphone's sound as the other side would get it. Out: sound for the mixer. Never:
//! more than five seconds.

use std::f32::consts::TAU;

use crate::source::Frame;
use crate::status::EchoTest;
use crate::{FRAME, RATE};

/// Frames in five seconds.
const TEST_FRAMES: usize = 500;
/// Two notes, each this many samples: 300 ms.
const NOTE: usize = 14_400;
/// The notes' pitch (E5, A5) in Hz; their loudness, -14 dBFS.
const NOTES: [f32; 2] = [659.26, 880.0];
const LOUDNESS: f32 = 0.2;

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Off,
    Recording,
    Playing(usize),
}

/// The echo test's memory, and the chime's place.
#[derive(Default)]
pub(crate) struct Recorder {
    state: State,
    samples: Vec<f32>,
    chime: Option<usize>,
}

impl Recorder {
    /// Begins to record, from the start if one is running.
    pub(crate) fn start(&mut self) {
        self.samples.clear();
        self.samples.reserve(TEST_FRAMES * FRAME);
        self.state = State::Recording;
    }

    /// Ends the test.
    pub(crate) fn stop(&mut self) {
        self.state = State::Off;
        self.samples = Vec::new();
    }

    /// Begins the chime.
    pub(crate) fn chime(&mut self) {
        self.chime = Some(0);
    }

    /// Whether what the microphone hears now is for nobody else.
    pub(crate) fn is_testing(&self) -> bool {
        self.state != State::Off
    }

    /// How far the test is.
    pub(crate) fn state(&self) -> EchoTest {
        let left = |done: usize| (TEST_FRAMES - done / FRAME) as u32 * 10;
        match self.state {
            State::Off => EchoTest::Off,
            State::Recording => EchoTest::Recording(left(self.samples.len())),
            State::Playing(at) => EchoTest::Playing(left(at)),
        }
    }

    /// Takes 10 ms of the microphone.
    pub(crate) fn record(&mut self, frame: &Frame) {
        if self.state == State::Recording {
            self.samples.extend_from_slice(frame);
            if self.samples.len() >= TEST_FRAMES * FRAME {
                self.state = State::Playing(0);
            }
        }
    }

    /// Adds 10 ms to what goes to the speaker.
    pub(crate) fn mix(&mut self, frame: &mut Frame) {
        if let State::Playing(at) = self.state {
            let recorded = &self.samples[at..at + FRAME];
            frame.iter_mut().zip(recorded).for_each(|(sum, sample)| *sum += sample);
            self.state = State::Playing(at + FRAME);
            if at + FRAME >= self.samples.len() {
                self.stop();
            }
        }
        if let Some(at) = self.chime {
            for (i, sum) in frame.iter_mut().enumerate() {
                *sum += chime_sample(at + i);
            }
            self.chime = Some(at + FRAME).filter(|at| *at < NOTES.len() * NOTE);
        }
    }
}

/// The chime: sines that begin at zero and fade out.
fn chime_sample(at: usize) -> f32 {
    let Some(pitch) = NOTES.get(at / NOTE) else { return 0.0 };
    let within = (at % NOTE) as f32;
    let attack = (within / 240.0).min(1.0);
    let decay = 1.0 - within / NOTE as f32;
    LOUDNESS * attack * decay * decay * (TAU * pitch * within / RATE as f32).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_played_once() {
        let mut recorder = Recorder::default();
        recorder.start();
        for i in 0..TEST_FRAMES {
            assert!(matches!(recorder.state(), EchoTest::Recording(_)));
            recorder.record(&[i as f32; FRAME]);
        }
        assert_eq!(recorder.state(), EchoTest::Playing(5000));
        for i in 0..TEST_FRAMES {
            recorder.record(&[-1.0; FRAME]);
            let mut frame = [0.5; FRAME];
            recorder.mix(&mut frame);
            assert_eq!(frame, [i as f32 + 0.5; FRAME]);
        }
        assert_eq!(recorder.state(), EchoTest::Off);
        let mut frame = [0.0; FRAME];
        recorder.mix(&mut frame);
        assert_eq!(frame, [0.0; FRAME]);
    }

    #[test]
    fn the_chime_is_heard_and_ends() {
        let mut recorder = Recorder::default();
        recorder.chime();
        let loudest: Vec<f32> = (0..100)
            .map(|_| {
                let mut frame = [0.0; FRAME];
                recorder.mix(&mut frame);
                frame.iter().fold(0.0, |max: f32, sample| max.max(sample.abs()))
            })
            .collect();
        assert!(loudest[1] > 0.15 && loudest[1] <= LOUDNESS);
        assert!(loudest[61..].iter().all(|peak| *peak == 0.0));
    }
}
