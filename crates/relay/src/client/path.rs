//! One connection to a relay, up to the relay's answer to the hello.
//!
//! In: a target and what is wanted. Out: a connection that the relay has let in, or why not.

use std::time::Duration;

use bytes::Bytes;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::trust::KeyCheck;
use super::{Target, Trust};
use crate::identity::Fingerprint;
use crate::proto::call_hello::Want;
use crate::proto::relay_message::Message;
use crate::proto::{CallHello, EndReason, Ended, Joined};
use crate::record::{self, Kind, MAGIC, Malformed, Reader, VERSION};
use crate::socket;

/// How long a connection may take until the relay has answered.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// The network.
    #[error("no connection to the relay: {0}")]
    Io(#[from] std::io::Error),
    /// It took too long.
    #[error("the relay did not answer within {} s", CONNECT_TIME.as_secs())]
    Silent,
    /// Somebody else stands in for the relay, or it has a new key.
    #[error(
        "the relay's key is not the one that is expected: {seen} instead of {expected}; \
         ask whoever runs it whether it has a new key"
    )]
    WrongKey {
        /// The key that was promised.
        expected: Fingerprint,
        /// The key that was shown.
        seen: Fingerprint,
    },
    /// A connection without encryption was asked for, to another machine.
    #[error("{0} is not this machine: a connection to it must be encrypted")]
    PlainElsewhere(std::net::SocketAddr),
    /// The relay said no.
    #[error("refused by the relay: {text}")]
    Refused {
        /// Why.
        reason: EndReason,
        /// The relay's words.
        text: String,
    },
    /// What is there is no relay.
    #[error("not a relay of this protocol: {0}")]
    Protocol(String),
}

impl From<Malformed> for PathError {
    fn from(error: Malformed) -> Self {
        Self::Protocol(error.to_string())
    }
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// The reading side of a path.
pub(super) type PathRead = Box<dyn AsyncRead + Send + Unpin>;
/// The writing side of a path.
pub(super) type PathWrite = Box<dyn AsyncWrite + Send + Unpin>;

/// A connection that the relay has let in.
pub(super) struct Path {
    pub read: PathRead,
    pub write: PathWrite,
    pub reader: Reader,
    pub joined: Joined,
    pub fingerprint: Option<Fingerprint>,
}

impl Path {
    /// Connects and says hello.
    pub async fn open(target: &Target, want: Want, software: &str) -> Result<Self, PathError> {
        timeout(CONNECT_TIME, open(target, want, software)).await.map_err(|_| PathError::Silent)?
    }
}

async fn open(target: &Target, want: Want, software: &str) -> Result<Path, PathError> {
    let stream = TcpStream::connect((target.host.as_str(), target.port)).await?;
    socket::prepare(&stream);
    let (stream, fingerprint) = secure(stream, target).await?;
    let (mut read, mut write) = tokio::io::split(stream);
    let hello = CallHello { version: VERSION, software: software.to_owned(), want: Some(want) };
    write.write_all(&[&MAGIC[..], &record::encode(Message::Hello(hello))].concat()).await?;
    write.flush().await?;
    let mut reader = Reader::default();
    let joined = answer(&mut read, &mut reader).await?;
    Ok(Path { read: Box::new(read), write: Box::new(write), reader, joined, fingerprint })
}

async fn secure(
    stream: TcpStream,
    target: &Target,
) -> Result<(Box<dyn Duplex>, Option<Fingerprint>), PathError> {
    let expected = match target.trust {
        Trust::PlainLocal => {
            let peer = stream.peer_addr()?;
            if !peer.ip().to_canonical().is_loopback() {
                return Err(PathError::PlainElsewhere(peer));
            }
            return Ok((Box::new(stream), None));
        }
        Trust::Pinned(fingerprint) => Some(fingerprint),
        Trust::FirstUse => None,
    };
    let check = KeyCheck::new(expected);
    let config = check.config().map_err(std::io::Error::other)?;
    // The name is not checked, but the handshake wants one.
    let name = ServerName::try_from("okno-relay").map_err(std::io::Error::other)?;
    let connected = TlsConnector::from(config).connect(name, stream).await;
    match (connected, expected, check.seen()) {
        (Ok(stream), _, seen) => Ok((Box::new(stream), seen)),
        (Err(_), Some(expected), Some(seen)) if expected != seen => {
            Err(PathError::WrongKey { expected, seen })
        }
        (Err(error), _, _) => Err(error.into()),
    }
}

async fn answer<R: AsyncRead + Unpin>(
    read: &mut R,
    reader: &mut Reader,
) -> Result<Joined, PathError> {
    loop {
        while let Some(record) = reader.take_record()? {
            let message =
                if record.header.kind == Kind::Message { reader.message(&record)? } else { None };
            match message {
                Some(Message::Joined(joined)) => return Ok(joined),
                Some(Message::Ended(Ended { reason, text, .. })) => {
                    let reason = EndReason::try_from(reason).unwrap_or_default();
                    return Err(PathError::Refused { reason, text });
                }
                _ => {}
            }
        }
        match read.read(reader.room()).await? {
            0 => return Err(PathError::Protocol("it closed without an answer".to_owned())),
            count => reader.filled(count),
        }
    }
}

/// The `want` of a hello that resumes.
pub(super) fn resume(token: Bytes) -> Want {
    Want::Resume(token)
}
