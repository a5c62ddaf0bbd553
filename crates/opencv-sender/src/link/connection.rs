//! One connection to a viewer, from hello to goodbye.
//!
//! In: frames from the lane, the viewer's messages, the word to stop. Out: bytes, and how it
//! ended. Everything happens on the link's own thread, which sleeps in poll(2); it waits for
//! nobody longer than `--timeout`, nor longer than [`STOP_GRACE`] once asked to stop.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use okno_media::clock;
use okno_media::shared::Writer;
use okno_wire::Format;
use okno_wire::okno::{self, MAGIC};
use okno_wire::proto::okno::envelope::Message as Said;
use okno_wire::proto::okno::{
    ClockPing, ClockPong, Feedback, Goodbye, GoodbyeReason, SharedMemoryOffer,
};
use rustix::event::PollFlags;

use super::Link;
use super::adapt::{Adapt, Counted};
use super::flow::Flow;
use super::incoming::Incoming;
use super::memory;
use super::outgoing::Outgoing;
use super::socket::{Congestion, is_writable, measured, plain, poll, set_congestion, unconfirmed};
use crate::transform::Demand;
use crate::values::Size;

/// How long a stop waits for frames under way, the goodbye and its confirmation.
const STOP_GRACE: Duration = Duration::from_millis(500);

/// How long the end waits for the other side to close once its system has confirmed every byte
/// and it says nothing more. A viewer of Okno's format closes after the goodbye, and would find
/// a broken connection if it were still sending feedback for frames that it has yet to read.
const CLOSE_GRACE_OKNO: Duration = Duration::from_secs(3);

/// The same for other programs, which may never close.
const CLOSE_GRACE_OTHERS: Duration = Duration::from_millis(300);

/// How often is looked for lost packets.
const LOSSES: Duration = Duration::from_millis(250);

/// A way on which so many packets, and one of so many, were lost while it was empty loses them for
/// other reasons than that it is full.
const LOST: u32 = 3;
const LOSSY: u32 = 500;

/// From this round trip on, in microseconds, a frame's confirmation travels for a good part of the
/// time between two frames.
const LONG: u32 = 15_000;

/// Clock questions that wait for an answer; a viewer that asks faster than it reads loses the
/// oldest.
const MAX_PONGS: usize = 4;

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was sent and the goodbye said, or the word to stop came.
    Done,
    /// It broke; why.
    Lost(String),
}

/// Serves one connection to its end.
pub fn serve(link: &Link, stream: TcpStream) -> Outcome {
    let mut connection = Connection::new(link, stream);
    link.lane.set_connected(true);
    let outcome = connection.run().unwrap_or_else(Outcome::Lost);
    if let Some(unsent) = connection.outgoing.end() {
        link.lane.retire(unsent, false);
    }
    link.lane.set_connected(false);
    // Throws away what was begun for this connection.
    let _ = link.lane.fetch();
    outcome
}

struct Connection<'a> {
    link: &'a Link,
    stream: TcpStream,
    outgoing: Outgoing,
    incoming: Incoming,
    flow: Flow,
    pongs: VecDeque<(ClockPing, u64)>,
    /// The viewer will say nothing more.
    read_closed: bool,
    /// The viewer has shown the stream before, so 0x0 means hidden.
    was_shown: bool,
    said_goodbye: bool,
    /// Since when the viewer has taken nothing, if something waits for it.
    progress: Instant,
    stop_by: Option<Instant>,
    /// Handed over to a viewer on this machine.
    memory: Option<Arc<Writer>>,
    adapt: Adapt,
    /// When to look for lost packets, and whether there were too many.
    next_look: Instant,
    is_lossy: bool,
    /// Whether there was no queue at that look, and what had passed.
    was_short: bool,
    looked: Counted,
    /// Packets that were sent again, as of that look, and those of them that a full way did not lose.
    again: u32,
    lost: u32,
    /// What had passed when that was last looked at.
    counted: Counted,
}

impl<'a> Connection<'a> {
    fn new(link: &'a Link, stream: TcpStream) -> Self {
        let is_okno = link.plan.format == Format::Okno;
        let mut outgoing = Outgoing::new(link.plan.format);
        if is_okno {
            outgoing.begin_message(|out| {
                out.extend_from_slice(&MAGIC);
                okno::encode(Said::Hello(link.hello.clone()), out);
            });
        }
        Self {
            link,
            stream,
            outgoing,
            incoming: Incoming::default(),
            flow: Flow::new(is_okno, link.plan.workers),
            pongs: VecDeque::with_capacity(MAX_PONGS),
            read_closed: false,
            was_shown: false,
            said_goodbye: false,
            progress: Instant::now(),
            stop_by: None,
            memory: None,
            adapt: Adapt::default(),
            next_look: Instant::now(),
            is_lossy: false,
            was_short: false,
            looked: Counted::of(link),
            again: 0,
            lost: 0,
            counted: Counted::of(link),
        }
    }

    fn run(&mut self) -> Result<Outcome, String> {
        loop {
            let writable = self.pump()?;
            if self.said_goodbye && self.outgoing.is_idle() {
                return self.finish();
            }
            let now = Instant::now();
            let room = self.flow.room(writable && !self.is_stopping(), now);
            self.link.lane.set_limit(room);
            self.look_for_losses(now);
            self.adapt(now, writable);
            if self.stop_by.is_some_and(|by| now >= by) {
                return Ok(Outcome::Done);
            }
            let waits = !writable || (room == 0 && self.link.lane.is_closed());
            self.check_progress(waits, now)?;
            self.wait(writable, waits)?;
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop_by.is_some()
    }

    /// Writes as much as the socket takes; `true` when it would take more.
    fn pump(&mut self) -> Result<bool, String> {
        if self.stop_by.is_none() && self.link.stop.is_asked() {
            self.stop_by = Some(Instant::now() + STOP_GRACE);
            self.link.lane.set_limit(0);
            self.link.lane.drop_waiting();
        }
        loop {
            if self.outgoing.is_idle() && !self.begin_next() {
                return Ok(is_writable(&self.stream));
            }
            let mut written = 0;
            let result = self.outgoing.write(&mut &self.stream, &mut written);
            if written > 0 {
                self.link.lane.stats.bytes.fetch_add(written, Relaxed);
                self.progress = Instant::now();
            }
            if !result.map_err(|e| plain(&e))? {
                return Ok(false);
            }
            if let Some(frame) = self.outgoing.end() {
                self.flow.note_sent();
                self.link.lane.retire(frame, true);
            }
        }
    }

    /// Begins the next message, if there is one to send now.
    fn begin_next(&mut self) -> bool {
        if self.said_goodbye {
            return false;
        }
        if let Some((ping, received_ns)) = self.pongs.pop_front() {
            self.outgoing.begin_message(|out| okno::encode(pong(&ping, received_ns), out));
            return true;
        }
        if let Some(frame) = self.link.lane.fetch() {
            self.outgoing.begin_frame(frame);
            return true;
        }
        let goodbye = if self.is_stopping() {
            let reason = GoodbyeReason::GoodbyeStopped as i32;
            let goodbye = Goodbye { reason, text: String::new() };
            Some(goodbye).filter(|_| !self.link.lane.is_under_way())
        } else {
            let end = self.link.lane.drained();
            end.map(|end| Goodbye { reason: end.reason as i32, text: end.text })
        };
        let Some(goodbye) = goodbye else { return false };
        self.said_goodbye = true;
        if self.link.plan.format != Format::Okno {
            return false;
        }
        self.outgoing.begin_message(|out| okno::encode(Said::Goodbye(goodbye), out));
        true
    }

    /// Counts the connection as lost when something has waited for the viewer for too long.
    fn check_progress(&mut self, waits: bool, now: Instant) -> Result<(), String> {
        if !waits {
            self.progress = now;
        } else if now.duration_since(self.progress) >= self.link.plan.timeout {
            let seconds = self.link.plan.timeout.as_secs_f64();
            return Err(format!("it took nothing for {seconds} s"));
        }
        Ok(())
    }

    /// Sleeps until there is something to do, and reads what the viewer says.
    fn wait(&mut self, writable: bool, waits: bool) -> Result<(), String> {
        let stalled = waits.then(|| self.progress + self.link.plan.timeout);
        let until = [self.flow.look_again(), stalled, self.stop_by].into_iter().flatten().min();
        let mut interest = PollFlags::empty();
        interest.set(PollFlags::IN, !self.read_closed);
        interest.set(PollFlags::OUT, !writable);
        let ready = poll(&self.stream, interest, &self.link.waker, until);
        let ready = ready.map_err(|e| plain(&e))?;
        if ready.contains(PollFlags::IN) {
            self.read()?;
        }
        if ready.intersects(PollFlags::ERR | PollFlags::HUP) {
            let error = self.stream.take_error().ok().flatten();
            return Err(error.map_or("the other side closed the connection".into(), |e| plain(&e)));
        }
        Ok(())
    }

    fn read(&mut self) -> Result<(), String> {
        let mut buffer = [0; 4096];
        match (&self.stream).read(&mut buffer) {
            Ok(0) if self.link.plan.format == Format::Okno => {
                Err("the viewer closed the connection".into())
            }
            // Another program may have closed its sending side only: writing will tell.
            Ok(0) => {
                self.read_closed = true;
                Ok(())
            }
            Ok(n) if self.link.plan.format == Format::Okno => {
                let received_ns = clock::now_ns();
                for said in self.incoming.take(&buffer[..n])? {
                    self.hear(said, received_ns)?;
                }
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(e)
                if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) =>
            {
                Ok(())
            }
            Err(e) => Err(plain(&e)),
        }
    }

    fn hear(&mut self, said: Said, received_ns: u64) -> Result<(), String> {
        match said {
            Said::Feedback(feedback) => {
                let noted = self.flow.note_feedback(feedback.frames_received, feedback.window);
                noted.map_err(|_| "the viewer confirms frames that were not sent".to_owned())?;
                self.progress = Instant::now();
                self.note_demand(&feedback);
                self.link.lane.set_memory(self.memory.clone().filter(|_| feedback.shared_memory));
            }
            Said::ClockPing(ping) => {
                if self.pongs.len() == MAX_PONGS {
                    self.pongs.pop_front();
                }
                self.pongs.push_back((ping, received_ns));
            }
            Said::SharedMemoryOffer(offer) => self.hand_over(&offer),
            Said::Goodbye(goodbye) if goodbye.text.is_empty() => {
                return Err("the viewer said goodbye".into());
            }
            Said::Goodbye(goodbye) => {
                return Err(format!("the viewer said goodbye: {}", goodbye.text.escape_debug()));
            }
            Said::Frame(_) | Said::Hello(_) | Said::ClockPong(_) => {}
        }
        Ok(())
    }

    /// Has a way that loses packets filled without regard to that. What it carried before says
    /// nothing then.
    fn look_for_losses(&mut self, now: Instant) {
        if now < self.next_look {
            return;
        }
        self.next_look = now + LOSSES;
        let Some(it) = measured(&self.stream) else { return };
        let again = it.again.saturating_sub(std::mem::replace(&mut self.again, it.again));
        let is_empty = it.is_empty(Duration::ZERO);
        if is_empty {
            self.lost = self.lost.saturating_add(again);
        }
        // The packets of one frame wait for each other where the way is slow; that is no queue that
        // a frame less would empty. Only where losses cost more than such a wait, and where frames
        // become small enough for the way: larger ones would make a queue of it.
        let counted = Counted::of(self.link);
        let looked = std::mem::replace(&mut self.looked, counted);
        let own = counted.since(&looked).frame_time(it.delivered);
        let waits = self.is_lossy && !self.link.plan.fixed;
        let is_short = if waits { it.is_empty(own) } else { is_empty };
        // A full way is empty for a moment now and then.
        let stays_short = std::mem::replace(&mut self.was_short, is_short) && is_short;
        self.flow.stretch(stays_short && (self.is_lossy || it.shortest >= LONG));
        if !self.is_lossy && self.lost >= LOST && self.lost.saturating_mul(LOSSY) >= it.packets {
            log::debug!("{}: packets are lost on the way", self.link.hello.name);
            set_congestion(&self.stream, Congestion::Bbr);
            self.is_lossy = true;
            self.adapt = Adapt::lossy();
            self.link.lane.set_step(0);
        }
    }

    /// Follows what the link carries. Frames that wait although the viewer's system has confirmed
    /// every byte wait for the viewer, which smaller ones would not make faster.
    fn adapt(&mut self, now: Instant, writable: bool) {
        if self.link.plan.fixed || self.link.plan.format != Format::Okno {
            return;
        }
        let counted = Counted::of(self.link);
        let before = std::mem::replace(&mut self.counted, counted);
        let mut passed = counted.since(&before);
        if passed.dropped > 0 && unconfirmed(&self.stream) == Some(0) {
            passed.dropped = 0;
        }
        // What waits in the socket waits for somebody who takes it slowly: a tunnel, say, before a
        // network of which the system measures nothing.
        let delivered = || {
            let measured = measured(&self.stream).filter(|it| writable && it.delivered > 0);
            measured.map(|it| it.delivered)
        };
        if self.adapt.note(now, passed, delivered) {
            let (name, step) = (&self.link.hello.name, self.adapt.at());
            log::info!("{name}: the link carries step {step} of quality and size");
            self.link.lane.set_step(step);
        }
    }

    /// Gives a viewer on this machine memory to read, once. It says when it can.
    fn hand_over(&mut self, offer: &SharedMemoryOffer) {
        if !self.link.plan.shared_memory || self.memory.is_some() {
            return;
        }
        let size = Size { width: self.link.hello.width, height: self.link.hello.height };
        match memory::hand_over(offer, size) {
            Ok(writer) => self.memory = Some(Arc::new(writer)),
            Err(why) => log::info!("{}: no shared memory: {why}", self.link.hello.name),
        }
    }

    fn note_demand(&mut self, feedback: &Feedback) {
        let Feedback { shown_width: width, shown_height: height, max_frame_rate, .. } = *feedback;
        let is_shown = width > 0 && height > 0;
        self.was_shown |= is_shown;
        if !self.was_shown {
            // Before its first frame a viewer may not know yet where the stream will be shown.
            return;
        }
        let max_rate = Some(max_frame_rate).filter(|rate| (0.01..=1000.0).contains(rate));
        self.link
            .lane
            .set_demand(Demand { shown: is_shown.then_some(Size { width, height }), max_rate });
    }

    /// Closes the sending side and waits until the viewer has everything. Closing at once could
    /// make a reset of it, which throws away what the viewer has not read yet.
    fn finish(&mut self) -> Result<Outcome, String> {
        self.stream.shutdown(Shutdown::Write).map_err(|e| plain(&e))?;
        let mut left = unconfirmed(&self.stream);
        let mut progress = Instant::now();
        let mut buffer = [0; 4096];
        let timeout = self.link.plan.timeout;
        let grace = match self.link.plan.format {
            Format::Okno => CLOSE_GRACE_OKNO.min(timeout),
            _ => CLOSE_GRACE_OTHERS.min(timeout),
        };
        loop {
            let now = Instant::now();
            let patience = if left == Some(0) { grace } else { timeout };
            let until = self.stop_by.unwrap_or(progress + patience).min(progress + patience);
            if now >= until {
                return match left {
                    Some(n) if n > 0 && !self.is_stopping() => {
                        Err(format!("it did not take the last {n} bytes"))
                    }
                    _ => Ok(Outcome::Done),
                };
            }
            // The kernel does not say when the other side has confirmed: look now and then.
            let look = (now + Duration::from_millis(10)).min(until);
            let ready = poll(&self.stream, PollFlags::IN, &self.link.waker, Some(look));
            if !ready.map_err(|e| plain(&e))?.is_empty() {
                match (&self.stream).read(&mut buffer) {
                    Ok(0) => return Ok(Outcome::Done),
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                    // The viewer has left without reading to the end; it has said so.
                    Err(_) if left == Some(0) => return Ok(Outcome::Done),
                    Err(e) => return Err(plain(&e)),
                    Ok(_) => progress = now,
                }
            }
            if self.stop_by.is_none() && self.link.stop.is_asked() {
                self.stop_by = Some(Instant::now() + STOP_GRACE);
            }
            let still = unconfirmed(&self.stream);
            if still != left {
                progress = Instant::now();
                left = still;
            }
        }
    }
}

impl Counted {
    /// Everything that has passed on this lane.
    fn of(link: &Link) -> Self {
        let stats = &link.lane.stats;
        Self {
            sent: stats.sent.load(Relaxed),
            dropped: stats.newer.load(Relaxed),
            bytes: stats.bytes.load(Relaxed),
        }
    }
}

fn pong(ping: &ClockPing, received_ns: u64) -> Said {
    Said::ClockPong(ClockPong {
        id: ping.id,
        viewer_sent_ns: ping.viewer_sent_ns,
        sender_received_ns: received_ns,
        sender_sent_ns: clock::now_ns(),
    })
}
