//! A call as its caller sees it: one place at the relay, over as many connections as it takes.
//!
//! In: sealed packets to send, hanging up. Out: events, in order. One task owns the connection;
//! it ends with the call. Newest frame wins here as at the relay: what the path is too slow for
//! is dropped before it is sent, and the sender is told.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::io::AsyncReadExt as _;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::assembler::Assembler;
use super::event::{Ended, Event, Sent};
use super::path::{Path, PathError, PathRead, resume};
use super::{Target, Trust, Want, passes};
use crate::figures::Figure;
use crate::identity::Fingerprint;
use crate::limits::{MAX_FRAME, MAX_PAYLOAD, MAX_STREAMS};
use crate::outbox::{Outbox, Push};
use crate::proto::call_hello::Want as HelloWant;
use crate::proto::peer_state::Presence;
use crate::proto::relay_message::Message;
use crate::proto::{Allocate, CallRole, EndReason, HangUp};
use crate::record::{self, FIRST, KEY, Kind, LAST, Reader, Record};
use crate::speak::speak;

/// Events that wait for the application: about half a second of a call. While it takes none,
/// the connection is not read, and the relay drops video.
const EVENTS: usize = 64;

/// Silence after which the relay is asked with a ping.
const PING_EVERY: Duration = Duration::from_secs(2);

/// Times of that length without a word from the relay after which the path counts as lost.
const SILENT_TIMES: u32 = 3;

/// Waits between attempts to come back: the first, and the longest. A relay that is back is found
/// within half a second.
const FIRST_RETRY: Duration = Duration::from_millis(50);
const LONGEST_RETRY: Duration = Duration::from_millis(500);

/// How long the relay's answer to hanging up may take.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// Where packets go at the moment.
#[derive(Debug, Default)]
struct Way {
    outbox: Mutex<Option<Arc<Outbox>>>,
    /// We hang up: whatever path there is or will be is for saying so.
    leaving: AtomicBool,
    left: Notify,
}

impl Way {
    fn set(&self, outbox: Option<Arc<Outbox>>) {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner) = outbox;
    }

    fn get(&self) -> Option<Arc<Outbox>> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn leave(&self) {
        self.leaving.store(true, Ordering::SeqCst);
        self.left.notify_one();
        if let Some(outbox) = self.get() {
            outbox.end(record::encode(Message::HangUp(HangUp {})));
        }
    }

    fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::SeqCst)
    }
}

/// Sends packets; can be cloned and used from any thread. Never waits.
#[derive(Clone, Debug)]
pub struct Sender(Arc<Way>);

impl Sender {
    /// Sends a sealed audio packet, 4 KiB at most.
    pub fn audio(&self, stream: u16, payload: &[u8]) -> Sent {
        self.packet(Kind::Audio, stream, payload)
    }

    /// Sends a sealed control packet, 8 KiB at most. Control packets arrive in order and all of
    /// them, as long as the paths of both callers last.
    pub fn control(&self, stream: u16, payload: &[u8]) -> Sent {
        self.packet(Kind::Control, stream, payload)
    }

    fn packet(&self, kind: Kind, stream: u16, payload: &[u8]) -> Sent {
        let Some(outbox) = self.0.get() else { return Sent::NoPath };
        match Record::new(kind, 0, stream, 0, payload) {
            Some(record) => sent(outbox.packet(record, Instant::now())),
            None => Sent::TooLarge,
        }
    }

    /// Sends a sealed video frame, 4 MiB at most, cut into pieces. `frame`: its number, which the
    /// seal covers; each frame of a stream has the next one. `key`: it can be decoded without
    /// those before it.
    pub fn video(&self, stream: u16, frame: u32, key: bool, payload: &[u8]) -> Sent {
        if payload.len() > MAX_FRAME || stream >= MAX_STREAMS {
            return Sent::TooLarge;
        }
        let Some(outbox) = self.0.get() else { return Sent::NoPath };
        let now = Instant::now();
        let (mut all, mut needed) = (0, false);
        let pieces = payload.len().div_ceil(MAX_PAYLOAD).max(1);
        for (at, number) in (0..).step_by(MAX_PAYLOAD).zip(1..=pieces) {
            let piece = payload.get(at..payload.len().min(at + MAX_PAYLOAD)).unwrap_or_default();
            let flags = if key { KEY } else { 0 }
                | if number == 1 { FIRST } else { 0 }
                | if number == pieces { LAST } else { 0 };
            let Some(record) = Record::new(Kind::Video, flags, stream, frame, piece) else {
                return Sent::TooLarge;
            };
            match sent(outbox.packet(record, now)) {
                Sent::Queued { dropped, key_needed } => {
                    all += dropped;
                    needed = key_needed;
                }
                other => return other,
            }
        }
        Sent::Queued { dropped: all, key_needed: needed }
    }
}

fn sent(push: Push) -> Sent {
    match push {
        Push::Taken { audio, video, key_needed } => {
            Sent::Queued { dropped: audio + video, key_needed }
        }
        Push::Overflow => Sent::Full,
        Push::Closed => Sent::NoPath,
    }
}

/// A call. Dropping it leaves without a word, as a lost path would; [`Call::hang_up`] ends the
/// call for both.
#[derive(Debug)]
pub struct Call {
    number: u32,
    role: CallRole,
    peer_present: bool,
    fingerprint: Option<Fingerprint>,
    sender: Sender,
    events: mpsc::Receiver<(Event, Instant)>,
    task: JoinHandle<()>,
}

impl Call {
    /// Takes a place in a call at a relay. `software`: program and version, for the relay's log.
    ///
    /// # Errors
    /// The relay can't be reached, is not the expected one, or refuses.
    pub async fn connect(
        mut target: Target,
        want: Want,
        software: &str,
    ) -> Result<Self, PathError> {
        let want = match want {
            Want::Allocate => HelloWant::Allocate(Allocate {}),
            Want::Join(number) => HelloWant::Join(number),
        };
        let path = Path::open(&target, want, software).await?;
        let fingerprint = path.fingerprint;
        if let Some(fingerprint) = fingerprint {
            target.trust = Trust::Pinned(fingerprint);
        }
        let (number, role) = (path.joined.number, path.joined.role());
        let peer_present = path.joined.peer_present;
        let (tell, events) = mpsc::channel(EVENTS);
        let way = Arc::new(Way::default());
        let outbox = Arc::new(Outbox::default());
        way.set(Some(Arc::clone(&outbox)));
        let session = Session {
            target,
            software: software.to_owned(),
            token: path.joined.resume_token.clone(),
            keep: Duration::from_secs(path.joined.resume_seconds.into()),
            way: Arc::clone(&way),
            tell,
        };
        let task = tokio::spawn(session.run(path, outbox));
        let sender = Sender(way);
        Ok(Self { number, role, peer_present, fingerprint, sender, events, task })
    }

    /// The call's number: what stands before the words of its code.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whether we asked for the number or joined with it.
    #[must_use]
    pub fn role(&self) -> CallRole {
        self.role
    }

    /// Whether the other caller was there when we came.
    #[must_use]
    pub fn peer_present(&self) -> bool {
        self.peer_present
    }

    /// The relay's key, if the connection is encrypted.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }

    /// What packets are sent with.
    #[must_use]
    pub fn sender(&self) -> Sender {
        self.sender.clone()
    }

    /// The next event; `None` after [`Event::Ended`].
    pub async fn next(&mut self) -> Option<Event> {
        self.next_timed().await.map(|(event, _)| event)
    }

    /// The same, with the moment at which its last byte was read: events may wait here, which is
    /// no delay of the network.
    pub async fn next_timed(&mut self) -> Option<(Event, Instant)> {
        self.events.recv().await
    }

    /// Ends the call for both. Returns once the relay has been told, or can't be within
    /// `patience`. Without a path it is looked for as in a call, for as long as the relay keeps the
    /// place: the other caller shall not wait for somebody who has hung up.
    pub async fn hang_up(mut self, patience: Duration) {
        self.sender.0.leave();
        self.events.close();
        // If the relay can't be told, it will find the path lost.
        let _ = timeout(patience, &mut self.task).await;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How one path came to its end.
enum PathEnd {
    /// To be resumed.
    Lost(String),
    /// Not to be resumed.
    Over(Ended),
    /// Nobody listens.
    Left,
}

struct Session {
    target: Target,
    software: String,
    token: Bytes,
    keep: Duration,
    way: Arc<Way>,
    tell: mpsc::Sender<(Event, Instant)>,
}

impl Session {
    async fn run(mut self, path: Path, outbox: Arc<Outbox>) {
        let (mut path, mut outbox) = (path, outbox);
        let over = loop {
            let end = self.drive(path, &outbox).await;
            self.way.set(None);
            let text = match end {
                PathEnd::Left => return,
                PathEnd::Over(ended) => break ended,
                PathEnd::Lost(text) => text,
            };
            if self.is_unheard(Event::PathLost { text: text.clone() }).await {
                return;
            }
            path = match self.come_back(text).await {
                Ok(path) => path,
                Err(ended) => break ended,
            };
            self.token = path.joined.resume_token.clone();
            outbox = Arc::new(Outbox::default());
            self.way.set(Some(Arc::clone(&outbox)));
            if self.way.is_leaving() {
                self.way.leave();
            }
            let peer_present = path.joined.peer_present;
            if self.is_unheard(Event::PathResumed { peer_present }).await {
                return;
            }
        };
        // With nobody listening there is nobody to tell.
        let _ = self.tell.send((Event::Ended(over), Instant::now())).await;
    }

    /// Tells the application. `true`: it listens no more, and it is not because it hangs up.
    async fn is_unheard(&self, event: Event) -> bool {
        self.tell.send((event, Instant::now())).await.is_err() && !self.way.is_leaving()
    }

    /// Tries to resume until the relay has given the place away.
    async fn come_back(&self, mut last: String) -> Result<Path, Ended> {
        let lost = Instant::now();
        let mut wait = FIRST_RETRY;
        while lost.elapsed() < self.keep {
            let attempt = Path::open(&self.target, resume(self.token.clone()), &self.software);
            match attempt.await {
                Ok(path) => return Ok(path),
                Err(PathError::Refused { reason, text }) if !passes(reason) => {
                    return Err(Ended::ByRelay { reason, text });
                }
                Err(error) => last = error.to_string(),
            }
            tokio::select! {
                () = sleep(wait) => {}
                // Who hangs up wants it over: the next try comes at once.
                () = self.way.left.notified() => {}
            }
            wait = (wait * 2).min(LONGEST_RETRY);
        }
        Err(Ended::PathLost { text: last })
    }

    async fn drive(&mut self, path: Path, outbox: &Outbox) -> PathEnd {
        let late = Figure::default();
        let mut speaking = pin!(speak(path.write, outbox, &late));
        let mut listening = pin!(self.listen(path.read, path.reader, outbox));
        tokio::select! {
            end = &mut listening => return end,
            spoken = &mut speaking => {
                if let Err(error) = spoken {
                    return PathEnd::Lost(error.to_string());
                }
            }
        }
        // We have hung up. That it was written does not say that it was read: only the relay's own
        // last word does.
        timeout(ANSWER_TIME, listening)
            .await
            .unwrap_or_else(|_| PathEnd::Lost("the relay does not answer".to_owned()))
    }

    async fn listen(&mut self, mut read: PathRead, mut reader: Reader, outbox: &Outbox) -> PathEnd {
        let mut assembler = Assembler::default();
        let mut ticks = interval(PING_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        let mut silent = 0;
        loop {
            loop {
                let record = match reader.take_record() {
                    Ok(Some(record)) => record,
                    Ok(None) => break,
                    Err(error) => return PathEnd::Lost(format!("the relay sent {error}")),
                };
                if let Err(end) = self.take(&record, &reader, &mut assembler, outbox).await {
                    return end;
                }
            }
            tokio::select! {
                read = read.read(reader.room()) => match read {
                    Ok(0) => return PathEnd::Lost("the relay closed the connection".to_owned()),
                    Ok(count) => {
                        silent = 0;
                        reader.filled(count);
                    }
                    Err(error) => return PathEnd::Lost(error.to_string()),
                },
                _ = ticks.tick() => {
                    if silent >= SILENT_TIMES {
                        return PathEnd::Lost("the relay is silent".to_owned());
                    }
                    silent += 1;
                    outbox.message(record::encode(Message::Ping(silent.into())));
                }
            }
        }
    }

    async fn take(
        &mut self,
        record: &Record,
        reader: &Reader,
        assembler: &mut Assembler,
        outbox: &Outbox,
    ) -> Result<(), PathEnd> {
        let stream = record.header.stream;
        let event = match record.header.kind {
            Kind::Audio => Some(Event::Audio { stream, payload: record.payload() }),
            Kind::Control => Some(Event::Control { stream, payload: record.payload() }),
            Kind::Video => assembler.take(record).map(|whole| Event::Video {
                stream,
                frame: whole.frame,
                key: whole.key,
                payload: whole.payload,
            }),
            Kind::Message => match reader.message(record) {
                Ok(Some(message)) => self.message(message, outbox)?,
                Ok(None) => None,
                Err(error) => return Err(PathEnd::Lost(format!("the relay sent {error}"))),
            },
        };
        let Some(event) = event else { return Ok(()) };
        if self.is_unheard(event).await { Err(PathEnd::Left) } else { Ok(()) }
    }

    fn message(&mut self, message: Message, outbox: &Outbox) -> Result<Option<Event>, PathEnd> {
        Ok(match message {
            Message::PeerState(state) => {
                if !state.resume_token.is_empty() {
                    self.token = state.resume_token.clone();
                }
                match state.presence() {
                    Presence::Present => Some(Event::PeerPresent { resumed: state.resumed }),
                    Presence::Lost => Some(Event::PeerLost { seconds: state.seconds }),
                    Presence::Unspecified => None,
                }
            }
            Message::VideoDropped(dropped) => u16::try_from(dropped.stream).ok().map(|stream| {
                let (frames, key_needed) = (dropped.frames, dropped.key_needed);
                Event::VideoDropped { stream, frames, key_needed }
            }),
            Message::Ended(ended)
                if ended.may_resume || ended.reason() == EndReason::EndReplaced =>
            {
                return Err(PathEnd::Lost(ended.text));
            }
            Message::Ended(ended) => {
                let reason = ended.reason();
                return Err(PathEnd::Over(Ended::ByRelay { reason, text: ended.text }));
            }
            Message::Ping(number) => {
                outbox.message(record::encode(Message::Pong(number)));
                None
            }
            _ => None,
        })
    }
}
