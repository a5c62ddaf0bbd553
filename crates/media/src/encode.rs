//! JPEG encoding with libjpeg-turbo.
//!
//! In: rows of packed pixels. Out: a JPEG in a buffer that the caller keeps and hands in again,
//! so that nothing is allocated per frame once the buffer has its size. Never scales or crops.
//!
//! The chroma is halved in both directions (4:2:0), as every camera's JPEG and OpenCV's own
//! encoder have it: the originals' pictures look the same, at half the bytes of 4:4:4.

use std::sync::{Mutex, PoisonError};

use turbojpeg::raw;

use crate::crew::Crew;
use crate::strips::{self, Busy, STRIPS};

/// How a pixel's bytes are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One byte of grey.
    Gray,
    /// Blue, green, red: OpenCV's order.
    Bgr,
    /// Blue, green, red, and a byte that is not looked at.
    Bgrx,
}

impl Layout {
    /// Bytes of one pixel.
    #[must_use]
    pub const fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Bgr => 3,
            Self::Bgrx => 4,
        }
    }

    const fn raw(self) -> i32 {
        match self {
            Self::Gray => raw::TJPF_TJPF_GRAY,
            Self::Bgr => raw::TJPF_TJPF_BGR,
            Self::Bgrx => raw::TJPF_TJPF_BGRX,
        }
    }

    const fn subsampling(self) -> i32 {
        (match self {
            Self::Gray => raw::TJSAMP_TJSAMP_GRAY,
            Self::Bgr | Self::Bgrx => raw::TJSAMP_TJSAMP_420,
        }) as i32
    }

    /// Pixels of a block's side (of an MCU's).
    const fn block(self) -> usize {
        match self {
            Self::Gray => 8,
            Self::Bgr | Self::Bgrx => 16,
        }
    }

    /// The largest JPEG that so many pixels could become, in bytes.
    #[allow(unsafe_code)]
    fn most_bytes(self, width: usize, height: usize) -> Result<usize, EncodeError> {
        let side = |n: usize| i32::try_from(n).map_err(|_| EncodeError::Size(width, height));
        // SAFETY: a function of its arguments.
        let most = unsafe { raw::tjBufSize(side(width)?, side(height)?, self.subsampling()) };
        let most = usize::try_from(most).ok().filter(|&n| n > 0 && n < usize::MAX / 8);
        most.ok_or(EncodeError::Size(width, height))
    }
}

/// Rows of packed pixels.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a> {
    /// The rows, each `stride` bytes after the one above; the last may end with its last pixel.
    pub bytes: &'a [u8],
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes from one row's start to the next one's.
    pub stride: usize,
    /// What a pixel is made of.
    pub layout: Layout,
}

impl<'a> Pixels<'a> {
    /// Strips of `rows` rows, the last perhaps of fewer.
    fn strips(self, rows: usize) -> impl Iterator<Item = Self> + 'a {
        self.bytes.chunks(self.stride * rows).enumerate().map(move |(at, bytes)| {
            let height = self.height.saturating_sub(at * rows).min(rows);
            Self { bytes, height, ..self }
        })
    }
}

/// A picture that can't be encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// No width or height, or more than JPEG can say.
    #[error("a JPEG can't have {0} x {1} pixels (1 to 65500 a side)")]
    Size(usize, usize),
    /// The rows don't fit into the bytes.
    #[error("{0} bytes are too few for the rows of the picture")]
    TooShort(usize),
    /// What libjpeg-turbo says.
    #[error("libjpeg-turbo: {0}")]
    Library(String),
}

/// Longest side that libjpeg-turbo encodes (`JPEG_MAX_DIMENSION`).
const MAX_SIDE: usize = 65_500;

/// An encoder; one per thread.
#[derive(Debug)]
pub struct Encoder {
    /// One for each thread that works on a picture; the first is always there.
    hands: Vec<Hand>,
    crew: Crew,
    /// Room for the strips' JPEGs, as large as they could be.
    room: Vec<u8>,
}

/// An instance of libjpeg-turbo's encoder.
#[derive(Debug)]
struct Hand(raw::tjhandle);

// SAFETY: a handle belongs to no thread; it must only not be used by two at once, which
// `&mut self` sees to.
#[allow(unsafe_code)]
unsafe impl Send for Hand {}

impl Encoder {
    /// Makes an encoder.
    ///
    /// # Errors
    /// When the library has no memory for it.
    pub fn new() -> Result<Self, EncodeError> {
        Ok(Self { hands: vec![Hand::new()?], crew: Crew::default(), room: Vec::new() })
    }

    /// Those who help with large pictures, for whoever has other work on one.
    pub const fn crew(&mut self) -> &mut Crew {
        &mut self.crew
    }

    /// Encodes `pixels` into `out`, whose old content is dropped. `quality` is 1 to 100 and is
    /// brought into that range. Large pictures are made in strips, joined by restart markers, on
    /// the cores that this process does not use for other pictures.
    ///
    /// # Errors
    /// When the picture can't be encoded; `out` is empty then.
    pub fn encode(
        &mut self,
        pixels: &Pixels<'_>,
        quality: u8,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.clear();
        checked(pixels)?;
        let busy = Busy::begin();
        let Pixels { width, height, layout, .. } = *pixels;
        let rows = strips::strip_height(width, height, layout.block()).unwrap_or(height);
        let most = layout.most_bytes(width, rows)?;
        let count = height.div_ceil(rows);
        if self.room.len() < count * most {
            // Memory that is not written to is not taken from the system.
            self.room = vec![0; count * most];
        }
        let mut lens: [_; STRIPS] = std::array::from_fn(|_| Ok(0));
        let places = self.room.chunks_mut(most).zip(&mut lens);
        let jobs = Mutex::new(pixels.strips(rows).take(count).zip(places));
        let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
        let hands = busy.hands.min(count);
        while self.hands.len() < hands {
            self.hands.push(Hand::new()?);
        }
        let free = Mutex::new(self.hands.iter_mut());
        self.crew.share(hands - 1, &|| {
            let hand = free.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(hand) = hand else { return };
            while let Some((strip, (room, len))) = next() {
                *len = hand.compress(&strip, quality, room);
            }
        });
        let mut jpegs: [&[u8]; STRIPS] = [&[]; STRIPS];
        for ((jpeg, room), len) in
            jpegs.iter_mut().zip(self.room.chunks(most)).zip(lens).take(count)
        {
            *jpeg = room.get(..len?).unwrap_or(&[]);
        }
        if count == 1 {
            out.extend_from_slice(jpegs[0]);
        } else if strips::join(&jpegs[..count], height, out).is_none() {
            out.clear();
            return Err(EncodeError::Library("it made strips that can't be joined".into()));
        }
        Ok(())
    }
}

impl Hand {
    #[allow(unsafe_code)]
    fn new() -> Result<Self, EncodeError> {
        // SAFETY: takes nothing; the result is checked.
        let handle = unsafe { raw::tjInitCompress() };
        if handle.is_null() {
            return Err(EncodeError::Library("no memory for an encoder".into()));
        }
        Ok(Self(handle))
    }

    /// Encodes into `room` and returns the length.
    #[allow(unsafe_code)]
    fn compress(
        &mut self,
        pixels: &Pixels<'_>,
        quality: u8,
        room: &mut [u8],
    ) -> Result<usize, EncodeError> {
        let (width, height, stride) = checked(pixels)?;
        let mut start = room.as_mut_ptr();
        let mut len = room.len() as _;
        // SAFETY: `checked` saw that the rows lie within `bytes`; `start` has `len` bytes to
        // write to, and with TJFLAG_NOREALLOC the library neither frees nor replaces them.
        let status = unsafe {
            raw::tjCompress2(
                self.0,
                pixels.bytes.as_ptr(),
                width,
                stride,
                height,
                pixels.layout.raw(),
                &raw mut start,
                &raw mut len,
                pixels.layout.subsampling(),
                i32::from(quality.clamp(1, 100)),
                raw::TJFLAG_NOREALLOC as i32,
            )
        };
        if status != 0 {
            return Err(EncodeError::Library(self.error_text()));
        }
        Ok(usize::try_from(len).unwrap_or(0).min(room.len()))
    }

    #[allow(unsafe_code)]
    fn error_text(&self) -> String {
        // SAFETY: the handle is valid; the library answers with a terminated text that stands
        // until the next call on it.
        unsafe { std::ffi::CStr::from_ptr(raw::tjGetErrorStr2(self.0)) }
            .to_string_lossy()
            .into_owned()
    }
}

impl Drop for Hand {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        // SAFETY: the handle is valid and is not used again.
        unsafe { raw::tjDestroy(self.0) };
    }
}

/// Width, height and stride as the library wants them, when the rows lie within the bytes.
fn checked(pixels: &Pixels<'_>) -> Result<(i32, i32, i32), EncodeError> {
    let Pixels { bytes, width, height, stride, layout } = *pixels;
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err(EncodeError::Size(width, height));
    }
    let row = width * layout.bytes_per_pixel();
    let needed = stride.checked_mul(height - 1).and_then(|n| n.checked_add(row));
    if stride < row || needed.is_none_or(|n| n > bytes.len()) {
        return Err(EncodeError::TooShort(bytes.len()));
    }
    let int = |n: usize| i32::try_from(n).map_err(|_| EncodeError::Size(width, height));
    Ok((int(width)?, int(height)?, int(stride)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize, stride: usize) -> Vec<u8> {
        (0..stride * height).map(|i| ((i % stride) * 255 / (width * 3) % 256) as u8).collect()
    }

    fn size_of(jpeg: &[u8]) -> (usize, usize) {
        let header = turbojpeg::read_header(jpeg).expect("a JPEG");
        (header.width, header.height)
    }

    #[test]
    fn encodes_what_decodes_to_nearly_the_same() {
        let (width, height, stride) = (70, 33, 70 * 3 + 5);
        let bytes = picture(width, height, stride);
        let pixels = Pixels { bytes: &bytes, width, height, stride, layout: Layout::Bgr };
        let mut out = Vec::new();
        Encoder::new().expect("encoder").encode(&pixels, 95, &mut out).expect("encode");
        let image = turbojpeg::decompress(&out, turbojpeg::PixelFormat::BGR).expect("decode");
        assert_eq!((image.width, image.height), (width, height));
        let far = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .filter(|&(x, y)| {
                let sent = bytes[y * stride + x * 3 + 1];
                sent.abs_diff(image.pixels[y * image.pitch + x * 3 + 1]) > 12
            })
            .count();
        assert_eq!(far, 0, "pixels that differ visibly");
    }

    #[test]
    fn uses_the_callers_buffer_again() {
        let bytes = picture(64, 48, 64 * 3);
        let pixels =
            Pixels { bytes: &bytes, width: 64, height: 48, stride: 192, layout: Layout::Bgr };
        let mut encoder = Encoder::new().expect("encoder");
        let mut out = Vec::new();
        encoder.encode(&pixels, 100, &mut out).expect("encode");
        let (start, capacity) = (out.as_ptr(), out.capacity());
        for quality in [1, 80, 100, 200] {
            encoder.encode(&pixels, quality, &mut out).expect("encode");
            assert_eq!(size_of(&out), (64, 48));
        }
        assert_eq!((out.as_ptr(), out.capacity()), (start, capacity));
    }

    #[test]
    fn gray_and_four_bytes() {
        let mut encoder = Encoder::new().expect("encoder");
        let mut out = Vec::new();
        for layout in [Layout::Gray, Layout::Bgrx] {
            let stride = 20 * layout.bytes_per_pixel();
            let bytes = vec![200; stride * 10];
            let pixels = Pixels { bytes: &bytes, width: 20, height: 10, stride, layout };
            encoder.encode(&pixels, 80, &mut out).expect("encode");
            assert_eq!(size_of(&out), (20, 10));
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let mut encoder = Encoder::new().expect("encoder");
        let mut out = vec![1, 2, 3];
        let at = |bytes, width, height, stride| Pixels {
            bytes,
            width,
            height,
            stride,
            layout: Layout::Bgr,
        };
        let short = encoder.encode(&at(&[0; 29], 5, 2, 15), 80, &mut out);
        assert_eq!(short, Err(EncodeError::TooShort(29)));
        assert!(out.is_empty());
        let narrow = encoder.encode(&at(&[0; 300], 5, 2, 14), 80, &mut out);
        assert_eq!(narrow, Err(EncodeError::TooShort(300)));
        for (width, height) in [(0, 2), (2, 0), (65_501, 1)] {
            let size = encoder.encode(&at(&[0; 300], width, height, 15), 80, &mut out);
            assert_eq!(size, Err(EncodeError::Size(width, height)));
        }
    }
}
