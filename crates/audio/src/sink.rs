//! Where the other side's sound goes: one trait, and what needs no device.
//!
//! In: 10 ms of mono sound at 48 kHz every 10 ms of our clock. Never: waits.

use crate::source::Frame;

/// Takes 10 ms whenever it is given them.
pub(crate) trait Sink: Send {
    /// Takes the next 10 ms.
    fn write(&mut self, now_ns: u64, frame: &Frame);

    /// From `write` to the ear; nanoseconds.
    fn delay_ns(&self) -> u64 {
        0
    }

    /// Samples that were lost or missing on the way.
    fn slips(&self) -> u64 {
        0
    }
}

/// No speaker.
pub(crate) struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, _now_ns: u64, _frame: &Frame) {}
}
