//! What waits for the call's thread: what the person wants, and packets to send.
//!
//! In: from any thread, without waiting. Out: to the call's thread, which is woken. Wishes are a
//! state, so that the newest counts and none is lost; sound is a short queue that drops its oldest;
//! of pictures only the newest waits.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use okno_session::call::Picture;
use tokio::sync::Notify;

/// Packets of sound that wait: half a second of 20 ms. The call's thread takes them at once, so
/// more only wait when the machine is overloaded, and then they would be too old.
const MAX_AUDIO: usize = 25;

/// What the person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub hang_up: bool,
    pub muted: bool,
    pub camera_on: bool,
    pub microphone: bool,
    pub verified: bool,
    pub shown: Option<(u16, u16, u8)>,
    pub camera: Option<(u16, u16, u8)>,
}

/// Bytes to send and when they were captured.
pub(crate) type Captured = (u64, Vec<u8>);

#[derive(Debug)]
struct State {
    wishes: Wishes,
    audio: VecDeque<Captured>,
    video: Option<Picture>,
    audio_dropped: u64,
    video_dropped: u64,
    video_held_back: u64,
}

/// What [`Inbox::take`] found.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub audio: VecDeque<Captured>,
    pub video: Option<Picture>,
    pub audio_dropped: u64,
    pub video_dropped: u64,
    /// Pictures that were not made because there was no room for them.
    pub video_held_back: u64,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    wake: Notify,
    /// Packets are of use at the moment.
    pub sending: AtomicBool,
    /// A picture that comes now would go out at once.
    pub room: AtomicBool,
    /// The next picture has to be a key frame.
    pub key_needed: AtomicBool,
    /// The application waits for the thread's end.
    closing: AtomicBool,
}

impl Inbox {
    pub fn new(wishes: Wishes) -> Self {
        let audio = VecDeque::with_capacity(MAX_AUDIO);
        let state = State {
            wishes,
            audio,
            video: None,
            audio_dropped: 0,
            video_dropped: 0,
            video_held_back: 0,
        };
        Self {
            state: Mutex::new(state),
            wake: Notify::new(),
            sending: AtomicBool::new(false),
            room: AtomicBool::new(false),
            key_needed: AtomicBool::new(true),
            closing: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a wish.
    pub fn wish(&self, change: impl FnOnce(&mut Wishes)) {
        change(&mut self.lock().wishes);
        self.wake.notify_one();
    }

    pub fn wishes(&self) -> Wishes {
        self.lock().wishes
    }

    /// `false`: dropped, or an older one was for it.
    pub fn audio(&self, captured: u64, data: &[u8]) -> bool {
        let mut state = self.lock();
        if !self.sending.load(Ordering::Relaxed) || state.wishes.muted {
            state.audio_dropped += 1;
            return false;
        }
        let full = state.audio.len() == MAX_AUDIO;
        if full {
            state.audio.pop_front();
            state.audio_dropped += 1;
        }
        state.audio.push_back((captured, data.to_vec()));
        drop(state);
        self.wake.notify_one();
        !full
    }

    /// `false`: dropped.
    pub fn video(&self, picture: Picture) -> bool {
        let mut state = self.lock();
        if !self.sending.load(Ordering::Relaxed) || !state.wishes.camera_on {
            state.video_dropped += 1;
            return false;
        }
        if let Some(older) = state.video.replace(picture) {
            state.video_dropped += 1;
            // What follows may need it.
            if !older.key {
                self.key_needed.store(true, Ordering::Relaxed);
            }
        }
        drop(state);
        self.wake.notify_one();
        true
    }

    /// Whether a picture that comes now would go out at once. One that would not is counted as
    /// held back.
    pub fn wants_video(&self) -> bool {
        let mut state = self.lock();
        let wanted = self.sending.load(Ordering::Relaxed) && state.wishes.camera_on;
        let room = self.room.load(Ordering::Relaxed);
        if wanted && !room {
            state.video_held_back += 1;
        }
        wanted && room
    }

    /// Takes all packets.
    pub fn take(&self) -> Taken {
        let mut state = self.lock();
        Taken {
            audio: std::mem::take(&mut state.audio),
            video: state.video.take(),
            audio_dropped: std::mem::take(&mut state.audio_dropped),
            video_dropped: std::mem::take(&mut state.video_dropped),
            video_held_back: std::mem::take(&mut state.video_held_back),
        }
    }

    /// Waits until there is something, perhaps in vain.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }

    /// The application goes; no time is left for a long farewell.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.wish(|wishes| wishes.hang_up = true);
    }

    pub async fn closed(&self) {
        while !self.closing.load(Ordering::SeqCst) {
            self.changed().await;
        }
    }

    /// Waits until the person hangs up.
    pub async fn hung_up(&self) {
        while !self.wishes().hang_up {
            self.changed().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox() -> Inbox {
        let inbox = Inbox::new(Wishes {
            hang_up: false,
            muted: false,
            camera_on: true,
            microphone: true,
            verified: false,
            shown: None,
            camera: None,
        });
        inbox.sending.store(true, Ordering::Relaxed);
        inbox
    }

    #[test]
    fn sound_waits_half_a_second_at_most_and_one_picture() {
        let inbox = inbox();
        let kept: usize = (0..100).map(|at| usize::from(inbox.audio(at, b"x"))).sum();
        assert_eq!(kept, MAX_AUDIO);
        for at in 0..10 {
            assert!(inbox.video(Picture::jpeg(at, vec![1])));
        }
        let taken = inbox.take();
        assert_eq!((taken.audio.len(), taken.audio_dropped), (MAX_AUDIO, 75));
        assert_eq!(taken.audio.back().map(|(at, _)| *at), Some(99));
        assert_eq!((taken.video, taken.video_dropped), (Some(Picture::jpeg(9, vec![1])), 9));
        assert_eq!(inbox.take().audio.len(), 0);
    }

    #[test]
    fn what_nobody_would_get_is_not_kept() {
        let inbox = inbox();
        inbox.wish(|wishes| (wishes.muted, wishes.camera_on) = (true, false));
        assert!(!inbox.audio(1, b"x") && !inbox.video(Picture::jpeg(1, vec![1])));
        inbox.wish(|wishes| (wishes.muted, wishes.camera_on) = (false, true));
        inbox.sending.store(false, Ordering::Relaxed);
        assert!(!inbox.audio(1, b"x") && !inbox.video(Picture::jpeg(1, vec![1])));
        assert!(inbox.take().audio.is_empty());
    }

    #[test]
    fn a_picture_without_room_is_counted_but_only_if_it_would_be_sent() {
        let inbox = inbox();
        assert!(!inbox.wants_video());
        inbox.room.store(true, Ordering::Relaxed);
        assert!(inbox.wants_video());
        assert_eq!(inbox.take().video_held_back, 1);
        inbox.room.store(false, Ordering::Relaxed);
        inbox.wish(|wishes| wishes.camera_on = false);
        assert!(!inbox.wants_video());
        inbox.wish(|wishes| wishes.camera_on = true);
        inbox.sending.store(false, Ordering::Relaxed);
        assert!(!inbox.wants_video());
        assert_eq!(inbox.take().video_held_back, 0);
    }

    #[test]
    fn a_picture_that_others_need_is_missed() {
        let inbox = inbox();
        inbox.key_needed.store(false, Ordering::Relaxed);
        assert!(inbox.video(Picture::jpeg(1, vec![1])) && inbox.video(Picture::jpeg(2, vec![1])));
        assert!(!inbox.key_needed.load(Ordering::Relaxed));
        let delta = |at| Picture { key: false, ..Picture::jpeg(at, vec![1]) };
        assert!(inbox.video(delta(3)) && inbox.video(delta(4)));
        assert!(inbox.key_needed.load(Ordering::Relaxed));
    }
}
