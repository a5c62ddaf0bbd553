//! Threads that help with one picture, and wait for the next one in between.
//!
//! In: work that can be shared out. Out: the same work, done on several cores. Never holds work
//! up: a helper that has not begun when the caller has done everything is let off.
//!
//! Helpers are kept, and led away from the caller's core: a thread that is started anew, or woken
//! where it last ran, finds itself on the caller's core more often than not, and waits for it
//! (measured with pauses of 28 ms between pictures: 50 of 60 threads, on two cores of Linux 6.18).

#![allow(unsafe_code)]

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use rustix::thread::{CpuSet, Pid, gettid, sched_getaffinity, sched_getcpu, sched_setaffinity};

use crate::strips::{Busy, MIN_PIXELS};

/// Work that outlives its helpers' use of it.
#[derive(Clone, Copy)]
struct Job(*const (dyn Fn() + Sync));

// SAFETY: what is pointed to is `Sync`, and stands while a helper uses it: see `Crew::share`.
unsafe impl Send for Job {}

#[derive(Default)]
enum State {
    /// Nothing to do.
    #[default]
    Waits,
    /// There is something to do.
    Called(Job),
    /// It is being done.
    Works,
    /// The thread is to end.
    Leaves,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Helper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    id: Pid,
}

/// Helpers of one thread; dropping it ends and joins them.
#[derive(Default)]
pub struct Crew {
    helpers: Vec<Helper>,
    /// Cores that this process may use.
    cores: Option<CpuSet>,
}

impl std::fmt::Debug for Crew {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crew").field("helpers", &self.helpers.len()).finish_non_exhaustive()
    }
}

/// Lets helpers off, and waits for those who have begun, whatever happens to the caller.
struct Called<'a>(&'a [Helper]);

impl Drop for Called<'_> {
    fn drop(&mut self) {
        for helper in self.0 {
            let mut state = helper.shared.lock();
            if matches!(*state, State::Called(_)) {
                *state = State::Waits;
            }
            let wait = |state: &mut State| matches!(state, State::Works);
            drop(helper.shared.changed.wait_while(state, wait));
        }
    }
}

impl Crew {
    /// Does `work` on this thread and on `helpers` others at the same time. It has to share itself
    /// out; each thread calls it once at most.
    pub fn share(&mut self, helpers: usize, work: &(dyn Fn() + Sync)) {
        while self.helpers.len() < helpers {
            match Helper::start() {
                Ok(helper) => self.helpers.push(helper),
                Err(error) => {
                    log::debug!("no helper for a picture: {error}");
                    break;
                }
            }
        }
        let called = Called(&self.helpers[..helpers.min(self.helpers.len())]);
        let cores = self.cores.get_or_insert_with(|| sched_getaffinity(None).unwrap_or_default());
        let mut others = *cores;
        others.unset(sched_getcpu());
        let erased = std::ptr::from_ref(work);
        // SAFETY: only the lifetime is changed. `called` does not let this function end, by a panic
        // neither, before every helper has given the job back or never got to it.
        let job = Job(unsafe {
            std::mem::transmute::<*const (dyn Fn() + Sync + '_), *const (dyn Fn() + Sync)>(erased)
        });
        for helper in called.0 {
            if others.count() > 0 {
                // Where it may run is only advice; without it the work is done all the same.
                let _ = sched_setaffinity(Some(helper.id), &others);
            }
            *helper.shared.lock() = State::Called(job);
            helper.shared.changed.notify_all();
        }
        work();
    }

    /// Does `work` on each of the `pieces` of a picture of `pixels` pixels: of a large one on all
    /// cores that are idle as far as this process knows, of a small one on this thread alone.
    pub fn share_picture<T>(
        &mut self,
        pixels: usize,
        pieces: impl Iterator<Item = T> + Send,
        work: impl Fn(T) + Sync,
    ) {
        let busy = Busy::begin();
        let helpers = if pixels < MIN_PIXELS { 0 } else { busy.hands - 1 };
        let pieces = Mutex::new(pieces);
        let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
        self.share(helpers, &|| {
            while let Some(piece) = next() {
                work(piece);
            }
        });
    }
}

impl Helper {
    fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let (tell, told) = mpsc::channel();
        let thread = std::thread::Builder::new().name("strips".into()).spawn(move || {
            let _ = tell.send(gettid());
            help(&theirs);
        })?;
        let id = told.recv().map_err(io::Error::other)?;
        Ok(Self { shared, thread: Some(thread), id })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        *self.shared.lock() = State::Leaves;
        self.shared.changed.notify_all();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("a helper ended by a panic; its message is above");
        }
    }
}

/// Says that the work is done, by a panic too.
struct Done<'a>(&'a Shared);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        *self.0.lock() = State::Waits;
        self.0.changed.notify_all();
    }
}

fn help(shared: &Shared) {
    loop {
        let wait = |state: &mut State| matches!(state, State::Waits);
        let state = shared.changed.wait_while(shared.lock(), wait);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let State::Called(job) = *state else { return };
        *state = State::Works;
        drop(state);
        let _done = Done(shared);
        // SAFETY: who called waits until `_done` says so, and what is pointed to stands until then.
        unsafe { (*job.0)() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    #[test]
    fn all_work_is_done_once_and_nothing_after() {
        let mut crew = Crew::default();
        for round in 0..500 {
            let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
            crew.share(round % 4, &|| {
                while next.fetch_add(1, Relaxed) < 20 {
                    done.fetch_add(1, Relaxed);
                }
            });
            assert_eq!(done.into_inner(), 20);
        }
    }

    #[test]
    fn helpers_help() {
        let mut crew = Crew::default();
        let here = AtomicUsize::new(0);
        crew.share(2, &|| {
            here.fetch_add(1, Relaxed);
            // All three are here at the same time, or this never ends.
            while here.load(Relaxed) < 3 {
                std::thread::yield_now();
            }
        });
        assert_eq!(here.into_inner(), 3);
    }

    #[test]
    fn a_panic_waits_for_the_helpers() {
        let mut crew = Crew::default();
        let (begun, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let caller = std::thread::current().id();
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            crew.share(1, &|| {
                begun.fetch_add(1, Relaxed);
                while begun.load(Relaxed) < 2 {
                    std::thread::yield_now();
                }
                assert!(std::thread::current().id() != caller, "the caller fails");
                std::thread::sleep(std::time::Duration::from_millis(20));
                ended.fetch_add(1, Relaxed);
            });
        }));
        assert!(caught.is_err());
        assert_eq!(ended.load(Relaxed), 1);
    }
}
