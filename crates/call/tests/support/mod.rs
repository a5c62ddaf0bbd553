//! A real relay in this process, two callers on real sockets, and media that remembers.

#![allow(dead_code, missing_docs, clippy::unwrap_used)]

pub mod hostile;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use okno_call::{
    Caller, Code, End, Media, Options, Packet, Phase, Picture, Relay, Snapshot, Sound, VideoFrame,
    VideoQuality, Want,
};
use okno_media::clock::now_ns;
use okno_relay::gate::GateLimits;
use okno_relay::identity::{Fingerprint, Identity};
use okno_relay::server;

/// How long anything may take on a busy machine before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Content that must never be seen by somebody between the two.
pub const SOUND: &[u8] = b"OpusHead known plain sound";
pub const PICTURE: &[u8] = b"\xFF\xD8\xFF\xE0 known plain picture JFIF";

/// Asks again and again until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = ask() {
            return value;
        }
        assert!(Instant::now() < end, "waited {} s in vain for {what}", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A relay with its own threads; killed when dropped.
pub struct TestRelay {
    runtime: Option<tokio::runtime::Runtime>,
    folder: Arc<tempfile::TempDir>,
    pub address: SocketAddr,
    pub fingerprint: Fingerprint,
    _server: server::Relay,
}

impl TestRelay {
    pub fn start() -> Self {
        log_to_memory();
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), "127.0.0.1:0".parse().unwrap())
    }

    fn start_in(folder: Arc<tempfile::TempDir>, listen: SocketAddr) -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let identity = Identity::load_or_make(&folder.path().join("state")).unwrap();
        let limits = GateLimits::default();
        let options = server::Options { listen, classic: None, metrics: None, limits };
        let server = runtime.block_on(server::Relay::start(&options, &identity)).unwrap();
        let address = server.addresses().calls;
        let fingerprint = identity.fingerprint;
        Self { runtime: Some(runtime), folder, address, fingerprint, _server: server }
    }

    /// Gone without a word.
    pub fn kill(mut self) -> Killed {
        self.runtime.take().unwrap().shutdown_timeout(Duration::from_secs(1));
        Killed { folder: Arc::clone(&self.folder), address: self.address }
    }

    /// Encrypted, with its key known.
    pub fn known(&self) -> Relay {
        relay(self.address, Some(self.fingerprint))
    }
}

impl Drop for TestRelay {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}

pub struct Killed {
    folder: Arc<tempfile::TempDir>,
    address: SocketAddr,
}

impl Killed {
    /// Back at the same address with the same key.
    pub fn start(self) -> TestRelay {
        TestRelay::start_in(self.folder, self.address)
    }
}

pub fn relay(address: SocketAddr, key: Option<Fingerprint>) -> Relay {
    Relay { host: address.ip().to_string(), port: address.port(), key }
}

/// What the media saw.
#[derive(Default)]
pub struct Seen {
    pub started: u32,
    pub stopped: u32,
    /// When it came, how old it was, its number.
    pub sound: Vec<(Instant, u64, u64)>,
    pub pictures: Vec<u32>,
    pub wanted: Option<VideoQuality>,
    /// Something came that nobody sent.
    pub foreign: Option<Vec<u8>>,
}

struct TestMedia(Arc<Mutex<Seen>>);

impl Media for TestMedia {
    fn start(&mut self, sound: Sound) {
        assert_eq!(sound, Sound::Opus);
        self.0.lock().unwrap().started += 1;
    }

    fn stop(&mut self) {
        self.0.lock().unwrap().stopped += 1;
    }

    fn audio(&mut self, packet: Packet) {
        let mut seen = self.0.lock().unwrap();
        match packet.data.strip_prefix(SOUND) {
            Some(time) => {
                let age = now_ns() - u64::from_be_bytes(time.try_into().unwrap());
                seen.sound.push((Instant::now(), age, packet.sequence));
            }
            None => seen.foreign = Some(packet.data),
        }
    }

    fn video(&mut self, frame: VideoFrame) {
        let mut seen = self.0.lock().unwrap();
        match frame.data.strip_prefix(PICTURE) {
            Some(_) => seen.pictures.push(frame.number),
            None => seen.foreign = Some(frame.data),
        }
    }

    fn video_wanted(&mut self, wanted: VideoQuality) {
        self.0.lock().unwrap().wanted = Some(wanted);
    }
}

/// A caller that sends sound and pictures all the time.
pub struct Person {
    pub caller: Arc<Caller>,
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    pump: Option<JoinHandle<()>>,
}

impl Person {
    pub fn start(relay: Relay) -> Self {
        Self::new(relay, Want::Start, Options::default())
    }

    pub fn join(relay: Relay, code: &Code) -> Self {
        Self::new(relay, Want::Join(code.clone()), Options::default())
    }

    pub fn new(relay: Relay, want: Want, options: Options) -> Self {
        log_to_memory();
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let media = Box::new(TestMedia(Arc::clone(&seen)));
        let caller = Arc::new(Caller::start(relay, want, options, media, || {}));
        let stop = Arc::new(AtomicBool::new(false));
        let (to, end) = (Arc::clone(&caller), Arc::clone(&stop));
        let pump = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                let now = now_ns();
                to.send_audio(now, &[SOUND, &now.to_be_bytes()].concat());
                if to.wants_video() {
                    to.send_video(Picture::jpeg(now, [PICTURE, &[7; 20_000]].concat()));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        Self { caller, seen, stop, pump: Some(pump) }
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    pub fn snapshot(&self) -> Snapshot {
        self.caller.snapshot()
    }

    pub fn code(&self) -> Code {
        until("a code", || {
            let snapshot = self.snapshot();
            assert!(!matches!(snapshot.phase, Phase::Ended(_)), "{:?}", snapshot.phase);
            snapshot.code
        })
    }

    /// Waits for a phase.
    pub fn until(&self, what: &str, is: impl Fn(&Phase) -> bool) -> Snapshot {
        let mut last = None;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let snapshot = self.snapshot();
            if is(&snapshot.phase) {
                return snapshot;
            }
            last = Some(snapshot);
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("waited in vain for {what}: {last:?}");
    }

    pub fn in_call(&self) -> Snapshot {
        self.until("the call", |phase| *phase == Phase::InCall)
    }

    pub fn ended(&self) -> End {
        let snapshot = self.until("an end", |phase| matches!(phase, Phase::Ended(_)));
        match snapshot.phase {
            Phase::Ended(end) => end,
            _ => unreachable!(),
        }
    }

    /// Waits until more sound and pictures have come.
    pub fn hears_and_sees(&self) {
        let sound = self.seen().sound.len();
        let pictures = self.seen().pictures.len();
        until("sound and pictures", || {
            let seen = self.seen();
            (seen.sound.len() > sound + 10 && seen.pictures.len() > pictures + 3).then_some(())
        });
        assert_eq!(self.seen().foreign, None, "something came that nobody sent");
    }

    /// Nothing at all was opened.
    pub fn got_nothing(&self) {
        let seen = self.seen();
        assert!(seen.sound.is_empty() && seen.pictures.is_empty() && seen.foreign.is_none());
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.pump.take().map(JoinHandle::join);
    }
}

/// Two people in a call.
pub fn pair(one: &Relay, two: &Relay) -> (Person, Person) {
    let anna = Person::start(one.clone());
    let bert = Person::join(two.clone(), &anna.code());
    anna.in_call();
    bert.in_call();
    (anna, bert)
}

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Memory;

impl log::Log for Memory {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target().starts_with("okno") {
            LOG.lock().unwrap().push(format!("{} {}", record.level(), record.args()));
        }
    }

    fn flush(&self) {}
}

fn log_to_memory() {
    // A second time it is there already.
    let _ = log::set_logger(&Memory).map(|()| log::set_max_level(log::LevelFilter::Info));
}

/// Waits until the log of this process holds a text.
pub fn logged(text: &str) {
    until(&format!("{text:?} in the log"), || {
        LOG.lock().unwrap().iter().any(|line| line.contains(text)).then_some(())
    });
}

/// The log never shows a secret.
pub fn never_logged(text: &str) {
    assert!(!LOG.lock().unwrap().iter().any(|line| line.contains(text)), "{text} in the log");
}
