//! The local window: it shows what is sent, and `q` ends the program. Needs Xvfb and xdotool.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use common::{Peer, Sender, listen, wait_until};

/// A display of its own.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts (Debian: apt install xvfb)");
        let mut line = String::new();
        let stdout = server.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a display number");
        Self { server, name: format!(":{}", line.trim()) }
    }

    fn xdotool(&self, args: &[&str]) -> String {
        let output = Command::new("xdotool").args(args).env("DISPLAY", &self.name).output();
        let output = output.expect("xdotool runs (Debian: apt install xdotool)");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn q_in_the_preview_ends_the_program() {
    let display = Display::start();
    let (listener, to) = listen();
    let args = ["-i", "test:320x240", "--preview", "-n", "preview-test", "--to", &to];
    let mut command = common::command(&args);
    command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
    let sender = Sender::spawn(command);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.grant(8);
    let reader = std::thread::spawn(move || peer.all(Some(8)));
    let mut window = String::new();
    wait_until("the window is there", || {
        window = display.xdotool(&["search", "--name", "preview-test"]);
        !window.is_empty()
    });
    let window = window.lines().last().unwrap_or_default().to_owned();
    // Without a window manager the focus has to be given by hand; the window may not be ready.
    wait_until("the program ends", || {
        display.xdotool(&["windowfocus", &window]);
        display.xdotool(&["key", "--window", &window, "q"]);
        reader.is_finished()
    });
    let (frames, goodbye) = reader.join().expect("read");
    assert!(!frames.is_empty() && goodbye.is_some());
    let output = sender.wait();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

#[test]
fn without_a_display_sending_goes_on_and_says_so() {
    let (listener, to) = listen();
    let args = ["-i", "test:64x48", "--preview", "--frames", "5", "--fps", "0", "--to", &to];
    let mut command = common::command(&args);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"] {
        command.env_remove(name);
    }
    let sender = Sender::spawn(command);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.grant(8);
    assert_eq!(peer.all(Some(8)).0.len(), 5);
    drop(peer);
    let output = sender.wait();
    assert_eq!(output.code, Some(0));
    assert!(output.reason().contains("no display"), "{}", output.stderr);
}
