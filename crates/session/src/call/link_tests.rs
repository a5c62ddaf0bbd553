//! Two calls over a link of a given capacity, in virtual time: sound goes before pictures, what has
//! been handed to the link can't be overtaken, and the capacity changes when it likes.

#![allow(clippy::unwrap_used)]

use super::super::{Kind, Limit, Picture, Trouble, VideoQuality};
use super::*;
use road::{MS, Packet, Road, STEP};

#[path = "link_road.rs"]
mod road;

/// What one end saw of the other since the last look.
#[derive(Default)]
struct Seen {
    sound_ages: Vec<u64>,
    sound_at: Vec<u64>,
    picture_ages: Vec<u64>,
    bytes: usize,
    changes: u32,
    pictures: Vec<(u32, bool)>,
}

impl Seen {
    /// The longest time without any sound.
    fn gap(&self) -> u64 {
        self.sound_at.windows(2).map(|pair| (pair[1] - pair[0]) / MS).max().unwrap_or(u64::MAX)
    }

    fn oldest_sound(&self) -> u64 {
        self.sound_ages.iter().max().map_or(u64::MAX, |age| age / MS)
    }

    /// The 95th percentile, in milliseconds.
    fn picture_age(&self) -> u64 {
        let mut ages = self.picture_ages.clone();
        ages.sort_unstable();
        ages.get(ages.len().saturating_sub(1) * 95 / 100).map_or(u64::MAX, |age| age / MS)
    }
}

struct Sim {
    now: u64,
    calls: [Call; 2],
    roads: [Road; 2],
    /// The codec of the first one's pictures, and how many of them need those before them.
    codec: &'static str,
    group: u32,
    made: u32,
    wanted: [Option<VideoQuality>; 2],
    next_picture: [u64; 2],
    seen: [Seen; 2],
    /// What the sockets have, and the programs will see then: a busy machine's.
    read: [VecDeque<(u64, u64, Packet)>; 2],
    busy: [u64; 2],
    random: u64,
    log: Vec<String>,
}

impl Sim {
    /// In a call. `read`: the codecs that the second one reads.
    fn called(camera: (u16, u16, u8), read: &'static [&'static str]) -> Self {
        let call = |video_codecs| {
            Call::new(Settings {
                name: String::new(),
                muted: false,
                microphone: true,
                camera_on: true,
                video_codecs,
            })
        };
        let mut sim = Self {
            now: 1_000 * SECOND,
            calls: [call(&[]), call(read)],
            roads: [Road::new(), Road::new()],
            codec: super::super::JPEG,
            group: 1,
            made: 0,
            wanted: [None; 2],
            next_picture: [0; 2],
            seen: Default::default(),
            read: Default::default(),
            busy: [0; 2],
            random: 1,
            log: Vec::new(),
        };
        for call in &mut sim.calls {
            call.camera_gives(camera.0, camera.1, camera.2);
        }
        let code: Code = "7-guitar-lamp-orbit".parse().unwrap();
        for (of, role) in [(0, Role::Caller), (1, Role::Callee)] {
            let joined = Report::Joined { role, code: code.clone(), peer_present: of == 1 };
            sim.calls[of].report(joined, sim.now);
        }
        sim.calls[0].report(Report::PeerPresent, sim.now);
        sim.run(500);
        for call in &sim.calls {
            assert_eq!(call.phase(sim.now), Phase::InCall);
        }
        sim
    }

    fn effects(&mut self, of: usize) {
        while let Some(effect) = self.calls[of].next_effect() {
            match effect {
                Effect::Control(payload) => {
                    let header = Header { kind: Kind::Control, key: false, stream: 0, frame: 0 };
                    self.roads[of].send(header, payload, self.now);
                }
                Effect::Video(frame) => self.seen[of].pictures.push((frame.number, frame.key)),
                Effect::VideoWanted(wanted) => {
                    self.seen[of].changes += u32::from(self.wanted[of] != Some(wanted));
                    self.wanted[of] = Some(wanted);
                }
                Effect::Log(line) => self.log.push(line),
                _ => {}
            }
        }
    }

    /// As the application does it: the camera's pictures thinned out to the wanted rate, each of
    /// them offered, made if there is room, sealed, sent.
    fn film(&mut self, of: usize) {
        let Some(wanted) = self.wanted[of].filter(|wanted| wanted.width > 0) else { return };
        if self.now < self.next_picture[of] {
            return;
        }
        self.next_picture[of] = self.now + SECOND / u64::from(wanted.rate.max(1));
        if !self.calls[of].has_room_for_video(self.now) {
            self.calls[of].hold_video_back(1);
            return;
        }
        let pixels = usize::from(wanted.width) * usize::from(wanted.height);
        let key = self.calls[of].needs_key() || self.made.is_multiple_of(self.group);
        self.made += 1;
        let bytes = pixels * usize::from(wanted.quality) / 430 / if key { 1 } else { 8 };
        let codec = if of == 0 { self.codec } else { super::super::JPEG };
        let key = key || of == 1;
        let picture = Picture { captured_ns: self.now, codec, key, data: vec![0; bytes] };
        if let Some((frame, sealed)) = self.calls[of].seal_video(&picture, self.now) {
            let header = Header { kind: Kind::Video, key, stream: 0, frame };
            self.roads[of].send(header, sealed, self.now);
        }
    }

    fn run(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds * MS;
        while self.now < end {
            self.now += STEP;
            for of in 0..2 {
                if self.now.is_multiple_of(20 * MS)
                    && let Some(sealed) = self.calls[of].seal_audio(self.now, &[0; 80])
                {
                    let header = Header { kind: Kind::Audio, key: false, stream: 0, frame: 0 };
                    self.roads[of].send(header, sealed, self.now);
                }
                self.film(of);
                for packet in self.roads[of].carry(self.now) {
                    self.come(1 - of, packet);
                }
                while let Some((_, came, packet)) =
                    self.read[of].pop_front_if(|(at, _, _)| *at <= self.now)
                {
                    self.arrive(of, came, packet);
                }
                if self.now.is_multiple_of(50 * MS) {
                    self.calls[of].tick(self.now);
                }
                self.effects(of);
            }
        }
    }

    /// The socket has it; the program takes it in time, or when it gets to it.
    fn come(&mut self, to: usize, packet: Packet) {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let late = (self.random >> 33) % self.busy[to].max(1);
        let at = self.now + late;
        let at = at.max(self.read[to].back().map_or(0, |(at, _, _)| *at));
        self.read[to].push_back((at, self.now, packet));
    }

    fn arrive(&mut self, to: usize, came: u64, packet: Packet) {
        let Packet { header, bytes, sent, payload } = packet;
        let seen = &mut self.seen[to];
        seen.bytes += if header.kind == Kind::Video { bytes } else { 0 };
        let Some(payload) = payload else { return };
        match header.kind {
            Kind::Audio => {
                seen.sound_ages.push(came - sent);
                seen.sound_at.push(came);
            }
            Kind::Video => seen.picture_ages.push(came - sent),
            Kind::Control => {}
        }
        self.calls[to].report(Report::Packet { header, payload, came }, self.now);
        self.effects(to);
    }

    /// What the second one sees of the first in so many milliseconds.
    fn watch(&mut self, milliseconds: u64) -> Seen {
        self.seen = Default::default();
        self.run(milliseconds);
        let changes = self.seen[0].changes;
        Seen { changes, ..std::mem::take(&mut self.seen[1]) }
    }

    fn trouble(&self, of: usize) -> Option<Trouble> {
        self.calls[of].link(self.now).trouble
    }
}

#[test]
fn the_picture_settles_below_the_link_within_two_seconds_and_sound_is_never_late() {
    // From 640 x 360 at 15 a second of a test camera to 720p.
    for (camera, rates) in [
        // What is on its way when the link falls can't be taken back: slower than the slowest here,
        // it alone takes longer than two seconds.
        ((1280, 720, 30), [1_000_000, 600_000, 400_000]),
        ((640, 360, 15), [160_000, 120_000, 80_000]),
    ] {
        for rate in rates {
            let what = format!("{camera:?} at {rate}");
            let mut sim = Sim::called(camera, &[]);
            sim.run(12_000);
            assert_eq!(sim.calls[0].link(sim.now).limit, Limit::None, "{what}");
            assert_eq!(sim.trouble(0), None, "{what}");
            let full = sim.watch(1_000);
            assert!(full.picture_age() < 50, "{what}: {} ms", full.picture_age());

            sim.roads[0].rate = rate;
            // What is on its way when the link falls can't be taken back: two pictures of full size,
            // and what the router lost of them.
            let picture = full.bytes as u64 / u64::from(camera.2) * 1_000 / rate;
            let fall = sim.watch((2 * picture + 300).max(2_000));
            let most = 25 + 2 * picture + 300;
            assert!(fall.oldest_sound() < most, "{what}: {} ms, {most}", fall.oldest_sound());
            let slow = sim.watch(10_000);
            // Pictures arrive as they are sent: nothing piles up before the link.
            assert!(slow.bytes as u64 <= rate * 10, "{what}");
            assert!(slow.picture_age() < 150, "{what}: {} ms", slow.picture_age());
            assert!(slow.oldest_sound() <= 150, "{what}: {} ms", slow.oldest_sound());
            assert!(slow.picture_ages.len() > 30, "{what}: {}", slow.picture_ages.len());
            assert_eq!(sim.trouble(0), Some(Trouble::Sending), "{what}");
            assert_eq!(sim.trouble(1), None, "{what}: the other way is free");
            // Steps are tried, each up and down again, but less and less often.
            let minute = sim.watch(60_000);
            assert!(minute.changes <= 10, "{what}: {} changes", minute.changes);
            let next = sim.watch(60_000);
            assert!(next.changes <= 8, "{what}: {} changes", next.changes);

            sim.roads[0].rate = 100_000_000;
            sim.run(45_000);
            assert_eq!(sim.calls[0].link(sim.now).limit, Limit::None, "{what}");
            assert_eq!(sim.trouble(0), None, "{what}");
            assert_eq!(sim.watch(30_000).changes, 0, "{what}");
        }
    }
}

/// Falls to a part of what was in full use.
fn fall(camera: (u16, u16, u8), part: u64) -> (Sim, Seen) {
    let mut sim = Sim::called(camera, &[]);
    sim.run(12_000);
    let used = sim.watch(2_000).bytes as u64 / 2;
    sim.roads[0].rate = used * 13 / 10;
    let full = sim.watch(20_000);
    assert_eq!(full.changes, 0, "{camera:?}: a link with a little room is as good as any");
    assert!(full.picture_ages.len() > usize::from(camera.2) * 19, "{camera:?}");
    assert!(full.oldest_sound() < 100, "{camera:?}: {} ms", full.oldest_sound());
    sim.roads[0].rate /= part;
    let fallen = sim.watch(2_000);
    (sim, fallen)
}

#[test]
fn sound_goes_on_when_a_link_in_full_use_falls_to_a_fifth() {
    for (camera, gap, age) in
        [((1280, 720, 30), 250, 620), ((640, 360, 30), 250, 700), ((640, 360, 15), 420, 750)]
    {
        let (mut sim, fallen) = fall(camera, 5);
        // What is on its way can't be taken back: up to three pictures, of a sixth of a second each
        // now.
        assert!(fallen.gap() <= gap, "{camera:?}: {} ms", fallen.gap());
        assert!(fallen.oldest_sound() <= age, "{camera:?}: {} ms", fallen.oldest_sound());
        let after = sim.watch(20_000);
        assert!(after.gap() <= 90, "{camera:?}: {} ms", after.gap());
        assert!(after.oldest_sound() <= 120, "{camera:?}: {} ms", after.oldest_sound());
        assert!(after.picture_age() <= 80, "{camera:?}: {} ms", after.picture_age());
        assert!(after.picture_ages.len() >= 250, "{camera:?}: {}", after.picture_ages.len());
        assert!(after.changes <= 5, "{camera:?}: {}", after.changes);
        assert_eq!(sim.calls[1].link(sim.now).limit, Limit::None, "the other way is free");
    }
}

#[test]
fn a_busy_computer_is_no_slow_link() {
    for camera in [(1280, 720, 30), (640, 360, 15)] {
        for busy in [60, 120] {
            let mut sim = Sim::called(camera, &[]);
            sim.busy = [busy * MS; 2];
            sim.run(15_000);
            let seen = sim.watch(30_000);
            let what = format!("{camera:?}, {busy} ms");
            assert_eq!(sim.calls[0].link(sim.now).limit, Limit::None, "{what}");
            assert_eq!((seen.changes, sim.trouble(0)), (0, None), "{what}");
            let least = usize::from(camera.2) * 30 * 85 / 100;
            assert!(seen.picture_ages.len() >= least, "{what}: {}", seen.picture_ages.len());
        }
    }
}

#[test]
fn confirmations_that_wait_do_not_lower_the_picture() {
    let mut sim = Sim::called((1280, 720, 30), &[]);
    sim.run(12_000);
    for rate in [300_000, 100_000] {
        sim.roads[1].rate = rate;
        sim.run(10_000);
        let seen = sim.watch(10_000);
        assert_eq!(sim.calls[0].link(sim.now).limit, Limit::None, "{rate}");
        assert_eq!(sim.trouble(0), None, "{rate}");
        assert!(seen.picture_ages.len() > 200, "{rate}: {}", seen.picture_ages.len());
        assert_eq!(sim.calls[1].link(sim.now).limit, Limit::Link, "{rate}");
    }
}

#[test]
fn pictures_that_come_to_the_relay_at_once_lower_nothing() {
    let mut sim = Sim::called((1280, 720, 30), &[]);
    sim.run(12_000);
    for _ in 0..50 {
        sim.calls[0].report(Report::VideoDropped { frames: 2, key_needed: false }, sim.now);
        sim.run(300);
    }
    assert_eq!(sim.calls[0].link(sim.now).limit, Limit::None);
    assert_eq!(sim.watch(1_000).changes, 0);
    assert_eq!(sim.calls[0].counters().video_dropped_by_relay, 100);
}

#[test]
fn losses_that_tcp_repairs_cost_size_and_not_movement() {
    let mut sim = Sim::called((640, 360, 30), &[]);
    sim.roads.iter_mut().for_each(|road| road.loss = 10);
    sim.run(20_000);
    let seen = sim.watch(30_000);
    assert!(seen.picture_ages.len() >= 20 * 30, "{}", seen.picture_ages.len());
    assert!(seen.picture_age() <= 100, "{} ms", seen.picture_age());
    assert!(seen.oldest_sound() <= 400, "{} ms", seen.oldest_sound());
}

#[test]
fn what_the_other_end_shows_is_sent_within_two_seconds_whatever_the_camera_gives() {
    let mut sim = Sim::called((1280, 720, 30), &[]);
    sim.run(12_000);
    for (shown, sent) in [
        ((400, 300, 30), Some((400, 225, 30))),
        ((1280, 560, 15), Some((996, 560, 15))),
        ((0, 0, 0), None),
        ((1920, 1080, 60), Some((1280, 720, 30))),
    ] {
        sim.calls[1].show_video(shown.0, shown.1, shown.2, sim.now);
        sim.run(200);
        let wanted = sim.wanted[0].unwrap();
        let is = (wanted.width > 0).then_some((wanted.width, wanted.height, wanted.rate));
        assert_eq!(is, sent, "{shown:?}");
        let seen = sim.watch(1_000);
        assert_eq!(seen.picture_ages.is_empty(), sent.is_none());
    }
}

#[test]
fn a_codec_with_key_frames_fits_and_a_lost_frame_costs_a_round_trip() {
    const DELTA: &str = "delta-test";
    let mut sim = Sim::called((640, 360, 30), &[DELTA]);
    sim.codec = DELTA;
    sim.group = 1_000_000;
    sim.run(5_000);
    let clean = sim.watch(2_000);
    assert!(clean.pictures.len() > 55, "{}", clean.pictures.len());
    assert!(clean.pictures.iter().all(|(_, key)| !key), "none is needed");
    sim.roads[0].loses = 30;
    let lossy = sim.watch(20_000);
    let mut next = None;
    for (number, key) in &lossy.pictures {
        assert!(*key || next.is_none_or(|next| next == *number), "{number} can't be decoded");
        next = Some(number + 1);
    }
    let keys = lossy.pictures.iter().filter(|(_, key)| *key).count();
    // Each lost one is answered once or twice: a request may meet the key frame on its way.
    assert!((15..60).contains(&keys), "{keys} key frames");
    assert!(lossy.pictures.len() > 400, "{}", lossy.pictures.len());
    assert!(sim.calls[1].counters().video_undecodable > 0);
}

#[test]
fn a_codec_that_is_not_read_is_told_and_never_handed_out() {
    const NEW: &str = "new-test";
    // Nobody has said that it is read: nothing of it leaves.
    let mut sim = Sim::called((640, 360, 15), &[]);
    sim.codec = NEW;
    let dropped = sim.calls[0].counters().video_dropped;
    let nothing = sim.watch(1_000);
    assert!(nothing.picture_ages.is_empty());
    assert!(sim.calls[0].counters().video_dropped > dropped);
    // Somebody said so and takes it back, and what is on the way then is not read any more.
    let mut sim = Sim::called((640, 360, 15), &[NEW]);
    sim.codec = NEW;
    assert!(!sim.watch(1_000).pictures.is_empty());
    sim.calls[1].set(|settings| settings.video_codecs = &[], sim.now);
    let after = sim.watch(500);
    assert!(after.pictures.is_empty(), "{:?}", after.pictures);
    assert!(sim.calls[1].counters().video_unknown > 0);
    assert_eq!(sim.trouble(1), Some(Trouble::Codec));
    let told = sim.log.iter().filter(|line| line.contains("codec \"new-test\"")).count();
    assert_eq!(told, 1, "{:?}", sim.log);
    // JPEG is read by everybody, and the word goes away.
    sim.codec = super::super::JPEG;
    assert!(!sim.watch(11_000).pictures.is_empty());
    assert_eq!(sim.trouble(1), None);
}
