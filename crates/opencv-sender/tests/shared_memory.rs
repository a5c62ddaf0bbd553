//! One machine: the sender against the viewer's own network, hub and decoders. Frames go through
//! shared memory by themselves, as JPEG where that is asked for or needed, and nobody's end is
//! the other's.

mod common;
#[allow(dead_code)]
#[path = "../../net/tests/support/mod.rs"]
mod viewer;

use std::sync::Arc;

use common::{Sender, assert_adds_up, wait_until};
use okno_media::{Picture, clock};
use okno_session::{Stream, View};
use okno_testkit::barcode::{self, Stamp};
use viewer::Viewer;

const SOURCE: &str = "test:640x360@50?barcode=1&stream=3";

fn start(viewer: &Viewer, more: &[&str]) -> Sender {
    let to = format!("tcp://{}", viewer.address);
    Sender::start(&[&["-i", SOURCE, "-n", "door", "--to", &to, "--json"], more].concat())
}

/// The newest stream that the viewer has, shown at this size.
fn show(viewer: &Viewer, starts: usize, size: (u32, u32)) -> View {
    let stream = viewer.streams.wait("stream", |seen| seen.opened.get(starts).cloned());
    let view = View::new(&stream, Box::new(|| {}));
    view.set_shown(size.0, size.1, true);
    view
}

/// The number in a picture's pixels, if top and bottom agree.
fn stamp(picture: &Picture) -> Option<Stamp> {
    let pixels = picture.pixels.chunks_exact(4).take((picture.width * picture.height) as usize);
    let bgr: Vec<u8> = pixels.flat_map(|p| [p[0], p[1], p[2]]).collect();
    let (width, height) = (picture.width as usize, picture.height as usize);
    barcode::read_both(&bgr, width, height, width * 3)
}

fn is_shared(stream: &Stream) -> bool {
    stream.figures(clock::now_ns()).shared_memory
}

/// Takes pictures until `count` came that `ready` likes; each newer than the one before and whole.
fn watch(view: &View, count: usize, ready: impl Fn(&Picture) -> bool) -> Arc<Picture> {
    let (mut last, mut seen) = (None, 0);
    let mut picture = None;
    wait_until("pictures", || {
        if let Some(taken) = view.take() {
            let stamp = stamp(&taken).expect("a whole picture with its number");
            assert_eq!(stamp.stream, 3);
            assert!(last < Some(stamp.frame), "{last:?}, then {}", stamp.frame);
            last = Some(stamp.frame);
            seen += usize::from(ready(&taken));
            picture = Some(taken);
        }
        seen >= count
    });
    picture.expect("at least one")
}

#[test]
fn pictures_come_uncompressed_at_the_size_that_is_shown() {
    let viewer = Viewer::start(0);
    let sender = start(&viewer, &[]);
    let view = show(&viewer, 0, (320, 180));
    let stream = Arc::clone(view.stream());
    wait_until("shared memory", || {
        let _ = view.take();
        is_shared(&stream)
    });
    watch(&view, 20, |picture| (picture.width, picture.height) == (320, 180));
    // Focused: full size comes, and goes again.
    view.set_shown(1280, 720, true);
    watch(&view, 5, |picture| (picture.width, picture.height) == (640, 360));
    view.set_shown(240, 135, true);
    watch(&view, 5, |picture| (picture.width, picture.height) == (240, 135));
    assert!(is_shared(&stream));
    // A snapshot is a JPEG all the same.
    let still = stream.encoded_still().expect("a frame");
    let jpeg = still.to_jpeg().expect("encoded");
    let mut decoded = Picture::default();
    let mut decoder = okno_media::Decoder::new().expect("a decoder");
    decoder.decode(&jpeg, (0, 0), &mut decoded).expect("a JPEG");
    assert!(stamp(&decoded).is_some());
    sender.signal(15);
    let last = sender.wait().last();
    assert_adds_up(&last);
    assert!(last["shared"].as_u64() >= Some(30), "{last}");
    assert_eq!(last["dropped"]["failed"], 0);
    assert_eq!(stream.figures(0).invalid, 0);
}

#[test]
fn jpeg_where_it_is_asked_for() {
    let viewer = Viewer::start(0);
    let sender = start(&viewer, &["--codec", "jpeg"]);
    let view = show(&viewer, 0, (320, 180));
    watch(&view, 30, |picture| picture.width == 320);
    assert!(!is_shared(view.stream()));
    sender.signal(15);
    assert_eq!(sender.wait().last()["shared"], 0);
}

#[test]
fn a_recording_gets_jpegs_and_then_memory_is_shared_again() {
    let viewer = Viewer::start(0);
    let sender = start(&viewer, &[]);
    let view = show(&viewer, 0, (320, 180));
    let stream = Arc::clone(view.stream());
    wait_until("shared memory", || view.take().is_some() && is_shared(&stream));
    let (frames, recorded) = crossbeam_channel::bounded(100);
    let tap = okno_session::Tap { frames, waiting: Arc::default(), dropped: Arc::default() };
    assert!(stream.record(tap, 0).is_some());
    for _ in 0..5 {
        let frame = recorded.recv_timeout(common::HANG).expect("a frame to record");
        assert!(frame.jpeg().starts_with(&[0xFF, 0xD8]));
    }
    stream.stop_recording();
    wait_until("shared memory again", || view.take().is_some() && is_shared(&stream));
    sender.signal(15);
    sender.wait();
}

#[test]
fn either_may_be_killed_and_comes_back() {
    let viewer = Viewer::start(0);
    let first = start(&viewer, &[]);
    let view = show(&viewer, 0, (320, 180));
    let stream = Arc::clone(view.stream());
    wait_until("shared memory", || view.take().is_some() && is_shared(&stream));
    first.signal(9);
    viewer.streams.wait("end of the sender", |seen| (seen.lost == 1).then_some(()));
    assert!(stream.encoded_still().is_some_and(|frame| frame.to_jpeg().is_ok()));
    let second = start(&viewer, &[]);
    viewer.streams.wait("second sender", |seen| seen.opened.get(1).map(drop));
    wait_until("its shared memory", || view.take().is_some() && is_shared(&stream));
    // The viewer ends: the sender looks for it again and has nothing mapped that it can't write.
    drop(view);
    drop(viewer);
    wait_until("the loss", || second.statistics().is_some_and(|now| now["connected"] == false));
    second.signal(15);
    let last = second.wait();
    assert_eq!(last.code, Some(143));
    assert_adds_up(&last.last());
}
