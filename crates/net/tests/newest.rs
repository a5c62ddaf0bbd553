//! Of what a socket holds, the newest frame is shown, and nothing after something newer.

mod support;

use std::io::Write as _;
use std::sync::atomic::Ordering::Relaxed;

use okno_session::HISTORY_SPAN;
use okno_wire::Format;
use support::{Viewer, Watcher, jpeg};

fn framed(jpeg: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    assert!(Format::Be32.wrap(jpeg.len(), &mut bytes));
    bytes.extend_from_slice(jpeg);
    bytes
}

/// Frames whose brightness tells their number.
fn numbered(count: u8) -> Vec<u8> {
    (0..count).flat_map(|i| framed(&jpeg(64, 48, i * 2))).collect()
}

#[test]
fn a_burst_is_counted_in_full_and_shown_by_its_last_frame() {
    let viewer = Viewer::start(HISTORY_SPAN);
    let mut socket = viewer.connect();
    socket.write_all(&framed(&jpeg(64, 48, 250))).expect("the viewer reads");
    let stream = viewer.stream();
    let watcher = Watcher::new(&stream, (64, 48));
    assert_eq!(watcher.next().number, 1);
    socket.write_all(&numbered(100)).expect("the viewer reads");
    let mut last = 1;
    while last < 101 {
        let picture = watcher.next();
        assert!(picture.number > last, "{} after {last}", picture.number);
        last = picture.number;
        let brightness = i32::from(picture.pixels[0]);
        assert!(
            (brightness - (last as i32 - 2) * 2).abs() <= 2,
            "{brightness} is not frame {last}"
        );
    }
    let c = &stream.counters;
    let (received, decoded) = (c.received.load(Relaxed), c.decoded.load(Relaxed));
    assert_eq!(received, 101);
    assert_eq!(received, decoded + c.superseded.load(Relaxed) + c.hidden.load(Relaxed));
}

#[test]
fn the_last_frame_of_a_sender_that_leaves_at_once_is_shown() {
    let viewer = Viewer::start(HISTORY_SPAN);
    let mut socket = viewer.connect();
    socket.write_all(&numbered(20)).expect("the viewer reads");
    drop(socket);
    let stream = viewer.stream();
    viewer.streams.wait("end of the stream", |seen| (seen.lost == 1).then_some(()));
    let watcher = Watcher::new(&stream, (64, 48));
    assert_eq!(watcher.next().number, 20);
    assert_eq!(stream.counters.received.load(Relaxed), 20);
}

#[test]
fn a_sender_without_end_leaves_others_their_turn() {
    let viewer = Viewer::start(HISTORY_SPAN);
    let endless = viewer.connect();
    let stop = endless.try_clone().expect("a second handle");
    let burst = numbered(120).repeat(20);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut endless = endless;
            while endless.write_all(&burst).is_ok() {}
        });
        let first = viewer.stream();
        let busy = Watcher::new(&first, (64, 48));
        let _ = busy.next();
        let mut paced = viewer.connect();
        paced.write_all(&numbered(1)).expect("the viewer reads");
        let second = viewer.streams.wait("second stream", |seen| seen.opened.get(1).cloned());
        let watcher = Watcher::new(&second, (64, 48));
        for number in 1..=50 {
            assert_eq!(watcher.next().number, number);
            let before = busy.next().number;
            assert!(busy.next().number > before);
            paced.write_all(&numbered(1)).expect("the viewer reads");
        }
        stop.shutdown(std::net::Shutdown::Both).expect("it was open");
    });
}
