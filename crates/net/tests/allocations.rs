//! A frame's way through the viewer allocates nothing once it is warm: socket, receive buffer,
//! splitter, slot, decoder, picture, view, figures.
//!
//! Counted by Rust's allocator. Not counted, because they are not Rust's: libjpeg-turbo's own
//! working memory, which it takes from malloc for each picture and gives back, and what Qt does
//! with the picture afterwards (an image of the same pixels and a node of the scene graph).
//! Without the look-back, which has its own share of memory and takes it as frames arrive.
//! Stands alone in its file, because another test's allocations on another thread would count.

mod support;

use std::alloc::System;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use okno_wire::Format;
use okno_wire::okno::{FrameMeta, FrameWriter, MAGIC, VERSION, encode};
use okno_wire::proto::okno::{Hello, envelope::Message};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::{Viewer, Watcher, jpeg};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Frames until everything has its size; the figures keep the last 600.
const WARM: usize = 800;
/// Frames that are counted.
const COUNTED: usize = 3000;

/// The bytes of each frame, in turn: larger and smaller ones.
fn frames(wrap: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Vec<u8>> {
    [(320, 240), (160, 120), (640, 480)].map(|(w, h)| wrap(&jpeg(w, h, 90))).into()
}

/// Allocations of `COUNTED` frames, each of which is sent when the one before is shown.
fn allocations(socket: &mut TcpStream, watcher: &Watcher, frames: &[Vec<u8>]) -> usize {
    let mut spoken = [0; 4096];
    let mut region = Region::new(ALLOCATOR);
    for i in 0..WARM + COUNTED {
        if i == WARM {
            region.reset();
        }
        send(socket, &frames[i % frames.len()]);
        let _ = watcher.next();
        // What the viewer says must not fill the socket.
        let _ = socket.read(&mut spoken);
    }
    let change = region.change();
    change.allocations + change.reallocations
}

fn send(socket: &mut TcpStream, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match socket.write(bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(error) => panic!("the viewer reads: {error}"),
        }
    }
}

fn shown(format: Format) -> usize {
    let viewer = Viewer::start(0);
    let mut socket = viewer.connect();
    let frames = if format == Format::Okno {
        let mut hello = MAGIC.to_vec();
        let said = Hello { version: VERSION, name: "test".into(), ..Hello::default() };
        encode(Message::Hello(said), &mut hello);
        socket.write_all(&hello).expect("the viewer reads");
        frames(|jpeg| {
            let mut writer = FrameWriter::default();
            let (head, tail) = writer.wrap(&FrameMeta::default(), jpeg.len());
            [head, jpeg, tail].concat()
        })
    } else {
        frames(|jpeg| {
            let mut bytes = Vec::new();
            assert!(format.wrap(jpeg.len(), &mut bytes));
            bytes.extend_from_slice(jpeg);
            bytes
        })
    };
    socket.write_all(&frames[0]).expect("the viewer reads");
    let watcher = Watcher::new(&viewer.stream(), (100, 100));
    let _ = watcher.next();
    socket.set_nonblocking(true).expect("an option");
    allocations(&mut socket, &watcher, &frames)
}

#[test]
fn a_frame_allocates_nothing() {
    for format in [Format::Be32, Format::Mjpeg, Format::Okno] {
        assert_eq!(shown(format), 0, "allocations of {COUNTED} frames, {format}");
    }
}
