//! Receivers on real sockets and the real program, for the tests of this crate.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use okno_testkit::barcode;
use okno_wire::okno::{self, FrameMeta, Incoming};
use okno_wire::proto::okno::envelope::Message as Said;
use okno_wire::proto::okno::{Feedback, Goodbye, Hello};
use okno_wire::{Format, Limits, Splitter, Step};

/// Nothing in these tests takes this long unless it hangs.
pub const HANG: Duration = Duration::from_secs(30);

/// The program with these arguments, its variables taken out of the environment.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opencv-sender"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OKNO_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running sender; killed when dropped.
pub struct Sender {
    child: Child,
    stdout: Text,
    stderr: Text,
}

/// What a program writes, as it writes it.
struct Text {
    so_far: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Text {
    fn of(mut from: impl Read + Send + 'static) -> Self {
        let so_far = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&so_far);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = from.read(&mut buffer) {
                into.lock().expect("not poisoned").extend_from_slice(&buffer[..n]);
            }
        });
        Self { so_far, reader: Some(reader) }
    }

    fn now(&self) -> String {
        String::from_utf8_lossy(&self.so_far.lock().expect("not poisoned")).into_owned()
    }

    fn all(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("read");
        }
        self.now()
    }
}

/// What a sender left.
#[derive(Debug)]
pub struct Output {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// The last line of statistics.
    pub fn last(&self) -> serde_json::Value {
        let line = self.stdout.lines().last().expect("a line of statistics");
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(value["event"], "final", "{line}");
        value
    }

    /// The only line on stderr.
    pub fn reason(&self) -> &str {
        let lines: Vec<_> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "one line expected:\n{}", self.stderr);
        lines[0]
    }
}

impl Sender {
    pub fn start(args: &[&str]) -> Self {
        Self::spawn(command(args))
    }

    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let stdout = Text::of(child.stdout.take().expect("piped"));
        let stderr = Text::of(child.stderr.take().expect("piped"));
        Self { child, stdout, stderr }
    }

    /// Waits until the program has said this on stderr.
    pub fn wait_for(&self, text: &str) {
        wait_until(text, || self.stderr.now().contains(text));
    }

    /// The newest line of statistics that is complete.
    pub fn statistics(&self) -> Option<serde_json::Value> {
        let text = self.stdout.now();
        let line = text[..text.rfind('\n')?].lines().last()?.to_owned();
        serde_json::from_str(&line).ok()
    }

    pub fn signal(&self, signal: i32) {
        let status = Command::new("kill")
            .args([format!("-{signal}"), self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    /// Waits for the end and gives how long that took too.
    pub fn wait_timed(mut self) -> (Output, Duration) {
        let start = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("waits") {
                break status.code();
            }
            assert!(start.elapsed() < HANG, "the sender does not end");
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = start.elapsed();
        let (stdout, stderr) = (self.stdout.all(), self.stderr.all());
        (Output { code, stdout, stderr }, took)
    }

    pub fn wait(self) -> Output {
        self.wait_timed().0
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for a condition.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < HANG, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A place to listen, and its address as `--to` takes it.
pub fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let to = format!("tcp://{}", listener.local_addr().expect("an address"));
    (listener, to)
}

/// Waits for a connection.
pub fn accept(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).expect("set");
    let start = Instant::now();
    let stream = loop {
        match listener.accept() {
            Ok((stream, _)) => break stream,
            Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {
                assert!(start.elapsed() < HANG, "nobody connects");
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(e) => panic!("accept: {e}"),
        }
    };
    stream.set_nonblocking(false).expect("set");
    stream.set_read_timeout(Some(HANG)).expect("set");
    stream.set_write_timeout(Some(HANG)).expect("set");
    stream
}

/// A frame as it arrived.
#[derive(Clone, Debug)]
pub struct Got {
    pub meta: FrameMeta,
    pub jpeg: Vec<u8>,
}

impl Got {
    /// Width, height and packed BGR rows.
    pub fn pixels(&self) -> (usize, usize, Vec<u8>) {
        let image = turbojpeg::decompress(&self.jpeg, turbojpeg::PixelFormat::BGR)
            .expect("the JPEG decodes");
        assert_eq!(image.pitch, image.width * 3);
        (image.width, image.height, image.pixels)
    }

    /// The number in the picture.
    pub fn number(&self) -> u32 {
        let (width, height, bgr) = self.pixels();
        let stamp = barcode::read_both(&bgr, width, height, width * 3);
        stamp.expect("both strips of the barcode").frame
    }
}

/// One thing that a sender says.
#[derive(Debug)]
pub enum Heard {
    Frame(Got),
    Said(Said),
    End,
}

/// A viewer's end of a connection.
pub struct Peer {
    pub stream: TcpStream,
    splitter: Splitter,
    unread: Vec<u8>,
    pub received: u64,
}

impl Peer {
    pub fn new(stream: TcpStream, format: Format) -> Self {
        let splitter = Splitter::new(format, Limits::default());
        Self { stream, splitter, unread: Vec::new(), received: 0 }
    }

    /// Accepts a connection of Okno's format and reads the hello.
    pub fn accept_okno(listener: &TcpListener) -> (Self, Hello) {
        let mut peer = Self::new(accept(listener), Format::Okno);
        match peer.hear() {
            Heard::Said(Said::Hello(hello)) => (peer, hello),
            other => panic!("a hello was expected: {other:?}"),
        }
    }

    pub fn hear(&mut self) -> Heard {
        loop {
            match self.splitter.step(&self.unread) {
                Step::Message { consumed, payload } => {
                    let message: Vec<u8> = self.unread[payload].to_vec();
                    self.unread.drain(..consumed);
                    if let Some(heard) = self.understand(message) {
                        return heard;
                    }
                }
                Step::NeedMore { .. } => {
                    let mut buffer = [0; 1 << 16];
                    let n = self.stream.read(&mut buffer).expect("reads");
                    if n == 0 {
                        assert!(self.unread.is_empty(), "the end cuts a message");
                        return Heard::End;
                    }
                    self.unread.extend_from_slice(&buffer[..n]);
                }
                Step::Invalid(invalid) => panic!("invalid: {invalid}"),
            }
        }
    }

    fn understand(&mut self, message: Vec<u8>) -> Option<Heard> {
        if self.splitter.format() != Format::Okno {
            self.received += 1;
            return Some(Heard::Frame(Got { meta: FrameMeta::default(), jpeg: message }));
        }
        if message.is_empty() {
            return None; // the magic
        }
        match okno::decode(&message).expect("an envelope") {
            Incoming::Frame(meta, at) => {
                self.received += 1;
                Some(Heard::Frame(Got { meta, jpeg: message[at].to_vec() }))
            }
            Incoming::Other(said) => Some(Heard::Said(said)),
            Incoming::Unknown => panic!("an unknown envelope"),
        }
    }

    pub fn say(&mut self, said: Said) {
        let mut bytes = Vec::new();
        okno::encode(said, &mut bytes);
        self.stream.write_all(&bytes).expect("writes");
    }

    /// Confirms what was received and grants a window.
    pub fn grant(&mut self, window: u32) {
        let frames_received = self.received;
        self.say(Said::Feedback(Feedback { frames_received, window, ..Feedback::default() }));
    }

    /// The next frame.
    pub fn frame(&mut self) -> Got {
        match self.hear() {
            Heard::Frame(got) => got,
            other => panic!("a frame was expected: {other:?}"),
        }
    }

    /// Reads to the end, granting `window` after each frame if any.
    pub fn all(&mut self, window: Option<u32>) -> (Vec<Got>, Option<Goodbye>) {
        let (mut frames, mut goodbye) = (Vec::new(), None);
        loop {
            match self.hear() {
                Heard::Frame(got) => {
                    assert!(goodbye.is_none(), "a frame after the goodbye");
                    frames.push(got);
                    if let Some(window) = window {
                        self.grant(window);
                    }
                }
                Heard::Said(Said::Goodbye(said)) => goodbye = Some(said),
                Heard::Said(other) => panic!("unexpected: {other:?}"),
                Heard::End => return (frames, goodbye),
            }
        }
    }
}

/// Every captured frame is accounted for.
pub fn assert_adds_up(last: &serde_json::Value) {
    let n = |value: &serde_json::Value| value.as_u64().expect("a count");
    let dropped = &last["dropped"];
    let sum: u64 = ["newer", "rate", "failed", "lost"].iter().map(|c| n(&dropped[c])).sum();
    assert_eq!(n(&last["captured"]), n(&last["sent"]) + sum, "{last}");
}

/// A folder of this test's own, removed when dropped.
pub struct Folder(pub std::path::PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("okno-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    /// A file of bare JPEGs with numbers in them, and the JPEGs.
    pub fn numbered_mjpeg(&self, name: &str, frames: u32) -> (String, Vec<Vec<u8>>) {
        let jpegs: Vec<_> = (0..frames).map(numbered_jpeg).collect();
        let path = self.file(name);
        std::fs::write(&path, jpegs.concat()).expect("written");
        (path, jpegs)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A JPEG of 320 x 240 with a number in it.
pub fn numbered_jpeg(frame: u32) -> Vec<u8> {
    let (width, height) = (320, 240);
    let mut bgr: Vec<u8> =
        (0..width * height * 3).map(|i| (i / 3 % width / 2 + i / 3 / width / 3) as u8).collect();
    let stamp = barcode::Stamp { frame, stream: 0 };
    assert!(barcode::burn(&mut bgr, width, height, width * 3, stamp));
    let image = turbojpeg::Image {
        pixels: &bgr[..],
        width,
        pitch: width * 3,
        height,
        format: turbojpeg::PixelFormat::BGR,
    };
    turbojpeg::compress(image, 90, turbojpeg::Subsamp::Sub2x2).expect("encodes").to_vec()
}
