//! A real `okno-catalog serve` in a folder of its own, on a port of its own.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses a part; tests may panic")]

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use okno_catalog::client::{Connection, Target};
use okno_catalog::proto::ecommerce::Product;
use tempfile::TempDir;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The program under test.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okno-catalog"));
    // The tests must not depend on what the developer has set.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OKNO_CATALOG_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a client command against a server.
pub fn cli(server: &Server, args: &[&str]) -> Output {
    program().args(args).args(["--server", &server.url()]).output().unwrap()
}

/// What a command printed.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command complained about.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    pub first_line: String,
}

impl Server {
    /// Starts a server on a database.
    pub fn start(db: &Path) -> Self {
        Self::start_with(db, &[], |_| {})
    }

    /// Starts it with more arguments, on any free port unless they name one.
    pub fn start_with(db: &Path, args: &[&str], adjust: impl FnOnce(&mut Command)) -> Self {
        let mut command = program();
        command.arg("serve").arg("--db").arg(db).args(args);
        if !args.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.stdout(Stdio::piped());
        adjust(&mut command);
        let mut child = command.spawn().unwrap();
        let mut first_line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
        let address = first_line
            .split_once("://")
            .and_then(|(_, rest)| rest.split([',', '"', '\n']).next())
            .and_then(|address| address.parse().ok());
        let Some(address) = address else {
            panic!("no address in {first_line:?}; {:?}", child.wait());
        };
        Self { child, address, first_line }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, then waits for the end.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// SIGTERM, then the exit status.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("-TERM");
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// [`Self::stop`] while the test's own connections can still answer.
    pub async fn stopped(self) -> ExitStatus {
        tokio::task::spawn_blocking(move || self.stop()).await.unwrap()
    }

    pub async fn connect(&self) -> Connection {
        Connection::open(&Target::new(self.url())).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for a database, and the database's path in it.
pub fn database() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("catalog.db");
    (folder, db)
}

/// A product to add.
pub fn product(name: &str, price: f32) -> Product {
    Product { id: String::new(), name: name.to_owned(), description: String::new(), price }
}

/// A child process that is killed when dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// The lines of its standard output as they come.
    pub fn lines(&mut self) -> impl Iterator<Item = String> + use<> {
        BufReader::new(self.0.stdout.take().unwrap()).lines().map(|line| line.unwrap())
    }

    /// Everything on its standard error, once it has ended.
    pub fn complaint(&mut self) -> String {
        let mut text = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

/// Waits until something is so.
pub fn eventually(what: &str, mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
