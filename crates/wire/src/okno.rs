//! Okno's own format: how envelopes are written and read without copying the picture.
//!
//! In: an envelope's bytes, or what to say. Out: the message, a frame's picture by position;
//! or the bytes before and after the picture. Never holds a connection's state.
//! The format is described in `docs/wire.md`.

use std::ops::Range;

use prost::Message as _;

use crate::proto::okno as pb;
use crate::protobuf::{Field, Malformed, fields, put_varint, varint_len};

/// What an Okno sender begins with: a byte no text has, the name, a line end that a text-mode
/// transfer would mangle, and the version.
pub const MAGIC: [u8; 8] = *b"\x89OKNO\r\n\x01";

/// Version of the format in [`pb::Hello::version`].
pub const VERSION: u32 = 1;

/// Highest field number of the messages in `pb::Envelope`; higher ones belong to later versions.
const LAST_MESSAGE_FIELD: u32 = 6;

/// What stands beside the picture in a frame message. Times are nanoseconds on the sender's
/// clock, 0 where unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameMeta {
    /// Counts the frames that the source gave, from 0.
    pub sequence: u64,
    /// When the frame was captured.
    pub captured_ns: u64,
    /// When its encoding was finished.
    pub encoded_ns: u64,
    /// When it was handed to the socket.
    pub sent_ns: u64,
    /// The JPEG came from the source as it is.
    pub untouched: bool,
}

/// A received envelope.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// A frame: what stands beside the picture, and where the picture lies in the envelope.
    Frame(FrameMeta, Range<usize>),
    /// Anything else.
    Other(pb::envelope::Message),
    /// A kind that this version does not know; to be passed over.
    Unknown,
}

/// An envelope that can't be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// Not protobuf.
    #[error("not a protobuf message {0}")]
    Malformed(#[from] Malformed),
    /// Protobuf, but not the message that its place demands.
    #[error("not an envelope: {0}")]
    Decode(#[from] prost::DecodeError),
    /// A codec that this version can't decode.
    #[error("codec {0} is not known to this version")]
    Codec(u64),
}

/// Reads one envelope. A picture is not copied.
///
/// # Errors
/// When the bytes are not an envelope.
pub fn decode(envelope: &[u8]) -> Result<Incoming, DecodeError> {
    // The message is a oneof: of several, the last one counts, as for every protobuf reader.
    let mut last = None;
    for field in fields(envelope) {
        if let (number @ 1..=LAST_MESSAGE_FIELD, value) = field? {
            last = Some((number, value));
        }
    }
    match last {
        None => Ok(Incoming::Unknown),
        Some((1, Field::Bytes(frame))) => decode_frame(envelope, frame),
        Some(_) => Ok(match pb::Envelope::decode(envelope)?.message {
            Some(message) => Incoming::Other(message),
            None => Incoming::Unknown,
        }),
    }
}

fn decode_frame(envelope: &[u8], at: Range<usize>) -> Result<Incoming, DecodeError> {
    let mut meta = FrameMeta::default();
    let mut data = at.start..at.start;
    for field in fields(&envelope[at.clone()]) {
        match field? {
            (1, Field::Bytes(r)) => data = at.start + r.start..at.start + r.end,
            (2, Field::Varint(v)) => meta.sequence = v,
            (3, Field::Fixed64(v)) => meta.captured_ns = v,
            (4, Field::Fixed64(v)) => meta.encoded_ns = v,
            (5, Field::Fixed64(v)) => meta.sent_ns = v,
            (6, Field::Varint(codec)) if codec != pb::Codec::Jpeg as u64 => {
                return Err(DecodeError::Codec(codec));
            }
            (8, Field::Varint(v)) => meta.untouched = v != 0,
            _ => {}
        }
    }
    Ok(Incoming::Frame(meta, data))
}

/// Appends an envelope that holds `message`, its length first.
pub fn encode(message: pb::envelope::Message, out: &mut Vec<u8>) {
    let envelope = pb::Envelope { message: Some(message) };
    put_varint(envelope.encoded_len() as u64, out);
    // A Vec grows as needed: encoding into one can't fail.
    let _ = envelope.encode(out);
}

/// Writes what stands around a frame's picture; keeps its two buffers from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct FrameWriter {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl FrameWriter {
    /// The bytes to send before and after a JPEG of `jpeg_len` bytes.
    pub fn wrap(&mut self, meta: &FrameMeta, jpeg_len: usize) -> (&[u8], &[u8]) {
        self.tail.clear();
        let beside = pb::Frame {
            data: Vec::new(),
            sequence: meta.sequence,
            captured_ns: meta.captured_ns,
            encoded_ns: meta.encoded_ns,
            sent_ns: meta.sent_ns,
            codec: pb::Codec::Jpeg as i32,
            key: true,
            untouched: meta.untouched,
        };
        let _ = beside.encode(&mut self.tail);
        let data_len = 1 + varint_len(jpeg_len as u64) + jpeg_len;
        let frame_len = data_len + self.tail.len();
        let envelope_len = 1 + varint_len(frame_len as u64) + frame_len;
        self.head.clear();
        put_varint(envelope_len as u64, &mut self.head);
        self.head.push(0x0A);
        put_varint(frame_len as u64, &mut self.head);
        self.head.push(0x0A);
        put_varint(jpeg_len as u64, &mut self.head);
        (&self.head, &self.tail)
    }
}
