//! A call as the application holds it: commands in, a snapshot out.
//!
//! In: what the person wants, packets to send, from any thread and without waiting. Out: a copy of
//! the call's state. The work is done by one thread that this owns and joins. Never blocks its
//! caller, and never keeps more than its queues hold.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use okno_relay::identity::Fingerprint;
use okno_session::call::{Code, End, Packet, Phase, Picture, Sound, VideoFrame, VideoQuality};

use tokio::runtime::{Builder, Runtime};

use crate::driver::Driver;
use crate::inbox::{Inbox, Wishes};
use crate::{Snapshot, classic};

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
    /// Names of the video codecs that [`Media::video`] can show besides JPEG.
    pub video_codecs: &'static [&'static str],
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
            video_codecs: &[],
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
    /// A picture of the other one, opened; JPEG or one of [`Options::video_codecs`]. A picture that
    /// is no key frame comes only right after the one before it.
    fn video(&mut self, frame: VideoFrame);
    /// Send pictures of at most this size, rate and quality from now on. `width` 0: none.
    fn video_wanted(&mut self, wanted: VideoQuality);
}

/// A call. Dropping it hangs up and joins its thread, for which it waits half a second at most if
/// the relay does not answer; [`Caller::is_finished`] says when there is nothing to wait for.
#[derive(Debug)]
pub struct Caller {
    inbox: Arc<Inbox>,
    snapshot: Arc<Mutex<Snapshot>>,
    thread: Option<JoinHandle<()>>,
}

impl Caller {
    /// Begins a call. Returns at once; what becomes of it is in the [`Snapshot`]. `on_change` is
    /// called on the call's thread after something in the snapshot other than its figures has
    /// changed, and at most four times a second for the figures.
    pub fn start(
        relay: Relay,
        want: Want,
        options: Options,
        media: Box<dyn Media>,
        on_change: impl Fn() + Send + 'static,
    ) -> Self {
        let (inbox, snapshot) = (inbox(&options), Arc::default());
        let driver = Driver {
            relay,
            want,
            options,
            media,
            inbox: Arc::clone(&inbox),
            snapshot: Arc::clone(&snapshot),
            on_change: Box::new(on_change),
        };
        Self::spawn(inbox, snapshot, move |runtime| runtime.block_on(driver.run()))
    }

    /// Begins a call with a client of the original call program, through any server that speaks
    /// its protocol. **It is not encrypted**: [`Snapshot::sealed`] is `false`. Everything else is
    /// as with [`Caller::start`], but that [`Caller::send_audio`] takes chunks of
    /// [`classic::CHUNK`] bytes ([`Sound::Pcm44`]), and that there is no code, safety code, name or
    /// reconnection.
    pub fn start_classic(
        target: classic::Target,
        options: &Options,
        media: Box<dyn Media>,
        on_change: impl Fn() + Send + 'static,
    ) -> Self {
        let inbox = inbox(options);
        let begin = Snapshot { sealed: false, ..Snapshot::default() };
        let snapshot = Arc::new(Mutex::new(begin));
        let desk = classic::Desk {
            media,
            inbox: Arc::clone(&inbox),
            snapshot: Arc::clone(&snapshot),
            on_change: Box::new(on_change),
        };
        Self::spawn(inbox, snapshot, move |runtime| runtime.block_on(classic::run(&target, desk)))
    }

    fn spawn(
        inbox: Arc<Inbox>,
        snapshot: Arc<Mutex<Snapshot>>,
        call: impl FnOnce(&Runtime) + Send + 'static,
    ) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let thread = runtime.and_then(|runtime| {
            thread::Builder::new().name("call".to_owned()).spawn(move || {
                call(&runtime);
                runtime.shutdown_timeout(LOOKUP_TIME);
            })
        });
        let thread = thread.map_err(|error| fail(&snapshot, &error)).ok();
        Self { inbox, snapshot, thread }
    }

    /// Ends the call for both, in whatever phase it is.
    pub fn hang_up(&self) {
        self.inbox.wish(|wishes| wishes.hang_up = true);
    }

    /// Tells the other end that we are muted or not. Sound must not be sent while muted; what is,
    /// is dropped here.
    pub fn set_muted(&self, muted: bool) {
        self.inbox.wish(|wishes| wishes.muted = muted);
    }

    /// Tells the other end whether our camera is on. Pictures sent while it is off are dropped.
    pub fn set_camera_on(&self, on: bool) {
        self.inbox.wish(|wishes| wishes.camera_on = on);
    }

    /// Tells the other end whether there is a microphone.
    pub fn set_microphone(&self, there: bool) {
        self.inbox.wish(|wishes| wishes.microphone = there);
    }

    /// The person says that the safety codes are the same, or not any more.
    pub fn set_verified(&self, verified: bool) {
        self.inbox.wish(|wishes| wishes.verified = verified);
    }

    /// The largest picture that our window shows of the other one, in pixels, and how many a
    /// second it can draw; 0 x 0: none. Goes to the other end.
    pub fn show_video(&self, width: u16, height: u16, rate: u8) {
        self.inbox.wish(|wishes| wishes.shown = Some((width, height, rate)));
    }

    /// Sends one packet of sound that was captured at `captured_ns` (CLOCK_MONOTONIC). `false`: it
    /// was dropped, because there is no call or we are muted, or an older one was for it, because
    /// the queue is full.
    pub fn send_audio(&self, captured_ns: u64, data: &[u8]) -> bool {
        self.inbox.audio(captured_ns, data)
    }

    /// What the camera gives: its size, and frames a second (0: not known). What is wanted of it
    /// ([`Media::video_wanted`]) keeps its shape then, and is never more.
    pub fn camera_gives(&self, width: u16, height: u16, rate: u8) {
        self.inbox.wish(|wishes| wishes.camera = Some((width, height, rate)));
    }

    /// Sends a picture. The newest replaces one that still waits. `false`: dropped, because there
    /// is no call or the camera is off.
    pub fn send_video(&self, picture: Picture) -> bool {
        self.inbox.video(picture)
    }

    /// Whether a picture that is sent now would go out at once: as many are on the way as the
    /// path takes otherwise. To be asked for each picture that is due, before it is encoded: what
    /// finds no room is counted as dropped.
    #[must_use]
    pub fn wants_video(&self) -> bool {
        self.inbox.wants_video()
    }

    /// Whether the next picture has to be a key frame.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        self.inbox.key_needed.load(Ordering::Relaxed)
    }

    /// The state now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The call is over and the relay knows it: dropping this waits for nothing.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.inbox.close();
        if let Some(thread) = self.thread.take() {
            // A panic there was printed already.
            let _ = thread.join();
        }
    }
}

/// How long a look-up of a host name may hold up the end; the system offers no way to break it
/// off.
const LOOKUP_TIME: Duration = Duration::from_millis(500);

/// The machine has no thread or no descriptors left.
fn fail(snapshot: &Mutex<Snapshot>, error: &std::io::Error) {
    log::error!("the call can't begin: {error}");
    let mut snapshot = snapshot.lock().unwrap_or_else(PoisonError::into_inner);
    snapshot.phase = Phase::Ended(End::Unreachable(error.to_string()));
}

fn inbox(options: &Options) -> Arc<Inbox> {
    Arc::new(Inbox::new(Wishes {
        hang_up: false,
        muted: options.muted,
        camera_on: options.camera_on,
        microphone: options.microphone,
        verified: false,
        shown: None,
        camera: None,
    }))
}
