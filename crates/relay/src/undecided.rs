//! Connections that have not said yet what they want.
//!
//! In: connections as they come. Out: the word to give up for the one that has been silent
//! longest when there are too many, so that silent ones never keep others out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::figures::Figures;
use crate::limits::MAX_UNDECIDED;

#[derive(Debug, Default)]
struct State {
    next: u64,
    silent: BTreeMap<u64, Arc<Notify>>,
}

/// See the module.
#[derive(Debug)]
pub struct Undecided {
    state: Mutex<State>,
    figures: Arc<Figures>,
}

/// One undecided connection; dropping it means that it has decided or is gone.
#[derive(Debug)]
pub struct Entry<'a> {
    all: &'a Undecided,
    id: u64,
    give_up: Arc<Notify>,
}

impl Undecided {
    /// Nobody yet.
    #[must_use]
    pub fn new(figures: Arc<Figures>) -> Self {
        Self { state: Mutex::default(), figures }
    }

    /// One more; if that is too many, the oldest is told to give up.
    pub fn enter(&self) -> Entry<'_> {
        let give_up = Arc::new(Notify::new());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let id = state.next;
        state.next += 1;
        state.silent.insert(id, Arc::clone(&give_up));
        self.figures.undecided.add(1);
        if state.silent.len() > MAX_UNDECIDED
            && let Some((_, oldest)) = state.silent.pop_first()
        {
            oldest.notify_one();
        }
        Entry { all: self, id, give_up }
    }
}

impl Entry<'_> {
    /// Returns when this connection has to make room.
    pub async fn give_up(&self) {
        self.give_up.notified().await;
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.all.state.lock().unwrap_or_else(PoisonError::into_inner).silent.remove(&self.id);
        self.all.figures.undecided.sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_makes_room() {
        let undecided = Undecided::new(Arc::default());
        let mut entries: Vec<_> = (0..=MAX_UNDECIDED).map(|_| undecided.enter()).collect();
        entries[0].give_up().await;
        entries.remove(0);
        // The next oldest stays until there is one too many again.
        let waits = tokio::time::timeout(std::time::Duration::ZERO, entries[0].give_up());
        assert!(waits.await.is_err());
        let _one_more = undecided.enter();
        entries[0].give_up().await;
        drop(entries);
        assert_eq!(undecided.figures.undecided.get(), 1);
    }
}
