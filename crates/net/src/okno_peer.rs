//! The viewer's side of Okno's own format on one connection.
//!
//! In: envelopes. Out: frames with times on our clock, and towards the sender credits, the size
//! at which it is shown, and clock pings. Never waits for the sender to read: what does not fit
//! into the socket at once is made anew when there is room, since only the newest word counts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use okno_media::shared::Place;
use okno_media::{EncodedFrame, Raw, Stamps, clock};
use okno_session::{ClockSync, Credits, Exchange, Identity, Info, Stream};
use okno_wire::okno::{FrameMeta, Incoming, VERSION, decode, encode};
use okno_wire::proto::okno as pb;
use okno_wire::{Format, limits::MAX_NAME};
use pb::envelope::Message;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep};

use crate::reader::Received;
use crate::receive::End;
use crate::server::Context;
use crate::shared_door::{Door, Ticket};

/// Time between clock pings. Drift of 50 ppm is 0.1 ms over it.
const PING: Duration = Duration::from_secs(2);

/// Unanswered pings whose times are remembered.
const PINGS: usize = 4;

/// Unsent bytes above which nothing new is queued: a few messages.
const OUT_LIMIT: usize = 1024;

/// A ping on its way.
struct Asked {
    id: u64,
    at: u64,
    /// No frame is on the way beside it.
    alone: bool,
}

/// One Okno sender.
pub(crate) struct OknoPeer {
    greeted: bool,
    stream: Option<Arc<Stream>>,
    clock: ClockSync,
    credits: Credits,
    frames: u64,
    told: Option<pb::Feedback>,
    out: Vec<u8>,
    demand: Arc<Notify>,
    pings: Interval,
    next_ping: u64,
    asked: Vec<Asked>,
    farewell: Option<String>,
    /// What a sender on this machine may hand over.
    ticket: Option<Ticket>,
}

impl OknoPeer {
    /// `demand` wakes [`OknoPeer::readable`] when there may be something new to tell.
    pub fn new(demand: Arc<Notify>) -> Self {
        let mut pings = interval_at(Instant::now(), PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            greeted: false,
            stream: None,
            clock: ClockSync::default(),
            credits: Credits::new(clock::now_ns()),
            frames: 0,
            told: None,
            out: Vec::new(),
            demand,
            pings,
            next_ping: 1,
            asked: Vec::new(),
            farewell: None,
            ticket: None,
        }
    }

    /// What the sender said when it left, if it did.
    pub fn farewell(&self) -> Option<&str> {
        self.farewell.as_deref()
    }

    /// Waits until there is something to read, and talks to the sender meanwhile.
    pub async fn readable(&mut self, socket: &TcpStream) -> std::io::Result<()> {
        loop {
            self.feedback();
            self.flush(socket);
            let held_back = self.held_back();
            tokio::select! {
                biased;
                ready = socket.readable() => return ready,
                () = self.demand.notified() => {}
                _ = self.pings.tick(), if self.greeted => self.ping(false),
                // The sender may wait for a confirmation that is held back.
                () = sleep(held_back.unwrap_or_default()), if held_back.is_some() => {}
                _ = socket.writable(), if !self.out.is_empty() => {}
            }
        }
    }

    /// Handles one message of the sender and gives its frame, if it is one; an empty message is
    /// the magic.
    pub fn message(
        &mut self,
        message: Received,
        socket: &TcpStream,
        peer: SocketAddr,
        stream: &mut Option<Arc<Stream>>,
        context: &Context,
    ) -> Result<Option<EncodedFrame>, End> {
        if message.range.is_empty() {
            return Ok(None);
        }
        let start = message.range.start;
        let envelope = message.buffer.get(message.range.clone()).unwrap_or_default();
        let incoming = match decode(envelope) {
            Ok(incoming) => incoming,
            Err(error) => {
                let end = format!("broken okno message: {error}");
                self.protocol_error(&end, socket);
                return Err(end);
            }
        };
        match incoming {
            Incoming::Other(Message::Hello(hello)) if !self.greeted => {
                self.greeted = true;
                let opened = self.hello(hello, peer, context)?;
                *stream = Some(Arc::clone(&opened));
                self.stream = Some(opened);
            }
            _ if !self.greeted => {
                let end = "broken okno stream: the first message was no hello".to_owned();
                self.protocol_error(&end, socket);
                return Err(end);
            }
            Incoming::Frame(meta, at) => {
                let range = start + at.start..start + at.end;
                let frame = self.frame(&meta, Received { buffer: message.buffer, range });
                if let Err(end) = &frame {
                    self.protocol_error(end, socket);
                }
                return frame.map(Some);
            }
            Incoming::Other(Message::ClockPong(pong)) => self.pong(&pong),
            Incoming::Other(Message::Goodbye(goodbye)) => {
                self.farewell = Some(words(&goodbye));
            }
            Incoming::Other(_) | Incoming::Unknown => {}
        }
        Ok(None)
    }

    fn hello(
        &mut self,
        hello: pb::Hello,
        peer: SocketAddr,
        context: &Context,
    ) -> Result<Arc<Stream>, End> {
        if hello.version > VERSION {
            log::info!("{peer}: speaks version {} of the format", hello.version);
        }
        let same_clock = !hello.clock_domain.is_empty() && hello.clock_domain == clock::domain();
        self.clock = ClockSync::new(same_clock);
        let name = displayable(&hello.name);
        let name = if name.is_empty() { format!("okno from {}", peer.ip()) } else { name };
        log::info!("{peer}: {name:?} by {:?}", displayable(&hello.software));
        let info = Info {
            name: name.clone(),
            peer: peer.to_string(),
            format: Some(Format::Okno),
            source: displayable(&hello.source),
            frame_rate: hello.frame_rate,
            width: hello.width,
            height: hello.height,
            ..Info::default()
        };
        let stream = context
            .hub
            .open(Identity::Name(name), info)
            .ok_or("there are too many streams; close some senders")?;
        let demand = Arc::clone(&self.demand);
        stream.on_demand(Box::new(move || demand.notify_one()));
        stream.set_shared_memory(false);
        if let Some(door) = context.door.as_ref().filter(|_| same_clock && hello.shared_memory) {
            self.offer(door);
        }
        Ok(stream)
    }

    /// Tells a sender that seems to be on this machine where to hand over memory. One that can't
    /// go there after all, in a container say, sends JPEG as before.
    fn offer(&mut self, door: &Door) {
        match door.expect(Arc::clone(&self.demand)) {
            Ok(ticket) => {
                let (address, token) = (ticket.address.clone(), ticket.token.to_vec());
                let offer = pb::SharedMemoryOffer { address, token };
                encode(Message::SharedMemoryOffer(offer), &mut self.out);
                self.ticket = Some(ticket);
            }
            Err(error) => log::info!("no shared memory: {error}"),
        }
    }

    /// The picture that the sender says lies in its memory.
    fn raw(&self, meta: &FrameMeta) -> Result<Option<Raw>, End> {
        let Some(shared) = meta.shared else { return Ok(None) };
        let Some(memory) = self.ticket.as_ref().and_then(Ticket::memory) else {
            return Err("broken okno stream: a frame in shared memory, and there is none".into());
        };
        let okno_wire::okno::Shared { slot, sequence, width, height } = shared;
        let place = Place { slot, sequence, width, height };
        if !memory.holds(&place) {
            return Err(format!(
                "broken okno stream: a picture of {width} x {height} pixels in slot {slot} is \
                 beyond the shared memory"
            ));
        }
        Ok(Some(Raw::Shared(Arc::clone(memory), place)))
    }

    fn frame(&mut self, meta: &FrameMeta, picture: Received) -> Result<EncodedFrame, End> {
        let raw = self.raw(meta)?;
        self.frames += 1;
        if let Some(stream) = &self.stream {
            stream.set_untouched(meta.untouched);
            stream.set_shared_memory(raw.is_some());
        }
        let received = clock::now_ns();
        // A time ahead of ours is an estimate that is off: unknown rather than negative.
        let ours = |ns| self.clock.to_viewer(ns).filter(|&ns| ns <= received);
        Ok(EncodedFrame {
            // What holds a raw frame must not keep the connection's buffer.
            buffer: if raw.is_some() { Arc::default() } else { picture.buffer },
            range: if raw.is_some() { 0..0 } else { picture.range },
            raw,
            number: 0,
            stamps: Stamps {
                captured: ours(meta.captured_ns),
                encoded: ours(meta.encoded_ns),
                sent: ours(meta.sent_ns),
                received,
                ..Stamps::default()
            },
        })
    }

    /// For how long a confirmation may still be held back.
    fn held_back(&self) -> Option<Duration> {
        let until = self.credits.holds_until()?;
        Some(Duration::from_nanos(until.saturating_sub(clock::now_ns())))
    }

    /// Queues feedback if there is anything new to say.
    fn feedback(&mut self) {
        let Some(stream) = &self.stream else { return };
        if self.out.len() >= OUT_LIMIT {
            return;
        }
        let max_frame_rate = stream.rate_limit().into();
        let (shown_width, shown_height) = stream.shown_size();
        let is_mapped = self.ticket.as_ref().is_some_and(|ticket| ticket.memory().is_some());
        let shared_memory = is_mapped && stream.takes_raw();
        let grant = self.credits.grant(
            self.frames,
            stream.has_backlog(),
            self.clock.round_trip(),
            stream.interval(),
            clock::now_ns(),
        );
        if grant.ping {
            self.ping(true);
        }
        let feedback = pb::Feedback {
            frames_received: grant.frames,
            window: grant.window,
            shown_width,
            shown_height,
            max_frame_rate,
            shared_memory,
        };
        if self.told.as_ref() != Some(&feedback) {
            encode(Message::Feedback(feedback), &mut self.out);
            self.told = Some(feedback);
        }
    }

    fn ping(&mut self, alone: bool) {
        if self.out.len() >= OUT_LIMIT {
            return;
        }
        let now = clock::now_ns();
        if self.asked.len() == PINGS {
            self.asked.remove(0);
        }
        self.asked.push(Asked { id: self.next_ping, at: now, alone });
        let ping = pb::ClockPing { id: self.next_ping, viewer_sent_ns: now };
        self.next_ping += 1;
        encode(Message::ClockPing(ping), &mut self.out);
    }

    fn pong(&mut self, pong: &pb::ClockPong) {
        let viewer_received = clock::now_ns();
        // Only an answer to a ping that was asked counts, and our own record of its time.
        let Some(at) = self.asked.iter().position(|asked| asked.id == pong.id) else { return };
        let asked = self.asked.swap_remove(at);
        let exchange = Exchange {
            viewer_sent: asked.at,
            sender_received: pong.sender_received_ns,
            sender_sent: pong.sender_sent_ns,
            viewer_received,
        };
        if asked.alone {
            self.clock.add_alone(&exchange);
        } else {
            self.clock.add(&exchange);
        }
        if self.clock.is_doubtful() {
            self.credits.measure_anew(viewer_received);
        }
    }

    fn flush(&mut self, socket: &TcpStream) {
        while !self.out.is_empty() {
            match socket.try_write(&self.out) {
                Ok(n) if n > 0 => drop(self.out.drain(..n)),
                // A broken connection is noticed by the reader.
                _ => return,
            }
        }
    }

    /// Tells the sender what it did wrong, if there is room to.
    pub fn protocol_error(&mut self, text: &str, socket: &TcpStream) {
        self.say_goodbye(pb::GoodbyeReason::GoodbyeProtocolError, text, socket);
    }

    /// Tells the sender that the viewer closes, if there is room to.
    pub fn viewer_closes(&mut self, socket: &TcpStream) {
        self.say_goodbye(pb::GoodbyeReason::GoodbyeViewerClosed, "", socket);
    }

    fn say_goodbye(&mut self, reason: pb::GoodbyeReason, text: &str, socket: &TcpStream) {
        let goodbye = pb::Goodbye { reason: reason as i32, text: text.to_owned() };
        encode(Message::Goodbye(goodbye), &mut self.out);
        self.flush(socket);
    }
}

/// A text from outside, short enough to show and without control characters.
fn displayable(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if short.len() + c.len_utf8() > MAX_NAME {
            break;
        }
        short.push(c);
    }
    short.trim().to_owned()
}

fn words(goodbye: &pb::Goodbye) -> String {
    use pb::GoodbyeReason as Reason;
    let text = displayable(&goodbye.text);
    let reason = match goodbye.reason() {
        Reason::GoodbyeEndOfInput => "the sender's source came to its end",
        Reason::GoodbyeStopped => "the sender was stopped",
        Reason::GoodbyeSourceLost => "the sender lost its source",
        Reason::GoodbyeProtocolError => "the sender found fault with the connection",
        _ => "the sender left",
    };
    if text.is_empty() { reason.to_owned() } else { format!("{reason}: {text}") }
}
