//! Wires everything and joins every thread.
//!
//! In: what the user asked for. Out: the exit code, or a failure with its line. For each stream
//! there is a capture thread and a link thread; all streams share the workers. This thread
//! waits for their word, draws the preview and has the figures shown.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use okno_media::clock;
use okno_wire::Format;
use okno_wire::okno::VERSION;
use okno_wire::proto::okno::Hello;

use crate::capture::Capture;
use crate::cli::Cli;
use crate::encode::{self, Bell, Recipe};
use crate::exit::{Code, Failure};
use crate::lane::Lane;
use crate::link::wake::Waker;
use crate::link::{self, Link, Plan};
use crate::names;
use crate::preview::{self, Preview};
use crate::report::Reporter;
use crate::source::{Info, Wanted};
use crate::stats::{Figures, Stats};
use crate::stop::{Reason, Stop};
use crate::transform::Transform;
use crate::values::Codec;

/// How often the main thread looks up while a window is open: often enough for 60 a second.
const PREVIEW_TICK: Duration = Duration::from_millis(10);

/// How long threads may take to end after the word to stop. What hangs in a camera driver or a
/// name look-up can't be interrupted; the process then ends without it.
const END_GRACE: Duration = Duration::from_millis(850);

/// They have at least this, when the word came long ago.
const LEAST_GRACE: Duration = Duration::from_millis(100);

/// What threads tell the main thread.
#[derive(Debug)]
pub enum Event {
    /// A source is open.
    Opened(usize, Info),
    /// A capture thread ended.
    Captured(usize, Result<(), Failure>),
    /// A link ended.
    Linked(usize, Result<(), Failure>),
    /// A thread can't go on for a reason that is no stream's fault.
    Broken(String),
}

/// Tells the main thread, which would wait for ever, when a thread ends by a panic.
struct Alarm(Sender<Event>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let line = "a thread of this program failed; please report the lines above";
            let _ = self.0.send(Event::Broken(line.into()));
        }
    }
}

struct Stream {
    input: String,
    name: String,
    lane: Arc<Lane>,
    waker: Arc<Waker>,
    preview: Option<Arc<Preview>>,
}

impl Stream {
    fn figures(&self) -> Figures {
        self.lane.stats.figures(&self.name, &names::short_source(&self.input))
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The exit code.
    pub code: Code,
    /// Every thread has ended and was joined.
    pub joined: bool,
}

/// Sends until the end.
///
/// # Errors
/// With the exit code and the line for the user.
pub fn run(cli: &Cli, stop: &Stop) -> Result<Ending, Failure> {
    let (events_in, events) = unbounded();
    let bell = Arc::new(Bell::default());
    let streams = make_streams(cli, &bell)?;
    let mut reporter = Reporter::new(cli);
    let mut run = Run { cli, stop, streams, events, threads: Vec::new(), worst: None };
    let outcome = run
        .start(&events_in, &bell)
        .and_then(|started| if started { run.watch(&mut reporter) } else { Ok(()) });
    // Whatever happened, everything ends now.
    stop.ask(Reason::Failed);
    bell.close();
    let joined = run.join();
    run.note_the_rest();
    let figures: Vec<_> = run
        .streams
        .iter()
        .map(|stream| {
            stream.lane.clear();
            stream.figures()
        })
        .collect();
    let result = outcome.and_then(|()| run.worst.take().map_or(Ok(()), Err));
    let code = match (&result, stop.reason()) {
        (_, Some(Reason::Interrupt)) => Code::Interrupted,
        (_, Some(Reason::Terminate)) => Code::Terminated,
        (Err(failure), _) => failure.code,
        (Ok(()), _) => Code::Done,
    };
    reporter.finish(&figures, code as u8);
    match result {
        Err(failure) if failure.code == code => Err(failure),
        _ => Ok(Ending { code, joined }),
    }
}

fn make_streams(cli: &Cli, bell: &Arc<Bell>) -> Result<Vec<Stream>, Failure> {
    let preview = cli.preview && preview::obstacle().is_none();
    if let Some(obstacle) = preview::obstacle().filter(|_| cli.preview) {
        log::warn!("no preview: {obstacle}; sending goes on without");
    }
    let names = names::stream_names(&cli.input, &cli.name, &names::host_name());
    cli.input
        .iter()
        .zip(names)
        .map(|(input, name)| {
            let waker = Waker::new().map_err(|e| Failure::new(Code::Unexpected, e.to_string()))?;
            let waker = Arc::new(waker);
            let stats = Arc::new(Stats::default());
            let lane = Arc::new(Lane::new(stats, Arc::clone(bell), Arc::clone(&waker)));
            let preview = preview.then(Arc::default);
            Ok(Stream { input: input.clone(), name, lane, waker, preview })
        })
        .collect()
}

struct Run<'a> {
    cli: &'a Cli,
    stop: &'a Stop,
    streams: Vec<Stream>,
    events: Receiver<Event>,
    threads: Vec<JoinHandle<()>>,
    worst: Option<Failure>,
}

impl Run<'_> {
    /// Opens every source, then starts the workers and links; `false` when asked to stop before.
    fn start(&mut self, events: &Sender<Event>, bell: &Arc<Bell>) -> Result<bool, Failure> {
        for index in 0..self.streams.len() {
            let capture = self.capture(index, events);
            let events = events.clone();
            self.spawn("capture", &events.clone(), move || {
                let ended = capture.run();
                let _ = events.send(Event::Captured(index, ended));
            })?;
        }
        let Some(infos) = self.await_sources()? else { return Ok(false) };
        let transform = transform(self.cli);
        let workers = workers();
        self.start_workers(workers, transform, events, bell)?;
        let plan = Arc::new(Plan {
            to: self.cli.to.clone(),
            format: self.cli.wire,
            timeout: self.cli.timeout,
            retry: self.cli.retry,
            retry_delay: self.cli.retry_delay,
            fixed: self.cli.fixed,
            shared_memory: shares_memory(self.cli),
            workers: workers as u64,
        });
        for (index, info) in infos.into_iter().enumerate() {
            let link = self.link(index, info, &transform, &plan)?;
            let events = events.clone();
            self.spawn("link", &events.clone(), move || {
                let ended = link::run(&link);
                let _ = events.send(Event::Linked(index, ended));
            })?;
        }
        Ok(true)
    }

    fn capture(&self, index: usize, events: &Sender<Event>) -> Capture {
        let (cli, stream) = (self.cli, &self.streams[index]);
        let wanted = Wanted {
            size: cli.resolution,
            fps: cli.fps.filter(|fps| *fps > 0.0),
            compressed: transform(cli).is_identity(),
            timeout: cli.timeout,
        };
        Capture {
            index,
            input: stream.input.clone(),
            wanted,
            fps: cli.fps,
            repeat: cli.repeat,
            frames: cli.frames,
            fixed: cli.fixed,
            retry: cli.retry,
            retry_delay: cli.retry_delay,
            lane: Arc::clone(&stream.lane),
            preview: stream.preview.clone(),
            stop: self.stop.clone(),
            events: events.clone(),
        }
    }

    /// Waits until every source is open: what can't be shown shall not connect.
    fn await_sources(&self) -> Result<Option<Vec<Info>>, Failure> {
        let mut infos = vec![None; self.streams.len()];
        while infos.contains(&None) {
            match self.events.recv_timeout(Duration::from_millis(50)) {
                Ok(Event::Opened(index, info)) => infos[index] = Some(info),
                Ok(Event::Captured(_, Err(failure))) => return Err(failure),
                Ok(Event::Broken(reason)) => return Err(Failure::new(Code::Unexpected, reason)),
                Ok(_) => {}
                Err(_) if self.stop.is_asked() => return Ok(None),
                Err(_) => {}
            }
        }
        Ok(infos.into_iter().collect())
    }

    fn start_workers(
        &mut self,
        workers: usize,
        transform: Transform,
        events: &Sender<Event>,
        bell: &Arc<Bell>,
    ) -> Result<(), Failure> {
        let recipe = Recipe { quality: self.cli.quality, transform, fixed: self.cli.fixed };
        let lanes: Vec<_> = self.streams.iter().map(|s| Arc::clone(&s.lane)).collect();
        for _ in 0..workers {
            let (lanes, bell, events) = (lanes.clone(), Arc::clone(bell), events.clone());
            self.spawn("encode", &events.clone(), move || {
                if let Err(reason) = encode::work(&lanes, &recipe, &bell) {
                    let _ = events.send(Event::Broken(reason));
                }
            })?;
        }
        Ok(())
    }

    fn link(
        &self,
        index: usize,
        info: Info,
        transform: &Transform,
        plan: &Arc<Plan>,
    ) -> Result<Link, Failure> {
        let stream = &self.streams[index];
        let size = transform.output_size(info.size);
        let size = size.map_err(|e| Failure::new(Code::Usage, e))?;
        let frame_rate = match self.cli.fps {
            Some(fps) => fps,
            None => info.fps.unwrap_or(0.0),
        };
        let hello = Hello {
            version: VERSION,
            name: stream.name.clone(),
            source: names::short_source(&stream.input),
            width: size.width,
            height: size.height,
            frame_rate,
            software: concat!("opencv-sender ", env!("CARGO_PKG_VERSION")).into(),
            clock_domain: clock::domain(),
            shared_memory: shares_memory(self.cli),
        };
        Ok(Link {
            lane: Arc::clone(&stream.lane),
            waker: Arc::clone(&stream.waker),
            stop: self.stop.clone(),
            plan: Arc::clone(plan),
            hello,
        })
    }

    fn spawn(
        &mut self,
        name: &str,
        events: &Sender<Event>,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<(), Failure> {
        let alarm = Alarm(events.clone());
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
            let _alarm = alarm;
            work();
        });
        let failed = |e| Failure::new(Code::Unexpected, format!("can't start a thread: {e}"));
        self.threads.push(thread.map_err(failed)?);
        Ok(())
    }

    /// Waits until every link has ended, and shows how it goes.
    fn watch(&mut self, reporter: &mut Reporter) -> Result<(), Failure> {
        let mut open = self.streams.len();
        let mut next_report = Instant::now() + Reporter::INTERVAL;
        while open > 0 {
            let wake = self.next_wake(next_report);
            match self.events.recv_deadline(wake) {
                Ok(Event::Linked(_, ended)) => {
                    open -= 1;
                    self.note(ended);
                }
                Ok(Event::Captured(_, ended)) => self.note(ended),
                Ok(Event::Broken(reason)) => return Err(Failure::new(Code::Unexpected, reason)),
                Ok(Event::Opened(..)) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.duration_end().is_some_and(|end| Instant::now() >= end) {
                self.stop.ask(Reason::Asked);
            }
            self.show_preview();
            if Instant::now() >= next_report {
                next_report += Reporter::INTERVAL;
                let figures: Vec<_> = self.streams.iter().map(Stream::figures).collect();
                reporter.tick(&figures);
            }
        }
        Ok(())
    }

    fn next_wake(&self, next_report: Instant) -> Instant {
        let preview = self.streams.iter().any(|s| s.preview.is_some());
        let preview = preview.then(|| Instant::now() + PREVIEW_TICK);
        let end = self.duration_end().filter(|_| !self.stop.is_asked());
        [preview, end].into_iter().flatten().fold(next_report, Instant::min)
    }

    /// When `--duration` is over, once a frame was captured.
    fn duration_end(&self) -> Option<Instant> {
        let duration = self.cli.duration?;
        let started = self.streams.iter().filter_map(|s| s.lane.stats.started.get()).min()?;
        Some(*started + duration)
    }

    fn show_preview(&mut self) {
        let previews: Vec<_> = self
            .streams
            .iter()
            .filter_map(|s| Some((s.name.clone(), Arc::clone(s.preview.as_ref()?))))
            .collect();
        if previews.is_empty() {
            return;
        }
        match preview::show(&previews, &transform(self.cli)) {
            Ok(false) => {}
            Ok(true) => self.stop.ask(Reason::Asked),
            Err(reason) => {
                log::warn!("no preview: {reason}; sending goes on without");
                self.streams.iter_mut().for_each(|s| s.preview = None);
            }
        }
    }

    /// Keeps the failure that decides about the exit code: the first of the highest.
    fn note(&mut self, ended: Result<(), Failure>) {
        let Err(failure) = ended else { return };
        if self.worst.as_ref().is_none_or(|worst| worst.code < failure.code) {
            if let Some(worst) = self.worst.replace(failure) {
                log::error!("{worst}");
            }
        } else {
            log::error!("{failure}");
        }
    }

    /// A capture thread closes its lane before it says how it ended, so the link may be first.
    fn note_the_rest(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            if let Event::Captured(_, ended) | Event::Linked(_, ended) = event {
                self.note(ended);
            }
        }
    }

    /// Joins every thread; `false` when one did not end in time.
    fn join(&mut self) -> bool {
        let now = Instant::now();
        let until = self.stop.asked_at().map_or(now, |at| at + END_GRACE).max(now + LEAST_GRACE);
        for thread in self.threads.drain(..) {
            while !thread.is_finished() {
                if Instant::now() >= until {
                    let name = thread.thread().name().unwrap_or("").to_owned();
                    log::debug!("the {name} thread hangs in the system; ending without it");
                    return false;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            // A panic has been told already, by the thread's alarm.
            let _ = thread.join();
        }
        true
    }
}

fn transform(cli: &Cli) -> Transform {
    Transform {
        crop: cli.crop,
        rotate: cli.rotate,
        flip: cli.flip,
        resize: cli.resize,
        fit: cli.fit,
    }
}

/// Encode threads: one a core. More would only take turns.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Only Okno's own viewers know about it.
fn shares_memory(cli: &Cli) -> bool {
    cli.codec == Codec::Auto && cli.wire == Format::Okno
}
