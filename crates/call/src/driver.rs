//! What the call's thread does: carries packets and events between the relay's connection, the
//! state machine and the [`Media`].
//!
//! In: wishes and packets from the inbox, events of `okno_relay::client`. Out: packets on their
//! way, opened packets to the [`Media`], the snapshot. Never decides anything about the call: that
//! is `okno_session::call`.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use okno_media::clock::now_ns;
use okno_relay::client::{Call as Path, Event, PathError, Sent, Target, Trust, Want as PathWant};
use okno_relay::identity::Fingerprint;
use okno_relay::proto::CallRole;
use okno_session::call::{
    Call, Code, Effect, End, Header, Kind, Phase, Report, Role, Settings, Sound,
};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::caller::{Media, Options, Relay, Want};
use crate::ends;
use crate::inbox::{Inbox, Wishes};
use crate::invitation::Invitation;
use crate::known_relays::KnownRelays;
use crate::snapshot::{RelayKey, Snapshot};

/// How often the state machine sees the time.
const TICK: Duration = Duration::from_millis(50);

/// How often figures alone are worth a look.
const FIGURES_EVERY: u64 = 250_000_000;

/// For how long the relay is looked for to tell it that the call is over: as long as it keeps the
/// place.
const FAREWELL: Duration = Duration::from_secs(60);

/// ... and when the application ends.
const SHORT_FAREWELL: Duration = Duration::from_millis(500);

/// The stream that calls use.
const STREAM: u16 = 0;

/// Everything that the thread owns.
pub(crate) struct Driver {
    pub relay: Relay,
    pub want: Want,
    pub options: Options,
    pub media: Box<dyn Media>,
    pub inbox: Arc<Inbox>,
    pub snapshot: Arc<Mutex<Snapshot>>,
    pub on_change: Box<dyn Fn() + Send>,
}

struct Running {
    driver: Driver,
    call: Call,
    wishes: Wishes,
    relay_key: RelayKey,
    link_to_join: Option<String>,
    hang_up: bool,
    told: u64,
}

impl Driver {
    /// The whole call.
    pub async fn run(self) {
        let call = Call::new(Settings {
            name: self.options.name.clone(),
            muted: self.options.muted,
            microphone: self.options.microphone,
            camera_on: self.options.camera_on,
            video_codecs: self.options.video_codecs,
        });
        let wishes = self.inbox.wishes();
        let mut running = Running {
            driver: self,
            call,
            wishes,
            relay_key: RelayKey::Unknown,
            link_to_join: None,
            hang_up: false,
            told: 0,
        };
        running.publish();
        if let Some(mut path) = running.connect().await {
            running.talk(&mut path).await;
            running.leave(path).await;
        }
        running.publish();
    }
}

impl Running {
    /// The way to the relay; `None`: there is none, and the call has ended.
    async fn connect(&mut self) -> Option<Path> {
        let inbox = Arc::clone(&self.driver.inbox);
        let connected = tokio::select! {
            connected = self.try_to_connect() => connected,
            () = inbox.hung_up() => {
                self.call.hang_up(now_ns());
                self.carry_out(None);
                return None;
            }
        };
        match connected {
            Ok((path, code)) => {
                self.invite(&path, &code);
                let role = match path.role() {
                    CallRole::Callee => Role::Callee,
                    _ => Role::Caller,
                };
                let peer_present = path.peer_present();
                self.call.report(Report::Joined { role, code, peer_present }, now_ns());
                self.carry_out(Some(&path));
                Some(path)
            }
            Err(end) => {
                self.call.report(Report::Ended(end), now_ns());
                self.carry_out(None);
                None
            }
        }
    }

    async fn try_to_connect(&mut self) -> Result<(Path, Code), End> {
        let relay = self.driver.relay.clone();
        let known = self.driver.options.known_relays.as_deref().map(KnownRelays::at);
        let (trust, before) = trust(&relay, known.as_ref())?;
        let want = match &self.driver.want {
            Want::Start => PathWant::Allocate,
            Want::Join(code) => PathWant::Join(code.number()),
        };
        let address = relay.address();
        log::info!("calling over the relay {address}");
        let target = Target { host: relay.host.clone(), port: relay.port, trust };
        let path = Path::connect(target, want, &self.driver.options.software).await;
        let path = path.map_err(|error: PathError| {
            log::warn!("relay {address}: {error}");
            ends::of_path_error(error)
        })?;
        self.relay_key = match (path.fingerprint(), relay.key, before) {
            (None, _, _) => RelayKey::Local,
            (Some(key), _, Some(_)) => RelayKey::Known(key),
            (Some(key), given, None) => {
                remember(known.as_ref(), &relay, key);
                if given.is_some() { RelayKey::Invitation(key) } else { RelayKey::FirstUse(key) }
            }
        };
        let code = match &self.driver.want {
            Want::Start => Code::new(path.number(), rand::random()),
            Want::Join(code) => code.clone(),
        };
        if code.number() != path.number() {
            return Err(End::Protocol("the relay joined another call than asked for".to_owned()));
        }
        Ok((path, code))
    }

    fn invite(&mut self, path: &Path, code: &Code) {
        let key = path.fingerprint().or(self.driver.relay.key);
        let relay = Relay { key, ..self.driver.relay.clone() };
        self.link_to_join = Some(Invitation { relay, code: code.clone() }.to_string());
    }

    async fn talk(&mut self, path: &mut Path) {
        let inbox = Arc::clone(&self.driver.inbox);
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.is_over() {
            tokio::select! {
                // What has come first: room for pictures follows from it.
                biased;
                event = path.next_timed() => self.event(event),
                () = inbox.changed() => self.send(path),
                _ = ticks.tick() => {
                    self.call.tick(now_ns());
                    // What was wished while there was no path.
                    self.send(path);
                }
            }
            self.carry_out(Some(path));
            self.publish();
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.call.phase(now_ns()), Phase::Ended(_))
    }

    async fn leave(&mut self, path: Path) {
        self.publish();
        if !self.hang_up {
            return;
        }
        let inbox = Arc::clone(&self.driver.inbox);
        let mut told = std::pin::pin!(path.hang_up(FAREWELL));
        tokio::select! {
            () = &mut told => {}
            () = inbox.closed() => {
                let _ = timeout(SHORT_FAREWELL, told).await;
            }
        }
    }

    fn event(&mut self, event: Option<(Event, Instant)>) {
        let now = now_ns();
        let (event, waited) = match event {
            Some((event, came)) => (Some(event), came.elapsed()),
            None => (None, Duration::ZERO),
        };
        let came = now.saturating_sub(u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX));
        let packet = |kind, stream, key, frame, payload| Report::Packet {
            header: Header { kind, key, stream, frame },
            payload,
            came,
        };
        let report = match event {
            Some(Event::PeerPresent { .. }) => Report::PeerPresent,
            Some(Event::PeerLost { seconds }) => Report::PeerLost(seconds),
            Some(Event::Audio { stream, payload }) => {
                packet(Kind::Audio, stream, false, 0, payload.into())
            }
            Some(Event::Control { stream, payload }) => {
                packet(Kind::Control, stream, false, 0, payload.into())
            }
            Some(Event::Video { stream, frame, key, payload }) => {
                packet(Kind::Video, stream, key, frame, payload)
            }
            Some(Event::VideoDropped { frames, key_needed, .. }) => {
                Report::VideoDropped { frames, key_needed }
            }
            Some(Event::PathLost { text }) => {
                log::warn!("call: {text}");
                Report::PathLost
            }
            Some(Event::PathResumed { peer_present }) => Report::PathResumed { peer_present },
            Some(Event::Ended(ended)) => Report::Ended(ends::of_ended(ended)),
            None => Report::Ended(End::Protocol("the connection's task has ended".to_owned())),
        };
        self.call.report(report, now);
    }

    /// What came from the application.
    fn send(&mut self, path: &Path) {
        let now = now_ns();
        let wishes = self.driver.inbox.wishes();
        if wishes != self.wishes {
            self.wish(wishes, now);
        }
        let taken = self.driver.inbox.take();
        let counters = self.call.counters_mut();
        counters.audio_dropped += taken.audio_dropped;
        counters.video_dropped += taken.video_dropped;
        let sender = path.sender();
        for (captured, data) in taken.audio {
            if let Some(sealed) = self.call.seal_audio(captured, &data) {
                let sent = sender.audio(STREAM, &sealed);
                self.call.counters_mut().audio_dropped += dropped(sent);
            }
        }
        self.call.hold_video_back(taken.video_held_back);
        if let Some(picture) = taken.video {
            // Pictures after this one may need it; whether it goes out is seen now.
            let missed = !picture.key;
            let room = self.call.has_room_for_video(now);
            if !room {
                self.call.hold_video_back(1);
            }
            match room.then(|| self.call.seal_video(&picture, now)).flatten() {
                Some((frame, sealed)) => {
                    let sent = sender.video(STREAM, frame, picture.key, &sealed);
                    self.call.counters_mut().video_dropped += dropped(sent);
                    if !matches!(sent, Sent::Queued { key_needed: false, .. }) {
                        self.call.need_key();
                    }
                }
                None if missed => self.call.need_key(),
                None => {}
            }
        }
    }

    fn wish(&mut self, wishes: Wishes, now: u64) {
        let before = std::mem::replace(&mut self.wishes, wishes);
        let set = |wishes: &Wishes| (wishes.muted, wishes.camera_on, wishes.microphone);
        if set(&before) != set(&wishes) {
            let change = |settings: &mut Settings| {
                settings.muted = wishes.muted;
                settings.camera_on = wishes.camera_on;
                settings.microphone = wishes.microphone;
            };
            self.call.set(change, now);
        }
        if before.verified != wishes.verified {
            self.call.set_verified(wishes.verified, now);
        }
        if before.shown != wishes.shown
            && let Some((width, height, rate)) = wishes.shown
        {
            self.call.show_video(width, height, rate, now);
        }
        if before.camera != wishes.camera
            && let Some((width, height, rate)) = wishes.camera
        {
            self.call.camera_gives(width, height, rate);
        }
        if wishes.hang_up {
            self.call.hang_up(now);
        }
    }

    fn carry_out(&mut self, path: Option<&Path>) {
        while let Some(effect) = self.call.next_effect() {
            let media = &mut self.driver.media;
            match effect {
                Effect::Control(payload) => {
                    let sent = path.map(|path| path.sender().control(STREAM, &payload));
                    self.call.counters_mut().control_dropped += sent.map_or(1, dropped);
                }
                Effect::Audio(packet) => media.audio(packet),
                Effect::Video(frame) => media.video(frame),
                Effect::Start => {
                    self.driver.inbox.sending.store(true, Ordering::Relaxed);
                    media.start(Sound::Opus);
                    // What was shown was told to nobody yet, or to another path.
                    if let Some((width, height, rate)) = self.wishes.shown {
                        self.call.show_video(width, height, rate, now_ns());
                    }
                }
                Effect::Stop => {
                    self.driver.inbox.sending.store(false, Ordering::Relaxed);
                    media.stop();
                }
                Effect::VideoWanted(wanted) => media.video_wanted(wanted),
                Effect::HangUp => self.hang_up = true,
                Effect::Log(line) => log::info!("call: {line}"),
            }
        }
        let room = self.call.has_room_for_video(now_ns());
        self.driver.inbox.room.store(room, Ordering::Relaxed);
        self.driver.inbox.key_needed.store(self.call.needs_key(), Ordering::Relaxed);
    }

    /// Writes the snapshot; tells the application if it is worth it.
    fn publish(&mut self) {
        let now = now_ns();
        let new = Snapshot {
            phase: self.call.phase(now),
            code: self.call.code().cloned(),
            link_to_join: self.link_to_join.clone(),
            sealed: true,
            relay_key: self.relay_key,
            peer: self.call.peer().cloned(),
            safety_code: self.call.safety_code().cloned(),
            verified: self.call.verified(),
            muted: self.wishes.muted,
            camera_on: self.wishes.camera_on,
            since_ns: self.call.since(),
            video: self.call.video_wanted(),
            link: self.call.link(now),
            counters: self.call.counters(),
        };
        let mut snapshot = self.driver.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = !new.looks_like(&snapshot);
        *snapshot = new;
        drop(snapshot);
        if changed || now.saturating_sub(self.told) >= FIGURES_EVERY {
            self.told = now;
            (self.driver.on_change)();
        }
    }
}

/// Packets or frames that were dropped on our side of the path.
fn dropped(sent: Sent) -> u64 {
    match sent {
        Sent::Queued { dropped, .. } => dropped.into(),
        Sent::NoPath | Sent::TooLarge | Sent::Full => 1,
    }
}

/// How the relay is to be known, and its key of the last time.
fn trust(relay: &Relay, known: Option<&KnownRelays>) -> Result<(Trust, Option<Fingerprint>), End> {
    let before = match known.map(|known| known.key_of(relay)) {
        Some(Ok(key)) => key,
        // Without the file any key would look new.
        Some(Err(error)) => return Err(End::Unreachable(format!("known relays: {error}"))),
        None => None,
    };
    match (relay.key, before) {
        (Some(given), Some(before)) if given != before => {
            log::warn!("the invitation's key of {} is not the one of before", relay.address());
            Err(End::RelayKeyChanged { expected: before.to_string(), seen: given.to_string() })
        }
        (Some(key), _) | (None, Some(key)) => Ok((Trust::Pinned(key), before)),
        (None, None) if relay.is_local() => Ok((Trust::PlainLocal, None)),
        (None, None) => Ok((Trust::FirstUse, None)),
    }
}

fn remember(known: Option<&KnownRelays>, relay: &Relay, key: Fingerprint) {
    let Some(known) = known else { return };
    match known.trust(relay, key) {
        Ok(()) => log::info!("the relay {} has the key {key}; remembered", relay.address()),
        Err(error) => log::warn!("the relay's key can't be remembered: {error}"),
    }
}
