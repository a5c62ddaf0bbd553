//! Who may call, and where the server may listen.
//!
//! In: the address to listen on, the TLS files and the token from the command line. Out: whether
//! that is safe, and a check of every call's token. Never lets a server without TLS and a token
//! be reached from another machine.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tonic::service::Interceptor;
use tonic::{Request, Status};

/// Shortest token that is accepted, in bytes: shorter ones can be guessed over the network.
const MIN_TOKEN: usize = 16;

/// Longest token, in bytes: what fits a header comfortably.
const MAX_TOKEN: usize = 1_024;

/// Why a server may not start like this.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// Reachable from elsewhere without TLS or token.
    #[error(
        "{listen} can be reached from other machines, so the server needs {missing}. \
         `okno-catalog keys --out DIR --host NAME` makes a certificate, its key and a token; then \
         start with --tls-cert DIR/cert.pem --tls-key DIR/key.pem --token-file DIR/token. \
         Without them, listen on 127.0.0.1"
    )]
    Open {
        /// Where it would listen.
        listen: SocketAddr,
        /// What was not given.
        missing: &'static str,
    },
    /// A file can't be read.
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// The token's file holds no usable token.
    #[error(
        "{}: a token is one line of {MIN_TOKEN} to {MAX_TOKEN} letters, digits or signs; \
         `okno-catalog keys --out DIR` makes one", .0.display()
    )]
    Token(PathBuf),
}

/// Whether a server that listens there needs more than it was given.
///
/// # Errors
/// It can be reached from other machines and lacks TLS or a token.
pub fn check_exposure(listen: SocketAddr, tls: bool, token: bool) -> Result<(), Unsafe> {
    let missing = match (tls, token) {
        _ if listen.ip().is_loopback() => return Ok(()),
        (true, true) => return Ok(()),
        (false, false) => "TLS and a token",
        (false, true) => "TLS",
        (true, false) => "a token",
    };
    Err(Unsafe::Open { listen, missing })
}

/// Reads a token from its file.
///
/// # Errors
/// The file can't be read or holds no token.
pub fn read_token(file: &Path) -> Result<String, Unsafe> {
    let text =
        std::fs::read_to_string(file).map_err(|error| Unsafe::File(file.to_owned(), error))?;
    let token = text.trim();
    let usable = (MIN_TOKEN..=MAX_TOKEN).contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_graphic());
    if usable { Ok(token.to_owned()) } else { Err(Unsafe::Token(file.to_owned())) }
}

/// Lets calls with the right token pass; all, if there is none.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    expected: Option<Vec<u8>>,
}

impl Guard {
    /// A guard for this token.
    #[must_use]
    pub fn new(token: Option<&str>) -> Self {
        Self { expected: token.map(|token| format!("Bearer {token}").into_bytes()) }
    }
}

impl Interceptor for Guard {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        let Some(expected) = &self.expected else { return Ok(request) };
        let given = request.metadata().get("authorization").map(|value| value.as_bytes());
        if given.is_some_and(|given| equal(given, expected)) {
            Ok(request)
        } else {
            Err(Status::unauthenticated(
                "this catalogue wants a token: give okno-catalog --token-file FILE, or send the \
                 header `authorization: Bearer TOKEN`",
            ))
        }
    }
}

/// Compares in a time that does not tell how many bytes were right.
fn equal(given: &[u8], expected: &[u8]) -> bool {
    let differences = given.iter().zip(expected).fold(0, |all, (a, b)| all | (a ^ b));
    given.len() == expected.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_do_without() {
        let local = "127.0.0.1:1".parse().map(|at| check_exposure(at, false, false).is_ok());
        assert_eq!(local, Ok(true));
        let six = "[::1]:1".parse().map(|at| check_exposure(at, false, false).is_ok());
        assert_eq!(six, Ok(true));
        for (tls, token) in [(false, false), (true, false), (false, true)] {
            let open = "0.0.0.0:1".parse().map(|at| check_exposure(at, tls, token).is_ok());
            assert_eq!(open, Ok(false));
        }
        let both = "[::]:1".parse().map(|at| check_exposure(at, true, true).is_ok());
        assert_eq!(both, Ok(true));
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"ab", b"abc"));
        assert!(!equal(b"abcd", b"abc"));
        assert!(!equal(b"", b"abc"));
    }
}
