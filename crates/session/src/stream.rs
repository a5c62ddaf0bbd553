//! One stream: from the frames the network puts in to the pictures its views take.
//!
//! In: encoded frames. Out: the newest picture, published to the views (`view.rs`). The way is
//!
//! ```text
//! submit -> encoded slot -> decoder -> latest picture -> View::take
//!       \-> look-back -> decoder, for a view that plays the past
//! ```
//!
//! and a frame moves on only when the place before it is free: what nobody will see is not
//! decoded. One decoder at a time works for a stream, so pictures keep their order. Never
//! waits: locks are held for as long as it takes to move pointers.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::Sender;
use okno_media::{DecodeError, Decoder, EncodedFrame, Picture, Put, Raw, Recycler, Slot, clock};

use crate::history::{History, HistoryLimits, Kept, Tap};
use crate::info::Info;
use crate::liveness::{Liveness, State};
use crate::stages::{Percentiles, STAGES, StageWindow};
use crate::view::{Display, PastFrame, ViewState, Wake};

/// Names a stream for as long as the program runs; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// What was counted since the stream began. A frame that was received is decoded, invalid,
/// superseded, or still waiting.
#[derive(Debug, Default)]
pub struct Counters {
    /// Frames received completely.
    pub received: AtomicU64,
    /// Bytes of these frames' pictures.
    pub bytes: AtomicU64,
    /// Frames decoded.
    pub decoded: AtomicU64,
    /// Frames that were on the screen.
    pub shown: AtomicU64,
    /// Frames that could not be decoded.
    pub invalid: AtomicU64,
    /// Frames that a newer one replaced before a decoder was free.
    pub superseded: AtomicU64,
    /// Frames that a newer one replaced while the stream was not visible.
    pub hidden: AtomicU64,
    /// Decoded frames that no view took in time.
    pub unshown: AtomicU64,
}

/// A stream's state at one moment, for the window and the statistics.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The stream.
    pub id: StreamId,
    /// See [`Info`].
    pub info: Info,
    /// Whether it is live.
    pub state: State,
    /// Seconds since the last frame; `None` before the first.
    pub quiet_seconds: Option<f64>,
    /// See [`Counters`].
    pub received: u64,
    /// See [`Counters`].
    pub bytes: u64,
    /// See [`Counters`].
    pub decoded: u64,
    /// See [`Counters`].
    pub shown: u64,
    /// See [`Counters`].
    pub invalid: u64,
    /// Received frames that were replaced before they were shown, for whatever cause.
    pub dropped: u64,
    /// Of `dropped`, those that came while the stream was not visible.
    pub hidden: u64,
    /// From capture to the screen, in milliseconds.
    pub latency: Option<Percentiles>,
    /// The same for each of [`STAGES`].
    pub stages: [Option<Percentiles>; STAGES.len()],
    /// Sent without an encoding of the sender's own.
    pub untouched: bool,
    /// The look-back.
    pub kept: Kept,
    /// Frames come uncompressed through memory that the sender shares.
    pub shared_memory: bool,
}

/// Larger than any picture: a sender that is told this scales nothing.
pub const FULL_SIZE: (u32, u32) = (65_535, 65_535);

/// One stream. Shared by the network, the decoders and the window.
pub struct Stream {
    id: StreamId,
    /// What was counted.
    pub counters: Counters,
    info: Mutex<Info>,
    liveness: Mutex<Liveness>,
    pub(crate) stages: Mutex<StageWindow>,
    encoded: Slot<EncodedFrame>,
    pub(crate) history: Mutex<History>,
    pub(crate) limits: Arc<HistoryLimits>,
    /// Someone records: frames are wanted in full size.
    recorded: AtomicBool,
    /// Someone wants to go back in it.
    replayable: AtomicBool,
    pub(crate) display: Mutex<Display>,
    pictures: Mutex<Recycler<Picture>>,
    untouched: AtomicBool,
    shared_memory: AtomicBool,
    /// Frames a second; 0 is no limit.
    rate_limit: AtomicU32,
    /// In the decoders' queue or in a decoder's hands.
    scheduled: AtomicBool,
    /// The picture on the screen is too coarse for the size at which it is shown by now.
    pub(crate) again: AtomicBool,
    jobs: Sender<Arc<Stream>>,
    /// Tells the connection that the slot was emptied or the view changed.
    on_demand: Mutex<Option<Wake>>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Stream {
    /// A stream without a connection yet. `jobs` is the decoders' queue, `limits` bounds the
    /// look-back.
    pub(crate) fn new(id: StreamId, jobs: Sender<Arc<Self>>, limits: Arc<HistoryLimits>) -> Self {
        Self {
            id,
            counters: Counters::default(),
            info: Mutex::default(),
            liveness: Mutex::default(),
            stages: Mutex::default(),
            encoded: Slot::default(),
            history: Mutex::default(),
            limits,
            recorded: AtomicBool::new(false),
            replayable: AtomicBool::new(false),
            display: Mutex::default(),
            pictures: Mutex::default(),
            untouched: AtomicBool::new(false),
            shared_memory: AtomicBool::new(false),
            rate_limit: AtomicU32::new(0),
            scheduled: AtomicBool::new(false),
            again: AtomicBool::new(false),
            jobs,
            on_demand: Mutex::default(),
        }
    }

    /// The stream's name among all streams.
    #[must_use]
    pub const fn id(&self) -> StreamId {
        self.id
    }

    /// What is known of the stream.
    #[must_use]
    pub fn info(&self) -> Info {
        lock(&self.info).clone()
    }

    pub(crate) fn connected(&self, info: Info) {
        lock(&self.liveness).connected(info.frame_rate);
        *lock(&self.info) = info;
    }

    pub(crate) fn disconnected(&self, why: &str) {
        lock(&self.liveness).disconnected();
        why.clone_into(&mut lock(&self.info).note);
        *lock(&self.on_demand) = None;
    }

    /// Sets what is called when the sender may be told something new: a frame left the slot, or
    /// a view's size changed. Called from any thread.
    pub fn on_demand(&self, wake: Wake) {
        *lock(&self.on_demand) = Some(wake);
    }

    /// Whether frames come through shared memory.
    pub fn set_shared_memory(&self, shared: bool) {
        self.shared_memory.store(shared, Ordering::Relaxed);
    }

    /// Frames a second that are wanted at most; 0: as many as there are. The sender is told.
    pub fn limit_rate(&self, rate: u32) {
        if self.rate_limit.swap(rate, Ordering::Relaxed) != rate {
            self.demand_changed();
        }
    }

    /// See [`Stream::limit_rate`].
    #[must_use]
    pub fn rate_limit(&self) -> u32 {
        self.rate_limit.load(Ordering::Relaxed)
    }

    /// Takes the newest frame as it was received, in place of a decoder: for those who pass
    /// frames on. The job is done by this; the next frame is queued again.
    #[must_use]
    pub fn take_encoded(self: &Arc<Self>) -> Option<EncodedFrame> {
        let frame = self.encoded.take();
        if frame.is_some() {
            self.demand_changed();
        }
        self.scheduled.store(false, Ordering::Release);
        self.schedule();
        frame
    }

    /// Whether the sender encoded nothing itself, as it says.
    pub fn set_untouched(&self, untouched: bool) {
        self.untouched.store(untouched, Ordering::Relaxed);
    }

    /// A frame was received; its number is filled in here.
    pub fn submit(self: &Arc<Self>, mut frame: EncodedFrame) {
        self.receive(&mut frame);
        if self.encoded.put(frame) == Put::Replaced {
            self.count_replaced();
        }
        self.schedule();
    }

    /// A frame was received, and a newer one with it: it goes no further than the look-back.
    pub fn pass_over(&self, frame: &EncodedFrame) {
        self.receive(&mut frame.clone());
        self.count_replaced();
    }

    /// Counts a frame, gives it its number, and keeps it.
    fn receive(&self, frame: &mut EncodedFrame) {
        lock(&self.liveness).frame(frame.stamps.received);
        self.counters.bytes.fetch_add(frame.jpeg().len() as u64, Ordering::Relaxed);
        frame.number = self.counters.received.fetch_add(1, Ordering::Relaxed) + 1;
        // What is said and shown in a call is not kept.
        if !lock(&self.info).hidden {
            lock(&self.history).push(frame, &self.limits);
        }
    }

    fn count_replaced(&self) {
        let counter =
            if self.is_live() { &self.counters.superseded } else { &self.counters.hidden };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a received frame waits for a decoder, or for somebody to look.
    #[must_use]
    pub fn holds_frame(&self) -> bool {
        self.encoded.is_filled()
    }

    /// Whether a received frame waits for a decoder. A sender that asks for credit gets it when
    /// this is not so, or nobody looks.
    #[must_use]
    pub fn has_backlog(&self) -> bool {
        self.holds_frame() && self.is_live()
    }

    /// The largest size at which the stream is wanted, in device pixels: that on the screen, or
    /// [`FULL_SIZE`] while it is recorded; zero when nobody wants it.
    #[must_use]
    pub fn shown_size(&self) -> (u32, u32) {
        if self.is_recorded() {
            return FULL_SIZE;
        }
        lock(&self.display).asked()
    }

    /// The expected time between frames, in nanoseconds.
    #[must_use]
    pub fn interval(&self) -> Option<u64> {
        lock(&self.liveness).interval()
    }

    /// The newest picture, for stills. Does not count as shown.
    #[must_use]
    pub fn still(&self) -> Option<Arc<Picture>> {
        lock(&self.display).latest.as_ref().map(|(picture, _)| Arc::clone(picture))
    }

    /// The compressed frame of the picture that is on the screen, the newest one if the stream
    /// is not on the screen; for snapshots.
    #[must_use]
    pub fn encoded_still(&self) -> Option<EncodedFrame> {
        let history = lock(&self.history);
        lock(&self.display).on_screen(&history)
    }

    /// Hands every frame from now on to `tap`, too, and gives the last `look_back` nanoseconds
    /// before. `None` if somebody records already.
    #[must_use]
    pub fn record(&self, tap: Tap, look_back: u64) -> Option<Vec<EncodedFrame>> {
        let mut history = lock(&self.history);
        if history.is_recording() {
            return None;
        }
        let past = history.record(tap, look_back);
        drop(history);
        self.recorded.store(true, Ordering::Relaxed);
        self.demand_changed();
        Some(past)
    }

    /// Ends what [`Stream::record`] began.
    pub fn stop_recording(&self) {
        lock(&self.history).stop_recording();
        self.recorded.store(false, Ordering::Relaxed);
        self.demand_changed();
    }

    /// Whether a recorder takes the stream's frames.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }

    /// Wants frames that can be kept from a sender on this machine, or no longer.
    pub fn set_replayable(&self, on: bool) {
        if self.replayable.swap(on, Ordering::Relaxed) != on {
            self.demand_changed();
        }
    }

    /// Whether frames without a JPEG are welcome. A recording and a look-back are made of JPEGs.
    #[must_use]
    pub fn takes_raw(&self) -> bool {
        let replayable = self.replayable.load(Ordering::Relaxed) && self.limits.keeps();
        let kept = (replayable || self.limits.keeps_local()) && !lock(&self.info).hidden;
        !(self.is_recorded() || kept)
    }

    /// Lets go what the look-back has too much, if its share became smaller since the last frame.
    pub(crate) fn trim_history(&self) {
        lock(&self.history).trim(&self.limits);
    }

    /// The state at one moment.
    #[must_use]
    pub fn figures(&self, now: u64) -> Figures {
        let (state, last) = {
            let liveness = lock(&self.liveness);
            (liveness.state(now), liveness.last_frame())
        };
        let (latency, stages) = {
            let stages = lock(&self.stages);
            (stages.whole(now), std::array::from_fn(|i| stages.stage(i, now)))
        };
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let c = &self.counters;
        Figures {
            id: self.id,
            info: self.info(),
            state,
            quiet_seconds: last.map(|last| now.saturating_sub(last) as f64 / 1e9),
            received: count(&c.received),
            bytes: count(&c.bytes),
            decoded: count(&c.decoded),
            shown: count(&c.shown),
            invalid: count(&c.invalid),
            dropped: count(&c.superseded) + count(&c.hidden) + count(&c.unshown),
            hidden: count(&c.hidden),
            latency,
            stages,
            untouched: self.untouched.load(Ordering::Relaxed),
            kept: lock(&self.history).kept(),
            shared_memory: self.shared_memory.load(Ordering::Relaxed),
        }
    }

    fn is_live(&self) -> bool {
        lock(&self.display).views.iter().any(ViewState::is_live)
    }

    /// Queues the stream for a decoder if there is something to decode and somebody waits for
    /// it, and it is not queued already.
    pub(crate) fn schedule(self: &Arc<Self>) {
        let display = lock(&self.display);
        let waits = self.has_job(&display) || display.wants_past();
        drop(display);
        if waits
            && !self.scheduled.swap(true, Ordering::AcqRel)
            && self.jobs.try_send(Arc::clone(self)).is_err()
        {
            // The decoders are gone: the program is ending.
            self.scheduled.store(false, Ordering::Release);
        }
    }

    /// Whether there is a frame of the present to decode, and somebody who waits for it.
    fn has_job(&self, display: &Display) -> bool {
        let again = self.again.load(Ordering::Acquire);
        (again || self.encoded.is_filled()) && display.is_waiting(again)
    }

    /// Decodes what is waited for: frames of the past, and the newest. Called by one decoder at a
    /// time.
    pub(crate) fn decode_next(self: &Arc<Self>, decoder: &mut Decoder) {
        let mut display = lock(&self.display);
        let past = display.past_frame();
        let present = self.has_job(&display);
        drop(display);
        if let Some(past) = past {
            self.decode_past(decoder, past);
        }
        if present {
            self.decode_present(decoder);
        }
        self.scheduled.store(false, Ordering::Release);
        self.schedule();
    }

    fn decode_present(&self, decoder: &mut Decoder) {
        let again = self.again.swap(false, Ordering::AcqRel);
        let latest =
            || lock(&self.display).latest.as_ref().map(|(_, frame)| (frame.clone(), false));
        let frame = self.encoded.take().map(|frame| (frame, true));
        let Some((frame, is_new)) = frame.or_else(|| again.then(latest).flatten()) else { return };
        if is_new {
            self.demand_changed();
        }
        self.decode(decoder, frame, is_new);
    }

    fn decode_past(&self, decoder: &mut Decoder, past: PastFrame) {
        let mut picture = lock(&self.pictures).acquire();
        let Some(pixels) = Arc::get_mut(&mut picture) else { return };
        // A frame that is broken was reported when it was new.
        if past.frame.decode(decoder, past.wanted, pixels).is_ok() {
            pixels.number = past.frame.number;
            pixels.stamps = past.frame.stamps;
            (pixels.source_width, pixels.source_height) =
                lock(&self.info).source_of(pixels.full_width, pixels.full_height);
            lock(&self.pictures).keep(&picture);
            lock(&self.display).publish_past(past.view, picture);
        }
    }

    fn decode(&self, decoder: &mut Decoder, mut frame: EncodedFrame, is_new: bool) {
        let wanted = lock(&self.display).wanted();
        frame.stamps.taken = clock::now_ns();
        let mut picture = lock(&self.pictures).acquire();
        let Some(pixels) = Arc::get_mut(&mut picture) else { return };
        match frame.decode(decoder, wanted, pixels) {
            Ok(()) => {
                frame.stamps.decoded = clock::now_ns();
                pixels.number = frame.number;
                pixels.stamps = frame.stamps;
                if is_new {
                    self.counters.decoded.fetch_add(1, Ordering::Relaxed);
                }
                self.publish(picture, frame);
            }
            Err(DecodeError::Overwritten) => {
                // A newer frame is in its place, or on its way.
                self.count_replaced();
                lock(&self.pictures).keep(&picture);
            }
            Err(error) => {
                self.counters.invalid.fetch_add(1, Ordering::Relaxed);
                lock(&self.pictures).keep(&picture);
                let mut info = lock(&self.info);
                log::warn!("{} ({}): frame {}: {error}", info.name, info.peer, frame.number);
                info.note = format!("frame {}: {error}", frame.number);
            }
        }
    }

    fn publish(&self, mut picture: Arc<Picture>, mut frame: EncodedFrame) {
        let source = lock(&self.info).sent(picture.full_width, picture.full_height);
        let mut display = lock(&self.display);
        display.version += 1;
        if let Some(pixels) = Arc::get_mut(&mut picture) {
            pixels.version = display.version;
            (pixels.source_width, pixels.source_height) = source;
        }
        lock(&self.pictures).keep(&picture);
        if let Some(raw) = &mut frame.raw {
            *raw = Raw::Picture(Arc::clone(&picture));
        }
        let before = display.latest.replace((picture, frame));
        if before.is_some_and(|(old, new)| display.shown < old.number && old.number < new.number) {
            self.counters.unshown.fetch_add(1, Ordering::Relaxed);
        }
        for view in display.views.iter().filter(|view| view.is_live()) {
            (view.wake)();
        }
    }

    pub(crate) fn demand_changed(&self) {
        if let Some(wake) = lock(&self.on_demand).as_ref() {
            wake();
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half-written where a panic could tear it: every change is one assignment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
