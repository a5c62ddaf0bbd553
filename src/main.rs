//! `okno`: shows every camera that is sent to it, in a Qt window.
//!
//! In: command line and environment. Out: an exit code. Everything else is in the modules; how
//! they fit together is in `app.rs`.

mod app;
mod bridge;
mod calling;
mod catalog;
mod cli;
mod core;
mod designer;
mod folders;
mod pattern;
mod ports;
mod sampler;
mod snippets;
mod sources;
mod statistics;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    okno_media::allocator::give_large_buffers_back();
    let options = cli::Options::parse();
    let level = env_logger::Env::default().filter_or("OKNO_LOG", options.log_level());
    env_logger::Builder::from_env(level).format_target(false).init();
    if let Some(folder) = &options.export_qml {
        return export(folder, options.force);
    }
    match app::run(&options) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprintln!("okno: {message}");
            ExitCode::FAILURE
        }
    }
}

fn export(folder: &Path, force: bool) -> ExitCode {
    match designer::export::write(folder, force) {
        Ok(files) => {
            println!("{files} files are in {}; README-designers.md says more", folder.display());
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("okno: {message}");
            ExitCode::FAILURE
        }
    }
}
