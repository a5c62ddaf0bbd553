//! Frames: the newest-frame slot, buffers that are used again, JPEG decoding and encoding, time
//! stamps.
//!
//! In: compressed pictures and what size they are wanted at. Out: pixels, or the reverse.
//! Never: a socket, async code, Qt or OpenCV.

pub mod clock;
pub mod encode;
mod slot;

pub use slot::{Closed, Put, Slot};
