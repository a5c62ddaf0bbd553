//! What a call tells its application.
//!
//! Only types: what comes in, why it ended, what became of something that was sent.

use bytes::Bytes;

use crate::proto::EndReason;

/// What happens in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The other caller came, or came back. What it must know has to be sent (again).
    PeerPresent {
        /// It has been there before.
        resumed: bool,
    },
    /// The other caller's path was lost; the relay keeps its place for `seconds`.
    PeerLost {
        /// Seconds until the call ends.
        seconds: u32,
    },
    /// A sealed audio packet.
    Audio {
        /// The other caller's stream.
        stream: u16,
        /// The packet.
        payload: Bytes,
    },
    /// A sealed control packet.
    Control {
        /// The other caller's stream.
        stream: u16,
        /// The packet.
        payload: Bytes,
    },
    /// A whole sealed video frame.
    Video {
        /// The other caller's stream.
        stream: u16,
        /// Its number; gaps are frames that were dropped on the way.
        frame: u32,
        /// It can be decoded without those before it.
        key: bool,
        /// The frame.
        payload: Vec<u8>,
    },
    /// The relay dropped frames of ours because the other caller's path is too slow.
    VideoDropped {
        /// Our stream.
        stream: u16,
        /// How many since the last such event.
        frames: u32,
        /// Nothing more of this stream goes on before a key frame.
        key_needed: bool,
    },
    /// Our path is lost; it is being resumed. What is sent meanwhile is dropped.
    PathLost {
        /// What happened.
        text: String,
    },
    /// Our path is back.
    PathResumed {
        /// The other caller is there.
        peer_present: bool,
    },
    /// The call is over. Nothing comes after this.
    Ended(Ended),
}

/// Why a call is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The relay says so.
    ByRelay {
        /// Why.
        reason: EndReason,
        /// The relay's words, for the log.
        text: String,
    },
    /// The path was lost and could not be resumed in time.
    PathLost {
        /// The last attempt's error.
        text: String,
    },
}

/// What became of something that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// On its way; this many older packets or frames were dropped for it because our own path
    /// is too slow, and whether a key frame is needed next.
    Queued {
        /// Audio packets or video frames.
        dropped: u32,
        /// Only for video.
        key_needed: bool,
    },
    /// Dropped: there is no path at the moment.
    NoPath,
    /// Dropped: larger than the protocol allows, or a stream that it does not have.
    TooLarge,
    /// Dropped: too many control packets wait already.
    Full,
}
