//! The camera of a call: an `opencv-sender` beside us, which sends to a private port.
//!
//! In: a source as `opencv-sender --input` takes it; size and rate that are wanted. Out: frames,
//! as they came, to the call and to the stream of one's own picture. Never decodes: Okno knows no
//! OpenCV, and a frame is sealed as the camera or the sender encoded it. Frames are taken from
//! the one sender only that knows the name that was made up for it.

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
use okno_call::VideoQuality;
use okno_media::clock;
use okno_net::{Event, Limits, Server};
use okno_session::{Hub, Observer, Stream, View};

use super::link::{Link, lock};
use super::view::DeviceState;

/// Exit code of `opencv-sender` when its source can't be opened.
const NO_SOURCE: i32 = 3;

/// A camera that could not be opened is tried again after this long: a person notices within two
/// seconds that it was plugged in.
const TRY_AGAIN: Duration = Duration::from_millis(1500);

/// Size and rate before the call says what it can take: what the check before a call shows.
const FIRST: VideoQuality = VideoQuality { width: 1280, height: 720, rate: 30, quality: 80 };

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
    tried: Option<Instant>,
    state: DeviceState,
    hub: Option<Arc<Hub>>,
    server: Option<Server>,
    frames: Option<JoinHandle<()>>,
    came: Arc<Came>,
}

/// What the thread that takes frames tells.
#[derive(Default)]
struct Came {
    any: AtomicBool,
    demand: Mutex<Option<Demand>>,
    wanted: Mutex<Option<VideoQuality>>,
}

/// Holds the size that is wanted: a view that nobody sees.
struct Demand {
    stream: Arc<Stream>,
    view: View,
}

impl Demand {
    fn ask(&self, wanted: VideoQuality) {
        let (width, height) = (u32::from(wanted.width), u32::from(wanted.height));
        self.view.set_shown(width.max(1), height.max(1), true);
        self.stream.limit_rate(u32::from(wanted.rate));
    }
}

/// Knows the one sender by its name.
struct Doorman {
    expected: String,
    came: Arc<Came>,
}

impl Observer for Doorman {
    fn opened(&self, stream: &Arc<Stream>) {
        if stream.info().name != self.expected {
            return;
        }
        let view = View::new(stream, Box::new(|| {}));
        let demand = Demand { stream: Arc::clone(stream), view };
        demand.ask(lock(&self.came.wanted).unwrap_or(FIRST));
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
        let doorman = Doorman { expected: name.clone(), came: Arc::clone(&came) };
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
        let theirs = Arc::clone(&came);
        let frames = std::thread::Builder::new()
            .name("call-camera".into())
            .spawn(move || pass_on(&jobs, &preview, &link, &theirs))?;
        Ok(Self {
            source: source.to_owned(),
            name,
            port,
            address: None,
            child: None,
            talk: None,
            last_words: Arc::default(),
            tried: None,
            state: DeviceState::Unknown,
            hub: Some(hub),
            server: Some(server),
            frames: Some(frames),
            came,
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
        let again = self.tried.is_none_or(|tried| tried.elapsed() >= TRY_AGAIN);
        if self.child.is_none() && again {
            self.begin();
        }
        self.state
    }

    /// Size and rate that are wanted from now on.
    pub fn ask(&self, wanted: VideoQuality) {
        *lock(&self.came.wanted) = Some(wanted);
        if let Some(demand) = lock(&self.came.demand).as_ref() {
            demand.ask(wanted);
        }
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
        self.came.any.load(Ordering::Relaxed)
    }

    fn ended(&mut self, code: Option<i32>) {
        self.child = None;
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

/// Takes each frame where a decoder would, and hands it on. Only a stream that somebody looks at
/// gets here, and [`Doorman`] looks at one only.
fn pass_on(jobs: &Receiver<Arc<Stream>>, preview: &Arc<Stream>, link: &Link, came: &Came) {
    while let Ok(stream) = jobs.recv() {
        let Some(frame) = stream.take_encoded() else { continue };
        drop(stream);
        if frame.raw.is_some() {
            // Asked not to: there would be nothing to seal.
            continue;
        }
        came.any.store(true, Ordering::Relaxed);
        link.send_video(frame.stamps.captured.unwrap_or(frame.stamps.received), frame.jpeg());
        preview.submit(frame);
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
}
