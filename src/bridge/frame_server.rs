//! `FrameServer`: the counterpart of `QTcpServer`, for QML.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QString, QStringList, QVariant};
use okno_keep::{Keeper, Kind, Status};
use okno_session::{Stream, StreamId};

use super::shell;
use crate::core::{Core, Notice, Ports, core};
use crate::{folders, ports, snippets};

#[cxx_qt::bridge]
pub mod ffi {
    unsafe extern "C++" {
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
        include!("cxx-qt-lib/qstringlist.h");
        type QStringList = cxx_qt_lib::QStringList;
        include!("cxx-qt-lib/qvariant.h");
        type QVariant = cxx_qt_lib::QVariant;
    }

    #[auto_cxx_name]
    extern "RustQt" {
        /// Listens for senders. Properties: `listening`; `errorString`, the last failure or
        /// refusal; `serverAddress` and `serverPort` of the first open port, as senders reach
        /// it; `endpoints`, all open ports as "address:port"; `problems`, objects {port,
        /// message} for ports that could not be opened; `recording`, objects {streamId, seconds,
        /// bytes, diskLeft (bytes, -1 unknown), dropped, path} for streams that are recorded;
        /// `picturesFolder` and `videosFolder`, where files go.
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[qproperty(bool, listening, READ, NOTIFY = state_changed)]
        #[qproperty(QString, error_string, READ, NOTIFY = state_changed)]
        #[qproperty(QString, server_address, READ, NOTIFY = state_changed)]
        #[qproperty(i32, server_port, READ, NOTIFY = state_changed)]
        #[qproperty(QStringList, endpoints, READ, NOTIFY = state_changed)]
        #[qproperty(QVariant, problems, READ, NOTIFY = state_changed)]
        #[qproperty(QVariant, recording, READ, NOTIFY)]
        #[qproperty(QString, pictures_folder, READ, NOTIFY)]
        #[qproperty(QString, videos_folder, READ, NOTIFY)]
        type FrameServer = super::FrameServerRust;

        /// Any of the properties changed.
        #[qsignal]
        fn state_changed(self: Pin<&mut FrameServer>);

        /// A stream got a connection: a new one, or one that came back.
        #[qsignal]
        fn new_connection(
            self: Pin<&mut FrameServer>,
            stream_id: i32,
            name: &QString,
            peer: &QString,
        );

        /// A stream lost its connection; `reason` is a sentence for a person.
        #[qsignal]
        fn connection_lost(
            self: Pin<&mut FrameServer>,
            stream_id: i32,
            name: &QString,
            reason: &QString,
        );

        /// A file was written; `kind` is "snapshot", "recording" or "loan".
        #[qsignal]
        fn saved(self: Pin<&mut FrameServer>, stream_id: i32, kind: &QString, path: &QString);

        /// Something could not be kept, or only up to a point; `kind` may also be "copy", `reason`
        /// is a sentence for a person.
        #[qsignal]
        fn save_failed(
            self: Pin<&mut FrameServer>,
            stream_id: i32,
            kind: &QString,
            reason: &QString,
        );

        /// A frame is on the clipboard.
        #[qsignal]
        fn copied(self: Pin<&mut FrameServer>, stream_id: i32);

        /// An address or a file could not be opened as a stream; `reason` is for a person.
        #[qsignal]
        fn source_failed(self: Pin<&mut FrameServer>, source: &QString, reason: &QString);

        /// Opens a port, besides those that are open. What comes of it is in the properties.
        #[qinvokable]
        fn listen(self: &FrameServer, address: &QString, port: i32);

        /// Closes all ports; connections go on, as with `QTcpServer`.
        #[qinvokable]
        fn close(self: &FrameServer);

        /// Fetches an MJPEG stream over HTTP, or opens a picture or video file by its path.
        #[qinvokable]
        fn add_source(self: &FrameServer, url: &QString);

        /// Shows a moving test pattern as a stream.
        #[qinvokable]
        fn show_test_pattern(self: &FrameServer);

        /// Takes a stream off the list until its sender connects anew, and ends fetching it if it
        /// is fetched.
        #[qinvokable]
        fn remove_stream(self: &FrameServer, stream_id: i32);

        /// Brings a stream back to its place that was taken off the list, for as long as it is
        /// remembered: half a minute, or while its sender is connected.
        #[qinvokable]
        fn restore_stream(self: &FrameServer, stream_id: i32);

        /// Opens a free port near `port`, which could not be opened.
        #[qinvokable]
        fn retry_on_another_port(self: &FrameServer, port: i32);

        /// A short sender with the real address in it; `kind` is "python", "cpp" or "shell".
        #[qinvokable]
        fn snippet(self: &FrameServer, kind: &QString) -> QString;

        /// Puts text on the clipboard.
        #[qinvokable]
        fn copy_text(self: &FrameServer, text: &QString);

        /// Writes the frame that is on the screen, as the sender's own JPEG.
        #[qinvokable]
        fn save_snapshot(self: &FrameServer, stream_id: i32);

        /// Puts the frame that is on the screen on the clipboard, in full size.
        #[qinvokable]
        fn copy_frame(self: &FrameServer, stream_id: i32);

        /// Holds the frame that is on the screen, and gives a file for it that a person may
        /// change; empty if there is none. -1 lets it go.
        #[qinvokable]
        fn hold_frame(self: &FrameServer, stream_id: i32) -> QString;

        /// Writes the frame that is held to this path, or into the folder of pictures. No file
        /// is replaced.
        #[qinvokable]
        fn save_held(self: &FrameServer, path: &QString);

        /// Writes the frame that is on the screen for another program; `saved` gives the file.
        #[qinvokable]
        fn lend_frame(self: &FrameServer, stream_id: i32);

        /// Has a sender on this machine send what can be gone back to, in place of uncompressed
        /// frames, or no longer.
        #[qinvokable]
        fn keep_past(self: &FrameServer, stream_id: i32, on: bool);

        /// Begins to write a stream into a file without encoding it again, or ends that.
        #[qinvokable]
        fn set_recording(self: &FrameServer, stream_id: i32, on: bool);

        /// Where files go (empty: the usual folders), how many seconds before the key recordings
        /// begin, how many seconds of each stream are kept for that and for replay, and whether
        /// senders on this machine shall send what can be kept, too.
        #[qinvokable]
        fn set_keeping(
            self: Pin<&mut FrameServer>,
            pictures: &QString,
            videos: &QString,
            look_back: f64,
            history: f64,
            local: bool,
        );

        /// Shows a file's folder in the file manager.
        #[qinvokable]
        fn open_folder(self: &FrameServer, path: &QString);
    }

    impl cxx_qt::Threading for FrameServer {}
    impl cxx_qt::Initialize for FrameServer {}
}

#[derive(Default)]
pub struct FrameServerRust {
    listening: bool,
    error_string: QString,
    server_address: QString,
    server_port: i32,
    endpoints: QStringList,
    problems: QVariant,
    recording: QVariant,
    pictures_folder: QString,
    videos_folder: QString,
}

impl cxx_qt::Initialize for ffi::FrameServer {
    fn initialize(mut self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        let Some(core) = core() else { return };
        self.as_mut().show(&core.ports());
        self.as_mut().show_recordings(&core.recordings());
        self.as_mut().show_folders(&folders::pictures(), &folders::videos());
        core.on_notice(Box::new(move |notice| {
            thread.queue(move |server: Pin<&mut Self>| server.take(notice)).is_ok()
        }));
    }
}

impl ffi::FrameServer {
    fn take(mut self: Pin<&mut Self>, notice: Notice) {
        let Some(core) = core() else { return };
        match notice {
            Notice::Ports => {
                self.as_mut().show(&core.ports());
                self.state_changed();
            }
            Notice::Connected(id) => {
                if let Some((name, peer)) = describe(&core, id) {
                    self.new_connection(to_qml(id), &name, &peer);
                }
            }
            Notice::Lost(id, reason) => {
                if let Some((name, _)) = describe(&core, id) {
                    self.connection_lost(to_qml(id), &name, &QString::from(&reason));
                }
            }
            Notice::Saved(id, kind, path) => {
                let path = QString::from(&*path.to_string_lossy());
                self.saved(to_qml(id), &name_of(kind), &path);
            }
            Notice::SaveFailed(id, kind, reason) => {
                self.save_failed(to_qml(id), &name_of(kind), &QString::from(&reason));
            }
            Notice::Copied(id, png, frame) => {
                shell::copy_picture(&png, frame.jpeg());
                self.copied(to_qml(id));
            }
            Notice::Recordings => {
                self.as_mut().show_recordings(&core.recordings());
                self.recording_changed();
            }
            Notice::SourceFailed(source, reason) => {
                self.source_failed(&QString::from(&source), &QString::from(&reason));
            }
        }
    }

    fn show(mut self: Pin<&mut Self>, ports: &Ports) {
        let mut server = self.as_mut().rust_mut();
        let first = ports.open.first().map(|open| ports::reachable(*open));
        server.listening = first.is_some();
        server.error_string = QString::from(&ports.last_error);
        let address = first.map(|open| open.ip().to_string()).unwrap_or_default();
        server.server_address = QString::from(&address);
        server.server_port = first.map_or(0, |open| i32::from(open.port()));
        let mut endpoints = QStringList::default();
        for open in &ports.open {
            endpoints.append(QString::from(&ports::reachable(*open).to_string()));
        }
        server.endpoints = endpoints;
        let problems: Vec<_> = ports
            .problems
            .iter()
            .map(|p| serde_json::json!({ "port": p.address.port(), "message": p.message }))
            .collect();
        let problems = serde_json::Value::from(problems).to_string();
        server.problems = shell::variant_from_json(&problems);
    }

    fn show_recordings(mut self: Pin<&mut Self>, recordings: &[Status]) {
        let rows: Vec<_> = recordings
            .iter()
            .map(|r| {
                serde_json::json!({
                    "streamId": i32::try_from(r.stream).unwrap_or(i32::MAX),
                    "seconds": r.milliseconds as f64 / 1e3,
                    "bytes": r.bytes,
                    "diskLeft": r.disk_left.map_or(-1.0, |left| left as f64),
                    "dropped": r.dropped,
                    "path": r.path.to_string_lossy(),
                })
            })
            .collect();
        let rows = serde_json::Value::from(rows).to_string();
        self.as_mut().rust_mut().recording = shell::variant_from_json(&rows);
    }

    fn show_folders(mut self: Pin<&mut Self>, pictures: &Path, videos: &Path) {
        let mut server = self.as_mut().rust_mut();
        server.pictures_folder = QString::from(&*pictures.to_string_lossy());
        server.videos_folder = QString::from(&*videos.to_string_lossy());
    }

    fn listen(&self, address: &QString, port: i32) {
        let Some(core) = core() else { return };
        let ip = address.to_string().parse::<IpAddr>();
        match (ip, u16::try_from(port)) {
            (Ok(ip), Ok(port)) => core.listen(SocketAddr::new(ip, port)),
            (Err(_), _) => core.report(format!("{address} is no address of this machine")),
            (_, Err(_)) => core.report(format!("{port} is no port; ports go from 1 to 65535")),
        }
    }

    fn close(&self) {
        if let Some(core) = core() {
            core.close();
        }
    }

    fn add_source(&self, url: &QString) {
        if let Some(core) = core() {
            core.pull(&url.to_string());
        }
    }

    fn show_test_pattern(&self) {
        if let Some(core) = core() {
            core.show_test_pattern();
        }
    }

    fn remove_stream(&self, stream_id: i32) {
        if let (Some(core), Ok(id)) = (core(), u64::try_from(stream_id)) {
            core.remove(StreamId(id));
        }
    }

    fn restore_stream(&self, stream_id: i32) {
        if let (Some(core), Ok(id)) = (core(), u64::try_from(stream_id)) {
            core.put_away(StreamId(id), false);
        }
    }

    fn retry_on_another_port(&self, port: i32) {
        let Some(core) = core() else { return };
        let problems = core.ports().problems;
        if let Some(problem) = problems.iter().find(|p| i32::from(p.address.port()) == port) {
            core.replace(problem.address, ports::free_port_near(problem.address));
        }
    }

    fn snippet(&self, kind: &QString) -> QString {
        let open = core().and_then(|core| core.ports().open.first().copied());
        let to = ports::reachable(open.unwrap_or(crate::cli::DEFAULT_LISTEN[0]));
        QString::from(&snippets::snippet(&kind.to_string(), to))
    }

    fn copy_text(&self, text: &QString) {
        shell::copy_text(text);
    }

    fn save_snapshot(&self, stream_id: i32) {
        keep(stream_id, |keeper, stream| keeper.snapshot(stream));
    }

    fn copy_frame(&self, stream_id: i32) {
        keep(stream_id, |keeper, stream| keeper.copy(stream));
    }

    fn hold_frame(&self, stream_id: i32) -> QString {
        let Some(core) = core() else { return QString::default() };
        let stream = u64::try_from(stream_id).ok().and_then(|id| core.hub.stream(StreamId(id)));
        let path = core.hold_frame(stream.as_deref()).unwrap_or_default();
        QString::from(&*path.to_string_lossy())
    }

    fn save_held(&self, path: &QString) {
        if let Some(core) = core() {
            core.save_held(&path.to_string());
        }
    }

    fn lend_frame(&self, stream_id: i32) {
        keep(stream_id, |keeper, stream| keeper.lend(stream));
    }

    fn keep_past(&self, stream_id: i32, on: bool) {
        keep(stream_id, |_, stream| stream.set_replayable(on));
    }

    fn set_recording(&self, stream_id: i32, on: bool) {
        keep(stream_id, |keeper, stream| keeper.record(stream, on));
    }

    fn set_keeping(
        mut self: Pin<&mut Self>,
        pictures: &QString,
        videos: &QString,
        look_back: f64,
        history: f64,
        local: bool,
    ) {
        let Some(core) = core() else { return };
        let or = |chosen: &QString, usual: PathBuf| {
            Some(PathBuf::from(chosen.to_string())).filter(|p| p.is_absolute()).unwrap_or(usual)
        };
        // A cast saturates, and makes zero of what is negative or no number.
        let nanoseconds = |seconds: f64| (seconds * 1e9) as u64;
        core.hub.keep_past(nanoseconds(history), local);
        let settings = core.keeping(|settings| {
            settings.pictures = or(pictures, folders::pictures());
            settings.videos = or(videos, folders::videos());
            settings.look_back = nanoseconds(look_back);
        });
        if let Some(settings) = settings {
            self.as_mut().show_folders(&settings.pictures, &settings.videos);
            self.as_mut().pictures_folder_changed();
            self.videos_folder_changed();
        }
    }

    fn open_folder(&self, path: &QString) {
        let path = PathBuf::from(path.to_string());
        // Only a folder, never a file: opening that would start whatever it belongs to.
        if let Some(folder) = path.parent().filter(|folder| folder.is_absolute()) {
            shell::open_path(&QString::from(&*folder.to_string_lossy()));
        }
    }
}

fn keep(stream_id: i32, act: impl FnOnce(&Keeper, &Arc<Stream>)) {
    if let (Some(core), Ok(id)) = (core(), u64::try_from(stream_id)) {
        core.keep(StreamId(id), act);
    }
}

fn name_of(kind: Kind) -> QString {
    QString::from(match kind {
        Kind::Snapshot => "snapshot",
        Kind::Recording => "recording",
        Kind::Copy => "copy",
        Kind::Loan => "loan",
    })
}

fn describe(core: &Core, id: StreamId) -> Option<(QString, QString)> {
    let info = core.hub.stream(id)?.info();
    Some((QString::from(&info.name), QString::from(&info.peer)))
}

/// Stream ids count from 1 and never come near the limit of QML's int.
pub fn to_qml(id: StreamId) -> i32 {
    i32::try_from(id.0).unwrap_or(i32::MAX)
}
