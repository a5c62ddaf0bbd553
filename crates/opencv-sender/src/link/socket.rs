//! Connecting, the socket's options, and waiting for it.
//!
//! In: a destination. Out: a connected socket that never blocks, or what is wrong in words.
//! Everything here ends when the waker wakes; only the name look-up, which the system's
//! resolver does in one piece, can't be cut short.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::os::fd::{AsFd, AsRawFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use crate::link::wake::Waker;
use crate::values::Destination;

/// The kernel's send buffer in bytes; Linux keeps twice as much. A frame of 720p at quality 80
/// has about 120 kB: it goes in at once, and hardly a second one can wait behind it.
const SEND_BUFFER: usize = 128 << 10;

/// The socket counts as writable while less than this is not yet sent, in bytes
/// (TCP_NOTSENT_LOWAT): what waits in the kernel can't be replaced by a newer frame.
const NOT_SENT: u32 = 16 << 10;

/// Longest wait for one address to answer.
const LONGEST_CONNECT: Duration = Duration::from_secs(5);

/// After this without any answer to a probe the connection counts as lost, so that a viewer
/// whose machine vanished is noticed while nothing is sent.
const KEEPALIVE: Duration = Duration::from_secs(5);

/// Connects. `Ok(None)` when `is_asked` turned true before.
///
/// # Errors
/// When no address of the destination can be reached; says what the last one answered.
pub fn connect(
    to: &Destination,
    timeout: Duration,
    waker: &Waker,
    is_asked: impl Fn() -> bool,
) -> Result<Option<TcpStream>, String> {
    let addresses = (to.host.as_str(), to.port).to_socket_addrs();
    let addresses = addresses.map_err(|e| format!("the name {:?} is not known: {e}", to.host))?;
    let mut last = format!("the name {:?} has no address", to.host);
    for address in addresses {
        match connect_one(address, timeout.min(LONGEST_CONNECT), waker, &is_asked) {
            Ok(stream) => return Ok(stream),
            Err(e) => last = plain(&e),
        }
    }
    Err(last)
}

fn connect_one(
    address: SocketAddr,
    timeout: Duration,
    waker: &Waker,
    is_asked: &impl Fn() -> bool,
) -> io::Result<Option<TcpStream>> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    if let Err(e) = socket.connect(&address.into())
        && e.raw_os_error() != Some(libc::EINPROGRESS)
    {
        return Err(e);
    }
    let until = Instant::now() + timeout;
    loop {
        let ready = poll(&socket, PollFlags::OUT, waker, Some(until))?;
        if is_asked() {
            return Ok(None);
        }
        if !ready.is_empty() {
            break;
        }
        if Instant::now() >= until {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
    if let Some(e) = socket.take_error()? {
        return Err(e);
    }
    let stream = TcpStream::from(socket);
    set_options(&stream);
    set_congestion(&stream, Congestion::Cubic);
    Ok(Some(stream))
}

/// Makes frames leave at once and the kernel hold little. Where an option is missing, sending
/// works nevertheless, only with more delay.
fn set_options(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let keepalive = socket2::TcpKeepalive::new()
        .with_time(KEEPALIVE)
        .with_interval(Duration::from_secs(2))
        .with_retries(3);
    let results = [
        stream.set_nodelay(true),
        socket.set_tcp_notsent_lowat(NOT_SENT),
        socket.set_tcp_keepalive(&keepalive),
    ];
    for error in results.into_iter().filter_map(Result::err) {
        log::debug!("a socket option is not set: {error}");
    }
}

/// Waits until the socket is ready for one of `interest`, the waker wakes, or the moment has come.
/// A wake is used up by it. Returns what the socket is ready for; errors and hang-ups are always among it.
///
/// # Errors
/// When the system refuses to wait.
pub fn poll(
    socket: &impl AsFd,
    interest: PollFlags,
    waker: &Waker,
    until: Option<Instant>,
) -> io::Result<PollFlags> {
    let mut fds = [PollFd::new(socket, interest), PollFd::new(waker, PollFlags::IN)];
    let left = until.map(|u| u.saturating_duration_since(Instant::now()));
    let timeout = left.map(|left| Timespec {
        tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: left.subsec_nanos().into(),
    });
    match rustix::event::poll(&mut fds, timeout.as_ref()) {
        Ok(_) => {
            if !fds[1].revents().is_empty() {
                waker.clear();
            }
            Ok(fds[0].revents())
        }
        Err(rustix::io::Errno::INTR) => Ok(PollFlags::empty()),
        Err(e) => Err(e.into()),
    }
}

/// Whether the socket takes more right now.
#[must_use]
pub fn is_writable(socket: &impl AsFd) -> bool {
    let mut fds = [PollFd::new(socket, PollFlags::OUT)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    rustix::event::poll(&mut fds, Some(&now)).is_ok() && fds[0].revents().contains(PollFlags::OUT)
}

/// Bytes that the peer's system has not yet confirmed; `None` where that can't be known.
#[must_use]
#[allow(unsafe_code)]
pub fn unconfirmed(stream: &TcpStream) -> Option<usize> {
    let mut bytes: libc::c_int = 0;
    // SAFETY: TIOCOUTQ (SIOCOUTQ) writes one int to the pointer, which is valid for it.
    let status = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCOUTQ, &raw mut bytes) };
    (status == 0).then(|| usize::try_from(bytes).unwrap_or(0))
}

/// What the system has measured on the way of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Bytes a second that were delivered of late while something waited to be, or more.
    pub delivered: u64,
    /// Packets that were sent, those of the next line included.
    pub packets: u32,
    /// Packets that were sent again.
    pub again: u32,
    /// Round trip of late, and the shortest, in microseconds.
    pub round_trip: u32,
    /// See [`Measured::round_trip`].
    pub shortest: u32,
}

impl Measured {
    /// Whether packets wait in no queue on the way: one that is lost then does not say that it is
    /// full. `own`: what they may wait for those of their own frame.
    #[must_use]
    pub fn is_empty(&self, own: Duration) -> bool {
        let most = u64::from(self.shortest) * 5 / 4 + 5_000;
        Duration::from_micros(self.round_trip.into()) <= Duration::from_micros(most) + own
    }
}

/// What the system has measured; `None` where it doesn't.
#[must_use]
pub fn measured(stream: &TcpStream) -> Option<Measured> {
    // <linux/tcp.h>: tcpi_rtt, tcpi_total_retrans, tcpi_segs_out, tcpi_min_rtt and
    // tcpi_delivery_rate of struct tcp_info, of which libc knows only the older part.
    const ROUND_TRIP: usize = 68;
    const AGAIN: usize = 100;
    const PACKETS: usize = 136;
    const SHORTEST: usize = 148;
    const DELIVERED: usize = 160;
    let info: [u8; DELIVERED + 8] = option(stream, libc::TCP_INFO)?;
    let word = |at: usize| Some(u32::from_ne_bytes(*info.get(at..)?.first_chunk()?));
    let delivered = u64::from_ne_bytes(*info.last_chunk()?);
    Some(Measured {
        // The last rate is low after each loss, which BBR's own, the best of ten round trips, is not.
        delivered: delivered.max(bbr_rate(stream).unwrap_or(0)),
        packets: word(PACKETS)?,
        again: word(AGAIN)?,
        round_trip: word(ROUND_TRIP)?,
        shortest: word(SHORTEST)?,
    })
}

/// Bytes a second that BBR has measured; `None` with another congestion control.
fn bbr_rate(stream: &TcpStream) -> Option<u64> {
    // <linux/tcp.h>: TCP_CC_INFO; <linux/inet_diag.h>: struct tcp_bbr_info, five words, the first two
    // of which are the rate. Others have less or other words, so the name is asked for first.
    const CC_INFO: libc::c_int = 26;
    SockRef::from(stream).tcp_congestion().ok()?.starts_with(b"bbr\0").then_some(())?;
    let info: [u8; 20] = option(stream, CC_INFO)?;
    let word = |at: usize| Some(u64::from(u32::from_ne_bytes(*info.get(at..)?.first_chunk()?)));
    Some(word(0)? | word(4)? << 32)
}

/// A TCP option of so many bytes, if the system fills all of them.
#[allow(unsafe_code)]
fn option<const BYTES: usize>(stream: &TcpStream, name: libc::c_int) -> Option<[u8; BYTES]> {
    let mut value = [0_u8; BYTES];
    let mut len = libc::socklen_t::try_from(BYTES).ok()?;
    // SAFETY: the system writes at most `len` bytes to `value`, which has that many, and to `len`.
    let status = unsafe {
        libc::getsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            name,
            value.as_mut_ptr().cast(),
            &raw mut len,
        )
    };
    (status == 0 && usize::try_from(len) == Ok(BYTES)).then_some(value)
}

/// How the system fills a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Congestion {
    /// Until packets are lost. Frames that have credits don't fill a way that far.
    Cubic,
    /// To what it was measured to deliver, whatever is lost; stops for 0.2 s every 10 s to measure
    /// the round trip.
    Bbr,
}

/// Sets how the system fills the way; where it has no such way, or keeps it to itself, its own
/// choice stays.
pub fn set_congestion(stream: &TcpStream, how: Congestion) {
    let name: &[u8] = match how {
        Congestion::Cubic => b"cubic",
        Congestion::Bbr => b"bbr",
    };
    if let Err(error) = SockRef::from(stream).set_tcp_congestion(name) {
        log::debug!("the congestion control stays as it is: {error}");
    }
}

/// A system's error in plain words.
#[must_use]
pub fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there".into(),
        io::ErrorKind::TimedOut => "no answer".into(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "the other side closed the connection".into()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn what_the_system_measures_is_read_with_either_congestion_control() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut stream = TcpStream::connect(listener.local_addr().expect("bound")).expect("there");
        let (mut other, _) = listener.accept().expect("connected");
        let mut send = |stream: &mut TcpStream| {
            for _ in 0..20 {
                stream.write_all(&[0; 10_000]).expect("taken");
                other.read_exact(&mut [0; 10_000]).expect("comes");
            }
        };
        set_congestion(&stream, Congestion::Cubic);
        send(&mut stream);
        let first = measured(&stream).expect("Linux 4.9 and later");
        assert!(first.packets > 0 && first.delivered > 100_000, "{first:?}");
        assert!((1..1_000_000).contains(&first.shortest), "{first:?}");
        assert!(first.round_trip >= first.shortest, "{first:?}");
        assert_eq!(bbr_rate(&stream), None);
        set_congestion(&stream, Congestion::Bbr);
        send(&mut stream);
        assert!(measured(&stream).expect("as before").packets > first.packets);
        // Where there is no BBR, or it is kept to others, the choice stays.
        let is_bbr = SockRef::from(&stream).tcp_congestion().expect("known").starts_with(b"bbr");
        assert_eq!(bbr_rate(&stream).is_some_and(|rate| rate > 100_000), is_bbr);
    }
}
