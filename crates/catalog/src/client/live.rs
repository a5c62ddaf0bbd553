//! A catalogue kept at hand for a program that must not wait, such as one with a window.
//!
//! In: a [`Target`], and commands at any time. Out: a [`Snapshot`] in step with the catalogue,
//! [`Event`]s, and a [`State`] that says whether to believe it. A thread of its own does all the
//! waiting and connects again for as long as it lives. `wake` is called once when there is
//! something to take and not again until it was taken, so it can post to an event loop.
//!
//! Events are bounded: whoever takes them too rarely gets [`Event::Reset`] instead of those that
//! were dropped, and reads the snapshot again. Results of commands are never dropped.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tonic::{Code, Status as GrpcStatus};

use super::connection::Target;
use super::session;
use super::snapshot::Snapshot;
use crate::proto::ecommerce::Product;
use crate::proto::okno::v1::{Item, UpdateProductRequest};

/// Events that wait to be taken.
const MAX_EVENTS: usize = 4_096;

/// Commands on their way, and results that were not taken yet.
pub const MAX_COMMANDS: usize = 64;

/// How patient a [`Live`] is. The default suits a program with a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Pause before the second attempt to connect; doubles from then on.
    pub first_pause: Duration,
    /// Longest pause between attempts.
    pub longest_pause: Duration,
    /// How often the catalogue is asked whether it answers.
    pub probe_every: Duration,
    /// An answer that takes longer makes it [`State::Slow`].
    pub slow_after: Duration,
    /// A probe without an answer for this long makes it [`State::Lost`].
    pub lost_after: Duration,
    /// How long [`State::Back`] is shown.
    pub back_for: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(5),
            probe_every: Duration::from_secs(2),
            slow_after: Duration::from_secs(1),
            lost_after: Duration::from_secs(6),
            back_for: Duration::from_secs(5),
        }
    }
}

/// How the catalogue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The first attempt is under way.
    Connecting,
    /// It has never answered; attempts go on.
    Absent,
    /// In step.
    Here,
    /// In step, but it takes long to answer.
    Slow,
    /// It was in step and is gone; the snapshot is what was last known. Attempts go on.
    Lost,
    /// In step again after it was lost; becomes [`Self::Here`] after some seconds.
    Back,
}

impl State {
    /// Whether commands have a chance.
    #[must_use]
    pub const fn is_connected(self) -> bool {
        matches!(self, Self::Here | Self::Slow | Self::Back)
    }
}

/// A state and, for a person, the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// See [`State`].
    pub state: State,
    /// Why it is absent, slow or lost; else empty.
    pub why: String,
}

/// Something to do with the catalogue.
#[derive(Clone, Debug)]
pub enum Command {
    /// Adds a product; its id is ignored.
    Add(Product),
    /// Changes some fields.
    Update(UpdateProductRequest),
    /// Deletes the product with this id.
    Delete(String),
    /// Takes a deletion back.
    Restore(String),
    /// Pins a product to a stream.
    Pin {
        /// The product.
        id: String,
        /// The stream's name.
        stream: String,
    },
    /// Takes it away from the stream.
    Unpin {
        /// The product.
        id: String,
        /// The stream's name.
        stream: String,
    },
    /// Finds products by the beginnings of words; the result is at most 1,000 items.
    Search(String),
}

/// Tells a command's result from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(u64);

/// What a command came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The id of what was added.
    Added(String),
    /// What was deleted.
    Deleted(Product),
    /// The item as it is now.
    Changed(Item),
    /// What was found.
    Found(Vec<Item>),
}

/// Why a command failed, in the server's words or ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CommandError {
    /// gRPC's code; UNAVAILABLE if there is no connection.
    pub code: Code,
    /// What happened and what to do.
    pub message: String,
}

impl From<GrpcStatus> for CommandError {
    fn from(status: GrpcStatus) -> Self {
        Self { code: status.code(), message: status.message().to_owned() }
    }
}

/// What happened since the last look.
#[derive(Clone, Debug)]
pub enum Event {
    /// The state has changed.
    Status(Status),
    /// Anything may have changed: read the snapshot again.
    Reset,
    /// Added or changed.
    Put(Arc<Item>),
    /// Deleted: its id.
    Deleted(String),
    /// A command's result.
    Done(Ticket, Result<Outcome, CommandError>),
}

/// [`MAX_COMMANDS`] are on their way: wait for one to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the catalogue is still busy with earlier changes: try again in a moment")]
pub struct Busy;

/// A catalogue kept at hand. Dropping it ends and joins its thread at once.
#[derive(Debug)]
pub struct Live {
    shared: Arc<Shared>,
    commands: mpsc::Sender<(Ticket, Command)>,
    thread: Option<JoinHandle<()>>,
}

impl Live {
    /// Starts to connect.
    ///
    /// # Errors
    /// The system gives no thread or no event queue.
    pub fn start(target: Target, wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        Self::start_with(target, Pace::default(), wake)
    }

    /// [`Self::start`] at another pace.
    ///
    /// # Errors
    /// As there.
    pub fn start_with(
        target: Target,
        pace: Pace,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let shared = Arc::new(Shared::new(Box::new(wake)));
        let (commands, queue) = mpsc::channel(MAX_COMMANDS);
        let for_thread = Arc::clone(&shared);
        let thread =
            std::thread::Builder::new().name("catalog-live".to_owned()).spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = for_thread.stop.notified() => {}
                        () = session::keep_up(&target, pace, &for_thread, queue) => {}
                    }
                });
                // A name that is being looked up can't be interrupted: it is left behind.
                runtime.shutdown_background();
            })?;
        Ok(Self { shared, commands, thread: Some(thread) })
    }

    /// How the catalogue is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.shared.lock().status.clone()
    }

    /// Looks at the snapshot. Keep it short: the thread waits meanwhile.
    pub fn read<T>(&self, look: impl FnOnce(&Snapshot) -> T) -> T {
        look(&self.shared.lock().snapshot)
    }

    /// What happened since the last call. `wake` will be called again from now on.
    #[must_use]
    pub fn take_events(&self) -> Vec<Event> {
        let mut inner = self.shared.lock();
        inner.woken = false;
        let events: Vec<_> = inner.events.drain(..).collect();
        let done = events.iter().filter(|event| matches!(event, Event::Done(..))).count();
        inner.commands -= done;
        events
    }

    /// Sends a command; its result comes as [`Event::Done`] with the ticket.
    ///
    /// # Errors
    /// Too many are on their way.
    pub fn send(&self, command: Command) -> Result<Ticket, Busy> {
        let mut inner = self.shared.lock();
        if inner.commands >= MAX_COMMANDS {
            return Err(Busy);
        }
        let ticket = Ticket(inner.next_ticket);
        self.commands.try_send((ticket, command)).map_err(|_| Busy)?;
        inner.next_ticket += 1;
        inner.commands += 1;
        Ok(ticket)
    }

    /// Tries to connect now rather than after the pause.
    pub fn retry_now(&self) {
        self.shared.retry.notify_one();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.shared.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread and the program share.
pub(super) struct Shared {
    inner: Mutex<Inner>,
    wake: Box<dyn Fn() + Send + Sync>,
    /// Ends the thread.
    stop: Notify,
    /// Ends a pause between attempts.
    pub(super) retry: Notify,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("status", &self.lock().status).finish_non_exhaustive()
    }
}

struct Inner {
    snapshot: Snapshot,
    status: Status,
    events: VecDeque<Event>,
    woken: bool,
    /// On their way or not taken.
    commands: usize,
    next_ticket: u64,
}

impl Shared {
    fn new(wake: Box<dyn Fn() + Send + Sync>) -> Self {
        let inner = Inner {
            snapshot: Snapshot::default(),
            status: Status { state: State::Connecting, why: String::new() },
            events: VecDeque::new(),
            woken: false,
            commands: 0,
            next_ticket: 1,
        };
        Self { inner: Mutex::new(inner), wake, stop: Notify::new(), retry: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> State {
        self.lock().status.state
    }

    pub(super) fn set_status(&self, state: State, why: &str) {
        let status = Status { state, why: why.to_owned() };
        let mut inner = self.lock();
        if inner.status != status {
            inner.status = status.clone();
            self.tell(inner, Event::Status(status));
        }
    }

    /// A whole new snapshot.
    pub(super) fn replace(&self, snapshot: Snapshot) {
        let mut inner = self.lock();
        inner.snapshot = snapshot;
        self.tell(inner, Event::Reset);
    }

    pub(super) fn put(&self, item: Item) {
        let item = Arc::new(item);
        let mut inner = self.lock();
        if inner.snapshot.put(Arc::clone(&item)) {
            self.tell(inner, Event::Put(item));
        }
    }

    pub(super) fn delete(&self, id: String, revision: u64) {
        let mut inner = self.lock();
        if inner.snapshot.delete(&id, revision) {
            self.tell(inner, Event::Deleted(id));
        }
    }

    pub(super) fn done(&self, ticket: Ticket, result: Result<Outcome, CommandError>) {
        self.tell(self.lock(), Event::Done(ticket, result));
    }

    fn tell(&self, mut inner: MutexGuard<'_, Inner>, event: Event) {
        inner.events.push_back(event);
        if inner.events.len() > MAX_EVENTS {
            // Results stay, of which there are few; the rest is in the snapshot and the status.
            inner.events.retain(|event| matches!(event, Event::Done(..)));
            let status = inner.status.clone();
            inner.events.push_back(Event::Status(status));
            inner.events.push_back(Event::Reset);
        }
        let wake = !std::mem::replace(&mut inner.woken, true);
        drop(inner);
        if wake {
            (self.wake)();
        }
    }
}
