//! `opencv-sender`: arguments, log, signals, exit code. Everything else is in the library.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use opencv_sender::cli::Cli;
use opencv_sender::exit::Code;
use opencv_sender::pipeline::{self, Ending};
use opencv_sender::report;
use opencv_sender::source::devices;
use opencv_sender::stop::{Reason, Stop};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

fn main() -> ExitCode {
    let cli = Cli::parse();
    report::set_up_log(&cli);
    if cli.list_devices {
        return list_devices(cli.json);
    }
    quieten_libraries(cli.verbose);
    let stop = Stop::default();
    let mut signals = match Signals::new([SIGINT, SIGTERM]) {
        Ok(signals) => signals,
        Err(e) => {
            log::error!("can't listen for signals: {e}");
            return exit(Code::Unexpected);
        }
    };
    let handle = signals.handle();
    let listener = {
        let stop = stop.clone();
        std::thread::spawn(move || listen(&mut signals, &stop))
    };
    let result = pipeline::run(&cli, &stop);
    handle.close();
    let _ = listener.join();
    match result {
        Ok(Ending { code, joined: true }) => exit(code),
        Ok(Ending { code, joined: false }) => leave(code),
        Err(failure) => {
            log::error!("{failure}");
            // A failed source may still hang in its driver: don't wait for OpenCV's clean-up.
            leave(failure.code)
        }
    }
}

/// The first signal ends the program cleanly, the second at once.
fn listen(signals: &mut Signals, stop: &Stop) {
    for signal in signals.forever() {
        let (reason, code) = match signal {
            SIGTERM => (Reason::Terminate, Code::Terminated),
            _ => (Reason::Interrupt, Code::Interrupted),
        };
        if matches!(stop.reason(), Some(Reason::Interrupt | Reason::Terminate)) {
            leave(code);
        }
        stop.ask(reason);
    }
}

fn list_devices(json: bool) -> ExitCode {
    let devices = devices::list(Path::new(devices::SYSFS));
    let text = if json {
        serde_json::to_string(&devices).unwrap_or_default() + "\n"
    } else {
        devices::as_text(&devices)
    };
    // Whoever asked may have closed the pipe after the first line.
    let _ = std::io::stdout().write_all(text.as_bytes());
    exit(Code::Done)
}

fn exit(code: Code) -> ExitCode {
    ExitCode::from(code as u8)
}

/// Ends the process without the libraries' clean-up, which a thread that hangs in one of them
/// would make crash.
#[allow(unsafe_code)]
fn leave(code: Code) -> ! {
    let _ = std::io::stdout().flush();
    // SAFETY: ends the process; takes a number.
    unsafe { libc::_exit(code as i32) }
}

/// OpenCV and FFmpeg write to stderr on their own; this program's own line says what is wrong.
/// What the user has set stays, and -vv lets them speak.
#[allow(unsafe_code)]
fn quieten_libraries(verbose: u8) {
    // One thread a worker is enough for pictures of this size; OpenCV's own would only contend.
    let _ = opencv::core::set_num_threads(1);
    if verbose >= 2 {
        return;
    }
    for (name, value) in [("OPENCV_LOG_LEVEL", "SILENT"), ("OPENCV_FFMPEG_LOGLEVEL", "-8")] {
        if std::env::var_os(name).is_none() {
            // SAFETY: no other thread has been started yet.
            unsafe { std::env::set_var(name, value) };
        }
    }
    if std::env::var_os("OPENCV_LOG_LEVEL").is_some_and(|level| level == "SILENT") {
        let silent = opencv::core::LogLevel::LOG_LEVEL_SILENT;
        let _ = opencv::core::set_log_level(silent);
    }
}
