//! `kill -9` under load: whatever was acknowledged is there afterwards, and nothing is there by
//! halves.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::collections::HashMap;

use okno_catalog::proto::okno::v1::{Item, ListProductsRequest, SearchProductsRequest};
use rusqlite::Connection as Sqlite;
use support::{Server, database, product};
use tokio::sync::mpsc;

/// What a client was told before the server died.
enum Told {
    Added(String, String),
    Deleted(String),
    Pinned(String),
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost() {
    let (_folder, db) = database();
    // Products that must be there, by id: name, and whether pinned.
    let mut there = HashMap::<String, (String, bool)>::new();
    let mut gone = Vec::new();
    for round in 0..3 {
        let mut server = Server::start(&db);
        let (told, mut tellings) = mpsc::unbounded_channel();
        let mut clients = Vec::new();
        for client in 0..16 {
            let catalog = server.connect().await;
            let told = told.clone();
            clients.push(tokio::spawn(async move {
                for number in 0.. {
                    let name = format!("r{round} c{client} n{number}");
                    let Ok(id) = catalog.add(product(&name, 0.1)).await else { return };
                    told.send(Told::Added(id.clone(), name.clone())).unwrap();
                    // One in three is deleted again, one in three pinned.
                    if number % 3 == 0 {
                        let Ok(_) = catalog.delete(id.clone()).await else {
                            // Not answered: it may be there or not.
                            told.send(Told::Deleted(id)).unwrap();
                            return;
                        };
                        told.send(Told::Deleted(id)).unwrap();
                    } else if number % 3 == 1 {
                        let stream = format!("{name} camera");
                        let Ok(_) = catalog.pin(id.clone(), stream).await else { return };
                        told.send(Told::Pinned(id)).unwrap();
                    }
                }
            }));
        }
        drop(told);
        let mut tellings_so_far = 0;
        let mut unsure = Vec::new();
        while let Some(telling) = tellings.recv().await {
            tellings_so_far += 1;
            // In the middle of everything; the clients then find out and end.
            if tellings_so_far == 600 {
                server.kill();
            }
            match telling {
                Told::Added(id, name) => drop(there.insert(id, (name, false))),
                Told::Pinned(id) => there.get_mut(&id).unwrap().1 = true,
                Told::Deleted(id) => {
                    there.remove(&id);
                    unsure.push(id);
                }
            }
        }
        for client in clients {
            client.await.unwrap();
        }
        assert!(tellings_so_far >= 600);
        gone.append(&mut unsure);
    }

    let server = Server::start(&db);
    let catalog = server.connect().await;
    let items = all(&catalog).await;
    for (id, (name, pinned)) in &there {
        let item = items.get(id).unwrap_or_else(|| panic!("{id} {name} was acknowledged"));
        assert_eq!(&item.product.as_ref().unwrap().name, name);
        assert!(!pinned || item.streams.len() == 1, "{name} was pinned");
        assert_eq!(catalog.get(id.clone()).await.unwrap().name, *name);
    }
    // Deletions that were not answered are in doubt: at most one for each client and round.
    let still_there = gone.iter().filter(|id| items.contains_key(*id)).count();
    assert!(still_there <= 3 * 16, "{still_there} deleted products are back");
    // Nor is anything there by halves: each product is found by its words.
    let query = "r0 c0 n1".to_owned();
    let found =
        catalog.search(SearchProductsRequest { query, ..Default::default() }).await.unwrap();
    assert!(!found.items.is_empty());
    assert_eq!(server.stopped().await.code(), Some(143));
    let sqlite = Sqlite::open(&db).unwrap();
    let check: String = sqlite.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let orphans: u32 = sqlite
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(orphans, 0);
}

async fn all(catalog: &okno_catalog::client::Connection) -> HashMap<String, Item> {
    let mut request = ListProductsRequest { page_size: 1_000, ..Default::default() };
    let mut items = HashMap::new();
    loop {
        let page = catalog.list(request.clone()).await.unwrap();
        for item in page.items {
            items.insert(item.product.as_ref().unwrap().id.clone(), item);
        }
        if page.next_page_token.is_empty() {
            return items;
        }
        request.page_token = page.next_page_token;
    }
}

#[tokio::test]
async fn data_survives_an_orderly_restart() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let id = server.connect().await.add(product("kept", 0.1)).await.unwrap();
    assert_eq!(server.stopped().await.code(), Some(143));
    // One file that can be copied as it is: the log was brought into it.
    assert!(!db.with_extension("db-wal").exists());
    let server = Server::start(&db);
    let catalog = server.connect().await;
    assert_eq!(catalog.get(id).await.unwrap().price.to_bits(), 0.1_f32.to_bits());
    server.signal("-INT");
}
