//! A call as the application holds it: commands in, a snapshot out.
//!
//! In: what the person wants, packets to send, from any thread and without waiting. Out: a copy of
//! the call's state. The work is done by one thread that this owns and joins. Never blocks its
//! caller, and never keeps more than its queues hold.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use okno_relay::identity::Fingerprint;
use okno_session::call::{Code, Packet, Sound, VideoFrame, VideoQuality};

use crate::Snapshot;

/// A relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Its key's fingerprint, from an invitation. Without it, the key of the last time must be
    /// shown again; a relay at 127.0.0.1 or ::1 is spoken to without encryption then.
    pub key: Option<Fingerprint>,
}

/// What the person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// A new call; its code is in the snapshot once the relay has given a number.
    Start,
    /// To join a call.
    Join(Code),
}

/// How to begin.
#[derive(Clone, Debug)]
pub struct Options {
    /// A name for the other window; at most 64 bytes of it are told, sealed.
    pub name: String,
    /// Program and version, for the relay's log; at most 64 bytes.
    pub software: String,
    /// Begin muted.
    pub muted: bool,
    /// Begin with the camera on.
    pub camera_on: bool,
    /// There is a microphone.
    pub microphone: bool,
    /// Where the keys of relays are kept that were seen before; `None`: nothing is kept.
    pub known_relays: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: String::new(),
            software: concat!("okno ", env!("CARGO_PKG_VERSION")).to_owned(),
            muted: false,
            camera_on: true,
            microphone: true,
            known_relays: None,
        }
    }
}

/// Sound and pictures of a call, as its thread meets them. Everything here is called on the
/// call's own thread and must return at once: hand the data on, and drop what there is no room
/// for.
pub trait Media: Send {
    /// The keys are confirmed: begin to send (`Caller::send_audio`, `Caller::send_video`). Called
    /// again after each reconnection.
    fn start(&mut self, sound: Sound);
    /// Nothing that is sent from now on reaches the other end: its path or ours is lost, or the
    /// call is over.
    fn stop(&mut self);
    /// A packet of the other's sound, opened. Lost ones show as gaps in `sequence`; those older
    /// than 500 ms were dropped before.
    fn audio(&mut self, packet: Packet);
    /// A picture of the other one, opened.
    fn video(&mut self, frame: VideoFrame);
    /// Send pictures of at most this size, rate and quality from now on. `width` 0: none.
    fn video_wanted(&mut self, wanted: VideoQuality);
}

/// A call. Dropping it hangs up and joins its thread.
#[derive(Debug)]
pub struct Caller {
    snapshot: Arc<Mutex<Snapshot>>,
}

impl Caller {
    /// Begins a call. Returns at once; what becomes of it is in the [`Snapshot`]. `on_change` is
    /// called on the call's thread after something in the snapshot other than its figures has
    /// changed, and at most four times a second for the figures.
    pub fn start(
        _relay: Relay,
        _want: Want,
        _options: Options,
        _media: Box<dyn Media>,
        _on_change: impl Fn() + Send + 'static,
    ) -> Self {
        Self { snapshot: Arc::default() }
    }

    /// Ends the call for both, in whatever phase it is.
    pub fn hang_up(&self) {}

    /// Tells the other end that we are muted or not. Sound must not be sent while muted; what is,
    /// is dropped here.
    pub fn set_muted(&self, _muted: bool) {}

    /// Tells the other end whether our camera is on. Pictures sent while it is off are dropped.
    pub fn set_camera_on(&self, _on: bool) {}

    /// Tells the other end whether there is a microphone.
    pub fn set_microphone(&self, _there: bool) {}

    /// The person says that the safety codes are the same, or not any more.
    pub fn set_verified(&self, _verified: bool) {}

    /// The largest picture that our window shows of the other one, in pixels, and how many a
    /// second it can draw; 0 x 0: none. Goes to the other end.
    pub fn show_video(&self, _width: u16, _height: u16, _rate: u8) {}

    /// Sends one packet of sound that was captured at `captured_ns` (CLOCK_MONOTONIC). `false`: it
    /// was dropped, because there is no call, we are muted, or the queue is full.
    pub fn send_audio(&self, _captured_ns: u64, _data: &[u8]) -> bool {
        false
    }

    /// Sends a JPEG. The newest replaces one that still waits. `false`: dropped; see
    /// [`Caller::wants_video`].
    pub fn send_video(&self, _captured_ns: u64, _jpeg: Vec<u8>) -> bool {
        false
    }

    /// Whether a picture that is sent now would go out at once: as many are on the way as the
    /// path takes otherwise. Who asks before encoding saves the work.
    #[must_use]
    pub fn wants_video(&self) -> bool {
        false
    }

    /// The state now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
