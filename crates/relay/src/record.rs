//! Records: the bytes that a connection of the call protocol is made of.
//!
//! In: bytes as they arrive, or what to send. Out: whole records, checked against the limits, or
//! bytes. Never looks into a payload; never takes room for bytes that have not arrived.
//! `docs/call-protocol.md` describes them byte by byte.

use std::cell::RefCell;

use bytes::Bytes;
use prost::Message as _;

use crate::limits::{MAX_AUDIO, MAX_PAYLOAD, MAX_STREAMS, READ_BUFFER};
use crate::proto::relay_message::Message;
use crate::proto::{EndReason, Ended, RelayMessage};

/// What a caller begins with: a byte no text has, the name, a line end that a text-mode transfer
/// would mangle, and the version.
pub const MAGIC: [u8; 8] = *b"\x89OKNC\r\n\x01";

/// Version of the protocol in `CallHello`.
pub const VERSION: u32 = 1;

/// Bytes before each payload.
pub const HEADER: usize = 10;

/// Flag: the frame can be decoded without those before it.
pub const KEY: u8 = 1;
/// Flag: first piece of a frame.
pub const FIRST: u8 = 2;
/// Flag: last piece of a frame.
pub const LAST: u8 = 4;

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A `RelayMessage`, between a caller and the relay.
    Message = 0,
    /// A sealed audio packet.
    Audio = 1,
    /// A sealed packet of what the two callers agree on.
    Control = 2,
    /// A piece of a sealed video frame.
    Video = 3,
}

/// What stands before a payload, in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What follows.
    pub kind: Kind,
    /// [`KEY`], [`FIRST`], [`LAST`]; 0 unless the kind is video.
    pub flags: u8,
    /// Which of the sender's streams; below [`MAX_STREAMS`].
    pub stream: u16,
    /// Bytes of payload that follow.
    pub length: u16,
    /// Number of the frame that a piece belongs to; 0 unless the kind is video.
    pub frame: u32,
}

/// Bytes that are no record. The text names what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A kind that this version does not have.
    #[error("record kind {0} at byte {1}; kinds are 0 to 3")]
    Kind(u8, u64),
    /// A length over the limit of its kind.
    #[error("{0} bytes announced for a {1:?} record at byte {2}; the limit is {3}")]
    Length(u16, Kind, u64, usize),
    /// A stream over the limit.
    #[error("stream {0} at byte {1}; streams are 0 to {last}", last = MAX_STREAMS - 1)]
    Stream(u16, u64),
    /// Flags that make no sense for the kind.
    #[error("flags {0:#04x} for a {1:?} record at byte {2}")]
    Flags(u8, Kind, u64),
    /// A message that is not protobuf.
    #[error("the message at byte {1} can't be read: {0}")]
    Message(prost::DecodeError, u64),
}

impl Header {
    /// Reads a header. `at` is its place in the stream, for the error.
    ///
    /// # Errors
    /// When a field is out of its bounds.
    pub fn parse(bytes: [u8; HEADER], at: u64) -> Result<Self, Malformed> {
        let [kind, flags, s0, s1, l0, l1, frame @ ..] = bytes;
        let kind = match kind {
            0 => Kind::Message,
            1 => Kind::Audio,
            2 => Kind::Control,
            3 => Kind::Video,
            other => return Err(Malformed::Kind(other, at)),
        };
        let stream = u16::from_be_bytes([s0, s1]);
        let length = u16::from_be_bytes([l0, l1]);
        let limit = if kind == Kind::Audio { MAX_AUDIO } else { MAX_PAYLOAD };
        if usize::from(length) > limit {
            return Err(Malformed::Length(length, kind, at, limit));
        }
        if stream >= MAX_STREAMS {
            return Err(Malformed::Stream(stream, at));
        }
        let known = if kind == Kind::Video { KEY | FIRST | LAST } else { 0 };
        if flags & !known != 0 {
            return Err(Malformed::Flags(flags, kind, at));
        }
        Ok(Self { kind, flags, stream, length, frame: u32::from_be_bytes(frame) })
    }

    /// The header's bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER] {
        let [s0, s1] = self.stream.to_be_bytes();
        let [l0, l1] = self.length.to_be_bytes();
        let [f0, f1, f2, f3] = self.frame.to_be_bytes();
        [self.kind as u8, self.flags, s0, s1, l0, l1, f0, f1, f2, f3]
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// A record as it goes over the wire, header included.
#[derive(Clone, Debug)]
pub struct Record {
    /// The header, read.
    pub header: Header,
    /// Header and payload.
    pub bytes: Bytes,
}

impl Record {
    /// A record around a payload. `None` if the payload is over the limit of its kind.
    #[must_use]
    pub fn new(kind: Kind, flags: u8, stream: u16, frame: u32, payload: &[u8]) -> Option<Self> {
        let length = u16::try_from(payload.len()).ok()?;
        let header = Header { kind, flags, stream, length, frame };
        Header::parse(header.to_bytes(), 0).ok()?;
        let bytes = [&header.to_bytes()[..], payload].concat().into();
        Some(Self { header, bytes })
    }

    /// What stands after the header.
    #[must_use]
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(HEADER.min(self.bytes.len())..)
    }
}

/// A message as a record's bytes. Messages of this crate stay far below the limit.
#[must_use]
pub fn encode(message: Message) -> Bytes {
    let payload = RelayMessage { message: Some(message) }.encode_to_vec();
    Record::new(Kind::Message, 0, 0, 0, &payload).map(|record| record.bytes).unwrap_or_default()
}

/// The last message to a caller.
#[must_use]
pub fn ended(reason: EndReason, text: &str, may_resume: bool) -> Bytes {
    let mut text = text.to_owned();
    // Texts quote what a caller sent.
    while text.len() > 256 {
        text.pop();
    }
    encode(Message::Ended(Ended { reason: reason as i32, text, may_resume }))
}

thread_local! {
    /// The memory of the reader that last had nothing left.
    static SPARE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Takes records out of what has arrived.
///
/// It holds the bytes that have arrived and were not handed out, and nothing else: no memory while
/// there are none.
#[derive(Debug, Default)]
pub struct Reader {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of the stream before `start`.
    at: u64,
}

impl Reader {
    /// Room for what comes next, [`READ_BUFFER`] bytes of it.
    pub fn room(&mut self) -> &mut [u8] {
        self.compact();
        self.buffer.resize(self.end + READ_BUFFER, 0);
        &mut self.buffer[self.end..]
    }

    /// Takes in what comes next.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.buffer.capacity() == 0 {
            self.buffer = SPARE.take();
        }
        self.compact();
        self.buffer.truncate(self.end);
        self.buffer.extend_from_slice(bytes);
        self.end = self.buffer.len();
    }

    fn compact(&mut self) {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
    }

    /// The first bytes of a stream that begins with [`MAGIC`], which is no record; `None`: more are
    /// needed.
    pub fn take_magic(&mut self) -> Option<[u8; MAGIC.len()]> {
        let magic = *self.buffer[self.start..self.end].first_chunk()?;
        self.start += MAGIC.len();
        Some(magic)
    }

    /// `count` bytes were written to the room.
    pub fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(self.buffer.len());
    }

    /// Bytes of the stream that have been handed out.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.at
    }

    /// Nothing of a record that has begun is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The next whole record; `None`: more is needed.
    ///
    /// # Errors
    /// When the bytes are no record; there is no way to go on then.
    pub fn take_record(&mut self) -> Result<Option<Record>, Malformed> {
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
            if self.buffer.capacity() > 0 {
                // Whoever reads next on this thread finds memory that is there and warm.
                SPARE.set(std::mem::take(&mut self.buffer));
            }
            return Ok(None);
        }
        let waiting = &self.buffer[self.start..self.end];
        let Some((head, rest)) = waiting.split_first_chunk::<HEADER>() else { return Ok(None) };
        let header = Header::parse(*head, self.at)?;
        let length = usize::from(header.length);
        if rest.len() < length {
            return Ok(None);
        }
        // A copy: a slice would keep the whole buffer for a small packet.
        let bytes = Bytes::copy_from_slice(&waiting[..HEADER + length]);
        self.start += HEADER + length;
        self.at += (HEADER + length) as u64;
        Ok(Some(Record { header, bytes }))
    }

    /// Reads the message in a record of kind 0.
    ///
    /// # Errors
    /// When it is none.
    pub fn message(&self, record: &Record) -> Result<Option<Message>, Malformed> {
        let at = self.at.saturating_sub(record.bytes.len() as u64);
        let message = RelayMessage::decode(record.payload());
        message.map(|m| m.message).map_err(|error| Malformed::Message(error, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_these_bytes() {
        let header =
            Header { kind: Kind::Video, flags: KEY | LAST, stream: 1, length: 300, frame: 7 };
        assert_eq!(header.to_bytes(), [3, 5, 0, 1, 1, 44, 0, 0, 0, 7]);
        assert_eq!(Header::parse(header.to_bytes(), 0), Ok(header));
    }

    #[test]
    fn records_come_out_whole_however_they_arrive() {
        let records: Vec<Record> = (0..50u32)
            .map(|i| {
                let payload = vec![i as u8; (i * 163) as usize];
                Record::new(Kind::Video, FIRST, 0, i, &payload).expect("within the limits")
            })
            .collect();
        let stream: Vec<u8> = records.iter().flat_map(|r| r.bytes.to_vec()).collect();
        for step in [1, 7, 4096, READ_BUFFER] {
            for pushed in [false, true] {
                let (mut reader, mut magic) = (Reader::default(), None);
                let mut got = Vec::new();
                for part in [&MAGIC[..], &stream].concat().chunks(step) {
                    if pushed {
                        reader.push(part);
                    } else {
                        reader.room()[..part.len()].copy_from_slice(part);
                        reader.filled(part.len());
                    }
                    magic = magic.or_else(|| reader.take_magic());
                    if magic.is_none() {
                        continue;
                    }
                    while let Some(record) = reader.take_record().expect("valid records") {
                        got.push(record.bytes);
                    }
                }
                assert_eq!(magic, Some(MAGIC));
                assert!(reader.is_empty());
                assert_eq!(reader.buffer.capacity(), 0, "memory for nothing");
                assert_eq!(got, records.iter().map(|r| r.bytes.clone()).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_named_with_its_place() {
        let bad = |bytes: [u8; HEADER]| Header::parse(bytes, 42).expect_err("bad").to_string();
        assert_eq!(
            bad([9, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            "record kind 9 at byte 42; kinds are 0 to 3"
        );
        assert!(bad([3, 0, 0, 0, 255, 255, 0, 0, 0, 0]).contains("65535 bytes announced"));
        assert!(bad([1, 0, 0, 0, 0x10, 1, 0, 0, 0, 0]).contains("the limit is 4096"));
        assert!(bad([3, 0, 0, 4, 0, 0, 0, 0, 0, 0]).contains("stream 4"));
        assert!(bad([1, 1, 0, 0, 0, 0, 0, 0, 0, 0]).contains("flags 0x01"));
        assert!(bad([3, 8, 0, 0, 0, 0, 0, 0, 0, 0]).contains("flags 0x08"));
    }
}
