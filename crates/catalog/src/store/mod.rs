//! The catalogue's database and the threads that work on it.
//!
//! In: edits and queries from any number of tasks. Out: their answers, and a feed of changes in
//! the order in which they were committed. SQLite blocks, so it never runs on the async runtime:
//! one thread writes ([`writer`]), a few read, each with its own connection and a bounded queue
//! before it. Dropping the store finishes what was accepted and joins the threads.

mod edit;
mod fault;
mod index;
mod query;
mod row;
mod schema;
mod tidy;
mod writer;

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, TrySendError, bounded};
use rusqlite::Connection;
use rustix::fs::{FlockOperation, flock};
use tokio::sync::{broadcast, oneshot};

pub use edit::Edit;
pub use fault::Fault;
pub use schema::{Durability, OpenError, Settings};

use crate::limits::{DATABASE_QUEUE, WATCH_BACKLOG};
use crate::proto::ecommerce::Product;
use crate::proto::okno::v1::{
    Change, Item, ListProductsRequest, ListProductsResponse, SearchProductsRequest,
};
use index::Index;
use query::Stop;
use tidy::Tidy;
use writer::{Figures, Job, Writer};

/// Most threads that read. Reads are short and in memory; more threads than cores gain nothing.
const MAX_READERS: usize = 4;

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// An open catalogue.
#[derive(Debug)]
pub struct Store {
    file: PathBuf,
    read_only: bool,
    edits: Option<Sender<Job>>,
    reads: Option<Sender<Query>>,
    threads: Vec<JoinHandle<()>>,
    figures: Arc<Figures>,
    feed: broadcast::Sender<Arc<Change>>,
    index: Arc<RwLock<Index>>,
    /// Held for as long as the store is open.
    _lock: Option<File>,
}

impl Store {
    /// Opens the database, making it and its folder if they are missing, and starts the threads.
    ///
    /// # Errors
    /// The folder can't be made, the file is served already, is not ours, or SQLite can't use it.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let file = settings.file.clone();
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
        }
        let lock = lock(&file)?;
        let (conn, read_only) = schema::open(settings)?;
        let figures = Arc::new(Figures::default());
        let (feed, _) = broadcast::channel(WATCH_BACKLOG);
        let index = Arc::new(RwLock::new(Index::default()));
        let shared = (Arc::clone(&figures), feed.clone(), Arc::clone(&index));
        let tidier = (!read_only).then(|| schema::open_tidier(&file)).transpose()?;
        let tidy = Tidy::start(tidier, &file)
            .map_err(|error| Fault::Failed(file.clone(), error.to_string()))?;
        let writer = Writer::new((conn, read_only), tidy, file.clone(), shared)
            .map_err(|error| Fault::from_sqlite(&error, &file))?;
        let (edits, jobs) = bounded(DATABASE_QUEUE);
        let mut threads = vec![spawn("catalog-write", move || writer.run(&jobs), &file)?];
        let (reads, queries) = bounded::<Query>(DATABASE_QUEUE);
        let readers = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_READERS);
        for _ in 0..readers {
            let conn = schema::open_reader(&file, read_only)?;
            let queries = queries.clone();
            let work = move || queries.iter().for_each(|query| query(&conn));
            threads.push(spawn("catalog-read", work, &file)?);
        }
        let (edits, reads) = (Some(edits), Some(reads));
        Ok(Self { file, read_only, edits, reads, threads, figures, feed, index, _lock: lock })
    }

    /// The database's file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the file can't be written, so that every edit is refused.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Products in the catalogue.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.figures.total.load(Ordering::Acquire)
    }

    /// Changes since the catalogue was made.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.figures.revision.load(Ordering::Acquire)
    }

    /// Every change that is committed after this call.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Arc<Change>> {
        self.feed.subscribe()
    }

    /// Makes a change and answers once it is committed: the items it touched. If the future is
    /// dropped before the edit's turn comes, the edit is not made.
    ///
    /// # Errors
    /// The edit breaks a rule or the database failed; nothing of it was written then.
    pub async fn edit(&self, edit: Edit) -> Result<Vec<Item>, Fault> {
        let (answer, result) = oneshot::channel();
        send(self.edits.as_ref(), Job { edit, answer })?;
        result.await.unwrap_or(Err(Fault::Stopping))
    }

    /// [`Self::edit`] for an edit that touches one item.
    ///
    /// # Errors
    /// As there.
    pub async fn edit_one(&self, edit: Edit) -> Result<Item, Fault> {
        let items = self.edit(edit).await?;
        items.into_iter().next().ok_or(Fault::Stopping)
    }

    /// The product with this id.
    ///
    /// # Errors
    /// There is none, or the database failed.
    pub async fn get(&self, id: String) -> Result<Product, Fault> {
        self.read(move |conn| query::get(conn, &id)).await
    }

    /// A page of the list.
    ///
    /// # Errors
    /// The order or the token is wrong, or the database failed.
    pub async fn list(&self, request: ListProductsRequest) -> Result<ListProductsResponse, Fault> {
        self.page(move |conn| query::list(conn, &request)).await
    }

    /// A page of the products that contain words.
    ///
    /// # Errors
    /// The search text or the token is wrong, or the database failed.
    pub async fn search(
        &self,
        request: SearchProductsRequest,
    ) -> Result<ListProductsResponse, Fault> {
        let index = Arc::clone(&self.index);
        self.page(move |conn| query::search(conn, &index, &request)).await
    }

    async fn page(
        &self,
        query: impl FnOnce(&Connection) -> Result<ListProductsResponse, Stop> + Send + 'static,
    ) -> Result<ListProductsResponse, Fault> {
        // Before the page is read: it is at this revision or a later one.
        let (revision, total) = (self.revision(), self.total());
        let page = self.read(query).await?;
        Ok(ListProductsResponse { revision, total, ..page })
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, result) = oneshot::channel();
        let file = self.file.clone();
        let work = Box::new(move |conn: &Connection| {
            // Nobody waits any more: spare the work.
            if answer.is_closed() {
                return;
            }
            let _ = answer.send(query(conn).map_err(|stop| match stop {
                Stop::Refused(fault) => fault,
                Stop::Database(error) => {
                    let fault = Fault::from_sqlite(&error, &file);
                    log::warn!("{fault} ({error})");
                    fault
                }
            }));
        });
        send(self.reads.as_ref(), work)?;
        result.await.unwrap_or(Err(Fault::Stopping))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The threads end once they have done what is in their queues. The readers first: the
        // last connection to close tidies up, and only the writer's may write.
        self.reads = None;
        for thread in self.threads.drain(1..) {
            let _ = thread.join();
        }
        self.edits = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                log::error!("{}: the writing thread ended in a panic", self.file.display());
            }
        }
    }
}

fn send<T>(queue: Option<&Sender<T>>, job: T) -> Result<(), Fault> {
    match queue.map(|queue| queue.try_send(job)) {
        Some(Ok(())) => Ok(()),
        Some(Err(TrySendError::Full(_))) => Err(Fault::Busy),
        Some(Err(TrySendError::Disconnected(_))) | None => Err(Fault::Stopping),
    }
}

fn spawn(
    name: &str,
    work: impl FnOnce() + Send + 'static,
    file: &Path,
) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| Fault::Failed(file.to_owned(), error.to_string()).into())
}

/// Takes the lock beside the database that says who serves it: two servers on one file would
/// not see each other's changes. SQLite's own lock can't say it, as it is free between writes.
/// `None` if the folder is read-only: then nobody can write.
fn lock(file: &Path) -> Result<Option<File>, OpenError> {
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    let opened = File::options().read(true).write(true).create(true).truncate(false).open(path);
    let Ok(mut lock) = opened else { return Ok(None) };
    if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        // Bounded: the file is ours but need not be what we wrote.
        let _ = (&lock).take(16).read_to_string(&mut pid);
        return Err(OpenError::Served { file: file.to_owned(), pid: pid.trim().parse().ok() });
    }
    // Only for the message above; a full disk must not keep the server from starting.
    let _ = lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id()));
    Ok(Some(lock))
}
