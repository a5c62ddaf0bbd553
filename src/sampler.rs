//! Samples figures a few times a second, on a thread of its own, so that neither the way of a
//! frame nor the UI thread has to.
//!
//! In: the hub. Out: rows for the list of streams, statistics for the window and for
//! `--stats-json`, and the end of the program after `--exit-after`. Never runs per frame.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use okno_media::clock;
use okno_session::{Figures, Hub, StreamId};

use crate::bridge::shell;
use crate::calling::Calling;
use crate::catalog::Catalogue;
use crate::cli::Options;
use crate::statistics;

/// Time between samples: often enough for a counter of seconds, seldom enough to cost nothing.
const PERIOD: Duration = Duration::from_millis(250);

/// A sample that comes so late says that this program stood still, or the whole computer slept.
const STOOD_STILL: Duration = Duration::from_secs(1);

/// Time over which rates are taken.
const RATE_SPAN: u64 = 1_000_000_000;

/// Time between lines of statistics.
const REPORT: Duration = Duration::from_secs(1);

/// One stream in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Everything that was counted.
    pub figures: Figures,
    /// Frames received per second.
    pub fps: f64,
    /// Bits received per second.
    pub bitrate: f64,
}

/// Takes rows to the list of streams; `false` when it is gone.
type RowSink = Box<dyn Fn(Vec<Row>) -> bool + Send>;
/// Takes statistics as JSON to the window; `false` when it is gone.
type StatisticsSink = Box<dyn Fn(String) -> bool + Send>;

/// Who wants figures.
#[derive(Default)]
pub struct Sinks {
    rows: Mutex<Vec<RowSink>>,
    statistics: Mutex<Vec<StatisticsSink>>,
}

impl Sinks {
    /// Rows go to `sink` from the next sample on.
    pub fn add_rows(&self, sink: RowSink) {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).push(sink);
    }

    /// Statistics go to `sink` from the next second on.
    pub fn add_statistics(&self, sink: StatisticsSink) {
        self.statistics.lock().unwrap_or_else(PoisonError::into_inner).push(sink);
    }
}

/// Owns the thread; dropping it ends and joins it.
pub struct Sampler {
    kick: Option<Sender<()>>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sampler {
    /// Starts sampling.
    ///
    /// # Errors
    /// When the file for the statistics can't be opened; a sentence for a person.
    pub fn start(
        hub: Arc<Hub>,
        sinks: Arc<Sinks>,
        catalog: Arc<Catalogue>,
        calling: Arc<Calling>,
        options: &Options,
    ) -> Result<Self, String> {
        // One kick is enough: it asks for the newest figures, whatever happened.
        let (kick, kicked) = bounded(1);
        let (stop, stopped) = bounded(0);
        let mut work = Work {
            hub,
            sinks,
            catalog,
            calling,
            rates: HashMap::new(),
            report: options.stats_json.as_deref().map(open_report).transpose()?,
            reported: Instant::now(),
            deadline: options.exit_after.map(|s| Instant::now() + Duration::from_secs_f64(s)),
        };
        let thread = std::thread::Builder::new()
            .name("sampler".into())
            .spawn(move || work.run(&kicked, &stopped))
            .map_err(|error| format!("no thread for the statistics: {error}"))?;
        Ok(Self { kick: Some(kick), stop: Some(stop), thread: Some(thread) })
    }

    /// What to send to when a sample should be taken at once.
    pub fn kick(&self) -> Sender<()> {
        // Present until drop.
        self.kick.clone().unwrap_or_else(|| bounded(1).0)
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        drop(self.stop.take());
        drop(self.kick.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the sampler ended by a panic; its message is above");
        }
    }
}

fn open_report(path: &Path) -> Result<BufWriter<Box<dyn std::io::Write + Send>>, String> {
    let out: Box<dyn std::io::Write + Send> = if path == Path::new("-") {
        Box::new(std::io::stdout())
    } else {
        Box::new(File::create(path).map_err(|error| {
            format!("the statistics can't be written to {}: {error}", path.display())
        })?)
    };
    Ok(BufWriter::new(out))
}

struct Work {
    hub: Arc<Hub>,
    sinks: Arc<Sinks>,
    catalog: Arc<Catalogue>,
    calling: Arc<Calling>,
    rates: HashMap<StreamId, VecDeque<(u64, u64, u64)>>,
    report: Option<BufWriter<Box<dyn std::io::Write + Send>>>,
    reported: Instant,
    deadline: Option<Instant>,
}

impl Work {
    fn run(&mut self, kicked: &Receiver<()>, stopped: &Receiver<()>) {
        let mut looked = Instant::now();
        loop {
            crossbeam_channel::select_biased! {
                recv(stopped) -> _ => break,
                recv(kicked) -> kick => if kick.is_err() { break },
                default(PERIOD) => {}
            }
            let pause = looked.elapsed();
            looked += pause;
            // Frames are on their way then: to call their streams stalled would be wrong, and
            // would dim pictures that are there long before the next sample.
            if pause < STOOD_STILL {
                self.sample();
            }
            if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                self.deadline = None;
                shell::quit(0);
            }
        }
        // The last word: what was counted until the end.
        self.write_report();
    }

    fn sample(&mut self) {
        let now = clock::now_ns();
        let figures = self.hub.figures(now);
        self.rates.retain(|id, _| figures.iter().any(|f| f.id == *id));
        let rows: Vec<Row> = figures.into_iter().map(|f| self.row(f, now)).collect();
        let mut sinks = self.sinks.rows.lock().unwrap_or_else(PoisonError::into_inner);
        sinks.retain(|sink| sink(rows.clone()));
        drop(sinks);
        if self.reported.elapsed() >= REPORT {
            self.reported += REPORT;
            let json = self.write_report();
            let mut sinks = self.sinks.statistics.lock().unwrap_or_else(PoisonError::into_inner);
            sinks.retain(|sink| sink(json.clone()));
        }
    }

    fn row(&mut self, figures: Figures, now: u64) -> Row {
        let history = self.rates.entry(figures.id).or_default();
        history.push_back((now, figures.received, figures.bytes));
        while history.len() > 2 && now - history[1].0 >= RATE_SPAN {
            history.pop_front();
        }
        let (then, received, bytes) = history[0];
        let seconds = (now - then) as f64 / 1e9;
        let rate = |new: u64, old: u64| {
            if seconds > 0.0 { new.saturating_sub(old) as f64 / seconds } else { 0.0 }
        };
        let fps = rate(figures.received, received);
        let bitrate = rate(figures.bytes, bytes) * 8.0;
        Row { figures, fps, bitrate }
    }

    fn write_report(&mut self) -> String {
        let streams = self.hub.figures(clock::now_ns());
        let catalog = self.catalog.figures(streams.iter().map(|f| f.info.name.as_str()));
        let json = statistics::json(&streams, catalog, self.calling.figures());
        if let Some(report) = &mut self.report {
            let written = writeln!(report, "{json}").and_then(|()| report.flush());
            if let Err(error) = written {
                log::error!("the statistics can't be written any more: {error}");
                self.report = None;
            }
        }
        json
    }
}
