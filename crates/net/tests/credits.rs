//! What an Okno sender is told over a real connection: demand at once, the first two frames
//! confirmed together behind a ping, each one afterwards.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use okno_wire::okno::{FrameMeta, FrameWriter, Incoming, MAGIC, VERSION, decode, encode};
use okno_wire::proto::okno::{ClockPong, Feedback, Hello, envelope::Message};
use support::{PATIENCE, Viewer, Watcher, jpeg};

struct Sender(TcpStream);

impl Sender {
    fn connect(viewer: &Viewer) -> Self {
        let socket = viewer.connect();
        socket.set_read_timeout(Some(PATIENCE)).expect("an option");
        let mut sender = Self(socket);
        let mut hello = MAGIC.to_vec();
        let said = Hello { version: VERSION, name: "test".into(), ..Hello::default() };
        encode(Message::Hello(said), &mut hello);
        sender.say(&hello);
        sender
    }

    fn say(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("the viewer reads");
    }

    /// So many frames in one piece, which the viewer reads at once.
    fn frames(&mut self, count: usize) {
        let jpeg = jpeg(64, 48, 90);
        let mut writer = FrameWriter::default();
        let (head, tail) = writer.wrap(&FrameMeta::default(), jpeg.len());
        let bytes = [head, &jpeg, tail].concat();
        self.say(&bytes.repeat(count));
    }

    fn hear(&mut self) -> Message {
        let (mut len, mut shift) = (0, 0);
        loop {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("the viewer speaks");
            len |= usize::from(byte[0] & 127) << shift;
            shift += 7;
            if byte[0] < 128 {
                break;
            }
        }
        let mut envelope = vec![0; len];
        self.0.read_exact(&mut envelope).expect("the viewer speaks");
        match decode(&envelope) {
            Ok(Incoming::Other(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    /// Hears until so many frames are confirmed; gives what was said before.
    fn confirmed(&mut self, frames: u64) -> Vec<Message> {
        let (before, last) = self.until(|feedback| feedback.frames_received >= frames);
        assert_eq!(last.frames_received, frames);
        before
    }

    /// Hears until a feedback is what is waited for; gives what was said before and the feedback.
    /// Pings are answered. They also keep the socket from falling silent, so that its own time
    /// limit ends no wait here.
    fn until(&mut self, is_it: impl Fn(&Feedback) -> bool) -> (Vec<Message>, Feedback) {
        let begun = Instant::now();
        let mut before = Vec::new();
        while begun.elapsed() < PATIENCE {
            match self.hear() {
                Message::Feedback(feedback) if is_it(&feedback) => return (before, feedback),
                message => {
                    if let Message::ClockPing(ping) = &message {
                        let mut pong = Vec::new();
                        let said = ClockPong { id: ping.id, ..ClockPong::default() };
                        encode(Message::ClockPong(said), &mut pong);
                        self.say(&pong);
                    }
                    before.push(message);
                }
            }
        }
        panic!("not told within {PATIENCE:?}; only {before:?}");
    }
}

/// How often the first frames are sent anew.
const MOST_TRIES: u32 = 20;

/// For how long a viewer holds confirmations back, at most (`okno_session::credits`).
const HELD: Duration = Duration::from_millis(500);

/// A sender whose first two frames were confirmed together, behind a ping; `None` if that took so
/// long that they need not have been.
fn two_frames_in_time() -> Option<(Viewer, Sender, Watcher)> {
    let viewer = Viewer::start(0);
    let begun = Instant::now();
    let mut sender = Sender::connect(&viewer);
    let stream = viewer.stream();
    let watcher = Watcher::new(&stream, (64, 48));
    // Nothing is confirmed by this, and the size is told.
    sender.until(|feedback| feedback.shown_width == 64);
    // In one piece: nobody takes the picture of a first frame that came alone, and a second one
    // would wait for that before the decoders, unconfirmed.
    sender.frames(2);
    let before = sender.confirmed(2);
    if begun.elapsed() >= HELD {
        return None;
    }
    // One of them may wait for a decoder, and be confirmed after the other.
    let confirms = |m: &Message| matches!(m, Message::Feedback(f) if f.frames_received > 0);
    let first = before.iter().find(|message| is_ping(message) || confirms(message));
    assert!(first.is_some_and(is_ping), "{before:?}");
    Some((viewer, sender, watcher))
}

fn is_ping(message: &Message) -> bool {
    matches!(message, Message::ClockPing(_))
}

#[test]
fn two_frames_are_confirmed_together_behind_a_ping_then_each() {
    // The first frames are held back for half a second at most: on a machine that was busy for
    // longer, which says nothing, it is tried again.
    let (viewer, mut sender, watcher) = (0..MOST_TRIES)
        .find_map(|_| two_frames_in_time())
        .expect("a machine that has half a second for two frames");
    let _ = &viewer;
    while watcher.next().number < 2 {}
    for number in 3..20 {
        sender.frames(1);
        sender.confirmed(number);
        assert_eq!(watcher.next().number, number);
    }
}

#[test]
fn a_sender_that_waits_for_each_confirmation_gets_it() {
    let viewer = Viewer::start(0);
    let mut sender = Sender::connect(&viewer);
    for number in 1..5 {
        sender.frames(1);
        sender.confirmed(number);
    }
}
