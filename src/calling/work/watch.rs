//! What is looked at each tick: devices, levels, the call; and the views that come of it.
//!
//! In: states of the engine, the camera and the call. Out: the views. Part of [`super::Work`].

use std::time::Instant;

use okno_audio::{Engine, Notice};
use okno_call::{Caller, Phase, Snapshot, Trouble};

use super::super::look::{Look, Seen};
use super::super::plan::Plan;
use super::super::view::{
    Choice, DeviceState, LevelsView, State, connection_state, echo_number, hint_number, loudness,
    state_name, state_of,
};
use super::super::{Figures, Word};
use super::{LOOK_AGAIN, LOOK_SELDOM, SHOWN_RATE, TEST, Work, grouped, seconds, stream_number};

impl Work {
    pub(super) fn tend(&mut self) {
        self.tend_look();
        self.tend_camera();
        let levels = self.tend_sound();
        self.tend_call();
        self.show(levels);
    }

    pub(super) fn tend_look(&mut self) {
        if let Some(seen) = self.look.as_ref().and_then(Look::done) {
            self.look = None;
            self.looked = Some(Instant::now());
            self.see(seen);
        }
        let pause = match self.view.state {
            State::Home | State::Preparing => LOOK_AGAIN,
            _ => LOOK_SELDOM,
        };
        let due = self.looked.is_none_or(|looked| looked.elapsed() >= pause);
        if self.look.is_none() && due && self.page {
            let asked = self.view.state == State::Preparing
                && self.view.relay_state == DeviceState::Unknown;
            let relay = self.plan.as_ref().filter(|_| asked);
            let relay = relay.map(Plan::address);
            self.look = Look::start(relay)
                .inspect_err(|error| log::error!("devices can't be listed: {error}"))
                .ok();
        }
    }

    pub(super) fn see(&mut self, seen: Seen) {
        let test = |chosen: &str| {
            let choice = Choice { id: chosen.to_owned(), name: chosen.to_owned() };
            (chosen.starts_with(TEST) || chosen.ends_with(".wav") || chosen.contains("://"))
                .then_some(choice)
        };
        let system = || Choice { id: String::new(), name: String::new() };
        let d = &mut self.devices;
        let or_system = |mut found: Vec<Choice>, chosen: &str| {
            if !found.is_empty() {
                found.insert(0, system());
            }
            found.extend(test(chosen));
            found
        };
        d.camera.choices = seen.cameras;
        d.camera.choices.extend(test(&d.camera.chosen));
        d.microphone.choices = or_system(seen.microphones, &d.microphone.chosen);
        d.speaker.choices = or_system(seen.speakers, &d.speaker.chosen);
        if let Some(answers) = seen.relay {
            self.view.relay_state =
                if answers { DeviceState::Working } else { DeviceState::Absent };
        }
    }

    pub(super) fn tend_camera(&mut self) {
        let Some(camera) = &mut self.camera else { return };
        let before = self.devices.camera.state;
        let now = camera.tend();
        self.devices.camera.state = now;
        if before == now {
            return;
        }
        let works = now == DeviceState::Working;
        self.view.self_stream = if works { stream_number(self.preview.as_ref()) } else { -1 };
        self.tell_camera(self.sends_pictures());
        if now == DeviceState::Lost {
            let chosen = self.devices.camera.chosen.clone();
            let known = self.devices.camera.choices.iter().find(|choice| choice.id == chosen);
            let name = known.map_or(chosen.clone(), |choice| choice.name.clone());
            self.desk.tell(Word::Lost("camera".into(), name, String::new()));
        }
    }

    pub(super) fn tend_sound(&mut self) -> LevelsView {
        let status = self.link.with_engine(|engine| (engine.status(), engine.take_notices()));
        let Some((status, notices)) = status else { return LevelsView::default() };
        let d = &mut self.devices;
        let before = d.microphone.state;
        d.microphone.state = connection_state(&status.microphone, before);
        d.speaker.state = connection_state(&status.speaker, d.speaker.state);
        d.echo_test = echo_number(status.echo_test);
        self.view.speaking_muted = status.muted_while_speaking
            && !self.view.talking
            && matches!(self.view.state, State::Active);
        if before != self.devices.microphone.state {
            let there = self.devices.microphone.state == DeviceState::Working;
            self.link.with_caller(|caller| caller.set_microphone(there));
        }
        for notice in notices {
            if let Notice::MicrophoneLost { name, now, .. } = notice {
                self.desk.tell(Word::Lost("microphone".into(), name, now.unwrap_or_default()));
            } else if let Notice::SpeakerLost { name, now, .. } = notice {
                self.desk.tell(Word::Lost("speaker".into(), name, now.unwrap_or_default()));
            }
        }
        LevelsView { own: loudness(status.microphone_level), peer: loudness(status.speaker_level) }
    }

    pub(super) fn tend_call(&mut self) {
        if !(State::Connecting..=State::Reconnecting).contains(&self.view.state) {
            return;
        }
        let Some(snapshot) = self.link.with_caller(Caller::snapshot) else { return };
        if let Phase::Ended(end) = &snapshot.phase {
            self.take(&snapshot);
            self.count(&snapshot);
            self.ended(end);
            return;
        }
        self.view.state = state_of(&snapshot.phase);
        self.count(&snapshot);
        self.away_since = match self.view.state {
            State::Reconnecting => self.away_since.or_else(|| Some(Instant::now())),
            _ => None,
        };
        self.view.away_seconds =
            self.away_since.map_or(0, |since| seconds(since.elapsed().as_secs()));
        self.take(&snapshot);
        self.tell_shown();
        let lost = (snapshot.link.peer_audio_loss_permille / 10).min(100);
        let percent = u8::try_from(lost).unwrap_or(100);
        self.link.with_engine(|engine| engine.set_expected_loss(percent));
    }

    /// Tells the other end at what size its picture is shown, so that it sends no more.
    fn tell_shown(&mut self) {
        let Some(size) = self.peer.as_ref().map(|peer| peer.shown_size()) else { return };
        let Some((width, height)) = self.shown.news(size, Instant::now()) else { return };
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
        self.link.with_caller(|caller| caller.show_video(side(width), side(height), SHOWN_RATE));
    }

    /// The statistics.
    pub(super) fn count(&self, snapshot: &Snapshot) {
        let counters = &snapshot.counters;
        let sound = self.link.with_engine(Engine::status).unwrap_or_default().statistics;
        let now = okno_media::clock::now_ns();
        let age = self.peer.as_ref().and_then(|peer| peer.figures(now).latency);
        let (dropped, leads) = self.link.lipsync_figures();
        self.desk.count(Figures {
            state: state_name(state_of(&snapshot.phase)),
            end: None,
            seconds: f64::from(self.view.seconds),
            round_trip_ms: snapshot.link.round_trip.map(|time| time.as_secs_f64() * 1000.0),
            muted: self.view.muted,
            camera_on: self.view.camera_on,
            peer_muted: self.view.peer_muted,
            peer_camera_on: self.view.peer_camera_on,
            audio_sent: counters.audio_sent,
            audio_received: counters.audio_received,
            audio_missing: counters.audio_missing,
            audio_buffer_ms: f64::from(sound.buffer_ms),
            audio_target_ms: f64::from(sound.target_ms),
            microphone_ms: f64::from(sound.microphone_delay_ms),
            speaker_ms: f64::from(sound.speaker_delay_ms),
            device_slips: sound.device_slips,
            video_sent: counters.video_sent,
            video_received: counters.video_received,
            video_dropped: counters.video_dropped,
            video_width: snapshot.video.map_or(0, |video| video.width),
            video_height: snapshot.video.map_or(0, |video| video.height),
            video_rate: snapshot.video.map_or(0, |video| video.rate),
            picture_p50_ms: age.map(|age| age.p50),
            picture_p95_ms: age.map(|age| age.p95),
            trouble: snapshot.link.trouble.map(Trouble::name),
            lipsync_dropped: dropped,
            picture_leads_ms: leads,
            resumed: counters.resumed,
            forged: counters.forged,
            replayed: counters.replayed,
            flooded: counters.flooded,
        });
    }

    pub(super) fn take(&mut self, snapshot: &Snapshot) {
        let view = &mut self.view;
        if let Some(code) = &snapshot.code {
            view.code = code.text();
        }
        if let Some(link) = &snapshot.link_to_join {
            if view.link != *link && self.given.call.as_deref() == Some("start") {
                // Who begins a call from a terminal has nobody else to read it from.
                println!("{link}");
            }
            view.link.clone_from(link);
        }
        view.classic = !snapshot.sealed;
        if let Some(peer) = &snapshot.peer {
            view.peer_name.clone_from(&peer.name);
            view.peer_muted = peer.muted || peer.no_microphone;
            view.peer_camera_on = peer.camera_on;
        }
        if let Some(safety) = &snapshot.safety_code {
            view.safety_words = safety.words.join(" ");
            view.safety_number = grouped(&safety.digits);
        }
        if let Some(since) = snapshot.since_ns {
            let now = okno_media::clock::now_ns();
            view.seconds = seconds(now.saturating_sub(since) / 1_000_000_000);
        }
        view.hint = hint_number(snapshot.link.trouble);
        view.sent_height = snapshot.video.map_or(0, |video| i32::from(video.height));
    }

    pub(super) fn show(&self, levels: LevelsView) {
        self.desk.show(self.view.clone(), self.devices.clone(), levels);
    }

    pub(super) fn show_now(&mut self) {
        let levels = self.tend_sound();
        self.show(levels);
    }
}
