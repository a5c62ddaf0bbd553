//! Measures `okno-relay` beside a C++ relay that forks a process for each pair.
//!
//! In: how many pairs, how long. Out: a Markdown file with the relay's processor time, its memory
//! for each pair, and the delay of sound and picture. All relays run on one core, the callers on
//! another; everything goes over loopback. "Direct" is the callers' own delay, without any relay.
//! Never judges: it prints what it saw.
//!
//! Run: `cargo run --release -p okno-relay --example relay-bench -- --out docs/benchmarks-relay.md`

mod connect;
mod plan;
mod process;
mod report;
mod run;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Parser, ValueEnum};

use connect::Connector;
use process::Running;
use report::Row;
use run::Flow;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is sent before anything is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// Measures the relay beside a forking one.
#[derive(Debug, Parser)]
struct Arguments {
    /// Pairs at once; the other subjects get the most of them.
    #[arg(long, value_delimiter = ',', default_values_t = [50, 100, 200, 400])]
    pairs: Vec<usize>,
    /// What is measured.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t =
          [Subject::Direct, Subject::Tls, Subject::Plain, Subject::Classic, Subject::Fork])]
    subjects: Vec<Subject>,
    /// Seconds for each measurement, after one of warming up.
    #[arg(long, default_value_t = 6.0)]
    seconds: f64,
    /// Pairs that look at what arrives and when; the others let it be thrown away.
    #[arg(long, default_value_t = 20)]
    probes: usize,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
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
    process::leave_the_core();
    let beside = || -> Result<PathBuf, Failure> {
        let program = std::env::current_exe()?;
        let folder = program.parent().and_then(|p| p.parent()).ok_or("no folder")?;
        Ok(folder.join("okno-relay"))
    };
    let relay = arguments.relay.clone().map_or_else(beside, Ok)?;
    let folder = process::Scratch::new()?;
    let fork = process::compile(&arguments.source, folder.path())?;
    let most = arguments.pairs.iter().copied().max().ok_or("no pairs")?;
    let mut rows = Vec::new();
    for &subject in &arguments.subjects {
        let numbers = if subject == Subject::Tls { &arguments.pairs[..] } else { &[most] };
        for &pairs in numbers {
            eprintln!("{subject:?}, {pairs} pairs ...");
            let running = match subject {
                Subject::Direct => None,
                Subject::Fork => Some(Running::fork(&fork)?),
                _ => Some(Running::relay(&relay, folder.path())?),
            };
            rows.push(measure(subject, pairs, &arguments, running.as_ref(), folder.path())?);
        }
    }
    let text = report::markdown(&rows, &arguments);
    match &arguments.out {
        Some(path) => std::fs::write(path, text)?,
        None => print!("{text}"),
    }
    Ok(())
}

/// One row: the same load on one subject.
fn measure(
    subject: Subject,
    pairs: usize,
    arguments: &Arguments,
    running: Option<&Running>,
    folder: &Path,
) -> Result<Row, Failure> {
    let length = WARM_UP + Duration::from_secs_f64(arguments.seconds);
    let empty = running.map(Running::memory).transpose()?.unwrap_or(0);
    let connector = Connector::new(subject, running, &process::certificate(folder))?;
    let (mut flows, mut dues) = (Vec::new(), Vec::new());
    let every = (pairs / arguments.probes.max(1)).max(1);
    let mut looking = 0;
    for number in 0..pairs {
        let looks = number % every == 0 && looking < arguments.probes;
        looking += usize::from(looks);
        for (caller, end) in (2 * number as u64..).zip(connector.pair(number)?) {
            for mut line in end {
                let place = u32::try_from(flows.len())?;
                let (framing, tls) = (line.framing, line.tls.as_mut());
                let bytes = plan::prepare(place, caller, framing, tls, length, &mut dues)?;
                flows.push(Flow::new(line, bytes, looks));
            }
        }
    }
    let planned = dues.iter().filter(|due| due.at >= WARM_UP.as_nanos() as u64).count();
    let before = running.map(Running::processor_time).transpose()?.unwrap_or_default();
    let (seen, flows) = run::run(flows, dues, WARM_UP)?;
    let after = running.map(Running::processor_time).transpose()?.unwrap_or_default();
    let full = running.map(Running::memory).transpose()?.unwrap_or(0);
    drop(flows);
    Ok(Row {
        subject,
        pairs,
        // It had nothing to do before the first packet and after the last one.
        core: (after - before).as_secs_f64() / length.as_secs_f64(),
        memory: full.saturating_sub(empty) / pairs.max(1),
        planned: planned * looking / pairs.max(1),
        seen,
    })
}
