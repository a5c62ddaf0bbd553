//! `okno-catalog`: the catalogue's server and its client on the command line.
//!
//! In: arguments. Out: one command done, its result on standard output, what went wrong on
//! standard error, and an exit code that says which (`--help` lists them).

mod cli;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use cli::args::{Cli, Command};
use cli::failure::Failure;

fn main() -> ExitCode {
    let Cli { verbose, json, command } = Cli::parse();
    start_log(verbose);
    let done = match &command {
        Command::Serve(args) => cli::serve::serve(args, json),
        Command::Keys(args) => cli::serve::make_keys(args, json),
        _ => talk(command, json),
    };
    match done {
        Ok(exit) => ExitCode::from(exit),
        // Whoever read our output has enough of it: `okno-catalog list | head`.
        Err(failure) if failure.code == "PIPE" => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure, json);
            ExitCode::from(failure.exit)
        }
    }
}

fn talk(command: Command, json: bool) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            done = cli::client::run(command, json) => done,
            signal = cli::serve::stopped() => signal,
        }
    })
}

fn report(failure: &Failure, json: bool) {
    let mut err = std::io::stderr().lock();
    // With standard error closed there is nobody left to tell.
    let _ = if json {
        let (code, message) = (&failure.code, &failure.message);
        let error = serde_json::json!({"error": {"code": code, "message": message}});
        writeln!(err, "{error}")
    } else {
        writeln!(err, "okno-catalog: {}", failure.message)
    };
}

fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "okno_catalog=info,warn",
        _ => "okno_catalog=debug,info",
    };
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(level)).init();
}
