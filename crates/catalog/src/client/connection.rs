//! One connection to a catalogue.
//!
//! In: a [`Target`]. Out: a method for every call of both services. Every call has a deadline, so
//! that a server that hangs is noticed.

use std::path::PathBuf;
use std::time::Duration;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Request, Response, Status, Streaming, TimeoutExpired};

use crate::limits::MAX_REQUEST_BYTES;
use crate::proto::ecommerce::product_info_client::ProductInfoClient;
use crate::proto::ecommerce::{Product, ProductId};
use crate::proto::okno::v1::catalog_client::CatalogClient;
use crate::proto::okno::v1::{
    AddProductsRequest, Change, Item, ListProductsRequest, ListProductsResponse, NewProduct,
    PinRequest, SearchProductsRequest, UpdateProductRequest, WatchProductsRequest,
};

/// How long reaching the server may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// A server that does not answer a ping for this long is gone.
const PING_EVERY: Duration = Duration::from_secs(10);
/// See [`PING_EVERY`].
const PONG_WITHIN: Duration = Duration::from_secs(5);

/// Where a catalogue is.
#[derive(Clone, Debug)]
pub struct Target {
    /// `http://HOST:PORT` or `https://HOST:PORT`; without a scheme, `http` is meant.
    pub server: String,
    /// PEM file of the certificate to trust, besides those that the system trusts.
    pub ca: Option<PathBuf>,
    /// The server's token.
    pub token: Option<String>,
    /// How long a call may take.
    pub timeout: Duration,
}

impl Target {
    /// The catalogue at this address, without TLS and token.
    #[must_use]
    pub fn new(server: impl Into<String>) -> Self {
        Self { server: server.into(), ca: None, token: None, timeout: Duration::from_secs(10) }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address makes no sense.
    #[error("{0:?} is no address of a catalogue: give http://HOST:PORT or https://HOST:PORT")]
    Address(String),
    /// The CA file can't be read.
    #[error("{}: {}", .0.display(), .1)]
    Ca(PathBuf, std::io::Error),
    /// The token can't be sent.
    #[error("the token contains characters that can't be sent: use letters, digits and signs")]
    Token,
    /// A token would be sent in clear to another machine.
    #[error("the token would cross the network in clear: use https:// in the server's address")]
    TokenInClear,
    /// Nobody there, or not a catalogue.
    #[error("no catalogue answers at {server}: {reason}. Is `okno-catalog serve` running there?")]
    Unreachable {
        /// Where.
        server: String,
        /// What the network says.
        reason: String,
    },
}

/// Puts the token into every call.
#[derive(Clone, Debug)]
struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request.metadata_mut().insert("authorization", token.clone());
        }
        Ok(request)
    }
}

type Service = InterceptedService<Channel, Bearer>;

/// A connection to a catalogue. Clones share it.
#[derive(Clone, Debug)]
pub struct Connection {
    products: ProductInfoClient<Service>,
    catalog: CatalogClient<Service>,
    timeout: Duration,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// The target makes no sense, or nobody answers there.
    pub async fn open(target: &Target) -> Result<Self, ConnectError> {
        let (endpoint, bearer) = prepare(target)?;
        let unreachable = |error: tonic::transport::Error| ConnectError::Unreachable {
            server: target.server.clone(),
            reason: deepest(&error),
        };
        let channel = endpoint.connect().await.map_err(unreachable)?;
        let service = InterceptedService::new(channel, bearer);
        let products = ProductInfoClient::new(service.clone());
        let catalog = CatalogClient::new(service).max_encoding_message_size(MAX_REQUEST_BYTES);
        Ok(Self { products, catalog, timeout: target.timeout })
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.timeout);
        request
    }

    /// Waits for an answer. The library calls its own clock's end CANCELLED; that is for people
    /// and programs who cancelled something.
    async fn answer<T>(
        &self,
        call: impl Future<Output = Result<Response<T>, Status>>,
    ) -> Result<T, Status> {
        call.await.map(Response::into_inner).map_err(|status| {
            if !is_timeout(&status) {
                return status;
            }
            Status::deadline_exceeded(format!(
                "the catalogue did not answer within {} s: try again with more time; if the call \
                 changes something, look first whether it did",
                self.timeout.as_secs_f32()
            ))
        })
    }

    /// Adds a product; the answer is its id.
    ///
    /// # Errors
    /// What the server says, or UNAVAILABLE if it is gone.
    pub async fn add(&self, product: Product) -> Result<String, Status> {
        Ok(self.answer(self.products.clone().add_product(self.request(product))).await?.value)
    }

    /// Adds several, all or none.
    ///
    /// # Errors
    /// What the server says.
    pub async fn add_all(
        &self,
        products: Vec<NewProduct>,
        keep_ids: bool,
    ) -> Result<Vec<Item>, Status> {
        let request = self.request(AddProductsRequest { products, keep_ids });
        Ok(self.answer(self.catalog.clone().add_products(request)).await?.items)
    }

    /// The product with this id.
    ///
    /// # Errors
    /// NOT_FOUND, or what else the server says.
    pub async fn get(&self, id: String) -> Result<Product, Status> {
        let request = self.request(ProductId { value: id });
        self.answer(self.products.clone().get_product(request)).await
    }

    /// Deletes a product and returns it.
    ///
    /// # Errors
    /// NOT_FOUND, or what else the server says.
    pub async fn delete(&self, id: String) -> Result<Product, Status> {
        let request = self.request(ProductId { value: id });
        self.answer(self.products.clone().del_product(request)).await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// NOT_FOUND if it is too long ago, or what else the server says.
    pub async fn restore(&self, id: String) -> Result<Item, Status> {
        let request = self.request(ProductId { value: id });
        self.answer(self.catalog.clone().restore_product(request)).await
    }

    /// Changes some fields.
    ///
    /// # Errors
    /// ABORTED if the product is at another revision, or what else the server says.
    pub async fn update(&self, update: UpdateProductRequest) -> Result<Item, Status> {
        self.answer(self.catalog.clone().update_product(self.request(update))).await
    }

    /// Pins a product to a stream.
    ///
    /// # Errors
    /// What the server says.
    pub async fn pin(&self, id: String, stream: String) -> Result<Item, Status> {
        let request = self.request(PinRequest { id, stream });
        self.answer(self.catalog.clone().pin_product(request)).await
    }

    /// Takes it away from the stream.
    ///
    /// # Errors
    /// NOT_FOUND if it is not pinned there, or what else the server says.
    pub async fn unpin(&self, id: String, stream: String) -> Result<Item, Status> {
        let request = self.request(PinRequest { id, stream });
        self.answer(self.catalog.clone().unpin_product(request)).await
    }

    /// A page of the list.
    ///
    /// # Errors
    /// What the server says.
    pub async fn list(&self, request: ListProductsRequest) -> Result<ListProductsResponse, Status> {
        self.answer(self.catalog.clone().list_products(self.request(request))).await
    }

    /// A page of a search.
    ///
    /// # Errors
    /// What the server says.
    pub async fn search(
        &self,
        request: SearchProductsRequest,
    ) -> Result<ListProductsResponse, Status> {
        self.answer(self.catalog.clone().search_products(self.request(request))).await
    }

    /// Every change from now on; the first message says that the watch has begun.
    ///
    /// # Errors
    /// What the server says.
    pub async fn watch(&self) -> Result<Streaming<Change>, Status> {
        // No deadline: a watch is meant to last. Pings notice a server that is gone.
        let request = Request::new(WatchProductsRequest {});
        self.answer(self.catalog.clone().watch_products(request)).await
    }
}

fn prepare(target: &Target) -> Result<(Endpoint, Bearer), ConnectError> {
    let server = if target.server.contains("://") {
        target.server.clone()
    } else {
        format!("http://{}", target.server)
    };
    let address = || ConnectError::Address(target.server.clone());
    let mut endpoint = Endpoint::from_shared(server)
        .map_err(|_| address())?
        .connect_timeout(CONNECT_WITHIN)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PONG_WITHIN)
        .keep_alive_while_idle(true);
    let secure = match endpoint.uri().scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(address()),
    };
    if endpoint.uri().port_u16().is_none() {
        return Err(address());
    }
    if secure {
        let mut tls = ClientTlsConfig::new().with_native_roots();
        if let Some(ca) = &target.ca {
            let pem = std::fs::read(ca).map_err(|error| ConnectError::Ca(ca.clone(), error))?;
            tls = tls.ca_certificate(Certificate::from_pem(pem));
        }
        endpoint = endpoint.tls_config(tls).map_err(|_| address())?;
    }
    let bearer = match &target.token {
        Some(_) if !secure && !is_local(endpoint.uri().host()) => {
            return Err(ConnectError::TokenInClear);
        }
        Some(token) => {
            let mut value: MetadataValue<Ascii> =
                format!("Bearer {token}").parse().map_err(|_| ConnectError::Token)?;
            value.set_sensitive(true);
            Some(value)
        }
        None => None,
    };
    Ok((endpoint, Bearer(bearer)))
}

fn is_timeout(status: &Status) -> bool {
    let mut source = std::error::Error::source(status);
    while let Some(error) = source {
        if error.is::<TimeoutExpired>() {
            return true;
        }
        source = error.source();
    }
    false
}

fn is_local(host: Option<&str>) -> bool {
    let Some(host) = host else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The cause at the bottom: "connection refused" says more than "transport error".
fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
