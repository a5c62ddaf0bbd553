//! What joins the call, the sound and the pictures across their threads.
//!
//! In: packets and pictures from each. Out: the same to the other. Locks are held only for calls
//! that never wait. Never: the window.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_channel::Sender;
use okno_audio::Engine;
use okno_call::{Caller, Media, Packet, Picture, Sound, VideoFrame, VideoQuality};
use okno_media::clock;

use super::lipsync::Lipsync;

/// What the call's thread wants from the thread of [`super::work`].
#[derive(Clone, Copy, Debug)]
pub enum Wish {
    /// Something of the call changed.
    Look,
    /// The call goes on with this sound.
    Start(Sound),
    /// Nothing that is sent arrives.
    Stop,
}

/// See the module.
#[derive(Default)]
pub struct Link {
    engine: Mutex<Option<Engine>>,
    caller: Mutex<Option<Caller>>,
    lipsync: Mutex<Option<Lipsync>>,
    /// Whether pictures are to be sent.
    camera_on: AtomicBool,
    /// What pictures the call takes.
    wanted: Mutex<Option<VideoQuality>>,
    /// Size and rate of the camera.
    camera: Mutex<Option<(u16, u16, u8)>>,
}

impl Link {
    /// Puts the sound engine in its place, or takes it away; gives the one before.
    pub fn set_engine(&self, engine: Option<Engine>) -> Option<Engine> {
        std::mem::replace(&mut *lock(&self.engine), engine)
    }

    /// Puts the call in its place, or takes it away; gives the one before.
    pub fn set_caller(&self, caller: Option<Caller>) -> Option<Caller> {
        *lock(&self.wanted) = None;
        if let (Some(caller), Some((width, height, rate))) = (&caller, *lock(&self.camera)) {
            caller.camera_gives(width, height, rate);
        }
        std::mem::replace(&mut *lock(&self.caller), caller)
    }

    /// Puts the other's pictures in their place, or takes them away.
    pub fn set_lipsync(&self, lipsync: Option<Lipsync>) -> Option<Lipsync> {
        std::mem::replace(&mut *lock(&self.lipsync), lipsync)
    }

    /// Does something with the engine that does not wait.
    pub fn with_engine<T>(&self, act: impl FnOnce(&Engine) -> T) -> Option<T> {
        lock(&self.engine).as_ref().map(act)
    }

    /// Does something with the call that does not wait.
    pub fn with_caller<T>(&self, act: impl FnOnce(&Caller) -> T) -> Option<T> {
        lock(&self.caller).as_ref().map(act)
    }

    /// Whether pictures are to be sent.
    pub fn set_camera_on(&self, on: bool) {
        self.camera_on.store(on, Ordering::Relaxed);
    }

    /// Sends a packet of our sound.
    pub fn send_audio(&self, packet: &okno_audio::Packet) {
        self.with_caller(|caller| caller.send_audio(packet.captured_ns, &packet.payload));
    }

    /// What pictures the call takes; `None` without a call, or while it takes none.
    pub fn wanted(&self) -> Option<VideoQuality> {
        lock(&self.wanted).filter(|wanted| wanted.width > 0 && wanted.height > 0)
    }

    /// What the camera gives: size and frames a second (0: not known).
    pub fn set_camera(&self, width: u16, height: u16, rate: u8) {
        *lock(&self.camera) = Some((width, height, rate));
        self.with_caller(|caller| caller.camera_gives(width, height, rate));
    }

    /// Whether there is room for a picture that is due now, and whether it has to be a key frame;
    /// `None`: it is not to be sent. See [`Caller::wants_video`].
    pub fn wants_video(&self) -> Option<bool> {
        if !self.camera_on.load(Ordering::Relaxed) {
            return None;
        }
        let wants = |caller: &Caller| caller.wants_video().then(|| caller.needs_key());
        self.with_caller(wants).flatten()
    }

    /// Sends one of our pictures.
    pub fn send_video(&self, picture: Picture) {
        self.with_caller(|caller| caller.send_video(picture));
    }

    /// Pictures dropped for newer ones, and by how many milliseconds the last one that was shown
    /// led its sound.
    pub fn lipsync_figures(&self) -> (u64, Option<f64>) {
        lock(&self.lipsync).as_ref().map_or((0, None), Lipsync::figures)
    }

    /// The other's moment whose sound is heard at `now_ns`; `None` if none is heard.
    pub fn playout_position(&self, now_ns: u64) -> Option<u64> {
        lock(&self.engine).as_ref().and_then(|engine| engine.playout_position(now_ns))
    }
}

/// The call's side of the link.
pub struct Wire {
    /// Where sound and pictures go.
    pub link: std::sync::Arc<Link>,
    /// To the thread that can do what takes time.
    pub wishes: Sender<Wish>,
}

impl Wire {
    fn wish(&self, wish: Wish) {
        // Full: that thread hangs, and the log says why.
        let _ = self.wishes.try_send(wish);
    }
}

impl Media for Wire {
    fn start(&mut self, sound: Sound) {
        self.wish(Wish::Start(sound));
    }

    fn stop(&mut self) {
        self.wish(Wish::Stop);
    }

    fn audio(&mut self, packet: Packet) {
        // The jitter buffer compares numbers only near each other, so that they may wrap.
        let sequence = (packet.sequence & u64::from(u32::MAX)) as u32;
        let packet =
            okno_audio::Packet { sequence, captured_ns: packet.captured_ns, payload: packet.data };
        self.link.with_engine(|engine| engine.receive(packet, clock::now_ns()));
    }

    fn video(&mut self, frame: VideoFrame) {
        if let Some(lipsync) = lock(&self.link.lipsync).as_ref() {
            lipsync.take(frame);
        }
    }

    fn video_wanted(&mut self, wanted: VideoQuality) {
        *lock(&self.link.wanted) = Some(wanted);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is replaced as a whole: a panic can't leave it half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
