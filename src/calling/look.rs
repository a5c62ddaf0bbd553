//! Looks that may take a while: which devices there are, whether the relay answers.
//!
//! In: a relay's address. Out: lists and an answer, once. One thread for each look, which ends by
//! itself within seconds and is joined. Never: a look while another one goes on.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

use super::view::Choice;

/// How long a relay may take to accept a connection.
const RELAY_TIME: Duration = Duration::from_secs(2);

/// Where Linux describes its video devices.
const SYSFS: &str = "/sys/class/video4linux";

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Cameras.
    pub cameras: Vec<Choice>,
    /// Microphones.
    pub microphones: Vec<Choice>,
    /// Speakers.
    pub speakers: Vec<Choice>,
    /// Whether the relay answers; `None` if it was not asked.
    pub relay: Option<bool>,
}

/// A look that goes on.
pub struct Look {
    result: Receiver<Seen>,
    thread: Option<JoinHandle<()>>,
}

impl Look {
    /// Begins to look. `relay`: host and port to try.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(relay: Option<(String, u16)>) -> std::io::Result<Self> {
        let (tell, result) = bounded(1);
        let thread = std::thread::Builder::new().name("call-look".into()).spawn(move || {
            let _ = tell.try_send(look(relay));
        })?;
        Ok(Self { result, thread: Some(thread) })
    }

    /// What was seen, once it was.
    pub fn done(&self) -> Option<Seen> {
        self.result.try_recv().ok()
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic has printed its message; there is nothing to add.
            let _ = thread.join();
        }
    }
}

fn look(relay: Option<(String, u16)>) -> Seen {
    let sound = okno_audio::devices()
        .inspect_err(|error| log::debug!("sound devices: {error}"))
        .unwrap_or_default();
    let choices = |devices: Vec<okno_audio::Device>| -> Vec<Choice> {
        devices.into_iter().map(|d| Choice { id: d.id, name: d.name }).collect()
    };
    Seen {
        cameras: cameras(Path::new(SYSFS)),
        microphones: choices(sound.microphones),
        speakers: choices(sound.speakers),
        relay: relay.map(|(host, port)| answers(&host, port)),
    }
}

fn answers(host: &str, port: u16) -> bool {
    let Ok(addresses) = (host, port).to_socket_addrs() else { return false };
    // Two are enough: IPv6 and IPv4.
    addresses.take(2).any(|address| TcpStream::connect_timeout(&address, RELAY_TIME).is_ok())
}

/// The cameras that are described below `root`, by number; the first node of each.
fn cameras(root: &Path) -> Vec<Choice> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut found: Vec<(u32, String)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("video")?.parse().ok()?;
            let read = |file| std::fs::read_to_string(entry.path().join(file)).unwrap_or_default();
            // Further nodes of a camera often give only metadata.
            (read("index").trim().parse().unwrap_or(0) == 0)
                .then(|| (number, read("name").trim().to_owned()))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(number, name)| Choice { id: number.to_string(), name }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_come_by_number_and_once() {
        let root = std::env::temp_dir().join(format!("okno-look-{}", std::process::id()));
        for (node, index, name) in
            [("video2", "0", "USB"), ("video0", "0", "Built-in\n"), ("video1", "1", "Built-in")]
        {
            std::fs::create_dir_all(root.join(node)).expect("folder");
            std::fs::write(root.join(node).join("index"), index).expect("index");
            std::fs::write(root.join(node).join("name"), name).expect("name");
        }
        let found: Vec<_> = cameras(&root).into_iter().map(|c| (c.id, c.name)).collect();
        std::fs::remove_dir_all(&root).expect("removed");
        assert_eq!(found, [("0".into(), "Built-in".into()), ("2".into(), "USB".into())]);
    }

    #[test]
    fn a_relay_that_is_not_there_does_not_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("address").port();
        assert!(answers("127.0.0.1", port));
        drop(listener);
        assert!(!answers("127.0.0.1", port));
    }
}
