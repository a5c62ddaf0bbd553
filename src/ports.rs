//! Finds a port to use instead of one that is taken, and the address that other machines can
//! reach this one by.
//!
//! In: an address. Out: another one. Never sends a packet.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

/// How far from the port that is taken a free one is looked for, so that it is easy to remember.
const TRIED: u16 = 50;

/// The next free port after `address`'s, on the same address; 0, which lets the system choose,
/// when there is none near.
pub fn free_port_near(address: SocketAddr) -> SocketAddr {
    let free = (1..=TRIED)
        .filter_map(|step| address.port().checked_add(step))
        .map(|port| SocketAddr::new(address.ip(), port))
        .find(|candidate| TcpListener::bind(candidate).is_ok());
    free.unwrap_or_else(|| SocketAddr::new(address.ip(), 0))
}

/// The address to tell senders for a port that is open on `address`: for "all addresses", the
/// one that faces the network.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    // Connecting a UDP socket chooses a route and sends nothing. The target is a documentation
    // address (RFC 5737).
    let outward = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).map(|()| socket))
        .and_then(|socket| socket.local_addr())
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |local| local.ip());
    SocketAddr::new(outward, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_gives_another_one_that_is_free() {
        let taken = TcpListener::bind(("127.0.0.1", 0));
        let address = taken.as_ref().map(TcpListener::local_addr);
        let Ok(Ok(address)) = address else { panic!("no port: {address:?}") };
        let other = free_port_near(address);
        assert_ne!(other.port(), address.port());
        assert!(TcpListener::bind(other).is_ok());
    }

    #[test]
    fn an_address_that_can_be_reached_is_kept() {
        let address = SocketAddr::from(([127, 0, 0, 1], 5));
        assert_eq!(reachable(address), address);
        let any = SocketAddr::from(([0, 0, 0, 0], 5));
        assert!(!reachable(any).ip().is_unspecified());
        assert_eq!(reachable(any).port(), 5);
    }
}
