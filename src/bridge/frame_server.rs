//! `FrameServer`: the counterpart of `QTcpServer`, for QML.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QString, QStringList, QVariant};
use okno_session::StreamId;

use super::shell;
use crate::core::{Core, Notice, Ports, core};
use crate::{ports, snippets};

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
        /// message} for ports that could not be opened.
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[qproperty(bool, listening, READ, NOTIFY = state_changed)]
        #[qproperty(QString, error_string, READ, NOTIFY = state_changed)]
        #[qproperty(QString, server_address, READ, NOTIFY = state_changed)]
        #[qproperty(i32, server_port, READ, NOTIFY = state_changed)]
        #[qproperty(QStringList, endpoints, READ, NOTIFY = state_changed)]
        #[qproperty(QVariant, problems, READ, NOTIFY = state_changed)]
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

        /// Opens a port, besides those that are open. What comes of it is in the properties.
        #[qinvokable]
        fn listen(self: &FrameServer, address: &QString, port: i32);

        /// Closes all ports; connections go on, as with `QTcpServer`.
        #[qinvokable]
        fn close(self: &FrameServer);

        /// Fetches an MJPEG stream over HTTP.
        #[qinvokable]
        fn add_source(self: &FrameServer, url: &QString);

        /// Shows a moving test pattern as a stream.
        #[qinvokable]
        fn show_test_pattern(self: &FrameServer);

        /// Takes a stream that is gone off the list, and ends fetching it if it is fetched.
        #[qinvokable]
        fn remove_stream(self: &FrameServer, stream_id: i32);

        /// Opens a free port near `port`, which could not be opened.
        #[qinvokable]
        fn retry_on_another_port(self: &FrameServer, port: i32);

        /// A short sender with the real address in it; `kind` is "python", "cpp" or "shell".
        #[qinvokable]
        fn snippet(self: &FrameServer, kind: &QString) -> QString;

        /// Puts text on the clipboard.
        #[qinvokable]
        fn copy_text(self: &FrameServer, text: &QString);
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
}

impl cxx_qt::Initialize for ffi::FrameServer {
    fn initialize(mut self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        let Some(core) = core() else { return };
        self.as_mut().show(&core.ports());
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
}

fn describe(core: &Core, id: StreamId) -> Option<(QString, QString)> {
    let info = core.hub.stream(id)?.info();
    Some((QString::from(&info.name), QString::from(&info.peer)))
}

/// Stream ids count from 1 and never come near the limit of QML's int.
pub fn to_qml(id: StreamId) -> i32 {
    i32::try_from(id.0).unwrap_or(i32::MAX)
}
