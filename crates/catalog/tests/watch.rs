//! Watching: every change in order, a slow watcher that is told, and an end with the server.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::process::Stdio;
use std::time::Duration;

use okno_catalog::limits::{MAX_BATCH, MAX_WATCHERS, WATCH_BACKLOG};
use okno_catalog::proto::okno::v1::change::What;
use okno_catalog::proto::okno::v1::{Change, NewProduct, UpdateProductRequest};
use support::{PATIENCE, Running, Server, cli, database, product, program, stderr, stdout};
use tonic::{Code, Streaming};

async fn next(changes: &mut Streaming<Change>) -> Change {
    tokio::time::timeout(PATIENCE, changes.message()).await.unwrap().unwrap().unwrap()
}

#[tokio::test]
async fn every_change_comes_in_order() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let (actor, watcher) = (server.connect().await, server.connect().await);
    actor.add(product("before", 1.0)).await.unwrap();
    let mut changes = watcher.watch().await.unwrap();
    let first = next(&mut changes).await;
    assert!(matches!(first.what, Some(What::Watching(_))));
    assert_eq!(first.revision, 1);

    let id = actor.add(product("Cup", 1.0)).await.unwrap();
    let update = UpdateProductRequest { id: id.clone(), price: Some(2.0), ..Default::default() };
    actor.update(update).await.unwrap();
    actor.pin(id.clone(), "camera".to_owned()).await.unwrap();
    actor.unpin(id.clone(), "camera".to_owned()).await.unwrap();
    actor.delete(id.clone()).await.unwrap();
    actor.restore(id.clone()).await.unwrap();
    // What is refused is no change.
    actor.add(product("", 1.0)).await.unwrap_err();
    actor.delete("nobody".to_owned()).await.unwrap_err();
    actor.delete(id.clone()).await.unwrap();

    let mut seen = Vec::new();
    for revision in 2..=8 {
        let change = next(&mut changes).await;
        assert_eq!(change.revision, revision);
        seen.push(match change.what.unwrap() {
            What::Put(item) => {
                assert_eq!(item.revision, revision);
                let product = item.product.unwrap();
                assert_eq!(product.id, id);
                format!("put {} {}", product.price, item.streams.len())
            }
            What::Deleted(deleted) => {
                assert_eq!(deleted, id);
                "deleted".to_owned()
            }
            other => panic!("{other:?}"),
        });
    }
    let expected = ["put 1 0", "put 2 0", "put 2 1", "put 2 0", "deleted", "put 2 0", "deleted"];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_slow_watcher_is_told_and_goes_on() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let (actor, watcher) = (server.connect().await, server.connect().await);
    let mut changes = watcher.watch().await.unwrap();
    next(&mut changes).await;
    // Not read while far more comes than HTTP/2's windows and the backlog hold.
    let mut sent = 0;
    let large = okno_catalog::proto::ecommerce::Product {
        description: "x".repeat(1_000),
        ..product("a", 1.0)
    };
    let new = NewProduct { product: Some(large), streams: Vec::new() };
    while sent < WATCH_BACKLOG * 4 {
        actor.add_all(vec![new.clone(); MAX_BATCH], false).await.unwrap();
        sent += MAX_BATCH;
    }
    let (mut put, mut missed) = (0, 0);
    while put + missed < sent {
        match next(&mut changes).await.what.unwrap() {
            What::Put(_) => put += 1,
            What::Lagged(lagged) => missed += usize::try_from(lagged.missed).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(put + missed, sent, "each change is either told or counted as missed");
    assert!(missed > 0, "the watcher was slow and was not told");
    actor.add(product("after", 1.0)).await.unwrap();
    assert!(matches!(next(&mut changes).await.what, Some(What::Put(_))));
}

#[tokio::test]
async fn there_is_a_limit_of_watchers_and_a_place_is_given_back() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let mut watches = Vec::new();
    // A connection holds no more calls than that.
    let connections = [server.connect().await, server.connect().await];
    for number in 0..MAX_WATCHERS {
        watches.push(connections[number % 2].watch().await.unwrap());
    }
    let status = connections[0].watch().await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    drop(watches.pop());
    let mut tries = 0;
    while connections[0].watch().await.is_err() {
        tries += 1;
        assert!(tries < 1_000, "the place is not given back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_watch_ends_with_the_server_and_says_so() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let watcher = server.connect().await;
    let mut changes = watcher.watch().await.unwrap();
    next(&mut changes).await;
    let stopped = tokio::task::spawn_blocking(move || server.stop());
    let status = tokio::time::timeout(PATIENCE, changes.message()).await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.message().contains("stopping"), "{status}");
    assert_eq!(stopped.await.unwrap().code(), Some(143));
}

#[test]
fn the_command_line_watches_as_lines_of_json() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let watch = program()
        .args(["watch", "--json", "--server", &server.url()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut watch = Running(watch.unwrap());
    let mut lines = watch.lines();
    assert!(lines.next().unwrap().contains("watching"));
    let added = cli(&server, &["add", "Cup", "--price", "0.1"]);
    let id = stdout(&added).trim().to_owned();
    let change: serde_json::Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    assert_eq!(change["change"], "put");
    assert_eq!(change["item"]["id"], id.as_str());
    assert_eq!(change["item"]["price"], 0.1);
    assert_eq!(change["item"]["price_text"], "0.10");
    drop(server);
    assert_eq!(watch.0.wait().unwrap().code(), Some(5), "{}", stderr(&added));
    assert!(watch.complaint().contains("the watch is over"));
}
