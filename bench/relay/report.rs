//! What was measured, as Markdown.
//!
//! In: rows. Out: text. Rounds, explains, and judges nothing.

use std::fmt::Write as _;

use crate::run::Seen;
use crate::{Arguments, Failure, Subject};

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

/// What the kernel does with packets on this machine.
fn congestion() -> String {
    let name = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control");
    name.map_or_else(|_| "unknown".to_owned(), |name| name.trim().to_owned())
}

/// The whole page.
pub fn markdown(rows: &[Row], arguments: &Arguments) -> Result<String, Failure> {
    let cores = std::thread::available_parallelism()?;
    let Arguments { seconds, probes, note, .. } = arguments;
    let (table, congestion) = (table(rows), congestion());
    Ok(format!(
        "TODO {seconds} {probes} {note} {cores} {congestion}\n\n{table}"))
}
