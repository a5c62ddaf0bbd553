//! Sound before everything else, where the system allows it.
//!
//! In: nothing. Out: a higher priority for the calling thread, and for those that it starts. Never:
//! insists; without the right to it (RLIMIT_NICE, CAP_SYS_NICE) everything works as it is.

/// What PulseAudio gives itself.
const NICE: i32 = -11;

/// Raises the calling thread's priority. On Linux a thread has a nice value of its own.
pub(crate) fn raise() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE) {
        log::debug!("sound has the same priority as everything else: {error}");
    }
}
