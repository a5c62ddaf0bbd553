//! The composition root: starts everything, wires it, and ends it in the right order.
//!
//! In: options. Out: the exit code, once every thread is joined.

use cxx_qt::casting::Upcast as _;
use cxx_qt_lib::{QGuiApplication, QQmlApplicationEngine, QQmlEngine, QString, QUrl};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::bridge::shell;
use crate::cli::Options;
use crate::core::Core;

/// Where the window's QML begins.
const MAIN_QML: &str = "qrc:/qt/qml/Okno/Host/Main.qml";

/// What a shell adds to a signal's number when a program ends by it.
const SIGNALLED: i32 = 128;

/// Runs the program to its end.
///
/// # Errors
/// When it can't start; a sentence for a person.
pub fn run(options: &Options) -> Result<u8, String> {
    shell::choose_renderer();
    let mut application = QGuiApplication::new();
    shell::describe_application(env!("CARGO_PKG_VERSION"));
    let core = Core::start(options)?;
    let signals = Signals::new([SIGINT, SIGTERM])
        .map_err(|error| format!("signals can't be handled: {error}"))?;
    let handle = signals.handle();
    let watcher = std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || watch(signals))
        .map_err(|error| format!("no thread for signals: {error}"))?;

    let code = show(&mut application);

    handle.close();
    if watcher.join().is_err() {
        log::error!("the thread that waits for signals panicked");
    }
    core.stop();
    code.and_then(|code| u8::try_from(code).map_err(|_| format!("unexpected exit code {code}")))
}

fn show(application: &mut cxx::UniquePtr<QGuiApplication>) -> Result<i32, String> {
    let mut engine = QQmlApplicationEngine::new();
    if let Some(engine) = engine.as_mut() {
        shell::add_still_provider(engine);
    }
    if let Some(engine) = engine.as_mut() {
        let engine: std::pin::Pin<&mut QQmlEngine> = engine.upcast_pin();
        engine.add_import_path(&QString::from("qrc:/qt/qml"));
    }
    if let Some(engine) = engine.as_mut() {
        engine.load(&QUrl::from(MAIN_QML));
    }
    if !engine.as_ref().is_some_and(shell::has_root_object) {
        return Err("the window's QML can't be loaded; the reason is above. Is the package \
                    qml6-module-qtquick-controls installed? (`make deps` installs all)"
            .to_owned());
    }
    Ok(application.as_mut().map_or(0, QGuiApplication::exec))
}

fn watch(mut signals: Signals) {
    for signal in &mut signals {
        shell::quit(SIGNALLED + signal);
    }
}
