//! The product catalogue, as the program keeps it: the client, the list in its order, and a
//! letter box for the window.
//!
//! In: orders from the window, which return at once. Out: mail for the one object of the window
//! that shows the catalogue, and figures for the statistics. Nothing is connected before
//! [`Catalogue::open`]. Everything that takes time happens on a thread of its own.

mod list;
mod mail;
mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, TrySendError, bounded};
use okno_catalog::client::Target;
use okno_catalog::client::live::{Live, State};
use okno_catalog::proto::okno::v1::Item;

pub use list::Change;
pub use mail::{Letter, OnMail, Report};
pub use work::{Deed, Order};

use mail::Desk;
use work::Work;

/// Where a catalogue is unless told otherwise: where `okno-catalog serve` listens.
pub const DEFAULT_ADDRESS: &str = "http://127.0.0.1:50051";

/// Orders that wait for the thread, which takes them at once: more means that something hangs.
const MAX_ORDERS: usize = 64;

/// See the module.
pub struct Catalogue {
    target: Target,
    desk: Arc<Desk>,
    running: Mutex<Option<Running>>,
}

struct Running {
    live: Arc<Live>,
    orders: Sender<Order>,
    thread: JoinHandle<()>,
}

/// What the statistics say.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// See [`state_name`].
    pub state: &'static str,
    /// Products that are known here.
    pub products: usize,
    /// Products that are pinned to one of the streams on the list.
    pub cards: usize,
}

impl Catalogue {
    /// A catalogue that is asked for later.
    pub fn new(target: Target) -> Self {
        Self { target, desk: Arc::default(), running: Mutex::new(None) }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.target.server
    }

    /// Connects, unless that was done before.
    pub fn open(&self) {
        let mut running = lock(&self.running);
        if running.is_none() {
            match self.start() {
                Ok(started) => *running = Some(started),
                Err(error) => {
                    log::error!("no catalogue: {error}");
                    self.desk.fail(format!("the catalogue can't be used: {error}"));
                }
            }
        }
    }

    fn start(&self) -> std::io::Result<Running> {
        // One kick is enough: it asks for everything that there is to take.
        let (kick, kicked) = bounded(1);
        let live = Arc::new(Live::start(self.target.clone(), move || {
            let _ = kick.try_send(());
        })?);
        let (orders, queue) = bounded(MAX_ORDERS);
        let mut work = Work::new(Arc::clone(&live), Arc::clone(&self.desk));
        let thread = std::thread::Builder::new()
            .name("catalog".into())
            .spawn(move || work.run(&kicked, &queue))?;
        log::info!("asking for the catalogue at {}", self.target.server);
        Ok(Running { live, orders, thread })
    }

    /// Ends and joins the threads.
    pub fn close(&self) {
        let running = lock(&self.running).take();
        if let Some(Running { live, orders, thread }) = running {
            drop(orders);
            if thread.join().is_err() {
                log::error!("the catalogue's thread ended by a panic; its message is above");
            }
            drop(live);
        }
    }

    /// Calls `on_mail` when there is a letter to take; there is one reader at a time, who begins
    /// with the whole list.
    pub fn attach(&self, on_mail: OnMail) {
        self.desk.attach(on_mail);
        self.order(Order::ShowAll);
    }

    /// Everything that happened since the last letter.
    pub fn take(&self) -> Letter {
        self.desk.take()
    }

    /// Has something done; `false` if nothing will come of it. What comes of it is in a letter.
    pub fn order(&self, order: Order) -> bool {
        let running = lock(&self.running);
        let sent = running.as_ref().map(|running| running.orders.try_send(order));
        if let Some(Err(TrySendError::Full(_))) = sent {
            self.desk.fail("the catalogue is still busy: try again in a moment".to_owned());
        }
        matches!(sent, Some(Ok(())))
    }

    /// Tries to connect now rather than after the pause.
    pub fn retry(&self) {
        if let Some(running) = lock(&self.running).as_ref() {
            running.live.retry_now();
        }
    }

    /// What is pinned to a stream, the oldest product first.
    pub fn pinned(&self, stream: &str) -> Vec<Arc<Item>> {
        let running = lock(&self.running);
        running.as_ref().map_or_else(Vec::new, |r| r.live.read(|copy| copy.pinned(stream)))
    }

    /// For the statistics; `None` before the catalogue was asked for.
    pub fn figures<'a>(&self, streams: impl Iterator<Item = &'a str>) -> Option<Figures> {
        let running = lock(&self.running);
        let live = &running.as_ref()?.live;
        let (products, cards) =
            live.read(|copy| (copy.len(), streams.map(|name| copy.pinned(name).len()).sum()));
        Some(Figures { state: state_name(live.status().state), products, cards })
    }
}

/// A state's name in the statistics.
const fn state_name(state: State) -> &'static str {
    match state {
        State::Connecting => "connecting",
        State::Absent => "absent",
        State::Here => "ready",
        State::Slow => "slow",
        State::Lost => "lost",
        State::Back => "back",
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is replaced as a whole: a panic can't leave it half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
