//! Microphones and speakers of the system, through cpal.
//!
//! In: a choice. Out: lists of devices; open streams behind lock-free rings. Never: a call into
//! the sound system from the thread that asks for sound.

pub(crate) mod callback;
mod host;
pub(crate) mod manager;
mod open;
pub(crate) mod ring;

/// A microphone or a speaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What to choose it by, for instance `pulseaudio:alsa_input.usb-...`; survives restarts.
    pub id: String,
    /// What to show.
    pub name: String,
    /// Whether the system calls it its default.
    pub is_default: bool,
}

/// The devices of the system at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// Microphones, monitors of speakers last.
    pub microphones: Vec<Device>,
    /// Speakers.
    pub speakers: Vec<Device>,
}

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Neither PulseAudio (or PipeWire) nor ALSA has a device.
    #[error("no sound system: {0}")]
    NoSystem(String),
}

/// Lists microphones and speakers. Waits for the sound system, some seconds at most: not for the
/// UI thread.
///
/// # Errors
/// When there is no sound system, or it does not answer.
pub fn devices() -> Result<Devices, DeviceError> {
    host::bounded("audio-list", host::list)
        .map_err(DeviceError::NoSystem)?
        .map_err(DeviceError::NoSystem)
}
