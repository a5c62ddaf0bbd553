//! The command line.
//!
//! In: arguments and `OKNO_*` variables. Out: [`Options`], checked; or a usage error with exit
//! code 2.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use okno_catalog::client::Target;

use crate::calling::Given;
use crate::catalog::DEFAULT_ADDRESS;

/// Addresses that are listened on unless told otherwise: the ports of the original programs, on
/// this machine only, since whatever arrives is shown.
pub const DEFAULT_LISTEN: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 12345),
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 5252),
];

/// Longest time that can be set: ten years.
const MOST_SECONDS: f64 = 315_360_000.0;

const EXAMPLES: &str = "\
Examples:
  okno                              wait for senders on this machine, ports 12345 and 5252
  okno --listen 0.0.0.0:12345       let senders on other machines in
  opencv-sender -i 0 --to tcp://127.0.0.1:12345      send the first camera (another terminal)
  ffmpeg -re -i clip.mp4 -f mjpeg tcp://127.0.0.1:12345    or any program that sends JPEGs

Exit codes: 0 closed, 1 could not start, 2 usage, 130 and 143 on Ctrl-C and SIGTERM.
Each option can also be set as a variable: --stats-json as OKNO_STATS_JSON, and so on.
Environment: OKNO_LOG or RUST_LOG (error, warn, info, debug); QT_QUICK_BACKEND and the other
QT_ variables are left alone when they are set.";

/// Shows live camera frames that programs send over the network.
#[derive(Debug, Parser)]
#[command(name = "okno", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Options {
    /// Address to listen on; may be repeated. Port 0 takes a free one and prints it.
    #[arg(long, value_name = "ADDR:PORT", env = "OKNO_LISTEN", value_delimiter = ',',
          default_values_t = DEFAULT_LISTEN)]
    pub listen: Vec<SocketAddr>,

    /// Fetch an MJPEG stream that a camera serves over HTTP; may be repeated.
    #[arg(long, value_name = "URL", env = "OKNO_PULL", value_delimiter = ',')]
    pub pull: Vec<String>,

    /// Size of the picture area in device pixels; without it the first stream is shown 1:1.
    #[arg(long, value_name = "WxH", env = "OKNO_VIEW_SIZE", value_parser = parse_size)]
    pub view_size: Option<(u32, u32)>,

    /// Write one line of JSON a second with the figures of every stream; - for standard output.
    #[arg(long, value_name = "FILE", env = "OKNO_STATS_JSON")]
    pub stats_json: Option<PathBuf>,

    /// End after this many seconds.
    #[arg(long, value_name = "SECONDS", env = "OKNO_EXIT_AFTER", value_parser = parse_seconds)]
    pub exit_after: Option<f64>,

    /// Show a moving test pattern at once.
    #[arg(long, env = "OKNO_TEST_PATTERN")]
    pub test_pattern: bool,

    /// Product catalogue to show beside the pictures, connected at once. Without it, the one at
    /// http://127.0.0.1:50051 is asked when the products are opened.
    #[arg(long, value_name = "URL", env = "OKNO_CATALOG")]
    pub catalog: Option<String>,

    /// PEM file of the certificate that the catalogue's server shows, for https.
    #[arg(long, value_name = "FILE", env = "OKNO_CATALOG_CA")]
    pub catalog_ca: Option<PathBuf>,

    /// File with the catalogue's token, where it wants one.
    #[arg(long, value_name = "FILE", env = "OKNO_CATALOG_TOKEN_FILE")]
    pub catalog_token_file: Option<PathBuf>,

    /// Read the interface's files from this folder, and load them anew when one is saved.
    #[arg(long, value_name = "DIR", env = "OKNO_QML_DIR")]
    pub qml_dir: Option<PathBuf>,

    /// Write the interface's files into this folder, which must be new or empty, and end.
    #[arg(long, value_name = "DIR")]
    pub export_qml: Option<PathBuf>,

    /// With --export-qml: write over what is in the folder.
    #[arg(long, requires = "export_qml")]
    pub force: bool,

    /// Use no theme or interface that others made.
    #[arg(long, env = "OKNO_NO_PACKS")]
    pub no_packs: bool,
    /// Relay that calls go through, HOST or HOST:PORT [default: the last one, else 127.0.0.1:12350]
    #[arg(long, value_name = "HOST:PORT", env = "OKNO_RELAY", help_heading = "Calls")]
    pub relay: Option<String>,

    /// Camera of a call: what `opencv-sender --input` takes (0, test:, an address), or none.
    #[arg(long, value_name = "SOURCE", env = "OKNO_CAMERA", help_heading = "Calls")]
    pub camera: Option<String>,

    /// Microphone of a call: default, none, test: (a tone), FILE.wav (again and again), or an id.
    #[arg(long, value_name = "SOURCE", env = "OKNO_MICROPHONE", help_heading = "Calls")]
    pub microphone: Option<String>,

    /// Speaker of a call: default, none, FILE.wav (is written), or an id.
    #[arg(long, value_name = "WHERE", env = "OKNO_SPEAKER", help_heading = "Calls")]
    pub speaker: Option<String>,

    /// Name that the other person sees.
    #[arg(long, value_name = "NAME", env = "OKNO_NAME_IN_CALLS", help_heading = "Calls")]
    pub name: Option<String>,

    /// Begin a call at once: start, a code such as 7-guitar-lamp-orbit, or a link.
    #[arg(long, value_name = "start|CODE|LINK", env = "OKNO_CALL", help_heading = "Calls")]
    pub call: Option<String>,

    /// Send the sound as the microphone gives it: no echo cancellation, noise suppression or gain
    /// control. For music, and for measuring.
    #[arg(long, env = "OKNO_RAW_SOUND", help_heading = "Calls")]
    pub raw_sound: bool,

    /// Largest frame that is accepted, in bytes.
    #[arg(long, value_name = "BYTES", env = "OKNO_MAX_FRAME",
          default_value_t = okno_net::Limits::default().wire.max_message)]
    pub max_frame: usize,

    /// Most connections at once.
    #[arg(long, value_name = "N", env = "OKNO_MAX_CONNECTIONS",
          default_value_t = okno_net::Limits::default().connections)]
    pub max_connections: usize,

    /// Most connections that have not sent anything yet.
    #[arg(long, value_name = "N", env = "OKNO_MAX_SILENT",
          default_value_t = okno_net::Limits::default().undecided)]
    pub max_silent: usize,

    /// Seconds that a connection may stay silent before its first bytes.
    #[arg(long, value_name = "SECONDS", env = "OKNO_SILENCE_TIMEOUT", value_parser = parse_seconds,
          default_value_t = okno_net::Limits::default().first_bytes.as_secs_f64())]
    pub silence_timeout: f64,

    /// Seconds in which a frame that has begun must make progress.
    #[arg(long, value_name = "SECONDS", env = "OKNO_STALL_TIMEOUT", value_parser = parse_seconds,
          default_value_t = okno_net::Limits::default().progress_time.as_secs_f64())]
    pub stall_timeout: f64,

    /// Say more: -v what is decided, -vv everything.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Options {
    /// The log level when no variable sets it.
    pub const fn log_level(&self) -> &'static str {
        match self.verbose {
            0 => "info",
            1 => "debug",
            _ => "trace",
        }
    }

    /// What is said about calls.
    pub fn calls(&self) -> Given {
        Given {
            relay: self.relay.clone(),
            camera: self.camera.clone(),
            microphone: self.microphone.clone(),
            speaker: self.speaker.clone(),
            name: self.name.clone(),
            call: self.call.clone(),
            raw_sound: self.raw_sound,
            known_relays: Some(crate::folders::known_relays_file()),
        }
    }

    /// The network limits that these options set.
    pub fn limits(&self) -> okno_net::Limits {
        let mut limits = okno_net::Limits::default();
        limits.wire.max_message = self.max_frame;
        limits.connections = self.max_connections;
        limits.undecided = self.max_silent;
        limits.first_bytes = Duration::from_secs_f64(self.silence_timeout);
        limits.progress_time = Duration::from_secs_f64(self.stall_timeout);
        limits
    }
}

impl Options {
    /// The catalogue that these options name.
    ///
    /// # Errors
    /// The token can't be read; a sentence for a person.
    pub fn catalog_target(&self) -> Result<Target, String> {
        let address = self.catalog.as_deref().unwrap_or(DEFAULT_ADDRESS);
        let token = self.catalog_token_file.as_ref().map(|path| {
            std::fs::read_to_string(path)
                .map(|text| text.trim().to_owned())
                .map_err(|error| format!("the token in {}: {error}", path.display()))
        });
        let token = token.transpose()?;
        Ok(Target { ca: self.catalog_ca.clone(), token, ..Target::new(address) })
    }
}

fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let parse = |part: &str| part.parse().ok().filter(|n| (1..=16384).contains(n));
    text.split_once(['x', 'X'])
        .and_then(|(w, h)| Some((parse(w)?, parse(h)?)))
        .ok_or_else(|| "a size looks like 1280x720".to_owned())
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|s: &f64| (0.0..=MOST_SECONDS).contains(s))
        .ok_or_else(|| "a number of seconds, such as 10 or 2.5".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_consistent() {
        use clap::CommandFactory as _;
        Options::command().debug_assert();
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("1280x720"), Ok((1280, 720)));
        for bad in ["", "1280", "0x10", "10x", "-1x5", "99999x1"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_seeds_ports_are_the_default() {
        let options = Options::parse_from(["okno"]);
        assert_eq!(options.listen, DEFAULT_LISTEN);
    }
}
