//! The call itself: phases, key agreement, what is sealed, when it is over.
//!
//! In: what the relay's connection reports, packets to send, what the person wants, the time.
//! Out: effects, to be carried out in their order. Never opens a packet before the other end has
//! proved that it has the same code, and nothing after the call is over.
//!
//! Times are nanoseconds of one clock that never goes back.

mod agreeing;
mod wishes;

use std::collections::VecDeque;

use okno_wire::proto::okno::call_control::Content;
use okno_wire::proto::okno::{CallControl, KeyCommitment};
use prost::Message as _;

use agreeing::{Step, agree};

use super::code::Code;
use super::conversation::{Conversation, Heard};
use super::events::{Effect, Report, Settings};
use super::keys::{self, Agreement, VERSION};
use super::sealing::Kind;
use super::{Counters, End, Header, Link, Lost, Peer, Phase, Role, SafetyCode, VideoQuality};

const SECOND: u64 = 1_000_000_000;

/// How long the key agreement may take while both are there. It is four short messages.
const AGREEMENT_TIME: u64 = 20 * SECOND;

/// How long a lost path is waited for if the relay does not say.
const RESUME_TIME: u64 = 60 * SECOND;

/// Without a word from the other program for this long, although the relay says that it is there,
/// the call shows that it waits ...
const SILENT: u64 = 6 * SECOND;

/// ... and for this long, it is over.
const SILENT_END: u64 = 60 * SECOND;

/// Packets that fail their seal until the call is ended: a network does not damage what TLS
/// carries, so somebody does it, and these are more than one mistake.
const MAX_FORGED: u64 = 32;

/// Largest control record that is read, in bytes: the call protocol's limit.
const MAX_CONTROL: usize = 8 << 10;

enum Stage {
    Connecting,
    Waiting,
    Agreeing { agreement: Box<Agreement>, said: Vec<Content>, since: u64 },
    Talking(Box<Conversation>),
    Ended(End),
}

/// One call; see the module.
pub struct Call {
    stage: Stage,
    settings: Settings,
    role: Role,
    code: Option<Code>,
    /// Until when our path is waited for.
    own_lost: Option<u64>,
    /// Until when the other's is.
    peer_lost: Option<u64>,
    sending: bool,
    safety: Option<SafetyCode>,
    since: Option<u64>,
    counters: Counters,
    effects: VecDeque<Effect>,
    /// What the camera gives, for the conversation that begins later.
    camera: Option<(u16, u16, u8)>,
}

impl Call {
    /// A call that is on its way to the relay.
    #[must_use]
    pub fn new(mut settings: Settings) -> Self {
        while settings.name.len() > 64 {
            settings.name.pop();
        }
        Self {
            stage: Stage::Connecting,
            settings,
            role: Role::Caller,
            code: None,
            own_lost: None,
            peer_lost: None,
            sending: false,
            safety: None,
            since: None,
            counters: Counters::default(),
            effects: VecDeque::new(),
            camera: None,
        }
    }

    /// What is to be done next; empty it after each call of another method.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Where the call is.
    #[must_use]
    pub fn phase(&self, now: u64) -> Phase {
        if let Stage::Ended(end) = &self.stage {
            return Phase::Ended(end.clone());
        }
        let silent = match &self.stage {
            Stage::Talking(talk) if talk.silence(now) >= SILENT => {
                Some((Lost::Peer, now + SILENT_END.saturating_sub(talk.silence(now))))
            }
            _ => None,
        };
        let own = self.own_lost.map(|until| (Lost::Own, until));
        let peer = self.peer_lost.map(|until| (Lost::Peer, until));
        if let Some((lost, until)) = own.or(peer).or(silent) {
            let seconds = until.saturating_sub(now).div_ceil(SECOND);
            return Phase::Reconnecting { lost, seconds: u32::try_from(seconds).unwrap_or(0) };
        }
        match &self.stage {
            Stage::Waiting => Phase::Waiting,
            Stage::Agreeing { .. } => Phase::Agreeing,
            Stage::Talking(_) => Phase::InCall,
            _ => Phase::Connecting,
        }
    }

    /// The code, once the relay has given its number.
    #[must_use]
    pub fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }

    /// The safety code, once the keys are confirmed.
    #[must_use]
    pub fn safety_code(&self) -> Option<&SafetyCode> {
        self.safety.as_ref()
    }

    /// When the keys were confirmed.
    #[must_use]
    pub fn since(&self) -> Option<u64> {
        self.since
    }

    /// The other end, as it says itself.
    #[must_use]
    pub fn peer(&self) -> Option<&Peer> {
        self.talk().map(Conversation::peer)
    }

    /// How well it goes.
    #[must_use]
    pub fn link(&self, now: u64) -> Link {
        self.talk().map(|talk| talk.link(now)).unwrap_or_default()
    }

    /// What pictures should be sent.
    #[must_use]
    pub fn video_wanted(&self) -> Option<VideoQuality> {
        self.talk().map(Conversation::video_wanted)
    }

    /// What was counted.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let missing = self.talk().map_or(0, Conversation::audio_missing);
        Counters { audio_missing: self.counters.audio_missing + missing, ..self.counters }
    }

    /// To count what the queues and the path drop.
    pub fn counters_mut(&mut self) -> &mut Counters {
        &mut self.counters
    }

    fn talk(&self) -> Option<&Conversation> {
        match &self.stage {
            Stage::Talking(talk) => Some(talk),
            _ => None,
        }
    }

    /// Takes what the connection reports.
    pub fn report(&mut self, report: Report, now: u64) {
        if matches!(self.stage, Stage::Ended(_)) {
            return;
        }
        match report {
            Report::Joined { role, code, peer_present } => {
                self.joined(role, code, peer_present, now)
            }
            Report::PeerPresent => {
                self.peer_lost = None;
                self.present(now);
            }
            Report::PeerLost(seconds) => {
                self.peer_lost = Some(now + u64::from(seconds) * SECOND);
                self.log("the other's path is lost");
                self.stop();
            }
            Report::PathLost => {
                self.own_lost = Some(now + RESUME_TIME);
                self.log("the path to the relay is lost");
                self.stop();
            }
            Report::PathResumed { peer_present } => {
                self.own_lost = None;
                self.counters.resumed += 1;
                self.log("the path to the relay is back");
                if peer_present {
                    self.peer_lost = None;
                    self.present(now);
                } else if !matches!(self.stage, Stage::Waiting) {
                    self.peer_lost.get_or_insert(now + RESUME_TIME);
                }
            }
            Report::Packet { header, payload, came } => self.packet(header, &payload, came, now),
            Report::VideoDropped { frames, key_needed } => {
                self.counters.video_dropped_by_relay += u64::from(frames);
                if let Stage::Talking(talk) = &mut self.stage {
                    talk.video_dropped(key_needed);
                }
            }
            Report::Ended(end) => {
                // Who sees that the words differ hangs up at once. The relay's word overtakes the
                // proof that would tell us the same.
                let tried = matches!(&self.stage, Stage::Agreeing { agreement, .. }
                    if agreement.confirmation().is_some());
                let end = if tried && end == End::PeerHungUp { End::WrongCode } else { end };
                self.end(end, false);
            }
        }
    }

    fn joined(&mut self, role: Role, code: Code, peer_present: bool, now: u64) {
        self.role = role;
        self.code = Some(code);
        if matches!(self.stage, Stage::Connecting) {
            self.stage = Stage::Waiting;
        }
        if peer_present {
            self.present(now);
        }
    }

    /// The other one is there, and so are we: begin, or say again what may have been lost.
    fn present(&mut self, now: u64) {
        if self.own_lost.is_some() {
            return;
        }
        let Some(code) = &self.code else { return };
        if matches!(self.stage, Stage::Waiting) {
            let agreement = Box::new(Agreement::new(self.role, code));
            let mut said = Vec::new();
            if self.role == Role::Caller {
                let digest = agreement.commitment();
                said.push(Content::Commitment(KeyCommitment { version: VERSION, digest }));
            }
            self.stage = Stage::Agreeing { agreement, said, since: now };
            self.log("both are there; agreeing on keys");
        }
        match &mut self.stage {
            Stage::Agreeing { said, since, .. } => {
                *since = now;
                let again: Vec<Content> = said.clone();
                again.into_iter().for_each(|content| self.say(content));
            }
            Stage::Talking(talk) => {
                let last = talk.last_of_agreement();
                if let Some(content) = last {
                    self.say(content);
                }
                self.start(now);
            }
            _ => {}
        }
    }

    fn say(&mut self, content: Content) {
        let control = CallControl { content: Some(content) };
        self.effects.push_back(Effect::Control(control.encode_to_vec()));
    }

    fn log(&mut self, text: impl Into<String>) {
        self.effects.push_back(Effect::Log(text.into()));
    }

    fn start(&mut self, now: u64) {
        let Stage::Talking(talk) = &mut self.stage else { return };
        if self.own_lost.is_some() || self.peer_lost.is_some() {
            return;
        }
        talk.resume(now);
        if !self.sending {
            self.sending = true;
            self.effects.push_back(Effect::Start);
            let wanted = talk.video_wanted();
            self.effects.push_back(Effect::VideoWanted(wanted));
        }
        self.say_heard(now);
    }

    fn stop(&mut self) {
        if self.sending {
            self.sending = false;
            self.effects.push_back(Effect::Stop);
        }
    }

    fn end(&mut self, end: End, tell: bool) {
        if matches!(self.stage, Stage::Ended(_)) {
            return;
        }
        self.stop();
        self.counters = self.counters();
        self.log(format!("the call is over: {} {}", end.name(), end.detail()));
        if tell {
            self.effects.push_back(Effect::HangUp);
        }
        // With the stage go the keys.
        self.stage = Stage::Ended(end);
        (self.own_lost, self.peer_lost) = (None, None);
    }

    /// The person hangs up.
    pub fn hang_up(&mut self, now: u64) {
        if let Stage::Talking(talk) = &mut self.stage {
            talk.say_bye(now);
            self.say_heard(now);
        }
        self.end(End::HungUp, true);
    }

    /// Takes one record of the other end.
    fn packet(&mut self, header: Header, payload: &[u8], came: u64, now: u64) {
        match (&mut self.stage, header.kind) {
            (Stage::Agreeing { .. } | Stage::Talking(_), Kind::Control) => {
                self.control(header, payload, came, now);
            }
            (Stage::Talking(talk), _) => {
                let heard = talk.media(header, payload, came, now, &mut self.counters);
                self.heard(heard, now);
            }
            // Sound may overtake the last message of the key agreement; it is not opened.
            _ => self.counters.unexpected += 1,
        }
    }

    fn control(&mut self, header: Header, payload: &[u8], came: u64, now: u64) {
        let read = (payload.len() <= MAX_CONTROL).then(|| CallControl::decode(payload));
        match read {
            Some(Ok(CallControl { content: Some(Content::Sealed(sealed)) })) => {
                let Stage::Talking(talk) = &mut self.stage else {
                    self.counters.unexpected += 1;
                    return;
                };
                let heard = talk.control(header, &sealed, came, now, &mut self.counters);
                self.heard(heard, now);
            }
            Some(Ok(CallControl { content: Some(content) })) => self.agree(content, now),
            // Of a later version.
            Some(Ok(CallControl { content: None })) => self.counters.unexpected += 1,
            // Not ours to end the call by: anybody on the way can send it.
            _ => {
                self.counters.forged += 1;
                if let Stage::Talking(talk) = &mut self.stage {
                    talk.unreadable(header.kind, now);
                }
                self.heard(Heard::Forged, now);
            }
        }
    }

    fn agree(&mut self, content: Content, now: u64) {
        let Stage::Agreeing { agreement, said, .. } = &mut self.stage else {
            // Said again after a resumption.
            self.counters.unexpected += 1;
            return;
        };
        let step = agree(self.role, agreement, &content);
        match step {
            Ok(Step::Nothing) => {}
            Ok(Step::Say(content)) => {
                // Who hears something again says its answer once: `present` repeats the rest.
                if !said.contains(&content) {
                    said.push(content.clone());
                    self.say(content);
                }
            }
            Ok(Step::Done(keys, last)) => self.agreed(&keys, last, now),
            Ok(Step::Version(theirs)) => {
                self.log(format!("the other program speaks version {theirs}, this one {VERSION}"));
                self.end(End::Version, true);
            }
            Err(keys::Refused::WrongCode) => self.end(End::WrongCode, true),
            Err(refused @ keys::Refused::Tampered) => {
                self.log(refused.to_string());
                self.end(End::Tampered, true);
            }
        }
    }

    fn agreed(&mut self, keys: &keys::Keys, last: Option<Content>, now: u64) {
        match Conversation::new(keys, self.settings.clone(), last.clone(), now) {
            Ok(mut talk) => {
                if let Some((width, height, rate)) = self.camera {
                    talk.camera_gives(width, height, rate);
                }
                self.safety = Some(keys.safety.clone());
                self.since = Some(now);
                self.stage = Stage::Talking(Box::new(talk));
                self.log("the keys are confirmed");
                if let Some(content) = last {
                    self.say(content);
                }
                self.start(now);
            }
            Err(error) => self.end(End::Protocol(error.to_string()), true),
        }
    }

    fn heard(&mut self, heard: Heard, now: u64) {
        match heard {
            Heard::Nothing => {}
            Heard::Audio(packet) => self.effects.push_back(Effect::Audio(packet)),
            Heard::Video(frame) => self.effects.push_back(Effect::Video(frame)),
            Heard::VideoWanted(wanted) => self.effects.push_back(Effect::VideoWanted(wanted)),
            Heard::Bye => self.end(End::PeerHungUp, true),
            Heard::Forged => self.check_forged(),
        }
        if let Stage::Talking(talk) = &mut self.stage
            && let Some(line) = talk.line_for_log()
        {
            self.log(line);
        }
        self.say_heard(now);
    }

    fn check_forged(&mut self) {
        if self.counters.forged >= MAX_FORGED {
            self.end(End::Tampered, true);
        }
    }

    /// Sends what the conversation has to say.
    fn say_heard(&mut self, _now: u64) {
        let Stage::Talking(talk) = &mut self.stage else { return };
        let mut sealed = Vec::new();
        while let Some(message) = talk.next_message() {
            sealed.push(message);
        }
        // Without a path it would be lost; the state is said again when there is one.
        if self.sending {
            sealed.into_iter().for_each(|message| self.say(Content::Sealed(message)));
        }
    }

    /// Time goes on. At least every 50 ms.
    pub fn tick(&mut self, now: u64) {
        let over = |until: Option<u64>| until.is_some_and(|until| now >= until);
        if over(self.own_lost) {
            self.end(End::PathLost("the time to come back is over".to_owned()), true);
        } else if over(self.peer_lost) {
            self.end(End::PeerLost, true);
        }
        let waits = self.own_lost.is_some() || self.peer_lost.is_some();
        match &mut self.stage {
            Stage::Agreeing { since, .. } => {
                if waits {
                    *since = now;
                } else if now.saturating_sub(*since) >= AGREEMENT_TIME {
                    self.end(End::PeerSilent, true);
                }
            }
            Stage::Talking(talk) => {
                if waits {
                    talk.heard_at(now);
                } else if talk.silence(now) >= SILENT_END {
                    self.end(End::PeerSilent, true);
                    return;
                }
                let heard = talk.tick(now);
                self.heard(heard, now);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "link_tests.rs"]
mod link_tests;
