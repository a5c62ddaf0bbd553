//! The newest-frame slot between two stages: a place for one frame, in which a newer one
//! replaces an unread one, and the loss is counted.
//!
//! In: frames from the stage before. Out: the newest, to the stage behind, and word whether it
//! has to be woken. Never blocks longer than it takes to move a pointer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What became of a frame that was put into a [`Slot`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The slot was empty: wake whoever takes from it.
    Filled,
    /// An unread frame was dropped for it: whoever takes has been woken already.
    Replaced,
}

/// A place for the newest frame.
#[derive(Debug)]
pub struct Slot<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug)]
struct State<T> {
    frame: Option<T>,
    closed: bool,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State { frame: None, closed: false }),
            filled: Condvar::new(),
            dropped: AtomicU64::new(0),
        }
    }
}

impl<T> Slot<T> {
    /// Puts the newest frame in; an unread one is dropped and counted.
    pub fn put(&self, frame: T) -> Put {
        let old = self.lock().frame.replace(frame);
        self.filled.notify_one();
        if old.is_some() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            Put::Replaced
        } else {
            Put::Filled
        }
    }

    /// The newest frame, if there is one that was not taken yet.
    pub fn take(&self) -> Option<T> {
        self.lock().frame.take()
    }

    /// Whether a frame waits.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.lock().frame.is_some()
    }

    /// Waits for a frame. `Err(Closed)` after [`Slot::close`] once the last frame is taken,
    /// `Ok(None)` when `timeout` passed without one.
    ///
    /// # Errors
    /// [`Closed`] when no frame will come any more.
    pub fn wait(&self, timeout: Duration) -> Result<Option<T>, Closed> {
        let state = self.lock();
        let (mut state, _) = self
            .filled
            .wait_timeout_while(state, timeout, |s| s.frame.is_none() && !s.closed)
            .unwrap_or_else(PoisonError::into_inner);
        match state.frame.take() {
            Some(frame) => Ok(Some(frame)),
            None if state.closed => Err(Closed),
            None => Ok(None),
        }
    }

    /// Says that no frame will come any more, and wakes everyone who waits.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// How many frames were replaced unread since the slot was made.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // The state is whole at every moment: a panic elsewhere can't have torn it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The slot is closed and empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_replaces_unread_and_is_counted() {
        let slot = Slot::default();
        assert_eq!(slot.put(1), Put::Filled);
        assert_eq!(slot.put(2), Put::Replaced);
        assert_eq!(slot.take(), Some(2));
        assert_eq!(slot.take(), None);
        assert_eq!(slot.dropped(), 1);
    }

    #[test]
    fn close_gives_the_last_frame_then_the_end() {
        let slot = Slot::default();
        slot.put('a');
        slot.close();
        assert_eq!(slot.wait(Duration::from_secs(5)), Ok(Some('a')));
        assert_eq!(slot.wait(Duration::from_secs(5)), Err(Closed));
    }

    #[test]
    fn wait_is_woken_by_put() {
        let slot = Slot::default();
        std::thread::scope(|scope| {
            let taker = scope.spawn(|| slot.wait(Duration::from_secs(30)));
            slot.put(7);
            assert_eq!(taker.join().ok(), Some(Ok(Some(7))));
        });
    }
}
