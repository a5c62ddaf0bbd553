//! The little of protobuf's encoding that framing and the frame path need without a copy.
//!
//! In: a message as bytes. Out: where its fields lie. Never copies a payload, which is why this
//! stands beside prost: prost would copy each picture once more.
//! Source of the format: protobuf.dev, "Encoding".

use std::ops::Range;

/// Result of reading a varint from bytes that may not have arrived completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Varint {
    /// The value and how many bytes it took.
    Value(u64, usize),
    /// All bytes so far have their continuation bit set.
    Incomplete,
    /// More than ten bytes, or more than 64 bits.
    Invalid,
}

/// Reads a base-128 varint from the start of `bytes`.
#[must_use]
pub fn varint(bytes: &[u8]) -> Varint {
    let mut value = 0_u64;
    for (i, &byte) in bytes.iter().take(10).enumerate() {
        if i == 9 && byte > 1 {
            return Varint::Invalid;
        }
        value |= u64::from(byte & 0x7F) << (7 * i);
        if byte < 0x80 {
            return Varint::Value(value, i + 1);
        }
    }
    if bytes.len() < 10 { Varint::Incomplete } else { Varint::Invalid }
}

/// Most bytes of a varint that stands before a message: five hold 32 GiB, more than any limit.
pub(crate) const MAX_LENGTH_VARINT: usize = 5;

/// Reads the varint that says how long a message is. Longer than [`MAX_LENGTH_VARINT`] is
/// invalid however many of its bytes have arrived, so that the answer depends on the bytes alone.
#[must_use]
pub(crate) fn length_varint(bytes: &[u8]) -> Varint {
    let window = &bytes[..bytes.len().min(MAX_LENGTH_VARINT)];
    match varint(window) {
        Varint::Incomplete if window.len() == MAX_LENGTH_VARINT => Varint::Invalid,
        answer => answer,
    }
}

/// How many bytes [`put_varint`] writes for `value`.
#[must_use]
pub const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends `value` as a base-128 varint.
pub fn put_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7F) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// One field of a message, its payload by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 1.
    Fixed64(u64),
    /// Wire type 2: where the payload lies in the message.
    Bytes(Range<usize>),
    /// Wire type 5.
    Fixed32(u32),
}

/// A message that is not protobuf: where, in bytes from its start, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset} of the message: {what}")]
pub struct Malformed {
    /// Offset from the start of the message.
    pub offset: usize,
    /// What stood there.
    pub what: &'static str,
}

/// The fields of a message in order. Ends after the first error.
#[must_use]
pub fn fields(message: &[u8]) -> Fields<'_> {
    Fields { message, at: 0 }
}

/// Iterator of [`fields`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    message: &'a [u8],
    at: usize,
}

impl Fields<'_> {
    fn read_varint(&mut self) -> Result<u64, Malformed> {
        match varint(&self.message[self.at..]) {
            Varint::Value(value, len) => {
                self.at += len;
                Ok(value)
            }
            Varint::Incomplete => Err(self.malformed("a varint that the end of the message cuts")),
            Varint::Invalid => Err(self.malformed("a varint of more than 64 bits")),
        }
    }

    fn take(&mut self, len: u64) -> Result<Range<usize>, Malformed> {
        let left = self.message.len() - self.at;
        match usize::try_from(len) {
            Ok(len) if len <= left => {
                let range = self.at..self.at + len;
                self.at = range.end;
                Ok(range)
            }
            _ => Err(self.malformed("a field that reaches past the end of the message")),
        }
    }

    fn malformed(&self, what: &'static str) -> Malformed {
        Malformed { offset: self.at, what }
    }

    fn field(&mut self) -> Result<(u32, Field), Malformed> {
        let tag = self.read_varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|&n| n != 0 && n < 1 << 29);
        let number = number.ok_or_else(|| self.malformed("a field number out of range"))?;
        let field = match tag & 7 {
            0 => Field::Varint(self.read_varint()?),
            1 => {
                let range = self.take(8)?;
                let mut bytes = [0; 8];
                bytes.copy_from_slice(&self.message[range]);
                Field::Fixed64(u64::from_le_bytes(bytes))
            }
            2 => {
                let len = self.read_varint()?;
                Field::Bytes(self.take(len)?)
            }
            5 => {
                let range = self.take(4)?;
                let mut bytes = [0; 4];
                bytes.copy_from_slice(&self.message[range]);
                Field::Fixed32(u32::from_le_bytes(bytes))
            }
            _ => return Err(self.malformed("an unknown wire type")),
        };
        Ok((number, field))
    }
}

impl Iterator for Fields<'_> {
    type Item = Result<(u32, Field), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.message.len() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.at = self.message.len();
        }
        Some(field)
    }
}

/// Where the bytes of field 1 lie in a message, the last one if there are several, as every
/// protobuf parser does. `None` when the message has no such field.
///
/// # Errors
/// When the message is not protobuf.
pub fn bytes_field_1(message: &[u8]) -> Result<Option<Range<usize>>, Malformed> {
    let mut found = None;
    for field in fields(message) {
        if let (1, Field::Bytes(range)) = field? {
            found = Some(range);
        }
    }
    Ok(found)
}
