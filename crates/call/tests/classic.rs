//! Calls with original clients over real sockets: through `okno-relay`'s classic ports, and with
//! this test in the place of server and other client, so that each byte is seen.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use okno_call::classic::{CHUNK, Server, Target};
use okno_call::{
    Caller, End, Media, Options, Packet, Phase, Picture, Snapshot, Sound, VideoFrame, VideoQuality,
};
use okno_relay::gate::GateLimits;
use okno_relay::identity::Identity;
use okno_relay::server;
use support::{PATIENCE, until};

/// What the media saw.
#[derive(Default)]
struct Seen {
    started: u32,
    stopped: u32,
    sound: Vec<Vec<u8>>,
    pictures: Vec<Vec<u8>>,
    wanted: Option<VideoQuality>,
}

struct TestMedia(Arc<Mutex<Seen>>);

impl Media for TestMedia {
    fn start(&mut self, sound: Sound) {
        assert_eq!(sound, Sound::Pcm44);
        self.0.lock().unwrap().started += 1;
    }

    fn stop(&mut self) {
        self.0.lock().unwrap().stopped += 1;
    }

    fn audio(&mut self, packet: Packet) {
        self.0.lock().unwrap().sound.push(packet.data);
    }

    fn video(&mut self, frame: VideoFrame) {
        self.0.lock().unwrap().pictures.push(frame.data);
    }

    fn video_wanted(&mut self, wanted: VideoQuality) {
        self.0.lock().unwrap().wanted = Some(wanted);
    }
}

struct Person {
    caller: Caller,
    seen: Arc<Mutex<Seen>>,
}

impl Person {
    fn call(target: &Target) -> Self {
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let media = Box::new(TestMedia(Arc::clone(&seen)));
        let caller = Caller::start_classic(target.clone(), &Options::default(), media, || {});
        assert!(!caller.snapshot().sealed, "never looks encrypted, not even for a moment");
        Self { caller, seen }
    }

    fn until(&self, what: &str, is: impl Fn(&Phase) -> bool) -> Snapshot {
        let snapshot = until(what, || Some(self.caller.snapshot()).filter(|s| is(&s.phase)));
        assert!(!snapshot.sealed && snapshot.safety_code.is_none());
        snapshot
    }

    fn in_call(&self) -> Snapshot {
        self.until("the call", |phase| *phase == Phase::InCall)
    }

    fn ended(&self) -> End {
        let snapshot = self.until("an end", |phase| matches!(phase, Phase::Ended(_)));
        until("the thread's end", || self.caller.is_finished().then_some(()));
        let seen = self.seen.lock().unwrap();
        assert_eq!(seen.started, seen.stopped, "what was started is stopped");
        let Phase::Ended(end) = snapshot.phase else { unreachable!() };
        end
    }
}

fn target(video: SocketAddr, audio: SocketAddr) -> Target {
    let server =
        Server { host: video.ip().to_string(), video_port: video.port(), audio_port: audio.port() };
    Target { server, code: "ABC123".parse().unwrap() }
}

/// A JPEG's beginning and end, and all bytes that there are in between.
fn picture(number: u8) -> Vec<u8> {
    let middle: Vec<u8> = (0..=255).cycle().skip(number.into()).take(9_000).collect();
    [b"\xFF\xD8", &middle[..], b"\xFF\xD9"].concat()
}

fn chunk(number: u8) -> Vec<u8> {
    vec![number; CHUNK]
}

/// This program in the place of the server and of the other client.
struct Peer {
    video: TcpStream,
    audio: TcpStream,
}

impl Peer {
    /// A caller that has reached the server.
    fn meet() -> (Person, Self) {
        let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (video, audio) = (listen(), listen());
        let person =
            Person::call(&target(video.local_addr().unwrap(), audio.local_addr().unwrap()));
        let accept = |listener: &TcpListener| {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let mut hello = [0; 10];
            stream.read_exact(&mut hello).unwrap();
            assert_eq!(&hello, b"\x06\0\0\0ABC123");
            stream
        };
        let peer = Self { video: accept(&video), audio: accept(&audio) };
        (person, peer)
    }

    /// A caller that is in the call with this.
    fn in_call() -> (Person, Self) {
        let (person, mut peer) = Self::meet();
        peer.audio.write_all(&chunk(1)).unwrap();
        person.in_call();
        (person, peer)
    }

    fn send_pickle(&mut self, pickle: &[u8]) {
        let size = u32::try_from(pickle.len()).unwrap().to_le_bytes();
        self.video.write_all(&[&size[..], pickle].concat()).unwrap();
    }

    fn chunk(&mut self) -> Vec<u8> {
        let mut chunk = vec![0; CHUNK];
        self.audio.read_exact(&mut chunk).unwrap();
        chunk
    }

    /// Bytes of the next picture's pickle.
    fn pickle(&mut self) -> Vec<u8> {
        let mut size = [0; 4];
        self.video.read_exact(&mut size).unwrap();
        let mut pickle = vec![0; u32::from_le_bytes(size) as usize];
        self.video.read_exact(&mut pickle).unwrap();
        pickle
    }
}

/// okno-relay with its classic ports, in this process.
struct Relay {
    runtime: Option<tokio::runtime::Runtime>,
    _folder: tempfile::TempDir,
    target: Target,
    _server: server::Relay,
}

impl Relay {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let identity = Identity::load_or_make(&folder.path().join("state")).unwrap();
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let limits = GateLimits::default();
        let options =
            server::Options { listen: any, classic: Some((any, any)), metrics: None, limits };
        let server = runtime.block_on(server::Relay::start(&options, &identity)).unwrap();
        let (video, audio) = server.addresses().classic.unwrap();
        let target = target(video, audio);
        Self { runtime: Some(runtime), _folder: folder, target, _server: server }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}

#[test]
fn two_callers_see_and_hear_each_other_through_the_relay() {
    let relay = Relay::start();
    let (anna, bert) = (Person::call(&relay.target), Person::call(&relay.target));
    anna.in_call();
    bert.in_call();
    let mut number = 0u8;
    until("sound and pictures both ways", || {
        number = number.wrapping_add(1);
        for person in [&anna, &bert] {
            person.caller.send_audio(0, &chunk(7));
            person.caller.send_video(Picture::jpeg(0, picture(number)));
        }
        let came = |person: &Person| {
            let seen = person.seen.lock().unwrap();
            seen.sound.iter().filter(|sound| **sound == chunk(7)).count() > 20
                && seen.pictures.len() > 5
        };
        (came(&anna) && came(&bert)).then_some(())
    });
    for person in [&anna, &bert] {
        let seen = person.seen.lock().unwrap();
        let sent: Vec<Vec<u8>> = (0..=255).map(picture).collect();
        assert!(seen.pictures.iter().all(|picture| sent.contains(picture)), "byte for byte");
        let silence_or_ours = |sound: &Vec<u8>| *sound == chunk(7) || *sound == chunk(0);
        assert!(seen.sound.iter().all(silence_or_ours), "chunks stay whole");
        assert!(seen.wanted.is_some_and(|wanted| wanted.width > 0));
    }
    anna.caller.hang_up();
    assert_eq!(anna.ended(), End::HungUp);
    assert_eq!(bert.ended(), End::PeerHungUp);
}

#[test]
fn only_a_chunk_of_silence_goes_before_the_other_one_is_there() {
    let (person, mut peer) = Peer::meet();
    person.until("waiting", |phase| *phase == Phase::Waiting);
    assert_eq!(peer.chunk(), chunk(0));
    assert!(!person.caller.send_audio(0, &chunk(9)), "nobody would hear it");
    assert!(!person.caller.send_video(Picture::jpeg(0, picture(9))));
    for stream in [&mut peer.video, &mut peer.audio] {
        stream.set_nonblocking(true).unwrap();
        let error = stream.read(&mut [0]).expect_err("nothing more");
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
        stream.set_nonblocking(false).unwrap();
    }
    peer.audio.write_all(&chunk(1)).unwrap();
    person.in_call();
    assert!(person.caller.send_video(Picture::jpeg(0, picture(3))));
    let pickle = peer.pickle();
    assert!(pickle.starts_with(b"cnumpy.core.multiarray\n_reconstruct\np0\n"));
    // What a real Python takes is in tests/interop; here it comes back to where it came from.
    peer.send_pickle(&pickle);
    until("the picture", || {
        person.seen.lock().unwrap().pictures.pop().filter(|p| *p == picture(3))
    });
}

#[test]
fn a_muted_caller_sends_silence_and_the_stream_goes_on() {
    let (person, mut peer) = Peer::in_call();
    person.caller.set_muted(true);
    for _ in 0..30 {
        assert_eq!(peer.chunk(), chunk(0));
        assert!(!person.caller.send_audio(0, &chunk(9)));
    }
    person.caller.set_muted(false);
    let mut found = false;
    for _ in 0..1_000 {
        person.caller.send_audio(0, b"no chunk: would shift all others");
        person.caller.send_audio(0, &chunk(9));
        let came = peer.chunk();
        assert!(came == chunk(0) || came == chunk(9), "whole chunks only");
        found |= came == chunk(9);
        if found {
            return;
        }
    }
    panic!("no sound after unmuting");
}

#[test]
fn a_silent_server_is_waited_for_and_can_be_left() {
    let (person, _peer) = Peer::meet();
    person.until("waiting", |phase| *phase == Phase::Waiting);
    person.caller.hang_up();
    assert_eq!(person.ended(), End::HungUp);
    // Dropping hangs up as well, and is not held up by a server that says nothing.
    let (person, _peer) = Peer::meet();
    let before = Instant::now();
    drop(person);
    assert!(before.elapsed() < PATIENCE);
}

#[test]
fn a_server_that_is_not_there_or_leaves_is_told_in_words() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let End::Unreachable(words) = Person::call(&target(nobody, nobody)).ended() else {
        panic!("another end");
    };
    assert!(words.contains(&format!("port {}: Connection refused", nobody.port())), "{words}");
    let (person, peer) = Peer::meet();
    drop(peer);
    let End::Unreachable(words) = person.ended() else { panic!("another end") };
    assert_eq!(words, "the server closed the connection");
    let (person, peer) = Peer::in_call();
    drop(peer.video);
    assert_eq!(person.ended(), End::PeerHungUp, "one connection is enough");
}

#[test]
fn a_pickle_that_would_run_a_command_ends_the_call_and_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let (person, mut peer) = Peer::in_call();
    peer.send_pickle(
        format!("cposix\nsystem\np0\n(Vtouch {}\np1\ntp2\nRp3\n.", trace.display()).as_bytes(),
    );
    let End::Protocol(words) = person.ended() else { panic!("another end") };
    assert!(words.starts_with("the name posix.system at byte 14"), "{words}");
    assert!(!trace.exists());
    assert!(person.seen.lock().unwrap().pictures.is_empty());
}

#[test]
fn four_gigabytes_end_the_call_before_they_come() {
    let (person, mut peer) = Peer::in_call();
    peer.video.write_all(&[0xFF; 4]).unwrap();
    let End::Protocol(words) = person.ended() else { panic!("another end") };
    assert!(words.starts_with("a picture of 4294967295 bytes announced at byte 0"), "{words}");
}

#[test]
fn a_flood_of_pictures_does_not_stop_the_sound() {
    let (person, mut peer) = Peer::in_call();
    person.caller.send_video(Picture::jpeg(0, picture(0)));
    let pickle = peer.pickle();
    let mut video = peer.video.try_clone().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&stop);
    let flood = std::thread::spawn(move || {
        let size = u32::try_from(pickle.len()).unwrap().to_le_bytes();
        let many = [&size[..], &pickle].concat().repeat(20);
        while !end.load(Ordering::Relaxed) && video.write_all(&many).is_ok() {}
    });
    until("more pictures than a second may have", || {
        (person.caller.snapshot().counters.flooded > 200).then_some(())
    });
    let heard = person.seen.lock().unwrap().sound.len();
    for number in 0..20 {
        peer.audio.write_all(&chunk(number)).unwrap();
    }
    until("the sound", || (person.seen.lock().unwrap().sound.len() >= heard + 20).then_some(()));
    assert_eq!(person.caller.snapshot().phase, Phase::InCall);
    stop.store(true, Ordering::Relaxed);
    drop(person);
    flood.join().unwrap();
}

#[test]
fn who_takes_nothing_costs_old_sound_and_pictures_and_nothing_else() {
    let (person, mut peer) = Peer::in_call();
    until("drops of both", || {
        person.caller.send_audio(0, &chunk(9));
        person.caller.send_video(Picture::jpeg(0, picture(1).repeat(20)));
        let counters = person.caller.snapshot().counters;
        (counters.audio_dropped > 50 && counters.video_dropped > 50).then_some(())
    });
    let heard = person.seen.lock().unwrap().sound.len();
    peer.audio.write_all(&chunk(5)).unwrap();
    until("the other direction", || {
        (person.seen.lock().unwrap().sound.len() > heard).then_some(())
    });
    // What was on its way is still whole.
    while peer.chunk() != chunk(9) {}
    assert!(peer.pickle().ends_with(b"\np17\ng5\ntp18\nRp19\ntp20\nb."));
}
