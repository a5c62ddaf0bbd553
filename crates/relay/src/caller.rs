//! One caller's connection, from its first byte to the goodbye.
//!
//! In: an accepted connection. Out: the caller's packets in the other one's outbox, its own
//! outbox on the wire. One task reads and writes, whichever is possible; a slow write never holds
//! up reading, which is the other direction's way.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::time::{MissedTickBehavior, Sleep, interval, sleep, timeout, timeout_at};

use crate::call::Forwarded;
use crate::gate::Pass;
use crate::limits::{
    DROP_REPORT_EVERY, FAREWELL_TIME, HELLO_TIME, MAX_FRAME, MAX_MESSAGE, MAX_SOFTWARE,
    MAX_STREAMS, PING_EVERY, PINGS, WRITE_STALL,
};
use crate::outbox::{Fill, Outbox, Push};
use crate::pace::Pace;
use crate::proto::call_hello::Want;
use crate::proto::relay_message::Message;
use crate::proto::{CallHello, EndReason, VideoDropped};
use crate::record::{self, FIRST, Header, Kind, MAGIC, Malformed, Reader, Record, VERSION};
use crate::registry::{Place, Refusal};
use crate::server::Shared;
use crate::wire::Wire;

/// How a connection ended, on this side.
#[derive(Debug)]
enum End {
    /// The caller hung up.
    HungUp,
    /// The path is gone: what happened.
    Lost(String),
    /// The caller broke the protocol.
    Broken(EndReason, String),
}

impl From<Malformed> for End {
    fn from(error: Malformed) -> Self {
        Self::Broken(EndReason::EndProtocolError, error.to_string())
    }
}

impl From<std::io::Error> for End {
    fn from(error: std::io::Error) -> Self {
        Self::Lost(error.to_string())
    }
}

/// Serves one caller whose connection is as it should be, encrypted or local. `deadline`: when
/// its hello must have come.
pub(crate) async fn serve(
    mut wire: Wire,
    peer: SocketAddr,
    pass: &Pass,
    shared: &Shared,
    deadline: tokio::time::Instant,
) {
    let mut reader = Reader::default();
    let hello = {
        let entry = shared.undecided.enter();
        tokio::select! {
            hello = timeout_at(deadline, hello(&mut wire, &mut reader)) => hello,
            () = entry.give_up() => Ok(Err(End::Lost("made room for others".to_owned()))),
        }
    };
    let outbox = Arc::new(Outbox::default());
    let place = match hello {
        Ok(Ok(hello)) => admit(&hello, &outbox, peer, pass, shared),
        Ok(Err(End::Broken(reason, text))) => Err(Refusal { reason, text }),
        Ok(Err(_)) => {
            log::debug!("{peer}: gone before it said what it wants");
            return;
        }
        Err(_) => {
            shared.figures.refused_silent.add(1);
            let text = format!("no hello within {} s", HELLO_TIME.as_secs());
            Err(Refusal { reason: EndReason::EndTooSlow, text })
        }
    };
    match place {
        Ok(place) => Conversation::new(wire, reader, &place, &outbox, shared).hold(peer).await,
        Err(refusal) => {
            log::info!("{peer}: refused: {}", refusal.text);
            count_refusal(&refusal, shared);
            let last = record::ended(refusal.reason, &refusal.text, false);
            dismiss(&mut wire, last).await;
        }
    }
}

/// Says the last word to somebody who was not let in.
pub(crate) async fn dismiss(wire: &mut Wire, last: Bytes) {
    // Whoever does not take it need not know.
    let _ = timeout(FAREWELL_TIME, async {
        wire.send(vec![last])?;
        wire.shutdown().await
    })
    .await;
    wire.drain().await;
}

fn count_refusal(refusal: &Refusal, shared: &Shared) {
    let figures = &shared.figures;
    let figure = match refusal.reason {
        EndReason::EndTooMany | EndReason::EndRelayFull => &figures.refused_limit,
        EndReason::EndProtocolError | EndReason::EndVersion => &figures.refused_input,
        EndReason::EndTooSlow => return,
        _ => &figures.refused_number,
    };
    figure.add(1);
}

async fn hello(wire: &mut Wire, reader: &mut Reader) -> Result<CallHello, End> {
    let magic = loop {
        if let Some(magic) = reader.take_magic() {
            break magic;
        }
        fill(wire, reader).await?;
    };
    if magic != MAGIC {
        let text =
            format!("the connection begins {magic:02x?}, not with the call protocol's magic");
        return Err(End::Broken(EndReason::EndProtocolError, text));
    }
    loop {
        if let Some(record) = reader.take_record()? {
            return match message(reader, &record)? {
                Some(Message::Hello(hello)) => Ok(hello),
                _ => Err(End::Broken(
                    EndReason::EndProtocolError,
                    "the first message was no hello".to_owned(),
                )),
            };
        }
        fill(wire, reader).await?;
    }
}

/// Reads the message in a record, if it is one within its limit.
fn message(reader: &Reader, record: &Record) -> Result<Option<Message>, End> {
    if record.header.kind != Kind::Message {
        return Ok(None);
    }
    if usize::from(record.header.length) > MAX_MESSAGE {
        let text =
            format!("a message of {} bytes; the limit is {MAX_MESSAGE}", record.header.length);
        return Err(End::Broken(EndReason::EndProtocolError, text));
    }
    Ok(reader.message(record)?)
}

async fn fill(wire: &mut Wire, reader: &mut Reader) -> Result<(), End> {
    arrived(wire.read(reader).await, reader).map(drop)
}

/// Bytes that have arrived; none are the end.
fn arrived(read: std::io::Result<usize>, reader: &Reader) -> Result<usize, End> {
    match read? {
        0 => {
            let place = if reader.is_empty() { "" } else { " in the middle of a record" };
            Err(End::Lost(format!("closed{place} at byte {}", reader.position())))
        }
        count => Ok(count),
    }
}

fn admit(
    hello: &CallHello,
    outbox: &Arc<Outbox>,
    peer: SocketAddr,
    pass: &Pass,
    shared: &Shared,
) -> Result<Place, Refusal> {
    if hello.version != VERSION {
        let text = format!("version {}; this relay speaks version {VERSION}", hello.version);
        return Err(Refusal { reason: EndReason::EndVersion, text });
    }
    let now = Instant::now();
    if let Err(wait) = pass.attempt(now) {
        let text = format!("too many tries from this address; again in {} s", wait.as_secs() + 1);
        return Err(Refusal { reason: EndReason::EndTooMany, text });
    }
    let registry = &shared.registry;
    let (place, what) = match &hello.want {
        Some(Want::Allocate(_)) => (registry.allocate(outbox, pass, now)?, "opened"),
        Some(Want::Join(number)) => (registry.join(*number, outbox, now)?, "joined"),
        Some(Want::Resume(token)) => (registry.resume(token, outbox, pass, now)?, "resumed"),
        None => {
            let text = "the hello does not say what it wants".to_owned();
            return Err(Refusal { reason: EndReason::EndProtocolError, text });
        }
    };
    // What a stranger calls itself is cut and stripped before it stands in a log.
    let software: String =
        hello.software.chars().filter(|c| !c.is_control()).take(MAX_SOFTWARE).collect();
    log::info!("{peer}: {what} call {} ({software})", place.call.number);
    Ok(place)
}

/// What was dropped of one stream since its sender was last told.
#[derive(Clone, Copy, Debug, Default)]
struct Drops {
    frames: u32,
    key_needed: bool,
}

/// What happened to a connection.
enum Turn {
    Arrived(std::io::Result<usize>),
    /// Everything that was handed over is sent, and more waits; or it can't be sent.
    Sent(std::io::Result<()>),
    /// There is something to send.
    Queued,
    /// The caller may send again.
    Resumed,
    Tick,
}

/// The call itself, both directions of one caller.
struct Conversation<'a> {
    wire: Wire,
    reader: Reader,
    place: &'a Place,
    outbox: &'a Arc<Outbox>,
    shared: &'a Shared,
    pace: Pace,
    /// Bytes of each stream's frame so far.
    frames: [usize; MAX_STREAMS as usize],
    drops: [Drops; MAX_STREAMS as usize],
    told: Option<Instant>,
    pings: u64,
    /// Since when the socket has not taken what was handed over.
    sending_since: Instant,
}

impl<'a> Conversation<'a> {
    fn new(
        wire: Wire,
        reader: Reader,
        place: &'a Place,
        outbox: &'a Arc<Outbox>,
        shared: &'a Shared,
    ) -> Self {
        let now = Instant::now();
        Self {
            wire,
            reader,
            place,
            outbox,
            shared,
            pace: Pace::new(now),
            frames: [0; MAX_STREAMS as usize],
            drops: [Drops::default(); MAX_STREAMS as usize],
            told: None,
            pings: 0,
            sending_since: now,
        }
    }

    /// Both directions until one of them ends, and the goodbye.
    async fn hold(mut self, peer: SocketAddr) {
        let Self { place, outbox, shared, .. } = self;
        match self.run().await {
            // The relay has said its last word: the call has ended, or this path has.
            Ok(()) => {
                let _ = timeout(FAREWELL_TIME, self.wire.shutdown()).await;
                shared.registry.lost(place, outbox, Instant::now());
                self.wire.drain().await;
            }
            Err(End::HungUp) => {
                log::info!("{peer}: hung up call {}", place.call.number);
                shared.registry.hang_up(place, Instant::now());
                // Who hangs up is told that it was heard; until then it would come back to say so.
                self.finish().await;
            }
            Err(End::Lost(text)) => {
                log::info!("{peer}: lost call {}: {text}", place.call.number);
                shared.registry.lost(place, outbox, Instant::now());
            }
            Err(End::Broken(reason, text)) => {
                log::warn!("{peer}: ended: {text}");
                shared.figures.refused_input.add(1);
                outbox.end(record::ended(reason, &text, true));
                shared.registry.lost(place, outbox, Instant::now());
                self.finish().await;
                self.wire.drain().await;
            }
        }
    }

    /// Hands over what goes next.
    fn fill(&mut self) -> std::io::Result<Fill> {
        let mut batch = Vec::new();
        let now = Instant::now();
        let fill = self.outbox.fill(now, &mut batch);
        self.shared.figures.dropped_audio.add(self.outbox.take_late_audio().into());
        if !batch.is_empty() {
            self.sending_since = now;
            self.wire.send(batch)?;
        }
        Ok(fill)
    }

    /// Sends what is left up to the last word, as far as the caller takes it at once.
    async fn finish(&mut self) {
        let outbox = self.outbox;
        let said = async {
            loop {
                self.wire.flush().await?;
                match self.fill()? {
                    Fill::Data | Fill::More => {}
                    Fill::Empty => outbox.changed().await,
                    Fill::Last => return self.wire.shutdown().await,
                }
            }
        };
        // Whoever does not take it need not know.
        let _: Result<std::io::Result<()>, _> = timeout(FAREWELL_TIME, said).await;
    }

    /// Reads and writes until the relay has handed over its last word to this caller.
    async fn run(&mut self) -> Result<(), End> {
        // A timer that goes on costs less than one for every read.
        let mut ticks = interval(PING_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        let mut silent_ticks = 0;
        let outbox = self.outbox;
        let mut queued = pin!(outbox.changed());
        // Whether something may wait in the outbox.
        let mut more = true;
        let mut pause: Option<Pin<Box<Sleep>>> = None;
        loop {
            if !self.reader.is_empty() {
                self.take_records()?;
            }
            if more && !self.wire.is_sending() {
                match self.fill()? {
                    Fill::Last => return Ok(()),
                    filled => more = filled == Fill::More,
                }
            }
            let Self { wire, reader, .. } = &mut *self;
            let turn = poll_fn(|cx| {
                match wire.poll_flush(cx) {
                    Poll::Ready(Ok(())) if !more => {}
                    Poll::Ready(sent) => return Poll::Ready(Turn::Sent(sent)),
                    Poll::Pending => {}
                }
                if !more && queued.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Turn::Queued);
                }
                if let Some(pause) = &mut pause {
                    if pause.as_mut().poll(cx).is_ready() {
                        return Poll::Ready(Turn::Resumed);
                    }
                } else if let Poll::Ready(read) = wire.poll_read(cx, reader) {
                    return Poll::Ready(Turn::Arrived(read));
                }
                ticks.poll_tick(cx).map(|_| Turn::Tick)
            })
            .await;
            match turn {
                Turn::Arrived(read) => {
                    silent_ticks = 0;
                    let count = arrived(read, &self.reader)?;
                    pause = self.keep_pace(count).map(|wait| Box::pin(sleep(wait)));
                }
                Turn::Sent(sent) => sent.map_err(|e| End::Lost(format!("can't write: {e}")))?,
                Turn::Queued => {
                    more = true;
                    queued.set(outbox.changed());
                }
                Turn::Resumed => pause = None,
                Turn::Tick => {
                    if self.wire.is_sending() && self.sending_since.elapsed() >= WRITE_STALL {
                        return Err(End::Lost("took nothing for too long".to_owned()));
                    }
                    if silent_ticks >= PINGS {
                        return Err(End::Lost(format!("silent for {} s", silence().as_secs())));
                    }
                    silent_ticks += 1;
                    self.report_drops(Instant::now());
                    if silent_ticks > 1 {
                        self.pings += 1;
                        outbox.message(record::encode(Message::Ping(self.pings)));
                    }
                }
            }
        }
    }

    /// How long to leave a caller alone that sends more than it may.
    fn keep_pace(&mut self, count: usize) -> Option<Duration> {
        let wait = self.pace.charge(0, count, Instant::now())?;
        self.shared.figures.throttled.add(1);
        Some(wait.min(Duration::from_secs(1)))
    }

    fn take_records(&mut self) -> Result<(), End> {
        let now = Instant::now();
        let mut packets = 0;
        while let Some(record) = self.reader.take_record()? {
            packets += 1;
            self.take(record, now)?;
        }
        self.report_drops(now);
        self.pace.charge(packets, 0, now);
        Ok(())
    }

    fn take(&mut self, record: Record, now: Instant) -> Result<(), End> {
        let figures = &self.shared.figures;
        match record.header.kind {
            Kind::Message => return self.take_message(&record),
            Kind::Audio => figures.audio_packets.add(1),
            Kind::Control => figures.control_packets.add(1),
            Kind::Video => {
                figures.video_packets.add(1);
                self.check_frame(record.header)?;
            }
        }
        figures.bytes.add(record.bytes.len() as u64);
        let stream = usize::from(record.header.stream);
        match self.place.call.forward(self.place.role, record, now) {
            Forwarded::Absent | Forwarded::Pushed(Push::Closed) => figures.dropped_absent.add(1),
            Forwarded::Pushed(Push::Taken { audio, video, key_needed }) => {
                if audio > 0 {
                    figures.dropped_audio.add(u64::from(audio));
                }
                if video > 0 {
                    figures.dropped_video.add(u64::from(video));
                    if let Some(drops) = self.drops.get_mut(stream) {
                        drops.frames += video;
                        drops.key_needed = key_needed;
                    }
                }
            }
            Forwarded::Pushed(Push::Overflow) => {}
        }
        Ok(())
    }

    fn check_frame(&mut self, header: Header) -> Result<(), End> {
        let Some(size) = self.frames.get_mut(usize::from(header.stream)) else {
            return Ok(());
        };
        if header.has(FIRST) {
            *size = 0;
        }
        *size += usize::from(header.length);
        if *size > MAX_FRAME {
            let text = format!("a video frame of more than {MAX_FRAME} bytes");
            return Err(End::Broken(EndReason::EndProtocolError, text));
        }
        Ok(())
    }

    fn take_message(&mut self, record: &Record) -> Result<(), End> {
        match message(&self.reader, record)? {
            Some(Message::HangUp(_)) => Err(End::HungUp),
            Some(Message::Ping(number)) => {
                match self.outbox.message(record::encode(Message::Pong(number))) {
                    Push::Overflow => {
                        Err(End::Lost("pings whose answers are not taken".to_owned()))
                    }
                    _ => Ok(()),
                }
            }
            Some(Message::Hello(_)) => {
                Err(End::Broken(EndReason::EndProtocolError, "a second hello".to_owned()))
            }
            // A pong has done its work by arriving; what is not known belongs to later versions.
            _ => Ok(()),
        }
    }

    /// Tells the caller what became of its video, a few times a second.
    fn report_drops(&mut self, now: Instant) {
        let due = self.told.is_none_or(|told| now - told >= DROP_REPORT_EVERY);
        if !due || self.drops.iter().all(|drops| drops.frames == 0) {
            return;
        }
        self.told = Some(now);
        for (stream, drops) in (0..).zip(&mut self.drops) {
            let Drops { frames, key_needed } = std::mem::take(drops);
            if frames > 0 {
                let dropped = VideoDropped { stream, frames, key_needed };
                self.outbox.message(record::encode(Message::VideoDropped(dropped)));
            }
        }
    }
}

/// Silence after which a path is lost.
fn silence() -> Duration {
    PING_EVERY * (PINGS + 1)
}
