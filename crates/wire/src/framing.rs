//! Cuts a stream of bytes into messages.
//!
//! In: the unread bytes of a connection. Out: message, need more, or invalid. The answer
//! depends on nothing but the bytes; what a [`Splitter`] keeps between calls only spares it
//! looking at the same bytes twice. A message is given out when its last byte is there, never
//! later. Never allocates, and checks every length against the limit before it believes it.

use std::ops::Range;

use crate::Format;
use crate::jpeg::{JpegScan, ScanStep};
use crate::limits::{Limits, MAX_PADDING, MAX_PART_HEADER};
use crate::okno::MAGIC;
use crate::protobuf::{Varint, varint};

/// The three answers of framing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing complete yet: at least `total` bytes, counted from the first unread one, are
    /// needed before it is worth asking again. `exact` says that the message ends just there,
    /// so a reader can size its buffer.
    NeedMore {
        /// Bytes from the first unread one.
        total: usize,
        /// Whether `total` is the end of the message rather than a least bound.
        exact: bool,
    },
    /// A message: drop `consumed` bytes afterwards.
    Message {
        /// Bytes that belong to the message, its prefix included.
        consumed: usize,
        /// For [`Format::Okno`] the envelope (empty for the magic); else the JPEG, which is
        /// empty if the message holds none.
        payload: Range<usize>,
    },
    /// The stream can't go on.
    Invalid(Invalid),
}

/// Why a stream is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct Invalid {
    /// Offset from the first unread byte.
    pub offset: usize,
    /// What the format wants there.
    pub expected: &'static str,
    /// What stood there.
    pub found: String,
}

/// Cuts one connection's bytes into messages.
#[derive(Clone, Debug)]
pub struct Splitter {
    format: Format,
    limits: Limits,
    scan: JpegScan,
    /// Where the JPEG begins after filler or a part's header, once that is known.
    jpeg_at: Option<usize>,
    magic_seen: bool,
}

impl Splitter {
    /// A splitter for a connection of the given format, from its first byte on.
    #[must_use]
    pub fn new(format: Format, limits: Limits) -> Self {
        Self { format, limits, scan: JpegScan::default(), jpeg_at: None, magic_seen: false }
    }

    /// The format that this splitter reads.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Looks for the next message in the unread bytes.
    pub fn step(&mut self, unread: &[u8]) -> Step {
        match self.format {
            Format::Okno => self.okno(unread),
            Format::Raw => self.raw(unread),
            Format::Be32 => self.sized::<4>(unread, |b| u64::from(u32::from_be_bytes(b))),
            Format::Le32 => self.sized::<4>(unread, |b| u64::from(u32::from_le_bytes(b))),
            Format::Le64 => self.sized::<8>(unread, u64::from_le_bytes),
            Format::Mjpeg => self.jpegs(unread, skip_padding),
            Format::Multipart => self.jpegs(unread, skip_part_header),
        }
    }

    fn okno(&mut self, unread: &[u8]) -> Step {
        if !self.magic_seen {
            let Some(start) = unread.get(..MAGIC.len()) else {
                return need(MAGIC.len(), false);
            };
            if start != MAGIC {
                return invalid(0, "Okno's magic", hex(start));
            }
            self.magic_seen = true;
            return Step::Message { consumed: MAGIC.len(), payload: 0..0 };
        }
        match varint(unread) {
            Varint::Incomplete if unread.len() < 5 => need(unread.len() + 1, false),
            Varint::Value(n, len) => match self.checked(n) {
                Ok(n) => whole(unread, len + n, len..len + n),
                Err(step) => step,
            },
            _ => invalid(0, "the length of an envelope", hex(unread)),
        }
    }

    fn raw(&self, unread: &[u8]) -> Step {
        match unread.first() {
            None => return need(2, false),
            Some(0x0A) => {}
            Some(_) => return invalid(0, "0A, the start of a VideoFrame", hex(unread)),
        }
        match varint(&unread[1..]) {
            Varint::Incomplete if unread.len() < 6 => need(unread.len() + 1, false),
            Varint::Value(n, len) => match self.checked(n) {
                Ok(n) => whole(unread, 1 + len + n, 1 + len..1 + len + n),
                Err(step) => step,
            },
            _ => invalid(1, "the length of a picture", hex(&unread[1..])),
        }
    }

    fn sized<const N: usize>(&self, unread: &[u8], read: impl Fn([u8; N]) -> u64) -> Step {
        let Some((length, rest)) = unread.split_first_chunk::<N>() else {
            return need(N, false);
        };
        let length = match self.checked(read(*length)) {
            Ok(length) => length,
            Err(step) => return step,
        };
        let Some(message) = rest.get(..length) else { return need(N + length, true) };
        match crate::protobuf::bytes_field_1(message) {
            Ok(Some(jpeg)) => {
                Step::Message { consumed: N + length, payload: N + jpeg.start..N + jpeg.end }
            }
            Ok(None) => Step::Message { consumed: N + length, payload: 0..0 },
            Err(error) => invalid(
                N + error.offset,
                "a protobuf message of the length that was announced",
                error.what.to_owned(),
            ),
        }
    }

    fn jpegs(&mut self, unread: &[u8], skip: impl Fn(&[u8]) -> Result<usize, Step>) -> Step {
        let start = match self.jpeg_at {
            Some(start) => start,
            None => match skip(unread) {
                Ok(start) => *self.jpeg_at.insert(start),
                Err(step) => return step,
            },
        };
        match self.scan.step(&unread[start..]) {
            ScanStep::NeedMore(n) if n > self.limits.max_message => self.too_large(n as u64),
            ScanStep::NeedMore(n) => need(start + n, false),
            ScanStep::Complete(n) => {
                self.scan = JpegScan::default();
                self.jpeg_at = None;
                Step::Message { consumed: start + n, payload: start..start + n }
            }
            ScanStep::Invalid(at, expected) => {
                let at = start + at;
                invalid(at, expected, hex(&unread[at.min(unread.len())..]))
            }
        }
    }

    fn checked(&self, length: u64) -> Result<usize, Step> {
        match usize::try_from(length) {
            Ok(n) if n <= self.limits.max_message => Ok(n),
            _ => Err(self.too_large(length)),
        }
    }

    fn too_large(&self, length: u64) -> Step {
        let limit = self.limits.max_message;
        invalid(0, "a message within the limit", format!("{length} bytes, the limit is {limit}"))
    }
}

fn skip_padding(unread: &[u8]) -> Result<usize, Step> {
    let filler = |b: &u8| matches!(b, 0 | b'\r' | b'\n');
    match unread.iter().take(MAX_PADDING).position(|b| !filler(b)) {
        Some(start) => Ok(start),
        None if unread.len() >= MAX_PADDING => {
            Err(invalid(MAX_PADDING, "FF D8, the start of a JPEG", "padding without end".into()))
        }
        None => Err(need(unread.len() + 2, false)),
    }
}

/// A part is a line with the boundary, header lines, an empty line, then the picture. Where the
/// picture ends is read off the picture: some cameras send a wrong Content-Length, many none.
fn skip_part_header(unread: &[u8]) -> Result<usize, Step> {
    let window = &unread[..unread.len().min(MAX_PART_HEADER)];
    let blank = |at: usize| {
        if window[at..].starts_with(b"\r\n\r\n") {
            Some(at + 4)
        } else if window[at..].starts_with(b"\n\n") {
            Some(at + 2)
        } else {
            None
        }
    };
    // Line ends that close the part before are not yet the blank line of this one.
    let text = window.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(window.len());
    if window[text..].starts_with(&[0xFF, 0xD8]) {
        return Ok(text);
    }
    match (text..window.len()).find_map(blank) {
        Some(start) => Ok(start),
        None if unread.len() >= MAX_PART_HEADER => {
            Err(invalid(0, "the header of a multipart part", hex(unread)))
        }
        None => Err(need(unread.len() + 1, false)),
    }
}

fn need(total: usize, exact: bool) -> Step {
    Step::NeedMore { total, exact }
}

fn whole(unread: &[u8], end: usize, payload: Range<usize>) -> Step {
    if unread.len() < end { need(end, true) } else { Step::Message { consumed: end, payload } }
}

fn invalid(offset: usize, expected: &'static str, found: String) -> Step {
    Step::Invalid(Invalid { offset, expected, found })
}

/// The first few bytes, for a message to a person.
fn hex(bytes: &[u8]) -> String {
    let shown: Vec<_> = bytes.iter().take(8).map(|b| format!("{b:02X}")).collect();
    if shown.is_empty() { "nothing".into() } else { shown.join(" ") }
}
