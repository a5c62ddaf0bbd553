//! What the user sees: messages, the progress line, statistics.
//!
//! In: figures, about once a second. Out: a line on the terminal that is written over, lines of
//! text on stderr, or JSON lines on stdout. Never measures anything itself.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use log::{Level, LevelFilter};
use serde::Serialize;

use crate::cli::Cli;
use crate::stats::{Dropped, Figures, total};

/// Whether a progress line stands on the terminal and has to be wiped before anything else.
static LINE_IS_UP: AtomicBool = AtomicBool::new(false);

/// Wipes a terminal's line.
const WIPE: &str = "\r\x1b[K";

/// Sets up the log: messages go to stderr, each one line.
pub fn set_up_log(cli: &Cli) {
    let level = match (cli.quiet, cli.verbose) {
        (true, _) => LevelFilter::Error,
        (_, 0) => LevelFilter::Warn,
        (_, 1) => LevelFilter::Info,
        _ => LevelFilter::Trace,
    };
    let mut builder = env_logger::Builder::new();
    builder.filter_level(level).parse_default_env().format(|out, record| {
        if LINE_IS_UP.swap(false, Ordering::Relaxed) {
            write!(out, "{WIPE}")?;
        }
        let what = if record.level() == Level::Debug { " (debug)" } else { "" };
        writeln!(out, "opencv-sender{what}: {}", record.args())
    });
    // Fails only when a log was set up before, as tests may do.
    let _ = builder.try_init();
}

/// How the figures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Nothing,
    Progress,
    Lines,
    Json,
}

/// Shows figures as they change.
#[derive(Debug)]
pub struct Reporter {
    show: Show,
    summary: bool,
    last: Option<(Instant, Figures)>,
    started: Instant,
}

#[derive(Serialize)]
struct Line<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<u8>,
    seconds: f64,
    connected: bool,
    captured: u64,
    encoded: u64,
    sent: u64,
    untouched: u64,
    shared: u64,
    dropped: Dropped,
    bytes: u64,
    fps: f64,
    kbit_per_second: f64,
    streams: &'a [Figures],
}

impl Reporter {
    /// How often the figures are shown.
    pub const INTERVAL: Duration = Duration::from_secs(1);

    /// A reporter that shows what the flags ask for.
    #[must_use]
    pub fn new(cli: &Cli) -> Self {
        let show = if cli.json {
            Show::Json
        } else if cli.stats {
            Show::Lines
        } else if !cli.quiet && std::io::stderr().is_terminal() {
            Show::Progress
        } else {
            Show::Nothing
        };
        Self { show, summary: cli.stats, last: None, started: Instant::now() }
    }

    /// Shows the figures now.
    pub fn tick(&mut self, streams: &[Figures]) {
        let now = Instant::now();
        let sum = total(streams);
        let (since, before) = match &self.last {
            Some((when, figures)) => (now.duration_since(*when), figures.clone()),
            None => {
                (now.duration_since(self.started), Figures { sent: 0, bytes: 0, ..sum.clone() })
            }
        };
        let seconds = since.as_secs_f64().max(0.001);
        let fps = sum.sent.saturating_sub(before.sent) as f64 / seconds;
        let kbit = sum.bytes.saturating_sub(before.bytes) as f64 * 8.0 / 1000.0 / seconds;
        match self.show {
            Show::Nothing => {}
            Show::Json => print_json(&self.line("stats", None, &sum, fps, kbit, streams)),
            Show::Lines => eprintln!("{}", text(&sum, streams.len(), fps, kbit)),
            Show::Progress => {
                eprint!("{WIPE}{}", text(&sum, streams.len(), fps, kbit));
                LINE_IS_UP.store(true, Ordering::Relaxed);
            }
        }
        self.last = Some((now, sum));
    }

    /// Shows the last figures.
    pub fn finish(&self, streams: &[Figures], exit: u8) {
        if LINE_IS_UP.swap(false, Ordering::Relaxed) {
            eprint!("{WIPE}");
        }
        let sum = total(streams);
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let kbit = sum.bytes as f64 * 8.0 / 1000.0 / seconds;
        match self.show {
            Show::Json => {
                print_json(&self.line("final", Some(exit), &sum, sum.fps, kbit, streams));
            }
            Show::Progress | Show::Lines => {
                // At the end nothing is connected any more, and that is as it should be.
                let sum = Figures { connected: true, ..sum };
                eprintln!("{}", text(&sum, streams.len(), sum.fps, kbit));
            }
            Show::Nothing => {}
        }
        if self.summary && !matches!(self.show, Show::Json) {
            for figures in streams {
                let Figures { name, captured, encoded, sent, untouched, shared, dropped, .. } =
                    figures;
                eprintln!(
                    "{name}: captured {captured}, encoded {encoded}, sent {sent} (untouched \
                     {untouched}, in shared memory {shared}); dropped: {} for newer ones, {} for the rate, {} failed, {} lost",
                    dropped.newer, dropped.rate, dropped.failed, dropped.lost
                );
            }
        }
    }

    fn line<'a>(
        &self,
        event: &'static str,
        exit: Option<u8>,
        sum: &Figures,
        fps: f64,
        kbit: f64,
        streams: &'a [Figures],
    ) -> Line<'a> {
        let rounded = |value: f64| (value * 100.0).round() / 100.0;
        Line {
            event,
            exit,
            seconds: rounded(self.started.elapsed().as_secs_f64()),
            connected: sum.connected,
            captured: sum.captured,
            encoded: sum.encoded,
            sent: sum.sent,
            untouched: sum.untouched,
            shared: sum.shared,
            dropped: sum.dropped,
            bytes: sum.bytes,
            fps: rounded(fps),
            kbit_per_second: rounded(kbit),
            streams,
        }
    }
}

fn print_json(line: &Line<'_>) {
    if let Ok(text) = serde_json::to_string(line) {
        // Whoever read the statistics may have left; that is no reason to stop sending.
        let _ = writeln!(std::io::stdout(), "{text}");
    }
}

fn text(sum: &Figures, streams: usize, fps: f64, kbit: f64) -> String {
    let what = if streams == 1 { String::new() } else { format!("{streams} streams, ") };
    let rate = if kbit >= 1000.0 {
        format!("{:.1} Mbit/s", kbit / 1000.0)
    } else {
        format!("{kbit:.0} kbit/s")
    };
    let away = if sum.connected || sum.connections == 0 { "" } else { ", not connected" };
    format!(
        "{what}{} frames, {fps:.1} fps, {rate}, {} dropped{away}",
        sum.sent,
        sum.dropped.total()
    )
}
