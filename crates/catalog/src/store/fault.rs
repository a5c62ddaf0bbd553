//! Why the store refused or failed, in words that say what to do next.
//!
//! In: an [`rusqlite::Error`] and the file that it happened on, or a rule that an edit breaks.
//! Out: a [`Fault`]. Whatever the fault, nothing of the edit was written.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::check::{Bad, excerpt};
use crate::limits::{DATABASE_QUEUE, MAX_DELETED};

/// Why the store refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No product has this id.
    #[error("no product has the id {0:?}: it was deleted, or never given out by this catalogue")]
    NotFound(String),
    /// It was not deleted, or too long ago.
    #[error(
        "no deleted product has the id {0:?}: only the newest {MAX_DELETED} deleted ones are kept"
    )]
    NotDeleted(String),
    /// Unpinned from where it is not pinned.
    #[error("the product {id:?} is not pinned to the stream {stream:?}")]
    NotPinned {
        /// The product.
        id: String,
        /// The stream.
        stream: String,
    },
    /// An id to be kept belongs to a product already.
    #[error("a product with the id {0:?} is there already: import without keeping the ids")]
    IdTaken(String),
    /// The product is no longer at the revision that the edit was made for.
    #[error(
        "the product {id:?} was changed by someone else meanwhile (it is at revision {found}, \
         the change was made for {wanted}): read it again and repeat the change"
    )]
    Changed {
        /// The product.
        id: String,
        /// Its revision.
        found: u64,
        /// The revision that was asked for.
        wanted: u64,
    },
    /// Something in the request is not as it must be.
    #[error(transparent)]
    Bad(#[from] Bad),
    /// The request can't be understood.
    #[error("{0}")]
    Request(String),
    /// As many pins as there may be.
    #[error("{0}")]
    TooMany(String),
    /// Another program holds the database's lock.
    #[error(
        "the database {} is locked by another program: close that program, then try again; \
         nothing was written", .0.display()
    )]
    Locked(PathBuf),
    /// No space left for it.
    #[error(
        "the database {} is full: free space on its disk, delete products or raise --max-size; \
         nothing was written", .0.display()
    )]
    Full(PathBuf),
    /// It can't be written to.
    #[error(
        "the database {} is read-only: give the server's user the right to write to the file \
         and its folder, then restart it; nothing was written", .0.display()
    )]
    ReadOnly(PathBuf),
    /// Its content makes no sense.
    #[error(
        "the database {} is damaged: stop the server and put a backup in its place, or save \
         what can be read with `sqlite3 FILE .recover`", .0.display()
    )]
    Corrupt(PathBuf),
    /// The disk failed, or something else outside the catalogue.
    #[error("the database {} failed: {}; nothing was written", .0.display(), .1)]
    Failed(PathBuf, String),
    /// Too many calls wait already.
    #[error("more than {DATABASE_QUEUE} calls wait for the database: try again in a moment")]
    Busy,
    /// The server is going away.
    #[error("the server is stopping: try again once it is back; nothing was written")]
    Stopping,
}

impl Fault {
    /// The fault for an unknown id, which may be of any length.
    #[must_use]
    pub fn not_found(id: &str) -> Self {
        Self::NotFound(excerpt(id))
    }

    /// What an SQLite error on `file` means.
    #[must_use]
    pub fn from_sqlite(error: &rusqlite::Error, file: &Path) -> Self {
        let file = file.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(file),
            Some(ErrorCode::DiskFull) => Self::Full(file),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(file),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(file),
            _ => Self::Failed(file, error.to_string()),
        }
    }
}
