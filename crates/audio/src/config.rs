//! What an engine is started with: which microphone, which speaker, what is done to the sound.
//!
//! In: the texts of `--microphone` and `--speaker` and of the settings. Out: choices that the
//! device thread understands. Never: opens anything.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the sound comes from. Written and parsed as `default`, `none`, `test:`, `test:FILE.wav`,
/// a path that ends in `.wav`, or the id of a device from [`crate::devices`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Input {
    /// What the system calls its default microphone, also when that changes.
    #[default]
    Default,
    /// Silence.
    None,
    /// A tone of 440 Hz with a slow warble.
    Tone,
    /// A WAV file of any rate and any number of channels, again and again.
    File(PathBuf),
    /// The device with this id.
    Device(String),
}

/// Where the sound goes. Written and parsed as `default`, `none`, a path that ends in `.wav`, or
/// the id of a device from [`crate::devices`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Output {
    /// What the system calls its default speaker, also when that changes.
    #[default]
    Default,
    /// Nowhere; the call goes on at its usual pace.
    None,
    /// A WAV file, 48 kHz mono, written in real time.
    File(PathBuf),
    /// The device with this id.
    Device(String),
}

/// A text that names no microphone or speaker.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no sound device: use default, none, {1}FILE.wav or an id from the list")]
pub struct ParseChoiceError(String, &'static str);

fn is_wav(text: &str) -> bool {
    text.len() > 4 && text.to_ascii_lowercase().ends_with(".wav")
}

/// Ids are `host:name`, for instance `pulseaudio:alsa_output.usb`.
fn is_device_id(text: &str) -> bool {
    text.split_once(':').is_some_and(|(host, name)| !host.is_empty() && !name.is_empty())
}

impl FromStr for Input {
    type Err = ParseChoiceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" | "default" => Ok(Self::Default),
            "none" => Ok(Self::None),
            "test:" => Ok(Self::Tone),
            _ => {
                let path = text.strip_prefix("test:").unwrap_or(text);
                if is_wav(path) {
                    Ok(Self::File(path.into()))
                } else if is_device_id(text) && !text.starts_with("test:") {
                    Ok(Self::Device(text.to_owned()))
                } else {
                    Err(ParseChoiceError(text.to_owned(), "test:, "))
                }
            }
        }
    }
}

impl FromStr for Output {
    type Err = ParseChoiceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" | "default" => Ok(Self::Default),
            "none" => Ok(Self::None),
            _ if is_wav(text) => Ok(Self::File(text.into())),
            _ if is_device_id(text) => Ok(Self::Device(text.to_owned())),
            _ => Err(ParseChoiceError(text.to_owned(), "")),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::None => f.write_str("none"),
            Self::Tone => f.write_str("test:"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Device(id) => f.write_str(id),
        }
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::None => f.write_str("none"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Device(id) => f.write_str(id),
        }
    }
}

/// What is done to the microphone's sound; each can be turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// Takes the speaker's sound out of the microphone's.
    pub echo_cancellation: bool,
    /// Takes steady noise out.
    pub noise_suppression: bool,
    /// Brings quiet and loud voices to one level.
    pub gain_control: bool,
}

impl Switches {
    /// The sound as the microphone gives it: for music, and for measuring.
    pub const OFF: Self =
        Self { echo_cancellation: false, noise_suppression: false, gain_control: false };
}

impl Default for Switches {
    fn default() -> Self {
        Self { echo_cancellation: true, noise_suppression: true, gain_control: true }
    }
}

/// What goes into a packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One Opus frame of 20 ms, 48 kHz mono.
    #[default]
    Opus,
    /// What the original client sends: 1,024 samples, signed 16-bit little-endian, mono, 44,100
    /// Hz (shared wire formats, "VideoChat").
    Classic,
}

/// What [`crate::Engine::start`] is given. `Config::default()` is a call with the default devices.
#[derive(Clone, Debug)]
pub struct Config {
    /// The microphone.
    pub microphone: Input,
    /// The speaker.
    pub speaker: Output,
    /// What is done to the microphone's sound.
    pub switches: Switches,
    /// What packets hold, both ways.
    pub format: Format,
    /// Bits a second that Opus aims at, 6,000 to 510,000.
    pub bitrate: u32,
    /// Whether Opus sends next to nothing in pauses. Off: packets are also a sign of life.
    pub dtx: bool,
    /// Starts muted.
    pub muted: bool,
    /// Whether packets are made from the start. Before a call: false; the levels move all the
    /// same.
    pub sending: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            microphone: Input::Default,
            speaker: Output::Default,
            switches: Switches::default(),
            format: Format::Opus,
            bitrate: 32_000,
            dtx: false,
            muted: false,
            sending: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microphones_are_read_and_written() {
        for (text, input) in [
            ("default", Input::Default),
            ("none", Input::None),
            ("test:", Input::Tone),
            ("/a b/clip.WAV", Input::File("/a b/clip.WAV".into())),
            ("pulseaudio:in.monitor", Input::Device("pulseaudio:in.monitor".into())),
        ] {
            assert_eq!(text.parse(), Ok(input.clone()));
            assert_eq!(input.to_string(), text);
        }
        assert_eq!("test:clip.wav".parse(), Ok(Input::File("clip.wav".into())));
        assert_eq!("".parse(), Ok(Input::Default));
        assert!("test:tone".parse::<Input>().is_err());
        assert!("loud".parse::<Input>().is_err());
    }

    #[test]
    fn speakers_are_read_and_written() {
        for (text, output) in [
            ("default", Output::Default),
            ("none", Output::None),
            ("out.wav", Output::File("out.wav".into())),
            ("alsa:hw:0,0", Output::Device("alsa:hw:0,0".into())),
        ] {
            assert_eq!(text.parse(), Ok(output.clone()));
            assert_eq!(output.to_string(), text);
        }
        let error = "loud".parse::<Output>().expect_err("no device");
        assert!(error.to_string().contains("default, none, FILE.wav"), "{error}");
    }
}
