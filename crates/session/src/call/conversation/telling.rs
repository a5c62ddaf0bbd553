//! What the two ends tell each other, sealed: state, pings, reports, confirmations of pictures.
//!
//! In: the other's messages, the time. Out: messages to seal, in their order. Part of
//! [`super::Conversation`]. Never believes that what the other end says of itself is in its limits.

use okno_wire::proto::okno::call_message::Message;
use okno_wire::proto::okno::{CallBye, CallMessage, CallPing, CallPong, CallReport, CallState};
use prost::Message as _;

use super::{Conversation, Heard, MS, SECOND};
use crate::call::events::Settings;
use crate::call::sealing::Kind;
use crate::call::video::{self, MAX_CODECS};
use crate::call::{Counters, Header, Peer};
use crate::clock_sync::Exchange;

/// How often clocks and the round trip are measured.
const PING_EVERY: u64 = SECOND;

/// Between the first pings of a path, which find the other's clock.
const FIRST_PINGS: u64 = 100 * MS;

/// How many of those.
const QUICK_PINGS: u32 = 5;

/// How often the other end is told how its packets arrive.
const REPORT_EVERY: u64 = 250 * MS;

/// How often the state is said again although nothing has changed.
const STATE_EVERY: u64 = 2 * SECOND;

impl Conversation {
    pub(super) fn state_soon(&mut self) {
        let Settings { name, muted, microphone, camera_on, video_codecs } = self.settings.clone();
        let (no_microphone, verified) = (!microphone, self.verified);
        let video_codecs = video_codecs.iter().map(|&name| name.to_owned()).collect();
        let state = CallState { name, muted, no_microphone, camera_on, verified, video_codecs };
        self.messages.push_back(Message::State(state));
    }

    pub(super) fn state(&mut self, now: u64) {
        self.stated = now;
        self.state_soon();
    }

    pub(super) fn report_message(&mut self) {
        let (width, height, rate) = self.shown;
        self.messages.push_back(Message::Report(CallReport {
            audio_loss_permille: self.loss,
            audio_jitter_us: u32::try_from(self.reception.jitter().as_micros()).unwrap_or(u32::MAX),
            video_width: width.into(),
            video_height: height.into(),
            video_rate: rate.into(),
        }));
    }

    pub fn say_bye(&mut self, _now: u64) {
        self.messages.push_back(Message::Bye(CallBye {}));
    }

    /// The next message, sealed.
    pub fn next_message(&mut self) -> Option<Vec<u8>> {
        let message = self.messages.pop_front()?;
        let plain = CallMessage { message: Some(message) }.encode_to_vec();
        let header = Header { kind: Kind::Control, key: false, stream: 0, frame: 0 };
        self.sealer.seal(header, 0, &plain)
    }

    /// A sealed message, which the socket had at `came`.
    pub fn control(
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
        let message = CallMessage::decode(&*opened.data).ok().and_then(|read| read.message);
        match message {
            Some(Message::State(state)) => self.take_state(state),
            Some(Message::Ping(ping)) => {
                let (received, sent) = (self.clock(came), self.clock(now));
                let pong = CallPong { ping_sent: ping.sent, received, sent };
                self.messages.push_back(Message::Pong(pong));
            }
            Some(Message::Pong(pong)) => self.take_pong(&pong, came),
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
            Some(Message::VideoReceived(is)) if is.stream == 0 => {
                self.key_needed |= is.key_needed;
                // An end that does not say so is of an earlier version.
                let theirs = Some(is.received).filter(|&theirs| theirs > 0);
                let known = if theirs.is_some() { now } else { came };
                if self.rate.received(is.frame, theirs, known) {
                    return Heard::VideoWanted(self.rate.wanted());
                }
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

    fn take_pong(&mut self, pong: &CallPong, came: u64) {
        let exchange = Exchange {
            viewer_sent: pong.ping_sent.saturating_add(self.began),
            sender_received: pong.received,
            sender_sent: pong.sent,
            viewer_received: came,
        };
        if self.clocks.add(&exchange) {
            self.rate.ping(exchange.viewer_sent, exchange.sender_received, came);
        }
    }

    /// Time goes on.
    pub fn tick(&mut self, now: u64) -> Heard {
        let due = |last: u64, every: u64| now.saturating_sub(last) >= every;
        if due(self.pinged, if self.pings < QUICK_PINGS { FIRST_PINGS } else { PING_EVERY }) {
            self.pinged = now;
            self.pings += 1;
            let sent = self.clock(now);
            self.messages.push_back(Message::Ping(CallPing { sent }));
        }
        if due(self.reported, REPORT_EVERY) {
            self.reported = now;
            self.loss = self.reception.loss_permille();
            self.report_message();
        }
        if due(self.stated, STATE_EVERY) {
            self.state(now);
        }
        let before = self.rate.wanted();
        self.rate.tick(now);
        if self.rate.wanted() == before {
            Heard::Nothing
        } else {
            Heard::VideoWanted(self.rate.wanted())
        }
    }
}
