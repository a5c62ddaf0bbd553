//! The camera of a call: an `opencv-sender` beside us, which sends to a private port.
//!
//! In: a source as `opencv-sender --input` takes it; what pictures the call takes, and at what size
//! one's own is shown. Out: frames, as they came, to the stream of one's own picture; those of them
//! that the call takes, made smaller and coarser by a codec, to the call. The camera is asked for
//! whatever is the larger of the two, so that a slow link does not spoil one's own picture. Frames
//! are taken from the one sender only that knows the name that was made up for it.

use std::ffi::OsString;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use okno_call::{Picture, VideoQuality};
use okno_media::{EncodedFrame, clock};
use okno_net::{Event, Limits, Server};
use okno_session::{Hub, Observer, Stream, View};

use super::codec::{self, Codec, Coded};
use super::link::{Link, lock};
use super::view::DeviceState;

/// Exit code of `opencv-sender` when its source can't be opened.
const NO_SOURCE: i32 = 3;

/// A camera that could not be opened is tried again after this long: a person notices within two
/// seconds that it was plugged in.
const TRY_AGAIN: Duration = Duration::from_millis(1500);

/// Frames a second of one's own picture.
const OWN_RATE: u8 = 30;

/// What is asked for while nobody takes anything: the camera shall be known to work.
const IDLE: (u32, u32, u8) = (320, 240, 15);

/// The private connection: one camera, and nobody else has any business there.
const CONNECTIONS: usize = 2;

/// See the module.
pub struct Camera {
    source: String,
    name: String,
    port: Receiver<SocketAddr>,
    address: Option<SocketAddr>,
    child: Option<Child>,
    talk: Option<JoinHandle<()>>,
    last_words: Arc<Mutex<String>>,
    /// A sender before this one gave pictures.
    gave: bool,
    tried: Option<Instant>,
    state: DeviceState,
    hub: Option<Arc<Hub>>,
    server: Option<Server>,
    frames: Option<JoinHandle<()>>,
    came: Arc<Came>,
    preview: Arc<Stream>,
    link: Arc<Link>,
}

/// What the thread that takes frames tells.
#[derive(Default)]
struct Came {
    any: AtomicBool,
    demand: Mutex<Option<Demand>>,
}

/// Holds the size that is wanted: a view that nobody sees.
struct Demand {
    stream: Arc<Stream>,
    view: View,
}

impl Demand {
    fn ask(&self, (width, height, rate): (u32, u32, u8)) {
        self.view.set_shown(width, height, true);
        self.stream.limit_rate(rate.into());
    }
}

/// What the camera has to give for a picture of one's own of this size and for the call.
fn larger(own: (u32, u32), call: Option<VideoQuality>) -> (u32, u32, u8) {
    let own = (own.0 > 0 && own.1 > 0).then_some((own.0, own.1, OWN_RATE));
    let call = call.map(|is| (u32::from(is.width), u32::from(is.height), is.rate));
    let (a, b) = match (own, call) {
        (None, None) => return IDLE,
        (Some(one), None) | (None, Some(one)) => (one, one),
        (Some(own), Some(call)) => (own, call),
    };
    (a.0.max(b.0), a.1.max(b.1), a.2.max(b.2))
}

/// Knows the one sender by its name.
struct Doorman {
    expected: String,
    came: Arc<Came>,
    link: Arc<Link>,
}

impl Observer for Doorman {
    fn opened(&self, stream: &Arc<Stream>) {
        if stream.info().name != self.expected {
            return;
        }
        let info = stream.info();
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
        // A cast of a float saturates, and makes zero of what is no number.
        self.link.set_camera(side(info.width), side(info.height), info.frame_rate.ceil() as u8);
        let view = View::new(stream, Box::new(|| {}));
        let demand = Demand { stream: Arc::clone(stream), view };
        demand.ask(IDLE);
        *lock(&self.came.demand) = Some(demand);
    }

    fn lost(&self, _: &Arc<Stream>, _: &str) {}
}

impl Camera {
    /// Opens the private port; [`Camera::tend`] does the rest. `preview` shows the frames.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(source: &str, preview: Arc<Stream>, link: Arc<Link>) -> std::io::Result<Self> {
        // Two states that no one outside can guess.
        let random = || RandomState::new().hash_one(clock::now_ns());
        let name = format!("camera {:016x}{:016x}", random(), random());
        let came = Arc::new(Came::default());
        let doorman =
            Doorman { expected: name.clone(), came: Arc::clone(&came), link: Arc::clone(&link) };
        let (hub, jobs) = Hub::new(Box::new(doorman));
        // Nothing of it is kept.
        hub.history().set_span(0);
        let (tell, port) = bounded(1);
        let limits =
            Limits { connections: CONNECTIONS, undecided: CONNECTIONS, ..Limits::default() };
        let on_event = move |event| match event {
            Event::Listening(address) => {
                let _ = tell.try_send(address);
            }
            Event::ListenFailed { message, .. } => log::error!("camera: {message}"),
            Event::Refused { peer, message } => log::warn!("camera's port: {peer}: {message}"),
            Event::Closed(_) => {}
        };
        let server = Server::start(Arc::clone(&hub), limits, Arc::new(on_event))?;
        server.listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let codecs = codec::all().map_err(std::io::Error::other)?;
        let theirs = (Arc::clone(&preview), Arc::clone(&link), Arc::clone(&came));
        let frames = std::thread::Builder::new().name("call-camera".into()).spawn(move || {
            let (preview, link, came) = theirs;
            let mut filming = Filming { codecs, pace: Pace::default(), link };
            pass_on(&jobs, &preview, &mut filming, &came);
        })?;
        Ok(Self {
            source: source.to_owned(),
            name,
            port,
            address: None,
            child: None,
            talk: None,
            last_words: Arc::default(),
            gave: false,
            tried: None,
            state: DeviceState::Unknown,
            hub: Some(hub),
            server: Some(server),
            frames: Some(frames),
            came,
            preview,
            link,
        })
    }

    /// Starts the sender, notices when it ended, and starts it again. Returns at once.
    pub fn tend(&mut self) -> DeviceState {
        if self.address.is_none() {
            self.address = self.port.try_recv().ok();
        }
        let ended = self.child.as_mut().map(|child| child.try_wait());
        match ended {
            Some(Ok(None)) if self.came.any.load(Ordering::Relaxed) => {
                self.state = DeviceState::Working;
            }
            Some(Ok(None)) | None => {}
            Some(Ok(Some(status))) => self.ended(status.code()),
            Some(Err(error)) => log::error!("camera: {error}"),
        }
        if let Some(demand) = lock(&self.came.demand).as_ref() {
            demand.ask(larger(self.preview.shown_size(), self.link.wanted()));
        }
        let again = self.tried.is_none_or(|tried| tried.elapsed() >= TRY_AGAIN);
        if self.child.is_none() && again {
            self.begin();
        }
        self.state
    }

    fn begin(&mut self) {
        let Some(address) = self.address else { return };
        self.tried = Some(Instant::now());
        if let Some(missing) = device_problem(&self.source) {
            self.state = if self.was_there() { DeviceState::Lost } else { missing };
            return;
        }
        let program = sender_program();
        let mut command = Command::new(&program);
        // Its own environment may hold options for another sender.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OKNO_") {
                command.env_remove(name);
            }
        }
        command
            .args(["--input", &self.source, "--name", &self.name, "--retry", "0"])
            .args(["--codec", "jpeg"])
            .args(["--to", &format!("tcp://{address}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        log::debug!("camera {}: {}", self.source, program.to_string_lossy());
        match command.spawn() {
            Ok(mut child) => {
                self.listen_to(&mut child);
                self.child = Some(child);
            }
            Err(error) => {
                log::error!("no camera: {} can't be started: {error}", program.to_string_lossy());
                self.state = DeviceState::Absent;
            }
        }
    }

    /// Keeps the last line that the sender says: why it failed.
    fn listen_to(&mut self, child: &mut Child) {
        let Some(stderr) = child.stderr.take() else { return };
        let words = Arc::clone(&self.last_words);
        self.talk = std::thread::Builder::new()
            .name("camera-words".into())
            .spawn(move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    log::debug!("camera: {line}");
                    if !line.trim().is_empty() {
                        *lock(&words) = line;
                    }
                }
            })
            .inspect_err(|error| log::error!("no thread for the camera's words: {error}"))
            .ok();
    }

    fn was_there(&self) -> bool {
        self.gave || self.came.any.load(Ordering::Relaxed)
    }

    fn ended(&mut self, code: Option<i32>) {
        self.child = None;
        // The next one works once it gives pictures itself.
        self.gave |= self.came.any.swap(false, Ordering::Relaxed);
        join(self.talk.take());
        let words = std::mem::take(&mut *lock(&self.last_words));
        log::warn!("camera {} ended ({code:?}): {words}", self.source);
        let words = words.to_ascii_lowercase();
        self.state = if words.contains("permission") || words.contains("denied") {
            DeviceState::Refused
        } else if self.was_there() {
            DeviceState::Lost
        } else if code == Some(NO_SOURCE) && device_problem(&self.source).is_none() {
            DeviceState::Busy
        } else {
            DeviceState::Absent
        };
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It has no state to save, and a camera that hangs must not hold up the window.
            let _ = child.kill();
            let _ = child.wait();
        }
        join(self.talk.take());
        *lock(&self.came.demand) = None;
        drop(self.server.take());
        // The hub holds the queue open that the thread waits for.
        drop(self.hub.take());
        join(self.frames.take());
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    if let Some(thread) = thread {
        // A panic has printed its message; there is nothing to add.
        let _ = thread.join();
    }
}

/// Keeps to a rate that is lower than the camera's.
#[derive(Default)]
struct Pace {
    next: u64,
}

impl Pace {
    /// Whether a frame of this moment is due at so many a second. Cameras are not even: a frame
    /// that comes up to a quarter of an interval early is taken.
    fn is_due(&mut self, at: u64, rate: u8) -> bool {
        let interval = 1_000_000_000 / u64::from(rate.max(1));
        // Later than that it has been waiting for another clock or another rate.
        let early = self.next.saturating_sub(at);
        if early > interval / 4 && early <= interval {
            return false;
        }
        let on_time = at.saturating_sub(self.next) <= interval && early <= interval;
        self.next = if on_time { self.next } else { at } + interval;
        true
    }
}

/// Sends of the camera's frames what the call takes.
struct Filming {
    codecs: Vec<Box<dyn Codec>>,
    pace: Pace,
    link: Arc<Link>,
}

impl Filming {
    fn send(&mut self, frame: &EncodedFrame) {
        let captured_ns = frame.stamps.captured.unwrap_or(frame.stamps.received);
        let Some(wanted) = self.link.wanted() else { return };
        if !self.pace.is_due(captured_ns, wanted.rate) {
            return;
        }
        // Without room nothing is encoded.
        let Some(key) = self.link.wants_video() else { return };
        let Some(codec) = self.codecs.first_mut() else { return };
        match codec.encode(frame, wanted, key) {
            Ok(Coded { key, data }) => {
                self.link.send_video(Picture { captured_ns, codec: codec.name(), key, data });
            }
            Err(error) => log::warn!("camera: frame {} is not sent: {error}", frame.number),
        }
    }
}

/// Takes each frame where a decoder would, and hands it on. Only a stream that somebody looks at
/// gets here, and [`Doorman`] looks at one only.
fn pass_on(
    jobs: &Receiver<Arc<Stream>>,
    preview: &Arc<Stream>,
    filming: &mut Filming,
    came: &Came,
) {
    while let Ok(stream) = jobs.recv() {
        let Some(frame) = stream.take_encoded() else { continue };
        drop(stream);
        if frame.raw.is_some() {
            // Asked not to: there would be nothing to seal.
            continue;
        }
        came.any.store(true, Ordering::Relaxed);
        // One's own picture waits for no encoder.
        preview.submit(frame.clone());
        filming.send(&frame);
    }
}

/// What is wrong with a camera's device file before anything is started; `None` if nothing is,
/// or the source is no device.
fn device_problem(source: &str) -> Option<DeviceState> {
    let path = match source.parse::<u32>() {
        Ok(number) => PathBuf::from(format!("/dev/video{number}")),
        Err(_) if source.starts_with("/dev/") => PathBuf::from(source),
        Err(_) => return None,
    };
    match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Some(DeviceState::Refused)
        }
        Err(error) if error.kind() == std::io::ErrorKind::ResourceBusy => Some(DeviceState::Busy),
        Err(_) => Some(DeviceState::Absent),
        Ok(_) => None,
    }
}

/// `opencv-sender` beside this program, else wherever the system finds it.
fn sender_program() -> OsString {
    let beside = std::env::current_exe().ok().and_then(|own| {
        let path = own.parent()?.join("opencv-sender");
        path.is_file().then_some(path)
    });
    beside.map_or_else(|| OsString::from("opencv-sender"), PathBuf::into_os_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_is_not_there_is_known_before_anything_is_started() {
        assert_eq!(device_problem("987654"), Some(DeviceState::Absent));
        assert_eq!(device_problem("/dev/no-such-camera"), Some(DeviceState::Absent));
        assert_eq!(device_problem("test:"), None);
        assert_eq!(device_problem("rtsp://camera/"), None);
    }

    #[test]
    fn the_camera_gives_what_the_larger_of_the_two_needs() {
        let call = |width, height, rate| Some(VideoQuality { width, height, rate, quality: 35 });
        assert_eq!(larger((640, 360), None), (640, 360, 30));
        assert_eq!(larger((192, 108), call(1280, 720, 30)), (1280, 720, 30));
        assert_eq!(larger((192, 108), call(160, 90, 5)), (192, 108, 30), "one's own is as before");
        assert_eq!(larger((0, 0), call(480, 270, 15)), (480, 270, 15), "it is not shown");
        assert_eq!(larger((0, 0), None), IDLE);
    }

    #[test]
    fn frames_are_thinned_out_evenly_to_any_lower_rate() {
        const MS: u64 = 1_000_000;
        for (camera, rate, least, most) in [
            (30, 30, 299, 300),
            (30, 15, 149, 151),
            (30, 12, 118, 121),
            (30, 20, 195, 205),
            (15, 30, 150, 150),
        ] {
            let mut pace = Pace::default();
            // Uneven, as cameras are.
            let taken = (1..=camera * 10)
                .filter(|&n| {
                    let at = 1_000_000 * MS + n * 1_000 * MS / camera + (n * 7 % 5) * MS;
                    pace.is_due(at, rate)
                })
                .count();
            assert!((least..=most).contains(&taken), "{camera} to {rate}: {taken}");
        }
        // A clock that jumps stops nothing.
        let mut pace = Pace::default();
        assert!(pace.is_due(1_000_000 * MS, 10) && !pace.is_due(1_000_030 * MS, 10));
        assert!(pace.is_due(5 * MS, 10) && !pace.is_due(35 * MS, 10) && pace.is_due(105 * MS, 10));
    }
}
