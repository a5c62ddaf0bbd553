//! What lives as long as the program: streams, decoders, the network's thread, the sampler.
//!
//! In: options, and commands from the window. Out: streams to show, and word to the QObjects in
//! `bridge/`, which are thin: an engine that is made anew finds everything here. Never waits on
//! behalf of the UI thread.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use okno_keep::{Event as KeepEvent, Keeper, Kind, Settings, Status};
use okno_media::EncodedFrame;
use okno_net::{Event, Server};
use okno_session::{DecodePool, Hub, Observer, Stream, StreamId};

use crate::bridge::shell;
use crate::calling::Calling;
use crate::catalog::Catalogue;
use crate::cli::Options;
use crate::designer::Designer;
use crate::folders;
use crate::pattern::Pattern;
use crate::sampler::{Sampler, Sinks};
use crate::sources::Sources;

/// The core of the running program, for QObjects, which Qt makes without arguments.
static CORE: RwLock<Option<Arc<Core>>> = RwLock::new(None);

/// The running program's core; `None` before it starts and while it ends.
pub fn core() -> Option<Arc<Core>> {
    CORE.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A port that could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The address that was asked for.
    pub address: SocketAddr,
    /// What is wrong and what to do.
    pub message: String,
}

/// What the server has told so far.
#[derive(Clone, Debug, Default)]
pub struct Ports {
    /// Open ports.
    pub open: Vec<SocketAddr>,
    /// Ports that could not be opened.
    pub problems: Vec<Problem>,
    /// The last refusal or failure, for `errorString`.
    pub last_error: String,
}

/// Word for the window.
#[derive(Clone, Debug)]
pub enum Notice {
    /// [`Ports`] changed.
    Ports,
    /// A stream got a connection.
    Connected(StreamId),
    /// A stream lost its connection, for this reason.
    Lost(StreamId, String),
    /// A file was written.
    Saved(StreamId, Kind, PathBuf),
    /// A file could not be written, or only up to a point; why, for a person.
    SaveFailed(StreamId, Kind, String),
    /// A frame for the clipboard: as a PNG, and as it was sent.
    Copied(StreamId, Arc<Vec<u8>>, EncodedFrame),
    /// The figures of recordings changed.
    Recordings,
    /// A source could not be opened; which, and why, for a person.
    SourceFailed(String, String),
}

/// Takes notices on; is called on the network's thread. `false` when its object is gone.
pub type OnNotice = Box<dyn Fn(Notice) -> bool + Send>;

/// Notices and states that the network's thread leaves for the window.
#[derive(Default)]
struct Desk {
    ports: Mutex<Ports>,
    listeners: Mutex<Vec<OnNotice>>,
    kick: Mutex<Option<crossbeam_channel::Sender<()>>>,
}

impl Desk {
    fn tell(&self, notice: &Notice) {
        lock(&self.listeners).retain(|listener| listener(notice.clone()));
        // The list of streams must not wait for the sampler's next turn. A full channel means
        // that it has been told already.
        if matches!(notice, Notice::Connected(_) | Notice::Lost(..) | Notice::Ports) {
            self.kick();
        }
    }

    fn kick(&self) {
        if let Some(kick) = lock(&self.kick).as_ref() {
            let _ = kick.try_send(());
        }
    }

    fn on_keep(&self, event: KeepEvent) {
        self.tell(&match event {
            KeepEvent::Saved { stream, kind, path } => Notice::Saved(stream, kind, path),
            KeepEvent::Failed { stream, kind, reason } => {
                log::warn!("stream {}: {kind:?}: {reason}", stream.0);
                Notice::SaveFailed(stream, kind, reason)
            }
            KeepEvent::Copied { stream, picture, frame } => {
                let png = shell::encode_png(&picture.pixels, picture.width, picture.height);
                Notice::Copied(stream, Arc::new(png), frame)
            }
            KeepEvent::Recordings => Notice::Recordings,
        });
    }

    fn on_event(&self, event: Event) {
        let mut ports = lock(&self.ports);
        match event {
            Event::Listening(address) => {
                ports.problems.retain(|p| p.address.port() != address.port());
                ports.open.push(address);
            }
            Event::Closed(address) => ports.open.retain(|open| *open != address),
            Event::ListenFailed { address, message } => {
                ports.last_error.clone_from(&message);
                ports.problems.push(Problem { address, message });
            }
            Event::Refused { peer, message } => ports.last_error = format!("{peer}: {message}"),
        }
        drop(ports);
        self.tell(&Notice::Ports);
    }
}

struct StreamObserver(Arc<Desk>);

impl Observer for StreamObserver {
    fn opened(&self, stream: &Arc<Stream>) {
        if stream.info().hidden {
            return;
        }
        self.0.tell(&Notice::Connected(stream.id()));
    }

    fn lost(&self, stream: &Arc<Stream>, why: &str) {
        if stream.info().hidden {
            return;
        }
        self.0.tell(&Notice::Lost(stream.id(), why.to_owned()));
    }
}

/// See the module.
pub struct Core {
    /// All streams.
    pub hub: Arc<Hub>,
    /// Where the sampler's figures go.
    pub sinks: Arc<Sinks>,
    /// Size of the picture area in device pixels, if it was asked for.
    pub view_size: Option<(u32, u32)>,
    /// The product catalogue.
    pub catalog: Arc<Catalogue>,
    /// What designers bring.
    pub designer: Designer,
    /// Calls.
    pub calling: Arc<Calling>,
    desk: Arc<Desk>,
    running: Mutex<Option<Running>>,
}

/// Threads, in the order in which they are ended.
struct Running {
    pattern: Option<Pattern>,
    sources: Sources,
    server: Server,
    keeper: Keeper,
    _sampler: Sampler,
    _decoders: DecodePool,
}

impl Core {
    /// Starts everything that does not need a window.
    ///
    /// # Errors
    /// When the system gives no threads, or the statistics can't be written; a sentence for a
    /// person.
    pub fn start(options: &Options) -> Result<Arc<Self>, String> {
        let fail = |what: &str, error: std::io::Error| format!("{what}: {error}");
        let designer = Designer::start(options)?;
        let desk = Arc::new(Desk::default());
        let (hub, jobs) = Hub::new(Box::new(StreamObserver(Arc::clone(&desk))));
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let decoders = DecodePool::start(&jobs, cores)
            .map_err(|error| fail("decoders can't be started", error))?;
        let sinks = Arc::new(Sinks::default());
        let catalog = Arc::new(Catalogue::new(options.catalog_target()?));
        let calling = Arc::new(Calling::start(options.calls(), Arc::clone(&hub))?);
        let sampler = Sampler::start(
            Arc::clone(&hub),
            Arc::clone(&sinks),
            Arc::clone(&catalog),
            Arc::clone(&calling),
            options,
        )?;
        *lock(&desk.kick) = Some(sampler.kick());
        let events = Arc::clone(&desk);
        let server = Server::start(
            Arc::clone(&hub),
            options.limits(),
            Arc::new(move |event| events.on_event(event)),
        )
        .map_err(|error| fail("the network can't be used", error))?;
        for address in &options.listen {
            server.listen(*address);
        }
        let kept = Arc::clone(&desk);
        let folders =
            Settings { pictures: folders::pictures(), videos: folders::videos(), look_back: 0 };
        let keeper = Keeper::start(folders, Arc::new(move |event| kept.on_keep(event)))
            .map_err(|error| fail("files can't be written", error))?;
        let failed = Arc::clone(&desk);
        let on_failure = move |source: &str, reason| {
            log::warn!("{source}: {reason}");
            failed.tell(&Notice::SourceFailed(source.to_owned(), reason));
        };
        let sources = Sources::new(Arc::clone(&hub), Arc::new(on_failure));
        let running = Running {
            pattern: None,
            sources,
            server,
            keeper,
            _sampler: sampler,
            _decoders: decoders,
        };
        let core = Arc::new(Self {
            hub,
            sinks,
            view_size: options.view_size,
            catalog,
            designer,
            calling,
            desk,
            running: Mutex::new(Some(running)),
        });
        for url in &options.pull {
            core.pull(url);
        }
        if options.catalog.is_some() {
            core.catalog.open();
        }
        if options.test_pattern {
            core.show_test_pattern();
        }
        *CORE.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&core));
        Ok(core)
    }

    /// Ends and joins every thread.
    pub fn stop(&self) {
        *CORE.write().unwrap_or_else(PoisonError::into_inner) = None;
        lock(&self.desk.kick).take();
        self.calling.close();
        self.catalog.close();
        self.designer.close();
        drop(lock(&self.running).take());
    }

    /// Which ports are open, and which could not be.
    pub fn ports(&self) -> Ports {
        lock(&self.desk.ports).clone()
    }

    /// Passes notices on to an object of the window until it is gone.
    pub fn on_notice(&self, listener: OnNotice) {
        lock(&self.desk.listeners).push(listener);
    }

    /// Opens a port; what comes of it is a notice.
    pub fn listen(&self, address: SocketAddr) {
        self.with_running(|running| running.server.listen(address));
    }

    /// Closes all ports; connections go on.
    pub fn close(&self) {
        self.with_running(|running| running.server.close());
    }

    /// Something that was asked for can't be done.
    pub fn report(&self, message: String) {
        log::error!("{message}");
        lock(&self.desk.ports).last_error = message;
        self.desk.tell(&Notice::Ports);
    }

    /// Gives up on a port and opens another one instead.
    pub fn replace(&self, problem: SocketAddr, by: SocketAddr) {
        lock(&self.desk.ports).problems.retain(|p| p.address != problem);
        self.listen(by);
    }

    /// Fetches an MJPEG stream over HTTP, or opens a file.
    pub fn pull(&self, source: &str) {
        if let Some(path) = as_path(source) {
            let port = self.ports().open.first().map(|open| local(*open));
            self.with_running(|running| running.sources.open(&path, port));
            return;
        }
        let mut refused = None;
        self.with_running(|running| refused = running.server.pull(source).err());
        if let Some(message) = refused {
            self.desk.tell(&Notice::SourceFailed(source.to_owned(), message.clone()));
            self.report(message);
        }
    }

    /// Takes a stream off the list until its sender connects anew; one that is fetched is not
    /// fetched any more.
    pub fn remove(&self, id: StreamId) {
        if let Some(stream) = self.hub.stream(id) {
            let name = stream.info().name;
            self.with_running(|running| {
                running.server.stop_pull(&name);
                running.sources.close(&name);
                running.keeper.record(&stream, false);
            });
        }
        self.put_away(id, true);
    }

    /// Takes a stream off the list, or brings it back.
    pub fn put_away(&self, id: StreamId, away: bool) {
        self.hub.put_away(id, away);
        self.desk.kick();
    }

    /// Acts on the files of a stream.
    pub fn keep(&self, id: StreamId, act: impl FnOnce(&Keeper, &Arc<Stream>)) {
        if let Some(stream) = self.hub.stream(id) {
            self.with_running(|running| act(&running.keeper, &stream));
        }
    }

    /// Holds the frame of a stream that is on the screen for [`Core::save_held`]; see
    /// [`Keeper::hold`].
    pub fn hold_frame(&self, stream: Option<&Stream>) -> Option<PathBuf> {
        let mut path = None;
        self.with_running(|running| path = running.keeper.hold(stream));
        path
    }

    /// Writes the frame that is held under a name that a person typed.
    pub fn save_held(&self, name: &str) {
        let path = at_home(name).unwrap_or_else(|| PathBuf::from(name));
        self.with_running(|running| running.keeper.save_held(&path));
    }

    /// Where files go; `change` may set it.
    pub fn keeping(&self, change: impl FnOnce(&mut Settings)) -> Option<Settings> {
        let mut settings = None;
        self.with_running(|running| {
            running.keeper.configure(change);
            settings = Some(running.keeper.settings());
        });
        settings
    }

    /// The recordings that run.
    pub fn recordings(&self) -> Vec<Status> {
        let mut recordings = Vec::new();
        self.with_running(|running| recordings = running.keeper.recordings());
        recordings
    }

    /// Starts the test pattern, if it does not run.
    pub fn show_test_pattern(&self) {
        let hub = Arc::clone(&self.hub);
        self.with_running(|running| {
            if running.pattern.is_none() {
                running.pattern = Pattern::start(hub)
                    .inspect_err(|error| log::error!("no test pattern: {error}"))
                    .ok();
            }
        });
    }

    fn with_running(&self, act: impl FnOnce(&mut Running)) {
        if let Some(running) = lock(&self.running).as_mut() {
            act(running);
        }
    }
}

/// A path that begins at home.
fn at_home(path: &str) -> Option<PathBuf> {
    Some(Path::new(&std::env::var_os("HOME")?).join(path.strip_prefix("~/")?))
}

/// The file that a source names, if it is not an address.
fn as_path(source: &str) -> Option<String> {
    if let Some(path) = at_home(source) {
        return Some(path.to_string_lossy().into_owned());
    }
    Some(source.strip_prefix("file://").unwrap_or(source).to_owned())
        .filter(|path| path.starts_with('/'))
}

/// The address at which this machine itself reaches an open port.
fn local(open: SocketAddr) -> SocketAddr {
    if open.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), open.port())
    } else {
        open
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is replaced as a whole: a panic can't leave it half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
