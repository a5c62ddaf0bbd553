//! What the thread of a call with an original client does.
//!
//! In: wishes and packets from the inbox, bytes of two connections. Out: the original's bytes,
//! opened packets to the [`Media`], the snapshot. Sound goes before pictures; nothing waits for the
//! other connection.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use okno_media::clock::now_ns;
use okno_relay::limits::{CLASSIC_CHUNKS, WAIT_TIME, WRITE_STALL};
use okno_session::call::{
    Counters, End, JPEG, Limit, Link, Packet, Peer, Phase, Sound, Trouble, VideoFrame,
};
use tokio::time::{MissedTickBehavior, interval};

use super::line::Line;
use super::pictures::Pictures;
use super::splitter::{self, TooLarge};
use super::{CHUNK, Target, pickle};
use crate::Media;
use crate::inbox::Inbox;
use crate::snapshot::Snapshot;

/// How often time passes when nothing else happens: as long as a chunk of sound.
const TICK: Duration = Duration::from_millis(20);

/// How often figures alone are worth a look.
const FIGURES_EVERY: u64 = 250 * MS;

/// A program that sends neither sound nor pictures for so long does not run any more: the
/// original's sound never pauses, and its connection is not closed when its machine is gone.
const SILENT: u64 = 20_000 * MS;

/// ... and when that is shown.
const QUIET: u64 = 3_000 * MS;

/// Pictures of fewer pixels in a row than this are worth a word about the link.
const SMALL: u16 = 320;

/// Without sound of ours for so long, silence is sent: longer than a busy machine holds up a
/// chunk.
const PAUSE: u64 = 200 * MS;

/// Time between chunks: 1,024 samples at 44,100 Hz.
const CHUNK_TIME: u64 = 1_024 * 1_000_000_000 / 44_100;

const MS: u64 = 1_000_000;

/// What the call shares with the application.
pub(crate) struct Desk {
    pub media: Box<dyn Media>,
    pub inbox: Arc<Inbox>,
    pub snapshot: Arc<Mutex<Snapshot>>,
    pub on_change: Box<dyn Fn() + Send>,
}

struct Running {
    desk: Desk,
    phase: Phase,
    began: u64,
    since: Option<u64>,
    sound: VecDeque<Vec<u8>>,
    silence_at: u64,
    pictures: Pictures,
    /// When something whole came.
    heard: u64,
    /// When pictures came, of the last second.
    seen: VecDeque<u64>,
    saw: Option<u64>,
    counters: Counters,
    told: u64,
}

impl From<TooLarge> for End {
    fn from(error: TooLarge) -> Self {
        Self::Protocol(error.to_string())
    }
}

/// The whole call.
pub(crate) async fn run(target: &Target, desk: Desk) {
    let now = now_ns();
    let mut call = Running::new(desk, now);
    call.publish(now);
    let end = match call.connect(target).await {
        Ok((mut video, mut audio)) => call.talk(&mut video, &mut audio).await,
        Err(end) => end,
    };
    log::info!("call over {}: {} {}", target.server, end.name(), end.detail());
    call.desk.inbox.sending.store(false, Ordering::Relaxed);
    if call.since.is_some() {
        call.desk.media.stop();
    }
    call.phase = Phase::Ended(end);
    call.publish(now_ns());
}

impl Running {
    fn new(desk: Desk, now: u64) -> Self {
        Self {
            desk,
            phase: Phase::Connecting,
            began: now,
            since: None,
            // Says that we are there. See the module above.
            sound: VecDeque::from([vec![0; CHUNK]]),
            silence_at: u64::MAX,
            pictures: Pictures::new(now),
            heard: now,
            seen: VecDeque::new(),
            saw: None,
            counters: Counters::default(),
            told: 0,
        }
    }

    async fn connect(&self, target: &Target) -> Result<(Line, Line), End> {
        let inbox = Arc::clone(&self.desk.inbox);
        let server = &target.server;
        log::info!("calling an original client over {server}, not encrypted");
        let unreachable = |port: u16| {
            move |error: io::Error| {
                log::warn!("classic server {} port {port}: {error}", server.host);
                End::Unreachable(format!("port {port}: {error}"))
            }
        };
        let connecting = async {
            let hello = || target.code.hello();
            let (host, video, audio) = (&server.host, server.video_port, server.audio_port);
            let line = Line::connect(host, video, splitter::Media::Video, hello());
            let line = line.await.map_err(unreachable(video))?;
            let other = Line::connect(host, audio, splitter::Media::Audio, hello());
            Ok((line, other.await.map_err(unreachable(audio))?))
        };
        tokio::select! {
            lines = connecting => lines,
            () = inbox.hung_up() => Err(End::HungUp),
        }
    }

    async fn talk(&mut self, video: &mut Line, audio: &mut Line) -> End {
        let inbox = Arc::clone(&self.desk.inbox);
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.phase = Phase::Waiting;
        self.began = now_ns();
        loop {
            let ready = tokio::select! {
                ready = audio.ready() => ready,
                ready = video.ready() => ready,
                () = inbox.changed() => Ok(()),
                _ = ticks.tick() => Ok(()),
            };
            let now = now_ns();
            if inbox.wishes().hang_up {
                return End::HungUp;
            }
            let turn = ready
                .map_err(|error| self.lost(&error))
                .and_then(|()| self.turn(video, audio, now))
                .and_then(|()| self.time(now, audio.took));
            if let Err(end) = turn {
                return end;
            }
            self.publish(now);
        }
    }

    /// One turn for each direction of each connection.
    fn turn(&mut self, video: &mut Line, audio: &mut Line, now: u64) -> Result<(), End> {
        self.hear(audio, now)?;
        self.see(video, now)?;
        self.collect(now);
        self.speak(audio, now).map_err(|error| self.lost(&error))?;
        self.show(video, now).map_err(|error| self.lost(&error))?;
        self.counters.flooded = video.splitter.flooded + audio.splitter.flooded;
        Ok(())
    }

    fn hear(&mut self, audio: &mut Line, now: u64) -> Result<(), End> {
        let read = audio.read().map_err(|error| self.lost(&error))?;
        let Some((bytes, splitter)) = read else { return Ok(()) };
        if bytes.is_empty() {
            return Err(self.closed());
        }
        splitter.split(bytes, now, |chunk| {
            self.present(now);
            self.counters.audio_received += 1;
            // The sender says no time, and nothing is lost on the way.
            self.desk.media.audio(Packet {
                sequence: self.counters.audio_received,
                captured_ns: 0,
                data: chunk.to_vec(),
            });
            Ok(())
        })
    }

    fn see(&mut self, video: &mut Line, now: u64) -> Result<(), End> {
        let read = video.read().map_err(|error| self.lost(&error))?;
        let Some((bytes, splitter)) = read else { return Ok(()) };
        if bytes.is_empty() {
            return Err(self.closed());
        }
        splitter.split(bytes, now, |picture| {
            let jpeg = pickle::read(picture).map_err(|refused| {
                log::warn!("call: {refused}; nothing of it was executed");
                End::Protocol(refused.to_string())
            })?;
            self.present(now);
            self.counters.video_received += 1;
            self.seen.push_back(now);
            self.saw = Some(now);
            self.desk.media.video(VideoFrame {
                number: u32::try_from(self.counters.video_received).unwrap_or(u32::MAX),
                captured_ns: 0,
                captured_here_ns: None,
                codec: JPEG.to_owned(),
                key: true,
                data: jpeg,
            });
            Ok(())
        })
    }

    /// Something of the other one has come.
    fn present(&mut self, now: u64) {
        self.heard = now;
        if self.since.is_none() {
            log::info!("call: the other program is there");
            self.since = Some(now);
            self.phase = Phase::InCall;
            self.silence_at = now + PAUSE;
            self.desk.inbox.sending.store(true, Ordering::Relaxed);
            self.desk.media.start(Sound::Pcm44);
            self.desk.media.video_wanted(self.pictures.rate.wanted());
        }
    }

    /// Takes what came from the application, and silence where nothing came.
    fn collect(&mut self, now: u64) {
        let taken = self.desk.inbox.take();
        self.counters.audio_dropped += taken.audio_dropped;
        self.counters.video_dropped += taken.video_dropped;
        for (_, chunk) in taken.audio {
            // Any other length would shift all that follows.
            if chunk.len() == CHUNK {
                self.silence_at = now + PAUSE;
                self.queue(chunk);
            } else {
                self.counters.audio_dropped += 1;
            }
        }
        self.pictures.held_back(taken.video_held_back, &mut self.counters);
        if let Some(picture) = taken.video {
            self.pictures.offer(picture.data, &mut self.counters);
        }
        let oldest = now.saturating_sub(CLASSIC_CHUNKS as u64 * CHUNK_TIME);
        self.silence_at = self.silence_at.max(oldest);
        while self.silence_at <= now {
            self.silence_at += CHUNK_TIME;
            self.queue(vec![0; CHUNK]);
        }
    }

    fn queue(&mut self, chunk: Vec<u8>) {
        if self.sound.len() == CLASSIC_CHUNKS {
            self.sound.pop_front();
            self.counters.audio_dropped += 1;
        }
        self.sound.push_back(chunk);
    }

    fn speak(&mut self, audio: &mut Line, now: u64) -> io::Result<()> {
        loop {
            audio.write(now)?;
            if !audio.is_free() {
                return Ok(());
            }
            let Some(chunk) = self.sound.pop_front() else { return Ok(()) };
            audio.send(|bytes| bytes.extend_from_slice(&chunk));
            self.counters.audio_sent += 1;
        }
    }

    fn show(&mut self, video: &mut Line, now: u64) -> io::Result<()> {
        loop {
            if video.write(now)? {
                self.pictures.gone(now);
            }
            if !video.is_free() || !self.pictures.is_next() {
                return Ok(());
            }
            video.send(|bytes| self.pictures.fill(bytes, now, &mut self.counters));
        }
    }

    /// Time goes on. `took`: when the server last took sound, or there was none. Pictures that it
    /// does not take are only dropped.
    fn time(&mut self, now: u64, took: u64) -> Result<(), End> {
        while self.seen.front().is_some_and(|at| now.saturating_sub(*at) >= 1_000 * MS) {
            self.seen.pop_front();
        }
        if self.since.is_none() {
            // A second less than our relay's limit, so that the reason is known here.
            let waited = Duration::from_nanos(now.saturating_sub(self.began));
            let limit = WAIT_TIME.saturating_sub(Duration::from_secs(1));
            return if waited < limit { Ok(()) } else { Err(End::NobodyCame) };
        }
        if now.saturating_sub(self.heard) >= SILENT {
            return Err(End::PeerSilent);
        }
        if Duration::from_nanos(now.saturating_sub(took)) >= WRITE_STALL {
            let words = format!("the server took nothing for {} s", WRITE_STALL.as_secs());
            return Err(End::PathLost(words));
        }
        if self.pictures.tick(now) {
            self.desk.media.video_wanted(self.pictures.rate.wanted());
        }
        let room = self.pictures.has_room();
        self.desk.inbox.room.store(room, Ordering::Relaxed);
        Ok(())
    }

    /// The server closed a connection, which is all that it does when the other one leaves.
    fn closed(&self) -> End {
        if self.since.is_some() {
            End::PeerHungUp
        } else {
            End::Unreachable("the server closed the connection".to_owned())
        }
    }

    fn lost(&self, error: &io::Error) -> End {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        match error.kind() {
            // The same, with bytes of ours on the way.
            BrokenPipe | ConnectionAborted | ConnectionReset => self.closed(),
            _ => End::PathLost(error.to_string()),
        }
    }

    fn link(&self, now: u64) -> Link {
        let limit = self.pictures.rate.limit();
        let trouble = if now.saturating_sub(self.heard) >= QUIET {
            Some(Trouble::Receiving)
        } else if limit == Limit::Link && self.pictures.rate.wanted().width < SMALL {
            Some(Trouble::Sending)
        } else {
            None
        };
        Link {
            frames_received: u32::try_from(self.seen.len()).unwrap_or(u32::MAX),
            frames_delivered: self.pictures.rate.delivered(now),
            limit,
            trouble: trouble.filter(|_| self.phase == Phase::InCall),
            ..Link::default()
        }
    }

    /// Writes the snapshot; tells the application if it is worth it.
    fn publish(&mut self, now: u64) {
        let wishes = self.desk.inbox.wishes();
        let recently = |at: Option<u64>| at.is_some_and(|at| now.saturating_sub(at) < QUIET);
        let new = Snapshot {
            phase: self.phase.clone(),
            sealed: false,
            peer: self.since.map(|_| Peer { camera_on: recently(self.saw), ..Peer::default() }),
            muted: wishes.muted,
            camera_on: wishes.camera_on,
            since_ns: self.since,
            video: self.since.map(|_| self.pictures.rate.wanted()),
            link: self.link(now),
            counters: self.counters,
            ..Snapshot::default()
        };
        let mut snapshot = self.desk.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = !new.looks_like(&snapshot);
        *snapshot = new;
        drop(snapshot);
        if changed || now.saturating_sub(self.told) >= FIGURES_EVERY {
            self.told = now;
            (self.desk.on_change)();
        }
    }
}

#[cfg(test)]
#[path = "driver_tests.rs"]
mod tests;
