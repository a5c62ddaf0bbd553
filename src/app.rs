//! The composition root: starts everything, wires it, and ends it in the right order.
//!
//! In: options. Out: the exit code, once every thread is joined.

use cxx_qt_lib::{QGuiApplication, QQmlApplicationEngine};
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;

use crate::bridge::engine::{expect_edits, load_window, prepare_engine};
use crate::bridge::shell;
use crate::cli::Options;
use crate::core::Core;
use crate::designer::Designer;

/// Where the window's QML begins.
const MAIN_QML: &str = "qrc:/qt/qml/Okno/Host/Main.qml";

/// Ends the event loop when a new window shall take the place of this one; no exit code of a
/// program is as large.
pub const RENEW: i32 = 1000;

/// What a shell adds to a signal's number when a program ends by it.
const SIGNALLED: i32 = 128;

/// Runs the program to its end.
///
/// # Errors
/// When it can't start; a sentence for a person.
pub fn run(options: &Options) -> Result<u8, String> {
    shell::choose_renderer();
    if options.qml_dir.is_some() {
        expect_edits();
    }
    let mut application = QGuiApplication::new();
    shell::describe_application(env!("CARGO_PKG_VERSION"));
    shell::watch_resting_pointer();
    let core = Core::start(options)?;
    // SIGXFSZ ends a program whose file becomes larger than it may. Caught, the write fails.
    let signals = Signals::new([SIGINT, SIGTERM, SIGXFSZ])
        .map_err(|error| format!("signals can't be handled: {error}"))?;
    let handle = signals.handle();
    let watcher = std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || watch(signals))
        .map_err(|error| format!("no thread for signals: {error}"))?;

    let code = show(&mut application, &core.designer);

    handle.close();
    if watcher.join().is_err() {
        log::error!("the thread that waits for signals panicked");
    }
    core.stop();
    code.and_then(|code| u8::try_from(code).map_err(|_| format!("unexpected exit code {code}")))
}

/// Shows the window until it is closed. Files that can't be loaded are set aside at the start,
/// and leave the window as it is later.
fn show(
    application: &mut cxx::UniquePtr<QGuiApplication>,
    designer: &Designer,
) -> Result<i32, String> {
    let mut _window = loop {
        match build(designer) {
            Ok(window) => break window,
            Err(why) if designer.change(|state| state.not_built(&why)) => {}
            Err(why) => {
                return Err(format!(
                    "the window's QML can't be loaded: {why}. Is the package \
                     qml6-module-qtquick-controls installed? (`make deps` installs all)"
                ));
            }
        }
    };
    loop {
        let code = application.as_mut().map_or(0, QGuiApplication::exec);
        if code != RENEW {
            return Ok(code);
        }
        match build(designer) {
            // The old window goes when the new one is there.
            Ok(window) => _window = window,
            Err(why) => designer.change(|state| state.not_renewed(&why)),
        }
    }
}

/// An engine with a window; or what is wrong with the interface's files.
fn build(designer: &Designer) -> Result<cxx::UniquePtr<QQmlApplicationEngine>, String> {
    let mut engine = QQmlApplicationEngine::new();
    if let Some(engine) = engine.as_mut() {
        shell::add_still_provider(engine);
    }
    if let Some(engine) = engine.as_mut() {
        prepare_engine(engine);
    }
    let fault = engine.as_mut().map(|engine| load_window(engine, MAIN_QML)).unwrap_or_default();
    let fault = designer.take_shell_fault().or((!fault.is_empty()).then_some(fault));
    fault.map_or(Ok(engine), Err)
}

fn watch(mut signals: Signals) {
    for signal in signals.forever().filter(|&signal| signal != SIGXFSZ) {
        shell::quit(SIGNALLED + signal);
    }
}
