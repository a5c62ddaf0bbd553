//! Takes orders for files: snapshots, pictures for the clipboard and for other programs,
//! recordings.
//!
//! In: streams, and what to do with them. Out: files, and word of what became of each order.
//! Never waits: orders are carried out by a thread, recordings by one each.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use jiff::Zoned;
use okno_media::{Decoder, EncodedFrame, Picture};
use okno_session::{Stream, StreamId};

use crate::files;
use crate::loans::Loans;
use crate::recorder::{Recording, Status};

/// Orders that wait at most: a snapshot of every tile of a large wall. Each holds one frame.
const ORDERS: usize = 64;

/// Most recordings at once, each with a thread and a file.
const MOST_RECORDINGS: usize = 64;

/// Longest look-back of a recording, in nanoseconds; the memory ends before.
const MOST_LOOK_BACK: u64 = okno_session::MOST_HISTORY_SPAN;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One frame as a file.
    Snapshot,
    /// Frames as a file.
    Recording,
    /// One frame for the clipboard.
    Copy,
    /// One frame as a file for another program, which goes when this one ends.
    Loan,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Event {
    /// A file was written.
    Saved {
        /// Of which stream.
        stream: StreamId,
        /// What it is.
        kind: Kind,
        /// The file.
        path: PathBuf,
    },
    /// Something could not be done, or only up to a point.
    Failed {
        /// Of which stream.
        stream: StreamId,
        /// What was asked for.
        kind: Kind,
        /// A sentence for a person.
        reason: String,
    },
    /// A picture in full size for the clipboard, and the frame that it was.
    Copied {
        /// Of which stream.
        stream: StreamId,
        /// Its pixels.
        picture: Arc<Picture>,
        /// As it was sent.
        frame: EncodedFrame,
    },
    /// The figures of the recordings changed.
    Recordings,
}

/// Is told what became of orders; comes from threads of this crate and may take its time.
pub type OnEvent = Arc<dyn Fn(Event) + Send + Sync>;

/// Where files go.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of snapshots.
    pub pictures: PathBuf,
    /// Folder of recordings.
    pub videos: PathBuf,
    /// Nanoseconds before the key was pressed with which a recording begins.
    pub look_back: u64,
}

enum Order {
    Snapshot { stream: StreamId, name: String, frame: EncodedFrame, folder: PathBuf },
    SaveAs { stream: StreamId, frame: EncodedFrame, path: PathBuf },
    Lend { stream: StreamId, name: String, frame: EncodedFrame },
    Copy { stream: StreamId, frame: EncodedFrame },
}

/// See the module. Dropping it ends what runs and joins every thread.
pub struct Keeper {
    settings: Mutex<Settings>,
    recordings: Mutex<Vec<Recording>>,
    /// The frame for which a person chooses a name.
    held: Mutex<Option<(StreamId, EncodedFrame)>>,
    orders: Option<Sender<Order>>,
    on_event: OnEvent,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

impl Keeper {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(settings: Settings, on_event: OnEvent) -> std::io::Result<Self> {
        let (orders, queue) = bounded(ORDERS);
        let tell = Arc::clone(&on_event);
        let thread =
            std::thread::Builder::new().name("keep".into()).spawn(move || work(&queue, &tell))?;
        Ok(Self {
            settings: Mutex::new(settings),
            recordings: Mutex::default(),
            held: Mutex::default(),
            orders: Some(orders),
            on_event,
            thread: Some(thread),
        })
    }

    /// Changes where files go; recordings that run stay where they are.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut lock(&self.settings));
    }

    /// Where files go.
    pub fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    /// Writes the frame that is on the screen.
    pub fn snapshot(&self, stream: &Stream) {
        let (id, kind) = (stream.id(), Kind::Snapshot);
        let Some(frame) = stream.encoded_still() else {
            return self.fail(id, kind, "there is no frame yet");
        };
        let folder = lock(&self.settings).pictures.clone();
        let name = stream.info().name;
        self.order(id, kind, Order::Snapshot { stream: id, name, frame, folder });
    }

    /// Holds the frame that is on the screen while a person chooses its name. Gives a name to
    /// begin with; `None` if there is no frame, or no stream: then none is held any more.
    pub fn hold(&self, stream: Option<&Stream>) -> Option<PathBuf> {
        let frame = stream.and_then(|stream| Some((stream.id(), stream.encoded_still()?)));
        let name = stream.filter(|_| frame.is_some()).map(|stream| stream.info().name);
        *lock(&self.held) = frame;
        let stem = files::stem(&name?, &Zoned::now());
        Some(lock(&self.settings).pictures.join(format!("{stem}.jpg")))
    }

    /// Writes the frame that is held under a name of a person's own: a path, or a name in the
    /// folder of snapshots. It stays held, for another try.
    pub fn save_held(&self, path: &Path) {
        let Some((stream, frame)) = lock(&self.held).clone() else { return };
        let mut path = lock(&self.settings).pictures.join(path);
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if !matches!(extension.as_deref(), Some("jpg" | "jpeg")) {
            // What is written is the sender's own JPEG, whatever it is called.
            path.as_mut_os_string().push(".jpg");
        }
        self.order(stream, Kind::Snapshot, Order::SaveAs { stream, frame, path });
    }

    /// Writes the frame that is on the screen for another program, into a folder that goes when
    /// this one ends.
    pub fn lend(&self, stream: &Stream) {
        let (id, kind) = (stream.id(), Kind::Loan);
        match stream.encoded_still() {
            Some(frame) => {
                self.order(id, kind, Order::Lend { stream: id, name: stream.info().name, frame });
            }
            None => self.fail(id, kind, "there is no frame yet"),
        }
    }

    /// Decodes the frame that is on the screen in full size.
    pub fn copy(&self, stream: &Stream) {
        let (id, kind) = (stream.id(), Kind::Copy);
        match stream.encoded_still() {
            Some(frame) => self.order(id, kind, Order::Copy { stream: id, frame }),
            None => self.fail(id, kind, "there is no frame yet"),
        }
    }

    /// Begins to record a stream, or ends it.
    pub fn record(&self, stream: &Arc<Stream>, on: bool) {
        let mut recordings = lock(&self.recordings);
        recordings.retain(|recording| !recording.is_over());
        if !on {
            recordings.iter().filter(|r| r.id == stream.id()).for_each(Recording::stop);
            return;
        }
        let (id, kind) = (stream.id(), Kind::Recording);
        if recordings.len() >= MOST_RECORDINGS {
            return self.fail(id, kind, "too many recordings at once");
        }
        let Settings { videos, look_back, .. } = self.settings();
        let look_back = look_back.min(MOST_LOOK_BACK);
        match Recording::start(stream, videos, look_back, Arc::clone(&self.on_event)) {
            Ok(Some(recording)) => recordings.push(recording),
            Ok(None) => {}
            Err(error) => self.fail(id, kind, &error.to_string()),
        }
        drop(recordings);
        (self.on_event)(Event::Recordings);
    }

    /// The recordings that run.
    #[must_use]
    pub fn recordings(&self) -> Vec<Status> {
        let mut recordings = lock(&self.recordings);
        recordings.retain(|recording| !recording.is_over());
        recordings.iter().map(Recording::status).collect()
    }

    fn order(&self, stream: StreamId, kind: Kind, order: Order) {
        if self.orders.as_ref().is_none_or(|orders| orders.try_send(order).is_err()) {
            self.fail(stream, kind, "the disk does not keep up");
        }
    }

    fn fail(&self, stream: StreamId, kind: Kind, reason: &str) {
        (self.on_event)(Event::Failed { stream, kind, reason: reason.to_owned() });
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // All end at once, then each is waited for.
        let recordings = std::mem::take(&mut *lock(&self.recordings));
        recordings.iter().for_each(Recording::stop);
        drop(recordings);
        drop(self.orders.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that writes snapshots panicked; its message is above");
        }
    }
}

fn work(orders: &Receiver<Order>, on_event: &OnEvent) {
    let mut loans = Loans::default();
    for order in orders {
        on_event(match order {
            Order::Snapshot { stream, name, frame, folder } => {
                let path = files::create(&folder, &name, &Zoned::now(), "jpg")
                    .and_then(|(file, path)| write(file, &frame, &path).map(|()| path));
                saved(stream, Kind::Snapshot, path, &folder)
            }
            Order::SaveAs { stream, frame, path } => {
                let written =
                    files::create_named(&path).and_then(|file| write(file, &frame, &path));
                saved(stream, Kind::Snapshot, written.map(|()| path.clone()), &path)
            }
            Order::Lend { stream, name, frame } => {
                let path = loans
                    .create(&name)
                    .and_then(|(file, path)| write(file, &frame, &path).map(|()| path));
                saved(stream, Kind::Loan, path, &std::env::temp_dir())
            }
            Order::Copy { stream, frame } => match decode(&frame) {
                Ok(picture) => Event::Copied { stream, picture: Arc::new(picture), frame },
                Err(reason) => Event::Failed { stream, kind: Kind::Copy, reason },
            },
        });
    }
}

/// What became of a file; `place` is where the trouble was, if there was any.
fn saved(stream: StreamId, kind: Kind, path: std::io::Result<PathBuf>, place: &Path) -> Event {
    match path {
        Ok(path) => Event::Saved { stream, kind, path },
        Err(error) => Event::Failed { stream, kind, reason: files::sentence(&error, place) },
    }
}

fn write(mut file: File, frame: &EncodedFrame, path: &Path) -> std::io::Result<()> {
    let jpeg = frame.to_jpeg().map_err(std::io::Error::other);
    jpeg.and_then(|jpeg| file.write_all(&jpeg)).inspect_err(|_| {
        // Half a picture is worse than none.
        drop(std::fs::remove_file(path));
    })
}

fn decode(frame: &EncodedFrame) -> Result<Picture, String> {
    let mut picture = Picture::default();
    let mut decoder = Decoder::new().map_err(|error| error.to_string())?;
    frame.decode(&mut decoder, (0, 0), &mut picture).map_err(|error| error.to_string())?;
    Ok(picture)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is replaced as a whole: a panic can't leave it half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
