//! A viewer without a window: network, hub and decoders, and one view that takes what comes.

use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{Picture, clock};
use okno_net::{Event, Limits, Server};
use okno_session::{DecodePool, Hub, Observer, Stream, View};

/// How long anything may take on a busy machine before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A value that one thread sets and another waits for.
#[derive(Default)]
pub struct Bell<T> {
    value: Mutex<T>,
    rung: Condvar,
}

impl<T> Bell<T> {
    pub fn ring(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.lock().expect("nobody panics with it"));
        self.rung.notify_all();
    }

    /// What `ready` gives once it gives something.
    pub fn wait<R>(&self, what: &str, mut ready: impl FnMut(&mut T) -> Option<R>) -> R {
        let mut value = self.value.lock().expect("nobody panics with it");
        loop {
            if let Some(result) = ready(&mut value) {
                return result;
            }
            let (next, late) = self.rung.wait_timeout(value, PATIENCE).expect("as above");
            assert!(!late.timed_out(), "no {what} within {PATIENCE:?}");
            value = next;
        }
    }
}

/// Streams that were opened, and how many were lost.
#[derive(Default)]
pub struct Seen {
    pub opened: Vec<Arc<Stream>>,
    pub lost: usize,
}

struct Doorbell(Arc<Bell<Seen>>);

impl Observer for Doorbell {
    fn opened(&self, stream: &Arc<Stream>) {
        self.0.ring(|seen| seen.opened.push(Arc::clone(stream)));
    }

    fn lost(&self, _: &Arc<Stream>, _: &str) {
        self.0.ring(|seen| seen.lost += 1);
    }
}

/// See the module.
pub struct Viewer {
    pub streams: Arc<Bell<Seen>>,
    pub address: SocketAddr,
    _server: Server,
    _decoders: DecodePool,
}

impl Viewer {
    /// A viewer that keeps so many nanoseconds of each stream.
    pub fn start(look_back: u64) -> Self {
        let streams = Arc::<Bell<Seen>>::default();
        let (hub, jobs) = Hub::new(Box::new(Doorbell(Arc::clone(&streams))));
        hub.history().set_span(look_back);
        let decoders = DecodePool::start(&jobs, 2).expect("decoders");
        let address = Arc::<Bell<Option<SocketAddr>>>::default();
        let told = Arc::clone(&address);
        let on_event = Arc::new(move |event| {
            if let Event::Listening(at) = event {
                told.ring(|address| *address = Some(at));
            }
        });
        let server = Server::start(hub, Limits::default(), on_event).expect("a network thread");
        server.listen(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = address.wait("open port", |address| *address);
        Self { streams, address, _server: server, _decoders: decoders }
    }

    pub fn connect(&self) -> TcpStream {
        let socket = TcpStream::connect(self.address).expect("a connection");
        socket.set_nodelay(true).expect("an option");
        socket
    }

    /// The only stream, once it is there.
    pub fn stream(&self) -> Arc<Stream> {
        self.streams.wait("stream", |seen| seen.opened.first().map(Arc::clone))
    }
}

/// A visible view of a stream, and its bell.
pub struct Watcher {
    pub view: View,
    pictures: Arc<Bell<bool>>,
}

impl Watcher {
    pub fn new(stream: &Arc<Stream>, size: (u32, u32)) -> Self {
        let pictures = Arc::<Bell<bool>>::default();
        let bell = Arc::clone(&pictures);
        let view = View::new(stream, Box::new(move || bell.ring(|rung| *rung = true)));
        view.set_shown(size.0, size.1, true);
        Self { view, pictures }
    }

    /// Waits for the next picture, takes it, and says that it is on the screen.
    pub fn next(&self) -> Arc<Picture> {
        self.pictures.wait("picture", |rung| {
            let picture = std::mem::take(rung).then(|| self.view.take()).flatten()?;
            self.view.shown(&picture, clock::now_ns());
            Some(picture)
        })
    }
}

/// A grey picture whose brightness tells them apart.
pub fn jpeg(width: usize, height: usize, brightness: u8) -> Vec<u8> {
    let bytes = vec![brightness; width * height];
    let pixels = Pixels { bytes: &bytes, width, height, stride: width, layout: Layout::Gray };
    let mut out = Vec::new();
    Encoder::new().and_then(|mut e| e.encode(&pixels, 80, &mut out)).expect("a JPEG");
    out
}
