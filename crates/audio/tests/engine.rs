//! Engines without a sound system: tone, files, none; all by the clock.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use okno_audio::{Config, Connection, EchoTest, Engine, Format, Input, Output, Packet, Switches};
use okno_media::clock;

fn config(microphone: Input, speaker: Output) -> Config {
    Config { microphone, speaker, switches: Switches::OFF, ..Config::default() }
}

/// Waits until `condition`; says what it waited for.
fn wait(what: &str, mut condition: impl FnMut() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < Duration::from_secs(30), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("okno-engine-{}-{name}.wav", std::process::id())))
    }

    fn samples(&self) -> Vec<f32> {
        let mut reader = hound::WavReader::open(&self.0).expect("a WAV file");
        reader.samples::<i16>().flatten().map(|s| f32::from(s) / 32_768.0).collect()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Two engines, each other's peer.
fn pair(a: Config, b: Config) -> (Arc<Engine>, Engine) {
    let to_b = Arc::new(Mutex::new(None::<Arc<Engine>>));
    let from_a = Arc::clone(&to_b);
    let a = Engine::start(a, move |packet| {
        if let Some(b) = &*from_a.lock().expect("lock") {
            b.receive(packet, clock::now_ns());
        }
    })
    .expect("starts");
    let b = Arc::new(Engine::start(b, |_| {}).expect("starts"));
    *to_b.lock().expect("lock") = Some(Arc::clone(&b));
    (b, a)
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|s| s * s).sum::<f32>() / samples.len().max(1) as f32
}

/// How strong a frequency is: a correlation with it, in windows short enough for the warble.
fn tone(samples: &[f32], hertz: f32) -> f32 {
    let windows = samples.chunks_exact(960);
    let count = windows.len().max(1) as f32;
    windows
        .map(|window| {
            let (mut re, mut im) = (0.0, 0.0);
            for (i, sample) in window.iter().enumerate() {
                let angle = std::f32::consts::TAU * hertz * i as f32 / 48_000.0;
                re += sample * angle.cos();
                im += sample * angle.sin();
            }
            2.0 * (re * re + im * im).sqrt() / window.len() as f32
        })
        .sum::<f32>()
        / count
}

#[test]
fn the_tone_arrives_in_the_file_and_stops_when_muted() {
    let out = File::new("tone");
    let (b, a) =
        pair(config(Input::Tone, Output::None), config(Input::None, Output::File(out.0.clone())));
    wait("two seconds of sound", || b.status().statistics.received > 100);
    wait("a playing position", || b.playout_position(clock::now_ns()).is_some());
    let age = clock::now_ns() - b.playout_position(clock::now_ns()).expect("position");
    assert!(age < 500_000_000, "{age} ns old");
    assert!(b.status().speaker_level.rms_dbfs > -30.0, "{:?}", b.status());
    a.set_muted(true);
    wait("mute", || a.status().muted && b.status().speaker_level.rms_dbfs < -60.0);
    assert!(a.status().microphone_level.rms_dbfs > -30.0, "the meter goes on");
    assert!(
        a.status().muted_while_speaking || {
            wait("hint", || a.status().muted_while_speaking);
            true
        }
    );
    let status = b.status();
    drop((a, b));
    let heard = out.samples();
    // From where it is loud for good.
    let begin = heard.iter().position(|s| s.abs() > 0.05).expect("sound") + 9600;
    let second = &heard[begin..begin + 48_000];
    assert!(tone(second, 440.0) > 0.07, "{} {status:?}", tone(second, 440.0));
    assert!(tone(second, 700.0) < 0.01);
    assert!(power(&heard[heard.len() - 4800..]) < 1e-6, "muted at the end");
}

#[test]
fn nothing_is_sent_before_it_is_wanted() {
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    let config = Config { sending: false, ..config(Input::Tone, Output::None) };
    let engine =
        Engine::start(config, move |_| *counted.lock().expect("lock") += 1).expect("starts");
    wait("the meter", || engine.status().microphone_level.rms_dbfs > -30.0);
    assert_eq!(*count.lock().expect("lock"), 0);
    engine.set_sending(true);
    wait("packets", || *count.lock().expect("lock") > 5);
    engine.set_sending(false);
    wait("an end of packets", || {
        let before = *count.lock().expect("lock");
        std::thread::sleep(Duration::from_millis(100));
        before == *count.lock().expect("lock")
    });
}

#[test]
fn the_echo_test_plays_back_what_was_said() {
    let out = File::new("echo");
    let engine =
        Engine::start(config(Input::Tone, Output::File(out.0.clone())), |_| {}).expect("starts");
    wait("the tone", || engine.status().microphone_level.rms_dbfs > -30.0);
    engine.start_echo_test();
    wait("recording", || matches!(engine.status().echo_test, EchoTest::Recording(_)));
    assert!(engine.status().speaker_level.rms_dbfs < -60.0);
    wait("playing", || matches!(engine.status().echo_test, EchoTest::Playing(left) if left < 4000));
    assert!(engine.status().speaker_level.rms_dbfs > -30.0);
    wait("the end", || engine.status().echo_test == EchoTest::Off);
    engine.test_speaker();
    drop(engine);
    assert!(tone(&out.samples(), 440.0) > 0.02);
}

#[test]
fn devices_change_while_it_runs_and_what_fails_is_said() {
    let out = File::new("change");
    let (b, a) = pair(config(Input::None, Output::None), config(Input::None, Output::None));
    wait("packets", || b.status().statistics.received > 10);
    assert_eq!(a.status().microphone, Connection::None);
    a.set_microphone(Input::Tone);
    b.set_speaker(Output::File(out.0.clone()));
    wait("sound", || b.status().speaker_level.rms_dbfs > -30.0);
    a.set_microphone(Input::File("/there/is/none.wav".into()));
    wait("a failure", || matches!(a.status().microphone, Connection::Failed(_)));
    let notices = a.take_notices();
    assert!(notices.iter().any(|notice| notice.to_string().contains("none.wav")), "{notices:?}");
    assert!(a.take_notices().is_empty(), "each once");
    let received = b.status().statistics.received;
    wait("packets all the same", || b.status().statistics.received > received + 10);
    wait("a header", || hound::WavReader::open(&out.0).is_ok_and(|file| file.duration() > 0));
    a.set_microphone(Input::File(out.0.clone()));
    wait("a file", || matches!(&a.status().microphone, Connection::Open { fallback: false, .. }));
}

#[test]
fn the_classic_side_door_carries_the_tone() {
    let out = File::new("classic");
    let classic = |config: Config| Config { format: Format::Classic, ..config };
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let (b, a) = pair(
        classic(config(Input::Tone, Output::None)),
        classic(config(Input::None, Output::File(out.0.clone()))),
    );
    let seen = Arc::clone(&sizes);
    let c = Engine::start(classic(config(Input::Tone, Output::None)), move |packet: Packet| {
        seen.lock().expect("lock").push(packet.payload.len());
    })
    .expect("starts");
    wait("chunks", || {
        b.status().statistics.received > 130 && sizes.lock().expect("lock").len() > 43
    });
    assert!(sizes.lock().expect("lock").iter().all(|size| *size == 2048));
    b.receive(Packet { sequence: 0, captured_ns: 0, payload: vec![1; 2047] }, 0);
    wait("a bad chunk", || b.status().statistics.invalid == 1);
    let status = b.status();
    assert!(status.statistics.buffer_ms < 250.0, "{status:?}");
    drop((a, b, c));
    let heard = out.samples();
    let begin = heard.iter().position(|s| s.abs() > 0.05).expect("sound") + 9600;
    assert!(tone(&heard[begin..begin + 48_000], 440.0) > 0.07);
}

#[test]
fn a_flood_is_dropped_and_counted() {
    let engine = Engine::start(config(Input::None, Output::None), |_| {}).expect("starts");
    let mut flood = 0_u32;
    wait("drops", || {
        for _ in 0..10_000 {
            let payload = vec![0x78; (flood % 2000) as usize];
            engine.receive(Packet { sequence: flood, captured_ns: 0, payload }, clock::now_ns());
            flood = flood.wrapping_add(7);
        }
        engine.status().statistics.overflowed > 0
    });
    let received = engine.status().statistics.received;
    wait("life", || engine.status().statistics.received >= received);
}
