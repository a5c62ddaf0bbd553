//! Orders to the keeper, with real streams and files: what is written, and what is told of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};
use okno_keep::{Event, Keeper, Kind, Settings};
use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{EncodedFrame, Stamps};
use okno_session::{FULL_SIZE, Hub, Identity, Info, Observer, Stream};

/// How long anything may take on a busy machine before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);
const SECOND: u64 = 1_000_000_000;

struct Nobody;

impl Observer for Nobody {
    fn opened(&self, _: &Arc<Stream>) {}
    fn lost(&self, _: &Arc<Stream>, _: &str) {}
}

struct Room {
    folder: PathBuf,
    keeper: Keeper,
    events: Receiver<Event>,
    stream: Arc<Stream>,
    _hub: Arc<Hub>,
}

impl Room {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("okno-{name}-{}", std::process::id()));
        let (hub, _) = Hub::new(Box::new(Nobody));
        let info = Info { name: "front/door".to_owned(), ..Info::default() };
        let stream = hub.open(Identity::Name("door".to_owned()), info).expect("room for one");
        let (tell, events) = unbounded();
        let settings = Settings {
            pictures: folder.join("pictures"),
            videos: folder.join("videos"),
            look_back: SECOND,
        };
        let on_event = Arc::new(move |event| drop(tell.send(event)));
        let keeper = Keeper::start(settings, on_event).expect("a thread");
        Self { folder, keeper, events, stream, _hub: hub }
    }

    /// Frames of these numbers, ten a second.
    fn submit(&self, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let jpeg = jpeg(number);
            let stamps = Stamps { received: number * SECOND / 10, ..Stamps::default() };
            let range = 0..jpeg.len();
            self.stream.submit(EncodedFrame {
                buffer: Arc::new(jpeg),
                range,
                raw: None,
                number: 0,
                stamps,
            });
        }
    }

    /// The next word that is not about figures.
    fn told(&self) -> Event {
        loop {
            match self.events.recv_timeout(PATIENCE).expect("word of the order") {
                Event::Recordings => {}
                event => return event,
            }
        }
    }

    fn saved(&self, kind: Kind) -> PathBuf {
        match self.told() {
            Event::Saved { kind: told, path, .. } if told == kind => path,
            other => panic!("{other:?}"),
        }
    }

    fn failed(&self) -> String {
        match self.told() {
            Event::Failed { reason, .. } => reason,
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn jpeg(number: u64) -> Vec<u8> {
    let bytes: Vec<u8> = (0..64 * 48 * 3).map(|i: u64| (i * (number + 1)) as u8).collect();
    let pixels =
        Pixels { bytes: &bytes, width: 64, height: 48, stride: 64 * 3, layout: Layout::Bgr };
    let mut out = Vec::new();
    Encoder::new().and_then(|mut e| e.encode(&pixels, 80, &mut out)).expect("an encoder");
    out
}

fn holds(file: &Path, number: u64) -> bool {
    let (bytes, jpeg) = (std::fs::read(file).expect("a file"), jpeg(number));
    bytes.windows(jpeg.len()).any(|window| window == jpeg)
}

#[test]
fn a_snapshot_is_the_frame_as_it_was_sent() {
    let room = Room::new("snapshot");
    room.keeper.snapshot(&room.stream);
    assert_eq!(room.failed(), "there is no frame yet");
    room.submit(0..3);
    room.keeper.snapshot(&room.stream);
    let path = room.saved(Kind::Snapshot);
    assert_eq!(std::fs::read(&path).expect("a file"), jpeg(2));
    assert_eq!(path.parent(), Some(room.folder.join("pictures").as_path()));
    assert!(path.to_string_lossy().contains("/front_door 20"), "{path:?}");
}

#[test]
fn a_name_of_ones_own_is_for_the_frame_that_was_held() {
    let room = Room::new("save-as");
    assert_eq!(room.keeper.hold(Some(&room.stream)), None, "no frame yet");
    room.submit(0..3);
    let name = room.keeper.hold(Some(&room.stream)).expect("a frame");
    assert!(name.starts_with(room.folder.join("pictures")), "{name:?}");
    assert!(name.to_string_lossy().contains("/front_door 20"), "{name:?}");
    room.submit(3..6);
    let chosen = room.folder.join("new/a.jpeg");
    room.keeper.save_held(&chosen);
    assert_eq!(room.saved(Kind::Snapshot), chosen);
    assert_eq!(std::fs::read(&chosen).expect("a file"), jpeg(2));
    // Nothing is replaced, and the frame is there for another name.
    room.keeper.save_held(&chosen);
    let reason = room.failed();
    assert!(reason.contains("new/a.jpeg already; choose another name"), "{reason}");
    room.keeper.save_held(Path::new("b.png"));
    let second = room.saved(Kind::Snapshot);
    assert_eq!(second, room.folder.join("pictures/b.png.jpg"));
    assert_eq!(std::fs::read(&second).expect("a file"), jpeg(2));
    assert_eq!(room.keeper.hold(None), None);
    room.keeper.save_held(&room.folder.join("c.jpg"));
    room.keeper.snapshot(&room.stream);
    assert_eq!(std::fs::read(room.saved(Kind::Snapshot)).expect("a file"), jpeg(5));
    assert!(!room.folder.join("c.jpg").exists(), "nothing is held any more");
}

#[test]
fn what_is_dragged_out_goes_with_the_program() {
    let mut room = Room::new("drag");
    room.keeper.lend(&room.stream);
    assert_eq!(room.failed(), "there is no frame yet");
    room.submit(0..3);
    room.keeper.lend(&room.stream);
    let path = room.saved(Kind::Loan);
    assert_eq!(std::fs::read(&path).expect("a file"), jpeg(2));
    assert!(!path.starts_with(&room.folder), "not among those that were meant to stay");
    let settings = room.keeper.settings();
    room.keeper = Keeper::start(settings, Arc::new(|_| {})).expect("a thread");
    assert!(!path.exists());
}

#[test]
fn a_recording_begins_before_it_was_asked_for_and_ends_when_told() {
    let room = Room::new("recording");
    room.submit(0..30);
    room.keeper.record(&room.stream, true);
    room.keeper.record(&room.stream, true);
    assert_eq!(room.stream.shown_size(), FULL_SIZE);
    room.submit(30..50);
    room.keeper.record(&room.stream, false);
    let path = room.saved(Kind::Recording);
    let expected: Vec<u64> = (19..50).collect();
    let found: Vec<u64> = (0..60).filter(|&number| holds(&path, number)).collect();
    assert_eq!(found, expected);
    assert_eq!(room.stream.shown_size(), (0, 0));
    assert!(!room.stream.is_recorded());
    if let Some(folder) = std::env::var_os("OKNO_TEST_KEEPS") {
        std::fs::copy(&path, Path::new(&folder).join("recording.mkv")).expect("a copy");
    }
}

#[test]
fn ending_the_program_finishes_the_recording() {
    let room = Room::new("ending");
    room.keeper.record(&room.stream, true);
    room.submit(0..10);
    let Room { events, keeper, folder, .. } = &room;
    while keeper.recordings().first().is_none_or(|status| status.frames == 0) {
        events.recv_timeout(PATIENCE).expect("figures");
    }
    let status = keeper.recordings().remove(0);
    assert!(status.disk_left.is_some_and(|left| left > 0) && status.bytes > 0, "{status:?}");
    assert!(status.path.starts_with(folder), "{status:?}");
    room.keeper.record(&room.stream, false);
    assert!(holds(&room.saved(Kind::Recording), 9));
}

#[test]
fn what_can_not_be_written_is_said() {
    let room = Room::new("unwritable");
    std::fs::create_dir_all(&room.folder).expect("a folder");
    let file = room.folder.join("file");
    std::fs::write(&file, "").expect("a file");
    room.keeper.configure(|settings| {
        settings.pictures = file.join("below");
        settings.videos = file.join("below");
    });
    room.submit(0..2);
    room.keeper.snapshot(&room.stream);
    assert!(room.failed().contains("file/below"));
    room.keeper.record(&room.stream, true);
    assert!(room.failed().contains("file/below"));
}

#[test]
fn a_recording_without_a_frame_leaves_no_file() {
    let room = Room::new("empty");
    room.keeper.record(&room.stream, true);
    room.keeper.record(&room.stream, false);
    assert_eq!(room.failed(), "no frame came");
    assert!(!room.folder.join("videos").exists());
}

#[test]
fn a_copy_has_all_pixels_and_the_bytes_that_were_sent() {
    let room = Room::new("copy");
    room.submit(7..8);
    room.keeper.copy(&room.stream);
    match room.told() {
        Event::Copied { picture, frame, .. } => {
            assert_eq!((picture.width, picture.height), (64, 48));
            assert_eq!(frame.jpeg(), jpeg(7));
        }
        other => panic!("{other:?}"),
    }
}
