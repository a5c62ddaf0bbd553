//! What comes from the other caller once there are keys.
//!
//! In: sealed packets, the time. Out: what they turned out to be, and for the log what was wrong with
//! them. Never hands out a packet whose seal does not fit, that came before, or sound that is too old.

use okno_wire::proto::okno::VideoReceived;
use okno_wire::proto::okno::call_message::Message;

use super::{Conversation, Heard, MS, SECOND};
use crate::call::sealing::{Kind, Opened, Refused};
use crate::call::video::{self, JPEG};
use crate::call::{Counters, Header, Packet, VideoFrame};

/// Sound that is older than this when it comes is thrown away: after a lost path was resumed, the
/// call goes on in the present.
const AUDIO_AGE: u64 = 500 * MS;

impl Conversation {
    pub(super) fn open(
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

    /// Sound or a picture, which the socket had at `came`.
    pub fn media(
        &mut self,
        header: Header,
        sealed: &[u8],
        came: u64,
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
            let opened = Opened { sequence, time, data };
            return self.picture(header, opened, (here, came), now, counters);
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
        self.reception.packet(sequence, time, came);
        counters.audio_received += 1;
        Heard::Audio(Packet { sequence, captured_ns: time, data })
    }

    fn picture(
        &mut self,
        header: Header,
        opened: Opened,
        (here, came): (Option<u64>, u64),
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
        let received = self.clock(came);
        let received = VideoReceived { stream: 0, frame: number, key_needed: !follows, received };
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
}
