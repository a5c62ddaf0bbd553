//! Samples, and the Markdown that they become.

use std::fmt::Write as _;
use std::time::Duration;

use crate::{Arguments, Call};

/// One measurement of one server.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Calls answered.
    pub per_second: f64,
    /// The time that half of the calls took at most, in milliseconds.
    pub p50_ms: f64,
    /// The time that 99 of 100 calls took at most, in milliseconds.
    pub p99_ms: f64,
}

impl Sample {
    /// From the time of each call and of the whole.
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52 calls")]
    pub fn of(mut times: Vec<Duration>, whole: Duration) -> Self {
        times.sort_unstable();
        let percentile = |p: usize| {
            // The nearest rank: the smallest time that p of 100 calls do not exceed.
            let rank = (times.len() * p).div_ceil(100).max(1);
            times.get(rank - 1).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
        };
        Self {
            per_second: times.len() as f64 / whole.as_secs_f64(),
            p50_ms: percentile(50),
            p99_ms: percentile(99),
        }
    }
}

impl Sample {
    /// The median of each figure.
    pub fn median(samples: &[Self]) -> Self {
        let median = |figure: fn(&Self) -> f64| {
            let mut all: Vec<f64> = samples.iter().map(figure).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
        };
        Self {
            per_second: median(|sample| sample.per_second),
            p50_ms: median(|sample| sample.p50_ms),
            p99_ms: median(|sample| sample.p99_ms),
        }
    }
}

/// Both servers under the same load.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What was called.
    pub call: Call,
    /// By how many clients at once.
    pub clients: usize,
    /// `okno-catalog`.
    pub ours: Sample,
    /// Python and its dictionary.
    pub python: Sample,
}

/// The report.
pub fn markdown(rows: &[Row], arguments: &Arguments) -> String {
    let Arguments { products, seconds, rounds, note, .. } = arguments;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let mut text = format!(
        "# Benchmark: `okno-catalog` beside a Python gRPC server with a dictionary\n\n\
         Written by `cargo run --release -p okno-catalog --example catalog-bench`; see the end for \
         how.\n\n\
         {products} products; the median of {rounds} measurements of {seconds} s each; {cores} cores shared by the load \
         generator and the server under test, load average at the end {load}. {note}\n"
    );
    for (call, title) in [
        (Call::Get, "get: one product by a random id"),
        (Call::Add, "add: one product"),
        (Call::List, "list: the first 100 by name"),
        (Call::Search, "search: up to 100 that contain two random words"),
    ] {
        let _ = write!(
            text,
            "\n## {title}\n\n\
             | clients | okno-catalog /s | p50 ms | p99 ms | Python /s | p50 ms | p99 ms | ratio |\n\
             |---:|---:|---:|---:|---:|---:|---:|---:|\n"
        );
        for row in rows.iter().filter(|row| row.call == call) {
            let Row { clients, ours, python, .. } = row;
            let ratio = ours.per_second / python.per_second;
            let _ = writeln!(
                text,
                "| {clients} | {:.0} | {:.2} | {:.2} | {:.0} | {:.2} | {:.2} | {ratio:.1} |",
                ours.per_second,
                ours.p50_ms,
                ours.p99_ms,
                python.per_second,
                python.p50_ms,
                python.p99_ms,
            );
        }
    }
    text.push_str(HOW);
    text
}

const HOW: &str = "
## How it was measured

- One load generator (`bench/catalog/`, tonic) calls both servers; each client has its own
  connection and calls again as soon as it has its answer. The servers are measured in turns at
  each number of clients, on the same cores, so that whatever else the machine does meets both.
- `okno-catalog` writes every product to its database before it answers (SQLite, WAL,
  `--durability process`: survives `kill -9`). The Python server (`bench/catalog/dict_server.py`,
  ten worker threads as in grpcio's examples) keeps products in a dictionary and loses them
  when it ends.
- The original had no list and no search. The Python server's are the plain way over a
  dictionary: sort all and cut; walk all and compare.
- The products are the same on both sides. `add` comes last, so that the other calls see just
  that number of products.
";
