//! What was measured, as Markdown.
//!
//! In: rows. Out: text. Rounds, explains, and judges nothing.

use std::fmt::Write as _;

use crate::Subject;

/// One measurement.
pub struct Row {
    pub subject: Subject,
    pub pairs: usize,
    /// Processor time of the relay in parts of one core.
    pub core: f64,
    /// Bytes for each pair.
    pub memory: usize,
    /// Delays in microseconds, sorted.
    pub audio: Vec<u32>,
    pub video: Vec<u32>,
    /// Callers times seconds: 50 audio packets and 30 frames were to come for each.
    pub expected: f64,
}

fn percentile(sorted: &[u32], part: f64) -> f64 {
    let at = (sorted.len() as f64 * part) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0).into()
}

fn arrived(row: &Row) -> f64 {
    100.0 * (row.audio.len() + row.video.len()) as f64 / (80.0 * row.expected)
}

/// The whole page.
pub fn markdown(rows: &[Row], seconds: f64, cores: usize, note: &str) -> String {
    let mut text = String::new();
    let direct = rows.iter().find(|row| row.subject == Subject::Direct);
    let base = direct.map_or(0.0, |row| percentile(&row.audio, 0.99));
    // Writing into a String can't fail.
    let _ = write!(
        text,
        "# Benchmark of the relay\n\n\
         Written by `relay-bench` (`bench/relay`); run it again with\n\
         `cargo run --release -p okno-relay --example relay-bench -- --out docs/benchmarks-relay.md`.\n\n\
         Pairs of callers over loopback, each caller sending 50 audio packets of 128 bytes and 30\n\
         frames of 6,250 bytes (1.5 Mbit/s) a second, {seconds} s after one of warming up. The relay runs on\n\
         core 0 with one thread, all callers in one thread on core 1 of {cores}. `fork` is a C++ relay\n\
         with a process for each pair, written like the original for this comparison; it has no\n\
         encryption, no limits and drops nothing. `direct` has no relay: what it shows is the delay\n\
         of the load generator, which the others contain too. {note}\n\n\
         | relay | pairs | arrived | core used | pairs a core | memory a pair | audio p50 | audio p99 | added p99 | video p99 |\n\
         |---|---|---|---|---|---|---|---|---|---|\n"
    );
    for row in rows {
        let name = match row.subject {
            Subject::Direct => "direct",
            Subject::Tls => "okno-relay, TLS",
            Subject::Plain => "okno-relay, plain",
            Subject::Classic => "okno-relay --classic",
            Subject::Fork => "fork",
        };
        let (p50, p99) = (percentile(&row.audio, 0.5) / 1e3, percentile(&row.audio, 0.99) / 1e3);
        let video = percentile(&row.video, 0.99) / 1e3;
        let _ = write!(text, "| {name} | {} | {:.1} % | ", row.pairs, arrived(row));
        if row.subject == Subject::Direct {
            let _ = write!(text, "- | - | - | {p50:.1} ms | {p99:.1} ms | - | ");
        } else {
            let _ = write!(
                text,
                "{:.0} % | {:.0} | {} KiB | {p50:.1} ms | {p99:.1} ms | {:.1} ms | ",
                row.core * 100.0,
                row.pairs as f64 / row.core.max(1e-3),
                row.memory / 1024,
                p99 - base / 1e3
            );
        }
        let _ = writeln!(text, "{video:.1} ms |");
    }
    text += "\n`core used` is processor time of the relay, user and system, in parts of a core; `pairs a\n\
             core` is what a whole core would carry at that cost, and not a number that was run. Memory\n\
             is the growth of what the relay and its children hold (PSS), without the kernel's buffers.\n\
             `added p99` is the 99th percentile of the audio's delay less that of `direct`.\n\
             Where less than 99 % arrived, or the median is tens of milliseconds while the relay's core is\n\
             mostly idle, the load generator was the bottleneck: it does the TLS of all callers on what it\n\
             gets of one core. Such a row says nothing about the relay's delay or its capacity.\n";
    text
}
