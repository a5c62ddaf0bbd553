//! The formats by name, and what each puts before a JPEG.

use crate::protobuf::{put_varint, varint_len};

/// How pictures are cut into messages on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Okno's own: magic, hello, then length-delimited envelopes.
    Okno,
    /// Seed 000: protobuf messages with nothing in between.
    Raw,
    /// Seed 001: 4-byte big-endian length, then the message.
    Be32,
    /// Seeds 002 and 003 on 64-bit Linux and macOS: 8-byte little-endian length.
    Le64,
    /// Seeds 002 and 003 on Windows: 4-byte little-endian length.
    Le32,
    /// Bare JPEGs one after another: ffmpeg's `-f mjpeg`, GStreamer's `jpegenc`.
    Mjpeg,
    /// `multipart/x-mixed-replace` as cameras serve it over HTTP.
    Multipart,
}

impl Format {
    /// Every format, in the order in which help texts list them.
    pub const ALL: [Self; 7] =
        [Self::Okno, Self::Raw, Self::Be32, Self::Le64, Self::Le32, Self::Mjpeg, Self::Multipart];

    /// The name used in flags, statistics and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Okno => "okno",
            Self::Raw => "raw",
            Self::Be32 => "be32",
            Self::Le64 => "le64",
            Self::Le32 => "le32",
            Self::Mjpeg => "mjpeg",
            Self::Multipart => "multipart",
        }
    }

    /// Appends to `head` what a receiver of this format expects before a JPEG of `jpeg_len`
    /// bytes; nothing follows the JPEG.
    ///
    /// Returns `false`, with `head` unchanged, for the two formats in which a frame is more than
    /// a prefix: [`Format::Okno`] (see [`crate::okno::FrameWriter`]) and [`Format::Multipart`].
    #[must_use]
    pub fn wrap(self, jpeg_len: usize, head: &mut Vec<u8>) -> bool {
        let message_len = 1 + varint_len(jpeg_len as u64) + jpeg_len;
        match self {
            Self::Okno | Self::Multipart => return false,
            Self::Mjpeg => return true,
            Self::Raw => {}
            Self::Be32 => head.extend_from_slice(&truncate32(message_len).to_be_bytes()),
            Self::Le32 => head.extend_from_slice(&truncate32(message_len).to_le_bytes()),
            Self::Le64 => head.extend_from_slice(&(message_len as u64).to_le_bytes()),
        }
        head.push(0x0A);
        put_varint(jpeg_len as u64, head);
        true
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|f| f.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|f| f.name()).collect();
            format!("unknown format {text:?}; one of {}", names.join(", "))
        })
    }
}

/// A JPEG never comes near 4 GiB: OpenCV and turbojpeg refuse 65,536 pixels a side.
fn truncate32(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
