//! Frames: the newest-frame slot, buffers that are used again, JPEG decoding and encoding, time
//! stamps.
//!
//! In: compressed pictures and what size they are wanted at. Out: pixels, or the reverse.
//! Never: a socket, async code, Qt or OpenCV.

pub mod allocator;
pub mod clock;
mod crew;
mod decode;
pub mod encode;
mod frame;
mod recycler;
pub mod shared;
mod slot;
mod strips;

pub use crew::Crew;
pub use decode::{DecodeError, Decoder, Header, MAX_PIXELS, scaled_size};
pub use frame::{EncodedFrame, Picture, Raw, Stamps};
pub use recycler::Recycler;
pub use slot::{Closed, Put, Slot};
