//! A frame on its way: compressed, then decoded, with the times at which it passed each stage.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::decode::{DecodeError, Decoder};
use crate::encode::{EncodeError, Encoder, Layout, Pixels};
use crate::shared::{Place, Reader};

/// Quality of the JPEGs that are made of frames that never were one: a snapshot is kept, and
/// looked at closely.
const STILL_QUALITY: u8 = 95;

/// Pictures in a row that a buffer of more than [`ROOMY`] times their size has held before the rest
/// of it is given back: someone who looks at a tile of a wall in full size, and at the wall again,
/// and at the next one, would fill the memory with buffers of full size. Two views of different
/// sizes take turns with the buffers, so one small picture means nothing.
const SMALL_ONES: u32 = 30;

/// See [`SMALL_ONES`].
const ROOMY: usize = 4;

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
    /// The frame has no JPEG, only pixels; `buffer` is empty then.
    pub raw: Option<Raw>,
    /// Counts the frames received of this stream, from 1, in the order of arrival.
    pub number: u64,
    /// Times so far.
    pub stamps: Stamps,
}

/// A frame that a sender on this machine handed over uncompressed.
#[derive(Clone, Debug)]
pub enum Raw {
    /// In the sender's shared memory, where it stays for a few frames.
    Shared(Arc<Reader>, Place),
    /// Copied from there.
    Picture(Arc<Picture>),
}

impl EncodedFrame {
    /// Makes the frame's pixels, for showing them at `wanted` (see [`Decoder::decode`]).
    ///
    /// # Errors
    /// When the JPEG is broken, or the sender has used the shared memory again.
    pub fn decode(
        &self,
        decoder: &mut Decoder,
        wanted: (u32, u32),
        picture: &mut Picture,
    ) -> Result<(), DecodeError> {
        self.fill(decoder, wanted, picture)?;
        picture.give_back();
        Ok(())
    }

    fn fill(
        &self,
        decoder: &mut Decoder,
        wanted: (u32, u32),
        picture: &mut Picture,
    ) -> Result<(), DecodeError> {
        let size = match &self.raw {
            None => return decoder.decode(self.jpeg(), wanted, picture),
            Some(Raw::Shared(ring, place)) => {
                if !ring.copy(place, &mut picture.pixels, Some(decoder.crew())) {
                    return Err(DecodeError::Overwritten);
                }
                (place.width, place.height)
            }
            Some(Raw::Picture(from)) => {
                let bytes = from.stride() * from.height as usize;
                let pixels = from.pixels.get(..bytes).unwrap_or_default();
                picture.pixels.clear();
                picture.pixels.extend_from_slice(pixels);
                (from.width, from.height)
            }
        };
        (picture.width, picture.height) = size;
        (picture.full_width, picture.full_height) = size;
        Ok(())
    }

    /// The frame as a JPEG: the sender's own, or one that is made here, which takes milliseconds.
    ///
    /// # Errors
    /// When there are no pixels to make one of any more.
    pub fn to_jpeg(&self) -> Result<Cow<'_, [u8]>, EncodeError> {
        let mut copy = Picture::default();
        let picture = match &self.raw {
            None => return Ok(Cow::Borrowed(self.jpeg())),
            Some(Raw::Picture(picture)) => picture,
            Some(Raw::Shared(ring, place)) => {
                if !ring.copy(place, &mut copy.pixels, None) {
                    return Err(EncodeError::TooShort(0));
                }
                (copy.width, copy.height) = (place.width, place.height);
                &copy
            }
        };
        let pixels = Pixels {
            bytes: &picture.pixels,
            width: picture.width as usize,
            height: picture.height as usize,
            stride: picture.stride(),
            layout: Layout::Bgrx,
        };
        let mut jpeg = Vec::new();
        Encoder::new()?.encode(&pixels, STILL_QUALITY, &mut jpeg)?;
        Ok(Cow::Owned(jpeg))
    }

    /// The JPEG's bytes, exactly as they came; empty for a raw frame.
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
    /// Pictures in a row that were small for this buffer.
    small_ones: u32,
}

impl Picture {
    /// Gives memory back that pictures have not needed for long; see [`SMALL_ONES`].
    fn give_back(&mut self) {
        let used = self.stride() * self.height as usize;
        let roomy = self.pixels.capacity() / ROOMY > used;
        self.small_ones = if roomy { self.small_ones + 1 } else { 0 };
        if self.small_ones == SMALL_ONES {
            self.pixels.truncate(used);
            self.pixels.shrink_to_fit();
            self.small_ones = 0;
        }
    }

    /// Bytes from one row to the next.
    #[must_use]
    pub const fn stride(&self) -> usize {
        self.width as usize * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(width: usize, height: usize) -> EncodedFrame {
        let bytes: Vec<u8> = (0..width * height * 4).map(|at| (at / 7) as u8).collect();
        let layout = Layout::Bgrx;
        let pixels = Pixels { bytes: &bytes, width, height, stride: width * 4, layout };
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new().expect("memory");
        encoder.encode(&pixels, 80, &mut jpeg).expect("encoded");
        EncodedFrame {
            range: 0..jpeg.len(),
            buffer: Arc::new(jpeg),
            raw: None,
            number: 1,
            stamps: Stamps::default(),
        }
    }

    #[test]
    fn a_picture_that_is_small_again_gives_its_memory_back() {
        const FULL: (u32, u32) = (0, 0);
        const TILE: (u32, u32) = (64, 36);
        let frame = frame(640, 360);
        let (mut decoder, mut picture) = (Decoder::new().expect("memory"), Picture::default());
        let mut show = |size| {
            frame.decode(&mut decoder, size, &mut picture).expect("a picture");
            let used = picture.stride() * picture.height as usize;
            (picture.pixels[..used].to_vec(), picture.pixels.capacity(), picture.pixels.as_ptr())
        };
        let (_, full, place) = show(FULL);
        assert!(full >= 640 * 360 * 4);
        // Two views that take turns: nothing is made anew.
        for _ in 0..3 * SMALL_ONES {
            assert_eq!((show(TILE).1, show(FULL).2), (full, place));
        }
        let seen: Vec<_> = (0..SMALL_ONES + 1).map(|_| show(TILE)).collect();
        let tile = &seen[0].0;
        assert!(seen.iter().all(|(pixels, ..)| pixels == tile));
        assert_eq!(seen.last().map(|last| last.1), Some(tile.len()));
        assert_eq!(show(FULL).0.len(), 640 * 360 * 4);
    }
}
