//! A ring of pictures in memory that a sender and a viewer on one machine share.
//!
//! In: at the sender, pixels written straight into a slot; at the viewer, the ring as a file
//! descriptor, and which picture lies in which slot. Out: a copy of the picture, or word that it
//! is torn. The reader trusts the writer in nothing: the memory is sealed so that it can't shrink
//! under the reader, sizes come beside it and are checked before each use, nothing that is read
//! from it is used as a number but a counter that is only compared. Whoever scribbles spoils
//! their own picture. Never a socket.
//!
//! Layout: a page with a 64-bit counter for each slot, then the slots, each on a page of its own.
//! A counter is odd while its slot is being written; a picture is named by the even number that
//! stood there when it was complete, so that a slot that was written again is told from it.

#![allow(unsafe_code)]

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};

use rustix::fs::{self, FallocateFlags, MemfdFlags, SealFlags};
use rustix::mm::{self, MapFlags, ProtFlags};

use crate::crew::Crew;
use crate::decode::MAX_PIXELS;

/// Slots of a ring: one being written by each of two workers, one waiting to be shown, one being
/// copied.
pub const SLOTS: u32 = 4;

/// Most slots that a reader accepts.
const MAX_SLOTS: u32 = 16;

/// Most bytes of a ring: four pictures of 4096x2160, and as much again. Larger pictures go as
/// JPEG. Only what is written takes memory.
pub const MAX_RING: u64 = 288 << 20;

/// What slots begin at a multiple of, and the size of the page of counters.
const PAGE: u64 = 4096;

/// What a thread copies at a time, in bytes: 50 microseconds, so that those who share a picture
/// end together.
const PIECE: usize = 512 << 10;

/// The file systems of `fstatfs` that a ring may lie in (statfs(2)): memory whose pages are there
/// on demand. A file elsewhere could make a read hang; huge pages can run out, which kills.
const TMPFS: i64 = 0x0102_1994;

/// Where a picture lies in a ring. Packed BGRX rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which slot.
    pub slot: u32,
    /// What its counter says as long as the picture is there.
    pub sequence: u64,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Place {
    /// Bytes of the picture; `None` when no picture is like that.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        let pixels = u64::from(self.width).checked_mul(u64::from(self.height))?;
        (1..=MAX_PIXELS).contains(&pixels).then(|| pixels * 4)
    }
}

/// Why a ring or a picture in it can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SharedError {
    /// The numbers that came with the ring.
    #[error("a ring of {slots} slots of {slot_bytes} bytes is over the limits")]
    Shape {
        /// Announced slots.
        slots: u32,
        /// Announced bytes of each.
        slot_bytes: u64,
    },
    /// It could be made smaller while it is read.
    #[error("the memory is not sealed against being resized")]
    NotSealed,
    /// Not memory, or memory of a kind that can vanish.
    #[error("the descriptor is not ordinary shared memory")]
    NotMemory,
    /// Not as large as announced.
    #[error("the memory has {actual} bytes where {announced} were announced")]
    Size {
        /// Bytes that were announced.
        announced: u64,
        /// Bytes that there are.
        actual: u64,
    },
    /// The system's word.
    #[error("shared memory: {0}")]
    System(#[from] rustix::io::Errno),
}

/// Bytes of the whole, if it is within the limits.
fn ring_bytes(slots: u32, slot_bytes: u64) -> Result<u64, SharedError> {
    let total = || {
        let stride = slot_bytes.checked_next_multiple_of(PAGE)?;
        stride.checked_mul(u64::from(slots))?.checked_add(PAGE)
    };
    total()
        .filter(|&n| (1..=MAX_SLOTS).contains(&slots) && slot_bytes > 0 && n <= MAX_RING)
        .ok_or(SharedError::Shape { slots, slot_bytes })
}

/// A mapping, which is taken back when it is dropped.
#[derive(Debug)]
struct Map {
    start: NonNull<u8>,
    bytes: usize,
    slots: u32,
    slot_bytes: u64,
}

// SAFETY: the mapping belongs to the process and not to a thread, and this type gives out no
// reference into the slots: writers are kept apart by `Writer`, readers copy.
unsafe impl Send for Map {}
// SAFETY: as above.
unsafe impl Sync for Map {}

impl Map {
    fn new(
        fd: BorrowedFd<'_>,
        slots: u32,
        slot_bytes: u64,
        prot: ProtFlags,
    ) -> Result<Self, SharedError> {
        let shape = SharedError::Shape { slots, slot_bytes };
        let total = ring_bytes(slots, slot_bytes)?;
        let bytes = usize::try_from(total).map_err(|_| shape)?;
        // SAFETY: a new mapping at a place that the kernel chooses overlaps nothing.
        let start =
            unsafe { mm::mmap(std::ptr::null_mut(), bytes, prot, MapFlags::SHARED, fd, 0)? };
        let start = NonNull::new(start.cast()).ok_or(SharedError::NotMemory)?;
        Ok(Self { start, bytes, slots, slot_bytes })
    }

    /// A slot's counter. `slot` is below `self.slots`.
    fn counter(&self, slot: u32) -> &AtomicU64 {
        assert!(slot < self.slots, "slots are checked before");
        // SAFETY: within the first page, which is mapped (at most MAX_SLOTS of 8 bytes), aligned,
        // and only ever accessed as an atomic by this program. Another process that writes there
        // does so by machine instructions, which an atomic load stands. Loads of 8 bytes work on
        // a mapping that can only be read.
        unsafe { &*self.start.as_ptr().cast::<AtomicU64>().add(slot as usize) }
    }

    fn offset(&self, slot: u32) -> u64 {
        PAGE + self.slot_bytes.next_multiple_of(PAGE) * u64::from(slot)
    }

    /// Where a slot's pixels begin. `slot` is below `self.slots`.
    fn pixels(&self, slot: u32) -> *mut u8 {
        assert!(slot < self.slots, "slots are checked before");
        // In range: the whole was converted when it was mapped.
        let offset = usize::try_from(self.offset(slot)).unwrap_or(0);
        // SAFETY: `ring_bytes` counted all slots in, so this is within the mapping.
        unsafe { self.start.as_ptr().add(offset) }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: mapped by `new` with this length; everything that was lent ends before.
        let result = unsafe { mm::munmap(self.start.as_ptr().cast(), self.bytes) };
        if let Err(error) = result {
            log::error!("shared memory can't be given back: {error}");
        }
    }
}

/// The sender's end.
#[derive(Debug)]
pub struct Writer {
    fd: OwnedFd,
    map: Map,
    next: AtomicUsize,
    written: AtomicU64,
    busy: [AtomicBool; SLOTS as usize],
    /// Largest picture since the ring was trimmed, in bytes.
    used: AtomicU64,
}

impl Writer {
    /// A ring for pictures of up to `slot_bytes`.
    ///
    /// # Errors
    /// When it is too large, or the system gives no memory.
    pub fn new(slot_bytes: u64) -> Result<Self, SharedError> {
        let total = ring_bytes(SLOTS, slot_bytes)?;
        let fd = fs::memfd_create("okno-frames", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        fs::ftruncate(&fd, total)?;
        let map = Map::new(fd.as_fd(), SLOTS, slot_bytes, ProtFlags::READ | ProtFlags::WRITE)?;
        fs::fcntl_add_seals(&fd, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        Ok(Self {
            fd,
            map,
            next: AtomicUsize::new(0),
            written: AtomicU64::new(0),
            busy: Default::default(),
            used: AtomicU64::new(0),
        })
    }

    /// Bytes of the largest picture that fits.
    #[must_use]
    pub const fn slot_bytes(&self) -> u64 {
        self.map.slot_bytes
    }

    /// Has `write` fill a slot with packed BGRX rows: so many bytes from a pointer, which are its
    /// own until it returns. It is a pointer and no slice because the viewer may do to the memory
    /// what it likes. `Ok(None)` when the picture is too large or all slots are being written.
    ///
    /// # Errors
    /// `write`'s own.
    pub fn write<E>(
        &self,
        width: u32,
        height: u32,
        write: impl FnOnce(NonNull<u8>, usize) -> Result<(), E>,
    ) -> Result<Option<Place>, E> {
        let place = Place { slot: 0, sequence: 0, width, height };
        let Some(bytes) = place.bytes().filter(|&n| n <= self.map.slot_bytes) else {
            return Ok(None);
        };
        let Some(slot) = self.claim() else { return Ok(None) };
        let sequence = 2 * self.written.fetch_add(1, Ordering::Relaxed) + 2;
        let counter = self.map.counter(slot);
        counter.store(sequence - 1, Ordering::Relaxed);
        fence(Ordering::Release);
        let len = usize::try_from(bytes).unwrap_or(0);
        let result = NonNull::new(self.map.pixels(slot)).map_or(Ok(()), |start| write(start, len));
        if result.is_ok() {
            counter.store(sequence, Ordering::Release);
        }
        self.busy[slot as usize].store(false, Ordering::Release);
        self.trim(bytes);
        result.map(|()| Some(Place { slot, sequence, ..place }))
    }

    /// The slot whose picture is oldest, for this caller alone.
    fn claim(&self) -> Option<u32> {
        (0..SLOTS).find_map(|_| {
            let slot = self.next.fetch_add(1, Ordering::Relaxed) % SLOTS as usize;
            let free = !self.busy[slot].swap(true, Ordering::Acquire);
            free.then(|| u32::try_from(slot).ok()).flatten()
        })
    }

    /// Gives memory back when pictures have become much smaller: a stream that filled the window
    /// once and is a tile of a wall now.
    fn trim(&self, bytes: u64) {
        let used = self.used.fetch_max(bytes, Ordering::Relaxed).max(bytes);
        if bytes * 2 >= used || self.used.swap(bytes, Ordering::Relaxed) <= bytes {
            return;
        }
        let keep = bytes.next_multiple_of(PAGE);
        let how = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        for slot in 0..SLOTS {
            let from = self.map.offset(slot) + keep;
            let length = self.map.slot_bytes.next_multiple_of(PAGE) - keep;
            if length > 0 {
                // A kernel that can't keeps the memory.
                let _ = fs::fallocate(&self.fd, how, from, length);
            }
        }
    }
}

impl AsFd for Writer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// The viewer's end.
#[derive(Debug)]
pub struct Reader {
    map: Map,
}

impl Reader {
    /// Takes a ring that somebody handed over.
    ///
    /// # Errors
    /// When it is not what was announced, or could harm whoever reads it.
    pub fn new(fd: &OwnedFd, slots: u32, slot_bytes: u64) -> Result<Self, SharedError> {
        let announced = ring_bytes(slots, slot_bytes)?;
        if fs::fstatfs(fd)?.f_type as i64 != TMPFS {
            return Err(SharedError::NotMemory);
        }
        // Before the size is looked at, so that it can't change any more. Only memory has seals.
        let seals = fs::fcntl_get_seals(fd).map_err(|_| SharedError::NotMemory)?;
        if !seals.contains(SealFlags::SHRINK | SealFlags::GROW) {
            return Err(SharedError::NotSealed);
        }
        let actual = u64::try_from(fs::fstat(fd)?.st_size).unwrap_or(0);
        if actual != announced {
            return Err(SharedError::Size { announced, actual });
        }
        Ok(Self { map: Map::new(fd.as_fd(), slots, slot_bytes, ProtFlags::READ)? })
    }

    /// Whether a picture could lie there; asked before the place is believed.
    #[must_use]
    pub fn holds(&self, place: &Place) -> bool {
        place.slot < self.map.slots
            && place.bytes().is_some_and(|bytes| bytes <= self.map.slot_bytes)
    }

    /// Copies a picture to the beginning of `out`, which grows if it has to; with `crew`, on all
    /// idle cores. `false` when the picture is not there, or was written over meanwhile; what is
    /// in `out` is of no use then.
    #[must_use]
    pub fn copy(&self, place: &Place, out: &mut Vec<u8>, crew: Option<&mut Crew>) -> bool {
        let Some(bytes) = place.bytes().filter(|_| self.holds(place)) else { return false };
        let Ok(len) = usize::try_from(bytes) else { return false };
        let counter = self.map.counter(place.slot);
        if !place.sequence.is_multiple_of(2) || counter.load(Ordering::Acquire) != place.sequence {
            return false;
        }
        if out.len() < len {
            out.resize(len, 0);
        }
        let pieces = out[..len].chunks_mut(PIECE).zip((0..).step_by(PIECE));
        let copy = |(to, at): (&mut [u8], usize)| {
            // SAFETY: `holds` saw that the picture lies within its slot, which is mapped and can't
            // shrink; the pieces end where the picture ends. The memory may change while it is
            // copied: no reference to it is made, bytes are moved as they are, any value is a
            // valid byte, and what was torn is found below or is the writer's own doing.
            unsafe {
                let from = self.map.pixels(place.slot).add(at);
                std::ptr::copy_nonoverlapping(from, to.as_mut_ptr(), to.len());
            }
        };
        match crew {
            Some(crew) => crew.share_picture(len / 4, pieces, copy),
            None => pieces.for_each(copy),
        }
        // Helpers have handed their work back, so what they read was read before this, too.
        fence(Ordering::Acquire);
        counter.load(Ordering::Relaxed) == place.sequence
    }
}

#[cfg(test)]
#[path = "shared_tests.rs"]
mod tests;
