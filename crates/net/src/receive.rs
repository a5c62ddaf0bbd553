//! One incoming connection, from its first byte to its end.
//!
//! In: a connected socket. Out: frames into a stream of the hub. Finds out the format, reads the
//! socket until it is empty, cuts the bytes into messages, and hands on the newest frame of what
//! there was. Sees to it that a peer that is broken, slow, silent or endless ends its own
//! connection at most and hinders nobody else. Never waits for a peer to read.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use okno_media::EncodedFrame;
use okno_session::Stream;
use okno_wire::{Format, Sniffed, hex, sniff};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout, timeout_at};

use crate::catch_up::CatchUp;
use crate::okno_peer::OknoPeer;
use crate::reader::{FrameReader, Received};
use crate::server::{Context, Event};
use crate::{feed, http_push};

/// Bytes read from one connection before others get their turn: about a frame, 0.1 ms. A sender
/// that fills the socket as fast as it can must not keep the network's thread to itself.
const TURN: usize = 256 << 10;

/// Bytes read from one connection before its newest frame is handed on although more is there.
/// Only a sender without a rhythm fills the socket faster than it is read.
const DRAIN: usize = 2 << 20;

/// How long such a sender is left alone if no decoder wants its next frame sooner; meanwhile the
/// kernel holds it up. With [`DRAIN`] it is read at 200 MB/s at most, which is more than a
/// gigabit link carries, and costs a twentieth of a core.
const PAUSE: Duration = Duration::from_millis(10);

/// Why a connection ended, as a sentence for a person.
pub(crate) type End = String;

/// Handles one connection. `decided` is called once the peer has said what it is.
pub(crate) async fn run(
    socket: TcpStream,
    peer: SocketAddr,
    mut context: Context,
    decided: impl FnOnce(),
) {
    let mut ending = context.ending.clone();
    let mut connection = Connection {
        socket,
        peer,
        reader: FrameReader::new(context.limits.wire),
        progress: Progress { since: Instant::now(), bytes: 0 },
        stream: None,
        okno: None,
        newest: None,
        frames: 0,
        demand: Arc::default(),
    };
    let end = tokio::select! {
        biased;
        _ = ending.wait_for(|ending| *ending) => {
            connection.goodbye();
            "Okno is closing".to_owned()
        }
        end = connection.receive(&mut context, decided) => end,
    };
    connection.submit_newest();
    match &connection.stream {
        Some(stream) => {
            log::info!("{peer} ({}): {end}", stream.info().name);
            context.hub.close(stream, &end);
        }
        None => {
            log::warn!("{peer}: {end}");
            (context.on_event)(Event::Refused { peer: peer.to_string(), message: end });
        }
    }
}

/// What a connection turned out to speak.
enum Spoken {
    Frames(Format),
    Http,
}

struct Progress {
    since: Instant,
    bytes: usize,
}

struct Connection {
    socket: TcpStream,
    peer: SocketAddr,
    reader: FrameReader,
    progress: Progress,
    stream: Option<Arc<Stream>>,
    okno: Option<OknoPeer>,
    /// The newest whole frame that was not handed on yet.
    newest: Option<EncodedFrame>,
    /// Whole frames so far.
    frames: u64,
    /// Woken when a decoder took the stream's frame or its view changed.
    demand: Arc<Notify>,
}

impl Connection {
    async fn receive(&mut self, context: &mut Context, decided: impl FnOnce()) -> End {
        let spoken = self.find_format(context).await;
        decided();
        let format = match spoken {
            Ok(Spoken::Frames(format)) => format,
            Ok(Spoken::Http) => return self.http(context).await,
            Err(end) => return end,
        };
        log::info!("{}: connected, format {format}", self.peer);
        self.reader.set_format(format);
        if format == Format::Okno {
            self.okno = Some(OknoPeer::new(Arc::clone(&self.demand)));
        }
        match self.frames(context, format).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    /// Drains the socket and hands on the newest frame, over and over.
    async fn frames(&mut self, context: &Context, format: Format) -> Result<Infallible, End> {
        let mut catch_up = CatchUp::new(Instant::now());
        loop {
            let before = self.frames;
            let dry = self.drain(context, format).await?;
            let now = Instant::now();
            catch_up.drained(now, self.frames - before);
            let mut hold = catch_up.hold_until(now);
            if hold.is_none() {
                self.submit_newest();
                if !dry {
                    self.pause().await;
                }
            }
            while dry && !self.readable(context, hold).await? {
                hold = catch_up.hold_until(Instant::now());
                if hold.is_none() {
                    self.submit_newest();
                }
            }
        }
    }

    /// Leaves the connection to the HTTP library, the bytes that were read first.
    async fn http(&mut self, context: &Context) -> End {
        let begun = self.reader.unread().to_vec();
        log::info!("{}: connected, HTTP", self.peer);
        http_push::serve(&mut self.socket, begun, self.peer, context).await
    }

    async fn find_format(&mut self, context: &Context) -> Result<Spoken, End> {
        let deadline = Instant::now() + context.limits.first_bytes;
        loop {
            match sniff(self.reader.unread(), context.limits.wire) {
                Sniffed::Format(format) => return Ok(Spoken::Frames(format)),
                Sniffed::Http => return Ok(Spoken::Http),
                Sniffed::Unknown(guess) => {
                    return Err(format!(
                        "refused at byte 0: {guess}; it began with {}",
                        hex(self.reader.unread())
                    ));
                }
                Sniffed::NeedMore => {}
            }
            match timeout_at(deadline, self.socket.readable()).await {
                Ok(ready) => ready.map_err(|error| lost(&error))?,
                Err(_) if self.reader.unread().is_empty() => {
                    let seconds = context.limits.first_bytes.as_secs();
                    return Err(format!("connected and said nothing for {seconds} s"));
                }
                Err(_) => return Err("stopped before its format could be told".into()),
            }
            self.read()?;
        }
    }

    /// Reads until the socket is empty (`true`) or [`DRAIN`] bytes have come, and keeps the
    /// newest frame.
    async fn drain(&mut self, context: &Context, format: Format) -> Result<bool, End> {
        let (mut bytes, mut turn) = (0, 0);
        loop {
            self.take_messages(context, format)?;
            if bytes >= DRAIN && self.newest.is_some() {
                return Ok(false);
            }
            let Some(n) = self.read()? else { return Ok(true) };
            bytes += n;
            turn += n;
            if turn >= TURN {
                turn = 0;
                tokio::task::yield_now().await;
            }
        }
    }

    /// Takes every message that is complete.
    fn take_messages(&mut self, context: &Context, format: Format) -> Result<(), End> {
        loop {
            match self.reader.next_message() {
                Ok(None) => return Ok(()),
                Ok(Some(message)) => {
                    if let Some(frame) = self.message(message, context, format)? {
                        self.keep(frame);
                    }
                    self.progress = Progress { since: Instant::now(), bytes: 0 };
                }
                Err((offset, invalid)) => {
                    let end = format!("broken {format} stream at byte {offset}: {invalid}");
                    if let Some(okno) = &mut self.okno {
                        okno.protocol_error(&end, &self.socket);
                    }
                    return Err(end);
                }
            }
        }
    }

    fn message(
        &mut self,
        message: Received,
        context: &Context,
        format: Format,
    ) -> Result<Option<EncodedFrame>, End> {
        if let Some(okno) = &mut self.okno {
            return okno.message(message, &self.socket, self.peer, &mut self.stream, context);
        }
        if self.stream.is_none() {
            let stream = feed::open_foreign(context, self.peer, format)?;
            let demand = Arc::clone(&self.demand);
            stream.on_demand(Box::new(move || demand.notify_one()));
            self.stream = Some(stream);
        }
        Ok(Some(feed::frame(message)))
    }

    /// Keeps the newest frame; the one before it goes no further.
    fn keep(&mut self, frame: EncodedFrame) {
        self.frames += 1;
        if let (Some(older), Some(stream)) = (self.newest.replace(frame), &self.stream) {
            stream.pass_over(&older);
        }
    }

    fn submit_newest(&mut self) {
        if let (Some(frame), Some(stream)) = (self.newest.take(), &self.stream) {
            stream.submit(frame);
        }
    }

    /// Leaves the sender alone until a decoder has taken its frame, for [`PAUSE`] at most.
    async fn pause(&self) {
        let taken = async {
            while self.stream.as_ref().is_some_and(|stream| stream.holds_frame()) {
                self.demand.notified().await;
            }
        };
        let _ = timeout(PAUSE, taken).await;
    }

    /// Waits until there is something to read; `false` when `hold` came first.
    async fn readable(&mut self, context: &Context, hold: Option<Instant>) -> Result<bool, End> {
        loop {
            let in_message = !self.reader.unread().is_empty();
            let far = Instant::now() + Duration::from_secs(86_400);
            let stuck =
                if in_message { self.progress.since + context.limits.progress_time } else { far };
            let until = hold.map_or(stuck, |hold| hold.min(stuck));
            let ready = timeout_at(until, async {
                match &mut self.okno {
                    Some(okno) => okno.readable(&self.socket).await,
                    None => self.socket.readable().await,
                }
            });
            match ready.await {
                Ok(ready) => return ready.map(|()| true).map_err(|error| lost(&error)),
                Err(_) if hold.is_some_and(|hold| hold <= Instant::now()) => return Ok(false),
                Err(_) if in_message => self.check_progress(context)?,
                Err(_) => {}
            }
        }
    }

    fn check_progress(&mut self, context: &Context) -> Result<(), End> {
        let limits = &context.limits;
        if self.progress.bytes < limits.least_progress {
            return Err(format!(
                "stopped in the middle of a frame: {} bytes in {} s, at byte {}",
                self.progress.bytes,
                limits.progress_time.as_secs(),
                self.reader.offset() + self.reader.unread().len() as u64
            ));
        }
        self.progress = Progress { since: Instant::now(), bytes: 0 };
        Ok(())
    }

    /// Reads what there is, once; the number of bytes, `None` when there is nothing.
    fn read(&mut self) -> Result<Option<usize>, End> {
        let was_empty = self.reader.unread().is_empty();
        match self.socket.try_read(self.reader.space()) {
            Ok(0) => Err(self.closed()),
            Ok(n) => {
                self.reader.filled(n);
                if was_empty {
                    self.progress = Progress { since: Instant::now(), bytes: 0 };
                }
                self.progress.bytes += n;
                Ok(Some(n))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(lost(&error)),
        }
    }

    fn closed(&self) -> End {
        if let Some(words) = self.okno.as_ref().and_then(OknoPeer::farewell) {
            words.to_owned()
        } else if !self.reader.may_end() {
            let at = self.reader.offset() + self.reader.unread().len() as u64;
            format!("the sender closed the connection in the middle of a frame, at byte {at}")
        } else {
            "the sender closed the connection".to_owned()
        }
    }

    fn goodbye(&mut self) {
        if let Some(okno) = &mut self.okno {
            okno.viewer_closes(&self.socket);
        }
    }
}

pub(crate) fn lost(error: &std::io::Error) -> End {
    match error.kind() {
        ErrorKind::ConnectionReset => "the sender broke the connection off".to_owned(),
        ErrorKind::TimedOut => "the sender's machine does not answer any more".to_owned(),
        _ => format!("the connection failed: {error}"),
    }
}
