//! What waits for the call's thread: what the person wants, and packets to send.
//!
//! In: from any thread, without waiting. Out: to the call's thread, which is woken. Wishes are a
//! state, so that the newest counts and none is lost; sound is a short queue that drops its oldest;
//! of pictures only the newest waits.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
}

/// Bytes to send and when they were captured.
pub(crate) type Captured = (u64, Vec<u8>);

#[derive(Debug)]
struct State {
    wishes: Wishes,
    audio: VecDeque<Captured>,
    video: Option<Captured>,
    audio_dropped: u64,
    video_dropped: u64,
}

/// What [`Inbox::take`] found.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub audio: VecDeque<Captured>,
    pub video: Option<Captured>,
    pub audio_dropped: u64,
    pub video_dropped: u64,
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
    /// The application waits for the thread's end.
    closing: AtomicBool,
}

impl Inbox {
    pub fn new(wishes: Wishes) -> Self {
        let audio = VecDeque::with_capacity(MAX_AUDIO);
        let state = State { wishes, audio, video: None, audio_dropped: 0, video_dropped: 0 };
        Self {
            state: Mutex::new(state),
            wake: Notify::new(),
            sending: AtomicBool::new(false),
            room: AtomicBool::new(false),
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
    pub fn video(&self, captured: u64, data: Vec<u8>) -> bool {
        let mut state = self.lock();
        if !self.sending.load(Ordering::Relaxed) || !state.wishes.camera_on {
            state.video_dropped += 1;
            return false;
        }
        if state.video.replace((captured, data)).is_some() {
            state.video_dropped += 1;
        }
        drop(state);
        self.wake.notify_one();
        true
    }

    /// Takes all packets.
    pub fn take(&self) -> Taken {
        let mut state = self.lock();
        Taken {
            audio: std::mem::take(&mut state.audio),
            video: state.video.take(),
            audio_dropped: std::mem::take(&mut state.audio_dropped),
            video_dropped: std::mem::take(&mut state.video_dropped),
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
            assert!(inbox.video(at, vec![1]));
        }
        let taken = inbox.take();
        assert_eq!((taken.audio.len(), taken.audio_dropped), (MAX_AUDIO, 75));
        assert_eq!(taken.audio.back().map(|(at, _)| *at), Some(99));
        assert_eq!((taken.video, taken.video_dropped), (Some((9, vec![1])), 9));
        assert_eq!(inbox.take().audio.len(), 0);
    }

    #[test]
    fn what_nobody_would_get_is_not_kept() {
        let inbox = inbox();
        inbox.wish(|wishes| (wishes.muted, wishes.camera_on) = (true, false));
        assert!(!inbox.audio(1, b"x") && !inbox.video(1, vec![1]));
        inbox.wish(|wishes| (wishes.muted, wishes.camera_on) = (false, true));
        inbox.sending.store(false, Ordering::Relaxed);
        assert!(!inbox.audio(1, b"x") && !inbox.video(1, vec![1]));
        assert!(inbox.take().audio.is_empty());
    }
}
