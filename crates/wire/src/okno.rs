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
const LAST_MESSAGE_FIELD: u32 = 7;

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
    /// The picture lies in shared memory, and there is no JPEG.
    pub shared: Option<Shared>,
}

/// Where in the shared memory a picture lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// The slot.
    pub slot: u32,
    /// What the slot's counter says as long as the picture is there.
    pub sequence: u64,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// What a sender writes to the Unix socket, beside the descriptor of its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The token of the viewer's offer.
    pub token: [u8; 16],
    /// Slots of the memory.
    pub slots: u32,
    /// Bytes of the largest picture that a slot holds.
    pub slot_bytes: u64,
}

impl Handover {
    /// Length on the socket, in bytes.
    pub const LEN: usize = 28;

    /// The token, then the two numbers, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..16].copy_from_slice(&self.token);
        bytes[16..20].copy_from_slice(&self.slots.to_le_bytes());
        bytes[20..].copy_from_slice(&self.slot_bytes.to_le_bytes());
        bytes
    }

    /// Reads what [`Handover::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::LEN]) -> Self {
        let (mut token, mut slots, mut slot_bytes) = ([0; 16], [0; 4], [0; 8]);
        token.copy_from_slice(&bytes[..16]);
        slots.copy_from_slice(&bytes[16..20]);
        slot_bytes.copy_from_slice(&bytes[20..]);
        Self { token, slots: u32::from_le_bytes(slots), slot_bytes: u64::from_le_bytes(slot_bytes) }
    }
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
    let (mut shared, mut codec) = (Shared::default(), pb::Codec::Jpeg as u64);
    // A number that is too large for its field is no place in a memory that is checked.
    let small = |v: u64| u32::try_from(v).unwrap_or(u32::MAX);
    for field in fields(&envelope[at.clone()]) {
        match field? {
            (1, Field::Bytes(r)) => data = at.start + r.start..at.start + r.end,
            (2, Field::Varint(v)) => meta.sequence = v,
            (3, Field::Fixed64(v)) => meta.captured_ns = v,
            (4, Field::Fixed64(v)) => meta.encoded_ns = v,
            (5, Field::Fixed64(v)) => meta.sent_ns = v,
            (6, Field::Varint(v)) => codec = v,
            (8, Field::Varint(v)) => meta.untouched = v != 0,
            (9, Field::Varint(v)) => shared.slot = small(v),
            (10, Field::Varint(v)) => shared.sequence = v,
            (11, Field::Varint(v)) => shared.width = small(v),
            (12, Field::Varint(v)) => shared.height = small(v),
            _ => {}
        }
    }
    match codec {
        codec if codec == pb::Codec::Jpeg as u64 => {}
        codec if codec == pb::Codec::SharedMemory as u64 => meta.shared = Some(shared),
        other => return Err(DecodeError::Codec(other)),
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
        let shared = meta.shared.unwrap_or_default();
        let codec = meta.shared.map_or(pb::Codec::Jpeg, |_| pb::Codec::SharedMemory);
        let beside = pb::Frame {
            data: Vec::new(),
            sequence: meta.sequence,
            captured_ns: meta.captured_ns,
            encoded_ns: meta.encoded_ns,
            sent_ns: meta.sent_ns,
            codec: codec as i32,
            key: true,
            untouched: meta.untouched,
            shared_slot: shared.slot,
            shared_sequence: shared.sequence,
            shared_width: shared.width,
            shared_height: shared.height,
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
