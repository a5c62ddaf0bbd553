//! Buffers that are used again, without a lock and without a way back to go.
//!
//! In: shared buffers as they are handed out. Out: one that nobody holds any more. A stage keeps
//! one recycler for each stream; after warm-up it allocates nothing, since as many buffers go
//! round as stages hold at once: a handful, or hundreds where a stream's look-back holds them.
//!
//! Holders let go in about the order in which they got their buffers, so the oldest is looked at
//! first. Buffers that come back and are not needed go, one for each that is asked for.

use std::collections::VecDeque;
use std::sync::Arc;

/// Most buffers that go round: those of a look-back of 20 seconds at 60 frames a second, and room
/// for what is held beside it. The oldest of more are left to their holders.
const MOST: usize = 2048;

/// How many buffers are looked at for a free one. More than stages hold out of order: one being
/// filled, one in the slot, one being decoded, one on the screen, one for a second view.
const TRIED: usize = 5;

/// Keeps shared buffers and finds one that is free again.
#[derive(Debug)]
pub struct Recycler<T> {
    /// In the order in which they were handed out.
    out: VecDeque<Arc<T>>,
    /// Where a free one was found when the oldest were held.
    cursor: usize,
    made: u64,
}

impl<T> Default for Recycler<T> {
    fn default() -> Self {
        Self { out: VecDeque::with_capacity(TRIED), cursor: 0, made: 0 }
    }
}

impl<T: Default> Recycler<T> {
    /// A buffer that nobody else holds: a used one if there is one, else a new one. It can be
    /// written through [`Arc::get_mut`] until it is shared.
    pub fn acquire(&mut self) -> Arc<T> {
        if let Some(buffer) = self.take_free(0).or_else(|| self.take_free(self.cursor)) {
            self.shrink();
            return buffer;
        }
        // Someone holds the oldest for long, such as a paused view: look behind them next time.
        self.cursor = if self.cursor < self.out.len() { self.cursor + TRIED } else { 0 };
        self.made += 1;
        Arc::default()
    }

    /// Remembers a buffer that is about to be handed on. If more are out than are kept, the
    /// oldest is left to its holders.
    pub fn keep(&mut self, buffer: &Arc<T>) {
        if self.out.len() == MOST {
            self.out.pop_front();
        }
        self.out.push_back(Arc::clone(buffer));
    }

    /// How many buffers were newly made so far.
    #[must_use]
    pub const fn made(&self) -> u64 {
        self.made
    }

    /// The first free buffer among a few from `start` on.
    fn take_free(&mut self, start: usize) -> Option<Arc<T>> {
        let end = self.out.len().min(start + TRIED);
        let free = (start..end).find(|&at| self.out.get_mut(at).is_some_and(is_free))?;
        self.out.remove(free)
    }

    /// Lets one buffer go if more are free than can be needed at once.
    fn shrink(&mut self) {
        if self.out.len() > TRIED && self.out.iter_mut().take(TRIED).all(is_free) {
            self.out.pop_front();
        }
    }
}

fn is_free<T>(buffer: &mut Arc<T>) -> bool {
    Arc::get_mut(buffer).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(recycler: &mut Recycler<Vec<u8>>) -> Arc<Vec<u8>> {
        let buffer = recycler.acquire();
        recycler.keep(&buffer);
        buffer
    }

    #[test]
    fn a_buffer_comes_back_when_its_holder_lets_go() {
        let mut recycler = Recycler::default();
        let first = next(&mut recycler);
        let second = recycler.acquire();
        assert!(!Arc::ptr_eq(&first, &second));
        let address = Arc::as_ptr(&first);
        drop(first);
        assert_eq!(Arc::as_ptr(&recycler.acquire()), address);
        assert_eq!(recycler.made(), 2);
    }

    #[test]
    fn holders_that_never_let_go_do_not_pile_up() {
        let mut recycler = Recycler::default();
        let held: Vec<_> = (0..MOST + 50).map(|_| next(&mut recycler)).collect();
        assert_eq!(held.len(), MOST + 50);
        assert_eq!(recycler.out.len(), MOST);
    }

    #[test]
    fn the_buffers_of_a_long_look_back_go_round() {
        let mut recycler = Recycler::default();
        let mut look_back = VecDeque::new();
        for _ in 0..5000 {
            look_back.push_back(next(&mut recycler));
            if look_back.len() > 300 {
                look_back.pop_front();
            }
        }
        assert_eq!(recycler.made(), 301);
        // It becomes shorter: what it held is not kept for ever.
        look_back.truncate(10);
        for _ in 0..400 {
            look_back.push_back(next(&mut recycler));
            look_back.pop_front();
        }
        assert!(recycler.out.len() < 30, "{} are still kept", recycler.out.len());
    }

    #[test]
    fn what_is_held_for_long_does_not_hide_what_is_free() {
        let mut recycler = Recycler::default();
        let pinned: Vec<_> = (0..100).map(|_| next(&mut recycler)).collect();
        let mut look_back = VecDeque::new();
        for _ in 0..5000 {
            look_back.push_back(next(&mut recycler));
            if look_back.len() > 300 {
                look_back.pop_front();
            }
        }
        assert!(recycler.made() < 700, "{} were made", recycler.made());
        drop(pinned);
    }
}
