//! Buffers that are used again, without a lock and without a way back to go.
//!
//! In: shared buffers as they are handed out. Out: one that nobody holds any more. A stage keeps
//! one recycler for each stream; after warm-up it allocates nothing, since as many buffers go
//! round as stages hold at once.

use std::sync::Arc;

/// How many buffers are kept for a return: one being filled, one in the slot, one in the next
/// stage's hands, one on the screen, and one for a snapshot or a second view.
const KEPT: usize = 5;

/// Keeps shared buffers and finds one that is free again.
#[derive(Debug)]
pub struct Recycler<T> {
    out: Vec<Arc<T>>,
    made: u64,
}

impl<T> Default for Recycler<T> {
    fn default() -> Self {
        Self { out: Vec::with_capacity(KEPT), made: 0 }
    }
}

impl<T: Default> Recycler<T> {
    /// A buffer that nobody else holds: a used one if there is one, else a new one. It can be
    /// written through [`Arc::get_mut`] until it is shared.
    pub fn acquire(&mut self) -> Arc<T> {
        match self.out.iter_mut().position(|buffer| Arc::get_mut(buffer).is_some()) {
            Some(free) => self.out.swap_remove(free),
            None => {
                self.made += 1;
                Arc::default()
            }
        }
    }

    /// Remembers a buffer that is about to be handed on. If more are out than are kept, the
    /// oldest is left to its holders.
    pub fn keep(&mut self, buffer: &Arc<T>) {
        if self.out.len() == KEPT {
            self.out.remove(0);
        }
        self.out.push(Arc::clone(buffer));
    }

    /// How many buffers were newly made so far.
    #[must_use]
    pub const fn made(&self) -> u64 {
        self.made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_when_its_holder_lets_go() {
        let mut recycler = Recycler::<Vec<u8>>::default();
        let first = recycler.acquire();
        recycler.keep(&first);
        let second = recycler.acquire();
        assert!(!Arc::ptr_eq(&first, &second));
        let address = Arc::as_ptr(&first);
        drop(first);
        assert_eq!(Arc::as_ptr(&recycler.acquire()), address);
        assert_eq!(recycler.made(), 2);
    }

    #[test]
    fn holders_that_never_let_go_do_not_pile_up() {
        let mut recycler = Recycler::<Vec<u8>>::default();
        let held: Vec<_> = (0..50)
            .map(|_| {
                let buffer = recycler.acquire();
                recycler.keep(&buffer);
                buffer
            })
            .collect();
        assert_eq!(held.len(), 50);
        assert_eq!(recycler.out.len(), KEPT);
    }
}
