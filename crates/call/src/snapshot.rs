//! What the interface shows of a call.
//!
//! Only types: a copy of the state, taken whenever somebody asks.

use okno_relay::identity::Fingerprint;
use okno_session::call::{Code, Counters, Link, Peer, Phase, SafetyCode, VideoQuality};

/// How the relay is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RelayKey {
    /// Not yet connected.
    #[default]
    Unknown,
    /// On this machine, without encryption between here and the relay.
    Local,
    /// By the invitation's fingerprint.
    Invitation(Fingerprint),
    /// The same as the last time.
    Known(Fingerprint),
    /// Seen for the first time; it was written down.
    FirstUse(Fingerprint),
}

/// The state of a call.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Where it is; also why it ended.
    pub phase: Phase,
    /// The code, once it is known. To be passed on while [`Phase::Waiting`].
    pub code: Option<Code>,
    /// The invitation as a link, once the code is known.
    pub link_to_join: Option<String>,
    /// What is sent is encrypted from end to end. `false`: a call with an original client.
    pub sealed: bool,
    /// How the relay is known.
    pub relay_key: RelayKey,
    /// The other end; `None` before the keys were confirmed.
    pub peer: Option<Peer>,
    /// Both windows show the same one; there since the keys were confirmed.
    pub safety_code: Option<SafetyCode>,
    /// The person here said that the safety codes are the same.
    pub verified: bool,
    /// We are muted.
    pub muted: bool,
    /// Our camera is on.
    pub camera_on: bool,
    /// When the call itself began (CLOCK_MONOTONIC, nanoseconds).
    pub since_ns: Option<u64>,
    /// What pictures we should send, as `Media::video_wanted` was told.
    pub video: Option<VideoQuality>,
    /// How well it goes.
    pub link: Link,
    /// Counts.
    pub counters: Counters,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            phase: Phase::Connecting,
            code: None,
            link_to_join: None,
            sealed: true,
            relay_key: RelayKey::Unknown,
            peer: None,
            safety_code: None,
            verified: false,
            muted: false,
            camera_on: true,
            since_ns: None,
            video: None,
            link: Link::default(),
            counters: Counters::default(),
        }
    }
}

impl Snapshot {
    /// Whether nothing but figures differs.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        let face = |s: &Self| {
            (s.phase.clone(), s.peer.clone(), s.code.is_some(), s.relay_key, s.verified, s.video)
        };
        face(self) == face(other)
            && (self.muted, self.camera_on) == (other.muted, other.camera_on)
            && self.link.trouble == other.link.trouble
    }
}
