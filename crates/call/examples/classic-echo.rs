//! Joins a call with an original client and sends back what comes: for tests, and to try a server.
//!
//! In: a link, `okno://classic?server=HOST:PORT&code=ABC123`. Out: the other's own pictures and
//! sound, and on standard output what becomes of the call. Ends with it; the exit code is 0 when
//! the other one hung up.

use std::process::ExitCode;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use okno_call::classic::Target;
use okno_call::{
    Caller, End, Media, Options, Packet, Phase, Picture, Sound, VideoFrame, VideoQuality,
};

/// What waits to be sent back: five seconds of sound and pictures, so that a busy machine loses none
/// here, where it would not be counted.
const MOST: usize = 400;

enum Word {
    Sound(Vec<u8>),
    Picture(Vec<u8>),
    Changed,
}

struct Echo(Sender<Word>);

impl Echo {
    fn tell(&self, word: Word) {
        if let Err(TrySendError::Full(_)) = self.0.try_send(word) {
            eprintln!("dropped: the machine is too slow");
        }
    }
}

impl Media for Echo {
    fn start(&mut self, sound: Sound) {
        println!("in the call, {sound:?}");
    }

    fn stop(&mut self) {
        println!("call is over");
    }

    fn audio(&mut self, packet: Packet) {
        self.tell(Word::Sound(packet.data));
    }

    fn video(&mut self, frame: VideoFrame) {
        self.tell(Word::Picture(frame.data));
    }

    fn video_wanted(&mut self, wanted: VideoQuality) {
        println!("wanted: {} x {}, {} a second", wanted.width, wanted.height, wanted.rate);
    }
}

fn main() -> ExitCode {
    let target = match std::env::args().nth(1).unwrap_or_default().parse::<Target>() {
        Ok(target) => target,
        Err(error) => {
            eprintln!("classic-echo LINK: {error}");
            return ExitCode::from(2);
        }
    };
    let (sender, receiver) = bounded(MOST);
    let media = Box::new(Echo(sender.clone()));
    let caller = Caller::start_classic(target, &Options::default(), media, move || {
        // When it is full the loop looks anyway.
        let _ = sender.try_send(Word::Changed);
    });
    let end = echo(&caller, &receiver);
    let counters = caller.snapshot().counters;
    println!("{counters:?}");
    println!("ended: {} {}", end.name(), end.detail());
    ExitCode::from(u8::from(end != End::PeerHungUp))
}

fn echo(caller: &Caller, words: &Receiver<Word>) -> End {
    let mut phase = Phase::Connecting;
    loop {
        match words.recv_timeout(Duration::from_millis(100)) {
            Ok(Word::Sound(chunk)) => drop(caller.send_audio(0, &chunk)),
            Ok(Word::Picture(jpeg)) => drop(caller.send_video(Picture::jpeg(0, jpeg))),
            Ok(Word::Changed) | Err(_) => {}
        }
        let now = caller.snapshot().phase;
        if now != phase {
            println!("phase: {now:?}");
            phase = now;
        }
        if let Phase::Ended(end) = phase {
            return end;
        }
    }
}
