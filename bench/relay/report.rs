//! What was measured, as Markdown.
//!
//! In: rows. Out: text. Rounds, explains, and judges nothing.

use std::fmt::Write as _;

use crate::run::Seen;
use crate::{Arguments, Subject};

/// One measurement.
pub struct Row {
    pub subject: Subject,
    pub pairs: usize,
    /// Processor time of the relay in parts of one core.
    pub core: f64,
    /// Bytes for each pair.
    pub memory: usize,
    /// Packets that were to arrive at those that look.
    pub planned: usize,
    pub seen: Seen,
}

fn percentile(sorted: &[u32], part: f64) -> f64 {
    let at = (sorted.len() as f64 * part) as usize;
    f64::from(sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)) / 1e3
}

/// The rows as a table.
fn table(rows: &[Row]) -> String {
    let direct = rows.iter().find(|row| row.subject == Subject::Direct);
    let base = direct.map_or(0.0, |row| percentile(&row.seen.audio, 0.99));
    let mut text = "| relay | pairs | arrived | relay's core | pairs a core | memory a pair | \
                    audio p50 | audio p99 | added p99 | video p99 | callers' core | late p99 |\n\
                    |---|---|---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for row in rows {
        let name = match row.subject {
            Subject::Direct => "direct",
            Subject::Tls => "okno-relay, TLS",
            Subject::Plain => "okno-relay, plain",
            Subject::Classic => "okno-relay --classic",
            Subject::Fork => "fork",
        };
        let seen = &row.seen;
        let (p50, p99) = (percentile(&seen.audio, 0.5), percentile(&seen.audio, 0.99));
        let arrived =
            100.0 * (seen.audio.len() + seen.video.len()) as f64 / row.planned.max(1) as f64;
        // Writing into a String can't fail.
        let _ = write!(text, "| {name} | {} | {arrived:.1} % | ", row.pairs);
        if row.subject == Subject::Direct {
            let _ = write!(text, "- | - | - | {p50:.2} ms | {p99:.2} ms | - | ");
        } else {
            let _ = write!(
                text,
                "{:.0} % | {:.0} | {} KiB | {p50:.2} ms | {p99:.2} ms | {:.2} ms | ",
                row.core * 100.0,
                row.pairs as f64 / row.core.max(1e-3),
                row.memory / 1024,
                p99 - base
            );
        }
        let (video, late) = (percentile(&seen.video, 0.99), percentile(&seen.lag, 0.99));
        let _ = writeln!(text, "{video:.2} ms | {:.0} % | {late:.2} ms |", seen.busy * 100.0);
    }
    text
}

/// How the kernel of this machine paces connections.
fn congestion_control() -> String {
    let name = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control");
    name.map_or_else(|_| "unknown".to_owned(), |name| name.trim().to_owned())
}

/// The whole page.
pub fn markdown(rows: &[Row], arguments: &Arguments) -> String {
    let Arguments { seconds, probes, note, .. } = arguments;
    let (table, control) = (table(rows), congestion_control());
    let note = if note.is_empty() { String::new() } else { format!("{note}\n\n") };
    format!(
        "# Benchmark of the relay\n\n\
         Written by `relay-bench` (`bench/relay`); run it again with\n\
         `cargo run --release -p okno-relay --example relay-bench -- --out docs/benchmarks-relay.md`.\n\n\
         Pairs of callers over loopback, each caller sending 50 audio packets of 128 bytes and 30\n\
         frames of 6,250 bytes (1.5 Mbit/s) a second, {seconds} s after one of warming up, at times of its\n\
         own that are the same in each run. The relay runs on core 0 with one thread. All callers share\n\
         one thread on core 1: it has made and sealed every byte before the run begins, writes each\n\
         packet by itself when it is due, and sleeps for at most 1 ms of 2 when it has nothing to do.\n\
         {probes} of the pairs decrypt what they get and say when it came; the others have the kernel throw\n\
         it away. Delays count from when a packet was due, so whatever the callers are late is in them. `direct` has no relay: it is the callers' own\n\
         share. `fork` is a C++ relay with a process for each pair, written like the original for this\n\
         comparison; it has no encryption, no limits and drops nothing. TCP congestion control: {control}.\n\n\
         {note}{table}\n\
         `arrived` is of the packets for the pairs that look. `relay's core` is processor time of the\n\
         relay, user and system, in parts of a core, while packets were sent; `pairs a core` is what a\n\
         whole core would carry at that cost, and not a number that was run. Memory is the growth of what\n\
         the relay and its children hold (PSS), without the kernel's buffers. `added p99` is the 99th\n\
         percentile of the audio's delay less that of `direct`. `callers' core` is the part of the time in\n\
         which the callers' thread had work, `late p99` how long after it was due it wrote a packet: where\n\
         these are near 100 % or near the delays, the callers were the limit and not the relay.\n"
    )
}
