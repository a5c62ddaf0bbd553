//! What the person and their devices want of a call: to send sound and pictures, and to tell the
//! other end.
//!
//! In: packets, settings. Out: sealed packets; messages among the call's effects. Never seals
//! anything while it would reach nobody.

use std::time::Duration;

use super::super::conversation::Conversation;
use super::super::events::{Effect, Settings};
use super::super::video::Picture;
use super::{Call, Stage};

impl Call {
    /// Seals a packet of sound that was captured at `captured` of our clock. `None`: it is not to
    /// be sent, and was counted.
    pub fn seal_audio(&mut self, captured: u64, data: &[u8]) -> Option<Vec<u8>> {
        let sealed = match &mut self.stage {
            Stage::Talking(talk) if self.sending => talk.seal_audio(captured, data),
            _ => None,
        };
        match &sealed {
            Some(_) => self.counters.audio_sent += 1,
            None => self.counters.audio_dropped += 1,
        }
        sealed
    }

    /// So many pictures were not made, because there was no room for them.
    pub fn hold_video_back(&mut self, pictures: u64) {
        self.counters.video_dropped += pictures;
    }

    /// What the camera gives: its size, and frames a second (0: not known).
    pub fn camera_gives(&mut self, width: u16, height: u16, rate: u8) {
        self.camera = Some((width, height, rate));
        if let Stage::Talking(talk) = &mut self.stage
            && let Some(wanted) = talk.camera_gives(width, height, rate)
        {
            self.effects.push_back(Effect::VideoWanted(wanted));
        }
    }

    /// Whether the next picture has to be a key frame, because others could not be decoded.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        self.talk().is_some_and(Conversation::needs_key)
    }

    /// A picture was dropped on our own path, and nothing more goes on before a key frame.
    pub fn need_key(&mut self) {
        if let Stage::Talking(talk) = &mut self.stage {
            talk.need_key();
        }
    }

    /// Whether one more picture may go now, and be made.
    #[must_use]
    pub fn has_room_for_video(&self, now: u64) -> bool {
        self.sending && self.talk().is_some_and(|talk| talk.has_room_for_video(now))
    }

    /// Seals a picture; gives its number, too. `None`: it is not to be sent, and was counted. That
    /// is so for a codec that the other end does not read, and for a picture that needs one which
    /// never arrived.
    pub fn seal_video(&mut self, picture: &Picture, now: u64) -> Option<(u32, Vec<u8>)> {
        let sealed = match &mut self.stage {
            Stage::Talking(talk) if self.sending => talk.seal_video(picture, now),
            _ => None,
        };
        match &sealed {
            Some(_) => self.counters.video_sent += 1,
            None => self.counters.video_dropped += 1,
        }
        sealed
    }

    /// Changes what the person wants and tells the other end.
    pub fn set(&mut self, change: impl FnOnce(&mut Settings), now: u64) {
        change(&mut self.settings);
        if let Stage::Talking(talk) = &mut self.stage {
            talk.set(self.settings.clone());
            self.say_heard(now);
        }
    }

    /// What the person wants now.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The person says that the safety codes are the same, or not.
    pub fn set_verified(&mut self, verified: bool, now: u64) {
        if let Stage::Talking(talk) = &mut self.stage {
            talk.set_verified(verified);
            self.say_heard(now);
        }
    }

    /// Whether the person has said so.
    #[must_use]
    pub fn verified(&self) -> bool {
        self.talk().is_some_and(Conversation::verified)
    }

    /// What our window shows of the other's pictures.
    pub fn show_video(&mut self, width: u16, height: u16, rate: u8, now: u64) {
        if let Stage::Talking(talk) = &mut self.stage {
            talk.show_video(width, height, rate);
            self.say_heard(now);
        }
    }

    /// How long the round trip takes; for tests and figures.
    #[must_use]
    pub fn round_trip(&self) -> Option<Duration> {
        self.talk().and_then(Conversation::round_trip)
    }
}
