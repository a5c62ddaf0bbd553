//! JPEG to pixels with libjpeg-turbo, at the size that is wanted.
//!
//! In: a JPEG, and the size at which it will be shown. Out: BGRX pixels in a buffer that is used
//! again. Reads the header and checks the dimensions before it makes room for pixels. Never
//! trusts a picture that ends early: half a frame is an error, not a frame.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_int, c_ulong};
use std::sync::{Mutex, PoisonError};

use turbojpeg::raw;

use crate::Picture;
use crate::crew::Crew;
use crate::strips::{Busy, STRIPS, Splitter, Strip};

/// Most pixels that a picture may have: 40 megapixels, above any camera's video mode; its pixels
/// take 160 MB. A JPEG header of a few bytes can claim 65,500 x 65,500.
pub const MAX_PIXELS: u64 = 40_000_000;

/// What a JPEG's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Header {
    /// The size at so many eighths of this one, as libjpeg-turbo rounds it.
    #[must_use]
    pub const fn eighths(self, eighths: u32) -> Self {
        Self {
            width: (self.width * eighths).div_ceil(8),
            height: (self.height * eighths).div_ceil(8),
        }
    }
}

/// Why a picture could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The decoder's own words.
    #[error("not a decodable JPEG: {0}")]
    Jpeg(String),
    /// The sender has used its shared memory again before this frame was copied out of it.
    #[error("a newer frame was written over this one")]
    Overwritten,
    /// Larger than [`MAX_PIXELS`].
    #[error("a picture of {width} x {height} pixels is over the limit of {MAX_PIXELS} pixels")]
    TooLarge {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
    },
}

/// Eighths that are cheaper to decode than any larger size. For the others libjpeg-turbo 2.1 has
/// no fast inverse DCT: 3/8 costs 1.07 x 4/8, and 5/8, 6/8 and 7/8 cost 1.2, 1.4 and 1.8 x full
/// size (720p at quality 80; `cargo bench -p okno-media` shows it for this machine).
const CHEAP: [u32; 3] = [1, 2, 4];

/// The size that a picture of `full` pixels is decoded to when it is shown at `wanted` pixels, so
/// that decoding and drawing together cost least. `wanted` of zero means full size.
///
/// Of libjpeg-turbo's eighths, the one that is just the wanted size, whichever it is: a picture
/// that needs no scaling is copied to the screen at 0.4 ns a pixel, while Qt's software renderer
/// scales at 5 ns and more, which is far above what the dear eighths cost. Else the smallest of
/// the cheap ones that is not smaller than wanted in both directions, else full size.
#[must_use]
pub fn scaled_size(full: Header, wanted: (u32, u32)) -> Header {
    if wanted.0 == 0 || wanted.1 == 0 {
        return full;
    }
    // The whole picture is shown in its own shape: one row is rounding.
    let fits = |s: &Header| s.width == wanted.0 && s.height.abs_diff(wanted.1) <= 1;
    let covers = |s: &Header| s.width >= wanted.0 && s.height >= wanted.1;
    (1..8)
        .map(|eighths| full.eighths(eighths))
        .find(fits)
        .or_else(|| CHEAP.into_iter().map(|eighths| full.eighths(eighths)).find(covers))
        .unwrap_or(full)
}

/// One thread's JPEG decoder.
#[derive(Debug)]
pub struct Decoder {
    /// One for each thread that works on a picture; the first is always there.
    hands: Vec<Hand>,
    crew: Crew,
    splitter: Splitter,
}

impl Decoder {
    /// A new decoder.
    ///
    /// # Errors
    /// When libjpeg-turbo has no memory for one.
    pub fn new() -> Result<Self, DecodeError> {
        Ok(Self { hands: vec![Hand::new()?], crew: Crew::default(), splitter: Splitter::default() })
    }

    /// Those who help with large pictures.
    pub(crate) const fn crew(&mut self) -> &mut Crew {
        &mut self.crew
    }

    /// Reads a JPEG's header and checks its size against [`MAX_PIXELS`].
    ///
    /// # Errors
    /// When it is no JPEG, or too large.
    pub fn header(&mut self, jpeg: &[u8]) -> Result<Header, DecodeError> {
        self.hands[0].header(jpeg)
    }

    /// Decodes `jpeg` into `picture` at the size that suits showing it at `wanted` (width,
    /// height in pixels; zero: full size). The buffer grows if it has to and is kept. Sets the
    /// sizes of `picture` and nothing else.
    ///
    /// A large JPEG with restart markers is decoded in strips, on the cores that this process
    /// does not use for other pictures. Where two strips meet, colour is not interpolated from
    /// one into the other: there the rows are as at the edges of a picture.
    ///
    /// # Errors
    /// When the JPEG is broken, ends early, or is too large; the pixels are undefined then.
    pub fn decode(
        &mut self,
        jpeg: &[u8],
        wanted: (u32, u32),
        picture: &mut Picture,
    ) -> Result<(), DecodeError> {
        let full = self.header(jpeg)?;
        let size = scaled_size(full, wanted);
        picture.full_width = full.width;
        picture.full_height = full.height;
        picture.width = size.width;
        picture.height = size.height;
        let bytes = picture.stride() * size.height as usize;
        if picture.pixels.len() < bytes {
            picture.pixels.resize(bytes, 0);
        }
        let pixels = &mut picture.pixels[..bytes];
        let busy = Busy::begin();
        let split = if busy.hands > 1 { self.splitter.split(jpeg) } else { None };
        let Some(strips) = split else {
            return self.hands[0].decompress(jpeg, size, size != full, pixels);
        };
        let hands = busy.hands.min(strips.len());
        while self.hands.len() < hands {
            self.hands.push(Hand::new()?);
        }
        let hands = (&mut self.crew, &mut self.hands[..hands]);
        decode_strips(hands, strips, (full, size), pixels)
    }
}

/// Decodes the strips of a picture, whose sizes are its full one and the one that is wanted.
fn decode_strips(
    (crew, hands): (&mut Crew, &mut [Hand]),
    strips: &[Strip],
    (full, size): (Header, Header),
    mut pixels: &mut [u8],
) -> Result<(), DecodeError> {
    let eighths = (1..=8).find(|&eighths| full.eighths(eighths) == size).unwrap_or(8);
    // Strips begin at multiples of eight rows, so none of these is rounded but the last.
    let row = |full_row: u32| (full_row * eighths).div_ceil(8);
    let mut jobs: [Option<(&Strip, Header, &mut [u8])>; STRIPS] = [const { None }; STRIPS];
    for (job, strip) in jobs.iter_mut().zip(strips) {
        let height = row(strip.rows.end) - row(strip.rows.start);
        let bytes = size.width as usize * 4 * height as usize;
        let rows = pixels.split_off_mut(..bytes).unwrap_or_default();
        *job = Some((strip, Header { height, ..size }, rows));
    }
    let jobs = Mutex::new(jobs.into_iter().flatten());
    let failed = Mutex::new(None);
    let helpers = hands.len() - 1;
    let free = Mutex::new(hands.iter_mut());
    crew.share(helpers, &|| {
        let hand = free.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some(hand) = hand else { return };
        let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some((strip, size, rows)) = next() {
            if let Err(error) = hand.decompress(&strip.jpeg, size, eighths < 8, rows) {
                *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// An instance of libjpeg-turbo's decoder.
#[derive(Debug)]
struct Hand(raw::tjhandle);

// SAFETY: a libjpeg-turbo instance holds no thread-local state; it may move between threads as
// long as one uses it at a time, which `&mut self` ensures.
unsafe impl Send for Hand {}

impl Hand {
    fn new() -> Result<Self, DecodeError> {
        // SAFETY: takes no argument; a null handle is checked below.
        let handle = unsafe { raw::tjInitDecompress() };
        if handle.is_null() {
            return Err(DecodeError::Jpeg("libjpeg-turbo has no memory for a decoder".into()));
        }
        Ok(Self(handle))
    }

    fn header(&mut self, jpeg: &[u8]) -> Result<Header, DecodeError> {
        let (mut width, mut height, mut subsampling, mut colorspace) = (0, 0, 0, 0);
        // SAFETY: the handle is live; `jpeg` is readable for its length and is not written to or
        // kept; the four results are valid places to write.
        let result = unsafe {
            raw::tjDecompressHeader3(
                self.0,
                jpeg.as_ptr(),
                jpeg.len() as c_ulong,
                &raw mut width,
                &raw mut height,
                &raw mut subsampling,
                &raw mut colorspace,
            )
        };
        if result != 0 && self.is_fatal() {
            return Err(DecodeError::Jpeg(self.message()));
        }
        let (Ok(width @ 1..), Ok(height @ 1..)) = (u32::try_from(width), u32::try_from(height))
        else {
            return Err(DecodeError::Jpeg("the header gives no size".into()));
        };
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(DecodeError::TooLarge { width, height });
        }
        Ok(Header { width, height })
    }

    /// Decodes `jpeg` to `size`, one of libjpeg-turbo's scalings of its own.
    fn decompress(
        &mut self,
        jpeg: &[u8],
        size: Header,
        fast: bool,
        pixels: &mut [u8],
    ) -> Result<(), DecodeError> {
        let stride = size.width as usize * 4;
        if pixels.len() < stride * size.height as usize {
            return Err(DecodeError::Jpeg("strips that are no picture".into()));
        }
        // Where the picture is made smaller anyway, the finer of two ways to interpolate colour
        // can't be seen.
        let fast = if fast { raw::TJFLAG_FASTUPSAMPLE | raw::TJFLAG_FASTDCT } else { 0 };
        // A progressive JPEG with thousands of scans would keep this thread busy for minutes.
        let flags = fast | raw::TJFLAG_LIMITSCANS;
        // SAFETY: the handle is live; `jpeg` is readable for its length; the destination holds
        // `stride * height` bytes, checked above, and width, height and pitch describe just that:
        // the library writes at most so many rows of so many pixels, or none.
        let result = unsafe {
            raw::tjDecompress2(
                self.0,
                jpeg.as_ptr(),
                jpeg.len() as c_ulong,
                pixels.as_mut_ptr(),
                to_int(size.width),
                to_int(size.width * 4),
                to_int(size.height),
                raw::TJPF_TJPF_BGRX,
                flags as c_int,
            )
        };
        if result != 0 {
            let message = self.message();
            // libjpeg-turbo warns of much that cameras do all the time and that shows well (bytes
            // between segments); a picture that breaks off is not one of these.
            if self.is_fatal() || message.contains("remature end") {
                return Err(DecodeError::Jpeg(message));
            }
        }
        Ok(())
    }

    fn is_fatal(&self) -> bool {
        // SAFETY: the handle is live.
        unsafe { raw::tjGetErrorCode(self.0) == raw::TJERR_TJERR_FATAL as c_int }
    }

    fn message(&self) -> String {
        // SAFETY: the handle is live; the string belongs to it, is terminated, and is copied
        // before the next call.
        unsafe { CStr::from_ptr(raw::tjGetErrorStr2(self.0)) }.to_string_lossy().into_owned()
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        // SAFETY: the handle is live and not used again.
        unsafe { raw::tjDestroy(self.0) };
    }
}

/// Dimensions are below 65,536 (the JPEG header's limit), so this never saturates.
fn to_int(value: u32) -> c_int {
    c_int::try_from(value).unwrap_or(c_int::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Header = Header { width: 1280, height: 720 };

    fn chosen(width: u32, height: u32) -> (u32, u32) {
        let size = scaled_size(FULL, (width, height));
        (size.width, size.height)
    }

    #[test]
    fn what_is_shown_at_an_eighth_is_decoded_at_it() {
        for eighths in 1..=8 {
            let size = FULL.eighths(eighths);
            assert_eq!(chosen(size.width, size.height), (size.width, size.height));
        }
        assert_eq!(chosen(480, 271), (480, 270), "one row is rounding");
        let odd = Header { width: 1023, height: 767 };
        assert_eq!(scaled_size(odd, (384, 287)), odd.eighths(3));
    }

    #[test]
    fn what_has_to_be_scaled_is_decoded_where_that_is_cheap() {
        assert_eq!(chosen(100, 56), (160, 90));
        assert_eq!(chosen(161, 90), (320, 180));
        assert_eq!(chosen(400, 225), (640, 360));
        assert_eq!(chosen(641, 360), (1280, 720));
        assert_eq!(chosen(900, 506), (1280, 720));
        assert_eq!(chosen(4000, 2250), (1280, 720));
        assert_eq!(chosen(0, 0), (1280, 720));
    }
}
