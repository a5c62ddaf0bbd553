//! What a person keeps of a stream: snapshots and recordings.
//!
//! In: compressed frames. Out: files that hold the sender's own JPEG bytes. Nothing is encoded
//! again. Never waits on behalf of the caller: files are written on threads of this crate, with
//! bounded queues, and every thread is joined.

mod files;
mod keeper;
mod loans;
mod matroska;
mod recorder;

pub use keeper::{Event, Keeper, Kind, Settings};
pub use matroska::{Output, Title, Writer};
pub use recorder::Status;
