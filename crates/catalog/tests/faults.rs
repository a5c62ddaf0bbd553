//! A database that is locked, full, read-only or damaged, and a deadline that passes: the right
//! status, words that say what to do, and nothing half-written.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::Duration;

use okno_catalog::client::{Connection, Target};
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::ListProductsRequest;
use rusqlite::Connection as Sqlite;
use support::{Server, cli, database, product, program, stderr};
use tonic::Code;

async fn names(catalog: &Connection) -> Vec<String> {
    let request = ListProductsRequest { page_size: 1_000, ..ListProductsRequest::default() };
    let page = catalog.list(request).await.unwrap();
    page.items.into_iter().filter_map(|item| Some(item.product?.name)).collect()
}

/// Holds the lock that keeps everybody else from writing.
fn lock(db: &Path) -> Sqlite {
    let other = Sqlite::open(db).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

#[tokio::test]
async fn a_locked_database_can_be_read_and_says_why_it_is_not_written() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let id = catalog.add(product("before", 1.0)).await.unwrap();
    let other = lock(&db);
    let status = catalog.add(product("locked out", 1.0)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.message().contains("locked by another program"), "{status}");
    assert!(status.message().contains(db.to_str().unwrap()), "{status}");
    assert_eq!(catalog.get(id).await.unwrap().name, "before");
    drop(other);
    catalog.add(product("after", 1.0)).await.unwrap();
    assert_eq!(names(&catalog).await, ["before", "after"]);
}

#[tokio::test]
async fn what_missed_its_deadline_is_not_done_later() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let target = Target { timeout: Duration::from_millis(150), ..Target::new(server.url()) };
    let hasty = Connection::open(&target).await.unwrap();
    let patient = server.connect().await;
    let other = lock(&db);
    // The first keeps the writer busy waiting for the lock; the others wait behind it.
    let first = tokio::spawn({
        let patient = patient.clone();
        async move { patient.add(product("first", 1.0)).await }
    });
    let late = hasty.add(product("late", 1.0)).await.unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded, "{late}");
    drop(other);
    let _ = first.await.unwrap();
    patient.add(product("last", 1.0)).await.unwrap();
    assert!(!names(&patient).await.contains(&"late".to_owned()));
}

#[tokio::test]
async fn a_full_database_takes_nothing_by_halves_and_goes_on_once_there_is_room() {
    let (_folder, db) = database();
    let server = Server::start_with(&db, &["--max-size", "1"], |_| {});
    let catalog = server.connect().await;
    let large = |name: String| Product { description: "x".repeat(4_000), ..product(&name, 1.0) };
    let mut added = Vec::new();
    let status = loop {
        match catalog.add(large(format!("n{}", added.len()))).await {
            Ok(id) => added.push(id),
            Err(status) => break status,
        }
        assert!(added.len() < 1_000, "a database of 1 MiB holds 4 MB");
    };
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(status.message().contains("is full"), "{status}");
    assert!(status.message().contains("--max-size"), "{status}");
    assert_eq!(names(&catalog).await.len(), added.len());
    for id in &added {
        catalog.get(id.clone()).await.unwrap();
    }
    drop(server);
    let server = Server::start_with(&db, &["--max-size", "2"], |_| {});
    let catalog = server.connect().await;
    assert_eq!(names(&catalog).await.len(), added.len());
    catalog.add(large("more".to_owned())).await.unwrap();
}

/// A stopped server's database, with one product.
async fn filled(db: &Path) -> String {
    let server = Server::start(db);
    let id = server.connect().await.add(product("kept", 1.0)).await.unwrap();
    assert_eq!(server.stopped().await.code(), Some(143));
    id
}

#[tokio::test]
async fn a_read_only_database_is_served_but_not_changed() {
    let (folder, db) = database();
    let id = filled(&db).await;
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&db, 0o444);
    mode(folder.path(), 0o555);
    let server = Server::start_with(&db, &[], |command| {
        // Root may write whatever the permissions say; nobody may not.
        if rustix::process::geteuid().is_root() {
            command.uid(65_534).gid(65_534);
        }
    });
    assert!(server.first_line.contains("read-only"), "{}", server.first_line);
    let catalog = server.connect().await;
    assert_eq!(catalog.get(id.clone()).await.unwrap().name, "kept");
    for status in [
        catalog.add(product("a", 1.0)).await.unwrap_err(),
        catalog.delete(id.clone()).await.unwrap_err(),
    ] {
        assert_eq!(status.code(), Code::FailedPrecondition, "{status}");
        assert!(status.message().contains("is read-only"), "{status}");
    }
    assert_eq!(names(&catalog).await, ["kept"]);
    drop(server);
    mode(folder.path(), 0o755);
}

#[tokio::test]
async fn a_damaged_page_is_data_loss_and_the_server_lives_on() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let batch = |n: usize| {
        let new = okno_catalog::proto::okno::v1::NewProduct {
            product: Some(Product { description: "x".repeat(500), ..product("a", 1.0) }),
            streams: Vec::new(),
        };
        vec![new; n]
    };
    let first = catalog.add(product("first", 1.0)).await.unwrap();
    for _ in 0..4 {
        catalog.add_all(batch(500), false).await.unwrap();
    }
    assert_eq!(server.stopped().await.code(), Some(143));
    // Some of the table's pages; the first ones hold the schema and the first product.
    let leaf: u32 = Sqlite::open(&db)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'product_price'", [], |row| {
            row.get(0)
        })
        .unwrap();
    let mut file = std::fs::File::options().write(true).open(&db).unwrap();
    file.seek(SeekFrom::Start(u64::from(leaf - 1) * 4_096)).unwrap();
    file.write_all(&[0xA5; 4_096]).unwrap();
    drop(file);
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let status = catalog.add(product("a", 1.0)).await.unwrap_err();
    assert_eq!(status.code(), Code::DataLoss, "{status}");
    assert!(status.message().contains("is damaged"), "{status}");
    assert!(status.message().contains("backup"), "{status}");
    let by_price = ListProductsRequest { order: 3, ..ListProductsRequest::default() };
    assert_eq!(catalog.list(by_price).await.unwrap_err().code(), Code::DataLoss);
    // What does not need the damaged page still works.
    assert_eq!(catalog.get(first).await.unwrap().name, "first");
}

#[test]
fn a_file_that_is_no_catalogue_is_refused_and_not_touched() {
    let (folder, db) = database();
    std::fs::write(&db, "this is no database, but somebody may need it").unwrap();
    let output = program().args(["serve", "--listen", "127.0.0.1:0", "--db"]).arg(&db).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("is damaged"), "{}", stderr(&output));
    assert!(std::fs::read_to_string(&db).unwrap().starts_with("this is no database"));

    let foreign = folder.path().join("foreign.db");
    Sqlite::open(&foreign).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let output =
        program().args(["serve", "--listen", "127.0.0.1:0", "--db"]).arg(&foreign).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("another program"), "{}", stderr(&output));

    let newer = folder.path().join("newer.db");
    let server = Server::start(&newer);
    let second = program().args(["serve", "--listen", "127.0.0.1:0", "--db"]).arg(&newer).output();
    let second = second.unwrap();
    assert_eq!(second.status.code(), Some(3));
    let complaint = format!("served already by process {}", server.id());
    assert!(stderr(&second).contains(&complaint), "{}", stderr(&second));
    assert_eq!(server.stop().code(), Some(143));
    Sqlite::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let output = program().args(["serve", "--listen", "127.0.0.1:0", "--db"]).arg(&newer).output();
    assert!(stderr(&output.unwrap()).contains("newer okno-catalog"));
}

#[tokio::test]
async fn changes_by_another_tool_are_noticed() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    catalog.add(product("ours", 1.0)).await.unwrap();
    let other = Sqlite::open(&db).unwrap();
    other
        .execute("INSERT INTO product VALUES (2, 'x', 'theirs', 'theirs', '', 1.0, 0, 0, 2)", [])
        .unwrap();
    // Their row number must not stand in the way of our next product.
    catalog.add(product("ours too", 1.0)).await.unwrap();
    assert_eq!(names(&catalog).await, ["ours", "theirs", "ours too"]);
    let output = cli(&server, &["search", "theirs"]);
    assert!(output.status.success() && !output.stdout.is_empty(), "{}", stderr(&output));
}
