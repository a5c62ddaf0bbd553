//! Two calls over a link of a given capacity, in virtual time: sound goes before pictures, what has
//! been handed to the link can't be overtaken, and the capacity changes when it likes.

#![allow(clippy::unwrap_used)]

use super::super::{Kind, Limit, Picture, Trouble, VideoQuality};
use super::*;

const MS: u64 = 1_000_000;
const STEP: u64 = MS;
const DELAY: u64 = 25 * MS;

/// What the kernel and the network hold, in bytes: as the relay's client lets it keep unsent
/// (16 KiB), and a batch.
const HANDED_OVER: usize = 24 << 10;

/// Bytes of a record of a picture.
const PIECE: usize = 8 << 10;

struct Packet {
    header: Header,
    bytes: usize,
    sent: u64,
    /// With the last piece.
    payload: Option<Vec<u8>>,
}

/// One direction.
struct Road {
    /// Bytes a second.
    rate: u64,
    /// Sound, control, pictures in pieces.
    waiting: [VecDeque<Packet>; 3],
    handed_over: VecDeque<Packet>,
    free: u64,
    going: VecDeque<(u64, Packet)>,
    /// Of so many pictures one is lost; 0: none.
    loses: u32,
    video: u32,
}

impl Road {
    fn new() -> Self {
        Self {
            rate: 100_000_000,
            waiting: Default::default(),
            handed_over: VecDeque::new(),
            free: 0,
            going: VecDeque::new(),
            loses: 0,
            video: 0,
        }
    }

    fn send(&mut self, header: Header, payload: Vec<u8>, now: u64) {
        let (place, last) = match header.kind {
            Kind::Audio => (0, payload.len()),
            Kind::Control => (1, payload.len()),
            Kind::Video => (2, payload.len() % PIECE),
        };
        if header.kind == Kind::Video {
            self.video += 1;
            if self.loses > 0 && self.video.is_multiple_of(self.loses) {
                return;
            }
            for _ in 0..payload.len() / PIECE {
                let piece = Packet { header, bytes: PIECE, sent: now, payload: None };
                self.waiting[2].push_back(piece);
            }
        }
        let bytes = last + 10;
        self.waiting[place].push_back(Packet { header, bytes, sent: now, payload: Some(payload) });
    }

    fn carry(&mut self, now: u64) -> Vec<Packet> {
        let held = |all: &VecDeque<Packet>| all.iter().map(|is| is.bytes).sum::<usize>();
        while held(&self.handed_over) < HANDED_OVER
            && let Some(next) = self.waiting.iter_mut().find_map(VecDeque::pop_front)
        {
            self.handed_over.push_back(next);
        }
        while self.free <= now
            && let Some(next) = self.handed_over.pop_front()
        {
            self.free = self.free.max(now - STEP) + next.bytes as u64 * 1_000 * MS / self.rate;
            self.going.push_back((self.free + DELAY, next));
        }
        let due = self.going.iter().take_while(|(at, _)| *at <= now).count();
        self.going.drain(..due).map(|(_, packet)| packet).collect()
    }
}

/// What one end saw of the other since the last look.
#[derive(Default)]
struct Seen {
    sound_ages: Vec<u64>,
    picture_ages: Vec<u64>,
    bytes: usize,
    changes: u32,
    pictures: Vec<(u32, bool)>,
}

impl Seen {
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
            self.calls[of].hold_video_back(1, self.now);
            return;
        }
        let pixels = usize::from(wanted.width) * usize::from(wanted.height);
        let key = self.calls[of].needs_key() || self.made.is_multiple_of(self.group);
        self.made += 1;
        let bytes = pixels * usize::from(wanted.quality) / 430 / if key { 1 } else { 8 };
        let codec = if of == 0 { self.codec } else { super::super::JPEG };
        let key = key || of == 1;
        let picture = Picture { captured_ns: self.now, codec, key, data: vec![0; bytes] };
        if self.calls[of].may_send_video(self.now)
            && let Some((frame, sealed)) = self.calls[of].seal_video(&picture, self.now)
        {
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
                    self.arrive(1 - of, packet);
                }
                if self.now.is_multiple_of(50 * MS) {
                    self.calls[of].tick(self.now);
                }
                self.effects(of);
            }
        }
    }

    fn arrive(&mut self, to: usize, packet: Packet) {
        let Packet { header, bytes, sent, payload } = packet;
        let seen = &mut self.seen[to];
        seen.bytes += if header.kind == Kind::Video { bytes } else { 0 };
        let Some(payload) = payload else { return };
        match header.kind {
            Kind::Audio => seen.sound_ages.push(self.now - sent),
            Kind::Video => seen.picture_ages.push(self.now - sent),
            Kind::Control => {}
        }
        self.calls[to].report(Report::Packet { header, payload }, self.now);
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
        ((1280, 720, 30), [1_000_000, 600_000, 400_000, 150_000]),
        ((640, 360, 15), [200_000, 150_000, 80_000, 60_000]),
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
            let fall = sim.watch(2_000);
            assert!(fall.oldest_sound() < 1_000, "{what}: {} ms", fall.oldest_sound());
            let slow = sim.watch(10_000);
            // Pictures arrive as they are sent: nothing piles up before the link.
            assert!(slow.bytes as u64 <= rate * 10, "{what}");
            assert!(slow.picture_age() < 500, "{what}: {} ms", slow.picture_age());
            let handed_over = DELAY / MS + HANDED_OVER as u64 * 1_000 / rate;
            assert!(
                slow.oldest_sound() <= handed_over + 120,
                "{what}: {} ms, {handed_over}",
                slow.oldest_sound()
            );
            assert!(slow.picture_ages.len() > 30, "{what}: {}", slow.picture_ages.len());
            assert_eq!(sim.trouble(0), Some(Trouble::Sending), "{what}");
            // Confirmations of the other way's pictures wait behind what this one has handed over,
            // which a slower link holds for longer than a queue is told from.
            if rate >= 300_000 {
                assert_eq!(sim.trouble(1), None, "{what}: the other way is free");
            }
            // Steps are tried, each up and down again, but less and less often.
            let minute = sim.watch(60_000);
            assert!(minute.changes <= 16, "{what}: {} changes", minute.changes);
            let next = sim.watch(60_000);
            assert!(next.changes <= 12, "{what}: {} changes", next.changes);

            sim.roads[0].rate = 100_000_000;
            sim.run(45_000);
            assert_eq!(sim.calls[0].link(sim.now).limit, Limit::None, "{what}");
            assert_eq!(sim.trouble(0), None, "{what}");
            assert_eq!(sim.watch(30_000).changes, 0, "{what}");
        }
    }
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
