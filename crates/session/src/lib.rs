//! Viewing and calling as state machines with time as an argument.
//!
//! In: frames as the network receives them, and what the window shows of each stream. Out:
//! pictures at the size they are shown at, the state of each stream, and figures. Never: a
//! socket, async code, or Qt.

pub mod call;
mod clock_sync;
mod credits;
mod history;
mod hub;
mod info;
mod least;
mod liveness;
mod pool;
mod replay;
mod stages;
mod stream;
mod view;

pub use clock_sync::{ClockSync, Exchange};
pub use credits::{Credits, Grant};
pub use history::{
    HISTORY_BYTES, HISTORY_SPAN, HistoryLimits, Kept, MOST_HISTORY_SPAN, RECORDER_BYTES,
    STREAM_HISTORY_BYTES, Tap,
};
pub use hub::{GONE_KEPT, Hub, Identity, MAX_STREAMS, Observer};
pub use info::Info;
pub use least::{Least, difference};
pub use liveness::{Liveness, State};
pub use pool::DecodePool;
pub use replay::Position;
pub use stages::{Percentiles, STAGES, StageWindow};
pub use stream::{Counters, FULL_SIZE, Figures, Stream, StreamId};
pub use view::{View, Wake};
