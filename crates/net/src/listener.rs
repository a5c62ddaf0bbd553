//! Open ports and the crowd of connections behind them.
//!
//! In: addresses to listen on. Out: one task for each accepted connection. Bounds how many there
//! are, and how many of them may keep silent. Never handles a byte of a connection itself.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use socket2::{Domain, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinHandle};

use crate::Limits;
use crate::receive;
use crate::server::{Context, Event};

/// Connections that the kernel may hold until they are accepted.
const BACKLOG: i32 = 128;

/// A peer whose machine vanished is noticed after this time and three probes.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// An open port. Dropping it does not close it; [`Port::close`] does.
pub(crate) struct Port {
    pub address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Port {
    pub fn close(self) {
        self.accepting.abort();
    }
}

/// Opens a port and accepts connections on it. The error is a sentence for a person.
pub(crate) fn open(
    address: SocketAddr,
    context: &Context,
    crowd: &Arc<Crowd>,
) -> Result<Port, String> {
    let listener = bind(address).map_err(|error| explain(address, &error))?;
    let address = listener.local_addr().map_err(|error| explain(address, &error))?;
    let accepting = tokio::spawn(accept(listener, context.clone(), Arc::clone(crowd)));
    Ok(Port { address, accepting })
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // So that a viewer that is started again gets its port back at once.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

fn explain(address: SocketAddr, error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let port = address.port();
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "port {port} is taken by another program; close that program, or choose another \
             port with --listen {}:{}",
            address.ip(),
            port.checked_add(1).unwrap_or(5252)
        ),
        ErrorKind::PermissionDenied => format!(
            "the system does not let this user open port {port}; choose one above 1023 with \
             --listen {}:12345",
            address.ip()
        ),
        ErrorKind::AddrNotAvailable => format!(
            "this machine has no address {}; use --listen 0.0.0.0:{port} for all of its addresses",
            address.ip()
        ),
        _ => format!("port {port} on {} can't be opened: {error}", address.ip()),
    }
}

async fn accept(listener: TcpListener, context: Context, crowd: Arc<Crowd>) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => crowd.admit(stream, peer, &context),
            Err(error) => {
                // Out of file descriptors, most likely: waiting lets some connection end.
                log::warn!("no connection can be accepted at the moment: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

/// All connections.
pub(crate) struct Crowd {
    limits: Limits,
    state: Mutex<CrowdState>,
}

#[derive(Default)]
struct CrowdState {
    tasks: Vec<JoinHandle<()>>,
    undecided: VecDeque<(SocketAddr, AbortHandle)>,
}

impl Crowd {
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, state: Mutex::default() })
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, context: &Context) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tasks.retain(|task| !task.is_finished());
        state.undecided.retain(|(_, task)| !task.is_finished());
        if state.undecided.len() >= self.limits.undecided
            && let Some((silent, task)) = state.undecided.pop_front()
        {
            task.abort();
            refuse(context, silent, "it said nothing, and others wait");
        }
        if state.tasks.len() >= self.limits.connections {
            let limit = self.limits.connections;
            refuse(context, peer, &format!("there are {limit} connections already"));
            return;
        }
        prepare(&stream);
        let crowd = Arc::clone(self);
        let decided = move || crowd.decided(peer);
        let task = tokio::spawn(receive::run(stream, peer, context.clone(), decided));
        state.undecided.push_back((peer, task.abort_handle()));
        state.tasks.push(task);
    }

    /// The connection of this peer has said what it is.
    fn decided(&self, peer: SocketAddr) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.undecided.retain(|(address, _)| *address != peer);
    }

    /// The tasks of all connections, to be waited for.
    pub fn into_tasks(self: Arc<Self>) -> Vec<JoinHandle<()>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.tasks)
    }
}

fn refuse(context: &Context, peer: SocketAddr, why: &str) {
    log::warn!("{peer}: refused: {why}");
    (context.on_event)(Event::Refused { peer: peer.to_string(), message: why.to_owned() });
}

fn prepare(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
    // Neither is essential: a peer that vanishes is noticed later, feedback comes later.
    let _ = socket.set_tcp_keepalive(&keepalive.with_retries(3));
    let _ = stream.set_nodelay(true);
}
