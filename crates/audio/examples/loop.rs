//! Two engines in one program: what is said into one microphone is heard from a speaker.
//!
//!     cargo run --release -p okno-audio --example loop -- MICROPHONE SPEAKER [SECONDS]
//!
//! Both as `--microphone` and `--speaker` of okno: `default`, `none`, `test:`, FILE.wav or an id.
//! Without arguments: lists the devices. With two sinks of PulseAudio, `MOUTH.monitor` as microphone
//! and `EAR` as speaker, it plays a voice into MOUTH itself, records both ends, and prints the delay
//! from mouth to ear by correlation:
//!
//!     pactl load-module module-null-sink sink_name=mouth
//!     pactl load-module module-null-sink sink_name=ear
//!     cargo run --release -p okno-audio --example loop -- pulseaudio:mouth.monitor pulseaudio:ear

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{Player, Recorder, longest_gap_ms, offsets, voice};
use okno_audio::{Config, Engine, Input, Output, devices};
use okno_media::clock;

fn list() -> Result<(), Box<dyn std::error::Error>> {
    let devices = devices()?;
    for (title, list) in [("microphones", devices.microphones), ("speakers", devices.speakers)] {
        println!("{title}:");
        for device in list {
            let mark = if device.is_default { "*" } else { " " };
            println!("  {mark} {}  ({})", device.id, device.name);
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [microphone, speaker, rest @ ..] = arguments.as_slice() else { return list() };
    let seconds: u64 = rest.first().map_or(Ok(15), |text| text.parse())?;
    let (input, output): (Input, Output) = (microphone.parse()?, speaker.parse()?);

    let listener = Config { microphone: Input::None, speaker: output, ..Config::default() };
    let b = Arc::new(Engine::start(listener, |_| {})?);
    let theirs = Arc::clone(&b);
    let talker = Config { microphone: input, speaker: Output::None, ..Config::default() };
    let a = Engine::start(talker, move |packet| theirs.receive(packet, clock::now_ns()))?;

    let sinks = microphone
        .strip_prefix("pulseaudio:")
        .and_then(|source| source.strip_suffix(".monitor"))
        .zip(speaker.strip_prefix("pulseaudio:"));
    let recorders = sinks.map(|(mouth, ear)| {
        let (spoken, heard) = (
            Recorder::start(&format!("{mouth}.monitor")),
            Recorder::start(&format!("{ear}.monitor")),
        );
        (Player::start(mouth, &voice(seconds as usize + 5, 1)), spoken, heard)
    });
    for second in 1..=seconds {
        std::thread::sleep(Duration::from_secs(1));
        let (spoken, heard) = (a.status(), b.status());
        let now = clock::now_ns();
        let age = b.playout_position(now).map(|position| (now - position) / 1_000_000);
        println!(
            "{second:3} s: {:5.1} dBFS in, {:5.1} dBFS out, mouth to ear by stamps {age:?} ms; {:?}",
            spoken.microphone_level.rms_dbfs, heard.speaker_level.rms_dbfs, heard.statistics
        );
        for notice in a.take_notices().iter().chain(&b.take_notices()) {
            println!("       {notice}");
        }
    }
    if let Some((_player, spoken, heard)) = recorders {
        let (spoken, heard) = (spoken.so_far(), heard.so_far());
        for (at, (ms, likeness)) in offsets(&spoken, &heard).iter().enumerate() {
            println!("at {:2} s: {ms:6.1} ms from mouth to ear, likeness {likeness:.2}", at + 2);
        }
        println!("longest gap: {} ms", longest_gap_ms(&heard.samples));
    }
    Ok(())
}
