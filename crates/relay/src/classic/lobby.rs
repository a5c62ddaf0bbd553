//! Who waits for whom on one classic port.
//!
//! In: a session code and where its caller's bytes will be. Out: the same of the caller that
//! waits with this code, or a place to wait. A third caller with a code waits for a fourth, as
//! with the original server. Codes are compared as bytes and never shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::Media;
use super::pipe::Pipe;
use crate::limits::CLASSIC_WAITING;

#[derive(Debug)]
struct Waiting {
    id: u64,
    outgoing: Arc<Pipe>,
    meet: oneshot::Sender<Arc<Pipe>>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    waiting: HashMap<Vec<u8>, Waiting>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Lobby {
    media: Media,
    state: Mutex<State>,
}

/// What a caller finds.
pub(super) enum Meeting<'a> {
    /// The other one: what it sends.
    Met(Arc<Pipe>),
    /// Nobody yet.
    Wait(Place<'a>),
    /// Too many wait.
    Full,
}

/// A place to wait; dropping it leaves.
pub(super) struct Place<'a> {
    lobby: &'a Lobby,
    code: Vec<u8>,
    id: u64,
    met: oneshot::Receiver<Arc<Pipe>>,
}

impl Lobby {
    pub fn new(media: Media) -> Self {
        Self { media, state: Mutex::default() }
    }

    pub fn media(&self) -> Media {
        self.media
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Meets whoever waits with this code, or waits.
    pub(super) fn meet(&self, code: Vec<u8>, outgoing: &Arc<Pipe>) -> Meeting<'_> {
        let mut state = self.lock();
        if let Some(waiting) = state.waiting.remove(&code)
            // Fails if it is just leaving: then this one waits in its place.
            && waiting.meet.send(Arc::clone(outgoing)).is_ok()
        {
            return Meeting::Met(waiting.outgoing);
        }
        if state.waiting.len() >= CLASSIC_WAITING {
            return Meeting::Full;
        }
        let (meet, met) = oneshot::channel();
        let id = state.next;
        state.next += 1;
        let waiting = Waiting { id, outgoing: Arc::clone(outgoing), meet };
        state.waiting.insert(code.clone(), waiting);
        Meeting::Wait(Place { lobby: self, code, id, met })
    }
}

impl Place<'_> {
    /// Waits for the other one: what it sends.
    pub async fn met(&mut self) -> Arc<Pipe> {
        match (&mut self.met).await {
            Ok(pipe) => pipe,
            // The sender lives in the lobby until it is used, and the lobby outlives this.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.lobby.lock();
        if state.waiting.get(&self.code).is_some_and(|waiting| waiting.id == self.id) {
            state.waiting.remove(&self.code);
        }
    }
}
