//! JPEG to pixels with libjpeg-turbo, at the size that is wanted.
//!
//! In: a JPEG, and the size at which it will be shown. Out: BGRX pixels in a buffer that is used
//! again. Reads the header and checks the dimensions before it makes room for pixels. Never
//! trusts a picture that ends early: half a frame is an error, not a frame.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_int, c_ulong};

use turbojpeg::raw;

use crate::Picture;

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

/// Why a picture could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The decoder's own words.
    #[error("not a decodable JPEG: {0}")]
    Jpeg(String),
    /// Larger than [`MAX_PIXELS`].
    #[error("a picture of {width} x {height} pixels is over the limit of {MAX_PIXELS} pixels")]
    TooLarge {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
    },
}

/// The size that a picture of `full` pixels is decoded to when it is shown at `wanted` pixels:
/// the smallest of libjpeg-turbo's eighths that is not smaller than wanted in both directions,
/// and never larger than full size. `wanted` of zero means full size.
///
/// Only halvings have a fast inverse DCT in libjpeg-turbo 2.1; the sizes in between cost more to
/// compute than they spare as long as the result is not much smaller, so they are used where a
/// halving is not possible and less than 3/4 is left.
#[must_use]
pub fn scaled_size(full: Header, wanted: (u32, u32)) -> Header {
    if wanted.0 == 0 || wanted.1 == 0 {
        return full;
    }
    let scaled = |eighths: u32| Header {
        width: (full.width * eighths).div_ceil(8),
        height: (full.height * eighths).div_ceil(8),
    };
    [1, 2, 3, 4, 5, 6]
        .into_iter()
        .map(scaled)
        .find(|s| s.width >= wanted.0 && s.height >= wanted.1)
        .unwrap_or(full)
}

/// One thread's JPEG decoder.
#[derive(Debug)]
pub struct Decoder {
    handle: raw::tjhandle,
}

// SAFETY: a libjpeg-turbo instance holds no thread-local state; it may move between threads as
// long as one uses it at a time, which `&mut self` ensures.
unsafe impl Send for Decoder {}

impl Decoder {
    /// A new decoder.
    ///
    /// # Errors
    /// When libjpeg-turbo has no memory for one.
    pub fn new() -> Result<Self, DecodeError> {
        // SAFETY: takes no argument; a null handle is checked below.
        let handle = unsafe { raw::tjInitDecompress() };
        if handle.is_null() {
            return Err(DecodeError::Jpeg("libjpeg-turbo has no memory for a decoder".into()));
        }
        Ok(Self { handle })
    }

    /// Reads a JPEG's header and checks its size against [`MAX_PIXELS`].
    ///
    /// # Errors
    /// When it is no JPEG, or too large.
    pub fn header(&mut self, jpeg: &[u8]) -> Result<Header, DecodeError> {
        let (mut width, mut height, mut subsampling, mut colorspace) = (0, 0, 0, 0);
        // SAFETY: the handle is live; `jpeg` is readable for its length and is not written to or
        // kept; the four results are valid places to write.
        let result = unsafe {
            raw::tjDecompressHeader3(
                self.handle,
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

    /// Decodes `jpeg` into `picture` at the size that suits showing it at `wanted` (width,
    /// height in pixels; zero: full size). The buffer grows if it has to and is kept. Sets the
    /// sizes of `picture` and nothing else.
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
        // Where the picture is made smaller anyway, the finer of two ways to interpolate colour
        // can't be seen.
        let fast = if size == full { 0 } else { raw::TJFLAG_FASTUPSAMPLE | raw::TJFLAG_FASTDCT };
        // A progressive JPEG with thousands of scans would keep this thread busy for minutes.
        let flags = fast | raw::TJFLAG_LIMITSCANS;
        // SAFETY: the handle is live; `jpeg` is readable for its length; the destination holds
        // `stride * height` bytes, checked above, and width, height and pitch describe just that
        // (the size is one of libjpeg-turbo's scalings of the header's size).
        let result = unsafe {
            raw::tjDecompress2(
                self.handle,
                jpeg.as_ptr(),
                jpeg.len() as c_ulong,
                picture.pixels.as_mut_ptr(),
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
        unsafe { raw::tjGetErrorCode(self.handle) == raw::TJERR_TJERR_FATAL as c_int }
    }

    fn message(&self) -> String {
        // SAFETY: the handle is live; the string belongs to it, is terminated, and is copied
        // before the next call.
        unsafe { CStr::from_ptr(raw::tjGetErrorStr2(self.handle)) }.to_string_lossy().into_owned()
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the handle is live and not used again.
        unsafe { raw::tjDestroy(self.handle) };
    }
}

/// Dimensions are below 65,536 (the JPEG header's limit), so this never saturates.
fn to_int(value: u32) -> c_int {
    c_int::try_from(value).unwrap_or(c_int::MAX)
}
