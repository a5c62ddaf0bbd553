//! Files as streams: a picture goes to the hub as it is, a video is sent by `opencv-sender`.
//!
//! In: paths that a person dropped or typed. Out: streams, or word why a file is none. Every
//! child process is ended and waited for, every thread joined. Never reads a file on behalf of
//! the UI thread.

use std::ffi::OsString;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use okno_media::{EncodedFrame, Stamps, clock};
use okno_session::{Hub, Identity, Info, Stream};

use crate::bridge::shell;

/// Most files that are open at once. Each video is a process.
const MOST: usize = 16;

/// Largest picture file that is read, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// How much of a sender's last words is kept, in bytes.
const LAST_WORDS: usize = 4096;

/// How often a sender tries to reach this program: if that was killed, it must not stay behind.
const RETRIES: &str = "3";

/// Time between looks whether a sender that says nothing any more has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

const PICTURES: [&str; 9] = ["jpg", "jpeg", "png", "bmp", "gif", "webp", "ppm", "tif", "tiff"];
const VIDEOS: [&str; 15] = [
    "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "mts", "wmv", "flv", "ogv",
    "3gp", "mjpeg",
];

/// Is told why a file is no stream: its path, and a sentence for a person. Any thread.
pub type OnFailure = Arc<dyn Fn(&str, String) + Send + Sync>;

/// See the module. Dropping it ends all.
pub struct Sources {
    hub: Arc<Hub>,
    on_failure: OnFailure,
    open: Mutex<Vec<Source>>,
}

/// What plays a file.
#[derive(Default)]
struct Player {
    stopped: bool,
    child: Option<Child>,
    picture: Option<Arc<Stream>>,
}

struct Source {
    file: PathBuf,
    name: String,
    player: Arc<Mutex<Player>>,
    thread: Option<JoinHandle<()>>,
}

impl Sources {
    /// No file yet.
    pub fn new(hub: Arc<Hub>, on_failure: OnFailure) -> Self {
        Self { hub, on_failure, open: Mutex::default() }
    }

    /// Opens a file. A video is sent to `port` of this program.
    pub fn open(&self, path: &str, port: Option<SocketAddr>) {
        let mut open = lock(&self.open);
        open.retain(|source| !source.is_over());
        if open.len() >= MOST {
            return (self.on_failure)(path, format!("{MOST} files are open; remove some"));
        }
        let file = PathBuf::from(path);
        let name = file.file_name().map_or_else(|| path.into(), |name| name.to_string_lossy());
        // By its name a file is found again when its stream is removed.
        let twins = open.iter().filter(|source| source.file == file).count();
        let name = match twins {
            0 => name.into_owned(),
            _ => format!("{name} ({})", twins + 1),
        };
        let player = Arc::<Mutex<Player>>::default();
        let work = Work {
            file: file.clone(),
            name: name.clone(),
            port,
            player: Arc::clone(&player),
            hub: Arc::clone(&self.hub),
        };
        let (on_failure, told) = (Arc::clone(&self.on_failure), path.to_owned());
        let thread = std::thread::Builder::new().name("source".into()).spawn(move || {
            if let Err(reason) = work.run() {
                on_failure(&told, reason);
            }
        });
        match thread {
            Ok(thread) => open.push(Source { file, name, player, thread: Some(thread) }),
            Err(error) => (self.on_failure)(path, format!("no thread to read it: {error}")),
        }
    }

    /// Ends what plays the file of this stream's name, if it is one.
    pub fn close(&self, name: &str) {
        let mut open = lock(&self.open);
        for source in open.iter().filter(|source| source.name == name) {
            source.stop(&self.hub);
        }
        open.retain(|source| !source.is_over());
    }
}

impl Drop for Sources {
    fn drop(&mut self) {
        let open = std::mem::take(&mut *lock(&self.open));
        open.iter().for_each(|source| source.stop(&self.hub));
    }
}

impl Source {
    fn stop(&self, hub: &Hub) {
        let mut player = lock(&self.player);
        player.stopped = true;
        if let Some(child) = &mut player.child {
            // It may have ended by itself.
            let _ = child.kill();
        }
        let picture = player.picture.take();
        drop(player);
        if let Some(stream) = picture {
            hub.close(&stream, "the picture was closed");
        }
    }

    fn is_over(&self) -> bool {
        let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        ended && lock(&self.player).picture.is_none()
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("a file's thread ended by a panic; its message is above");
        }
    }
}

struct Work {
    file: PathBuf,
    name: String,
    port: Option<SocketAddr>,
    player: Arc<Mutex<Player>>,
    hub: Arc<Hub>,
}

impl Work {
    fn run(&self) -> Result<(), String> {
        let about = std::fs::metadata(&self.file).map_err(|error| error.to_string())?;
        if !about.is_file() {
            return Err("that is no file".to_owned());
        }
        let extension = self.file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if PICTURES.contains(&extension.as_str()) {
            if about.len() > MOST_BYTES {
                return Err(format!("pictures of more than {} MB are not read", MOST_BYTES >> 20));
            }
            self.show_picture(&extension)
        } else if VIDEOS.contains(&extension.as_str()) {
            self.play_video()
        } else {
            Err("it is neither a picture nor a video".to_owned())
        }
    }

    /// A JPEG goes as it is; others are made one.
    fn show_picture(&self, extension: &str) -> Result<(), String> {
        let jpeg = if extension.starts_with("jp") {
            std::fs::read(&self.file).map_err(|error| error.to_string())?
        } else {
            shell::picture_file_as_jpeg(&self.file.to_string_lossy())
        };
        let mut decoder = okno_media::Decoder::new().map_err(|error| error.to_string())?;
        decoder.header(&jpeg).map_err(|_| "it can't be read as a picture".to_owned())?;
        let info = Info {
            name: self.name.clone(),
            peer: "this program".to_owned(),
            source: self.file.display().to_string(),
            ..Info::default()
        };
        let stream = self.hub.open(Identity::Name(self.name.clone()), info);
        let stream = stream.ok_or("there are too many streams; close some senders")?;
        let range = 0..jpeg.len();
        let stamps = Stamps { received: clock::now_ns(), ..Stamps::default() };
        stream.submit(EncodedFrame { buffer: Arc::new(jpeg), range, raw: None, number: 0, stamps });
        let mut player = lock(&self.player);
        if !player.stopped {
            player.picture = Some(stream);
            return Ok(());
        }
        drop(player);
        self.hub.close(&stream, "the picture was closed");
        Ok(())
    }

    /// Runs until the sender ends, or is ended.
    fn play_video(&self) -> Result<(), String> {
        let port = self.port.ok_or("no port is open that it could be sent to")?;
        let mut child = Command::new(sender())
            .arg("--input")
            .arg(&self.file)
            .args(["--loop", "--retry", RETRIES, "--name", &self.name])
            .args(["--to", &format!("tcp://{port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("opencv-sender can't be started: {error}"))?;
        let said = child.stderr.take();
        let mut player = lock(&self.player);
        if player.stopped {
            let _ = child.kill();
        }
        player.child = Some(child);
        drop(player);
        let words = said.map(last_words).unwrap_or_default();
        let failed = || if words.is_empty() { "opencv-sender ended".to_owned() } else { words };
        loop {
            let mut player = lock(&self.player);
            let status = player.child.as_mut().map(Child::try_wait);
            match status {
                Some(Ok(None)) => {}
                _ if player.stopped => return Ok(()),
                Some(Ok(Some(status))) if status.success() => return Ok(()),
                Some(Err(error)) => return Err(error.to_string()),
                _ => return Err(failed()),
            }
            drop(player);
            // It has nothing more to say and is about to end.
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// The sender that was built with this program, or the one on PATH.
fn sender() -> OsString {
    let beside = std::env::current_exe().ok();
    let beside =
        beside.as_deref().and_then(Path::parent).map(|folder| folder.join("opencv-sender"));
    beside.filter(|path| path.is_file()).map_or_else(|| "opencv-sender".into(), Into::into)
}

/// Reads to the end; gives the last line.
fn last_words(mut said: impl Read) -> String {
    let (mut kept, mut piece) = (Vec::new(), [0; 1024]);
    while let Ok(n @ 1..) = said.read(&mut piece) {
        kept.extend_from_slice(piece.get(..n).unwrap_or_default());
        let over = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..over);
    }
    let text = String::from_utf8_lossy(&kept);
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change is one assignment: a panic can't leave it half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_much_is_kept() {
        let much = "a line\n".repeat(10_000) + "the \u{1b}[1mreason\n\n";
        assert_eq!(last_words(much.as_bytes()), "the [1mreason");
        assert_eq!(last_words(&b""[..]), "");
    }
}
