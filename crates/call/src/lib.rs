//! A call between two people over a relay.
//!
//! In: a relay's address, a wish to call or a code to join with, packets of sound and pictures to
//! send. Out: the other's packets, through [`Media`], and the call's state, as a [`Snapshot`]. One
//! thread owns the connection, the keys and the [`Media`]. Never waits in the caller's thread, and
//! never sends or shows anything that is not sealed between the two ends (but for
//! `classic` calls, which say so).
//!
//! ```no_run
//! # struct NoMedia; impl okno_call::Media for NoMedia {
//! # fn start(&mut self, _: okno_call::Sound) {} fn stop(&mut self) {}
//! # fn audio(&mut self, _: okno_call::Packet) {} fn video(&mut self, _: okno_call::VideoFrame) {}
//! # fn video_wanted(&mut self, _: okno_call::VideoQuality) {} }
//! use okno_call::{Caller, Options, Relay, Want};
//!
//! let relay = Relay { host: "127.0.0.1".into(), port: 12350, key: None };
//! let call = Caller::start(relay, Want::Start, Options::default(), Box::new(NoMedia), || {});
//! println!("{:?}", call.snapshot().phase);
//! call.hang_up();
//! ```

mod caller;
pub mod classic;
mod driver;
mod ends;
mod inbox;
mod invitation;
mod known_relays;
mod snapshot;

pub use caller::{Caller, Media, Options, Relay, Want};
pub use invitation::{Invitation, NoAddress, NoInvitation};
pub use known_relays::KnownRelays;
pub use okno_relay::identity::Fingerprint;
pub use okno_session::call::{
    Code, Counters, End, JPEG, Limit, Link, Lost, NoCode, Packet, Peer, Phase, Picture, SafetyCode,
    Sound, Trouble, VideoFrame, VideoQuality, completions,
};
pub use snapshot::{RelayKey, Snapshot};

/// Port of a relay unless told otherwise.
pub const DEFAULT_PORT: u16 = 12350;
