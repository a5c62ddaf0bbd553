//! Sound of a call: microphone to packets, packets to speaker.
//!
//! In: samples of a microphone, tone or WAV file; the other side's packets. Out: Opus packets of
//! 20 ms (or the original client's 44.1 kHz chunks), samples for a speaker or a WAV file,
//! levels and figures. Never: a socket, a key, the window; no waiting for any of them.
//!
//! docs/sound.md draws the chain and says why each buffer has its size.

mod chain;
mod codec;
mod config;
#[cfg(test)]
mod counting;
mod device;
mod echo_test;
mod engine;
mod level;
mod playout;
mod priority;
mod processing;
mod regulator;
mod resample;
mod sender;
mod sink;
mod source;
mod status;
mod wav;
mod worker;

pub use config::{Config, Format, Input, Output, ParseChoiceError, Switches};
pub use device::{Device, DeviceError, Devices, devices};
pub use engine::{Engine, StartError};
pub use processing::{Processing, Sonora};
pub use status::{Connection, EchoTest, Level, Notice, Statistics, Status};

/// Samples a second inside Okno: Opus's own rate, so the codec never resamples.
pub const RATE: u32 = 48_000;
/// Samples in 10 ms, the step in which everything here works: what WebRTC's echo canceller takes.
pub const FRAME: usize = 480;
/// Samples in a packet: 20 ms. Half as long doubles the packets for 10 ms less delay; twice as
/// long makes each loss audible.
pub const PACKET: usize = 2 * FRAME;

/// 20 ms of sound, or one chunk of an original client, on its way between two engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Number of the packet; rises by one each 20 ms of the sender's time, whether or not the
    /// packet was sent. The jitter buffer reads it as the sender's clock.
    pub sequence: u32,
    /// When the first sample was captured: nanoseconds of the sender's `okno_media::clock`, the
    /// same clock that stamps its pictures.
    pub captured_ns: u64,
    /// One Opus frame ([`Format::Opus`]), or 2,048 bytes of PCM ([`Format::Classic`]; sequence
    /// and time mean nothing there).
    pub payload: Vec<u8>,
}
