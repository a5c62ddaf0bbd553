//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

use okno_relay::gate::GateLimits;
use okno_relay::limits;
use okno_relay::server::Options;

/// Ports of the original call server.
const CLASSIC_VIDEO_PORT: u16 = 12345;
const CLASSIC_AUDIO_PORT: u16 = 12346;

/// Lets two people call each other who can't reach each other directly.
#[derive(Debug, Parser)]
#[command(
    name = "okno-relay",
    version,
    after_long_help = "\
Both callers connect to the relay; it hands each one's packets to the other. Picture and sound
are sealed by the callers with keys that the relay never has.

Start it on any machine that both callers reach, and open its port in the firewall:

    okno-relay --listen 0.0.0.0:12350

It prints the fingerprint of its key, which invitations carry, so that nobody else can stand in
for it. The key is made at the first start and kept in the folder of --state. From other machines
only encrypted connections are let in.

The original call programs (no encryption!) are served beside that with --classic:

    okno-relay --listen 0.0.0.0:12350 --classic

Exit codes:
  2    wrong usage
  3    an address can't be listened on
  4    the key can't be read or made
  130  ended by Ctrl+C, after saying goodbye to all callers
  143  ended by SIGTERM, likewise

Every option can also be set as OKNO_RELAY_NAME=VALUE in the environment, for example
OKNO_RELAY_LISTEN. RUST_LOG chooses what is logged (default: info)."
)]
pub struct Cli {
    /// Where callers connect; port 0 takes a free one and prints it
    #[arg(
        long,
        value_name = "ADDR:PORT",
        default_value = "127.0.0.1:12350",
        env = "OKNO_RELAY_LISTEN"
    )]
    listen: SocketAddr,

    /// Serve the original call programs too: video on port 12345, audio on 12346 of the same
    /// address. They are not encrypted
    #[arg(long, env = "OKNO_RELAY_CLASSIC")]
    classic: bool,

    /// Where the original programs send video (implies --classic)
    #[arg(long, value_name = "ADDR:PORT", env = "OKNO_RELAY_CLASSIC_VIDEO")]
    classic_video: Option<SocketAddr>,

    /// Where the original programs send audio (implies --classic)
    #[arg(long, value_name = "ADDR:PORT", env = "OKNO_RELAY_CLASSIC_AUDIO")]
    classic_audio: Option<SocketAddr>,

    /// Show figures for Prometheus at http://ADDR:PORT/metrics; keep it local
    #[arg(long, value_name = "ADDR:PORT", env = "OKNO_RELAY_METRICS")]
    metrics: Option<SocketAddr>,

    /// Folder of the key [default: $STATE_DIRECTORY, else okno-relay in the user's state folder]
    #[arg(long, value_name = "FOLDER", env = "OKNO_RELAY_STATE")]
    state: Option<PathBuf>,

    /// Threads that forward [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64),
          env = "OKNO_RELAY_THREADS")]
    pub threads: Option<u16>,

    /// Most connections at one time
    #[arg(long, value_name = "N", default_value_t = limits::MAX_CONNECTIONS,
          env = "OKNO_RELAY_MAX_CONNECTIONS")]
    max_connections: usize,

    /// Most connections from one address (IPv6: from one /64)
    #[arg(long, value_name = "N", default_value_t = limits::MAX_PER_ADDRESS,
          env = "OKNO_RELAY_MAX_PER_ADDRESS")]
    max_per_address: u32,

    /// Calls that one address may open, join or resume in a minute, after as many at once
    /// (60 at least)
    #[arg(long, value_name = "N", default_value_t = limits::ATTEMPTS_PER_MINUTE,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000),
          env = "OKNO_RELAY_ATTEMPTS_PER_MINUTE")]
    attempts_per_minute: u32,
}

impl Cli {
    /// What the relay needs to know.
    pub fn options(&self) -> Options {
        let at = |port| SocketAddr::new(self.listen.ip(), port);
        let asked = self.classic || self.classic_video.is_some() || self.classic_audio.is_some();
        Options {
            listen: self.listen,
            classic: asked.then(|| {
                let video = self.classic_video.unwrap_or_else(|| at(CLASSIC_VIDEO_PORT));
                (video, self.classic_audio.unwrap_or_else(|| at(CLASSIC_AUDIO_PORT)))
            }),
            metrics: self.metrics,
            limits: GateLimits {
                connections: self.max_connections,
                per_address: self.max_per_address,
                attempts_per_minute: self.attempts_per_minute,
            },
        }
    }

    /// The folder of the key: as told, systemd's, or the user's.
    pub fn state(&self) -> Option<PathBuf> {
        let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        self.state
            .clone()
            .or_else(|| from("STATE_DIRECTORY"))
            .or_else(|| from("XDG_STATE_HOME").map(|home| home.join("okno-relay")))
            .or_else(|| from("HOME").map(|home| home.join(".local/state/okno-relay")))
    }
}
