//! Listeners and links on tokio.
//!
//! In: sockets. Out: frames into the streams of [`okno_session::Hub`], and events for the
//! window. Never decodes a picture, never waits on the window's thread, never knows Qt.

mod catch_up;
mod feed;
mod http_pull;
mod http_push;
mod limits;
mod listener;
mod okno_peer;
mod reader;
mod receive;
mod server;
mod shared_door;

pub use limits::Limits;
pub use reader::{FrameReader, Received};
pub use server::{Event, Server};
