//! Microphones and speakers of the system, through cpal.
//!
//! In: a choice. Out: lists of devices; open streams behind lock-free rings. Never: a call into
//! the sound system from the thread that asks for sound.

pub(crate) mod manager;

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

/// Lists microphones and speakers. Waits for the sound system, two seconds at most: not for the
/// UI thread.
///
/// # Errors
/// When there is no sound system.
pub fn devices() -> Result<Devices, DeviceError> {
    use cpal::traits::HostTrait as _;
    let host = cpal::default_host();
    let list = |found: Vec<cpal::Device>, default: Option<cpal::Device>| -> Vec<Device> {
        found.iter().filter_map(|device| describe(device, default.as_ref())).collect()
    };
    let none = |error: cpal::Error| DeviceError::NoSystem(error.to_string());
    Ok(Devices {
        microphones: list(
            host.input_devices().map_err(none)?.collect(),
            host.default_input_device(),
        ),
        speakers: list(
            host.output_devices().map_err(none)?.collect(),
            host.default_output_device(),
        ),
    })
}

fn describe(device: &cpal::Device, default: Option<&cpal::Device>) -> Option<Device> {
    use cpal::traits::DeviceTrait as _;
    let id = device.id().ok()?;
    let is_default = default.and_then(|default| default.id().ok()).is_some_and(|other| other == id);
    Some(Device { id: id.to_string(), name: device.to_string(), is_default })
}
