//! The relay: joins two callers and forwards what they send, without looking inside.
//!
//! In: TCP connections, of Okno's call protocol (`docs/call-protocol.md`) or of the original
//! call programs. Out: each caller's packets to the other one. A slow receiver loses video whole
//! frames at a time and old sound; it never delays the other direction or other calls. What is
//! forwarded is sealed by the callers; the relay has no key for it and needs none.
//!
//! [`client`] is the other end of the protocol.

pub mod call;
mod caller;
mod classic;
pub mod client;
pub mod figures;
pub mod frame_queue;
pub mod gate;
pub mod identity;
pub mod limits;
mod metrics;
pub mod outbox;
pub mod pace;
pub mod record;
pub mod registry;
pub mod server;
mod socket;
mod speak;
pub mod token;
pub mod undecided;
mod wire;

/// The messages of `proto/okno/v1/relay.proto`.
#[allow(missing_docs, clippy::doc_markdown)]
pub mod proto {
    include!(concat!(env!("OUT_DIR"), "/okno.v1.rs"));
}
