//! Tells from the first bytes of a connection which format it speaks.
//!
//! In: the bytes so far. Out: the format, or that more bytes are needed, or that this is none
//! of ours. Never needs more than [`SNIFF_BYTES`] bytes, and never guesses: no byte sequence
//! matches two formats (docs/wire.md has the table), save that a `be32` and a `le32` stream can
//! begin alike when the first length reads the same in both byte orders. Such a message is the
//! same in both; it is called `be32`, and [`crate::Splitter`] settles it at the next length.

use crate::Format;
use crate::limits::{Limits, MAX_BESIDE_PICTURE, MIN_JPEG};
use crate::okno::MAGIC;
use crate::protobuf::{Varint, length_varint};

/// The longest beginning that any format needs: 8 bytes of length, tag, a 5-byte varint, SOI.
pub const SNIFF_BYTES: usize = 16;

/// What the beginning of a connection says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sniffed {
    /// The connection speaks this format, from its first byte on.
    Format(Format),
    /// An HTTP request begins here.
    Http,
    /// Not decided yet.
    NeedMore,
    /// None of the formats; a guess at what it is, for the person who reads the log.
    Unknown(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    Perhaps,
    No,
}

/// Decides which format `start`, the first bytes of a connection, belongs to.
#[must_use]
pub fn sniff(start: &[u8], limits: Limits) -> Sniffed {
    let max = limits.message() as u64;
    let candidates = [
        (Sniffed::Format(Format::Okno), prefix(start, &MAGIC)),
        (Sniffed::Format(Format::Mjpeg), bare_jpeg(start)),
        (Sniffed::Format(Format::Raw), jpeg_field(start, max)),
        (
            Sniffed::Format(Format::Be32),
            sized_picture::<4>(start, max, |b| u64::from(u32::from_be_bytes(b))),
        ),
        (
            Sniffed::Format(Format::Le32),
            sized_picture::<4>(start, max, |b| u64::from(u32::from_le_bytes(b))),
        ),
        (Sniffed::Format(Format::Le64), sized_picture::<8>(start, max, u64::from_le_bytes)),
        (Sniffed::Http, prefix(start, b"POST ")),
        (Sniffed::Http, prefix(start, b"PUT ")),
    ];
    if let Some((answer, _)) = candidates.iter().find(|(_, m)| *m == Match::Yes) {
        return answer.clone();
    }
    if candidates.iter().any(|(_, m)| *m == Match::Perhaps) {
        return Sniffed::NeedMore;
    }
    Sniffed::Unknown(guess(start))
}

fn prefix(start: &[u8], expected: &[u8]) -> Match {
    let n = start.len().min(expected.len());
    if start[..n] != expected[..n] {
        Match::No
    } else if n < expected.len() {
        Match::Perhaps
    } else {
        Match::Yes
    }
}

/// SOI and then a marker. SOI alone would not do: FF D8 00 00 is also the `le32` length 55,551,
/// while with a marker behind it no `le32` or `le64` length stays within the limit.
fn bare_jpeg(start: &[u8]) -> Match {
    match (prefix(start, &[0xFF, 0xD8, 0xFF]), start.get(3)) {
        (Match::Yes, None) => Match::Perhaps,
        (Match::Yes, Some(0..0xC0)) => Match::No,
        (answer, _) => answer,
    }
}

/// A protobuf field 1 of bytes that begins with a JPEG's SOI.
fn jpeg_field(bytes: &[u8], max: u64) -> Match {
    let Some((&tag, rest)) = bytes.split_first() else { return Match::Perhaps };
    if tag != 0x0A {
        return Match::No;
    }
    match length_varint(rest) {
        Varint::Value(n, len) if (MIN_JPEG as u64..=max).contains(&n) => {
            prefix(&rest[len..], &[0xFF, 0xD8])
        }
        Varint::Incomplete => Match::Perhaps,
        _ => Match::No,
    }
}

/// A length of `N` bytes, then a message of that length whose field 1 is a JPEG, with at most
/// [`MAX_BESIDE_PICTURE`] bytes of further fields (the published variant has an id).
pub(crate) fn sized_picture<const N: usize>(
    start: &[u8],
    max: u64,
    read: impl Fn([u8; N]) -> u64,
) -> Match {
    let Some((length, message)) = start.split_first_chunk::<N>() else {
        return Match::Perhaps;
    };
    let length = read(*length);
    if !(MIN_JPEG as u64 + 2..=max).contains(&length) {
        return Match::No;
    }
    if let Some(rest) = message.get(1..)
        && let Varint::Value(n, len) = length_varint(rest)
        && length.checked_sub(1 + len as u64 + n).is_none_or(|b| b > MAX_BESIDE_PICTURE as u64)
    {
        return Match::No;
    }
    jpeg_field(message, max)
}

/// What senders that are not ours begin with, so that the refusal can say what was seen.
fn guess(start: &[u8]) -> &'static str {
    match start {
        _ if pickle(start) => {
            "this looks like a Python pickle, which Okno never reads; send JPEG instead"
        }
        [b'G', b'E', b'T', b' ', ..] => {
            "this is an HTTP GET, as from a browser; Okno shows what is sent to it and serves nothing"
        }
        [0x16, 0x03, ..] => "this looks like TLS; Okno's video port speaks plain TCP",
        [0xFF, 0x00, .., 0x7F] | [0xFF, 0, 0, 0, 0, 0, 0, 0, ..] => {
            "this looks like ZeroMQ (imagezmq, NetGear); send bare JPEG over TCP instead"
        }
        [0x89, b'P', b'N', b'G', ..] => "this is a PNG; Okno takes JPEG",
        [0, 0, 0, 1 | 0x18..=0x20, ..] => "this looks like H.264 or MP4; Okno takes JPEG",
        [b'R', b'T', b'S', b'P', ..] | [b'O', b'P', b'T', b'I', b'O', b'N', b'S', ..] => {
            "this is RTSP; open it with opencv-sender -i rtsp://... instead"
        }
        _ => "none of the formats that Okno knows (docs/wire.md lists them)",
    }
}

/// A pickle at the start or behind a length of 4 or 8 bytes, as tutorials and the original
/// VideoChat send it.
fn pickle(start: &[u8]) -> bool {
    [0, 4, 8]
        .into_iter()
        .filter_map(|at| start.get(at..))
        .any(|at| matches!(at, [0x80, 0x02..=0x05, ..]) || at.starts_with(b"cnum"))
}
