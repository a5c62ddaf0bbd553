//! What an Okno sender is told over a real connection: demand at once, the first two frames
//! confirmed together behind a ping, each one afterwards.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use okno_wire::okno::{FrameMeta, FrameWriter, Incoming, MAGIC, VERSION, decode, encode};
use okno_wire::proto::okno::{ClockPong, Hello, envelope::Message};
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

    fn frame(&mut self) {
        let jpeg = jpeg(64, 48, 90);
        let mut writer = FrameWriter::default();
        let (head, tail) = writer.wrap(&FrameMeta::default(), jpeg.len());
        let bytes = [head, &jpeg, tail].concat();
        self.say(&bytes);
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

    /// Hears until so many frames are confirmed; gives what was said before, pings answered.
    fn confirmed(&mut self, frames: u64) -> Vec<Message> {
        let mut before = Vec::new();
        loop {
            match self.hear() {
                Message::Feedback(feedback) if feedback.frames_received >= frames => {
                    assert_eq!(feedback.frames_received, frames);
                    return before;
                }
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
    }
}

fn is_ping(message: &Message) -> bool {
    matches!(message, Message::ClockPing(_))
}

#[test]
fn two_frames_are_confirmed_together_behind_a_ping_then_each() {
    let viewer = Viewer::start(0);
    let mut sender = Sender::connect(&viewer);
    let stream = viewer.stream();
    let watcher = Watcher::new(&stream, (64, 48));
    // Nothing is confirmed by this, and the size is told.
    while !matches!(sender.hear(), Message::Feedback(f) if f.shown_width == 64) {}
    sender.frame();
    let _ = watcher.next();
    sender.frame();
    let before = sender.confirmed(2);
    assert!(before.last().is_some_and(is_ping), "{before:?}");
    let _ = watcher.next();
    for number in 3..20 {
        sender.frame();
        sender.confirmed(number);
        assert_eq!(watcher.next().number, number);
    }
}

#[test]
fn a_sender_that_waits_for_each_confirmation_gets_it() {
    let viewer = Viewer::start(0);
    let mut sender = Sender::connect(&viewer);
    for number in 1..5 {
        sender.frame();
        sender.confirmed(number);
    }
}
