//! Regression tests of the echo canceller: it is young, and a new version must not be worse.
//!
//! The room is made up (a direct path and a decaying tail), the voices too (harmonics whose pitch
//! and loudness wander, with pauses), so the figures are the same on every machine.

use std::f32::consts::TAU;

use okno_audio::{FRAME, Processing, Sonora, Switches};

/// Numbers that look random: xorshift64* (Vigna, 2016).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40;
        bits as f32 / (1_u64 << 23) as f32 - 1.0
    }
}

/// Speech-like: voiced harmonics and hisses in syllables of 150 to 300 ms, and pauses.
fn voice(seconds: usize, pitch: f32, seed: u64) -> Vec<f32> {
    let mut random = Random(seed);
    let mut out = Vec::with_capacity(seconds * 48_000);
    let mut phase = 0.0_f32;
    while out.len() < seconds * 48_000 {
        let length = (48_000.0 * (0.15 + 0.15 * random.next().abs())) as usize;
        let kind = random.next();
        let tone = pitch * (1.0 + 0.2 * random.next());
        let colour = 1.0 + random.next().abs();
        for i in 0..length {
            let shape = (i as f32 / length as f32 * TAU / 2.0).sin();
            phase = (phase + tone / 48_000.0).fract();
            let voiced: f32 =
                (1..20).map(|h| (TAU * phase * h as f32).sin() / (h as f32).powf(colour)).sum();
            out.push(match kind {
                k if k < -0.6 => 0.0,
                k if k < -0.3 => 0.04 * shape * random.next(),
                _ => 0.12 * shape * voiced,
            });
        }
    }
    out.truncate(seconds * 48_000);
    out
}

/// What a microphone hears of a speaker 40 ms later: -6 dB, and a tail of 100 ms.
fn room(played: &[f32]) -> Vec<f32> {
    let mut random = Random(9);
    // A sparse response keeps the test quick: 120 reflections.
    let reflections: Vec<(usize, f32)> = (0..120)
        .map(|i| {
            let delay = 1920 + i * 40 + (random.next().abs() * 30.0) as usize;
            (delay, 0.5 * random.next() * (-(i as f32) / 25.0).exp())
        })
        .chain([(1920, 0.5)])
        .collect();
    let mut out = vec![0.0; played.len()];
    for (delay, gain) in reflections {
        for (heard, sample) in out[delay..].iter_mut().zip(played) {
            *heard += gain * sample;
        }
    }
    out
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32
}

fn decibels(ratio: f32) -> f32 {
    10.0 * ratio.log10()
}

fn process(switches: Switches, far: &[f32], microphone: &[f32]) -> Vec<f32> {
    let mut processing = Sonora::new(switches);
    let mut out = Vec::with_capacity(far.len());
    for (far, near) in far.chunks_exact(FRAME).zip(microphone.chunks_exact(FRAME)) {
        let mut frame: [f32; FRAME] = near.try_into().expect("a frame");
        processing.process(far.try_into().expect("a frame"), &mut frame, 40);
        out.extend_from_slice(&frame);
    }
    out
}

const ECHO_ONLY: Switches =
    Switches { echo_cancellation: true, noise_suppression: false, gain_control: false };

#[test]
fn an_echo_is_removed_by_20_db_and_more() {
    let far = voice(12, 130.0, 1);
    let echo = room(&far);
    let out = process(ECHO_ONLY, &far, &echo);
    let settled = 5 * 48_000;
    let erle = decibels(power(&echo[settled..]) / power(&out[settled..]));
    println!("echo return loss enhancement: {erle:.1} dB");
    assert!(erle > 20.0, "{erle} dB");
}

#[test]
fn the_near_voice_survives_when_both_speak() {
    let far = voice(16, 130.0, 2);
    let mut near = voice(16, 210.0, 3);
    near[..8 * 48_000].fill(0.0);
    let echo = room(&far);
    let both: Vec<f32> = echo.iter().zip(&near).map(|(e, n)| e + n).collect();
    let out = process(ECHO_ONLY, &far, &both);
    let double = 9 * 48_000..16 * 48_000;
    // The canceller may delay by a few milliseconds: look for the near voice in the output.
    let wanted = &near[double.start..double.end - 4800];
    let best = (0..4800_usize)
        .step_by(4)
        .map(|delay| {
            let heard = &out[double.start + delay..double.end - 4800 + delay];
            let dot: f32 = heard.iter().zip(wanted).map(|(a, b)| a * b).sum();
            dot / (power(heard) * power(wanted)).sqrt() / wanted.len() as f32
        })
        .fold(-1.0, f32::max);
    println!("likeness to the near voice: {best:.2}");
    assert!(best > 0.5, "the near voice is {best} of what is left");
    let kept = decibels(power(&out[double.clone()]) / power(&near[double]));
    println!("level against the near voice alone: {kept:.1} dB");
    assert!(kept > -9.0, "{kept} dB");
}

#[test]
fn steady_noise_goes_and_everything_off_changes_nothing() {
    let mut random = Random(5);
    let noise: Vec<f32> = (0..48_000 * 8).map(|_| 0.01 * random.next()).collect();
    let silence = vec![0.0; noise.len()];
    let only_noise =
        Switches { echo_cancellation: false, noise_suppression: true, gain_control: false };
    let out = process(only_noise, &silence, &noise);
    let gone = decibels(power(&noise[4 * 48_000..]) / power(&out[4 * 48_000..]));
    println!("noise: {gone:.1} dB less");
    assert!(gone > 6.0, "{gone} dB");
    assert_eq!(process(Switches::OFF, &silence, &noise), noise);
}

#[test]
fn a_quiet_voice_is_brought_up() {
    let quiet: Vec<f32> = voice(20, 150.0, 6).iter().map(|s| 0.05 * s).collect();
    let silence = vec![0.0; quiet.len()];
    let only_gain =
        Switches { echo_cancellation: false, noise_suppression: false, gain_control: true };
    let out = process(only_gain, &silence, &quiet);
    let up = decibels(power(&out[15 * 48_000..]) / power(&quiet[15 * 48_000..]));
    println!("gain: {up:.1} dB");
    assert!(up > 6.0, "{up} dB");
    assert!(out.iter().all(|s| s.abs() <= 1.0));
}
