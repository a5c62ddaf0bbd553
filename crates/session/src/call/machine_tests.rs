//! Two calls against each other over a link that loses, repeats, swaps and delays, in virtual
//! time and with a seed that repeats each run exactly.

#![allow(clippy::unwrap_used)]

use super::super::{Kind, LADDER, Picture, Trouble, VideoQuality};
use super::*;

#[path = "hostile_tests.rs"]
mod hostile;

const MS: u64 = 1_000_000;
const STEP: u64 = 10 * MS;

/// What the way between the two does; chances in thousandths.
#[derive(Clone, Copy, Default)]
struct Weather {
    lose: u64,
    repeat: u64,
    change: u64,
    /// Most that a packet of sound or a picture is delayed beyond the least.
    jitter: u64,
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn chance(&mut self, permille: u64) -> bool {
        self.next() % 1_000 < permille
    }
}

struct Side {
    call: Call,
    sending: bool,
    next_video: u64,
    wanted: Option<VideoQuality>,
    /// Sequence numbers and captured times of the sound that came.
    sound: Vec<(u64, u64)>,
    pictures: Vec<u32>,
    /// Age of the oldest sound that was handed out since the last look.
    oldest: u64,
    hung_up: bool,
    log: Vec<String>,
}

struct Way {
    at: u64,
    to: usize,
    header: Header,
    payload: Vec<u8>,
}

struct Sim {
    now: u64,
    random: Random,
    weather: Weather,
    delay: u64,
    cut: bool,
    sides: [Side; 2],
    ways: Vec<Way>,
    /// The clocks of the two do not agree.
    skew: [u64; 2],
    audio: bool,
    /// All that the relay saw.
    seen: Option<Vec<u8>>,
}

fn side(name: &str) -> Side {
    let settings = Settings {
        name: name.to_owned(),
        muted: false,
        microphone: true,
        camera_on: true,
        video_codecs: &[],
    };
    Side {
        call: Call::new(settings),
        sending: false,
        next_video: 0,
        wanted: None,
        sound: Vec::new(),
        pictures: Vec::new(),
        oldest: 0,
        hung_up: false,
        log: Vec::new(),
    }
}

const CONTROL: Header = Header { kind: Kind::Control, key: false, stream: 0, frame: 0 };
const AUDIO: Header = Header { kind: Kind::Audio, key: false, stream: 0, frame: 0 };

impl Sim {
    fn new(seed: u64) -> Self {
        Self {
            now: 1_000 * SECOND,
            random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            weather: Weather::default(),
            delay: 25 * MS,
            cut: false,
            sides: [side("Anna"), side("Bert")],
            ways: Vec::new(),
            skew: [0, 777 * SECOND],
            audio: true,
            seen: None,
        }
    }

    fn time(&self, of: usize) -> u64 {
        self.now + self.skew[of]
    }

    fn report(&mut self, to: usize, report: Report) {
        let now = self.time(to);
        self.sides[to].call.report(report, now);
        self.effects(to);
    }

    fn join(&mut self, codes: [&str; 2]) {
        let codes = codes.map(|code| code.parse::<Code>().unwrap());
        let [a, b] = codes;
        self.report(0, Report::Joined { role: Role::Caller, code: a, peer_present: false });
        self.run(50);
        assert_eq!(self.phase(0), Phase::Waiting);
        self.report(1, Report::Joined { role: Role::Callee, code: b, peer_present: true });
        self.report(0, Report::PeerPresent);
    }

    fn called(seed: u64) -> Self {
        let mut sim = Self::new(seed);
        sim.join(["7-guitar-lamp-orbit"; 2]);
        sim.run(300);
        assert_eq!((sim.phase(0), sim.phase(1)), (Phase::InCall, Phase::InCall));
        sim
    }

    fn phase(&self, of: usize) -> Phase {
        self.sides[of].call.phase(self.time(of))
    }

    fn phases(&self) -> [Phase; 2] {
        [self.phase(0), self.phase(1)]
    }

    fn counters(&self, of: usize) -> Counters {
        self.sides[of].call.counters()
    }

    /// Gives a packet to the way.
    fn send(&mut self, from: usize, header: Header, payload: Vec<u8>) {
        if let Some(seen) = &mut self.seen {
            seen.extend_from_slice(&payload);
        }
        if self.cut {
            return;
        }
        let control = header.kind == Kind::Control;
        if !control && self.random.chance(self.weather.lose) {
            return;
        }
        let late =
            |random: &mut Random, most: u64| if most == 0 { 0 } else { random.next() % most };
        let jitter = if control { 0 } else { late(&mut self.random, self.weather.jitter) };
        let at = self.now + self.delay + jitter;
        let mut payload = payload;
        if self.random.chance(self.weather.repeat) {
            let again = at + late(&mut self.random, SECOND);
            self.ways.push(Way { at: again, to: 1 - from, header, payload: payload.clone() });
        }
        if self.random.chance(self.weather.change) && !payload.is_empty() {
            let at = self.random.next() as usize % payload.len();
            payload[at] ^= 1 << (self.random.next() % 8);
        }
        self.ways.push(Way { at, to: 1 - from, header, payload });
    }

    fn effects(&mut self, of: usize) {
        while let Some(effect) = self.sides[of].call.next_effect() {
            let (now, peer_skew) = (self.now, self.skew[1 - of]);
            let side = &mut self.sides[of];
            match effect {
                Effect::Control(payload) => self.send(of, CONTROL, payload),
                Effect::Audio(packet) => {
                    // The sound's content is when it was captured on the one true clock.
                    let captured = u64::from_be_bytes(packet.data[..8].try_into().unwrap());
                    side.oldest = side.oldest.max(now - (captured - peer_skew));
                    side.sound.push((packet.sequence, packet.captured_ns));
                }
                Effect::Video(frame) => {
                    assert_eq!(frame.data[..4], frame.number.to_be_bytes());
                    side.pictures.push(frame.number);
                }
                Effect::Start => side.sending = true,
                Effect::Stop => side.sending = false,
                Effect::VideoWanted(wanted) => side.wanted = Some(wanted),
                Effect::HangUp => side.hung_up = true,
                Effect::Log(line) => side.log.push(line),
            }
        }
    }

    fn deliver(&mut self) {
        let (due, rest): (Vec<Way>, Vec<Way>) =
            std::mem::take(&mut self.ways).into_iter().partition(|way| way.at <= self.now);
        self.ways = rest;
        for Way { to, header, payload, .. } in due {
            if !self.cut {
                let came = self.time(to);
                self.report(to, Report::Packet { header, payload, came });
            }
        }
    }

    fn produce(&mut self, of: usize) {
        let now = self.time(of);
        if self.audio && self.now.is_multiple_of(20 * MS) {
            let mut data = now.to_be_bytes().to_vec();
            data.extend_from_slice(b"plain sound, which nobody between may hear");
            if let Some(sealed) = self.sides[of].call.seal_audio(now, &data) {
                self.send(of, AUDIO, sealed);
            }
        }
        let Some(wanted) = self.sides[of].wanted.filter(|wanted| wanted.width > 0) else { return };
        if self.now >= self.sides[of].next_video {
            self.sides[of].next_video = self.now + SECOND / u64::from(wanted.rate.max(1));
            if self.sides[of].call.has_room_for_video(now) {
                let frame = self.counters(of).video_sent as u32;
                let jpeg = [&frame.to_be_bytes()[..], b"plain picture"].concat();
                let picture = Picture::jpeg(now, jpeg);
                if let Some((frame, sealed)) = self.sides[of].call.seal_video(&picture, now) {
                    let header = Header { kind: Kind::Video, key: true, stream: 0, frame };
                    self.send(of, header, sealed);
                }
            }
        }
    }

    fn run(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds * MS;
        while self.now < end {
            self.now += STEP;
            self.deliver();
            for of in 0..2 {
                self.produce(of);
                if self.now.is_multiple_of(50 * MS) {
                    let now = self.time(of);
                    self.sides[of].call.tick(now);
                }
                self.effects(of);
            }
        }
    }

    /// The relay is gone, for both.
    fn cut(&mut self) {
        self.cut = true;
        self.ways.clear();
        self.report(0, Report::PathLost);
        self.report(1, Report::PathLost);
    }

    /// It is back; the first comes before the second.
    fn mend(&mut self) {
        self.cut = false;
        self.report(0, Report::PathResumed { peer_present: false });
        self.run(100);
        self.report(1, Report::PathResumed { peer_present: true });
        self.report(0, Report::PeerPresent);
    }
}

#[test]
fn two_people_talk_for_an_hour() {
    let mut sim = Sim::called(1);
    let safety = [0, 1].map(|of| sim.sides[of].call.safety_code().cloned().unwrap());
    assert_eq!(safety[0], safety[1]);
    assert_eq!(sim.sides[0].call.peer().unwrap().name, "Bert");
    assert_eq!(sim.sides[1].call.peer().unwrap().name, "Anna");
    sim.run(3_600_000);
    assert_eq!(sim.phases(), [Phase::InCall, Phase::InCall]);
    for of in 0..2 {
        let counters = sim.counters(of);
        assert_eq!((counters.forged, counters.replayed, counters.audio_missing), (0, 0, 0));
        assert_eq!((counters.audio_late, counters.flooded), (0, 0));
        assert!(counters.audio_received > 3_600 * 50 - 20, "{counters:?}");
        assert!(sim.sides[of].sound.is_sorted_by(|a, b| a.0 + 1 == b.0 && a.1 < b.1));
        assert_eq!(sim.sides[of].wanted, Some(LADDER[7]));
        let trip = sim.sides[of].call.round_trip().unwrap();
        assert!((50..=80).contains(&trip.as_millis()), "{trip:?}");
    }
}

#[test]
fn words_that_differ_end_the_call_at_both_ends_and_nothing_was_opened() {
    let mut sim = Sim::new(2);
    sim.join(["7-guitar-lamp-orbit", "7-guitar-lamp-acorn"]);
    sim.run(500);
    assert_eq!(sim.phase(1), Phase::Ended(End::WrongCode));
    assert!(sim.sides[1].hung_up);
    // The caller learns it from the relay.
    sim.report(0, Report::Ended(End::PeerHungUp));
    assert_eq!(sim.phase(0), Phase::Ended(End::WrongCode));
    assert!(sim.sides.iter().all(|side| side.sound.is_empty() && side.pictures.is_empty()));
    assert!(sim.sides.iter().all(|side| side.call.safety_code().is_none()));
    // And nothing brings it back to life.
    sim.report(0, Report::PeerPresent);
    sim.run(100);
    assert_eq!(sim.phase(0), Phase::Ended(End::WrongCode));
}

#[test]
fn a_bad_way_costs_sound_and_nothing_else() {
    for seed in 0..10 {
        let mut sim = Sim::called(seed);
        sim.weather = Weather { lose: 50, repeat: 20, jitter: 60 * MS, ..Weather::default() };
        sim.run(60_000);
        assert_eq!(sim.phases(), [Phase::InCall, Phase::InCall], "seed {seed}");
        for of in 0..2 {
            let (counters, link) = (sim.counters(of), sim.sides[of].call.link(sim.time(of)));
            assert_eq!(counters.forged, 0);
            assert!(counters.replayed > 0, "seed {seed}");
            let mut numbers: Vec<u64> = sim.sides[of].sound.iter().map(|&(n, _)| n).collect();
            let all = numbers.len();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), all, "a packet came out twice, seed {seed}");
            assert!(sim.sides[of].pictures.is_sorted_by(|a, b| a < b), "seed {seed}");
            assert!((2_700..2_950).contains(&all), "{all} of 3000, seed {seed}");
            assert!(link.audio_jitter.as_millis() > 5, "{link:?}");
            assert_eq!(link.trouble, Some(Trouble::Tampering), "repeated packets are shown");
        }
    }
}

#[test]
fn a_lost_path_is_resumed_with_the_same_keys_and_nothing_old_is_heard() {
    for seed in 0..20 {
        let mut sim = Sim::called(seed);
        sim.run(3_000);
        for outage in [5_000, 300, 20_000] {
            let before: Vec<u64> = sim.sides.iter().map(|s| s.sound.len() as u64).collect();
            let safety = sim.sides[0].call.safety_code().cloned();
            sim.cut();
            sim.run(outage);
            assert!(matches!(
                sim.phase(0),
                Phase::Reconnecting { lost: Lost::Own, seconds: 40..=60 }
            ));
            assert!(sim.sides.iter().all(|side| !side.sending));
            sim.sides.iter_mut().for_each(|side| side.oldest = 0);
            sim.mend();
            sim.run(1_000);
            assert_eq!(sim.phases(), [Phase::InCall, Phase::InCall], "seed {seed}");
            assert_eq!(sim.sides[1].call.safety_code(), safety.as_ref());
            for (of, had) in before.into_iter().enumerate() {
                let side = &sim.sides[of];
                assert!(side.sound.len() as u64 > had + 30, "no sound, seed {seed}");
                assert!(side.sound.is_sorted_by(|a, b| a.0 < b.0), "a number came again");
                assert!(side.oldest < AUDIO_LATE, "{} ms old", side.oldest / MS);
                assert_eq!(sim.counters(of).forged + sim.counters(of).replayed, 0);
            }
        }
    }
}

/// As the conversation has it.
const AUDIO_LATE: u64 = 500 * MS;

#[test]
fn a_path_that_breaks_at_any_time_of_the_key_agreement_is_no_second_attempt() {
    for cut_after in (0..150).step_by(10) {
        let mut sim = Sim::new(cut_after + 1);
        sim.join(["7-guitar-lamp-orbit"; 2]);
        sim.run(cut_after);
        sim.cut();
        sim.run(2_000);
        sim.mend();
        sim.run(2_000);
        assert_eq!(sim.phases(), [Phase::InCall, Phase::InCall], "cut after {cut_after} ms");
        assert_eq!(sim.sides[0].call.safety_code(), sim.sides[1].call.safety_code());
        let before = sim.sides[1].sound.len();
        sim.run(1_000);
        assert!(sim.sides[1].sound.len() > before + 40);
    }
}

#[test]
fn a_path_that_does_not_come_back_ends_the_call_after_a_minute() {
    let mut sim = Sim::called(5);
    sim.cut = true;
    sim.report(0, Report::PathLost);
    sim.report(1, Report::PeerLost(60));
    sim.run(59_000);
    assert!(matches!(sim.phase(0), Phase::Reconnecting { lost: Lost::Own, seconds: 1..=2 }));
    assert!(matches!(sim.phase(1), Phase::Reconnecting { lost: Lost::Peer, seconds: 1..=2 }));
    sim.run(2_000);
    assert!(matches!(sim.phase(0), Phase::Ended(End::PathLost(_))));
    assert_eq!(sim.phase(1), Phase::Ended(End::PeerLost));
}

#[test]
fn a_peer_that_says_nothing_is_waited_for_and_then_left() {
    // Before there are keys ...
    let mut sim = Sim::new(6);
    sim.cut = true;
    sim.join(["7-guitar-lamp-orbit"; 2]);
    sim.run(21_000);
    assert_eq!(sim.phase(0), Phase::Ended(End::PeerSilent));
    // ... and after.
    let mut sim = Sim::called(6);
    sim.cut = true;
    sim.run(7_000);
    assert!(matches!(sim.phase(0), Phase::Reconnecting { lost: Lost::Peer, seconds: 50..=55 }));
    sim.cut = false;
    sim.run(500);
    assert_eq!(sim.phase(0), Phase::InCall);
    sim.cut = true;
    sim.run(61_000);
    assert_eq!(sim.phase(0), Phase::Ended(End::PeerSilent));
}

#[test]
fn what_each_does_is_seen_by_the_other() {
    let mut sim = Sim::called(8);
    let now = sim.time(0);
    sim.sides[0].call.set(|s| s.muted = true, now);
    sim.sides[0].call.set(|s| s.camera_on = false, now);
    sim.sides[0].call.set_verified(true, now);
    sim.run(200);
    let (sound, pictures) = (sim.sides[1].sound.len(), sim.sides[1].pictures.len());
    let peer = sim.sides[1].call.peer().unwrap().clone();
    assert!(peer.muted && !peer.camera_on && peer.verified && !peer.no_microphone);
    sim.run(1_000);
    assert_eq!((sim.sides[1].sound.len(), sim.sides[1].pictures.len()), (sound, pictures));
    let now = sim.time(0);
    sim.sides[0].call.set(|s| (s.muted, s.camera_on) = (false, true), now);
    sim.run(1_000);
    assert!(sim.sides[1].sound.len() > sound + 40 && sim.sides[1].pictures.len() > pictures);
    assert!(!sim.sides[1].call.peer().unwrap().muted);
    sim.sides[1].call.show_video(320, 200, 10, sim.now);
    sim.run(200);
    let wanted = sim.sides[0].wanted.unwrap();
    assert_eq!((wanted.width, wanted.height, wanted.rate), (320, 200, 10));
}

#[test]
fn hanging_up_works_in_every_phase() {
    let mut sim = Sim::called(9);
    let now = sim.time(0);
    sim.sides[0].call.hang_up(now);
    sim.run(100);
    assert_eq!(sim.phases(), [Phase::Ended(End::HungUp), Phase::Ended(End::PeerHungUp)]);
    assert!(sim.sides[0].hung_up && !sim.sides[0].sending && !sim.sides[1].sending);
    for until in 0..3 {
        let mut sim = Sim::new(9);
        match until {
            0 => {}
            1 => sim.join(["7-guitar-lamp-orbit"; 2]),
            _ => {
                sim = Sim::called(9);
                sim.cut();
            }
        }
        let now = sim.time(0);
        sim.sides[0].call.hang_up(now);
        sim.effects(0);
        assert_eq!(sim.phase(0), Phase::Ended(End::HungUp));
        assert!(sim.sides[0].hung_up);
    }
}

#[test]
fn another_version_is_named() {
    let mut sim = Sim::new(11);
    sim.join(["7-guitar-lamp-orbit"; 2]);
    let content = Content::Commitment(KeyCommitment { version: 9, digest: vec![0; 32] });
    let payload = CallControl { content: Some(content) }.encode_to_vec();
    sim.report(1, Report::Packet { header: CONTROL, payload, came: 0 });
    assert_eq!(sim.phase(1), Phase::Ended(End::Version));
}
