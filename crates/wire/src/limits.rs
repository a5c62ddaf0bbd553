//! The bounds that everything from outside is held to, each with its reason.

/// Largest message (length prefix not counted) that is accepted, in bytes: 16 MiB. A 4K JPEG at
/// quality 100 stays below it; anything larger is a broken or hostile length.
pub const MAX_MESSAGE: usize = 16 << 20;

/// Highest value that [`Limits::max_message`] takes effect with, in bytes: 128 MiB. From 160 MiB
/// on, the length of a `be32` message could begin with 0A as a `raw` stream does, and the first
/// bytes of a connection would no longer tell the formats apart.
pub const HIGHEST_MAX_MESSAGE: usize = 128 << 20;

/// Bytes that fields other than the picture may take in the first message of a `be32`, `le32`
/// or `le64` stream. Small, because the lengths that the two byte orders read from the same four
/// bytes are the same or at least 65,280 apart: with less room than that only one can be right.
pub const MAX_BESIDE_PICTURE: usize = 4 << 10;

/// Smallest message that can hold a JPEG: SOI and EOI alone.
pub const MIN_JPEG: usize = 4;

/// Bytes of filler (zeros, line ends) that may stand between two bare JPEGs. Cameras that hand
/// out fixed-size buffers pad them; more than this is not padding.
pub const MAX_PADDING: usize = 64 << 10;

/// Longest header of one part of an HTTP multipart stream, in bytes.
pub const MAX_PART_HEADER: usize = 8 << 10;

/// Longest stream name that is kept, in bytes of UTF-8.
pub const MAX_NAME: usize = 256;

/// The limits that a user can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest message in bytes; see [`MAX_MESSAGE`]. Above [`HIGHEST_MAX_MESSAGE`] it counts
    /// as that.
    pub max_message: usize,
}

impl Limits {
    /// The largest message that is accepted, in bytes.
    #[must_use]
    pub fn message(&self) -> usize {
        self.max_message.min(HIGHEST_MAX_MESSAGE)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_message: MAX_MESSAGE }
    }
}
