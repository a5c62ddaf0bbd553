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
use crate::protobuf::{Varint, length_varint};
use crate::sniff::{Match, sized_picture};

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
    /// Bytes of filler or of a part's header that need no second look.
    skipped: usize,
    magic_seen: bool,
    byte_order: ByteOrder,
}

/// Whether it is certain which end of a `be32` stream's lengths is the big one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByteOrder {
    /// No length has come yet.
    Unseen,
    /// Every length so far was the same in both orders (00 02 02 00), so this may be `le32`.
    Open,
    Settled,
}

impl Splitter {
    /// A splitter for a connection of the given format, from its first byte on.
    #[must_use]
    pub fn new(format: Format, limits: Limits) -> Self {
        Self {
            format,
            limits,
            scan: JpegScan::default(),
            jpeg_at: None,
            skipped: 0,
            magic_seen: false,
            byte_order: ByteOrder::Unseen,
        }
    }

    /// The format that this splitter reads. Changes at most once, from `be32` to `le32`, on a
    /// stream whose first lengths were the same in both byte orders.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Looks for the next message in the unread bytes.
    pub fn step(&mut self, unread: &[u8]) -> Step {
        match self.format {
            Format::Okno => self.okno(unread),
            Format::Raw => self.raw(unread),
            Format::Be32 => self.settle_byte_order(unread).unwrap_or_else(|| {
                if self.format == Format::Be32 {
                    self.sized::<4>(unread, |b| u64::from(u32::from_be_bytes(b)))
                } else {
                    self.step(unread)
                }
            }),
            Format::Le32 => self.sized::<4>(unread, |b| u64::from(u32::from_le_bytes(b))),
            Format::Le64 => self.sized::<8>(unread, u64::from_le_bytes),
            Format::Mjpeg => self.jpegs(unread, skip_padding),
            Format::Multipart => self.jpegs(unread, skip_part_header),
        }
    }

    /// Whether a stream may end after these unread bytes: nothing of a message has begun.
    /// The end anywhere else cuts a message off. For Okno, whose streams end with a goodbye,
    /// this says no more than that the goodbye was not cut.
    #[must_use]
    pub fn may_end(&self, unread: &[u8]) -> bool {
        match self.format {
            Format::Mjpeg => self.scan.untouched() && unread.iter().all(is_padding),
            // The closing boundary, with or without something behind it, is no picture.
            Format::Multipart => {
                self.scan.untouched()
                    && self.jpeg_at.is_none_or(|at| unread.get(at..).is_none_or(<[u8]>::is_empty))
            }
            _ => unread.is_empty(),
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
        match length_varint(unread) {
            Varint::Incomplete => need(unread.len() + 1, false),
            Varint::Value(n, len) => match self.checked(n) {
                Ok(n) => whole(unread, len + n, len..len + n),
                Err(step) => step,
            },
            Varint::Invalid => invalid(0, "the length of an envelope", hex(unread)),
        }
    }

    fn raw(&self, unread: &[u8]) -> Step {
        match unread.first() {
            None => return need(2, false),
            Some(0x0A) => {}
            Some(_) => return invalid(0, "0A, the start of a VideoFrame", hex(unread)),
        }
        match length_varint(&unread[1..]) {
            Varint::Incomplete => need(unread.len() + 1, false),
            Varint::Value(n, len) => match self.checked(n) {
                Ok(n) => whole(unread, 1 + len + n, 1 + len..1 + len + n),
                Err(step) => step,
            },
            Varint::Invalid => invalid(1, "the length of a picture", hex(&unread[1..])),
        }
    }

    /// A length that reads the same in both byte orders leaves `be32` and `le32` apart only at
    /// the next one. `None` once there is nothing to wait for.
    fn settle_byte_order(&mut self, unread: &[u8]) -> Option<Step> {
        if self.byte_order == ByteOrder::Settled {
            return None;
        }
        let Some(&[a, b, c, d]) = unread.first_chunk::<4>() else { return Some(need(4, false)) };
        if a == d && b == c {
            self.byte_order = ByteOrder::Open;
            return None;
        }
        if self.byte_order == ByteOrder::Open {
            let max = self.limits.message() as u64;
            let big = sized_picture::<4>(unread, max, |b| u64::from(u32::from_be_bytes(b)));
            let little = sized_picture::<4>(unread, max, |b| u64::from(u32::from_le_bytes(b)));
            match (big, little) {
                (Match::Yes, _) => {}
                (_, Match::Yes) => self.format = Format::Le32,
                (Match::No, Match::No) => {}
                _ => return Some(need(unread.len() + 1, false)),
            }
        }
        self.byte_order = ByteOrder::Settled;
        None
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

    fn jpegs(
        &mut self,
        unread: &[u8],
        skip: impl Fn(&[u8], &mut usize) -> Result<usize, Step>,
    ) -> Step {
        let start = match self.jpeg_at {
            Some(start) => start,
            None => match skip(unread, &mut self.skipped) {
                Ok(start) => *self.jpeg_at.insert(start),
                Err(step) => return step,
            },
        };
        // Not a byte beyond the limit, or the answer would depend on how much has arrived.
        let max = self.limits.message();
        let picture = &unread[start..unread.len().min(start + max)];
        match self.scan.step(picture) {
            ScanStep::NeedMore(n) if n > max => {
                let found = format!("{n} bytes or more, the limit is {max}");
                invalid(start, "a picture within the limit", found)
            }
            ScanStep::NeedMore(n) => need(start + n, false),
            ScanStep::Complete(n) => {
                self.scan = JpegScan::default();
                self.jpeg_at = None;
                self.skipped = 0;
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
            Ok(n) if n <= self.limits.message() => Ok(n),
            _ => Err(self.too_large(length)),
        }
    }

    fn too_large(&self, length: u64) -> Step {
        let limit = self.limits.message();
        invalid(0, "a message within the limit", format!("{length} bytes, the limit is {limit}"))
    }
}

/// Filler that cameras with fixed-size buffers put between pictures.
fn is_padding(byte: &u8) -> bool {
    matches!(byte, 0 | b'\r' | b'\n')
}

fn skip_padding(unread: &[u8], skipped: &mut usize) -> Result<usize, Step> {
    let window = &unread[..unread.len().min(MAX_PADDING + 1)];
    match window[*skipped..].iter().position(|b| !is_padding(b)) {
        Some(found) => Ok(*skipped + found),
        None if window.len() > MAX_PADDING => {
            Err(invalid(MAX_PADDING, "FF D8, the start of a JPEG", "padding without end".into()))
        }
        None => {
            *skipped = window.len();
            Err(need(unread.len() + 2, false))
        }
    }
}

/// A part is a line with the boundary, header lines, an empty line, then the picture. Where the
/// picture ends is read off the picture: some cameras send a wrong Content-Length, many none.
fn skip_part_header(unread: &[u8], skipped: &mut usize) -> Result<usize, Step> {
    let window = &unread[..unread.len().min(MAX_PART_HEADER)];
    // Line ends that close the part before are not yet the blank line of this one.
    let text = window.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(window.len());
    if window[text..].starts_with(&[0xFF, 0xD8]) {
        return Ok(text);
    }
    let blank = |at: usize| {
        let rest = &window[at..];
        let ends = [&b"\r\n\r\n"[..], b"\n\n"].into_iter().find(|end| rest.starts_with(end))?;
        Some(at + ends.len())
    };
    match (text.max(*skipped)..window.len()).find_map(blank) {
        Some(start) => Ok(start),
        None if window.len() == MAX_PART_HEADER => {
            Err(invalid(0, "the header of a multipart part", hex(unread)))
        }
        None => {
            // The last three bytes may be the beginning of a blank line.
            *skipped = window.len().saturating_sub(3);
            Err(need(unread.len() + 1, false))
        }
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
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let shown: Vec<_> = bytes.iter().take(8).map(|b| format!("{b:02X}")).collect();
    if shown.is_empty() { "nothing".into() } else { shown.join(" ") }
}
