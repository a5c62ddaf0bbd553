//! Import and export: what was written is read again, and a file with a fault adds nothing.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::path::Path;

use okno_catalog::limits::MAX_BATCH;
use support::{Server, cli, database, stderr, stdout};

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

#[test]
fn what_is_exported_is_imported_the_same() {
    for format in ["csv", "json"] {
        let (folder, db) = database();
        let server = Server::start(&db);
        for (name, price, description) in [
            ("Cup, \"blue\"", "0.1", "two\nlines"),
            ("=1+2", "1234567.8", ""),
            ("Чашка", "0.125", "ё; й"),
        ] {
            let added = cli(&server, &["add", name, "--price", price, "-d", description]);
            assert!(added.status.success(), "{}", stderr(&added));
            let id = stdout(&added).trim().to_owned();
            assert!(cli(&server, &["pin", &id, "camera; 1"]).status.success());
            assert!(cli(&server, &["pin", &id, &format!("of {name}")]).status.success());
        }
        let file = folder.path().join(format!("all.{format}"));
        let exported = cli(&server, &["export", path(&file)]);
        assert!(exported.status.success(), "{}", stderr(&exported));
        let before = stdout(&cli(&server, &["list"]));
        assert!(before.contains("0.10"), "{before}");

        // Into another catalogue, ids and pins included.
        let (_folder, db) = database();
        let other = Server::start(&db);
        let imported = cli(&other, &["import", path(&file), "--keep-ids"]);
        assert!(imported.status.success(), "{}", stderr(&imported));
        assert_eq!(stdout(&cli(&other, &["list"])), before);
        // A second time the ids are taken, and nothing is added.
        let again = cli(&other, &["import", path(&file), "--keep-ids"]);
        assert_eq!(again.status.code(), Some(1));
        assert_eq!(stdout(&cli(&other, &["list"])), before);
        // With new ids they are other products.
        assert!(cli(&other, &["import", path(&file)]).status.success());
        assert_eq!(stdout(&cli(&other, &["list"])).lines().count(), 6);
    }
}

#[test]
fn a_file_with_a_fault_adds_nothing_and_the_fault_is_named() {
    let (folder, db) = database();
    let server = Server::start(&db);
    let file = folder.path().join("file");
    for (format, text, fault) in [
        ("csv", "name,price\nCup,1\nLamp,-2\n", "line 3: the price is negative"),
        ("csv", "name,price\nCup,1\nLamp,dear\n", "line 3: the price is not a number"),
        ("csv", "name,price\n,1\n", "line 2: the name is empty"),
        ("csv", "title,price\nCup,1\n", "no column \"name\""),
        ("csv", "name,price\nCup,1,2\n", "3 fields"),
        ("csv", "", "no column"),
        ("json", "[{\"name\":\"Cup\",\"price\":1},{\"name\":\"x\",\"price\":1e99}]", "product 2"),
        ("json", "[{\"name\":\"Cup\"}]", "price"),
        ("json", "{\"name\":\"Cup\"}", "expected an array"),
        ("json", "[{\"name\":\"Cup\",\"price\":1}", "EOF"),
    ] {
        std::fs::write(&file, text).unwrap();
        let output = cli(&server, &["import", path(&file), "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{text}");
        let complaint = stderr(&output);
        assert!(complaint.contains(fault), "{text:?}: {complaint}");
        assert!(complaint.contains("Nothing was added"), "{complaint}");
    }
    std::fs::write(&file, b"name,price\n\xFF,1\n").unwrap();
    assert_eq!(cli(&server, &["import", path(&file), "-f", "csv"]).status.code(), Some(1));
    assert!(cli(&server, &["list"]).stdout.is_empty());
    let unnamed = cli(&server, &["import", path(&file)]);
    assert_eq!(unnamed.status.code(), Some(2));
    assert!(stderr(&unnamed).contains("--format"));
}

#[test]
fn spreadsheets_and_more_than_one_batch_are_imported() {
    let (folder, db) = database();
    let server = Server::start(&db);
    let file = folder.path().join("many.csv");
    let count = MAX_BATCH * 2 + 7;
    // A byte order mark, CRLF, another order of columns, a comma in the price.
    let mut text = "\u{feff}price,name,note\r\n".to_owned();
    for number in 0..count {
        text.push_str(&format!("\"{number},50\",n{number},x\r\n"));
    }
    std::fs::write(&file, text).unwrap();
    let imported = cli(&server, &["import", path(&file), "--json"]);
    assert_eq!(stdout(&imported), format!("{{\"added\":{count}}}\n"), "{}", stderr(&imported));
    let listed = stdout(&cli(&server, &["list", "--order", "price", "--descending", "-l", "1"]));
    assert!(listed.contains(&format!("{}.50", count - 1)), "{listed}");
    let last = cli(&server, &["import", path(&file), "--skip", &(count - 1).to_string()]);
    assert!(stdout(&last).starts_with("1 products"), "{}", stdout(&last));
    assert_eq!(stdout(&cli(&server, &["list"])).lines().count(), count + 1);
}
