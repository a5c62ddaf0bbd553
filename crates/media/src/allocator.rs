//! Buffers give their memory back.
//!
//! In: nothing. Out: one setting of the C library's allocator, made once at the start. Allocates
//! nothing itself.
#![allow(unsafe_code)]

/// Allocations from this size on get memory of their own from the system, in bytes: every buffer
/// that holds a frame or a picture, and nothing that is asked for often once buffers go round.
#[cfg(target_env = "gnu")]
const OWN_MEMORY: i32 = 64 << 10;

/// Has each large buffer returned to the system as soon as it is let go.
///
/// By itself the GNU C library raises that size as it sees buffers go, up to 32 MiB, and takes
/// them from heaps of each thread. A look-back lets buffers of all sizes go in turn, which leaves
/// holes there: 16 streams took 420 MB and grew for minutes, in place of 320 MB within ten
/// seconds. Does nothing with other C libraries. Call it before any thread is started.
pub fn give_large_buffers_back() {
    // SAFETY: takes two numbers; no thread is in the allocator yet, as the caller promises.
    #[cfg(target_env = "gnu")]
    if unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_MEMORY) } != 1 {
        log::debug!("the allocator keeps its own threshold");
    }
}
