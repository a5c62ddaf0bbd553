//! One watcher: the feed of changes, at the pace that it reads.
//!
//! In: the store's feed. Out: a stream of changes to one client. Holds one change for it; behind
//! that the feed itself is the bound ([`crate::limits::WATCH_BACKLOG`]): a watcher that falls
//! further behind is told how many changes it missed and goes on with the newest.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::proto::okno::v1::change::What;
use crate::proto::okno::v1::{Change, Lagged, Watching};
use crate::store::Store;

type Changes = mpsc::Sender<Result<Change, Status>>;

/// Starts to pass changes on, until the client goes or the server stops.
pub(super) fn start(
    store: &Arc<Store>,
    stopping: watch::Receiver<bool>,
    place: OwnedSemaphorePermit,
    peer: Option<SocketAddr>,
) -> ReceiverStream<Result<Change, Status>> {
    // First the feed, then the revision: what happens between is told twice rather than never.
    let feed = store.changes();
    let revision = store.revision();
    let (changes, stream) = mpsc::channel(1);
    let store = Arc::clone(store);
    tokio::spawn(async move {
        let peer = peer.map_or_else(|| "a client".to_owned(), |peer| peer.to_string());
        log::debug!("{peer}: watches");
        pass_on(feed, &store, revision, &changes, stopping, &peer).await;
        drop(place);
    });
    ReceiverStream::new(stream)
}

async fn pass_on(
    mut feed: broadcast::Receiver<Arc<Change>>,
    store: &Store,
    revision: u64,
    changes: &Changes,
    mut stopping: watch::Receiver<bool>,
    peer: &str,
) {
    let mut next = Change { revision, what: Some(What::Watching(Watching {})) };
    loop {
        tokio::select! {
            biased;
            _ = stopping.wait_for(|&stopping| stopping) => {
                let text = "the server is stopping: watch again once it is back";
                // No room means that the client does not read; the closed stream tells it then.
                let _ = changes.try_send(Err(Status::unavailable(text)));
                return;
            }
            sent = changes.send(Ok(next)) => if sent.is_err() { return },
        }
        next = tokio::select! {
            biased;
            () = changes.closed() => return,
            _ = stopping.wait_for(|&stopping| stopping) => Change::default(),
            change = feed.recv() => match change {
                Ok(change) => Change::clone(&change),
                Err(RecvError::Lagged(missed)) => {
                    log::info!("{peer}: reads too slowly, {missed} changes dropped");
                    let what = Some(What::Lagged(Lagged { missed }));
                    Change { revision: store.revision(), what }
                }
                Err(RecvError::Closed) => return,
            },
        };
    }
}
