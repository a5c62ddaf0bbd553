//! A call between two as a state machine with time as an argument.
//!
//! In: what the relay's connection reports, packets to send, what the person wants. Out: sealed
//! packets for the relay, the other's opened packets, the phase of the call. Never: a socket, a
//! clock, a thread; and never a packet that was not sealed by the other end of this very call.

mod code;
mod conversation;
mod events;
mod keys;
mod machine;
mod rate;
mod reception;
mod sealing;
mod types;
mod video;
mod way;

pub use code::{Code, NoCode, completions};
pub use events::{Effect, Report, Settings};
pub use keys::VERSION;
pub use machine::Call;
pub use rate::{LADDER, RateControl};
pub use sealing::{Header, Kind, Opened, Opener, Refused, Sealer};
pub use types::{
    Counters, End, Limit, Link, Lost, Packet, Peer, Phase, Role, SafetyCode, Sound, Trouble,
    VideoFrame, VideoQuality,
};
pub use video::{JPEG, MAX_CODEC_NAME, MAX_CODECS, Picture};
