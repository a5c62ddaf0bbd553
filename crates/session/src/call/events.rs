//! What comes into the call's state machine, and what comes out.
//!
//! Only types.

use super::code::Code;
use super::{End, Header, Packet, Role, VideoFrame, VideoQuality};

/// What the person wants at the beginning.
#[derive(Clone, Debug)]
pub struct Settings {
    /// For the other window; cut to 64 bytes.
    pub name: String,
    /// Begin muted.
    pub muted: bool,
    /// There is a microphone.
    pub microphone: bool,
    /// Begin with the camera on.
    pub camera_on: bool,
    /// Codecs besides JPEG whose pictures the application shows.
    pub video_codecs: &'static [&'static str],
}

/// What the connection to the relay reports.
#[derive(Clone, Debug)]
pub enum Report {
    /// The relay has taken us in, under the code.
    Joined {
        /// Ours; also says which keys are whose.
        role: Role,
        /// The call's code.
        code: Code,
        /// The other one is there.
        peer_present: bool,
    },
    /// The other one came, or came back.
    PeerPresent,
    /// The other's path was lost; its place is kept for so many seconds.
    PeerLost(u32),
    /// Ours was lost.
    PathLost,
    /// Ours is back.
    PathResumed {
        /// The other one is there.
        peer_present: bool,
    },
    /// A packet of the other one, as it came.
    Packet {
        /// What it came under.
        header: Header,
        /// Its bytes.
        payload: Vec<u8>,
        /// When the socket had it, in nanoseconds of the call's clock. What happens to it later
        /// is no fault of the network.
        came: u64,
    },
    /// The relay dropped pictures of ours.
    VideoDropped {
        /// How many.
        frames: u32,
        /// Nothing more goes on before a key frame.
        key_needed: bool,
    },
    /// The relay has ended the call, or can't be reached.
    Ended(End),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this control packet.
    Control(Vec<u8>),
    /// Sound of the other one.
    Audio(Packet),
    /// A picture of the other one.
    Video(VideoFrame),
    /// What is sent from now on reaches the other end.
    Start,
    /// What is sent from now on reaches nobody.
    Stop,
    /// Pictures of this kind should be sent from now on.
    VideoWanted(VideoQuality),
    /// Tell the relay that the call is over.
    HangUp,
    /// A line for the log.
    Log(String),
}
