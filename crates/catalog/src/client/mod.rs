//! The client of a catalogue: what the command line and the app use.
//!
//! In: where the catalogue is and how to prove who asks. Out: [`Connection`], one method a call,
//! or [`live::Live`], which keeps a copy of the catalogue in step from a thread of its own.

mod connection;
pub mod live;
mod session;
mod snapshot;

pub use connection::{ConnectError, Connection, Target};
pub use snapshot::{MAX_SNAPSHOT, Snapshot};
