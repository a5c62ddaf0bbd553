//! The bounds that everything from outside is held to, each with its reason.

/// Largest message (length prefix not counted) that is accepted, in bytes: 16 MiB. A 4K JPEG at
/// quality 100 stays below it; anything larger is a broken or hostile length.
pub const MAX_MESSAGE: usize = 16 << 20;

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
    /// Largest message in bytes; see [`MAX_MESSAGE`].
    pub max_message: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_message: MAX_MESSAGE }
    }
}
