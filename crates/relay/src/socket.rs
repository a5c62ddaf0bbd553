//! How a connection of a call uses its socket.
//!
//! In: a connection. Out: the same, so that sound waits for as little as possible. Never refuses one
//! whose system has it otherwise.

use tokio::net::TcpStream;

use crate::limits::UNSENT;

/// Ways of the system to fill a link, the best first. BBR, which some systems have as their own
/// choice, is none of them: every ten seconds it all but stops for 0.2 s to measure the round trip
/// (draft-cardwell-iccrg-bbr-congestion-control-00, 4.3.5), and that is heard. Callers keep so little
/// on the way that these need no measurement.
const FILLS: [&[u8]; 2] = [b"cubic", b"reno"];

/// Small packets go at once, and the kernel keeps little that is not sent: what lies there can
/// be neither overtaken nor dropped.
pub(crate) fn prepare(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    let results = [
        socket.set_tcp_nodelay(true),
        socket.set_tcp_notsent_lowat(UNSENT),
        FILLS
            .iter()
            .map(|how| socket.set_tcp_congestion(how))
            .find(Result::is_ok)
            .unwrap_or(Ok(())),
    ];
    for error in results.into_iter().filter_map(Result::err) {
        log::debug!("a socket option: {error}");
    }
}
