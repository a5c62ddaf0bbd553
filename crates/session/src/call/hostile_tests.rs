//! Who is on the way, or at the other end, wants no good: what is changed, made up, held back, listened
//! to, or far too much.

use super::*;

#[test]
fn packets_changed_on_the_way_are_never_opened_and_end_the_call() {
    let mut sim = Sim::called(3);
    sim.weather.change = 100;
    sim.run(20_000);
    for of in 0..2 {
        let counters = sim.counters(of);
        assert!(counters.forged <= MAX_FORGED, "{counters:?}");
    }
    let mut log = sim.sides.iter().flat_map(|side| &side.log);
    assert!(log.any(|line| line.contains("the call is over: tampered")));
    assert!(sim.phases().contains(&Phase::Ended(End::Tampered)), "{:?}", sim.phases());
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
