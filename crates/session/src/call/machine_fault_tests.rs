//! What goes wrong in a call and who wants it over, against the same simulated way as the rest.
//!
//! Part of `machine_tests.rs`, which has the two ends and the way between them.

use super::*;

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
fn a_flood_costs_time_and_no_more() {
    let mut sim = Sim::called(7);
    // What the flood overtakes would count as repeated.
    sim.audio = false;
    sim.run(200);
    sim.audio = true;
    let sealed: Vec<Vec<u8>> =
        (0..2_000).map(|_| sim.sides[0].call.seal_audio(sim.now, &[0; 60]).unwrap()).collect();
    let before = sim.sides[1].sound.len();
    for payload in sealed.iter().cycle().take(100_000) {
        let now = sim.time(1);
        let report = Report::Packet { header: AUDIO, payload: payload.clone(), came: now };
        sim.sides[1].call.report(report, now);
        assert!(sim.sides[1].call.effects.len() < 1_000);
    }
    assert!(sim.counters(1).flooded > 99_000);
    assert!(sim.sides[1].sound.len() - before <= 400);
    sim.effects_of_flood();
    sim.run(5_000);
    assert_eq!(sim.phases(), [Phase::InCall, Phase::InCall]);
    let trouble = |sim: &Sim| sim.sides[1].call.link(sim.time(1)).trouble;
    assert_eq!(trouble(&sim), Some(Trouble::Flooding));
    sim.run(6_000);
    assert_eq!(trouble(&sim), None);
}

impl Sim {
    /// Throws away what the flood made but for its one line in the log; its content is not what
    /// this test's sound holds.
    fn effects_of_flood(&mut self) {
        let mut lines = 0;
        while let Some(effect) = self.sides[1].call.next_effect() {
            if let Effect::Log(line) = effect {
                assert!(line.contains("sends more than a call needs"), "{line}");
                lines += 1;
            }
        }
        assert_eq!(lines, 1);
    }
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
fn nobody_between_sees_what_is_said() {
    let mut sim = Sim::new(10);
    sim.seen = Some(Vec::new());
    sim.join(["7-guitar-lamp-orbit"; 2]);
    sim.run(3_000);
    let seen = sim.seen.take().unwrap();
    assert!(sim.sides[1].sound.len() > 100 && seen.len() > 10_000);
    for secret in ["plain sound", "plain picture", "Anna", "Bert", "guitar", "lamp", "orbit"] {
        assert!(!seen.windows(secret.len()).any(|at| at == secret.as_bytes()), "{secret}");
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

#[test]
fn garbage_before_the_keys_ends_it_soon() {
    let mut sim = Sim::new(12);
    sim.cut = true;
    sim.join(["7-guitar-lamp-orbit"; 2]);
    for number in 0..100u8 {
        let payload = vec![0xFF, number, 0xFF];
        sim.report(1, Report::Packet { header: CONTROL, payload, came: 0 });
        sim.report(1, Report::Packet { header: AUDIO, payload: vec![number; 50], came: 0 });
    }
    assert_eq!(sim.phase(1), Phase::Ended(End::Tampered));
    assert!(sim.sides[1].sound.is_empty());
}

#[test]
fn sound_that_is_held_back_is_thrown_away_and_told() {
    let mut sim = Sim::called(12);
    sim.run(5_000);
    sim.delay = 700 * MS;
    sim.run(2_000);
    let counters = sim.counters(1);
    assert!(counters.audio_late > 30 && counters.audio_missing >= counters.audio_late);
    assert_eq!(sim.sides[1].call.link(sim.time(1)).trouble, Some(Trouble::Receiving));
    let told = |line: &&String| line.contains("more than 500 ms late; it is thrown away");
    assert_eq!(sim.sides[1].log.iter().filter(told).count(), 1);
}

#[test]
fn what_announces_four_gigabytes_is_told_and_ends_the_call() {
    let mut sim = Sim::called(13);
    let send = |sim: &mut Sim| {
        let payload = vec![0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1];
        sim.report(1, Report::Packet { header: CONTROL, payload, came: 0 });
    };
    (1..MAX_FORGED).for_each(|_| send(&mut sim));
    assert_eq!(sim.phase(1), Phase::InCall);
    assert_eq!(sim.sides[1].call.link(sim.time(1)).trouble, Some(Trouble::Tampering));
    let told = |line: &&String| line.contains("(Control) was changed or made up on the way");
    assert_eq!(sim.sides[1].log.iter().filter(told).count(), 1);
    send(&mut sim);
    assert_eq!(sim.phase(1), Phase::Ended(End::Tampered));
}
