//! `okno-relay`: reads the arguments, runs the relay, ends it on a signal.
//!
//! In: arguments, SIGINT and SIGTERM. Out: where it listens and its fingerprint on standard
//! output, a log on standard error, an exit code (`--help` lists them).

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use okno_relay::identity::{Fingerprint, Identity};
use okno_relay::server::{Addresses, Relay};
use tokio::signal::unix::{SignalKind, signal};

use cli::Cli;

const LISTEN_FAILED: u8 = 3;
const IDENTITY_FAILED: u8 = 4;
const UNEXPECTED: u8 = 1;
const INTERRUPTED: u8 = 130;
const TERMINATED: u8 = 143;

/// Why the relay did not run.
struct Failure {
    exit: u8,
    text: String,
}

impl Failure {
    fn new(exit: u8, error: &dyn std::fmt::Display) -> Self {
        Self { exit, text: error.to_string() }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    match run(&cli) {
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => {
            // With standard error closed there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "okno-relay: {}", failure.text);
            ExitCode::from(failure.exit)
        }
    }
}

fn run(cli: &Cli) -> Result<u8, Failure> {
    let state = cli.state().ok_or_else(|| {
        Failure::new(IDENTITY_FAILED, &"no folder for the key: name one with --state")
    })?;
    let identity = Identity::load_or_make(&state).map_err(|e| Failure::new(IDENTITY_FAILED, &e))?;
    allow_many_connections();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = cli.threads {
        runtime.worker_threads(threads.into());
    }
    let runtime = runtime
        .thread_name("relay")
        .enable_all()
        .build()
        .map_err(|e| Failure::new(UNEXPECTED, &e))?;
    runtime.block_on(serve(cli, &identity))
}

/// Each connection is an open file; the usual limit of 1,024 is for programs that use select().
fn allow_many_connections() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        log::warn!("the limit of open files stays as it is: {error}");
    }
}

async fn serve(cli: &Cli, identity: &Identity) -> Result<u8, Failure> {
    // Before the first line is printed: whoever waits for it may send a signal at once.
    let unexpected = |e: std::io::Error| Failure::new(UNEXPECTED, &e);
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unexpected)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(unexpected)?;
    let relay = Relay::start(&cli.options(), identity)
        .await
        .map_err(|e| Failure::new(LISTEN_FAILED, &e))?;
    announce(relay.addresses(), identity.fingerprint);
    let exit = tokio::select! {
        _ = interrupt.recv() => INTERRUPTED,
        _ = terminate.recv() => TERMINATED,
    };
    log::info!("stopping");
    tell_systemd("STOPPING=1");
    relay.stop().await;
    Ok(exit)
}

/// Tells the person, and systemd if it has started us, that the relay is ready.
fn announce(addresses: &Addresses, fingerprint: Fingerprint) {
    let mut text = format!("calls on {}\nkey fingerprint {fingerprint}\n", addresses.calls);
    if let Some((video, audio)) = addresses.classic {
        text += &format!("classic video on {video}, classic audio on {audio} (not encrypted)\n");
    }
    if let Some(metrics) = addresses.metrics {
        text += &format!("figures on http://{metrics}/metrics\n");
    }
    let mut out = std::io::stdout().lock();
    // With standard output closed nobody wants to know.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    tell_systemd("READY=1");
}

/// Tells systemd what the relay does, if it has started us. It can do without.
fn tell_systemd(state: &str) {
    if let Err(error) = notify(state) {
        log::warn!("systemd does not hear us: {error}");
    }
}

/// The notification protocol of sd_notify(3): a datagram to the socket in $NOTIFY_SOCKET.
fn notify(state: &str) -> std::io::Result<()> {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};
    let Some(name) = std::env::var_os("NOTIFY_SOCKET") else { return Ok(()) };
    let name = name.as_encoded_bytes();
    let address = match name.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => {
            let path = std::str::from_utf8(name).map_err(std::io::Error::other)?;
            SocketAddr::from_pathname(path)?
        }
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address).map(drop)
}
