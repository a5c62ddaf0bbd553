//! Packets to a steady stream of sound: one trait, two buffers behind it.
//!
//! In: packets whenever they come. Out: 10 ms each time they are asked for, whatever came. Never:
//! reads a clock; never plays what is older than half a second.

mod adaptive;
mod classic;
mod delay;
#[cfg(test)]
mod simulation;
mod slots;
mod stretch;

use crate::Packet;
use crate::codec::OpusDecoder;
use crate::config::Format;
use crate::engine::StartError;
use crate::playout::adaptive::Adaptive;
use crate::playout::classic::Classic;
use crate::source::Frame;
use crate::status::Statistics;

/// A jitter buffer with its decoder.
pub(crate) trait Playout: Send {
    /// Takes a packet that arrived at `now_ns`.
    fn receive(&mut self, packet: Packet, now_ns: u64);
    /// Fills `frame` with the next 10 ms and says when its first sample was captured (the
    /// sender's clock), if it is known and sound.
    fn play(&mut self, now_ns: u64, frame: &mut Frame) -> Option<u64>;
    /// What it counted and measured; fields that others fill are zero.
    fn figures(&self) -> Statistics;
}

/// The buffer for what the other side sends.
pub(crate) fn for_format(format: Format) -> Result<Box<dyn Playout>, StartError> {
    Ok(match format {
        Format::Opus => Box::new(Adaptive::new(OpusDecoder::new()?)),
        Format::Classic => Box::new(Classic::new()),
    })
}
