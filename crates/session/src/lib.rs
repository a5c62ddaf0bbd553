//! Viewing and calling as state machines with time as an argument.
//!
//! In: frames as the network receives them, and what the window shows of each stream. Out:
//! pictures at the size they are shown at, the state of each stream, and figures. Never: a
//! socket, async code, or Qt.

pub mod call;
mod clock_sync;
mod credits;
mod hub;
mod liveness;
mod pool;
mod stages;
mod stream;
mod view;

pub use clock_sync::{ClockSync, Exchange};
pub use credits::window;
pub use hub::{GONE_KEPT, Hub, Identity, MAX_STREAMS, Observer};
pub use liveness::{Liveness, State};
pub use pool::DecodePool;
pub use stages::{Percentiles, STAGES, StageWindow};
pub use stream::{Counters, Figures, Info, Stream, StreamId};
pub use view::{View, Wake};
