//! What a ring of shared memory stands: torn pictures, lies, and a writer that follows no rule.
#![allow(unsafe_code)]

use super::*;

fn pair(slot_bytes: u64) -> (Writer, Reader) {
    let writer = Writer::new(slot_bytes).expect("memory");
    let fd = writer.fd.try_clone().expect("a descriptor");
    let reader = Reader::new(&fd, SLOTS, slot_bytes).expect("a ring");
    (writer, reader)
}

fn put(writer: &Writer, width: u32, height: u32, value: u8) -> Place {
    let write = |start: NonNull<u8>, len| {
        // SAFETY: the test's own memory, which nobody else writes to now.
        unsafe { start.as_ptr().write_bytes(value, len) };
        Ok::<_, ()>(())
    };
    writer.write(width, height, write).expect("written").expect("room")
}

fn memory(bytes: u64, seals: SealFlags) -> OwnedFd {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let fd = fs::memfd_create("test", flags).expect("memory");
    fs::ftruncate(&fd, bytes).expect("sized");
    fs::fcntl_add_seals(&fd, seals).expect("sealed");
    fd
}

#[test]
fn pictures_come_out_as_they_went_in() {
    let (writer, reader) = pair(64 * 48 * 4);
    let mut out = Vec::new();
    for n in 0..20_u8 {
        let place = put(&writer, 64, 48 - u32::from(n % 3), n);
        assert!(reader.copy(&place, &mut out, None));
        let bytes = usize::try_from(place.bytes().expect("a picture")).expect("small");
        assert!(out[..bytes].iter().all(|b| *b == n));
    }
}

#[test]
fn a_picture_that_was_written_over_is_not_shown() {
    let (writer, reader) = pair(4096);
    let first = put(&writer, 8, 8, 1);
    let mut out = Vec::new();
    for n in 0..SLOTS {
        assert!(reader.copy(&first, &mut out, None), "{n} later");
        put(&writer, 8, 8, 2);
    }
    assert!(!reader.copy(&first, &mut out, None));
}

#[test]
fn a_failed_write_is_no_picture() {
    let (writer, reader) = pair(4096);
    assert_eq!(writer.write(8, 8, |_, _| Err("no")), Err("no"));
    let torn = Place { slot: 0, sequence: 1, width: 8, height: 8 };
    let never = Place { sequence: 2, ..torn };
    let mut out = Vec::new();
    assert!(!reader.copy(&torn, &mut out, None) && !reader.copy(&never, &mut out, None));
    let place = put(&writer, 8, 8, 1);
    assert!(reader.copy(&place, &mut out, None));
}

#[test]
fn what_is_too_large_is_left_to_jpeg() {
    let (writer, _) = pair(4096);
    let result = writer.write(33, 32, |_, _| Ok::<_, ()>(()));
    assert_eq!(result, Ok(None));
    assert!(matches!(Writer::new(MAX_RING), Err(SharedError::Shape { .. })));
}

#[test]
fn places_beyond_the_ring_are_refused() {
    let (writer, reader) = pair(4096);
    let good = put(&writer, 32, 32, 1);
    assert!(reader.holds(&good));
    let mut out = Vec::new();
    for bad in [
        Place { slot: SLOTS, ..good },
        Place { slot: u32::MAX, ..good },
        Place { width: 33, ..good },
        Place { width: 0, ..good },
        Place { height: u32::MAX, width: u32::MAX, ..good },
        Place { height: 1 << 31, width: 2, ..good },
    ] {
        assert!(!reader.holds(&bad) && !reader.copy(&bad, &mut out, None), "{bad:?}");
    }
    assert!(out.is_empty(), "nothing was allocated for them");
}

#[test]
fn rings_that_could_harm_are_refused() {
    let sealed = SealFlags::SHRINK | SealFlags::GROW;
    let total = ring_bytes(SLOTS, 4096).expect("small");
    let refused = |fd: &OwnedFd, slots, bytes| Reader::new(fd, slots, bytes).err();
    assert!(refused(&memory(total, sealed), SLOTS, 4096).is_none());
    for seals in [SealFlags::empty(), SealFlags::SHRINK, SealFlags::GROW, SealFlags::SEAL] {
        let error = refused(&memory(total, seals), SLOTS, 4096);
        assert!(matches!(error, Some(SharedError::NotSealed)), "{seals:?}");
    }
    for actual in [0, 1, total - 1, total + 1, total * 2] {
        let error = refused(&memory(actual, sealed), SLOTS, 4096);
        assert!(matches!(error, Some(SharedError::Size { .. })), "{actual} bytes");
    }
    let fd = memory(total, sealed);
    for (slots, bytes) in
        [(0, 4096), (17, 4096), (SLOTS, 0), (SLOTS, u64::MAX), (u32::MAX, u64::MAX / 2)]
    {
        let error = refused(&fd, slots, bytes);
        assert!(matches!(error, Some(SharedError::Shape { .. })), "{slots} x {bytes}");
    }
    let file = std::fs::File::open("/proc/self/exe").expect("this program");
    let error = refused(&file.into(), SLOTS, 4096);
    assert!(matches!(error, Some(SharedError::NotMemory)));
    let (pipe, _other) = std::io::pipe().expect("a pipe");
    assert!(refused(&pipe.into(), SLOTS, 4096).is_some());
}

#[test]
fn the_memory_can_not_shrink_under_its_reader() {
    let (writer, reader) = pair(4096);
    let place = put(&writer, 32, 32, 5);
    assert!(fs::ftruncate(&writer.fd, 0).is_err());
    assert!(fs::ftruncate(&writer.fd, 1 << 20).is_err());
    assert!(reader.copy(&place, &mut Vec::new(), None));
}

#[test]
fn a_sender_that_scribbles_spoils_pictures_only() {
    // A ring whose writer follows no rule: counters and pixels change all the time.
    let total = ring_bytes(SLOTS, 4096).expect("small");
    let fd = memory(total, SealFlags::SHRINK | SealFlags::GROW);
    let prot = ProtFlags::READ | ProtFlags::WRITE;
    let writer = Map::new(fd.as_fd(), SLOTS, 4096, prot).expect("mapped");
    let reader = Reader::new(&fd, SLOTS, 4096).expect("a ring");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0;
            while !done.load(Ordering::Relaxed) {
                n += 1;
                writer.counter(n % SLOTS).store(u64::from(n % 7), Ordering::Relaxed);
            }
        });
        let mut out = Vec::new();
        for sequence in 0..20_000 {
            let slot = u32::try_from(sequence % 4).unwrap_or(0);
            let place = Place { slot, sequence: sequence % 9, width: 32, height: 32 };
            // Either answer is right; it must only be one.
            let _ = reader.copy(&place, &mut out, None);
        }
        done.store(true, Ordering::Relaxed);
        assert!(out.len() <= 4096);
    });
}

#[test]
fn two_writers_and_a_reader_never_show_half_a_picture() {
    let (writer, reader) = pair(64 * 64 * 4);
    let places = std::sync::Mutex::new(Vec::new());
    let left = AtomicUsize::new(2);
    std::thread::scope(|scope| {
        for start in [0_u8, 128] {
            let (writer, places, left) = (&writer, &places, &left);
            scope.spawn(move || {
                for n in 0..2000_u16 {
                    let value = start + u8::try_from(n % 128).unwrap_or(0);
                    let place = put(writer, 64, 64, value);
                    places.lock().expect("alive").push((place, value));
                }
                left.fetch_sub(1, Ordering::Release);
            });
        }
        let mut out = Vec::new();
        let mut whole = 0;
        loop {
            let last = left.load(Ordering::Acquire) == 0;
            let next = places.lock().expect("alive").pop();
            match next {
                Some((place, value)) if reader.copy(&place, &mut out, None) => {
                    assert!(out[..64 * 64 * 4].iter().all(|b| *b == value));
                    whole += 1;
                }
                Some(_) => {}
                None if last => break,
                None => std::thread::yield_now(),
            }
        }
        assert!(whole > 0);
    });
}

#[test]
fn a_large_picture_is_copied_whole_by_several_threads() {
    let (width, height) = (1023, 767);
    let (writer, reader) = pair(u64::from(width * height * 4));
    let mut crew = Crew::default();
    let mut out = Vec::new();
    for n in 0..20_usize {
        let value = |at: usize| (at / 3 + n) as u8;
        let fill = |start: NonNull<u8>, len: usize| {
            // SAFETY: the slot is this closure's own until it returns.
            let to = unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), len) };
            to.iter_mut().enumerate().for_each(|(at, byte)| *byte = value(at));
            Ok::<(), ()>(())
        };
        let place = writer.write(width, height, fill).expect("written").expect("a slot");
        assert!(reader.copy(&place, &mut out, Some(&mut crew)));
        assert!(out.iter().enumerate().all(|(at, byte)| *byte == value(at)));
    }
}

#[test]
fn memory_of_large_pictures_is_given_back() {
    let (writer, reader) = pair(4 << 20);
    let blocks = || fs::fstat(&writer.fd).expect("stat").st_blocks * 512;
    for n in 0..8 {
        put(&writer, 1024, 1024, n);
    }
    let large = blocks();
    assert!(large >= 16 << 20, "{large}");
    let place = put(&writer, 64, 64, 9);
    assert!(blocks() < 1 << 20, "{} left", blocks());
    let mut out = Vec::new();
    assert!(reader.copy(&place, &mut out, None) && out[..64 * 64 * 4].iter().all(|b| *b == 9));
    let place = put(&writer, 1024, 1024, 7);
    assert!(reader.copy(&place, &mut out, None) && out[(4 << 20) - 1] == 7);
}
