//! The capture thread: takes frames from a source as they come or are due, stamps them, and puts
//! them into the lane.
//!
//! In: a source. Out: stamped, counted frames, and at the end why there are no more. A live
//! source is drained all the time, connected or not, so that nothing old waits in the device.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use okno_media::clock;
use okno_wire::proto::okno::GoodbyeReason;

use crate::exit::{Code, Failure};
use crate::lane::{End, Lane};
use crate::link::retry::Retry;
use crate::pace::{Pacer, Patience, Thinner};
use crate::picture::Frame;
use crate::pipeline::Event;
use crate::preview::Preview;
use crate::source::{self, Info, Kind, Shot, Source, Wanted};
use crate::stop::Stop;

/// Rate of a file that doesn't say its own.
const USUAL_RATE: f64 = 25.0;

/// A rate that the viewer names is only obeyed where it is clearly below the stream's: a screen
/// of 59.94 Hz is no reason to thin out 60.
const RATE_MARGIN: f64 = 0.9;

/// What one capture thread is to do.
#[derive(Debug)]
pub struct Capture {
    /// Which stream this is.
    pub index: usize,
    /// What the user wrote.
    pub input: String,
    /// How to open it.
    pub wanted: Wanted,
    /// `--fps`: `None` the source's own, 0 as fast as possible.
    pub fps: Option<f64>,
    /// Begin again at the end.
    pub repeat: bool,
    /// End after so many.
    pub frames: Option<u64>,
    /// Never thin out for the viewer's sake.
    pub fixed: bool,
    /// For a source that went away.
    pub retry: Option<u32>,
    /// First pause then.
    pub retry_delay: Duration,
    /// Where the frames go.
    pub lane: Arc<Lane>,
    /// Where copies for the local window go.
    pub preview: Option<Arc<Preview>>,
    /// The word to stop.
    pub stop: Stop,
    /// Where to say that the source is open.
    pub events: Sender<Event>,
}

/// How frames are timed.
enum Timing {
    /// As they come, at most so many a second.
    AsTheyCome(Option<f64>),
    /// At an even rate that is kept here; what can wait for room has patience.
    Even(Pacer, Option<Patience>),
    /// One after the other; the source waits for the pipeline.
    Waiting,
}

impl Capture {
    /// Opens the source, feeds the lane, closes it.
    ///
    /// # Errors
    /// With exit code 3 when the source can't be opened or failed for good.
    pub fn run(mut self) -> Result<(), Failure> {
        let opened = source::open(&self.input, &self.wanted);
        let result = match opened {
            Ok(source) => {
                // The receiver is gone only when everything is being stopped.
                let _ = self.events.send(Event::Opened(self.index, source.info()));
                self.feed(source)
            }
            Err(reason) => {
                let failure = Failure::new(Code::Source, reason);
                Err(failure)
            }
        };
        let end = match &result {
            Ok(end) => end.clone(),
            Err(f) => End { reason: GoodbyeReason::GoodbyeSourceLost, text: f.reason.clone() },
        };
        self.lane.close(end);
        result.map(drop)
    }

    fn feed(&mut self, mut source: Box<dyn Source>) -> Result<End, Failure> {
        let info = source.info();
        if !self.await_viewer(&mut *source) {
            return Ok(stopped());
        }
        let mut timing = self.timing(&info);
        let mut thinner = Thinner::default();
        let mut retry = Retry::new(self.retry, self.retry_delay);
        let mut given = 0_u64;
        loop {
            if self.frames.is_some_and(|most| given >= most) {
                return Ok(end_of_input());
            }
            if self.is_over() || (waits_for_viewer(info.kind) && !self.await_connection()) {
                return Ok(stopped());
            }
            if let Timing::Even(pacer, _) = &timing
                && pacer.read_from().is_some_and(|from| self.stop.sleep_until(from))
            {
                return Ok(stopped());
            }
            let begun = Instant::now();
            let read = source.next(self.lane.mats.take());
            if let Timing::Even(pacer, _) = &mut timing {
                pacer.note_reading(begun.elapsed());
            }
            match read {
                Ok(Some(shot)) => {
                    if !self.deliver(shot, given, &mut timing, &mut thinner, info.fps) {
                        return Ok(stopped());
                    }
                    given += 1;
                }
                Ok(None) if self.repeat && given > 0 => source = self.reopen()?,
                Ok(None) => return Ok(end_of_input()),
                Err(reason) if info.kind.comes_back() => {
                    drop(source);
                    match self.reopen_patiently(&reason, &mut retry)? {
                        Some(again) => source = again,
                        None => return Ok(stopped()),
                    }
                }
                Err(reason) => return Err(Failure::new(Code::Source, reason)),
            }
        }
    }

    /// Waits for the viewer before the first frame counts. A live source is drained meanwhile.
    fn await_viewer(&self, source: &mut dyn Source) -> bool {
        let kind = source.info().kind;
        if !kind.is_live() || self.loses_nothing(kind) {
            return self.await_connection();
        }
        while !self.lane.is_connected() {
            if self.is_over() {
                return false;
            }
            if !source.skip().unwrap_or(false) {
                // It failed or ended: the loop that follows says so.
                return true;
            }
        }
        true
    }

    fn await_connection(&self) -> bool {
        self.lane.wait_connected(&self.stop)
    }

    fn is_over(&self) -> bool {
        self.stop.is_asked() || self.lane.is_closed()
    }

    /// `--fps 0`: the source waits for the pipeline. A camera can't.
    fn loses_nothing(&self, kind: Kind) -> bool {
        self.fps == Some(0.0) && kind != Kind::Camera
    }

    fn timing(&self, info: &Info) -> Timing {
        match (self.fps, info.kind) {
            (_, kind) if self.loses_nothing(kind) => Timing::Waiting,
            (Some(0.0), _) => Timing::AsTheyCome(None),
            (fps, kind) if kind.is_live() => Timing::AsTheyCome(fps),
            (fps, _) => {
                let fps = fps.or(info.fps).unwrap_or_else(|| {
                    log::info!("{} says no rate; playing {USUAL_RATE} a second", self.input);
                    USUAL_RATE
                });
                Timing::Even(
                    Pacer::new(fps),
                    (info.kind != Kind::TestCamera).then(Patience::default),
                )
            }
        }
    }

    /// Times, stamps, counts and hands on one frame; `false` when asked to stop meanwhile.
    fn deliver(
        &self,
        shot: Shot,
        sequence: u64,
        timing: &mut Timing,
        thinner: &mut Thinner,
        own_fps: Option<f64>,
    ) -> bool {
        let Shot { picture, mut taken_ns } = shot;
        let (mut most, mut late) = (None, Duration::ZERO);
        match timing {
            Timing::AsTheyCome(fps) => most = *fps,
            Timing::Even(pacer, _) => {
                let due = pacer.next(Instant::now());
                if self.stop.sleep_until(due) {
                    self.lane.mats.give(picture.into_mat());
                    return false;
                }
                late = Instant::now().saturating_duration_since(due);
                taken_ns = clock::now_ns();
            }
            Timing::Waiting => taken_ns = clock::now_ns(),
        }
        let now = Instant::now();
        let stats = &self.lane.stats;
        stats.started.get_or_init(|| now);
        stats.captured.fetch_add(1, Relaxed);
        if let Some(preview) = &self.preview {
            preview.offer(&picture);
        }
        let demanded = self.demanded_rate(timing, own_fps);
        let most = [most, demanded].into_iter().flatten().min_by(f64::total_cmp);
        if most.is_some_and(|fps| !thinner.wants(now, fps)) {
            stats.rate.fetch_add(1, Relaxed);
            self.lane.mats.give(picture.into_mat());
            return true;
        }
        let frame = Frame { picture, sequence, captured_ns: taken_ns };
        match timing {
            Timing::AsTheyCome(_) | Timing::Even(_, None) => {
                self.lane.offer(frame, Some(Duration::ZERO), &self.stop);
            }
            Timing::Even(_, Some(patience)) => {
                let offered = self.lane.offer(frame, Some(patience.now(late)), &self.stop);
                patience.note(offered.at_once, offered.dropped);
            }
            Timing::Waiting => {
                self.lane.offer(frame, None, &self.stop);
            }
        }
        true
    }

    /// The rate that the viewer can use, where it is clearly below the stream's own. As fast as
    /// possible is as fast as the viewer takes them anyway.
    fn demanded_rate(&self, timing: &Timing, own_fps: Option<f64>) -> Option<f64> {
        if self.fixed || matches!(timing, Timing::Waiting) {
            return None;
        }
        let own = self.fps.filter(|fps| *fps > 0.0).or(own_fps);
        let wanted = self.lane.demand().and_then(|demand| demand.rate())?;
        Some(wanted).filter(|wanted| own.is_none_or(|own| *wanted < own * RATE_MARGIN))
    }

    fn reopen(&self) -> Result<Box<dyn Source>, Failure> {
        source::open(&self.input, &self.wanted).map_err(|e| Failure::new(Code::Source, e))
    }

    /// Opens a source that went away, as often as is allowed; `None` when asked to stop.
    fn reopen_patiently(
        &self,
        reason: &str,
        retry: &mut Retry,
    ) -> Result<Option<Box<dyn Source>>, Failure> {
        let mut reason = reason.to_owned();
        loop {
            let now = Instant::now();
            let Some(pause) = retry.failed(now) else {
                return Err(Failure::new(Code::Source, format!("{reason}; gave up")));
            };
            if retry.is_news(&reason, now) {
                log::warn!("{reason}; trying again until it is back");
            }
            if self.stop.sleep(pause) || self.lane.is_closed() {
                return Ok(None);
            }
            match source::open(&self.input, &self.wanted) {
                Ok(source) => {
                    log::warn!("{} is back", self.input);
                    retry.up(Instant::now());
                    return Ok(Some(source));
                }
                Err(e) => reason = e,
            }
        }
    }
}

/// A file waits while the viewer is away; the test picture stands for a camera and goes on.
const fn waits_for_viewer(kind: Kind) -> bool {
    matches!(kind, Kind::File | Kind::Still)
}

fn end_of_input() -> End {
    End { reason: GoodbyeReason::GoodbyeEndOfInput, text: String::new() }
}

fn stopped() -> End {
    End { reason: GoodbyeReason::GoodbyeStopped, text: String::new() }
}
