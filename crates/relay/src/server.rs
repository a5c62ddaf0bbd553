//! The relay as a whole: listeners, what their connections share, and the end of it all.
//!
//! In: addresses, limits, an identity. Out: a running relay; its addresses; a stop that says
//! goodbye to everybody. This is the one place that wires the parts together.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

use crate::caller;
use crate::classic;
use crate::figures::Figures;
use crate::gate::{Gate, GateLimits, Pass};
use crate::identity::Identity;
use crate::limits::{HELLO_TIME, STOP_TIME};
use crate::metrics;
use crate::proto::EndReason;
use crate::record;
use crate::registry::Registry;
use crate::socket;
use crate::undecided::Undecided;
use crate::wire::Wire;

/// First byte of a TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// Wait after an accept that failed, so that a lack of descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where and how a relay works.
#[derive(Clone, Debug)]
pub struct Options {
    /// The call protocol.
    pub listen: SocketAddr,
    /// The original protocol: video and audio.
    pub classic: Option<(SocketAddr, SocketAddr)>,
    /// Figures for Prometheus.
    pub metrics: Option<SocketAddr>,
    /// Limits that can be set.
    pub limits: GateLimits,
}

/// Where a relay listens; ports that were 0 are known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The call protocol.
    pub calls: SocketAddr,
    /// The original protocol: video and audio.
    pub classic: Option<(SocketAddr, SocketAddr)>,
    /// Figures.
    pub metrics: Option<SocketAddr>,
}

/// An address that can't be listened on.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address} ({what}): {error}; {hint}")]
pub struct ListenError {
    address: SocketAddr,
    what: &'static str,
    error: std::io::Error,
    hint: &'static str,
}

/// What all connections share.
pub(crate) struct Shared {
    pub registry: Registry,
    pub figures: Arc<Figures>,
    pub undecided: Undecided,
    pub gate: Arc<Gate>,
    stop: watch::Receiver<bool>,
    tls: TlsAcceptor,
}

impl Shared {
    /// Returns when the relay is to stop.
    pub async fn stopped(&self) {
        let mut stop = self.stop.clone();
        // An error means that the relay was dropped: the same thing.
        let _ = stop.wait_for(|stop| *stop).await.map(drop);
    }
}

/// A running relay. Dropping it closes everything at once; [`Relay::stop`] says goodbye first.
pub struct Relay {
    addresses: Addresses,
    shared: Arc<Shared>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

async fn bind(address: SocketAddr, what: &'static str) -> Result<TcpListener, ListenError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program is there already; end it or choose another port"
            }
            std::io::ErrorKind::PermissionDenied => {
                "ports below 1024 need a privilege; choose another"
            }
            _ => "choose an address of this machine, or 0.0.0.0 for all of them",
        };
        ListenError { address, what, error, hint }
    })
}

fn local(listener: &TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

impl Relay {
    /// Listens and serves until it is stopped or dropped.
    ///
    /// # Errors
    /// When an address can't be listened on.
    pub async fn start(options: &Options, identity: &Identity) -> Result<Self, ListenError> {
        let calls = bind(options.listen, "calls").await?;
        let classic = match options.classic {
            Some((video, audio)) => {
                Some((bind(video, "classic video").await?, bind(audio, "classic audio").await?))
            }
            None => None,
        };
        let figures_at = match options.metrics {
            Some(address) => Some(bind(address, "figures").await?),
            None => None,
        };
        let addresses = Addresses {
            calls: local(&calls, options.listen),
            classic: classic
                .as_ref()
                .zip(options.classic)
                .map(|((video, audio), asked)| (local(video, asked.0), local(audio, asked.1))),
            metrics: figures_at.as_ref().zip(options.metrics).map(|(l, asked)| local(l, asked)),
        };
        let (stopping, stop) = watch::channel(false);
        let figures = Arc::new(Figures::default());
        let shared = Arc::new(Shared {
            registry: Registry::new(&identity.secret, Arc::clone(&figures), Instant::now()),
            undecided: Undecided::new(Arc::clone(&figures)),
            gate: Gate::new(options.limits),
            figures,
            stop,
            tls: TlsAcceptor::from(Arc::clone(&identity.tls)),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(calls, Arc::clone(&shared), Port::Calls));
        if let Some((video, audio)) = classic {
            for (listener, media) in
                [(video, classic::Media::Video), (audio, classic::Media::Audio)]
            {
                let lobby = Arc::new(classic::Lobby::new(media));
                tasks.spawn(accept(listener, Arc::clone(&shared), Port::Classic(lobby)));
            }
        }
        if let Some(listener) = figures_at {
            tasks.spawn(metrics::serve(listener, Arc::clone(&shared)));
        }
        tasks.spawn(keep_house(Arc::clone(&shared)));
        Ok(Self { addresses, shared, stopping, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Stops listening, says goodbye to everybody and waits until they are gone, three seconds
    /// at most.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        self.shared.registry.stop();
        let gone = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(STOP_TIME, gone).await.is_err() {
            log::warn!("{} connections did not close in time", self.shared.gate.connections());
        }
    }
}

/// Ends what has waited long enough, once a second.
async fn keep_house(shared: Arc<Shared>) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = seconds.tick() => {
                shared.registry.sweep(Instant::now());
                shared.gate.tidy(Instant::now());
            }
            () = shared.stopped() => return,
        }
    }
}

/// What a port is for.
#[derive(Clone)]
enum Port {
    Calls,
    Classic(Arc<classic::Lobby>),
}

/// Accepts until the relay stops, then waits for its connections.
async fn accept(listener: TcpListener, shared: Arc<Shared>, port: Port) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(stream, peer, &shared, &port, &mut connections),
                Err(error) => {
                    log::warn!("can't accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            () = shared.stopped() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

fn admit(
    stream: TcpStream,
    peer: SocketAddr,
    shared: &Arc<Shared>,
    port: &Port,
    connections: &mut JoinSet<()>,
) {
    shared.figures.accepted.add(1);
    let Some(pass) = shared.gate.enter(peer.ip(), Instant::now()) else {
        shared.figures.refused_limit.add(1);
        log::debug!("{peer}: refused: too many connections");
        return;
    };
    let (shared, port) = (Arc::clone(shared), port.clone());
    connections.spawn(async move {
        shared.figures.connections.add(1);
        socket::prepare(&stream);
        match port {
            Port::Calls => greet(stream, peer, &pass, &shared).await,
            Port::Classic(lobby) => classic::serve(stream, peer, &pass, &shared, &lobby).await,
        }
        shared.figures.connections.sub(1);
    });
}

/// Finds out whether a connection is encrypted, and refuses it if it must be.
async fn greet(stream: TcpStream, peer: SocketAddr, pass: &Pass, shared: &Shared) {
    let entry = shared.undecided.enter();
    let deadline = tokio::time::Instant::now() + HELLO_TIME;
    let mut first = [0];
    let looked = tokio::select! {
        looked = timeout_at(deadline, stream.peek(&mut first)) => looked,
        () = entry.give_up() => return,
        () = shared.stopped() => return,
    };
    match looked {
        Ok(Ok(1..)) => {}
        Ok(_) => return,
        Err(_) => {
            shared.figures.refused_silent.add(1);
            log::info!("{peer}: refused: silent for {} s", HELLO_TIME.as_secs());
            return;
        }
    }
    if first == [TLS_HANDSHAKE] {
        let encrypted = tokio::select! {
            encrypted = timeout_at(deadline, shared.tls.accept(stream)) => encrypted,
            () = entry.give_up() => return,
        };
        drop(entry);
        match encrypted {
            Ok(Ok(stream)) => {
                caller::serve(Wire::encrypted(stream), peer, pass, shared, deadline).await;
            }
            Ok(Err(error)) => log::info!("{peer}: no TLS: {error}"),
            Err(_) => shared.figures.refused_silent.add(1),
        }
    } else if is_local(peer.ip()) {
        drop(entry);
        caller::serve(Wire::plain(stream), peer, pass, shared, deadline).await;
    } else {
        drop(entry);
        refuse_plain(stream, peer, shared).await;
    }
}

/// Whether a connection came from this machine itself.
fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

async fn refuse_plain(stream: TcpStream, peer: SocketAddr, shared: &Shared) {
    shared.figures.refused_input.add(1);
    log::info!("{peer}: refused: not encrypted");
    let text = "connections from other machines must be encrypted (TLS)";
    let last = record::ended(EndReason::EndTlsNeeded, text, false);
    caller::dismiss(&mut Wire::plain(stream), last).await;
}
