//! Bytes to messages and back.
//!
//! In: bytes that some program sent, from the start of a connection. Out: which format they
//! are ([`sniff`]), where each message begins and ends ([`Splitter`]), and what it says. And
//! the way back: the bytes to put before and after a JPEG so that a given receiver understands
//! it ([`Format::wrap`], [`okno`]).
//!
//! Never: reads a socket, decodes a picture, allocates by a length it was told, or panics on
//! anything from outside. The formats are described in `docs/wire.md`.

mod format;
mod framing;
mod jpeg;
pub mod limits;
pub mod okno;
pub mod protobuf;
mod sniff;

pub use format::Format;
pub use framing::{Invalid, Splitter, Step, hex};
pub use jpeg::{JpegScan, ScanStep};
pub use limits::Limits;
pub use sniff::{SNIFF_BYTES, Sniffed, sniff};

/// Generated message types of `proto/`.
pub mod proto {
    /// The original programs' messages (`proto/video.proto`).
    #[allow(missing_docs, clippy::doc_markdown)]
    pub mod video {
        include!(concat!(env!("OUT_DIR"), "/video.rs"));
    }
    /// Okno's own messages (`proto/okno/v1/stream.proto` and `call.proto`).
    #[allow(missing_docs, clippy::doc_markdown)]
    pub mod okno {
        include!(concat!(env!("OUT_DIR"), "/okno.v1.rs"));
    }
}
