//! The gRPC server: both services, health, reflection, TLS and token, and an orderly end.
//!
//! In: where to listen, a store, and word when to stop. Out: a running server. Stopping lets the
//! calls in progress finish, ends the watches, and takes at most [`GRACE`].

mod accept;
pub mod guard;
mod services;
mod status;
mod watching;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Identity, ServerTlsConfig};
use tonic_health::ServingStatus;

use crate::limits::{MAX_REQUEST_BYTES, MAX_STREAMS_PER_CONNECTION};
use crate::proto::DESCRIPTORS;
use crate::proto::ecommerce::product_info_server::ProductInfoServer;
use crate::proto::okno::v1::catalog_server::CatalogServer;
use crate::store::Store;
use guard::{Guard, Unsafe};
use services::Services;

pub use services::Services as CatalogServices;
pub use status::status;

/// How long calls in progress may take to finish once the server is to stop.
const GRACE: Duration = Duration::from_secs(3);

/// A peer that does not answer a ping of HTTP/2 is gone; its watch ends then.
const PING_EVERY: Duration = Duration::from_secs(20);
/// See [`PING_EVERY`].
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// The services that the health service speaks for; "" is the server as a whole.
const HEALTH_OF: [&str; 3] = ["", "ecommerce.ProductInfo", "okno.v1.Catalog"];

/// How to serve.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port; port 0 takes any free one.
    pub listen: SocketAddr,
    /// PEM files of the certificate and its key.
    pub tls: Option<TlsFiles>,
    /// What every call has to show.
    pub token: Option<String>,
}

/// PEM files for TLS.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, and those between it and the root.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why the server did not start or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Not safe like this.
    #[error(transparent)]
    Unsafe(#[from] Unsafe),
    /// The address can't be had.
    #[error("can't listen on {0}: {1}; name another address with --listen")]
    Bind(SocketAddr, std::io::Error),
    /// The certificate or the key is not usable.
    #[error("the TLS files are not usable: {0}; `okno-catalog keys` makes new ones")]
    Tls(String),
    /// The gRPC library gave up.
    #[error("the gRPC server failed: {0}")]
    Transport(String),
}

/// A server that has its port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    local: SocketAddr,
    tls: Option<ServerTlsConfig>,
    guard: Guard,
}

impl Server {
    /// Checks the configuration and takes the port.
    ///
    /// # Errors
    /// The configuration is unsafe, a file can't be read, or the port is taken.
    pub async fn bind(config: &Config) -> Result<Self, ServeError> {
        guard::check_exposure(config.listen, config.tls.is_some(), config.token.is_some())?;
        let tls = match &config.tls {
            Some(files) => {
                let identity = Identity::from_pem(read(&files.cert)?, read(&files.key)?);
                Some(ServerTlsConfig::new().identity(identity))
            }
            None => None,
        };
        let bind = |error| ServeError::Bind(config.listen, error);
        let listener = TcpListener::bind(config.listen).await.map_err(bind)?;
        let local = listener.local_addr().map_err(bind)?;
        Ok(Self { listener, local, tls, guard: Guard::new(config.token.as_deref()) })
    }

    /// The address that clients reach it at.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Serves until `stop` is done.
    ///
    /// # Errors
    /// The TLS files are not usable or the gRPC library gave up.
    pub async fn run(
        self,
        store: Arc<Store>,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        let (stopping_now, stopping) = watch::channel(false);
        let services = Services::new(store, stopping.clone());
        let (health, health_service) = tonic_health::server::health_reporter();
        for name in HEALTH_OF {
            health.set_service_status(name, ServingStatus::Serving).await;
        }
        let mut server = tonic::transport::Server::builder()
            .max_concurrent_streams(MAX_STREAMS_PER_CONNECTION)
            .http2_keepalive_interval(Some(PING_EVERY))
            .http2_keepalive_timeout(Some(PONG_WITHIN));
        if let Some(tls) = self.tls {
            server = server.tls_config(tls).map_err(|error| ServeError::Tls(chain(&error)))?;
        }
        let products =
            ProductInfoServer::new(services.clone()).max_decoding_message_size(MAX_REQUEST_BYTES);
        let catalog = CatalogServer::new(services).max_decoding_message_size(MAX_REQUEST_BYTES);
        let described = |error| ServeError::Transport(chain(&error));
        let reflection_v1 = reflection().build_v1().map_err(described)?;
        // What older tools, Python's among them, still ask for.
        let reflection_alpha = reflection().build_v1alpha().map_err(described)?;
        let router = server
            // Open to all, as whoever watches over a service has no token; it says one word.
            .add_service(health_service)
            .add_service(InterceptedService::new(products, self.guard.clone()))
            .add_service(InterceptedService::new(catalog, self.guard.clone()))
            .add_service(InterceptedService::new(reflection_v1, self.guard.clone()))
            .add_service(InterceptedService::new(reflection_alpha, self.guard));
        let mut graceful = stopping.clone();
        let serving = router.serve_with_incoming_shutdown(accept::accept(self.listener), async {
            let _ = graceful.wait_for(|&stopping| stopping).await;
        });
        tokio::pin!(serving);
        tokio::select! {
            ended = &mut serving => return ended.map_err(|e| ServeError::Transport(chain(&e))),
            () = stop => {}
        }
        for name in HEALTH_OF {
            health.set_service_status(name, ServingStatus::NotServing).await;
        }
        let _ = stopping_now.send(true);
        match tokio::time::timeout(GRACE, serving).await {
            Ok(ended) => ended.map_err(|error| ServeError::Transport(chain(&error))),
            Err(_) => {
                log::info!("some connections were still open after {} s", GRACE.as_secs());
                Ok(())
            }
        }
    }
}

/// What gRPC tools ask for the services' descriptions.
fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

fn read(file: &Path) -> Result<Vec<u8>, Unsafe> {
    std::fs::read(file).map_err(|error| Unsafe::File(file.to_owned(), error))
}

/// An error and what caused it: the library's own errors say little by themselves.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
