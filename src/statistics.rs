//! The statistics as JSON: a documented contract (docs/statistics.md), to which fields may be
//! added and from which none is taken.
//!
//! In: figures. Out: one line of JSON.

use okno_session::{Figures, Percentiles, STAGES};
use serde::Serialize;

#[derive(Serialize)]
struct Report {
    streams: Vec<StreamReport>,
    /// User and system time of the process so far.
    cpu_seconds: f64,
    /// Memory of the process that is in RAM.
    rss_bytes: u64,
    renderer: String,
    /// Milliseconds of a clock that starts at an arbitrary moment and never steps.
    monotonic_ms: u64,
    /// `None` before the catalogue was asked for.
    catalog: Option<CatalogReport>,
    /// `None` while there is no call.
    call: Option<crate::calling::Figures>,
}

#[derive(Serialize)]
struct CatalogReport {
    state: &'static str,
    products: usize,
    cards: usize,
}

#[derive(Serialize)]
struct StreamReport {
    id: u64,
    name: String,
    peer: String,
    format: &'static str,
    width: u32,
    height: u32,
    sent_width: u32,
    sent_height: u32,
    received: u64,
    decoded: u64,
    shown: u64,
    dropped: u64,
    hidden: u64,
    invalid: u64,
    bytes: u64,
    state: &'static str,
    untouched: bool,
    shared_memory: bool,
    latency_ms: Option<Spread>,
    stages_ms: std::collections::BTreeMap<&'static str, Option<Spread>>,
    note: String,
    kept: KeptReport,
}

/// The look-back of a stream.
#[derive(Serialize)]
struct KeptReport {
    frames: u64,
    bytes: u64,
    evicted: u64,
}

#[derive(Serialize)]
struct Spread {
    mean: f64,
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

impl From<Percentiles> for Spread {
    fn from(p: Percentiles) -> Self {
        // Microseconds are as fine as it is measured.
        let round = |ms: f64| (ms * 1000.0).round() / 1000.0;
        Self {
            mean: round(p.mean),
            p50: round(p.p50),
            p95: round(p.p95),
            p99: round(p.p99),
            max: round(p.max),
        }
    }
}

/// One line with the figures of all streams and of the process.
pub fn json(
    streams: &[Figures],
    catalog: Option<crate::catalog::Figures>,
    call: Option<crate::calling::Figures>,
) -> String {
    let report = Report {
        streams: streams.iter().map(stream).collect(),
        cpu_seconds: cpu_seconds(),
        rss_bytes: rss_bytes(),
        renderer: crate::bridge::shell::renderer_name(),
        monotonic_ms: okno_media::clock::now_ns() / 1_000_000,
        call,
        catalog: catalog.map(|c| CatalogReport {
            state: c.state,
            products: c.products,
            cards: c.cards,
        }),
    };
    // Neither map keys nor numbers in it can fail to be written.
    serde_json::to_string(&report).unwrap_or_default()
}

fn stream(f: &Figures) -> StreamReport {
    let stages = STAGES.iter().zip(&f.stages).map(|(&name, p)| (name, p.map(Spread::from)));
    StreamReport {
        id: f.id.0,
        name: f.info.name.clone(),
        peer: f.info.peer.clone(),
        format: f.info.format.map_or("", okno_wire::Format::name),
        width: f.info.width,
        height: f.info.height,
        sent_width: f.info.sent_width,
        sent_height: f.info.sent_height,
        received: f.received,
        decoded: f.decoded,
        shown: f.shown,
        dropped: f.dropped,
        hidden: f.hidden,
        invalid: f.invalid,
        bytes: f.bytes,
        state: f.state.name(),
        untouched: f.untouched,
        shared_memory: f.shared_memory,
        latency_ms: f.latency.map(Spread::from),
        stages_ms: stages.collect(),
        note: f.info.note.clone(),
        kept: KeptReport { frames: f.kept.frames, bytes: f.kept.bytes, evicted: f.kept.evicted },
    }
}

/// User and system time of this process; source: proc(5), fields 14 and 15 of `stat`.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses and may hold anything.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

/// Resident memory of this process; source: proc(5), second field of `statm`.
fn rss_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|field| field.parse::<u64>().ok());
    pages.unwrap_or(0) * rustix::param::page_size() as u64
}
