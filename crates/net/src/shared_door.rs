//! Where senders on this machine hand over the memory that they share.
//!
//! In: Unix connections, each with a token and a memory's descriptor. Out: the mapped memory, to
//! the connection that the token was given to. The socket is in Linux's abstract namespace: it
//! has no file that could be left behind. Takes nothing from other users, waits for nobody longer
//! than [`PATIENCE`], and answers nothing: whatever is wrong, the sender goes on with JPEG.

use std::collections::HashMap;
use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener as StdListener};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use okno_media::shared::Reader;
use okno_wire::okno::Handover;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use rustix::rand::{GetRandomFlags, getrandom};
use tokio::io::Interest;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, Semaphore};

/// How long a sender may take from connecting to its handover, which is one packet.
const PATIENCE: Duration = Duration::from_secs(2);

/// Handovers at once. Others wait in the listener's queue.
const AT_ONCE: usize = 16;

/// Pause after the system refused a connection (too many files open).
const REFUSED: Duration = Duration::from_millis(100);

type Token = [u8; 16];

/// A place for the memory, and who is told when it is there.
type Waiting = Arc<Mutex<HashMap<Token, (Arc<OnceLock<Arc<Reader>>>, Arc<Notify>)>>>;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    address: String,
    waiting: Waiting,
}

/// What a sender may hand over, once. Ends with its connection.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// Where the sender goes.
    pub address: String,
    /// What it says there.
    pub token: Token,
    memory: Arc<OnceLock<Arc<Reader>>>,
    waiting: Waiting,
}

impl Door {
    /// Opens the socket; the second is to be run for as long as it is to stand open.
    ///
    /// # Errors
    /// When the system gives no socket or no random numbers.
    pub fn open() -> io::Result<(Self, impl Future<Output = ()>)> {
        let address =
            format!("okno-{}-{:032x}", std::process::id(), u128::from_le_bytes(random()?));
        let listener = StdListener::bind_addr(&SocketAddr::from_abstract_name(&address)?)?;
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        let waiting = Waiting::default();
        let door = Self { address, waiting: Arc::clone(&waiting) };
        Ok((door, attend(listener, waiting)))
    }

    /// Expects a memory for one connection; `arrived` is notified when it is there.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn expect(&self, arrived: Arc<Notify>) -> io::Result<Ticket> {
        let token = random()?;
        let memory = Arc::new(OnceLock::new());
        let entry = (Arc::clone(&memory), arrived);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(token, entry);
        let (address, waiting) = (self.address.clone(), Arc::clone(&self.waiting));
        Ok(Ticket { address, token, memory, waiting })
    }
}

impl Ticket {
    /// The memory, once it was handed over.
    pub fn memory(&self) -> Option<&Arc<Reader>> {
        self.memory.get()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.token);
    }
}

fn random() -> io::Result<Token> {
    let mut bytes = Token::default();
    // Up to 256 bytes come whole (getrandom(2)).
    getrandom(&mut bytes, GetRandomFlags::empty())?;
    Ok(bytes)
}

/// Serves the door for ever.
async fn attend(listener: UnixListener, waiting: Waiting) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let waiting = Arc::clone(&waiting);
                tokio::spawn(async move {
                    let done = tokio::time::timeout(PATIENCE, take(&stream, &waiting)).await;
                    let done = done.unwrap_or_else(|_| Err("nothing came".to_owned()));
                    if let Err(why) = done {
                        log::warn!("shared memory is not taken from a local program: {why}");
                    }
                    drop(permit);
                });
            }
            Err(error) => {
                log::warn!("the socket for shared memory: {error}");
                tokio::time::sleep(REFUSED).await;
            }
        }
    }
}

/// Takes one handover.
async fn take(stream: &UnixStream, waiting: &Waiting) -> Result<(), String> {
    let peer = stream.peer_cred().map_err(|error| error.to_string())?;
    let own = rustix::process::geteuid().as_raw();
    if peer.uid() != own {
        return Err(format!("it belongs to user {} and this program to {own}", peer.uid()));
    }
    let received = stream.async_io(Interest::READABLE, || receive(stream)).await;
    let (handover, fd) = received.map_err(|error| error.to_string())?;
    let entry = waiting
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&handover.token)
        .ok_or("it names no connection that waits for memory")?;
    let reader = Reader::new(&fd, handover.slots, handover.slot_bytes);
    let reader = reader.map_err(|error| error.to_string())?;
    let (memory, arrived) = entry;
    let _ = memory.set(Arc::new(reader));
    arrived.notify_one();
    Ok(())
}

/// Reads the one packet of a handover. More descriptors than one are closed by the kernel.
fn receive(stream: &UnixStream) -> io::Result<(Handover, OwnedFd)> {
    let mut bytes = [0; Handover::LEN];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = RecvAncillaryBuffer::new(&mut space);
    let got =
        recvmsg(stream, &mut [IoSliceMut::new(&mut bytes)], &mut beside, RecvFlags::CMSG_CLOEXEC)?;
    let fd = beside.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut fds) => fds.next(),
        _ => None,
    });
    match fd {
        Some(fd) if got.bytes == Handover::LEN => Ok((Handover::from_bytes(&bytes), fd)),
        _ => Err(io::Error::other(format!("{} bytes are no handover", got.bytes))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream as Client;

    use okno_media::shared::{SLOTS, Writer};
    use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

    use super::*;

    fn connect(address: &str) -> Client {
        let address = SocketAddr::from_abstract_name(address).expect("a name");
        Client::connect_addr(&address).expect("the door is open")
    }

    fn hand_over(to: &Client, bytes: &[u8], fds: &[std::os::fd::BorrowedFd<'_>]) {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
        let mut beside = SendAncillaryBuffer::new(&mut space);
        assert!(fds.is_empty() || beside.push(SendAncillaryMessage::ScmRights(fds)));
        let sent = sendmsg(to, &[IoSlice::new(bytes)], &mut beside, SendFlags::NOSIGNAL);
        assert_eq!(sent, Ok(bytes.len()));
    }

    #[tokio::test]
    async fn only_the_right_memory_arrives_and_the_door_stays_open() {
        let (door, attend) = Door::open().expect("a socket");
        let attend = tokio::spawn(attend);
        let arrived = Arc::new(Notify::new());
        let ticket = door.expect(Arc::clone(&arrived)).expect("a ticket");
        let writer = Writer::new(4096).expect("memory");
        let good = Handover { token: ticket.token, slots: SLOTS, slot_bytes: 4096 };
        let open_files = || std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        // Wrong tokens, short packets, no descriptor, several, silence.
        let wrong = Handover { token: [7; 16], ..good };
        let silent = connect(&ticket.address);
        let mut held = Vec::new();
        for (bytes, count) in [
            (&wrong.to_bytes()[..], 1),
            (&good.to_bytes()[..5], 1),
            (&good.to_bytes()[..], 0),
            (b"GET / HTTP/1.1\r\nHost: there\r\n\r\n", 0),
        ] {
            let client = connect(&ticket.address);
            hand_over(&client, bytes, &vec![writer.as_fd(); count]);
            held.push(client);
        }
        // Each is hung up on.
        for client in &held {
            let readable = async { client.try_clone().and_then(UnixStream::from_std_blocking) };
            let client = readable.await.expect("a socket");
            client.readable().await.expect("closed");
        }
        assert!(ticket.memory().is_none());
        let before = open_files();
        let client = connect(&ticket.address);
        hand_over(&client, &good.to_bytes(), &[writer.as_fd(), writer.as_fd()]);
        arrived.notified().await;
        assert!(ticket.memory().is_some());
        drop((client, silent));
        assert!(open_files() <= before + 3, "descriptors are not left open");
        attend.abort();
    }

    #[tokio::test]
    async fn memory_that_could_shrink_is_not_taken() {
        let (door, attend) = Door::open().expect("a socket");
        let attend = tokio::spawn(attend);
        let ticket = door.expect(Arc::default()).expect("a ticket");
        let file = std::fs::File::open("/proc/self/exe").expect("this program");
        let client = connect(&ticket.address);
        let handover = Handover { token: ticket.token, slots: SLOTS, slot_bytes: 4096 };
        hand_over(&client, &handover.to_bytes(), &[file.as_fd()]);
        let client = UnixStream::from_std_blocking(client).expect("a socket");
        client.readable().await.expect("closed");
        assert!(ticket.memory().is_none());
        attend.abort();
    }

    #[tokio::test]
    async fn a_connection_that_ends_leaves_no_ticket() {
        let (door, _attend) = Door::open().expect("a socket");
        let ticket = door.expect(Arc::default()).expect("a ticket");
        assert_eq!(door.waiting.lock().map(|w| w.len()).ok(), Some(1));
        drop(ticket);
        assert_eq!(door.waiting.lock().map(|w| w.len()).ok(), Some(0));
    }

    trait FromBlocking: Sized {
        fn from_std_blocking(client: Client) -> io::Result<Self>;
    }

    impl FromBlocking for UnixStream {
        fn from_std_blocking(client: Client) -> io::Result<Self> {
            client.set_nonblocking(true)?;
            Self::from_std(client)
        }
    }
}
