//! The word to stop, and sleeping that it interrupts.
//!
//! In: why to stop, once; the first reason counts. Out: the reason, to every thread, at once.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::link::wake::Waker;

/// Why everything stops before the input has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `q`, `--duration`.
    Asked,
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// Another stream failed.
    Failed,
}

/// Shared by every thread; clones are the same token.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    reason: Option<Reason>,
    asked_at: Option<Instant>,
    wakers: Vec<Arc<Waker>>,
}

impl Stop {
    /// Asks everything to stop.
    pub fn ask(&self, reason: Reason) {
        let mut state = self.lock();
        state.reason.get_or_insert(reason);
        state.asked_at.get_or_insert_with(Instant::now);
        for waker in &state.wakers {
            waker.wake();
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Why to stop, if so.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.lock().reason
    }

    /// When it was asked first.
    #[must_use]
    pub fn asked_at(&self) -> Option<Instant> {
        self.lock().asked_at
    }

    /// Whether to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.reason().is_some()
    }

    /// Wakes this waker too when asked to stop.
    pub fn also_wake(&self, waker: Arc<Waker>) {
        let mut state = self.lock();
        if state.reason.is_some() {
            waker.wake();
        }
        state.wakers.push(waker);
    }

    /// Sleeps until `moment`; `true` when asked to stop before.
    #[must_use]
    pub fn sleep_until(&self, moment: Instant) -> bool {
        let mut state = self.lock();
        loop {
            if state.reason.is_some() {
                return true;
            }
            let left = moment.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Sleeps for `time`; `true` when asked to stop before.
    #[must_use]
    pub fn sleep(&self, time: Duration) -> bool {
        self.sleep_until(Instant::now() + time)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
