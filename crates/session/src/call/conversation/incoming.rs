//! What comes from the other caller once there are keys.
//!
//! In: sealed packets, the time. Out: what they turned out to be, and for the log what was wrong with
//! them. Never hands out a packet whose seal does not fit, that came before, or sound that is too old.

use okno_wire::proto::okno::call_message::Message;
use okno_wire::proto::okno::{CallMessage, CallPong, CallState, VideoReceived};
use prost::Message as _;

use super::{Conversation, Heard, MS, SECOND};
use crate::call::sealing::{Kind, Opened, Refused};
use crate::call::video::{self, JPEG, MAX_CODECS};
use crate::call::{Counters, Header, Packet, Peer, VideoFrame};
use crate::clock_sync::Exchange;

/// Sound that is older than this when it comes is thrown away: after a lost path was resumed, the
/// call goes on in the present.
const AUDIO_AGE: u64 = 500 * MS;

impl Conversation {
    fn open(
        &mut self,
        header: Header,
        sealed: &[u8],
        now: u64,
        counters: &mut Counters,
    ) -> Result<Opened, Heard> {
        let flood = &mut self.floods[header.kind as usize - 1];
        if !flood.allows(now) {
            counters.flooded += 1;
            if self.flooded.happens(now) {
                self.line = Some(format!(
                    "the other program sends more than a call needs; {} packets were thrown away",
                    counters.flooded
                ));
            }
            return Err(Heard::Nothing);
        }
        match self.opener.open(header, sealed) {
            Ok(opened) => {
                self.heard = now;
                // It seals with the keys, so it has our confirmation.
                self.last = None;
                Ok(opened)
            }
            Err(Refused::Forged) => {
                counters.forged += 1;
                self.tampers(header.kind, "was changed or made up", now);
                Err(Heard::Forged)
            }
            Err(Refused::Replayed) => {
                counters.replayed += 1;
                self.tampers(header.kind, "was repeated or came far too late", now);
                Err(Heard::Nothing)
            }
        }
    }

    /// A packet came that is not even one to be opened.
    pub fn unreadable(&mut self, kind: Kind, now: u64) {
        self.tampers(kind, "was changed or made up", now);
    }

    fn tampers(&mut self, kind: Kind, what: &str, now: u64) {
        if self.tampered.happens(now) {
            self.line = Some(format!("a packet ({kind:?}) {what} on the way; it was thrown away"));
        }
    }

    /// Sound or a picture.
    pub fn media(
        &mut self,
        header: Header,
        sealed: &[u8],
        now: u64,
        counters: &mut Counters,
    ) -> Heard {
        let opened = match self.open(header, sealed, now, counters) {
            Ok(opened) => opened,
            Err(heard) => return heard,
        };
        if header.stream != 0 {
            // Of a later version.
            counters.unexpected += 1;
            return Heard::Nothing;
        }
        let here = self.clocks.to_viewer(opened.time);
        let Opened { sequence, time, data } = opened;
        if header.kind == Kind::Video {
            return self.picture(header, Opened { sequence, time, data }, here, now, counters);
        }
        if here.is_some_and(|here| now.saturating_sub(here) > AUDIO_AGE) {
            counters.audio_late += 1;
            // For who listens it is lost.
            self.reception.late(sequence);
            if self.late.happens(now) {
                self.line = Some(format!(
                    "sound comes more than {} ms late; it is thrown away",
                    AUDIO_AGE / MS
                ));
            }
            return Heard::Nothing;
        }
        self.reception.packet(sequence, time, now);
        counters.audio_received += 1;
        Heard::Audio(Packet { sequence, captured_ns: time, data })
    }

    fn picture(
        &mut self,
        header: Header,
        opened: Opened,
        here: Option<u64>,
        now: u64,
        counters: &mut Counters,
    ) -> Heard {
        let Header { frame: number, key, .. } = header;
        self.frames_received.retain(|at| now.saturating_sub(*at) < SECOND);
        self.frames_received.push_back(now);
        let read = |codec: &str| codec == JPEG || self.settings.video_codecs.contains(&codec);
        let picture = match video::unwrap(opened.data) {
            Some((codec, data)) if read(&codec) => Ok((codec, data)),
            Some((codec, _)) => Err(codec),
            None => Err("?".to_owned()),
        };
        // A codec that is not read here is not read with a key frame either.
        let follows = self.sequence.takes(number, key) || picture.is_err();
        let received = VideoReceived { stream: 0, frame: number, key_needed: !follows };
        self.messages.push_back(Message::VideoReceived(received));
        match picture {
            Ok(_) if !follows => {
                counters.video_undecodable += 1;
                Heard::Nothing
            }
            Ok((codec, data)) => {
                counters.video_received += 1;
                let captured_ns = opened.time;
                let frame =
                    VideoFrame { number, captured_ns, captured_here_ns: here, codec, key, data };
                Heard::Video(frame)
            }
            Err(codec) => {
                counters.video_unknown += 1;
                if self.unknown.happens(now) {
                    self.line = Some(format!(
                        "the other program sends pictures of the codec {codec:?}, which this one \
                         can't show; one of the two needs an update"
                    ));
                }
                Heard::Nothing
            }
        }
    }

    /// A sealed message.
    pub fn control(
        &mut self,
        header: Header,
        sealed: &[u8],
        now: u64,
        counters: &mut Counters,
    ) -> Heard {
        let opened = match self.open(header, sealed, now, counters) {
            Ok(opened) => opened,
            Err(heard) => return heard,
        };
        let message = CallMessage::decode(&*opened.data).ok().and_then(|read| read.message);
        match message {
            Some(Message::State(state)) => self.take_state(state),
            Some(Message::Ping(ping)) => {
                let at = self.clock(now);
                let pong = CallPong { ping_sent: ping.sent, received: at, sent: at };
                self.messages.push_back(Message::Pong(pong));
            }
            Some(Message::Pong(pong)) => self.take_pong(&pong, now),
            Some(Message::Report(report)) => {
                self.peer_loss = report.audio_loss_permille.min(1_000);
                let size = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
                let rate = u8::try_from(report.video_rate).unwrap_or(u8::MAX);
                let before = self.rate.wanted();
                self.rate.peer_shows(size(report.video_width), size(report.video_height), rate);
                if before != self.rate.wanted() {
                    return Heard::VideoWanted(self.rate.wanted());
                }
            }
            Some(Message::VideoReceived(VideoReceived { stream: 0, frame, key_needed })) => {
                self.key_needed |= key_needed;
                self.rate.received(frame, now);
            }
            Some(Message::Bye(_)) => return Heard::Bye,
            // Of a later version.
            _ => counters.unexpected += 1,
        }
        Heard::Nothing
    }

    fn take_state(&mut self, state: CallState) {
        let mut name: String = state.name.chars().filter(|c| !c.is_control()).collect();
        while name.len() > 64 {
            name.pop();
        }
        let mut video_codecs = state.video_codecs;
        video_codecs.retain(|name| video::is_name(name.as_bytes()));
        video_codecs.truncate(MAX_CODECS);
        self.peer = Peer {
            video_codecs,
            name,
            muted: state.muted,
            no_microphone: state.no_microphone,
            camera_on: state.camera_on,
            verified: state.verified,
        };
    }

    fn take_pong(&mut self, pong: &CallPong, now: u64) {
        self.clocks.add(&Exchange {
            viewer_sent: pong.ping_sent.saturating_add(self.began),
            sender_received: pong.received,
            sender_sent: pong.sent,
            viewer_received: now,
        });
    }
}
