//! The database file: opening it, checking that it is ours, and its tables.
//!
//! In: a path. Out: connections that are set up alike, or an [`OpenError`] that says what to do.
//! Never changes a file that another program made.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::fault::Fault;

/// "OKNO" in the file's header: tells our files from other programs'.
const APPLICATION_ID: i32 = 0x4F4B_4E4F;

/// The version of the tables below.
const VERSION: i32 = 1;

/// How long a call waits for another program to let go of the database. Longer would keep every
/// writer waiting behind it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// `seq` is the order of creation. `name_key` is the name in lower case, to order by. `pin.at` is
/// the revision of the pinning, to order by. `deleted` holds what can still be restored, its
/// streams one a line.
const TABLES: &str = "
    CREATE TABLE product (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        description TEXT NOT NULL,
        price REAL NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX product_name ON product(name_key, seq);
    CREATE INDEX product_price ON product(price, seq);
    CREATE INDEX product_revision ON product(revision);

    CREATE TABLE pin (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL REFERENCES product(seq) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        PRIMARY KEY (stream, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX pin_product ON pin(seq, at, stream);

    CREATE TABLE deleted (
        id TEXT NOT NULL PRIMARY KEY,
        seq INTEGER NOT NULL,
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        price REAL NOT NULL,
        created_ms INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        streams TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deleted_revision ON deleted(revision);
";

/// What a commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process, `kill -9` included, and of the user's session: the kernel has the
    /// data. A power cut may lose the last moments, but never damages the file.
    #[default]
    Process,
    /// A power cut too: every commit waits for the disk.
    Power,
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file. It and its folder are made if they are missing.
    pub file: PathBuf,
    /// What a commit survives.
    pub durability: Durability,
    /// The largest that the file may become, in bytes.
    pub max_bytes: u64,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is missing and can't be made.
    #[error("the folder {} can't be made: {}; name another file with --db", .0.display(), .1)]
    Folder(PathBuf, std::io::Error),
    /// Another server has it.
    #[error(
        "the database {} is being served already{}: talk to that server, or name another file \
         with --db", .file.display(), by_process(*.pid)
    )]
    Served {
        /// The file.
        file: PathBuf,
        /// The other server's process, if it could be read.
        pid: Option<u32>,
    },
    /// Not one of ours.
    #[error("{} is a database of another program: name another file with --db", .0.display())]
    Foreign(PathBuf),
    /// From a later version.
    #[error(
        "the database {} was made by a newer okno-catalog (its tables are version {}, this \
         program knows {VERSION}): update this program", .0.display(), .1
    )]
    Newer(PathBuf, i32),
    /// What SQLite says.
    #[error(transparent)]
    Fault(#[from] Fault),
}

fn by_process(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" by process {pid}"))
}

/// A connection that may write, its tables made if the file is new; or, if the file or its folder
/// is read-only, one that can only read.
pub(super) fn open(settings: &Settings) -> Result<(Connection, bool), OpenError> {
    let file = &settings.file;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let fault = |error: &rusqlite::Error| OpenError::Fault(Fault::from_sqlite(error, file));
    let conn = Connection::open_with_flags(file, flags).map_err(|e| fault(&e))?;
    match prepare(&conn, settings) {
        Ok(()) => {}
        // A read-only folder shows itself only once SQLite wants to make its -shm file there.
        Err(Prepare::Sqlite(error)) if is_read_only(&error) => {
            return Ok((open_immutable(file)?, true));
        }
        Err(Prepare::Sqlite(error)) => return Err(fault(&error)),
        Err(Prepare::Open(error)) => return Err(error),
    }
    let read_only = conn.is_readonly("main").map_err(|e| fault(&e))?;
    Ok((conn, read_only))
}

/// A further connection to the same file, for bringing the write-ahead log into it.
pub(super) fn open_tidier(file: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(file, flags)?;
        harden(&conn)?;
        Ok(conn)
    };
    open().map_err(|error| Fault::from_sqlite(&error, file).into())
}

/// A further connection to the same file, for reading alone.
pub(super) fn open_reader(file: &Path, read_only: bool) -> Result<Connection, OpenError> {
    if read_only {
        return open_immutable(file);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(file, flags)?;
        harden(&conn)?;
        Ok(conn)
    };
    open().map_err(|error| Fault::from_sqlite(&error, file).into())
}

/// Opens a file that can't be written, and that nobody else writes either: we hold its lock or
/// could not even make one.
fn open_immutable(file: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(immutable_uri(file), flags)?;
        harden(&conn)?;
        Ok(conn)
    };
    let conn = open().map_err(|error| Fault::from_sqlite(&error, file))?;
    recognise(&conn, file)?;
    Ok(conn)
}

/// `file:` with every byte that is special in a URI escaped.
fn immutable_uri(file: &Path) -> String {
    let mut uri = String::from("file:");
    for &byte in file.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + "?immutable=1"
}

enum Prepare {
    Open(OpenError),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Prepare {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn prepare(conn: &Connection, settings: &Settings) -> Result<(), Prepare> {
    harden(conn)?;
    let version = recognise(conn, &settings.file).map_err(Prepare::Open)?;
    if conn.is_readonly("main")? {
        return Ok(());
    }
    conn.pragma_update(None, "journal_mode", "WAL")?;
    let synchronous = match settings.durability {
        Durability::Process => "NORMAL",
        Durability::Power => "FULL",
    };
    conn.pragma_update(None, "synchronous", synchronous)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    let page: u64 = conn.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let pages = (settings.max_bytes / page.max(1)).clamp(1, 0xFFFF_FFFE);
    conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    if version == 0 {
        conn.execute_batch(&format!(
            "BEGIN IMMEDIATE; {TABLES}
             PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
        ))
        .inspect_err(|_| drop(conn.execute_batch("ROLLBACK")))?;
    }
    Ok(())
}

/// What every connection gets: patience with locks, and no trust in what the file says.
fn harden(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // KiB, negative by SQLite's convention: 16 MiB holds the indices of some 100,000 products.
    conn.pragma_update(None, "cache_size", -16_384)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The version of our tables in the file; 0 if it is empty.
fn recognise(conn: &Connection, file: &Path) -> Result<i32, OpenError> {
    let pragma = |name: &str| -> rusqlite::Result<i32> {
        conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
    };
    let read = || -> rusqlite::Result<(i32, i32, i64)> {
        let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((pragma("application_id")?, pragma("user_version")?, tables))
    };
    match read().map_err(|error| Fault::from_sqlite(&error, file))? {
        (APPLICATION_ID, VERSION, _) => Ok(VERSION),
        (APPLICATION_ID, newer, _) => Err(OpenError::Newer(file.to_owned(), newer)),
        (0, 0, 0) => Ok(0),
        _ => Err(OpenError::Foreign(file.to_owned())),
    }
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}
