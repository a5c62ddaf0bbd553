//! Packets to a steady stream of sound: one trait, two buffers behind it.
//!
//! In: packets whenever they come. Out: 10 ms each time they are asked for, whatever came. Never:
//! reads a clock; never plays what is older than half a second.

use crate::Packet;
use crate::codec::OpusDecoder;
use crate::config::Format;
use crate::engine::StartError;
use crate::source::Frame;
use crate::status::Statistics;

/// A jitter buffer with its decoder.
pub(crate) trait Playout: Send {
    /// Takes a packet that arrived at `now_ns`.
    fn receive(&mut self, packet: Packet, now_ns: u64);
    /// Fills `frame` with the next 10 ms and says when its first sample was captured (the
    /// sender's clock), if it is known and sound.
    fn play(&mut self, now_ns: u64, frame: &mut Frame) -> Option<u64>;
    /// Writes its figures into `statistics`.
    fn report(&self, statistics: &mut Statistics);
}

/// The buffer for what the other side sends.
pub(crate) fn for_format(_format: Format) -> Result<Box<dyn Playout>, StartError> {
    let _ = OpusDecoder::new()?;
    Ok(Box::new(Discard::default()))
}

#[derive(Default)]
struct Discard(u64);

impl Playout for Discard {
    fn receive(&mut self, _packet: Packet, _now_ns: u64) {
        self.0 += 1;
    }
    fn play(&mut self, _now_ns: u64, _frame: &mut Frame) -> Option<u64> {
        None
    }
    fn report(&self, statistics: &mut Statistics) {
        statistics.received = self.0;
    }
}
