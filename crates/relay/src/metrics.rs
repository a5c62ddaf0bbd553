//! The figures over HTTP, for Prometheus.
//!
//! In: connections that send a request. Out: the text, or 404. Serves a request a connection,
//! a few at a time; reads no more than a request's head.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::server::Shared;

/// Time for a whole request.
const REQUEST_TIME: Duration = Duration::from_secs(2);

/// Longest head of a request, in bytes.
const MAX_HEAD: usize = 4 << 10;

/// Requests at one time.
const MAX_REQUESTS: usize = 16;

/// Answers until the relay stops.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut requests = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if requests.len() < MAX_REQUESTS => match accepted {
                Ok((stream, _)) => {
                    let shared = Arc::clone(&shared);
                    // Whoever does not take the answer need not have it.
                    requests.spawn(async move {
                        let _ = timeout(REQUEST_TIME, answer(stream, &shared)).await;
                    });
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = requests.join_next(), if !requests.is_empty() => {}
            () = shared.stopped() => return,
        }
    }
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut part = [0; 512];
        let count = stream.read(&mut part).await?;
        if count == 0 || head.len() + count > MAX_HEAD {
            return Ok(());
        }
        head.extend_from_slice(&part[..count]);
    }
    let (status, kind, body) = if head.starts_with(b"GET /metrics ") {
        ("200 OK", "text/plain; version=0.0.4", shared.figures.text())
    } else {
        ("404 Not Found", "text/plain", "the figures are at /metrics\n".to_owned())
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
