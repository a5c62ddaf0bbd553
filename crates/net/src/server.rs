//! The network's own thread, and the only way to it from the window.
//!
//! In: commands, which are queued and never waited for. Out: events, given to a callback on the
//! network's thread. Dropping the [`Server`] says goodbye to every sender, ends the thread and
//! joins it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use okno_session::Hub;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle as Task;

use crate::http_pull::{self, Source};
use crate::shared_door::Door;
use crate::{Limits, listener};

/// Commands that may wait: a person can't give them faster than they are carried out.
const COMMANDS: usize = 64;

/// How long connections may take to end when the program does.
const ENDING: Duration = Duration::from_millis(300);

/// What the network tells the window.
#[derive(Clone, Debug)]
pub enum Event {
    /// A port is open; the address with its actual port.
    Listening(SocketAddr),
    /// A port could not be opened.
    ListenFailed {
        /// The address that was asked for.
        address: SocketAddr,
        /// Why, and what to do, for a person.
        message: String,
    },
    /// A port was closed.
    Closed(SocketAddr),
    /// A connection was refused or ended before it became a stream.
    Refused {
        /// The peer's address.
        peer: String,
        /// Why, for a person.
        message: String,
    },
}

/// Passes events on; is called on the network's thread.
pub type OnEvent = Arc<dyn Fn(Event) + Send + Sync>;

enum Command {
    Listen(SocketAddr),
    CloseAll,
    Pull(Source),
    StopPull(String),
}

/// See the module.
#[derive(Debug)]
pub struct Server {
    commands: Option<mpsc::Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

/// What every connection needs to know.
#[derive(Clone)]
pub(crate) struct Context {
    pub hub: Arc<Hub>,
    pub limits: Limits,
    pub on_event: OnEvent,
    /// Where senders on this machine hand over memory; `None` where that is not possible.
    pub door: Option<Door>,
    /// Becomes true when the program ends.
    pub ending: watch::Receiver<bool>,
}

impl Server {
    /// Starts the network's thread.
    ///
    /// # Errors
    /// When the system gives no thread or no poller.
    pub fn start(hub: Arc<Hub>, limits: Limits, on_event: OnEvent) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, queue) = mpsc::channel(COMMANDS);
        let (end, ending) = watch::channel(false);
        let context = Context { hub, limits, on_event, door: None, ending };
        let thread = std::thread::Builder::new().name("net".into()).spawn(move || {
            runtime.block_on(async {
                let mut context = context;
                let attend = match Door::open() {
                    Ok((door, attend)) => {
                        context.door = Some(door);
                        Some(tokio::spawn(attend))
                    }
                    Err(error) => {
                        log::info!("no shared memory with senders on this machine: {error}");
                        None
                    }
                };
                let tasks = serve(queue, context).await;
                if let Some(attend) = attend {
                    attend.abort();
                }
                let _ = end.send(true);
                // Connections say goodbye by themselves; a peer that does not read can't hold
                // them up, since they never wait for a write.
                let _ = tokio::time::timeout(ENDING, async {
                    for task in tasks {
                        let _ = task.await;
                    }
                })
                .await;
            });
        })?;
        Ok(Self { commands: Some(commands), thread: Some(thread) })
    }

    /// Opens a port; the answer is an [`Event`].
    pub fn listen(&self, address: SocketAddr) {
        self.send(Command::Listen(address));
    }

    /// Closes all ports. Connections that are open go on, as with `QTcpServer`.
    pub fn close(&self) {
        self.send(Command::CloseAll);
    }

    /// Fetches an MJPEG stream over HTTP, and again whenever it ends, until
    /// [`Server::stop_pull`].
    ///
    /// # Errors
    /// When the address is none; a sentence for a person.
    pub fn pull(&self, url: &str) -> Result<(), String> {
        self.send(Command::Pull(Source::parse(url)?));
        Ok(())
    }

    /// Stops fetching a stream; `name` is the stream's name. Does nothing for other streams.
    pub fn stop_pull(&self, name: &str) {
        self.send(Command::StopPull(name.to_owned()));
    }

    fn send(&self, command: Command) {
        let sent = self.commands.as_ref().map(|commands| commands.try_send(command).is_ok());
        if sent != Some(true) {
            log::error!("the network's thread takes no commands; please restart Okno");
        }
    }
}

async fn serve(mut queue: mpsc::Receiver<Command>, context: Context) -> Vec<Task<()>> {
    let mut ports: HashMap<SocketAddr, listener::Port> = HashMap::new();
    let mut pulls: HashMap<String, Task<()>> = HashMap::new();
    let crowd = listener::Crowd::new(context.limits);
    while let Some(command) = queue.recv().await {
        match command {
            Command::Listen(address) => match listener::open(address, &context, &crowd) {
                Ok(port) => {
                    log::info!("listening on {}", port.address);
                    (context.on_event)(Event::Listening(port.address));
                    ports.insert(port.address, port);
                }
                Err(message) => {
                    log::error!("{message}");
                    (context.on_event)(Event::ListenFailed { address, message });
                }
            },
            Command::Pull(source) => {
                let name = source.name().to_owned();
                let task = tokio::spawn(http_pull::run(source, context.clone()));
                if let Some(before) = pulls.insert(name, task) {
                    before.abort();
                }
            }
            Command::StopPull(name) => {
                if let Some(task) = pulls.remove(&name) {
                    task.abort();
                }
            }
            Command::CloseAll => {
                for (address, port) in ports.drain() {
                    port.close();
                    (context.on_event)(Event::Closed(address));
                }
            }
        }
    }
    ports.into_values().for_each(listener::Port::close);
    let mut tasks = crowd.into_tasks();
    tasks.extend(pulls.into_values());
    tasks
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.commands.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the network's thread ended by a panic; its message is above");
        }
    }
}
