//! What two callers do once they have keys: sealed sound, pictures, and what they tell each other.
//!
//! In: packets to seal, what the person sets, the time. Out: sealed packets and messages to send.
//! What comes from the other caller is in `incoming`, what the two programs tell each other in
//! `telling`.

mod incoming;
mod telling;

use std::collections::VecDeque;
use std::time::Duration;

use okno_wire::proto::okno::call_control::Content;
use okno_wire::proto::okno::call_message::Message;
use sframe::error::SframeError;

use super::events::Settings;
use super::keys::Keys;
use super::rate::RateControl;
use super::reception::{Fault, Flood, Reception};
use super::sealing::{Kind, Opener, Sealer};
use super::video::{self, JPEG, MAX_CODEC_NAME, Picture, Sequence};
use super::{Header, Link, Packet, Peer, Trouble, VideoFrame, VideoQuality};
use crate::clock_sync::ClockSync;

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;

/// Packets a second of each kind that are opened: sound in packets of 2.5 ms, pictures of a fast
/// camera, and what accompanies both. Above it a peer only costs us time.
const MAX_AUDIO: u64 = 400;
const MAX_VIDEO: u64 = 120;
const MAX_CONTROL: u64 = 300;

/// Largest packet of sound: 20 ms of stereo at the most that Opus has is 1,275; PCM is not sent.
const MAX_AUDIO_PACKET: usize = 4_000;

/// Largest picture that is sealed: the call protocol's limit less the seal and the codec's name.
const MAX_PICTURE: usize = (4 << 20) - 64 - MAX_CODEC_NAME;

/// A round trip above this makes talking hard (ITU-T G.114: 150 ms a way, 400 at most).
const LONG_TRIP: Duration = Duration::from_millis(600);

/// Lost sound, in thousandths, that is heard although the codec conceals it.
const HEARD_LOSS: u32 = 50;

/// What a packet turned out to be.
#[derive(Debug)]
pub(super) enum Heard {
    Nothing,
    Audio(Packet),
    Video(VideoFrame),
    VideoWanted(VideoQuality),
    Bye,
    Forged,
}

/// See the module.
pub(super) struct Conversation {
    sealer: Sealer,
    opener: Opener,
    settings: Settings,
    verified: bool,
    shown: (u16, u16, u8),
    peer: Peer,
    /// The last message of the key agreement, if it was ours, until the other end shows that it
    /// has it.
    last: Option<Content>,
    /// Our clock when this began: what we tell is counted from here, since the machine's own
    /// clock says how long it has been running.
    began: u64,
    clocks: ClockSync,
    reception: Reception,
    rate: RateControl,
    floods: [Flood; 3],
    frame: u32,
    frames_received: VecDeque<u64>,
    peer_loss: u32,
    heard: u64,
    tampered: Fault,
    flooded: Fault,
    unknown: Fault,
    late: Fault,
    /// For the log.
    line: Option<String>,
    /// Which of the other's pictures can be decoded.
    sequence: Sequence,
    /// Our next picture has to be a key frame.
    key_needed: bool,
    pinged: u64,
    pings: u32,
    reported: u64,
    stated: u64,
    messages: VecDeque<Message>,
    loss: u32,
}

impl Conversation {
    pub fn new(
        keys: &Keys,
        settings: Settings,
        last: Option<Content>,
        now: u64,
    ) -> Result<Self, SframeError> {
        Ok(Self {
            sealer: Sealer::new(&keys.sending)?,
            opener: Opener::new(&keys.receiving)?,
            settings,
            verified: false,
            shown: (1280, 960, 30),
            peer: Peer::default(),
            last,
            began: now.saturating_sub(SECOND),
            clocks: ClockSync::new(false),
            reception: Reception::default(),
            rate: RateControl::new(now),
            floods: [MAX_AUDIO, MAX_CONTROL, MAX_VIDEO].map(|most| Flood::new(most, now)),
            frame: 0,
            frames_received: VecDeque::new(),
            peer_loss: 0,
            heard: now,
            tampered: Fault::default(),
            flooded: Fault::default(),
            unknown: Fault::default(),
            late: Fault::default(),
            line: None,
            sequence: Sequence::default(),
            key_needed: true,
            pinged: 0,
            pings: 0,
            reported: 0,
            stated: 0,
            messages: VecDeque::new(),
            loss: 0,
        })
    }

    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// For how long nothing came that the other end sealed.
    pub fn silence(&self, now: u64) -> u64 {
        now.saturating_sub(self.heard)
    }

    /// The silence begins anew.
    pub fn heard_at(&mut self, now: u64) {
        self.heard = now;
    }

    pub fn last_of_agreement(&self) -> Option<Content> {
        self.last.clone()
    }

    pub fn video_wanted(&self) -> VideoQuality {
        self.rate.wanted()
    }

    pub fn audio_missing(&self) -> u64 {
        self.reception.missing()
    }

    pub fn round_trip(&self) -> Option<Duration> {
        self.clocks.recent_round_trip().map(Duration::from_nanos)
    }

    pub fn verified(&self) -> bool {
        self.verified
    }

    pub fn link(&self, now: u64) -> Link {
        let round_trip = self.round_trip();
        let recent = |at: &&u64| now.saturating_sub(**at) < SECOND;
        let trouble = if self.tampered.is_shown(now) {
            Some(Trouble::Tampering)
        } else if self.flooded.is_shown(now) {
            Some(Trouble::Flooding)
        } else if self.unknown.is_shown(now) {
            Some(Trouble::Codec)
        } else if self.loss >= HEARD_LOSS {
            Some(Trouble::Receiving)
        } else if self.peer_loss >= HEARD_LOSS || self.rate.is_lowered() {
            Some(Trouble::Sending)
        } else if round_trip.is_some_and(|trip| trip > LONG_TRIP) {
            Some(Trouble::Delay)
        } else {
            None
        };
        Link {
            round_trip,
            audio_loss_permille: self.loss,
            peer_audio_loss_permille: self.peer_loss,
            audio_jitter: self.reception.jitter(),
            frames_received: self.frames_received.iter().filter(recent).count() as u32,
            frames_delivered: self.rate.delivered(now),
            limit: self.rate.limit(),
            trouble,
        }
    }

    /// Both are there (again): say what the other must know.
    pub fn resume(&mut self, now: u64) {
        self.heard = now;
        self.reception.resumed();
        self.rate.restart(now);
        // What was on the way never arrives, in both directions.
        self.key_needed = true;
        self.sequence = Sequence::default();
        (self.pings, self.pinged) = (0, 0);
        self.messages.clear();
        self.state(now);
        self.tick(now);
    }

    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
        self.state_soon();
    }

    pub fn set_verified(&mut self, verified: bool) {
        self.verified = verified;
        self.state_soon();
    }

    pub fn show_video(&mut self, width: u16, height: u16, rate: u8) {
        self.shown = (width, height, rate);
        self.report_message();
    }

    /// Our clock as the other end sees it.
    fn clock(&self, at: u64) -> u64 {
        at.saturating_sub(self.began).max(1)
    }

    pub fn seal_audio(&mut self, captured: u64, data: &[u8]) -> Option<Vec<u8>> {
        if self.settings.muted || data.len() > MAX_AUDIO_PACKET {
            return None;
        }
        let header = Header { kind: Kind::Audio, key: false, stream: 0, frame: 0 };
        let time = self.clock(captured);
        self.sealer.seal(header, time, data)
    }

    pub fn has_room_for_video(&self, now: u64) -> bool {
        self.settings.camera_on && self.rate.has_room(now)
    }

    /// What is wanted now, if that has changed by it.
    pub fn camera_gives(&mut self, width: u16, height: u16, rate: u8) -> Option<VideoQuality> {
        let before = self.rate.wanted();
        self.rate.camera_gives(width, height, rate);
        Some(self.rate.wanted()).filter(|wanted| *wanted != before)
    }

    pub fn needs_key(&self) -> bool {
        self.key_needed
    }

    pub fn need_key(&mut self) {
        self.key_needed = true;
    }

    fn peer_reads(&self, codec: &str) -> bool {
        codec == JPEG || self.peer.video_codecs.iter().any(|name| name == codec)
    }

    pub fn seal_video(&mut self, picture: &Picture, now: u64) -> Option<(u32, Vec<u8>)> {
        let Picture { captured_ns, codec, key, ref data } = *picture;
        let readable = self.peer_reads(codec) && (key || !self.key_needed);
        if !self.settings.camera_on || data.len() > MAX_PICTURE || !readable {
            return None;
        }
        let frame = self.frame;
        let header = Header { kind: Kind::Video, key, stream: 0, frame };
        let plain = video::wrap(codec, data)?;
        let sealed = self.sealer.seal(header, self.clock(captured_ns), &plain)?;
        self.key_needed = false;
        self.frame = self.frame.wrapping_add(1);
        self.rate.sent(frame, sealed.len(), now);
        Some((frame, sealed))
    }

    /// The relay keeps the newest of pictures that come to it at once, as they do after a loss; a
    /// way that does not take them shows in how long they wait.
    pub fn video_dropped(&mut self, key_needed: bool) {
        self.key_needed |= key_needed;
    }

    /// A line for the log, once.
    pub fn line_for_log(&mut self) -> Option<String> {
        self.line.take()
    }
}
