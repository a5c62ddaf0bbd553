//! A picture's bytes inside a pickle, which has several ways to write them.
//!
//! In: the part of a pickle that holds them. Out: the bytes, at most as many as came in; and the
//! whole pickle that the original client would write.

use super::Refused;

/// How bytes are written. Nothing is copied before [`Content::decode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// As they are (protocol 3 and later).
    Plain(&'a [u8]),
    /// As characters U+0000 to U+00FF in Python's raw-unicode-escape (protocol 0).
    Escaped(&'a [u8]),
    /// As such characters in UTF-8 (protocols 1 and 2).
    Utf8(&'a [u8]),
}

/// More than any name has.
const SHORT: usize = 64;

impl<'a> Content<'a> {
    /// Whether it is this text of ASCII letters.
    pub fn is(self, text: &str) -> bool {
        self.short_text() == text.as_bytes()
    }

    /// The beginning, as it is written: of a name, the whole name.
    pub fn short_text(self) -> &'a [u8] {
        let (Self::Plain(bytes) | Self::Escaped(bytes) | Self::Utf8(bytes)) = self;
        bytes.get(..SHORT).unwrap_or(bytes)
    }

    /// The bytes. `at`: where the pickle ends, for the error.
    pub fn decode(self, at: usize) -> Result<Vec<u8>, Refused> {
        let refused = |what: &str| Refused { at, what: what.to_owned() };
        match self {
            Self::Plain(bytes) => Ok(bytes.to_vec()),
            Self::Escaped(bytes) => {
                unescape(bytes).ok_or_else(|| refused("a picture with an escape of another kind"))
            }
            Self::Utf8(bytes) => from_utf8(bytes)
                .ok_or_else(|| refused("a picture with characters that are no bytes")),
        }
    }
}

fn unescape(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        let (plain, escape) = rest.split_at_checked(at)?;
        decoded.extend_from_slice(plain);
        let (escape, later) = escape.split_at_checked(6)?;
        let digits = escape.strip_prefix(b"\\u00")?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        decoded.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = later;
    }
    decoded.extend_from_slice(rest);
    Some(decoded)
}

fn from_utf8(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut decoded = Vec::with_capacity(bytes.len());
    for character in text.chars() {
        decoded.push(u8::try_from(u32::from(character)).ok()?);
    }
    Some(decoded)
}

// What `pickle.dumps(array, 0)` writes around the number of bytes and the bytes. numpy 1's module
// name: numpy 2 still has it, and numpy 1 does not know the new one.
const BEFORE_LENGTH: &[u8] = b"cnumpy.core.multiarray\n_reconstruct\np0\n\
    (cnumpy\nndarray\np1\n(I0\ntp2\nc_codecs\nencode\np3\n(Vb\np4\nVlatin1\np5\ntp6\nRp7\ntp8\nRp9\n\
    (I1\n(I";
const BEFORE_BYTES: &[u8] = b"\ntp10\ncnumpy\ndtype\np11\n(Vu1\np12\nI00\nI01\ntp13\nRp14\n\
    (I3\nV|\np15\nNNNI-1\nI-1\nI0\ntp16\nbI00\ng3\n(V";
const END: &[u8] = b"\np17\ng5\ntp18\nRp19\ntp20\nb.";

/// Appends the pickle that the original client makes of a JPEG: byte for byte that of Python 3.8
/// and numpy 1, which all later ones read.
pub fn write(jpeg: &[u8], pickle: &mut Vec<u8>) {
    // Of a JPEG's bytes about one in fifty is escaped.
    pickle.reserve(BEFORE_LENGTH.len() + BEFORE_BYTES.len() + END.len() + jpeg.len() * 9 / 8 + 20);
    pickle.extend_from_slice(BEFORE_LENGTH);
    pickle.extend_from_slice(jpeg.len().to_string().as_bytes());
    pickle.extend_from_slice(BEFORE_BYTES);
    for &byte in jpeg {
        match byte {
            0 => pickle.extend_from_slice(b"\\u0000"),
            b'\n' => pickle.extend_from_slice(b"\\u000a"),
            b'\r' => pickle.extend_from_slice(b"\\u000d"),
            0x1A => pickle.extend_from_slice(b"\\u001a"),
            b'\\' => pickle.extend_from_slice(b"\\u005c"),
            _ => pickle.push(byte),
        }
    }
    pickle.extend_from_slice(END);
}
