//! The adaptive jitter buffer.
//!
//! In: numbered packets, at the moments they come: late, twice, in any order, in bursts, or not at
//! all. Out: 10 ms of sound every 10 ms. What is played keeps a distance of `target` behind the
//! earliest a packet could have come (see `delay`); that distance, `D`, decides everything:
//!
//! * `D` is a little off: the resampler runs up to 0.3 % faster or slower. This takes up the drift
//!   of the two clocks for good.
//! * `D` is off by more than [`STRETCH_NS`]: a period of the voice is taken out or repeated.
//! * `D` is off by more than [`JUMP_NS`]: jump.
//! * The packet that is due is missing: it is restored from the next one (forward error
//!   correction), else made up. Time goes on: there is no "stopped" state, so after an outage what
//!   comes fresh is played at its place, and what is old is simply late.
//!
//! Never: waits, reads a clock, plays what is older than `delay::MOST_NS` by this measure.

use crate::codec::Decoder;
use crate::playout::Playout;
use crate::playout::delay::{self, Delay, MOST_NS, PACKET_NS};
use crate::playout::slots::{Put, Slots};
use crate::playout::stretch;
use crate::regulator::{Regulator, relative};
use crate::resample::Resampler;
use crate::source::Frame;
use crate::status::Statistics;
use crate::{FRAME, PACKET, Packet, RATE};

/// Beyond this the resampler is too slow: at 0.3 % it moves 3 ms a second.
const STRETCH_NS: i64 = 15_000_000;
/// Beyond this above the target a cut after the other is heard as haste, so jump. Below
/// the half second that nothing may exceed.
const JUMP_NS: i64 = 200_000_000;
/// Steps between two cuts: with 10 ms a cut at most, sound runs at most 25 % faster.
const STEPS_BETWEEN: u32 = 4;
/// Packets that are made up in a row; then it sounds like a robot, and silence is better.
const CONCEALED: u32 = 5;
/// Samples over which sound comes out of silence: 5 ms.
const FADE: usize = 240;
/// Packets that come late, with none in time, before the stream counts as another one...
const LATE_PACKETS: u32 = 10;
/// ...if they came over at least this time, as evenly as a live stream does. A burst after an
/// outage is quicker than that, and is dropped instead.
const LATE_FOR_NS: i64 = 600_000_000;
const LATE_EVENLY_NS: i64 = 250_000_000;
/// Share of the newest packet in the loss figure: a memory of ten seconds.
const LOSS_SHARE: f32 = 1.0 / 500.0;
/// From this loss on (two packets in ten seconds) it is worth to wait for one packet more, because
/// the next packet restores the lost one; until there was none for half a minute.
const LOSSY: f32 = 0.003;
const LOSSLESS: f32 = 0.0002;

/// A stream that keeps coming, but late.
#[derive(Clone, Copy)]
struct LateRun {
    since_ns: i64,
    least: i64,
    most: i64,
    packets: u32,
}

/// The stream that is played.
struct Stream {
    slots: Slots,
    /// Number and capture time of the packet decoded last.
    stamp: Option<(u32, u64)>,
    /// Packets missing in a row.
    missing: u32,
}

/// See the head of the file.
pub(crate) struct Adaptive<D> {
    decoder: D,
    delay: Delay,
    stream: Option<Stream>,
    late_run: Option<LateRun>,
    /// Decoded, not yet played.
    samples: Vec<f32>,
    resampler: Resampler,
    regulator: Regulator,
    since_cut: u32,
    lossy: bool,
    figures: Statistics,
}

fn signed(ns: u64) -> i64 {
    i64::try_from(ns).unwrap_or(i64::MAX)
}

impl<D: Decoder> Adaptive<D> {
    pub(crate) fn new(decoder: D) -> Self {
        Self {
            decoder,
            delay: Delay::default(),
            stream: None,
            late_run: None,
            samples: Vec::with_capacity(8 * PACKET),
            resampler: Resampler::with_output(FRAME, RATE, RATE),
            regulator: Regulator::default(),
            since_cut: 0,
            lossy: false,
            figures: Statistics::default(),
        }
    }

    /// Begins at this packet; what was before is forgotten.
    fn restart(&mut self, packet: Packet, transit: i64, now_ns: i64) {
        self.delay = Delay::default();
        self.delay.feed(transit, now_ns);
        self.late_run = None;
        self.samples.clear();
        let mut slots = Slots::new(packet.sequence);
        slots.put(packet);
        self.stream = Some(Stream { slots, stamp: None, missing: CONCEALED });
    }

    /// Whether late packets are a stream of their own by now.
    fn is_another_stream(&mut self, transit: i64, now_ns: i64) -> bool {
        let run = self.late_run.get_or_insert(LateRun {
            since_ns: now_ns,
            least: transit,
            most: transit,
            packets: 0,
        });
        run.packets += 1;
        run.least = run.least.min(transit);
        run.most = run.most.max(transit);
        if run.most.saturating_sub(run.least) > LATE_EVENLY_NS {
            self.late_run = None;
            return false;
        }
        run.packets >= LATE_PACKETS && now_ns.saturating_sub(run.since_ns) >= LATE_FOR_NS
    }

    /// How much later than the base the next decoded packet would be played if it were now, or
    /// the next sample, if some are decoded. Zero without a stream.
    fn distance_ns(&self, now_ns: i64) -> i64 {
        let Some(stream) = &self.stream else { return 0 };
        let decoded_ns = self.samples.len() as i64 * 1_000_000_000 / i64::from(RATE);
        let head_ns = i64::from(stream.slots.next()) * PACKET_NS - decoded_ns;
        now_ns.saturating_sub(head_ns).saturating_sub(self.delay.base_ns())
    }

    /// Where the distance should be.
    fn target_ns(&self) -> i64 {
        let for_the_next = if self.lossy { PACKET_NS } else { 0 };
        (self.delay.target_ns() + for_the_next).min(MOST_NS)
    }

    /// Counts a packet that was there in its time, or was not.
    fn count_loss(&mut self, lost: bool) {
        let newest = if lost { 1.0 } else { 0.0 };
        self.figures.loss += LOSS_SHARE * (newest - self.figures.loss);
        self.lossy = self.figures.loss > if self.lossy { LOSSLESS } else { LOSSY };
    }

    /// Whether sound has begun: the first packet waits for its time like every other.
    fn begun(&self, now_ns: i64) -> bool {
        self.stream.as_ref().is_some_and(|stream| stream.stamp.is_some())
            || self.distance_ns(now_ns) >= self.target_ns()
    }

    /// Skips packets until the distance is right.
    fn jump(&mut self, now_ns: i64) {
        let target = self.target_ns();
        // The last 5 ms that are still played, fading.
        self.samples.truncate(FADE);
        fade(&mut self.samples, false);
        let excess = self.distance_ns(now_ns).saturating_sub(target);
        let Some(stream) = &mut self.stream else { return };
        let packets = excess / PACKET_NS;
        for _ in 0..packets.min(i64::from(crate::playout::slots::SLOTS)) {
            self.figures.late += u64::from(stream.slots.advance().is_some());
        }
        stream.missing = stream.missing.max(CONCEALED);
        self.figures.jumps += 1;
    }

    /// Decodes, restores or makes up the next 20 ms.
    fn fetch(&mut self, now_ns: i64) {
        let behind = self.distance_ns(now_ns).saturating_add(PACKET_NS / 2) < self.target_ns();
        let Some(stream) = &mut self.stream else { return };
        let mut pcm = [0.0; PACKET];
        let was_silent = stream.missing >= CONCEALED;
        if stream.slots.peek(0).is_some() {
            if let Some(packet) = stream.slots.advance() {
                self.decoder.decode(&packet.payload, &mut pcm);
                stream.stamp = Some((packet.sequence, packet.captured_ns));
            }
            stream.missing = 0;
            if was_silent {
                fade(&mut pcm[..FADE], true);
            }
            self.count_loss(false);
        } else {
            self.make_up(behind, &mut pcm);
        }
        self.samples.extend_from_slice(&pcm);
    }

    /// Fills in for the packet that is due and not here.
    fn make_up(&mut self, behind: bool, pcm: &mut [f32; PACKET]) {
        let Some(stream) = &mut self.stream else { return };
        let next = stream.slots.peek(1);
        // Deeper into the buffer without losing anything: the packet may still come.
        let hold = next.is_none() && behind && stream.missing < CONCEALED;
        stream.missing = stream.missing.saturating_add(1);
        if stream.missing > CONCEALED {
            self.figures.silent += 1;
        } else if next.is_some_and(|next| self.decoder.restore(&next.payload, pcm)) {
            self.figures.recovered += 1;
        } else {
            if next.is_none() {
                self.decoder.conceal(pcm);
            }
            self.figures.concealed += 1;
        }
        if stream.missing == CONCEALED {
            fade(pcm, false);
        }
        if !hold {
            let counts = stream.missing <= CONCEALED;
            stream.slots.advance();
            if counts {
                self.count_loss(true);
            }
        }
    }

    /// Comes nearer to the target: in one jump, by a cut, or by resampling.
    fn approach(&mut self, now_ns: i64) {
        let distance = self.distance_ns(now_ns);
        let error = distance.saturating_sub(self.target_ns());
        if error > JUMP_NS || distance > MOST_NS + STRETCH_NS {
            self.jump(now_ns);
            return;
        }
        self.since_cut += 1;
        if error.abs() > STRETCH_NS && self.since_cut >= STEPS_BETWEEN {
            self.cut(error, now_ns);
        }
        let error_ms = if error.abs() > 2 * STRETCH_NS { 0.0 } else { error as f64 / 1e6 };
        let ppm = self.regulator.step(error_ms, 0.01);
        self.resampler.set_relative(relative(ppm));
    }

    fn cut(&mut self, error: i64, now_ns: i64) {
        // Only where there is real sound to cut: what is made up comes out of nothing anyway.
        let more = |stream: &Stream| stream.missing == 0 && stream.slots.peek(0).is_some();
        while self.samples.len() < stretch::NEEDED + FRAME && self.stream.as_ref().is_some_and(more)
        {
            self.fetch(now_ns);
        }
        if self.stream.as_ref().is_none_or(|stream| stream.missing > 0) {
            return;
        }
        let force = error.abs() > JUMP_NS / 2;
        let cut = if error > 0 {
            stretch::shorten(&mut self.samples, force)
        } else {
            stretch::lengthen(&mut self.samples, force)
        };
        if cut > 0 {
            self.since_cut = 0;
            self.figures.stretched_ms += (cut * 1000 / RATE as usize) as u64;
        }
    }

    /// The decoder, for what a test's decoder counted.
    #[cfg(test)]
    pub(crate) fn decoder(&self) -> &D {
        &self.decoder
    }

    /// Samples that are decoded and wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.samples.len()
    }

    /// The sender's moment of the next sample.
    fn position(&self) -> Option<u64> {
        let stream = self.stream.as_ref().filter(|stream| stream.missing <= CONCEALED)?;
        let (sequence, captured_ns) = stream.stamp?;
        let decoded_ns = self.samples.len() as i64 * 1_000_000_000 / i64::from(RATE);
        let since = i64::from(stream.slots.next() - sequence) * PACKET_NS - decoded_ns;
        captured_ns.checked_add_signed(since)
    }
}

/// Up or down over the length of `samples`.
fn fade(samples: &mut [f32], rises: bool) {
    let length = samples.len() as f32;
    for (i, sample) in samples.iter_mut().enumerate() {
        let share = (i as f32 + 0.5) / length;
        *sample *= if rises { share } else { 1.0 - share };
    }
}

impl<D: Decoder> Playout for Adaptive<D> {
    fn receive(&mut self, packet: Packet, now_ns: u64) {
        self.figures.received += 1;
        if !self.decoder.accepts(&packet.payload) {
            self.figures.invalid += 1;
            return;
        }
        let transit = delay::transit(packet.sequence, now_ns);
        let now_ns = signed(now_ns);
        let Some(stream) = &mut self.stream else {
            return self.restart(packet, transit, now_ns);
        };
        let copy = packet.clone();
        match stream.slots.put(packet) {
            Put::Kept => {
                self.late_run = None;
                self.delay.feed(transit, now_ns);
            }
            Put::Duplicate => self.figures.duplicate += 1,
            Put::Late => {
                self.figures.late += 1;
                if self.is_another_stream(transit, now_ns) {
                    self.restart(copy, transit, now_ns);
                } else {
                    self.delay.feed(transit, now_ns);
                }
            }
            Put::FarAhead => self.restart(copy, transit, now_ns),
        }
    }

    fn play(&mut self, now_ns: u64, frame: &mut Frame) -> Option<u64> {
        let now_ns = signed(now_ns);
        if !self.begun(now_ns) {
            frame.fill(0.0);
            return None;
        }
        self.approach(now_ns);
        let needed = self.resampler.needed();
        while self.samples.len() < needed {
            self.fetch(now_ns);
        }
        let position = self.position();
        let distance = self.distance_ns(now_ns);
        self.resampler.fill(&self.samples[..needed], frame);
        self.samples.drain(..needed);
        self.figures.buffer_ms = distance as f32 / 1e6;
        position
    }

    fn figures(&self) -> Statistics {
        Statistics {
            target_ms: self.target_ns() as f32 / 1e6,
            jitter_ms: self.delay.jitter_ns() as f32 / 1e6,
            drift_ppm: self.regulator.drift_ppm() as f32,
            ..self.figures
        }
    }
}
