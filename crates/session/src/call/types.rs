//! What a call looks like from outside: phases, reasons, packets, figures.
//!
//! Only types and their words in English; nothing happens here. Names are stable (`name()`), for
//! the interface to choose its own words by.

use std::time::Duration;

/// Who a caller is in the call; decides which keys are whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Asked for the number and waits.
    Caller,
    /// Joined with the code.
    Callee,
}

/// Where a call is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// On the way to the relay.
    Connecting,
    /// The other one has not come yet; the code wants to be passed on.
    Waiting,
    /// Both are there and make keys from the code's words.
    Agreeing,
    /// They see and hear each other.
    InCall,
    /// A path was lost. It is resumed without anyone doing anything; `seconds` are left.
    Reconnecting {
        /// Whose path.
        lost: Lost,
        /// Whole seconds until the call ends.
        seconds: u32,
    },
    /// It is over. Nothing comes after this.
    Ended(End),
}

/// Whose path was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Ours to the relay.
    Own,
    /// The other's to the relay, or its program says nothing any more.
    Peer,
}

/// Why a call is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// We hung up.
    HungUp,
    /// The other one hung up.
    PeerHungUp,
    /// The other one's path was lost and did not come back in time.
    PeerLost,
    /// Our path was lost and could not be resumed in time; the last error.
    PathLost(String),
    /// When our path came back, the call was over.
    Gone,
    /// Nobody joined in time.
    NobodyCame,
    /// Both were there, and the words were not the same. The code is burnt.
    WrongCode,
    /// Nobody waits under this number.
    NoSuchCall,
    /// Two callers are in this call already: somebody else used the code.
    CallFull,
    /// The code has been used.
    CodeUsed,
    /// The other program is there and does not answer.
    PeerSilent,
    /// What arrived was changed, repeated or exchanged on the way.
    Tampered,
    /// The relay can't be reached; why.
    Unreachable(String),
    /// The relay shows another key than before or than in the invitation.
    RelayKeyChanged {
        /// 64 hexadecimal digits.
        expected: String,
        /// 64 hexadecimal digits.
        seen: String,
    },
    /// Too many tries or calls from this address.
    TooMany,
    /// The relay holds as many calls as it may.
    RelayFull,
    /// The relay or the other program speaks another version.
    Version,
    /// Something broke the protocol; what.
    Protocol(String),
}

impl End {
    /// A stable name, for the interface to choose its words by.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::HungUp => "hung-up",
            Self::PeerHungUp => "peer-hung-up",
            Self::PeerLost => "peer-lost",
            Self::PathLost(_) => "path-lost",
            Self::Gone => "gone",
            Self::NobodyCame => "nobody-came",
            Self::WrongCode => "wrong-code",
            Self::NoSuchCall => "no-such-call",
            Self::CallFull => "call-full",
            Self::CodeUsed => "code-used",
            Self::PeerSilent => "peer-silent",
            Self::Tampered => "tampered",
            Self::Unreachable(_) => "unreachable",
            Self::RelayKeyChanged { .. } => "relay-key-changed",
            Self::TooMany => "too-many",
            Self::RelayFull => "relay-full",
            Self::Version => "version",
            Self::Protocol(_) => "protocol",
        }
    }

    /// What happened and what to do next, in English, for a person.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::HungUp => "You hung up.",
            Self::PeerHungUp => "The other person hung up.",
            Self::PeerLost => {
                "The other person's connection was lost and did not come back. Call again."
            }
            Self::PathLost(_) => {
                "Your connection was lost and did not come back. Check the network, then call again."
            }
            Self::Gone => "While your connection was lost, the call ended. Call again.",
            Self::NobodyCame => "Nobody joined in time. Start a new call and pass on its new code.",
            Self::WrongCode => {
                "The words of the code were not the same on both sides. The code can't be used \
                 again: start a new call. If you are sure that it was typed correctly, somebody \
                 between you may have tried to listen."
            }
            Self::NoSuchCall => {
                "Nobody waits under this code. Check it, or ask for a new one: codes are valid \
                 for ten minutes."
            }
            Self::CallFull => {
                "Two people are in this call already. If neither of them is the person who gave \
                 you the code, somebody else used it: start a new call."
            }
            Self::CodeUsed => "This code was used before. Start a new call with a new code.",
            Self::PeerSilent => "The other program does not answer. Call again.",
            Self::Tampered => {
                "What arrived had been changed on the way. The call was ended so that nobody \
                 deceives you. Use another relay or another network."
            }
            Self::Unreachable(_) => {
                "The relay can't be reached. Check its address and the network."
            }
            Self::RelayKeyChanged { .. } => {
                "The relay shows another key than before. Somebody may stand in for it. Ask \
                 whoever runs it before you trust the new key."
            }
            Self::TooMany => "Too many tries from this network. Wait a few minutes.",
            Self::RelayFull => "The relay has no place left. Try later or use another one.",
            Self::Version => {
                "The relay or the other program speaks another version. Update Okno on both sides."
            }
            Self::Protocol(_) => {
                "The relay or the other program broke the rules of the protocol; the log says how."
            }
        }
    }

    /// What the log should say beyond the words.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::PathLost(text) | Self::Unreachable(text) | Self::Protocol(text) => text.clone(),
            Self::RelayKeyChanged { expected, seen } => format!("{seen} instead of {expected}"),
            _ => String::new(),
        }
    }
}

/// What both ends can read to each other: equal if nobody is between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyCode {
    /// Four words of the code's list.
    pub words: [&'static str; 4],
    /// Six decimal digits.
    pub digits: String,
}

/// The sound that goes to and comes from the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Opus packets of 20 ms at 48 kHz.
    Opus,
    /// The original call program's: chunks of 1,024 samples, 16 bits, mono, 44,100 Hz.
    Pcm44,
}

/// A packet of sound, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Counts the sender's packets; gaps are packets that were lost. Packets of one call never
    /// repeat a number, also after a path was resumed.
    pub sequence: u64,
    /// When the first sample was captured, in nanoseconds of the sender's clock. Comparable with
    /// [`VideoFrame::captured_ns`] of the same call, and with nothing else.
    pub captured_ns: u64,
    /// One Opus packet ([`Sound::Opus`]) or samples as little-endian 16 bits ([`Sound::Pcm44`]).
    pub data: Vec<u8>,
}

/// A picture, opened. Its codec is one that was said to be read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFrame {
    /// Number of the frame; gaps are frames that were dropped on the way.
    pub number: u32,
    /// When it was captured, in nanoseconds of the sender's clock. Comparable with
    /// [`Packet::captured_ns`] of the same call. 0: the sender did not say (original clients).
    pub captured_ns: u64,
    /// The same moment on this machine's clock, as far as it is known.
    pub captured_here_ns: Option<u64>,
    /// Name of the codec that made it.
    pub codec: String,
    /// It can be decoded without those before it; if not, the one before it was handed out.
    pub key: bool,
    /// The codec's bytes; nothing in them has been checked.
    pub data: Vec<u8>,
}

/// What a sender of pictures should send: a box that the picture is made to fit, keeping its
/// shape, frames a second, and JPEG quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoQuality {
    /// Most pixels in a row; 0 with `height` 0: send no pictures.
    pub width: u16,
    /// Most rows.
    pub height: u16,
    /// Frames a second.
    pub rate: u8,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
}

/// The other end, as it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// Codecs besides JPEG that its program reads.
    pub video_codecs: Vec<String>,
    /// A name for the window, 64 bytes at most; may be empty.
    pub name: String,
    /// Its microphone is muted.
    pub muted: bool,
    /// It sends no sound at all: no microphone there, or refused.
    pub no_microphone: bool,
    /// Its camera is on.
    pub camera_on: bool,
    /// The person there says that the safety codes are the same.
    pub verified: bool,
}

/// Why the connection is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// What we send does not get through fast enough.
    Sending,
    /// What the other one sends does not get through fast enough.
    Receiving,
    /// The way there and back takes long.
    Delay,
    /// Somebody on the way changes or repeats packets; they are thrown away.
    Tampering,
    /// The other program sends far more packets than a call has; what is too much is thrown away.
    Flooding,
    /// The other program sends pictures of a codec that this one does not read.
    Codec,
}

impl Trouble {
    /// A stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Receiving => "receiving",
            Self::Delay => "delay",
            Self::Tampering => "tampering",
            Self::Flooding => "flooding",
            Self::Codec => "codec",
        }
    }
}

/// What keeps our picture from being better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// Nothing: it is the best there is.
    #[default]
    None,
    /// What the network takes.
    Link,
    /// What the other end shows or can take.
    Peer,
}

/// How well it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// There and back between the two ends, through the relay.
    pub round_trip: Option<Duration>,
    /// Part of the other's sound packets that did not arrive in the last seconds, 0 to 1000.
    pub audio_loss_permille: u32,
    /// Part of ours that did not arrive there.
    pub peer_audio_loss_permille: u32,
    /// How unevenly the other's sound arrives (RFC 3550, 6.4.1).
    pub audio_jitter: Duration,
    /// The other's pictures in the last second.
    pub frames_received: u32,
    /// Our pictures in the last second that arrived there.
    pub frames_delivered: u32,
    /// What keeps our picture from being better.
    pub limit: Limit,
    /// Only when it is bad: why.
    pub trouble: Option<Trouble>,
}

/// Everything that was counted since the call began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Sound packets sealed and given to the path.
    pub audio_sent: u64,
    /// ... opened and handed out.
    pub audio_received: u64,
    /// ... of the other's that never came, or too late.
    pub audio_missing: u64,
    /// ... opened and thrown away because they were older than 500 ms.
    pub audio_late: u64,
    /// ... of ours that did not fit the queues or had no path.
    pub audio_dropped: u64,
    /// Pictures sealed and given to the path.
    pub video_sent: u64,
    /// ... opened and handed out.
    pub video_received: u64,
    /// ... of ours that were replaced, held back or dropped on our side.
    pub video_dropped: u64,
    /// ... of ours that the relay dropped for the other's path.
    pub video_dropped_by_relay: u64,
    /// ... of the other's whose codec is not read here.
    pub video_unknown: u64,
    /// ... of the other's that need frames which never came.
    pub video_undecodable: u64,
    /// Control messages that did not fit the queues.
    pub control_dropped: u64,
    /// Packets that no key of this call opens.
    pub forged: u64,
    /// Packets that came a second time, or so late that they might have.
    pub replayed: u64,
    /// Packets that came before there were keys, and were not opened.
    pub unexpected: u64,
    /// Packets beyond what a caller sends in a second; not opened.
    pub flooded: u64,
    /// Times a path was resumed.
    pub resumed: u64,
}
