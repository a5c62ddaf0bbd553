//! A product catalogue: the original `ecommerce.ProductInfo` gRPC service on an embedded
//! database, with lists, search, changes as they happen and products pinned to streams, and the
//! client for all of it.
//!
//! In: gRPC calls from any client that was generated from the original file or from
//! `proto/okno/v1/catalog.proto`. Out: products, and every change to whoever watches. The server
//! is [`server`], the database [`store`], what an app or a command line uses is [`client`].
//!
//! Never: loses a change that it has answered, blocks the async runtime on the database, listens
//! beyond this machine without TLS and a token. Described in `docs/catalog.md`.

pub mod check;
pub mod client;
#[cfg(feature = "server")]
pub mod keys;
pub mod limits;
pub mod price;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod store;

/// Generated message types and gRPC stubs of `proto/`.
pub mod proto {
    /// The original service (`proto/ecommerce/product_info.proto`).
    #[allow(missing_docs, clippy::all, clippy::pedantic)]
    pub mod ecommerce {
        tonic::include_proto!("ecommerce");
    }
    /// Okno's own messages.
    pub mod okno {
        /// What the original lacks (`proto/okno/v1/catalog.proto`).
        #[allow(missing_docs, clippy::all, clippy::pedantic)]
        pub mod v1 {
            tonic::include_proto!("okno.v1");
        }
    }
    /// Descriptors of both files, for the reflection service.
    pub const DESCRIPTORS: &[u8] =
        include_bytes!(concat!(env!("OUT_DIR"), "/catalog_descriptors.bin"));
}
