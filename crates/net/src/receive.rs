//! One incoming connection, from its first byte to its end.
//!
//! In: a connected socket. Out: frames into a stream of the hub. Finds out the format, cuts the
//! bytes into messages, and sees to it that a peer that is broken, slow or silent ends its own
//! connection and nothing else. Never waits for a peer to read.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use okno_session::Stream;
use okno_wire::{Format, Sniffed, hex, sniff};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::okno_peer::OknoPeer;
use crate::reader::{FrameReader, Received};
use crate::server::{Context, Event};
use crate::{feed, http_push};

/// Frames taken from one connection before others get their turn: a sender that fills the
/// socket as fast as it can must not keep the network's thread to itself.
const TURN: usize = 8;

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
    };
    let end = tokio::select! {
        biased;
        _ = ending.wait_for(|ending| *ending) => {
            connection.goodbye();
            "Okno is closing".to_owned()
        }
        end = connection.receive(&mut context, decided) => end,
    };
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
            self.okno = Some(OknoPeer::new());
        }
        loop {
            if let Err(end) = self.take_messages(context, format).await {
                return end;
            }
            if let Err(end) = self.fill(context).await {
                return end;
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

    /// Hands on every message that is complete.
    async fn take_messages(&mut self, context: &mut Context, format: Format) -> Result<(), End> {
        let mut taken = 0;
        loop {
            match self.reader.next_message() {
                Ok(None) => return Ok(()),
                Ok(Some(message)) => {
                    self.message(message, context, format)?;
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
            taken += 1;
            if taken % TURN == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    fn message(&mut self, message: Received, context: &Context, format: Format) -> Result<(), End> {
        if let Some(okno) = &mut self.okno {
            return okno.message(message, &self.socket, self.peer, &mut self.stream, context);
        }
        let stream = match &self.stream {
            Some(stream) => stream,
            None => self.stream.insert(feed::open_foreign(context, self.peer, format)?),
        };
        feed::submit(stream, message);
        Ok(())
    }

    /// Waits for more bytes and reads them.
    async fn fill(&mut self, context: &Context) -> Result<(), End> {
        let in_message = !self.reader.unread().is_empty();
        let deadline = self.progress.since + context.limits.progress_time;
        let far = Instant::now() + Duration::from_secs(86_400);
        let deadline = if in_message { deadline } else { far };
        let ready = timeout_at(deadline, async {
            match &mut self.okno {
                Some(okno) => okno.readable(&self.socket).await,
                None => self.socket.readable().await,
            }
        });
        match ready.await {
            Ok(ready) => ready.map_err(|error| lost(&error))?,
            Err(_) if in_message => self.check_progress(context)?,
            Err(_) => {}
        }
        self.read()
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

    fn read(&mut self) -> Result<(), End> {
        let was_empty = self.reader.unread().is_empty();
        match self.socket.try_read(self.reader.space()) {
            Ok(0) => Err(self.closed()),
            Ok(n) => {
                self.reader.filled(n);
                if was_empty {
                    self.progress = Progress { since: Instant::now(), bytes: 0 };
                }
                self.progress.bytes += n;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
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
