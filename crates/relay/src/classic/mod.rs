//! The original call server's protocol: two clients with the same session code are joined.
//!
//! In: connections to the video or the audio port. Out: each one's bytes to the other, unchanged,
//! less the whole frames or chunks for which the other was too slow. Video and audio are joined
//! apart from each other. Never decodes a picture, never logs a code.

mod framing;
mod lobby;
mod pipe;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::time::timeout;

use crate::figures::Figures;
use crate::gate::Pass;
use crate::limits::{
    CLASSIC_CODE, FAREWELL_TIME, HELLO_TIME, READ_BUFFER, WAIT_TIME, WRITE_BATCH, WRITE_STALL,
};
use crate::pace::Pace;
use crate::server::Shared;
use framing::{Framer, TooLarge};
pub(crate) use lobby::Lobby;
use lobby::Meeting;
use pipe::{Closing, Pipe, Popped};

/// What a port carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// Each frame: uint32 little-endian size, then a pickle of that size.
    Video,
    /// PCM in chunks of 2,048 bytes.
    Audio,
}

/// Why a classic connection ended.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("a session code of {0} bytes; 1 to 1024 are allowed")]
    Code(i32),
    #[error("no session code within {} s", HELLO_TIME.as_secs())]
    Silent,
    #[error("made room for others that had something to say")]
    MadeRoom,
    #[error("{0}")]
    TooLarge(#[from] TooLarge),
    #[error("too many tries from this address; again in {} s", .0.as_secs() + 1)]
    Attempts(Duration),
    #[error("too many callers wait already")]
    LobbyFull,
    #[error("nobody came with the same session code within {} minutes", WAIT_TIME.as_secs() / 60)]
    NobodyCame,
    #[error("took nothing for {} s", WRITE_STALL.as_secs())]
    Stalled,
    #[error("closed its connection")]
    Left,
    #[error("the other one left")]
    PartnerLeft,
    #[error("the relay stops")]
    Stopping,
}

/// Serves one connection until it or its partner's ends.
pub(crate) async fn serve(
    mut stream: TcpStream,
    peer: SocketAddr,
    pass: &Pass,
    shared: &Shared,
    lobby: &Lobby,
) {
    let end = tokio::select! {
        end = attend(&mut stream, peer, pass, shared, lobby) => end,
        () = shared.stopped() => Err(End::Stopping),
    };
    let Err(end) = end;
    let media = lobby.media();
    let figures = &shared.figures;
    match &end {
        End::Silent | End::MadeRoom => figures.refused_silent.add(1),
        End::Code(_) | End::TooLarge(_) => figures.refused_input.add(1),
        End::Attempts(_) | End::LobbyFull => figures.refused_limit.add(1),
        _ => {}
    }
    log::info!("{peer}: classic {media:?}: {end}");
    // Closing with bytes unread would throw away what the client has not taken yet.
    let _ = timeout(FAREWELL_TIME, async {
        stream.shutdown().await?;
        let mut rest = [0; 4096];
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    })
    .await;
}

/// The connection's life. Returns only when it ends.
async fn attend(
    stream: &mut TcpStream,
    peer: SocketAddr,
    pass: &Pass,
    shared: &Shared,
    lobby: &Lobby,
) -> Result<std::convert::Infallible, End> {
    keep_alive(stream);
    let code = {
        let entry = shared.undecided.enter();
        tokio::select! {
            code = timeout(HELLO_TIME, read_code(stream)) => code.map_err(|_| End::Silent)??,
            () = entry.give_up() => return Err(End::MadeRoom),
        }
    };
    pass.attempt(Instant::now()).map_err(End::Attempts)?;
    let media = lobby.media();
    let outgoing = Arc::new(Pipe::new(media));
    // However this ends: the partner is told.
    let _closing = Closing(&outgoing);
    let (read, write) = stream.split();
    let mut listening = std::pin::pin!(listen(read, &outgoing, media, &shared.figures));
    let (incoming, _pair) = match lobby.meet(code, &outgoing) {
        Meeting::Full => return Err(End::LobbyFull),
        Meeting::Met(incoming) => {
            log::info!("{peer}: classic {media:?}: joined with the caller that waited");
            (incoming, Some(Level::new(&shared.figures.classic_pairs)))
        }
        Meeting::Wait(mut place) => {
            let _level = Level::new(&shared.figures.classic_waiting);
            log::info!("{peer}: classic {media:?}: waits");
            let incoming = tokio::select! {
                end = &mut listening => return end,
                incoming = place.met() => incoming,
                () = tokio::time::sleep(WAIT_TIME) => return Err(End::NobodyCame),
            };
            (incoming, None)
        }
    };
    tokio::select! {
        end = &mut listening => end,
        end = speak(write, &incoming) => end,
    }
}

/// A level that is up while this lives.
struct Level<'a>(&'a crate::figures::Figure);

impl<'a> Level<'a> {
    fn new(figure: &'a crate::figures::Figure) -> Self {
        figure.add(1);
        Self(figure)
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.sub(1);
    }
}

/// These clients send no pings: the kernel finds out whether they are still there.
fn keep_alive(stream: &TcpStream) {
    let probes = socket2::TcpKeepalive::new()
        .with_time(Duration::from_secs(30))
        .with_interval(Duration::from_secs(10))
        .with_retries(3);
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_keepalive(&probes) {
        log::debug!("no keepalive: {error}");
    }
}

/// int32 little-endian length, then the code.
async fn read_code(stream: &mut TcpStream) -> Result<Vec<u8>, End> {
    let length = stream.read_i32_le().await?;
    if !CLASSIC_CODE.contains(&length) {
        return Err(End::Code(length));
    }
    let mut code = vec![0; usize::try_from(length).map_err(|_| End::Code(length))?];
    stream.read_exact(&mut code).await?;
    Ok(code)
}

/// Reads for ever, also while nobody takes anything: what is new replaces what is old, and a
/// client that leaves is noticed.
async fn listen(
    mut read: ReadHalf<'_>,
    outgoing: &Pipe,
    media: Media,
    figures: &Figures,
) -> Result<std::convert::Infallible, End> {
    let mut framer = Framer::new(media);
    let mut pace = Pace::new(Instant::now());
    let dropped = match media {
        Media::Video => &figures.classic_dropped_video,
        Media::Audio => &figures.classic_dropped_audio,
    };
    let mut buffer = vec![0; READ_BUFFER];
    loop {
        let count = read.read(&mut buffer).await?;
        if count == 0 {
            return Err(End::Left);
        }
        figures.classic_bytes.add(count as u64);
        let mut pieces = framer.split(buffer.get(..count).unwrap_or_default());
        let drops = outgoing.push(std::iter::from_fn(|| pieces.next().transpose()))?;
        dropped.add(u64::from(drops));
        if let Some(wait) = pace.charge(0, count, Instant::now()) {
            figures.throttled.add(1);
            tokio::time::sleep(wait).await;
        }
    }
}

/// Writes what the partner sends until it has left.
async fn speak(mut write: WriteHalf<'_>, incoming: &Pipe) -> Result<std::convert::Infallible, End> {
    let mut batch = Vec::new();
    loop {
        batch.clear();
        match incoming.pop(&mut batch, WRITE_BATCH) {
            Popped::Nothing => incoming.changed().await,
            Popped::Over => return Err(End::PartnerLeft),
            Popped::Bytes { last_words } => {
                let limit = if last_words { FAREWELL_TIME } else { WRITE_STALL };
                let written = timeout(limit, write.write_all(&batch)).await;
                written.map_err(|_| End::Stalled)??;
            }
        }
    }
}
