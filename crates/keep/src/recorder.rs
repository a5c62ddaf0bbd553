//! One recording, on a thread of its own.
//!
//! In: a stream's frames, those of the last seconds first. Out: a file, and its figures once a
//! second. Ends when it is told to, when the stream is forgotten, or when nothing more can be
//! written; whatever was written until then can be played.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use jiff::{SignedDuration, Zoned};
use okno_media::{Decoder, EncodedFrame, clock};
use okno_session::{Stream, StreamId, Tap};

use crate::files;
use crate::keeper::{Event, Kind, OnEvent};
use crate::matroska::{Title, Writer};

/// Frames that wait for the disk at most: four seconds at 60 a second. Their bytes are bounded by
/// [`okno_session::RECORDER_BYTES`].
const WAITING: usize = 240;

/// Time between figures.
const TICK: Duration = Duration::from_secs(1);

/// A recording's figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The stream; 0 is none.
    pub stream: u64,
    /// Milliseconds from the first frame to the last.
    pub milliseconds: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Frames written.
    pub frames: u64,
    /// Frames that the disk was too slow for.
    pub dropped: u64,
    /// Bytes that are free where the file lies; `None` where the system does not say.
    pub disk_left: Option<u64>,
    /// The file; empty before the first frame.
    pub path: PathBuf,
}

/// Owns the thread; dropping it ends the recording and joins it.
pub(crate) struct Recording {
    pub id: StreamId,
    stream: Weak<Stream>,
    status: Arc<Mutex<Status>>,
    thread: Option<JoinHandle<()>>,
}

impl Recording {
    /// Begins with the last `look_back` nanoseconds. `None` if the stream is recorded already.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        stream: &Arc<Stream>,
        folder: PathBuf,
        look_back: u64,
        on_event: OnEvent,
    ) -> std::io::Result<Option<Self>> {
        let (sender, frames) = bounded(WAITING);
        let tap = Tap { frames: sender, waiting: Arc::default(), dropped: Arc::default() };
        let (waiting, dropped) = (Arc::clone(&tap.waiting), Arc::clone(&tap.dropped));
        let Some(past) = stream.record(tap, look_back) else { return Ok(None) };
        let id = stream.id();
        let status = Arc::new(Mutex::new(Status {
            stream: id.0,
            disk_left: files::disk_left(&folder),
            ..Status::default()
        }));
        let work = Work {
            id,
            name: stream.info().name,
            folder,
            waiting,
            dropped,
            status: Arc::clone(&status),
            on_event,
            file: None,
        };
        let thread = std::thread::Builder::new()
            .name(format!("record-{}", id.0))
            .spawn(move || work.run(past, &frames))
            .inspect_err(|_| stream.stop_recording())?;
        Ok(Some(Self { id, stream: Arc::downgrade(stream), status, thread: Some(thread) }))
    }

    /// No frame comes any more; the thread writes what waits and ends by itself.
    pub fn stop(&self) {
        if let Some(stream) = self.stream.upgrade() {
            stream.stop_recording();
        }
    }

    /// Whether the thread has ended.
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    pub fn status(&self) -> Status {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.stop();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("a recording ended by a panic; its message is above");
        }
    }
}

struct Work {
    id: StreamId,
    name: String,
    folder: PathBuf,
    waiting: Arc<AtomicUsize>,
    dropped: Arc<AtomicU64>,
    status: Arc<Mutex<Status>>,
    on_event: OnEvent,
    file: Option<(Writer<File>, PathBuf)>,
}

impl Work {
    fn run(mut self, past: Vec<EncodedFrame>, frames: &Receiver<EncodedFrame>) {
        let written = self.write(past, frames);
        let failed = written.err().map(|error| files::sentence(&error, &self.folder));
        let finished = self.file.take().map(|(writer, path)| (writer.finish(), path));
        match finished {
            Some((Ok(_), path)) => {
                self.tell(Event::Saved { stream: self.id, kind: Kind::Recording, path })
            }
            Some((Err(error), path)) => {
                log::warn!("{}: not finished: {error}; it can be played", path.display());
                self.tell(Event::Saved { stream: self.id, kind: Kind::Recording, path });
            }
            None if failed.is_none() => self.fail("no frame came".to_owned()),
            None => {}
        }
        if let Some(reason) = failed {
            self.fail(reason);
        }
        (self.on_event)(Event::Recordings);
    }

    fn write(
        &mut self,
        past: Vec<EncodedFrame>,
        frames: &Receiver<EncodedFrame>,
    ) -> std::io::Result<()> {
        for frame in past {
            self.frame(&frame)?;
        }
        let mut tick = Instant::now();
        loop {
            match frames.recv_timeout(TICK.saturating_sub(tick.elapsed())) {
                Ok(frame) => {
                    self.waiting.fetch_sub(frame.jpeg().len(), Ordering::Relaxed);
                    self.frame(&frame)?;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if tick.elapsed() >= TICK {
                tick = Instant::now();
                self.report();
            }
        }
    }

    fn frame(&mut self, frame: &EncodedFrame) -> std::io::Result<()> {
        let time = frame.stamps.captured.unwrap_or(frame.stamps.received);
        if self.file.is_none() {
            // A file needs the size of its pictures; what has none is no picture.
            let mut decoder = Decoder::new().map_err(std::io::Error::other)?;
            let Ok(header) = decoder.header(frame.jpeg()) else { return Ok(()) };
            let age = clock::now_ns().saturating_sub(time);
            let began = Zoned::now() - SignedDuration::from_nanos(i64::try_from(age).unwrap_or(0));
            let (file, path) = files::create(&self.folder, &self.name, &began, "mkv")?;
            let title = Title {
                name: self.name.clone(),
                width: header.width,
                height: header.height,
                began: i64::try_from(began.timestamp().as_nanosecond()).unwrap_or(0),
            };
            let remove = |_: &std::io::Error| drop(std::fs::remove_file(&path));
            let writer = Writer::new(file, &title).inspect_err(remove)?;
            self.file = Some((writer, path));
            self.report();
        }
        let Some((writer, path)) = &mut self.file else { return Ok(()) };
        let result = writer.frame(frame.jpeg(), time);
        if result.is_err() && writer.frames() == 0 {
            remove_empty(path);
            self.file = None;
        }
        result
    }

    fn report(&self) {
        let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        status.dropped = self.dropped.load(Ordering::Relaxed);
        status.disk_left = files::disk_left(&self.folder);
        if let Some((writer, path)) = &self.file {
            status.milliseconds = writer.milliseconds();
            status.bytes = writer.bytes();
            status.frames = writer.frames();
            status.path.clone_from(path);
        }
        drop(status);
        (self.on_event)(Event::Recordings);
    }

    fn fail(&self, reason: String) {
        self.tell(Event::Failed { stream: self.id, kind: Kind::Recording, reason });
    }

    fn tell(&self, event: Event) {
        (self.on_event)(event);
    }
}

fn remove_empty(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        log::warn!("{} holds no frame and stays: {error}", path.display());
    }
}
