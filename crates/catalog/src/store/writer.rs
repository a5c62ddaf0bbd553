//! The one thread that writes, and that lets edits share transactions.
//!
//! In: edits, each with a place for its answer. Out: the answers, once the transaction that holds
//! them is committed, and the changes for the watchers, in the order of their revisions. What
//! waits while a transaction runs goes into the next one together, so a single edit never waits
//! for company and many at once pay for one commit. Never answers before the commit.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crossbeam_channel::Receiver;
use rusqlite::Connection;
use tokio::sync::{broadcast, oneshot};

use super::edit::{Edit, Editor, Stop, Tally};
use super::fault::Fault;
use super::index::Index;
use super::tidy::Tidy;
use crate::limits::MAX_GROUP;
use crate::proto::okno::v1::change::What;
use crate::proto::okno::v1::{Change, Item, Lagged};

/// What came of an edit.
pub(super) type Answer = Result<Vec<Item>, Fault>;

/// An edit and where its answer goes.
pub(super) struct Job {
    pub edit: Edit,
    pub answer: oneshot::Sender<Answer>,
}

/// What everybody may look at without asking the database.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub revision: AtomicU64,
    pub total: AtomicU64,
}

/// What the writer keeps up to date for everybody else.
pub(super) type Shared = (Arc<Figures>, broadcast::Sender<Arc<Change>>, Arc<RwLock<Index>>);

/// The writer's state.
pub(super) struct Writer {
    conn: Connection,
    file: PathBuf,
    read_only: bool,
    tidy: Tidy,
    tally: Tally,
    /// SQLite's mark of changes by other connections.
    data_version: i64,
    figures: Arc<Figures>,
    feed: broadcast::Sender<Arc<Change>>,
    index: Arc<RwLock<Index>>,
}

impl Writer {
    pub fn new(
        (conn, read_only): (Connection, bool),
        tidy: Tidy,
        file: PathBuf,
        (figures, feed, index): Shared,
    ) -> rusqlite::Result<Self> {
        let tally = Tally::load(&conn)?;
        let data_version = data_version(&conn)?;
        let writer =
            Self { conn, file, read_only, tidy, tally, data_version, figures, feed, index };
        writer.build_index()?;
        writer.publish_figures();
        Ok(writer)
    }

    /// Works until every sender of jobs is gone, and has then done all that was sent.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        Tidy::listen(&self.conn);
        let mut group = Vec::new();
        while let Ok(first) = jobs.recv() {
            group.push(first);
            group.extend(jobs.try_iter().take(MAX_GROUP - 1));
            // Spares the wait for a lock that nobody wants any more.
            group.retain(|job| !job.answer.is_closed());
            self.settle(&mut group);
            // After the answers: nobody has to wait for it.
            self.tidy.after_commit(&self.conn, &self.file);
        }
        drop(self.tidy);
        // Leaves one file rather than three, so that it can be copied as it is.
        if let Err(error) = self.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            log::debug!("{}: no checkpoint at the end: {error}", self.file.display());
        }
    }

    fn settle(&mut self, group: &mut Vec<Job>) {
        if group.is_empty() {
            return;
        }
        match self.commit(group) {
            Ok(answers) => {
                for (job, answer) in group.drain(..).zip(answers) {
                    // The receiver may be gone by now, which is its own affair.
                    let _ = job.answer.send(answer);
                }
            }
            Err(fault) if group.len() == 1 => {
                for job in group.drain(..) {
                    let _ = job.answer.send(Err(fault.clone()));
                }
            }
            // One edit too large for a full disk must not take the others down with it. A lock
            // would make each of them wait its whole time again.
            Err(fault @ Fault::Locked(_)) => {
                for job in group.drain(..) {
                    let _ = job.answer.send(Err(fault.clone()));
                }
            }
            Err(_) => {
                for job in group.drain(..) {
                    let answer = self.commit(std::slice::from_ref(&job));
                    let answer = answer.and_then(|mut one| one.pop().unwrap_or(Ok(Vec::new())));
                    let _ = job.answer.send(answer);
                }
            }
        }
    }

    /// All edits in one transaction. An edit that is refused has its refusal as its answer; a
    /// database that fails undoes them all.
    fn commit(&mut self, jobs: &[Job]) -> Result<Vec<Answer>, Fault> {
        if self.read_only {
            return Err(Fault::ReadOnly(self.file.clone()));
        }
        let attempt = self.attempt(jobs);
        attempt.map_err(|error| {
            // SQLite has rolled back by itself after some errors; then this one says so.
            if let Err(error) = self.rollback() {
                log::error!("{}: rollback: {error}", self.file.display());
            }
            let fault = Fault::from_sqlite(&error, &self.file);
            log::warn!("{fault} ({error})");
            fault
        })
    }

    fn rollback(&self) -> rusqlite::Result<()> {
        if self.conn.is_autocommit() { Ok(()) } else { self.conn.execute_batch("ROLLBACK") }
    }

    fn attempt(&mut self, jobs: &[Job]) -> rusqlite::Result<Vec<Answer>> {
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.notice_others()?;
        let mut editor = Editor {
            conn: &self.conn,
            tally: self.tally,
            changes: Vec::new(),
            reworded: Vec::new(),
        };
        let mut answers = Vec::new();
        for job in jobs {
            // Looked at only now, as getting hold of the database may have taken a while: whoever
            // gave up meanwhile, its deadline over or its connection gone, must not find out
            // later that it was done after all.
            if job.answer.is_closed() {
                answers.push(Err(Fault::Stopping));
                continue;
            }
            answers.push(match editor.apply(&job.edit) {
                Ok(items) => Ok(items),
                Err(Stop::Refused(fault)) => Err(fault),
                Err(Stop::Database(error)) => return Err(error),
            });
        }
        let Editor { tally, changes, reworded, .. } = editor;
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        self.tally = tally;
        self.publish_figures();
        if !reworded.is_empty() {
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            reworded.iter().for_each(|change| index.follow(change));
        }
        for change in changes {
            // Nobody watching is no error.
            let _ = self.feed.send(Arc::new(change));
        }
        Ok(answers)
    }

    /// Someone may have edited the file with another tool: count again, and tell the watchers
    /// that they missed it.
    fn notice_others(&mut self) -> rusqlite::Result<()> {
        let version = data_version(&self.conn)?;
        if version != self.data_version {
            self.tally = Tally::load(&self.conn)?;
            self.data_version = version;
            self.build_index()?;
            let what = Some(What::Lagged(Lagged { missed: 0 }));
            let _ = self.feed.send(Arc::new(Change { revision: self.tally.revision, what }));
        }
        Ok(())
    }

    /// Reads all names and descriptions anew: about a second for 100,000 products.
    fn build_index(&self) -> rusqlite::Result<()> {
        let mut index = Index::default();
        let mut statement =
            self.conn.prepare("SELECT seq, name, description FROM product ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, description) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
            index.add(row.get(0)?, name, description);
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index;
        Ok(())
    }

    fn publish_figures(&self) {
        self.figures.revision.store(self.tally.revision, Ordering::Release);
        self.figures.total.store(self.tally.total, Ordering::Release);
    }
}

fn data_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
