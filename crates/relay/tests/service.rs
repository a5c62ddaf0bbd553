//! The relay as a service: what systemd is told, and whether the unit file fits the program.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::os::unix::net::UnixDatagram;
use std::process::Command;

use support::{PATIENCE, Raw, Relay, text};

const UNIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/okno-relay.service");

/// The next word to systemd.
fn word(socket: &UnixDatagram) -> String {
    let mut bytes = [0; 256];
    let count = socket.recv(&mut bytes).expect("systemd is told in time");
    String::from_utf8(bytes[..count].to_vec()).unwrap()
}

#[tokio::test]
async fn systemd_is_told_when_the_relay_is_ready_and_when_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let relay = Relay::start_with(&[("NOTIFY_SOCKET", path.to_str().unwrap())]);
    assert_eq!(word(&socket), "READY=1");
    // Ready means that callers are let in.
    let (mut caller, _) = Raw::allocate(relay.calls).await;
    relay.terminate();
    assert_eq!(word(&socket), "STOPPING=1");
    assert!(caller.ended().await.may_resume);
    assert_eq!(relay.code().await, 143);
}

#[tokio::test]
async fn a_socket_of_systemd_that_is_not_there_stops_nobody() {
    let relay = Relay::start_with(&[("NOTIFY_SOCKET", "/nowhere/notify")]);
    Raw::allocate(relay.calls).await;
    relay.logged("systemd does not hear us").await;
}

#[test]
fn the_unit_file_starts_the_program_with_options_that_it_has() {
    let unit = text(UNIT.as_ref());
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let mut words = line.split_whitespace();
    assert!(words.next().unwrap().ends_with("/okno-relay"), "{line}");
    let arguments: Vec<&str> = words.collect();
    let run = |last: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okno-relay"));
        command.args(&arguments).arg(last).output().unwrap().status.code()
    };
    // The options before it are read first.
    assert_eq!(run("--help"), Some(0), "{line}");
    assert_eq!(run("--no-such-option"), Some(2));
    // An end by SIGTERM is no failure.
    assert!(unit.lines().any(|line| line == "SuccessExitStatus=143"));
}
