//! Measures `okno-relay` beside a C++ relay that forks a process for each pair.
//!
//! In: how many pairs, how long. Out: a Markdown file with the relay's processor time, its memory
//! for each pair, and the delay of sound and picture. All relays run on one core, the callers on
//! the others; everything goes over loopback. "Direct" is the callers' own delay, without any
//! relay. Never judges: it prints what it saw.
//!
//! Run: `cargo run --release -p okno-relay --example relay-bench -- --out docs/benchmarks-relay.md`

mod load;
mod process;
mod report;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use load::{Caller, Samples};
use process::Running;
use report::Row;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures the relay beside a forking one.
#[derive(Debug, Parser)]
struct Arguments {
    /// Pairs at once.
    #[arg(long, value_delimiter = ',', default_values_t = [50, 100, 200])]
    pairs: Vec<usize>,
    /// Seconds for each measurement.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// The relay; beside this program's folder if not given.
    #[arg(long)]
    relay: Option<PathBuf>,
    /// The C++ relay's source.
    #[arg(long, default_value = "bench/relay/fork_relay.cpp")]
    source: PathBuf,
    /// The file to write; standard output if not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// What to say about the machine, for example whether it was busy.
    #[arg(long, default_value = "")]
    note: String,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// No relay: the callers' own delay.
    Direct,
    /// The call protocol over TLS.
    Tls,
    /// The call protocol without TLS.
    Plain,
    /// `okno-relay --classic`.
    Classic,
    /// The C++ relay.
    Fork,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    process::allow_many_files();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    process::leave_the_core();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let beside = || -> Result<PathBuf, Failure> {
        let program = std::env::current_exe()?;
        let folder = program.parent().and_then(|p| p.parent()).ok_or("no folder")?;
        Ok(folder.join("okno-relay"))
    };
    let relay = arguments.relay.clone().map_or_else(beside, Ok)?;
    let folder = process::Scratch::new()?;
    let fork = process::compile(&arguments.source, folder.path())?;
    let most = arguments.pairs.iter().copied().max().ok_or("no pairs")?;
    let mut plan: Vec<(Subject, usize)> = vec![(Subject::Direct, most)];
    plan.extend(arguments.pairs.iter().map(|&pairs| (Subject::Tls, pairs)));
    plan.extend([Subject::Plain, Subject::Classic, Subject::Fork].map(|s| (s, most)));
    let mut rows = Vec::new();
    for (subject, pairs) in plan {
        eprintln!("{subject:?}, {pairs} pairs ...");
        let time = Duration::from_secs_f64(arguments.seconds);
        let running = match subject {
            Subject::Direct => None,
            Subject::Fork => Some(Running::fork(&fork)?),
            _ => Some(Running::relay(&relay, folder.path())?),
        };
        rows.push(runtime.block_on(measure(subject, pairs, time, running.as_ref()))?);
    }
    let text = report::markdown(&rows, arguments.seconds, cores, &arguments.note);
    match &arguments.out {
        Some(path) => std::fs::write(path, text)?,
        None => print!("{text}"),
    }
    Ok(())
}

/// One row: the same load on one subject.
async fn measure(
    subject: Subject,
    pairs: usize,
    time: Duration,
    running: Option<&Running>,
) -> Result<Row, Failure> {
    let empty = running.map(Running::memory).transpose()?.unwrap_or(0);
    let mut callers = Vec::new();
    for number in 0..pairs {
        let (one, two) = Caller::pair(subject, number, running).await?;
        callers.extend([one, two]);
    }
    let samples = Samples::default();
    let tasks: Vec<_> = (0..)
        .zip(callers)
        .map(|(phase, caller)| caller.start(phase, pairs * 2, &samples))
        .collect();
    // What the first second shows is how everything starts at once.
    tokio::time::sleep(Duration::from_secs(1)).await;
    samples.begin();
    let before = running.map(Running::processor_time).transpose()?.unwrap_or_default();
    let start = std::time::Instant::now();
    tokio::time::sleep(time).await;
    let took = start.elapsed();
    let after = running.map(Running::processor_time).transpose()?.unwrap_or_default();
    let full = running.map(Running::memory).transpose()?.unwrap_or(0);
    let (audio, video) = samples.end();
    for task in tasks {
        task.stop().await;
    }
    let core = (after - before).as_secs_f64() / took.as_secs_f64();
    let memory = full.saturating_sub(empty) / pairs.max(1);
    let expected = (pairs * 2) as f64 * took.as_secs_f64();
    Ok(Row { subject, pairs, core, memory, audio, video, expected })
}
