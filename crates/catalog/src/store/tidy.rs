//! Brings the write-ahead log into the database, beside the writer.
//!
//! In: how long the log is after each commit. Out: checkpoints on a thread of their own. SQLite
//! would run them inside the commit that makes the log too long, and everybody who writes would
//! wait for the disk, tens of milliseconds each time. Only a log that grows faster than this thread can
//! keep up is dealt with by the writer itself, as it has to be bounded.

use std::cell::Cell;
use std::ffi::c_int;
use std::path::Path;
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, bounded};
use rusqlite::Connection;

/// Pages that the log grows by before it is brought in: 32 MiB, some thousand single changes. A
/// change that meets a checkpoint still waits a little, as both use the disk; with steps of 4 MiB
/// those were more than one in a hundred.
const STEP: c_int = 8_192;

/// Pages at which the writer stops to do it: 128 MiB.
const LONGEST: c_int = 32_768;

thread_local! {
    /// Pages in the log after this thread's last commit. SQLite's hook is a bare function.
    static PAGES: Cell<c_int> = const { Cell::new(0) };
}

const CHECKPOINT: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread, as the writer sees it.
#[derive(Debug)]
pub(super) struct Tidy {
    requests: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Length of the log when it was last asked for.
    asked_at: c_int,
}

impl Tidy {
    /// Starts the thread on a connection of its own; `None` for a
    /// database that is not written.
    pub fn start(conn: Option<Connection>, file: &Path) -> std::io::Result<Self> {
        let (requests, queue) = bounded(1);
        let mut tidy = Self { requests: Some(requests), thread: None, asked_at: 0 };
        if let Some(conn) = conn {
            let file = file.to_owned();
            let work = move || queue.iter().for_each(|()| checkpoint(&conn, &file));
            let thread = std::thread::Builder::new().name("catalog-tidy".to_owned());
            tidy.thread = Some(thread.spawn(work)?);
        }
        Ok(tidy)
    }

    /// To be called on the writer's thread, with its connection, before the first commit.
    pub fn listen(writer: &Connection) {
        writer.wal_hook(Some(|_, pages| {
            PAGES.set(pages);
            Ok(())
        }));
    }

    /// To be called on the writer's thread after every commit.
    pub fn after_commit(&mut self, writer: &Connection, file: &Path) {
        let pages = PAGES.get();
        // The log begins anew once all of it was brought in.
        self.asked_at = self.asked_at.min(pages);
        if pages >= LONGEST {
            checkpoint(writer, file);
            self.asked_at = 0;
        } else if pages - self.asked_at >= STEP
            && let Some(requests) = &self.requests
            && requests.try_send(()).is_ok()
        {
            self.asked_at = pages;
        }
    }
}

impl Drop for Tidy {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn checkpoint(conn: &Connection, file: &Path) {
    if let Err(error) = conn.query_row(CHECKPOINT, [], |_| Ok(())) {
        // Nothing is lost by it: the log still holds everything.
        log::warn!("{}: no checkpoint: {error}", file.display());
    }
}
