//! The jitter buffer in virtual time: minutes and hours of bad networks in seconds, the same each
//! time.
//!
//! In: how the network behaves, and a seed. Out: what was heard. Never: a real clock.

use crate::codec::Decoder;
use crate::playout::Playout;
use crate::playout::adaptive::Adaptive;
use crate::playout::delay::MOST_NS;
use crate::status::Statistics;
use crate::{FRAME, PACKET, Packet};

const MS: u64 = 1_000_000;
const SECOND: u64 = 1000 * MS;
/// Where both clocks begin; the sender's is two hours ahead.
const BEGIN: u64 = 100 * SECOND;
const OFFSET: u64 = 7200 * SECOND;
/// A packet can be sent when its 20 ms are over, and takes 25 ms to come.
const LEAST_DELAY: u64 = 45 * MS;

/// Numbers that look random: xorshift64* (Vigna, 2016).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

/// A decoder that hums, and counts what it is given.
#[derive(Default)]
struct Hum {
    at: f32,
    last: Option<u32>,
    twice_or_back: u32,
}

impl Hum {
    fn hum(&mut self, samples: &mut [f32; PACKET]) {
        for sample in samples {
            *sample = 0.3 * (self.at * std::f32::consts::TAU).sin();
            self.at = (self.at + 200.0 / 48_000.0).fract();
        }
    }
}

impl Decoder for Hum {
    fn accepts(&self, payload: &[u8]) -> bool {
        payload.len() == 4
    }
    fn decode(&mut self, payload: &[u8], samples: &mut [f32; PACKET]) {
        let number = u32::from_le_bytes(payload.try_into().expect("four bytes"));
        self.twice_or_back += u32::from(self.last.is_some_and(|last| number <= last));
        self.last = Some(number);
        self.hum(samples);
    }
    fn restore(&mut self, _next: &[u8], samples: &mut [f32; PACKET]) -> bool {
        self.hum(samples);
        true
    }
    fn conceal(&mut self, samples: &mut [f32; PACKET]) {
        self.hum(samples);
    }
}

/// What becomes of packet `i`: how much later than the least it comes, in ns; nothing if lost.
type Network<'a> = dyn FnMut(u32, &mut Random) -> Vec<u64> + 'a;

/// What was heard.
struct Heard {
    figures: Statistics,
    /// Age of the sound at each step at which there was some: (seconds, ms).
    ages: Vec<(f64, f64)>,
}

impl Heard {
    fn oldest(&self, from: f64) -> f64 {
        self.ages.iter().filter(|(at, _)| *at >= from).map(|(_, age)| *age).fold(0.0, f64::max)
    }

    fn first_after(&self, from: f64) -> f64 {
        self.ages.iter().map(|(at, _)| *at).find(|at| *at >= from).unwrap_or(f64::INFINITY)
    }

    fn median(&self, from: f64) -> f64 {
        let mut ages: Vec<f64> =
            self.ages.iter().filter(|(at, _)| *at >= from).map(|(_, age)| *age).collect();
        ages.sort_by(f64::total_cmp);
        ages[ages.len() / 2]
    }
}

/// Plays `seconds` of a sender whose clock runs `ppm` faster than ours.
fn listen(seconds: u64, ppm: f64, seed: u64, network: &mut Network) -> Heard {
    let mut random = Random(seed);
    let mut buffer = Adaptive::new(Hum::default());
    let speed = 1.0 + ppm * 1e-6;
    let ours = |sender: u64| (sender as f64 / speed) as u64;
    let mut on_the_way: Vec<(u64, Packet)> = Vec::new();
    let mut sent = 0_u32;
    let mut ages = Vec::new();
    let mut frame = [0.0; FRAME];
    for step in 0..seconds * 100 {
        let now = step * 10 * MS;
        while ours(u64::from(sent) * 20 * MS) <= now {
            let captured = u64::from(sent) * 20 * MS;
            for delay in network(sent, &mut random) {
                let packet = Packet {
                    sequence: 1000 + sent,
                    captured_ns: captured + OFFSET,
                    payload: sent.to_le_bytes().to_vec(),
                };
                on_the_way.push((ours(captured) + LEAST_DELAY + delay, packet));
            }
            sent += 1;
        }
        on_the_way.sort_by_key(|(arrival, _)| *arrival);
        let arrived = on_the_way.partition_point(|(arrival, _)| *arrival <= now);
        for (arrival, packet) in on_the_way.drain(..arrived) {
            buffer.receive(packet, BEGIN + arrival);
        }
        if let Some(position) = buffer.play(BEGIN + now, &mut frame) {
            let age = now as f64 - (position - OFFSET) as f64 / speed;
            ages.push((now as f64 / 1e9, age / 1e6));
        }
    }
    let figures = buffer.figures();
    assert_eq!(buffer.decoder().twice_or_back, 0, "a packet was played twice, or out of order");
    Heard { figures, ages }
}

#[test]
fn a_clean_network_adds_next_to_nothing() {
    let heard = listen(60, 0.0, 1, &mut |_, _| vec![0]);
    let figures = heard.figures;
    assert_eq!((figures.concealed, figures.recovered, figures.late), (0, 0, 0));
    assert_eq!((figures.silent, figures.duplicate, figures.jumps), (0, 0, 0));
    assert!(figures.target_ms <= 20.0, "{figures:?}");
    // 45 ms of network, and a buffer of two packets at most.
    assert!(heard.median(20.0) < 45.0 + 40.0, "{} ms", heard.median(20.0));
}

#[test]
fn losses_are_restored_or_made_up_and_nothing_else_happens() {
    for (percent, seed, restored) in [(1, 11, 0.7), (5, 12, 0.85), (20, 13, 0.85)] {
        let mut lost = 0;
        let heard = listen(120, 0.0, seed, &mut |_, random| {
            if random.next() % 100 < percent {
                lost += 1;
                return vec![];
            }
            vec![0]
        });
        let figures = heard.figures;
        let missing = figures.recovered + figures.concealed + figures.silent;
        assert!(missing.abs_diff(lost) <= 3, "{percent} %: {lost} lost, {figures:?}");
        // A loss can be restored if the next packet came, which `percent` did not.
        let single = lost as f64 * (1.0 - percent as f64 / 100.0);
        assert!(
            figures.recovered as f64 > restored * single,
            "{percent} %: {lost} lost, {figures:?}"
        );
        assert_eq!((figures.late, figures.jumps), (0, 0), "{percent} %");
        assert!((figures.loss * 100.0 - percent as f32).abs() < 4.0, "{percent} %: {figures:?}");
        assert!(heard.median(20.0) < 110.0, "{percent} %: {} ms", heard.median(20.0));
    }
}

#[test]
fn jitter_and_reordering_are_waited_for() {
    let heard = listen(120, 0.0, 21, &mut |_, random| {
        let mut copies = vec![random.next() % (80 * MS)];
        if random.next() % 20 == 0 {
            copies.push(random.next() % (80 * MS));
        }
        copies
    });
    let figures = heard.figures;
    assert!(figures.duplicate > 100, "{figures:?}");
    assert!((60.0..120.0).contains(&figures.target_ms), "{figures:?}");
    let bad = figures.late + figures.concealed;
    assert!((bad as f64) < 0.05 * 6000.0, "{figures:?}");
    assert_eq!(figures.jumps, 0);
    // Once the jitter is over, so is the delay.
    let heard = listen(120, 0.0, 22, &mut |i, random| {
        vec![if i < 1500 { random.next() % (150 * MS) } else { 0 }]
    });
    assert!(heard.median(60.0) < 90.0, "{} ms", heard.median(60.0));
    assert!(heard.figures.stretched_ms > 50, "{:?}", heard.figures);
}

#[test]
fn clocks_that_drift_for_an_hour_meet() {
    for ppm in [200.0, -200.0] {
        let heard = listen(3600, ppm, 31, &mut |_, random| vec![random.next() % (15 * MS)]);
        let figures = heard.figures;
        assert!((f64::from(figures.drift_ppm) - ppm).abs() < 60.0, "{ppm}: {figures:?}");
        assert_eq!(figures.jumps, 0, "{ppm}: {figures:?}");
        // Uncorrected, 200 ppm are 720 ms in an hour.
        let spread = heard.oldest(60.0) - heard.median(60.0);
        assert!(spread < 30.0, "{ppm}: {spread} ms, {figures:?}");
        assert!(figures.concealed + figures.silent < 180_000 / 50, "{ppm}: {figures:?}");
        assert!((figures.buffer_ms - figures.target_ms).abs() < 30.0, "{ppm}: {figures:?}");
    }
}

#[test]
fn bursts_are_smoothed() {
    // The network stops for 200 ms every two seconds and then delivers everything.
    let heard = listen(60, 0.0, 41, &mut |i, _| {
        let within = u64::from(i) * 20 % 2000;
        vec![if within < 200 { (200 - within) * MS } else { 0 }]
    });
    let figures = heard.figures;
    let concealed = figures.concealed + figures.silent;
    assert!(concealed < 3000 / 12, "{figures:?}");
    assert!(heard.oldest(0.0) < 500.0 + 65.0);
}

#[test]
fn after_an_outage_sound_is_back_at_once_and_never_older_than_half_a_second() {
    // From 20 s to 25 s nothing gets through. TCP keeps it all, and delivers it in 300 ms.
    for keeps in [true, false] {
        let heard = listen(60, 0.0, 51, &mut |i, _| {
            let at = u64::from(i) * 20;
            match at {
                20_000..25_000 if !keeps => vec![],
                20_000..25_000 => vec![(25_000 - at) * MS + (at - 20_000) * MS * 3 / 50],
                25_000..25_300 if keeps => vec![(25_300 - at) * MS],
                _ => vec![0],
            }
        });
        let figures = heard.figures;
        let back = heard.first_after(21.0);
        assert!(back < 25.6, "keeps {keeps}: back at {back} s, {figures:?}");
        assert!(heard.oldest(0.0) <= MOST_NS as f64 / 1e6 + 65.0, "{} ms", heard.oldest(0.0));
        assert!(heard.median(45.0) < 90.0, "{} ms at the end", heard.median(45.0));
        assert!(figures.silent > 200);
    }
}

#[test]
fn a_path_that_becomes_longer_for_good_is_followed() {
    let heard = listen(60, 0.0, 61, &mut |i, _| vec![if i < 1000 { 0 } else { 900 * MS }]);
    let back = heard.first_after(21.0);
    assert!(back < 23.0, "back at {back} s: {:?}", heard.figures);
    // The path itself takes 945 ms now; the buffer's share stays small.
    assert!(heard.median(40.0) < 945.0 + 50.0, "{} ms", heard.median(40.0));
}

#[test]
fn a_sender_that_begins_anew_is_heard() {
    let mut buffer = Adaptive::new(Hum::default());
    let mut frame = [0.0; FRAME];
    let mut heard = 0;
    for step in 0..1000_u64 {
        let now = BEGIN + step * 10 * MS;
        // 5 s with numbers from 5000, then from 0.
        let number = if step < 500 { 5000 + step / 2 } else { (step - 500) / 2 } as u32;
        if step % 2 == 0 {
            let payload = ((step / 2) as u32).to_le_bytes().to_vec();
            buffer.receive(Packet { sequence: number, captured_ns: now, payload }, now);
        }
        let sound = buffer.play(now, &mut frame).is_some();
        heard += u32::from(sound && step > 600);
    }
    assert!(heard > 390, "{heard} of 399");
}

#[test]
fn nonsense_neither_panics_nor_grows() {
    let mut random = Random(71);
    let mut buffer = Adaptive::new(Hum::default());
    let mut frame = [0.0; FRAME];
    for step in 0..20_000_u64 {
        let now = BEGIN + step * 10 * MS;
        for _ in 0..random.next() % 20 {
            let sequence = match random.next() % 4 {
                0 => random.next() as u32,
                1 => u32::MAX - (random.next() % 3) as u32,
                _ => (step / 2 + random.next() % 100) as u32,
            };
            let size = [0, 4, 4, 5, 4000][(random.next() % 5) as usize];
            // Each number once, in order: what `Hum` checks is not the matter here.
            let payload = vec![0; size];
            let late = random.next() % (3 * SECOND);
            buffer.receive(Packet { sequence, captured_ns: random.next(), payload }, now - late);
        }
        buffer.play(now, &mut frame);
        assert!(frame.iter().all(|sample| sample.is_finite() && sample.abs() < 2.0));
        assert!(buffer.waiting() < 4 * 48_000, "grows");
    }
    assert!(buffer.figures().invalid > 10_000);
}

/// Share of the sound's power that two signals have in common, at the best offset within `reach`.
fn likeness(a: &[f32], b: &[f32], reach: usize) -> f32 {
    let power = |x: &[f32]| x.iter().map(|s| s * s).sum::<f32>();
    (0..reach)
        .map(|offset| {
            let b = &b[offset..];
            let length = a.len().min(b.len());
            let dot: f32 = a[..length].iter().zip(&b[..length]).map(|(a, b)| a * b).sum();
            dot / (power(&a[..length]) * power(&b[..length])).sqrt().max(1e-9)
        })
        .fold(-1.0, f32::max)
}

#[test]
fn redundancy_in_the_packets_restores_what_silence_would_not() {
    use crate::codec::{Encoder, OpusDecoder, carries_redundancy};
    // A voice: a low tone with harmonics whose pitch wanders, with pauses.
    let mut phase = 0.0_f32;
    let voice: Vec<f32> = (0..48_000 * 6)
        .map(|i| {
            let t = i as f32 / 48_000.0;
            let pitch = 140.0 + 40.0 * (t * 5.0).sin();
            phase = (phase + pitch / 48_000.0).fract();
            let loud = (0.6 + 0.4 * (t * 19.0).sin()) * 0.3;
            (1..8).map(|h| (phase * h as f32 * std::f32::consts::TAU).sin() / h as f32).sum::<f32>()
                * loud
        })
        .collect();
    let mut encoder = Encoder::new(32_000, false).expect("encoder");
    encoder.expect_loss(20);
    let packets: Vec<Vec<u8>> = voice
        .chunks_exact(PACKET)
        .map(|pcm| encoder.encode(pcm.try_into().expect("20 ms")).expect("encodes").to_vec())
        .collect();
    let redundant = packets.iter().filter(|packet| carries_redundancy(packet)).count();
    assert!(redundant * 2 > packets.len(), "{redundant} of {}", packets.len());
    let mut buffer = Adaptive::new(OpusDecoder::new().expect("decoder"));
    let mut out = Vec::new();
    for step in 0..600_u64 {
        let now = BEGIN + step * 10 * MS;
        let number = (step / 2) as usize;
        if step % 2 == 0 && number % 10 != 9 {
            let payload = packets[number].clone();
            buffer.receive(Packet { sequence: number as u32, captured_ns: now, payload }, now);
        }
        let mut frame = [0.0; FRAME];
        buffer.play(now, &mut frame);
        out.extend_from_slice(&frame);
    }
    let figures = buffer.figures();
    assert!(figures.recovered >= 15, "{figures:?}");
    let likeness = likeness(&voice[48_000..96_000], &out[48_000..48_000 + 96_000], 5000);
    assert!(likeness > 0.8, "{likeness}, {figures:?}");
}
