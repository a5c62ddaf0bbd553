//! A call with a client of the original call program ("VideoChat"), through any server that speaks
//! its protocol: the original one or `okno-relay --classic`. Not encrypted.
//!
//! In: where, the session code, chunks of sound, JPEGs. Out: the other's, through [`crate::Media`],
//! and a [`crate::Snapshot`] whose `sealed` is `false`. On the wire exactly what the original client
//! sends: on each of two connections the code's length (int32, little-endian) and the code; then on
//! the video connection, for each picture, its size (uint32) and a pickle, on the audio connection
//! PCM of 16 bits, mono, 44,100 Hz. Never executes a pickle.
//!
//! The protocol has no answer to a code, no word for hanging up and no way to come back:
//!
//! - The other one is there when something of it arrives. Until then only one chunk of silence is
//!   sent, so that two programs like this one find each other; what else were sent would wait at
//!   the original server and arrive late for the rest of the call.
//! - While muted, silence is sent: the original's stream never pauses.
//! - A connection that closes is taken for hanging up.

mod driver;
mod line;
mod pickle;
mod pictures;
mod splitter;
mod target;

pub(crate) use driver::{Desk, run};
pub use target::{DEFAULT_AUDIO_PORT, DEFAULT_VIDEO_PORT, NoTarget, Server, SessionCode, Target};

/// Bytes of one chunk of sound: 1,024 samples of 16 bits, 23.2 ms.
pub const CHUNK: usize = okno_relay::limits::CLASSIC_CHUNK;
