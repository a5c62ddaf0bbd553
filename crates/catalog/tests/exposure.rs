//! Listening beyond this machine, TLS, the token, and connections that say nothing.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use okno_catalog::proto::okno::v1::ListProductsRequest;
use support::{Server, cli, database, program, stderr, stdout};

#[test]
fn it_refuses_to_be_open_to_the_network_and_names_the_way_out() {
    let (folder, db) = database();
    let keys = program().arg("keys").arg("--out").arg(folder.path()).output().unwrap();
    assert!(keys.status.success(), "{}", stderr(&keys));
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key, token) = (file("cert.pem"), file("key.pem"), file("token"));
    let tls = ["--tls-cert", &cert, "--tls-key", &key];
    for (args, missing) in [
        (&[][..], "TLS and a token"),
        (&["--token-file", &token], "needs TLS"),
        (&tls, "needs a token"),
    ] {
        let refused = program()
            .args(["serve", "--listen", "0.0.0.0:0", "--db"])
            .arg(&db)
            .args(args)
            .output()
            .unwrap();
        assert_eq!(refused.status.code(), Some(2));
        let why = stderr(&refused);
        assert!(why.contains(missing) && why.contains("okno-catalog keys"), "{why}");
        assert!(!db.exists(), "a refusal leaves no trace");
    }
}

#[test]
fn with_tls_and_a_token_it_serves_those_who_have_both() {
    let (folder, db) = database();
    let keys = folder.path().join("keys");
    let made = program().arg("keys").arg("--out").arg(&keys).output().unwrap();
    assert!(made.status.success(), "{}", stderr(&made));
    let file = |name: &str| keys.join(name).to_str().unwrap().to_owned();
    let (cert, key, token) = (file("cert.pem"), file("key.pem"), file("token"));
    let again = program().arg("keys").arg("--out").arg(&keys).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "it must not overwrite a key");

    let args = ["--listen", "0.0.0.0:0", "--tls-cert", &cert, "--tls-key", &key];
    let server = Server::start_with(&db, &[&args[..], &["--token-file", &token]].concat(), |_| {});
    let url = format!("https://localhost:{}", server.address.port());
    let add = |args: &[&str]| {
        let common = ["add", "Cup", "--price", "1", "--json"];
        program().args(common).args(args).output().unwrap()
    };
    let fine = add(&["--server", &url, "--ca", &cert, "--token-file", &token]);
    assert!(fine.status.success(), "{}", stderr(&fine));
    assert!(stdout(&fine).contains("id"));

    let without_token = add(&["--server", &url, "--ca", &cert]);
    assert_eq!(without_token.status.code(), Some(1));
    assert!(stderr(&without_token).contains("UNAUTHENTICATED"), "{}", stderr(&without_token));
    let wrong = folder.path().join("wrong");
    std::fs::write(&wrong, "0123456789abcdef0123456789abcdef").unwrap();
    let wrong = add(&["--server", &url, "--ca", &cert, "--token-file", wrong.to_str().unwrap()]);
    assert!(stderr(&wrong).contains("UNAUTHENTICATED"), "{}", stderr(&wrong));
    let without_trust = add(&["--server", &url, "--token-file", &token]);
    assert_eq!(without_trust.status.code(), Some(4), "{}", stderr(&without_trust));
    let plain = format!("http://localhost:{}", server.address.port());
    // Without TLS there is a connection, but it comes to nothing.
    assert_eq!(add(&["--server", &plain]).status.code(), Some(5));
    let in_clear = add(&["--server", "http://192.0.2.1:50051", "--token-file", &token]);
    assert_eq!(in_clear.status.code(), Some(2));
    assert!(stderr(&in_clear).contains("in clear"), "{}", stderr(&in_clear));
}

#[tokio::test]
async fn garbage_and_silence_on_a_connection_harm_nobody_else() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let silent: Vec<_> = (0..50).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    let mut rude = TcpStream::connect(server.address).unwrap();
    rude.set_read_timeout(Some(support::PATIENCE)).unwrap();
    rude.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n more than twenty-four bytes").unwrap();
    let mut answer = Vec::new();
    // Closed, with or without a word about HTTP/2.
    let _ = rude.read_to_end(&mut answer);
    let catalog = server.connect().await;
    catalog.list(ListProductsRequest::default()).await.unwrap();
    drop(silent);
}

#[tokio::test]
async fn a_request_over_the_limit_is_refused_before_it_is_read() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let huge = okno_catalog::proto::ecommerce::Product {
        description: "x".repeat(8 << 20),
        ..support::product("a", 1.0)
    };
    let status = catalog.add(huge).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::OutOfRange, "{status}");
    catalog.list(ListProductsRequest::default()).await.unwrap();
}

#[tokio::test]
async fn health_and_reflection_answer() {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;

    let (_folder, db) = database();
    let server = Server::start(&db);
    let endpoint = tonic::transport::Endpoint::from_shared(server.url()).unwrap();
    let channel = endpoint.connect().await.unwrap();
    let mut health = HealthClient::new(channel.clone());
    for service in ["", "ecommerce.ProductInfo", "okno.v1.Catalog"] {
        let request = HealthCheckRequest { service: service.to_owned() };
        assert_eq!(health.check(request).await.unwrap().into_inner().status, 1);
    }
    let mut reflection = ServerReflectionClient::new(channel);
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = reflection.server_reflection_info(tokio_stream::once(request)).await.unwrap();
    let answer = answers.into_inner().message().await.unwrap().unwrap();
    let text = format!("{answer:?}");
    for service in ["ecommerce.ProductInfo", "okno.v1.Catalog", "grpc.health.v1.Health"] {
        assert!(text.contains(service), "{text}");
    }
}

#[test]
fn the_original_clients_port_is_the_default_and_errors_name_the_next_step() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let nobody = program().args(["list", "--server", "http://127.0.0.1:1"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(4));
    assert!(stderr(&nobody).contains("okno-catalog serve"), "{}", stderr(&nobody));
    let help = program().args(["serve", "--help"]).output().unwrap();
    assert!(stdout(&help).contains("127.0.0.1:50051"));
    let missing = cli(&server, &["get", "nobody", "--json"]);
    assert_eq!(missing.status.code(), Some(1));
    let error: serde_json::Value = serde_json::from_str(&stderr(&missing)).unwrap();
    assert_eq!(error["error"]["code"], "NOT_FOUND");
    let slow = cli(&server, &["list", "--timeout", "0"]);
    assert_eq!(slow.status.code(), Some(2));
}

#[test]
fn the_database_lies_in_the_users_data_folder() {
    let (folder, _db) = database();
    let data = folder.path().join("data with space");
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("XDG_DATA_HOME", &data);
    let mut child = support::Running(command.stdout(std::process::Stdio::piped()).spawn().unwrap());
    let line = child.lines().next().unwrap();
    assert!(line.contains("data with space/okno/catalog.db"), "{line}");
    assert!(data.join("okno/catalog.db").exists());
}
