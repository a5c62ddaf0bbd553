//! Announced lengths are not believed: framing allocates nothing, whatever a stream claims.
//!
//! Stands alone in its file, because another test's allocations on another thread would count.

use std::alloc::System;

use okno_wire::okno::{Incoming, MAGIC, decode};
use okno_wire::{Format, Limits, Sniffed, Splitter, Step, sniff};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn framing_never_allocates() {
    // 16 MiB announced, the most that is believed, and a few bytes of it sent.
    let streams: [(Format, &[u8]); 6] = [
        (Format::Raw, b"\x0A\x80\x80\x80\x08\xFF\xD8\xFF"),
        (Format::Be32, b"\x01\0\0\0\x0A\xFB\xFF\xFF\x07\xFF\xD8\xFF"),
        (Format::Le32, b"\0\0\0\x01\x0A\xFB\xFF\xFF\x07\xFF\xD8\xFF"),
        (Format::Le64, b"\0\0\0\x01\0\0\0\0\x0A\xFB\xFF\xFF\x07\xFF\xD8\xFF"),
        (Format::Mjpeg, b"\xFF\xD8\xFF\xE1\xFF\xFF\0\0"),
        (Format::Multipart, b"--b\r\nContent-Length: 4294967295\r\n\r\n\xFF\xD8\xFF"),
    ];
    let region = Region::new(ALLOCATOR);
    for (format, stream) in streams {
        for n in 0..=stream.len() {
            let sniffed = sniff(&stream[..n], Limits::default());
            assert!(!matches!(sniffed, Sniffed::Http));
        }
        let mut splitter = Splitter::new(format, Limits::default());
        for n in 0..=stream.len() {
            assert!(matches!(splitter.step(&stream[..n]), Step::NeedMore { .. }));
        }
    }
    // An envelope of 16 MiB, and a whole frame, whose picture is read where it lies.
    let mut splitter = Splitter::new(Format::Okno, Limits::default());
    assert!(matches!(splitter.step(&MAGIC), Step::Message { .. }));
    assert!(matches!(splitter.step(b"\x80\x80\x80\x08\x0A"), Step::NeedMore { .. }));
    assert!(matches!(decode(b"\x0A\x05\x0A\x03jpg"), Ok(Incoming::Frame(..))));
    let used = region.change();
    assert_eq!((used.allocations, used.bytes_allocated), (0, 0), "{used:?}");
}
