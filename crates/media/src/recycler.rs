//! Buffers that are used again, without a lock and without a way back to go.
//!
//! In: shared buffers as they are handed out. Out: one that nobody holds any more. A stage keeps
//! one recycler for each stream; after warm-up it allocates nothing, since as many buffers go
//! round as stages hold at once: a handful, or hundreds where a stream's look-back holds them.
//!
//! Holders let go in about the order in which they got their buffers, so the oldest is looked at
//! first. Buffers that come back and are not needed go: one for each that is asked for where many
//! are free, and where few are, one each time that for long a buffer lay idle. What was made for
//! one moment in which everything was held at once would stay for ever otherwise.

use std::collections::VecDeque;
use std::sync::Arc;

/// Most buffers that go round: those of a look-back of 20 seconds at 60 frames a second, and room
/// for what is held beside it. The oldest of more are left to their holders.
const MOST: usize = 2048;

/// How many buffers are looked at for a free one. More than stages hold out of order: one being
/// filled, one in the slot, one being decoded, one on the screen, one for a second view.
const TRIED: usize = 5;

/// A buffer that was free beside the one that was taken, each of so many times, is let go: after
/// ten to twenty seconds at 30 frames a second. Making it again then costs next to nothing.
const ROUND: u32 = 300;

/// Keeps shared buffers and finds one that is free again.
#[derive(Debug)]
pub struct Recycler<T> {
    /// In the order in which they were handed out.
    out: VecDeque<Arc<T>>,
    /// Where a free one was found when the oldest were held.
    cursor: usize,
    made: u64,
    /// Buffers asked for in this round, and the fewest that were free beside the one taken.
    asked: u32,
    spare: usize,
}

impl<T> Default for Recycler<T> {
    fn default() -> Self {
        Self { out: VecDeque::with_capacity(TRIED), cursor: 0, made: 0, asked: 0, spare: TRIED }
    }
}

impl<T: Default> Recycler<T> {
    /// A buffer that nobody else holds: a used one if there is one, else a new one. It can be
    /// written through [`Arc::get_mut`] until it is shared.
    pub fn acquire(&mut self) -> Arc<T> {
        if let Some(buffer) = self.take_free(0).or_else(|| self.take_free(self.cursor)) {
            return buffer;
        }
        // Someone holds the oldest for long, such as a paused view: look behind them next time.
        self.cursor = if self.cursor < self.out.len() { self.cursor + TRIED } else { 0 };
        self.made += 1;
        (self.asked, self.spare) = (0, TRIED);
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

    /// The first free buffer among a few from `start` on. One more goes if more are free than can
    /// be needed at once, or than were needed in a whole round.
    fn take_free(&mut self, start: usize) -> Option<Arc<T>> {
        let end = self.out.len().min(start + TRIED);
        let mut free = (start..end).filter(|&at| self.out.get_mut(at).is_some_and(is_free));
        let (first, second) = (free.next()?, free.next());
        let beside = second.into_iter().chain(free).count();
        self.asked += 1;
        self.spare = self.spare.min(beside);
        let round_is_over = self.asked == ROUND;
        let many = beside + 1 == TRIED && self.out.len() > TRIED;
        let idle = round_is_over && self.spare > 0;
        if let Some(second) = second.filter(|_| many || idle) {
            self.out.remove(second);
        }
        if round_is_over {
            (self.asked, self.spare) = (0, TRIED);
        }
        self.out.remove(first)
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

    #[test]
    fn what_one_moment_needed_is_not_kept_for_ever() {
        let mut recycler = Recycler::default();
        let mut held = VecDeque::new();
        let mut run = |times: u32, most: usize| {
            for _ in 0..times {
                while held.len() >= most {
                    held.pop_front();
                }
                held.push_back(next(&mut recycler));
            }
            (recycler.made(), recycler.out.len())
        };
        assert_eq!(run(100, 2), (2, 2));
        assert_eq!(run(3, 5), (5, 5), "all were held at once");
        assert_eq!(run(5 * ROUND, 2), (5, 2), "each has lain idle for a round");
        // What is needed now and then stays.
        let made = run(3, 5).0;
        for _ in 0..20 {
            run(ROUND / 3, 2);
            assert_eq!(run(3, 5).0, made);
        }
    }
}
