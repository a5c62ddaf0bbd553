//! Brings two callers together, over each of the ways that are compared.
//!
//! In: a subject and its relay. Out: their connections, joined, with nothing said yet. Blocks: this
//! is before the measurement.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use okno_relay::identity::ALPN;
use okno_relay::proto::call_hello::Want;
use okno_relay::proto::relay_message::Message;
use okno_relay::proto::{Allocate, CallHello};
use okno_relay::record::{self, MAGIC, Reader, VERSION};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::plan::Framing;
use crate::process::Running;
use crate::{Failure, Subject};

/// How long any answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// One connection of a caller.
pub struct Line {
    pub stream: TcpStream,
    pub tls: Option<ClientConnection>,
    pub framing: Framing,
    /// What has been read of it.
    pub records: Reader,
}

/// One end of a pair: one connection, or one each for picture and sound.
pub type Caller = Vec<Line>;

/// Makes pairs.
pub struct Connector<'a> {
    subject: Subject,
    running: Option<&'a Running>,
    tls: Option<Arc<ClientConfig>>,
}

impl<'a> Connector<'a> {
    /// `certificate`: the relay's, which it made at its first start.
    pub fn new(
        subject: Subject,
        running: Option<&'a Running>,
        certificate: &Path,
    ) -> Result<Self, Failure> {
        let tls = match subject {
            Subject::Tls => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from_pem_file(certificate)?)?;
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let mut config = ClientConfig::builder_with_provider(provider)
                    .with_protocol_versions(&[&rustls::version::TLS13])?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                config.alpn_protocols = vec![ALPN.to_vec()];
                Some(Arc::new(config))
            }
            _ => None,
        };
        Ok(Self { subject, running, tls })
    }

    /// Two callers that are joined.
    pub fn pair(&self, number: usize) -> Result<[Caller; 2], Failure> {
        match (self.subject, self.running) {
            (Subject::Direct, _) => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                let one = connect(listener.local_addr()?)?;
                let (two, _) = listener.accept()?;
                two.set_nodelay(true)?;
                Ok([one, two].map(|stream| vec![line(stream, Framing::Records)]))
            }
            (Subject::Tls | Subject::Plain, Some(running)) => {
                let address = running.calls.ok_or("not an okno-relay")?;
                let (one, call) = self.call(address, Want::Allocate(Allocate {}))?;
                let (two, _) = self.call(address, Want::Join(call))?;
                Ok([vec![one], vec![two]])
            }
            (Subject::Classic | Subject::Fork, Some(running)) => {
                let (video, audio) = running.classic;
                let code = format!("pair{number:06}");
                let caller = || -> Result<Caller, Failure> {
                    Ok(vec![
                        line(classic(video, &code)?, Framing::ClassicVideo),
                        line(classic(audio, &code)?, Framing::ClassicAudio),
                    ])
                };
                let pair = [caller()?, caller()?];
                if self.subject == Subject::Fork {
                    self.wait_for_children(2 * (number + 1))?;
                }
                Ok(pair)
            }
            (_, None) => Err("no relay".into()),
        }
    }

    /// A caller of the call protocol that the relay has let in, and its number.
    fn call(&self, address: SocketAddr, want: Want) -> Result<(Line, u32), Failure> {
        let mut line = line(connect(address)?, Framing::Records);
        line.stream.set_read_timeout(Some(PATIENCE))?;
        if let Some(config) = &self.tls {
            let name = ServerName::try_from("okno-relay")?;
            line.tls = Some(ClientConnection::new(Arc::clone(config), name)?);
        }
        let hello = CallHello { version: VERSION, software: "bench".to_owned(), want: Some(want) };
        let hello = [&MAGIC[..], &record::encode(Message::Hello(hello))].concat();
        match &mut line.tls {
            Some(tls) => rustls::Stream::new(tls, &mut line.stream).write_all(&hello)?,
            None => line.stream.write_all(&hello)?,
        }
        loop {
            while let Some(record) = line.records.take_record()? {
                match line.records.message(&record)? {
                    Some(Message::Joined(joined)) => return Ok((line, joined.number)),
                    Some(Message::Ended(ended)) => return Err(ended.text.into()),
                    _ => {}
                }
            }
            let room = line.records.room();
            let count = match &mut line.tls {
                Some(tls) => rustls::Stream::new(tls, &mut line.stream).read(room)?,
                None => line.stream.read(room)?,
            };
            if count == 0 {
                return Err("the relay closed a connection".into());
            }
            line.records.filled(count);
        }
    }

    /// The forking relay joins one pair after another, and no more wait than it lets queue.
    fn wait_for_children(&self, count: usize) -> Result<(), Failure> {
        let start = Instant::now();
        while self.running.map_or(0, Running::children) < count {
            if start.elapsed() > PATIENCE {
                return Err(format!("the forking relay did not make {count} processes").into());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }
}

fn line(stream: TcpStream, framing: Framing) -> Line {
    Line { stream, tls: None, framing, records: Reader::default() }
}

fn connect(address: SocketAddr) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn classic(address: SocketAddr, code: &str) -> Result<TcpStream, Failure> {
    let mut stream = connect(address)?;
    let length = i32::try_from(code.len())?.to_le_bytes();
    stream.write_all(&[&length[..], code.as_bytes()].concat())?;
    Ok(stream)
}
