//! The letter box between the catalogue's thread and the window.
//!
//! In: states, changes of rows and results, as they come. Out: one letter with all of them, when
//! the window takes it. Bounded: when nobody takes the letter, changes of rows give way to the
//! whole list, which the thread then sends once.

use std::sync::Mutex;

use okno_catalog::client::live::Status;

use super::list::Change;
use super::lock;
use super::work::Deed;

/// Changes of rows in a letter: beyond that, the whole list is less work for the window.
const MAX_CHANGES: usize = 256;

/// Posts word of a letter to the window's thread; `false` when the reader is gone.
pub type OnMail = Box<dyn Fn() -> bool + Send>;

/// What came of something that was asked for.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was asked for.
    pub deed: Deed,
    /// The product's id, or in words what went wrong.
    pub result: Result<String, String>,
}

/// What happened since the last letter.
#[derive(Default)]
pub struct Letter {
    /// The newest state, if it changed.
    pub status: Option<Status>,
    /// Changes of the list of products, in their order.
    pub changes: Vec<Change>,
    /// What is pinned to some stream is different.
    pub pins_changed: bool,
    /// There are more products than the list shows.
    pub cut_off: Option<bool>,
    /// Results of what was asked for.
    pub reports: Vec<Report>,
    /// What went wrong besides.
    pub failures: Vec<String>,
}

/// See the module.
#[derive(Default)]
pub struct Desk {
    letter: Mutex<Letter>,
    /// The reader, and whether it was told and has not come yet.
    reader: Mutex<(Option<OnMail>, bool)>,
}

impl Desk {
    /// Adds to the letter and sees that the reader knows. Says whether there is still room for
    /// changes of rows; if not, the whole list is due.
    pub fn write(&self, add: impl FnOnce(&mut Letter)) -> bool {
        let mut letter = lock(&self.letter);
        add(&mut letter);
        // The whole list makes what stood before it worthless.
        if let Some(at) = letter.changes.iter().rposition(|c| matches!(c, Change::All(_))) {
            letter.changes.drain(..at);
        }
        let room = letter.changes.len() <= MAX_CHANGES;
        drop(letter);
        self.tell();
        room
    }

    /// Something went wrong.
    pub fn fail(&self, why: String) {
        self.write(|letter| {
            letter.failures.truncate(MAX_CHANGES);
            letter.failures.push(why);
        });
    }

    /// A new reader takes the place of the one before.
    pub fn attach(&self, on_mail: OnMail) {
        *lock(&self.reader) = (Some(on_mail), false);
    }

    /// Hands the letter out and begins a new one.
    pub fn take(&self) -> Letter {
        // In this order: what is written after the letter was taken is told anew.
        lock(&self.reader).1 = false;
        std::mem::take(&mut *lock(&self.letter))
    }

    fn tell(&self) {
        let mut reader = lock(&self.reader);
        if reader.1 {
            return;
        }
        let told = reader.0.as_ref().map(|on_mail| on_mail());
        match told {
            Some(true) => reader.1 = true,
            Some(false) => reader.0 = None,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn the_reader_is_told_once_for_each_letter() {
        let desk = Desk::default();
        let told = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&told);
        desk.attach(Box::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
            true
        }));
        desk.fail("one".to_owned());
        desk.fail("two".to_owned());
        assert_eq!(told.load(Ordering::Relaxed), 1);
        assert_eq!(desk.take().failures, ["one", "two"]);
        desk.fail("three".to_owned());
        assert_eq!(told.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_letter_that_nobody_takes_asks_for_the_whole_list() {
        let desk = Desk::default();
        for at in 0..MAX_CHANGES {
            assert!(desk.write(|letter| letter.changes.push(Change::Remove(at))));
        }
        assert!(!desk.write(|letter| letter.changes.push(Change::Remove(0))));
        assert!(desk.write(|letter| letter.changes.push(Change::All(Vec::new()))));
        assert_eq!(desk.take().changes, [Change::All(Vec::new())]);
    }
}
