//! Where large buffers' memory comes from, and when it goes back.
//!
//! In: sizes. Out: one setting of the C library's allocator, made once at the start, and buffers
//! whose memory is there before it is written.
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

/// A buffer of `size` bytes, all zero, whose memory is there already.
///
/// For what is about to be written from end to end: the system takes a quarter less time to bring
/// all of it at once than page by page, and a socket isn't held up while it is filled. Where
/// Linux can't (before 5.14), it comes as it is written.
#[must_use]
pub fn ready_buffer(size: usize) -> Vec<u8> {
    let mut buffer = vec![0; size];
    let page = rustix::param::page_size();
    let start = buffer.as_ptr().align_offset(page);
    // Whole pages only: what lies around them may be somebody else's.
    let whole = size.saturating_sub(start) / page * page;
    if whole > 0
        && let Some(pages) = buffer.get_mut(start..start + whole)
    {
        // SAFETY: the pages are this buffer's alone; populating them changes no byte.
        let _ = unsafe {
            rustix::mm::madvise(
                pages.as_mut_ptr().cast(),
                whole,
                rustix::mm::Advice::LinuxPopulateWrite,
            )
        };
    }
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_buffer_is_zero_from_end_to_end() {
        for size in [0, 1, 4095, 4096, 100_001, 3 << 20] {
            let buffer = ready_buffer(size);
            assert_eq!((buffer.len(), buffer.capacity()), (size, size));
            assert!(buffer.iter().all(|&byte| byte == 0));
        }
    }
}
