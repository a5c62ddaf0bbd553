//! `okno-catalog serve` and `okno-catalog keys`.

use std::io::Write;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;

use okno_catalog::keys;
use okno_catalog::server::{Config, ServeError, Server, TlsFiles, guard};
use okno_catalog::store::{Settings, Store};
use tokio::signal::unix::{SignalKind, signal};

use super::args::{Keys, Serve};
use super::failure::{DATABASE, FAILED, Failure, USAGE};

/// Exit codes of a clean stop, by the shell's convention.
const SIGINT: u8 = 130;
const SIGTERM: u8 = 143;

/// Serves until a signal; the answer is the exit code.
pub fn serve(args: &Serve, json: bool) -> Result<u8, Failure> {
    let listen = resolve(&args.listen)?;
    let token = args.token_file.as_deref().map(guard::read_token).transpose();
    let token = token.map_err(|error| Failure::new(USAGE, "USAGE", error))?;
    // Before the database is touched: a refusal leaves no trace.
    guard::check_exposure(listen, args.tls_cert.is_some(), token.is_some())
        .map_err(|error| Failure::new(USAGE, "USAGE", error))?;
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    let tls = tls.map(|(cert, key)| TlsFiles { cert, key });
    let settings = Settings {
        file: args.db.clone().map_or_else(default_db, Ok)?,
        durability: args.durability.into(),
        max_bytes: args.max_size << 20,
    };
    let store = Store::open(&settings).map_err(|e| Failure::new(DATABASE, "DATABASE", e))?;
    let store = Arc::new(store);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(run(Config { listen, tls, token }, Arc::clone(&store), json));
    // First the calls, which hold the store, then the store, which waits for its threads.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    drop(store);
    served
}

async fn run(config: Config, store: Arc<Store>, json: bool) -> Result<u8, Failure> {
    let secure = config.tls.is_some();
    let server = Server::bind(&config).await.map_err(failure)?;
    announce(&server, &store, secure, json)?;
    let mut exit = Ok(0);
    let stop = async {
        exit = stopped().await;
        log::info!("stopping");
    };
    server.run(store, stop).await.map_err(failure)?;
    exit
}

/// Waits for SIGINT or SIGTERM; the answer is the exit code.
pub async fn stopped() -> Result<u8, Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(tokio::select! {
        _ = interrupt.recv() => SIGINT,
        _ = terminate.recv() => SIGTERM,
    })
}

/// The first line on standard output says where, so that a script that asked for port 0 knows.
fn announce(server: &Server, store: &Store, secure: bool, json: bool) -> Result<(), Failure> {
    let scheme = if secure { "https" } else { "http" };
    let url = format!("{scheme}://{}", server.local_addr());
    let (db, products, read_only) =
        (store.file().display().to_string(), store.total(), store.is_read_only());
    let line = if json {
        serde_json::json!({
            "listening": url, "db": db, "products": products, "read_only": read_only,
        })
        .to_string()
    } else {
        let note = if read_only { ", read-only: changes are refused" } else { "" };
        format!("listening on {url}, {products} products in {db}{note}")
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

fn failure(error: ServeError) -> Failure {
    match error {
        ServeError::Unsafe(_) => Failure::new(USAGE, "USAGE", error),
        _ => Failure::new(FAILED, "SERVE", error),
    }
}

fn resolve(text: &str) -> Result<SocketAddr, Failure> {
    let wrong = |why: String| {
        let message = format!(
            "{text:?} is no address to listen on ({why}): give one such as 127.0.0.1:50051"
        );
        Failure::new(USAGE, "USAGE", message)
    };
    let mut all = text.to_socket_addrs().map_err(|error| wrong(error.to_string()))?;
    all.next().ok_or_else(|| wrong("the name has no address".to_owned()))
}

/// `okno/catalog.db` in the user's data folder, by the XDG base directory specification.
fn default_db() -> Result<PathBuf, Failure> {
    let absolute =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let data = absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local").join("share")));
    let missing = "neither XDG_DATA_HOME nor HOME names a folder: name the database with --db FILE";
    let data = data.ok_or_else(|| Failure::new(USAGE, "USAGE", missing))?;
    Ok(data.join("okno").join("catalog.db"))
}

/// Makes certificate, key and token, and says how to use them.
pub fn make_keys(args: &Keys, json: bool) -> Result<u8, Failure> {
    let files = keys::make(&args.out, &args.host).map_err(|e| Failure::new(FAILED, "KEYS", e))?;
    let [cert, key, token] =
        [&files.cert, &files.key, &files.token].map(|p| p.display().to_string());
    let mut out = std::io::stdout().lock();
    if json {
        let line = serde_json::json!({"cert": cert, "key": key, "token": token});
        writeln!(out, "{line}")?;
    } else {
        writeln!(
            out,
            "serve:  okno-catalog serve --listen 0.0.0.0:50051 --tls-cert {cert} --tls-key {key} \
             --token-file {token}\n\
             client: okno-catalog list --server https://{}:50051 --ca {cert} --token-file {token}\n\
             Give clients {cert} and {token}; keep {key} on the server.",
            args.host.first().map_or("localhost", String::as_str),
        )?;
    }
    Ok(0)
}
