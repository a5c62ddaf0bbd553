//! Handing over shared memory to a viewer on this machine.
//!
//! In: the viewer's offer, and how large pictures get. Out: memory that the viewer has been given,
//! for workers to write to as soon as it says that it can read it. Never waits: a viewer that is
//! not there at once is on another machine, or in another container, and gets JPEG.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr;

use okno_media::shared::{SLOTS, Writer};
use okno_wire::okno::Handover;
use okno_wire::proto::okno::SharedMemoryOffer;
use rustix::net::sockopt::socket_peercred;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use socket2::{Domain, SockAddr, Socket, Type};

use crate::values::Size;

/// Makes memory for pictures of up to `size` and hands it over.
///
/// # Errors
/// A sentence for the log: why frames go as JPEG.
pub fn hand_over(offer: &SharedMemoryOffer, size: Size) -> Result<Writer, String> {
    let token = <[u8; 16]>::try_from(&offer.token[..]).map_err(|_| "the offer has no token")?;
    let slot_bytes = u64::from(size.width) * u64::from(size.height) * 4;
    let socket = connect(&offer.address).map_err(|e| format!("can't reach the viewer: {e}"))?;
    let peer = socket_peercred(&socket).map_err(|e| e.to_string())?.uid;
    let own = rustix::process::geteuid();
    if peer != own {
        let (peer, own) = (peer.as_raw(), own.as_raw());
        return Err(format!("the viewer belongs to user {peer} and this program to {own}"));
    }
    let writer = Writer::new(slot_bytes).map_err(|e| e.to_string())?;
    let handover = Handover { token, slots: SLOTS, slot_bytes }.to_bytes();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    let memory = [writer.as_fd()];
    if !beside.push(SendAncillaryMessage::ScmRights(&memory)) {
        return Err("no room for a descriptor".into());
    }
    let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    let sent = sendmsg(&socket, &[IoSlice::new(&handover)], &mut beside, flags);
    match sent.map_err(|e| e.to_string())? {
        Handover::LEN => Ok(writer),
        n => Err(format!("the viewer took {n} bytes of the handover")),
    }
}

fn connect(name: &str) -> io::Result<Socket> {
    // Checks the name's length, and that it is one in the abstract namespace.
    SocketAddr::from_abstract_name(name)?;
    let address = SockAddr::unix(format!("\0{name}"))?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    // Towards a listener whose queue is full this fails at once instead of waiting.
    socket.set_nonblocking(true)?;
    socket.connect(&address)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    const SIZE: Size = Size { width: 64, height: 48 };

    fn offer(address: &str) -> SharedMemoryOffer {
        SharedMemoryOffer { address: address.into(), token: vec![1; 16] }
    }

    #[test]
    fn an_offer_that_leads_nowhere_is_no_harm() {
        let error = hand_over(&offer("okno-nobody-listens-here"), SIZE).expect_err("nobody");
        assert!(error.contains("can't reach"), "{error}");
        assert!(hand_over(&offer(&"x".repeat(200)), SIZE).is_err());
        assert!(hand_over(&offer(""), SIZE).is_err());
        let short = SharedMemoryOffer { token: vec![1; 15], ..offer("x") };
        assert!(hand_over(&short, SIZE).expect_err("short").contains("token"));
    }

    #[test]
    fn memory_is_handed_over_and_a_giant_is_not() {
        let name = format!("okno-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).expect("a name");
        let _listener = UnixListener::bind_addr(&address).expect("bound");
        let writer = hand_over(&offer(&name), SIZE).expect("handed over");
        assert_eq!(writer.slot_bytes(), 64 * 48 * 4);
        let giant = Size { width: 65_500, height: 65_500 };
        assert!(hand_over(&offer(&name), giant).is_err());
    }
}
