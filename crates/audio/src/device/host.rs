//! The sound system: PulseAudio (which PipeWire speaks, too), else ALSA, else none.
//!
//! In: nothing. Out: devices, found again each time. Never: holds up a caller for ever: a sound
//! server that does not answer costs a time limit.

use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use cpal::HostId;
use cpal::traits::{DeviceTrait as _, HostTrait as _};

use crate::device::{Device, Devices};
use crate::priority;

/// How long the sound system may take for one thing. It answers in milliseconds, a Bluetooth
/// headset in two seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Which end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Microphone,
    Speaker,
}

/// Runs `work` on a thread of its own and waits for it, but not for ever.
///
/// A call into a sound server that hangs cannot be taken back: then the thread is left behind with
/// it, the only one here that nobody joins, and a line in the log says so.
pub(crate) fn bounded<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    bounded_for(PATIENCE, name, work)
}

/// As [`bounded`], with a time limit of its own.
pub(crate) fn bounded_for<T: Send + 'static>(
    patience: Duration,
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (done, outcome) = mpsc::channel();
    let thread = std::thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            // The sound library's own threads begin here and inherit it.
            priority::raise();
            let _ = done.send(work());
        })
        .map_err(|error| error.to_string())?;
    match outcome.recv_timeout(patience) {
        Ok(value) => {
            let _ = thread.join();
            Ok(value)
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            log::error!("the sound system does not answer; thread {name} is left waiting for it");
            Err("the sound system does not answer".into())
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let _ = thread.join();
            Err("the sound library failed".into())
        }
    }
}

/// The connection to PulseAudio. One for the process: cpal's client keeps its thread and its socket
/// until the server closes them, so one for each list would pile up.
static PULSE: Mutex<Option<cpal::Host>> = Mutex::new(None);

/// Runs `look` on the first sound system that has devices.
fn with_host<T>(look: impl Fn(&cpal::Host) -> T) -> Result<T, String> {
    let mut ids = cpal::available_hosts();
    let is_pulse = |id: &HostId| id.name() == "PulseAudio";
    ids.sort_by_key(|id| !is_pulse(id));
    let mut problems = Vec::new();
    for id in ids {
        let mut kept = PULSE.lock().unwrap_or_else(PoisonError::into_inner);
        // A connection from before the server was restarted fails once; then make a new one.
        for fresh in [false, true] {
            let host = match kept.take().filter(|_| is_pulse(&id) && !fresh) {
                Some(host) => host,
                None if is_pulse(&id) && !fresh => continue,
                None => match cpal::host_from_id(id) {
                    Ok(host) => host,
                    Err(error) => {
                        problems.push(format!("{}: {error}", id.name()));
                        break;
                    }
                },
            };
            match host.devices().map(|mut devices| devices.any(|device| is_real(&device))) {
                Ok(true) => {
                    let found = look(&host);
                    if is_pulse(&id) {
                        *kept = Some(host);
                    }
                    return Ok(found);
                }
                Ok(false) => problems.push(format!("{}: no device", id.name())),
                Err(error) => problems.push(format!("{}: {error}", id.name())),
            }
            if !is_pulse(&id) {
                break;
            }
        }
    }
    Err(problems.join("; "))
}

/// ALSA lists its plugins as devices: converters, a null device, servers that it would start. Only
/// what stands for a card, or for the whole, is one; a `plughw` converts rates where the bare `hw`
/// would refuse.
fn is_real(device: &cpal::Device) -> bool {
    device.id().is_ok_and(|id| {
        let names = ["default", "pipewire"];
        id.host().name() != "ALSA" || names.contains(&id.id()) || id.id().starts_with("plughw:")
    })
}

fn all(host: &cpal::Host, direction: Direction) -> Vec<cpal::Device> {
    // Asking what a device can do opens it, so only the real ones are asked.
    let can = |device: &cpal::Device| match direction {
        Direction::Microphone => device.supports_input(),
        Direction::Speaker => device.supports_output(),
    };
    let found = host.devices().map(|devices| devices.filter(is_real).filter(can).collect());
    found.unwrap_or_default()
}

fn default(host: &cpal::Host, direction: Direction) -> Option<cpal::Device> {
    match direction {
        Direction::Microphone => host.default_input_device(),
        Direction::Speaker => host.default_output_device(),
    }
}

fn describe(device: &cpal::Device, default: Option<&str>) -> Option<Device> {
    let id = device.id().ok()?.to_string();
    let is_default = default == Some(&id);
    Some(Device { id, name: device.to_string(), is_default })
}

fn id_of(device: &cpal::Device) -> Option<String> {
    device.id().ok().map(|id| id.to_string())
}

/// All devices.
pub(crate) fn list() -> Result<Devices, String> {
    with_host(|host| {
        let described = |direction| -> Vec<Device> {
            let default = default(host, direction).as_ref().and_then(id_of);
            let devices = all(host, direction);
            devices.iter().filter_map(|device| describe(device, default.as_deref())).collect()
        };
        let mut microphones = described(Direction::Microphone);
        // A speaker's monitor is a microphone to PulseAudio, but seldom the one that is meant.
        microphones.sort_by_key(|device| device.id.ends_with(".monitor"));
        Devices { microphones, speakers: described(Direction::Speaker) }
    })
}

/// The device with this id, or the default one. `Ok(None)`: there is no such device.
pub(crate) fn find(
    direction: Direction,
    id: Option<&str>,
) -> Result<Option<(Device, cpal::Device)>, String> {
    with_host(|host| {
        let default = default(host, direction);
        let default_id = default.as_ref().and_then(id_of);
        let device = match id {
            None => default,
            Some(id) => {
                all(host, direction).into_iter().find(|device| id_of(device).as_deref() == Some(id))
            }
        }?;
        Some((describe(&device, default_id.as_deref())?, device))
    })
}
