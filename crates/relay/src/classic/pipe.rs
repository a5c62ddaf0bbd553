//! One direction of a classic pair.
//!
//! In: pieces from one client, or that it has left. Out: bytes for the other. Bounded: what the
//! other does not take is dropped whole, video down to the newest frame, audio down to 250 ms.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Media;
use super::framing::TooLarge;
use crate::frame_queue::{FrameQueue, Piece, Policy};
use crate::limits::CLASSIC_CHUNKS;

#[derive(Debug)]
struct State {
    queue: FrameQueue,
    closed: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pipe {
    state: Mutex<State>,
    wake: Notify,
}

/// What [`Pipe::pop`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Popped {
    /// Bytes; `last_words`: their sender has left.
    Bytes { last_words: bool },
    /// Nothing now.
    Nothing,
    /// The sender has left and all is said.
    Over,
}

/// Closes a pipe when dropped.
pub(super) struct Closing<'a>(pub &'a Pipe);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        state.queue.finish();
        drop(state);
        self.0.wake.notify_one();
    }
}

impl Pipe {
    pub fn new(media: Media) -> Self {
        let policy = match media {
            Media::Video => Policy::Newest,
            Media::Audio => Policy::Oldest(CLASSIC_CHUNKS),
        };
        let state = State { queue: FrameQueue::new(policy), closed: false };
        Self { state: Mutex::new(state), wake: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes pieces in up to the first error. How many frames or chunks were dropped.
    pub fn push(
        &self,
        pieces: impl Iterator<Item = Result<Piece, TooLarge>>,
    ) -> Result<u32, TooLarge> {
        let mut state = self.lock();
        let mut dropped = 0;
        for piece in pieces {
            dropped += state.queue.push(piece?);
        }
        drop(state);
        self.wake.notify_one();
        Ok(dropped)
    }

    /// Appends about `most` bytes of what goes next.
    pub fn pop(&self, batch: &mut Vec<u8>, most: usize) -> Popped {
        let mut state = self.lock();
        while batch.len() < most {
            let Some(bytes) = state.queue.pop() else { break };
            batch.extend_from_slice(&bytes);
        }
        match (batch.is_empty(), state.closed) {
            (false, last_words) => Popped::Bytes { last_words },
            (true, true) => Popped::Over,
            (true, false) => Popped::Nothing,
        }
    }

    /// Waits until there may be something new.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }
}
