//! Fetches an MJPEG stream that a camera or a board serves over HTTP.
//!
//! In: an address. Out: frames in a stream of the hub; after an end or a failure it tries again,
//! for ever, with growing pauses, and says in the stream's note what is wrong. HTTP itself is
//! hyper's business. Never follows a redirect to another host.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use okno_session::{Identity, Info, Stream};
use okno_wire::Format;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::feed::{Feed, body_format, open};
use crate::receive::{End, lost};
use crate::server::{Context, Event};

/// First pause before trying again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(2));

/// How long connecting and the answer's head may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Where to fetch from.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    host: String,
    port: u16,
    path: String,
    /// `user:password` for basic authentication.
    credentials: Option<String>,
    /// The address without credentials: the stream's name.
    name: String,
}

impl Source {
    /// Reads an address such as `http://user:password@camera:8080/stream`.
    pub fn parse(url: &str) -> Result<Self, String> {
        let example = "an address looks like http://camera.local:8080/stream";
        let uri: Uri =
            url.trim().parse().map_err(|_| format!("{url:?} is no address; {example}"))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err(format!("{url}: Okno fetches over http only, not over https"));
            }
            Some("rtsp") => {
                return Err(format!("{url}: for RTSP use opencv-sender -i {url}"));
            }
            _ => return Err(format!("{url:?} is no address; {example}")),
        }
        let authority = uri.authority().ok_or_else(|| format!("{url:?} names no host"))?;
        let host = authority.host().to_owned();
        let port = authority.port_u16().unwrap_or(80);
        let credentials = authority.as_str().rsplit_once('@').map(|(user, _)| user.to_owned());
        let path = uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
        let name = format!("http://{host}:{port}{path}");
        Ok(Self { host, port, path, credentials, name })
    }

    /// The stream's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn request(&self) -> Result<Request<Empty<Bytes>>, End> {
        let mut request = Request::get(&self.path)
            .header(HOST, format!("{}:{}", self.host, self.port))
            .header(USER_AGENT, concat!("okno/", env!("CARGO_PKG_VERSION")));
        if let Some(credentials) = &self.credentials {
            let encoded = base64::engine::general_purpose::STANDARD.encode(credentials);
            request = request.header(AUTHORIZATION, format!("Basic {encoded}"));
        }
        request.body(Empty::new()).map_err(|error| format!("{}: {error}", self.name))
    }
}

/// Fetches until the program ends or the task is aborted.
pub(crate) async fn run(source: Source, context: Context) {
    let mut ending = context.ending.clone();
    let mut pause = PAUSES.0;
    loop {
        let mut fetch = Fetch { source: &source, context: &context, stream: None };
        let end = tokio::select! {
            end = fetch.run() => end,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        if fetch.stream.is_some() {
            pause = PAUSES.0;
        }
        log::warn!("{}: {end}; trying again in {:.2} s", source.name, pause.as_secs_f64());
        fetch.close(&end);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// One attempt. Closes its stream when it is dropped, also by an abort.
struct Fetch<'a> {
    source: &'a Source,
    context: &'a Context,
    stream: Option<Arc<Stream>>,
}

impl Fetch<'_> {
    async fn run(&mut self) -> End {
        match self.answer().await {
            Ok(response) => self.body(response).await.unwrap_or_else(|end| end),
            Err(end) => end,
        }
    }

    async fn answer(&self) -> Result<Response<Incoming>, End> {
        let address = (self.source.host.as_str(), self.source.port);
        let socket = timeout(ANSWER, TcpStream::connect(address))
            .await
            .map_err(|_| "the camera does not answer".to_owned())?
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::ConnectionRefused => {
                    format!("nothing listens on port {}", self.source.port)
                }
                _ => lost(&error),
            })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket))
            .await
            .map_err(|error| format!("no HTTP: {error}"))?;
        // Ends with the body, whose reader notices every error.
        tokio::spawn(async move { connection.await.ok() });
        let response = timeout(ANSWER, sender.send_request(self.source.request()?))
            .await
            .map_err(|_| "the camera accepts the connection and does not answer".to_owned())?
            .map_err(|error| format!("no HTTP answer: {error}"))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(match response.status().as_u16() {
            401 | 403 => "the camera wants a name and a password: \
                          http://name:password@host/path"
                .to_owned(),
            404 => format!("the camera has nothing at {}", self.source.path),
            code => format!("the camera answers with status {code}"),
        })
    }

    async fn body(&mut self, response: Response<Incoming>) -> Result<End, End> {
        let content_type = response.headers().get(CONTENT_TYPE);
        let format = body_format(content_type.and_then(|v| v.to_str().ok()).unwrap_or_default())?;
        let mut feed = Feed::new(format, self.context);
        let mut body = response.into_body();
        while let Some(piece) = body.frame().await {
            let piece = piece.map_err(|error| format!("the connection broke off: {error}"))?;
            if let Some(bytes) = piece.data_ref() {
                feed.take(bytes, || self.stream(format))?;
            }
            tokio::task::yield_now().await;
        }
        Ok("the camera ended the stream".to_owned())
    }

    fn stream(&mut self, format: Format) -> Result<Arc<Stream>, End> {
        if let Some(stream) = &self.stream {
            return Ok(Arc::clone(stream));
        }
        let info = Info {
            name: self.source.name.clone(),
            peer: format!("{}:{}", self.source.host, self.source.port),
            format: Some(format),
            source: self.source.name.clone(),
            ..Info::default()
        };
        let stream = open(self.context, Identity::Name(self.source.name.clone()), info)?;
        Ok(Arc::clone(self.stream.insert(stream)))
    }

    fn close(&mut self, end: &str) {
        match self.stream.take() {
            Some(stream) => self.context.hub.close(&stream, end),
            None => (self.context.on_event)(Event::Refused {
                peer: self.source.name.clone(),
                message: end.to_owned(),
            }),
        }
    }
}

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.context.hub.close(&stream, "Okno does not fetch it any more");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn addresses() {
        let source = Source::parse("http://me:se%20cret@cam.local:8080/a/b?c=1");
        let Ok(source) = source else { panic!("{source:?}") };
        assert_eq!((source.host.as_str(), source.port), ("cam.local", 8080));
        assert_eq!(source.path, "/a/b?c=1");
        assert_eq!(source.credentials.as_deref(), Some("me:se%20cret"));
        assert_eq!(source.name(), "http://cam.local:8080/a/b?c=1");
        for bad in ["", "camera", "ftp://x/y", "https://x/y", "rtsp://x/y", "http://"] {
            assert!(Source::parse(bad).is_err(), "{bad:?}");
        }
    }
}
