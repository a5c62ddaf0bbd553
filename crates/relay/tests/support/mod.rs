//! The real program, a caller that writes its bytes by hand, and a wire that can be cut.

#![allow(dead_code, missing_docs, clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use okno_relay::client::{Call, Event, Target, Trust, Want};
use okno_relay::identity::Fingerprint;
use okno_relay::proto::call_hello::Want as HelloWant;
use okno_relay::proto::relay_message::Message;
use okno_relay::proto::{Allocate, CallHello, EndReason, Ended, Joined};
use okno_relay::record::{self, Kind, MAGIC, Reader, Record};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

/// How long anything may take on a busy machine before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for a future, or fails and says for what.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited {} s in vain for {what}", PATIENCE.as_secs()),
    }
}

/// Asks again and again until there is an answer.
pub async fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = ask() {
            return value;
        }
        assert!(Instant::now() < end, "waited {} s in vain for {what}", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A running `okno-relay`; killed when dropped.
pub struct Relay {
    child: Child,
    folder: Arc<tempfile::TempDir>,
    log: PathBuf,
    pub calls: SocketAddr,
    pub video: SocketAddr,
    pub audio: SocketAddr,
    pub metrics: SocketAddr,
    pub fingerprint: Fingerprint,
}

impl Relay {
    pub fn start() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::start_in(folder, "127.0.0.1:0", &[])
    }

    /// With these set in its environment.
    pub fn start_with(environment: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), "127.0.0.1:0", environment)
    }

    pub fn start_at(listen: &str) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), listen, &[])
    }

    fn start_in(
        folder: Arc<tempfile::TempDir>,
        listen: &str,
        environment: &[(&str, &str)],
    ) -> Self {
        let log = folder.path().join("log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_okno-relay"))
            .args(["--listen", listen, "--metrics", "127.0.0.1:0"])
            .args(["--classic-video", "127.0.0.1:0", "--classic-audio", "127.0.0.1:0", "--state"])
            .arg(folder.path().join("state"))
            .env("RUST_LOG", "okno_relay=debug")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::options().create(true).append(true).open(&log).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || match lines.next() {
            Some(line) => line.unwrap(),
            None => panic!("no relay: {}", std::fs::read_to_string(&log).unwrap()),
        };
        let after = |line: String, what: &str| -> String {
            line.strip_prefix(what).unwrap_or_else(|| panic!("{line:?}, not {what:?}")).to_owned()
        };
        let calls = after(line(), "calls on ").parse().unwrap();
        let fingerprint = after(line(), "key fingerprint ").parse().unwrap();
        let classic = after(line(), "classic video on ");
        let (video, audio) = classic.split_once(", classic audio on ").unwrap();
        let (video, audio) = (video.parse().unwrap(), audio.split_once(' ').unwrap().0);
        let metrics = after(line(), "figures on http://").replace("/metrics", "").parse().unwrap();
        let audio = audio.parse().unwrap();
        Self { child, folder, log, calls, video, audio, metrics, fingerprint }
    }

    /// Ends it without any warning.
    pub fn kill(self) -> Killed {
        Killed { folder: Arc::clone(&self.folder), calls: self.calls.to_string() }
    }

    /// Ends it without any warning and starts it again at the same address with the same key.
    pub fn kill_and_restart(self) -> Self {
        self.kill().start()
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until the log holds a text.
    pub async fn logged(&self, text: &str) {
        until(&format!("{text:?} in the log"), || self.log().contains(text).then_some(())).await;
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        // SAFETY: a plain system call; the process is our child and has not been waited for.
        #[allow(unsafe_code)]
        let sent = unsafe { libc::kill(self.child.id().cast_signed(), libc::SIGTERM) };
        assert_eq!(sent, 0);
    }

    /// Its exit code.
    pub async fn code(mut self) -> i32 {
        let child = &mut self.child;
        until("the relay's end", || child.try_wait().unwrap()).await.code().unwrap()
    }

    /// Resident memory in bytes.
    pub fn memory(&self) -> usize {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).unwrap();
        statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
    }

    pub fn metrics_text(&self) -> String {
        let mut stream = std::net::TcpStream::connect(self.metrics).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        std::io::Write::write_all(&mut stream, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// One figure.
    pub fn figure(&self, name: &str) -> u64 {
        let text = self.metrics_text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
    }

    pub fn target(&self) -> Target {
        target(self.calls, Trust::Pinned(self.fingerprint))
    }

    /// Two callers in one call.
    pub async fn pair(&self) -> (Call, Call) {
        pair(&self.target(), &self.target()).await
    }
}

/// A relay that was ended.
pub struct Killed {
    folder: Arc<tempfile::TempDir>,
    calls: String,
}

impl Killed {
    /// Starts it again at the same address with the same key.
    pub fn start(self) -> Relay {
        Relay::start_in(self.folder, &self.calls, &[])
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the relay's log:\n{}", self.log());
        }
    }
}

pub fn target(address: SocketAddr, trust: Trust) -> Target {
    Target { host: address.ip().to_string(), port: address.port(), trust }
}

pub async fn pair(one: &Target, two: &Target) -> (Call, Call) {
    let mut caller = Call::connect(one.clone(), Want::Allocate, "test").await.unwrap();
    assert!(!caller.peer_present());
    let callee = Call::connect(two.clone(), Want::Join(caller.number()), "test").await.unwrap();
    assert!(callee.peer_present());
    assert_eq!(next(&mut caller).await, Event::PeerPresent { resumed: false });
    (caller, callee)
}

/// The next event.
pub async fn next(call: &mut Call) -> Event {
    soon("an event", call.next()).await.expect("the call goes on")
}

/// Events up to the first that is wanted; the others are passed over.
pub async fn wait_for(call: &mut Call, what: &str, wanted: impl Fn(&Event) -> bool) -> Event {
    soon(what, async {
        loop {
            let event = call.next().await.unwrap_or_else(|| panic!("over before {what}"));
            if wanted(&event) {
                return event;
            }
        }
    })
    .await
}

/// A caller without encryption that writes its bytes by hand.
pub struct Raw {
    pub stream: TcpStream,
    pub reader: Reader,
}

impl Raw {
    pub async fn connect(address: SocketAddr) -> Self {
        Self::connect_from(address, "127.0.0.1", None).await
    }

    /// From an address of its own, with a receive buffer of its own size.
    pub async fn connect_from(address: SocketAddr, from: &str, buffer: Option<u32>) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(from.parse().unwrap(), 0)).unwrap();
        if let Some(size) = buffer {
            socket.set_recv_buffer_size(size).unwrap();
        }
        let mut stream = socket.connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        stream.write_all(&MAGIC).await.unwrap();
        Self { stream, reader: Reader::default() }
    }

    pub async fn hello(&mut self, want: HelloWant) {
        let hello = CallHello { version: 1, software: "raw".to_owned(), want: Some(want) };
        self.message(Message::Hello(hello)).await;
    }

    pub async fn message(&mut self, message: Message) {
        self.stream.write_all(&record::encode(message)).await.unwrap();
    }

    pub async fn send(&mut self, kind: Kind, flags: u8, frame: u32, payload: &[u8]) {
        let record = Record::new(kind, flags, 0, frame, payload).unwrap();
        self.stream.write_all(&record.bytes).await.unwrap();
    }

    /// The next record; `None` at the end of the connection.
    pub async fn record(&mut self) -> Option<Record> {
        soon("a record", async {
            loop {
                if let Some(record) = self.reader.take_record().unwrap() {
                    return Some(record);
                }
                match self.stream.read(self.reader.room()).await.unwrap() {
                    0 => {
                        assert!(self.reader.is_empty(), "closed in the middle of a record");
                        return None;
                    }
                    count => self.reader.filled(count),
                }
            }
        })
        .await
    }

    /// The next message; packets are passed over.
    pub async fn next_message(&mut self) -> Message {
        loop {
            let record = self.record().await.expect("no end yet");
            if record.header.kind == Kind::Message {
                return self.reader.message(&record).unwrap().unwrap();
            }
        }
    }

    pub async fn joined(&mut self) -> Joined {
        match self.next_message().await {
            Message::Joined(joined) => joined,
            other => panic!("{other:?}"),
        }
    }

    /// Opens a call.
    pub async fn allocate(address: SocketAddr) -> (Self, Joined) {
        let mut raw = Self::connect(address).await;
        raw.hello(HelloWant::Allocate(Allocate {})).await;
        let joined = raw.joined().await;
        (raw, joined)
    }

    /// Says hello and is refused.
    pub async fn refused(address: SocketAddr, want: HelloWant) -> EndReason {
        let mut raw = Self::connect(address).await;
        raw.hello(want).await;
        raw.ended().await.reason()
    }

    /// Reads up to the relay's last word and the end of the connection.
    pub async fn ended(&mut self) -> Ended {
        loop {
            if let Message::Ended(ended) = self.next_message().await {
                assert!(self.record().await.is_none(), "something after the last word");
                return ended;
            }
        }
    }
}

/// A wire to the relay that can be cut and that remembers what went over it.
pub struct Tap {
    pub address: SocketAddr,
    cut: watch::Sender<u32>,
    alter: Arc<AtomicBool>,
    seen: Arc<std::sync::Mutex<Vec<u8>>>,
}

impl Tap {
    pub async fn to(relay: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, cuts) = watch::channel(0);
        let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
        let remember = Arc::clone(&seen);
        let alter = Arc::new(AtomicBool::new(false));
        let altering = Arc::clone(&alter);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (mut cuts, seen) = (cuts.clone(), Arc::clone(&remember));
                let alter = Arc::clone(&altering);
                cuts.mark_unchanged();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(relay).await else { return };
                    let (near_read, near_write) = near.into_split();
                    let (far_read, far_write) = far.into_split();
                    tokio::select! {
                        () = copy(near_read, far_write, &seen, &alter) => {}
                        () = copy(far_read, near_write, &seen, &alter) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { address, cut, alter, seen }
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        self.cut.send_modify(|cuts| *cuts += 1);
    }

    /// Changes one bit of what goes over it next.
    pub fn alter(&self) {
        self.alter.store(true, Ordering::SeqCst);
    }

    /// Everything that went over it, both ways.
    pub fn seen(&self) -> Vec<u8> {
        self.seen.lock().unwrap().clone()
    }
}

async fn copy(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    seen: &std::sync::Mutex<Vec<u8>>,
    alter: &AtomicBool,
) {
    let mut buffer = vec![0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        seen.lock().unwrap().extend_from_slice(&buffer[..count]);
        if alter.swap(false, Ordering::SeqCst) {
            buffer[count - 1] ^= 1;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

/// A payload that is different at every place and for every number.
pub fn payload(number: u32, size: usize) -> Vec<u8> {
    (0..size as u32)
        .map(|at| (at.wrapping_mul(31) ^ number.wrapping_mul(0x9E37_79B1) >> 7) as u8)
        .collect()
}

/// Reads a file that must be there.
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}
