//! Senders that PUT or POST their frames over HTTP.
//!
//! In: a connection that began like a request. Out: frames of the bodies, and answers that say
//! how many came or what was wrong. HTTP itself is hyper's business. Never keeps a body.

use std::convert::Infallible;
use std::io::Cursor;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use okno_session::Stream;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::feed::{Feed, body_format, open_foreign};
use crate::receive::End;
use crate::server::Context;

/// Largest head of a request that hyper may buffer, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// The stream of a connection: opened with the first frame, kept over several requests.
type Slot = Arc<Mutex<Option<Arc<Stream>>>>;

/// Serves one connection to its end; `begun` is what was read of it already.
pub(crate) async fn serve(
    socket: &mut TcpStream,
    begun: Vec<u8>,
    peer: SocketAddr,
    context: &Context,
) -> End {
    let slot = Slot::default();
    let (read, write) = socket.split();
    // hyper wants to own what it serves, for as long as it serves: this future.
    let io = TokioIo::new(Box::pin(tokio::io::join(Cursor::new(begun).chain(read), write)));
    let service = service_fn(|request| {
        let (slot, context) = (Arc::clone(&slot), context.clone());
        async move { Ok::<_, Infallible>(answer(request, peer, &slot, &context).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(context.limits.first_bytes)
        .max_buf_size(MAX_HEAD)
        .serve_connection(io, service)
        .await;
    let end = match served {
        Ok(()) => "the sender closed the connection".to_owned(),
        Err(error) if error.is_incomplete_message() => {
            "the sender closed the connection in the middle of a request".to_owned()
        }
        Err(error) => format!("broken HTTP: {error}"),
    };
    if let Some(stream) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
        context.hub.close(&stream, &end);
    }
    end
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    slot: &Slot,
    context: &Context,
) -> Response<Full<Bytes>> {
    let (status, text) = match *request.method() {
        Method::PUT | Method::POST => match receive(request, peer, slot, context).await {
            Ok(frames) => (StatusCode::OK, format!("{frames} frames received\n")),
            Err(end) => {
                log::warn!("{peer}: {end}");
                (StatusCode::BAD_REQUEST, format!("{end}\n"))
            }
        },
        _ => (StatusCode::METHOD_NOT_ALLOWED, "PUT or POST frames here\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response
}

async fn receive(
    request: Request<Incoming>,
    peer: SocketAddr,
    slot: &Slot,
    context: &Context,
) -> Result<u64, End> {
    let content_type = request.headers().get(hyper::header::CONTENT_TYPE);
    let format = body_format(content_type.and_then(|v| v.to_str().ok()).unwrap_or_default())?;
    let mut feed = Feed::new(format, context);
    let mut body = request.into_body();
    let mut ending = context.ending.clone();
    loop {
        let piece = tokio::select! {
            piece = body.frame() => piece,
            _ = ending.wait_for(|ending| *ending) => return Err("Okno is closing".to_owned()),
        };
        let Some(piece) = piece else { return Ok(feed.frames()) };
        let piece = piece.map_err(|error| format!("the request broke off: {error}"))?;
        let Some(bytes) = piece.data_ref() else { continue };
        feed.take(bytes, || {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            match &*slot {
                Some(stream) => Ok(Arc::clone(stream)),
                None => Ok(Arc::clone(slot.insert(open_foreign(context, peer, format)?))),
            }
        })?;
        // Other connections get their turn between the pieces of one that sends at full speed.
        tokio::task::yield_now().await;
    }
}
