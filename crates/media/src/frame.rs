//! A frame on its way: compressed, then decoded, with the times at which it passed each stage.

use std::ops::Range;
use std::sync::Arc;

/// When a frame passed each stage, in nanoseconds of [`crate::clock::now_ns`] on the machine
/// that shows it. `None` where the sender did not say, or its clock can't be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    /// The source gave the frame.
    pub captured: Option<u64>,
    /// The sender finished encoding it.
    pub encoded: Option<u64>,
    /// The sender handed it to its socket.
    pub sent: Option<u64>,
    /// Its last byte was read here.
    pub received: u64,
    /// A decoder took it up; 0 until then.
    pub taken: u64,
    /// Its pixels were ready; 0 until then.
    pub decoded: u64,
}

/// A compressed frame as it was received. Cloning shares the bytes.
#[derive(Clone, Debug)]
pub struct EncodedFrame {
    /// The receive buffer that holds the picture among other bytes.
    pub buffer: Arc<Vec<u8>>,
    /// Where the JPEG lies in `buffer`.
    pub range: Range<usize>,
    /// Counts the frames received of this stream, from 1, in the order of arrival.
    pub number: u64,
    /// Times so far.
    pub stamps: Stamps,
}

impl EncodedFrame {
    /// The JPEG's bytes, exactly as they came.
    #[must_use]
    pub fn jpeg(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }
}

/// Decoded pixels, 4 bytes each: blue, green, red, unused (Qt's `Format_RGB32` on little-endian
/// machines), rows from the top without padding.
#[derive(Debug, Default)]
pub struct Picture {
    /// `width * height * 4` bytes, or more: a recycled buffer may be larger.
    pub pixels: Vec<u8>,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Width of the picture as the sender encoded it, in pixels.
    pub full_width: u32,
    /// Height of the picture as the sender encoded it, in pixels.
    pub full_height: u32,
    /// Width of the source's pictures, in pixels: a sender that knows how small it is shown may
    /// encode them smaller.
    pub source_width: u32,
    /// Height of the source's pictures, in pixels.
    pub source_height: u32,
    /// [`EncodedFrame::number`] of the frame that these pixels are of.
    pub number: u64,
    /// Counts the pictures published for this stream: a frame decoded again at another size is
    /// a new picture of the same number.
    pub version: u64,
    /// Times so far.
    pub stamps: Stamps,
}

impl Picture {
    /// Bytes from one row to the next.
    #[must_use]
    pub const fn stride(&self) -> usize {
        self.width as usize * 4
    }
}
