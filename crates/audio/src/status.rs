//! What an engine tells about itself: devices, levels, messages, figures.
//!
//! In: the audio thread's counts. Out: values to show, log and test. Never: a lock or a clock.

use std::fmt;

/// How loud, in dB below full scale; `Level::SILENT` or lower is silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The highest sample of late; falls 20 dB a second, so that an eye can follow.
    pub peak_dbfs: f32,
    /// The mean power of the last 100 ms or so.
    pub rms_dbfs: f32,
}

impl Level {
    /// The bottom of every scale.
    pub const FLOOR_DBFS: f32 = -90.0;
    /// Nothing at all.
    pub const SILENT: Self = Self { peak_dbfs: Self::FLOOR_DBFS, rms_dbfs: Self::FLOOR_DBFS };
}

impl Default for Level {
    fn default() -> Self {
        Self::SILENT
    }
}

/// What a microphone or speaker is connected to at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Being opened.
    #[default]
    Opening,
    /// Sound runs. `id` is as in [`crate::devices`], or `test:`, or a file's path.
    Open {
        /// What to choose it by.
        id: String,
        /// What to show.
        name: String,
        /// Another one was asked for; this one stands in for it.
        fallback: bool,
    },
    /// None was wanted.
    None,
    /// There is none that works; the text says why. Tried again every second.
    Failed(String),
}

/// Something that the person should be told. `Display` gives the words for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The microphone went away or could not be opened.
    MicrophoneLost {
        /// Its name.
        name: String,
        /// What the system says.
        reason: String,
        /// The name of the one that took its place, if any did.
        now: Option<String>,
    },
    /// The speaker went away or could not be opened.
    SpeakerLost {
        /// Its name.
        name: String,
        /// What the system says.
        reason: String,
        /// The name of the one that took its place, if any did.
        now: Option<String>,
    },
    /// The microphone that was asked for is there (again).
    MicrophoneBack(String),
    /// The speaker that was asked for is there (again).
    SpeakerBack(String),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, name, reason, now) = match self {
            Self::MicrophoneLost { name, reason, now } => ("microphone", name, reason, now),
            Self::SpeakerLost { name, reason, now } => ("speaker", name, reason, now),
            Self::MicrophoneBack(name) => return write!(f, "microphone {name} is in use"),
            Self::SpeakerBack(name) => return write!(f, "speaker {name} is in use"),
        };
        write!(f, "{what} {name} does not work ({reason}); ")?;
        match now {
            Some(now) => write!(f, "{now} is used instead"),
            None => write!(f, "the call goes on without"),
        }
    }
}

/// How far an echo test is: "record 5 s and play them back".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EchoTest {
    /// None runs.
    #[default]
    Off,
    /// Recording; so many milliseconds are left.
    Recording(u32),
    /// Playing back; so many milliseconds are left.
    Playing(u32),
}

/// Counts since the start, and how things are now. Counts of packets are of 20 ms each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Packets handed to `on_packet`.
    pub sent: u64,
    /// Packets taken by `receive`.
    pub received: u64,
    /// Packets that `receive` dropped because the audio thread was not there to take them.
    pub overflowed: u64,
    /// Packets that are no Opus of 20 ms, or no chunk.
    pub invalid: u64,
    /// Packets that came after their time, and chunks dropped above the classic backlog.
    pub late: u64,
    /// Packets that came twice.
    pub duplicate: u64,
    /// Packets' worth of sound restored from the next packet (forward error correction).
    pub recovered: u64,
    /// Packets' worth of sound made up, because nothing was there.
    pub concealed: u64,
    /// Packets' worth of silence, because nothing was there for longer than can be made up.
    pub silent: u64,
    /// Milliseconds taken out and put in to come to the target.
    pub stretched_ms: u64,
    /// Times the playing position jumped, because it was too far off.
    pub jumps: u64,
    /// How long a packet waits here at present, from the earliest it could come to being played;
    /// milliseconds.
    pub buffer_ms: f32,
    /// How long it should wait, after the jitter of late; milliseconds.
    pub target_ms: f32,
    /// Jitter (95th percentile); milliseconds.
    pub jitter_ms: f32,
    /// How much faster than ours the sender's clock runs; parts per million.
    pub drift_ppm: f32,
    /// Share of the packets of the last ten seconds or so that were not there in their time, 0 to 1.
    pub loss: f32,
    /// From leaving the mixer to leaving the speaker; milliseconds.
    pub speaker_delay_ms: f32,
    /// From the microphone to the packet; milliseconds.
    pub microphone_delay_ms: f32,
    /// Samples that a device's callback could not store, or wanted and did not find.
    pub device_slips: u64,
    /// Steps of 10 ms that were left out because the thread did not get to run.
    pub skipped_steps: u64,
}

/// How an engine is at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// What the microphone is connected to.
    pub microphone: Connection,
    /// What the speaker is connected to.
    pub speaker: Connection,
    /// The microphone's level, after echo, noise and gain; moves while muted too.
    pub microphone_level: Level,
    /// The level of what goes to the speaker.
    pub speaker_level: Level,
    /// Whether silence is sent.
    pub muted: bool,
    /// Muted, and somebody speaks into the microphone: show a hint.
    pub muted_while_speaking: bool,
    /// The echo test.
    pub echo_test: EchoTest,
    /// The figures.
    pub statistics: Statistics,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_say_what_happened_and_what_now() {
        let lost = Notice::SpeakerLost {
            name: "Headset".into(),
            reason: "unplugged".into(),
            now: Some("Built-in".into()),
        };
        assert_eq!(
            lost.to_string(),
            "speaker Headset does not work (unplugged); Built-in is used instead"
        );
        let none = Notice::MicrophoneLost { name: "Mic".into(), reason: "gone".into(), now: None };
        assert_eq!(
            none.to_string(),
            "microphone Mic does not work (gone); the call goes on without"
        );
    }
}
