//! Engines on a real PulseAudio: its null sinks are the microphones and speakers.
//!
//! The daemon is this test's own: own folder, own socket, no sound card. PULSE_SERVER has to be in
//! the environment before anything connects, so the test runs itself once more with it.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{Player, Recorder, longest_gap_ms, offsets, voice};
use okno_audio::{Config, Connection, Engine, Input, Output, Switches, devices};
use okno_media::clock;

const INNER: &str = "OKNO_TEST_PULSE_INNER";

struct Daemon {
    child: Child,
    folder: PathBuf,
}

impl Daemon {
    fn start(test: &str) -> Self {
        let name = format!("okno-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        let socket = folder.join("native");
        let mut command = Command::new("pulseaudio");
        command
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
            .args(["--system=false", "--disable-shm=yes", "--log-target=stderr"])
            .arg("-L")
            .arg(format!(
                "module-native-protocol-unix auth-anonymous=1 socket={}",
                socket.display()
            ));
        for sink in ["spare", "mouth", "ear"] {
            command.arg("-L").arg(format!("module-null-sink sink_name={sink}"));
        }
        let child = command
            .env("HOME", &folder)
            .env("XDG_RUNTIME_DIR", &folder)
            .env("PULSE_RUNTIME_PATH", &folder)
            .env_remove("PULSE_SERVER")
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio: run tools/deps.sh");
        let daemon = Self { child, folder };
        wait("PulseAudio's socket", || socket.exists());
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn wait(what: &str, mut condition: impl FnMut() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < Duration::from_secs(30), "in vain: {what}");
        // Seldom: looking copies a recording, and work disturbs the sound that is measured.
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Runs one of the tests below with a daemon of its own.
fn with_daemon(test: &str) {
    if std::env::var_os(INNER).is_some() {
        return;
    }
    // A machine that is busy with something else makes gaps of its own: one more try, as
    // `make test-programs` gives.
    for attempt in 1..=2 {
        let daemon = Daemon::start(test);
        let status = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", &format!("inner::{test}"), "--ignored", "--nocapture"])
            .env(INNER, "1")
            .env("HOME", &daemon.folder)
            .env("PULSE_SERVER", format!("unix:{}", path(&daemon.folder.join("native"))))
            .status()
            .expect("runs");
        if status.success() {
            return;
        }
        println!("{test}: {status} at attempt {attempt}");
    }
    panic!("{test} failed twice");
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn sound_goes_from_a_microphone_to_a_speaker() {
    with_daemon("a_voice_passes_through");
}

#[test]
fn devices_that_disappear_are_replaced() {
    with_daemon("devices_disappear");
}

mod inner {
    use super::*;

    fn pactl(arguments: &[&str]) -> String {
        let output = Command::new("pactl").args(arguments).output().expect("pactl");
        assert!(output.status.success(), "pactl {arguments:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A's microphone is what is played into `mouth`; B's speaker is `ear`.
    fn pair() -> (Arc<Engine>, Engine) {
        let switches = Switches::OFF;
        let quiet = Config {
            speaker: Output::None,
            microphone: Input::None,
            switches,
            ..Config::default()
        };
        let speaker = Output::Device("pulseaudio:ear".into());
        let b =
            Arc::new(Engine::start(Config { speaker, ..quiet.clone() }, |_| {}).expect("starts"));
        let theirs = Arc::clone(&b);
        let microphone = Input::Device("pulseaudio:mouth.monitor".into());
        let a = Engine::start(Config { microphone, ..quiet }, move |packet| {
            theirs.receive(packet, clock::now_ns());
        })
        .expect("starts");
        wait("the microphone", || {
            matches!(a.status().microphone, Connection::Open { fallback: false, .. })
        });
        wait("the speaker", || {
            matches!(b.status().speaker, Connection::Open { fallback: false, .. })
        });
        (b, a)
    }

    #[test]
    #[ignore = "run by the tests above, with a sound server"]
    fn a_voice_passes_through() {
        let list = devices().expect("a list");
        assert!(list.speakers.iter().any(|device| device.id == "pulseaudio:ear"), "{list:?}");
        assert!(list.microphones.iter().any(|device| device.id == "pulseaudio:mouth.monitor"));
        assert_eq!(list.speakers.iter().filter(|device| device.is_default).count(), 1);
        let (b, a) = pair();
        let spoken = Recorder::start("mouth.monitor");
        let heard = Recorder::start("ear.monitor");
        let player = Player::start("mouth", &voice(14, 7));
        wait("12 s of sound", || {
            let so_far = heard.so_far().samples;
            so_far
                .iter()
                .position(|s| s.abs() > 0.02)
                .is_some_and(|begin| so_far.len() > begin + 12 * 48_000)
        });
        let position = b.playout_position(clock::now_ns()).expect("sound is played");
        let by_stamps = (clock::now_ns() - position) as f64 / 1e6;
        let statistics = (a.status().statistics, b.status().statistics);
        let (spoken, heard) = (spoken.so_far(), heard.so_far());
        drop(player);
        let found = offsets(&spoken, &heard);
        println!(
            "mouth to ear: {by_stamps:.0} ms by stamps; by correlation (ms, likeness): {found:.1?}"
        );
        println!("sender: {:?}\nreceiver: {:?}", statistics.0, statistics.1);
        let alike = found.iter().filter(|(_, likeness)| *likeness > 0.7).count();
        assert!(found.len() >= 8 && alike + 1 >= found.len(), "{found:?}");
        let gap = longest_gap_ms(&heard.samples);
        assert!(gap <= 40, "a gap of {gap} ms");
        let mut delays: Vec<f64> = found.iter().map(|(ms, _)| *ms).collect();
        delays.sort_by(f64::total_cmp);
        let delay = delays[delays.len() / 2];
        assert!((0.0..500.0).contains(&delay), "{delay} ms");
        assert!(
            (by_stamps - delay).abs() < 60.0,
            "stamps say {by_stamps} ms, the sound {delay} ms"
        );
    }

    fn module_of(sink: &str) -> String {
        let list = pactl(&["list", "short", "modules"]);
        let line =
            list.lines().find(|line| line.contains(&format!("sink_name={sink}"))).expect("module");
        line.split_whitespace().next().expect("number").to_owned()
    }

    #[test]
    #[ignore = "run by the tests above, with a sound server"]
    fn devices_disappear() {
        pactl(&["set-default-sink", "spare"]);
        pactl(&["set-default-source", "spare.monitor"]);
        let (b, a) = pair();
        let _player = Player::start("mouth", &voice(60, 7));
        wait("sound", || b.status().speaker_level.rms_dbfs > -40.0);

        // The speaker goes: the default one takes its place, and sounds.
        let spare = Recorder::start("spare.monitor");
        pactl(&["unload-module", &module_of("ear")]);
        wait(
            "another speaker",
            || matches!(b.status().speaker, Connection::Open { fallback: true, id, .. } if id == "pulseaudio:spare"),
        );
        let notices = b.take_notices();
        let said = notices.iter().any(|notice| notice.to_string().starts_with("speaker "));
        assert!(said, "{notices:?}");
        wait("sound from it", || {
            spare.so_far().samples.iter().rev().take(4800).any(|s| s.abs() > 0.02)
        });

        // It comes back, and is taken again.
        pactl(&["load-module", "module-null-sink", "sink_name=ear"]);
        wait(
            "the wanted speaker",
            || matches!(b.status().speaker, Connection::Open { fallback: false, id, .. } if id == "pulseaudio:ear"),
        );
        let ear = Recorder::start("ear.monitor");
        wait("sound from it", || ear.so_far().samples.iter().any(|s| s.abs() > 0.02));

        // The microphone goes.
        pactl(&["unload-module", &module_of("mouth")]);
        wait("another microphone", || {
            matches!(a.status().microphone, Connection::Open { fallback: true, .. })
        });
        let notices = a.take_notices();
        assert!(notices.iter().any(|n| n.to_string().starts_with("microphone ")), "{notices:?}");

        // Everything goes: the call goes on without.
        for sink in ["spare", "ear"] {
            pactl(&["unload-module", &module_of(sink)]);
        }
        let sent = a.status().statistics.sent;
        wait("packets all the same", || a.status().statistics.sent > sent + 50);
    }
}
