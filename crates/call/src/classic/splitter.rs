//! Where pictures and chunks begin and end in the bytes of the other one.
//!
//! In: bytes as they arrive. Out: whole pickles, whole chunks. Never takes room for what has only
//! been announced, and never hands out more than a second may have.

use okno_relay::limits::MAX_FRAME;

use super::CHUNK;

/// Pictures a second that are looked at, as in a sealed call; a camera has 60.
const MAX_PICTURES: u32 = 120;

/// Chunks a second that are looked at; there are 43, and some seconds of them at once when the
/// original server has kept them.
const MAX_CHUNKS: u32 = 400;

const SECOND: u64 = 1_000_000_000;

/// What comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// uint32 little-endian size, then a pickle.
    Video,
    /// Chunks of [`CHUNK`] bytes.
    Audio,
}

/// A picture that is larger than any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a picture of {size} bytes announced at byte {at} of the video; the limit is {MAX_FRAME}")]
pub(super) struct TooLarge {
    size: u32,
    at: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Splitter {
    media: Media,
    /// Bytes of a size that is not complete yet.
    prefix: Vec<u8>,
    /// Bytes of the picture or chunk that the next one needs.
    size: Option<usize>,
    whole: Vec<u8>,
    /// Bytes of the stream so far.
    at: u64,
    second: u64,
    this_second: u32,
    /// Whole ones beyond what a second may have.
    pub flooded: u64,
}

impl Splitter {
    pub fn new(media: Media) -> Self {
        Self {
            media,
            prefix: Vec::new(),
            size: None,
            whole: Vec::new(),
            at: 0,
            second: 0,
            this_second: 0,
            flooded: 0,
        }
    }

    /// Takes the next bytes of the stream, which came at `now` (nanoseconds); `each` gets what is
    /// complete.
    pub fn split<E: From<TooLarge>>(
        &mut self,
        mut bytes: &[u8],
        now: u64,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while !bytes.is_empty() {
            let Some(size) = self.size(&mut bytes)? else { return Ok(()) };
            let (part, later) = bytes.split_at((size - self.whole.len()).min(bytes.len()));
            self.whole.extend_from_slice(part);
            self.at += part.len() as u64;
            bytes = later;
            if self.whole.len() == size {
                if self.may_pass(now) {
                    each(&self.whole)?;
                }
                self.whole.clear();
                self.size = None;
            }
        }
        Ok(())
    }

    /// The size of what comes next, once it is known.
    fn size(&mut self, bytes: &mut &[u8]) -> Result<Option<usize>, TooLarge> {
        if self.size.is_none() {
            self.size = match self.media {
                Media::Audio => Some(CHUNK),
                Media::Video => self.announced(bytes)?,
            };
        }
        Ok(self.size)
    }

    fn announced(&mut self, bytes: &mut &[u8]) -> Result<Option<usize>, TooLarge> {
        let (now, later) = bytes.split_at((4 - self.prefix.len()).min(bytes.len()));
        self.prefix.extend_from_slice(now);
        *bytes = later;
        let Ok(prefix) = <[u8; 4]>::try_from(self.prefix.as_slice()) else { return Ok(None) };
        self.prefix.clear();
        let size = u32::from_le_bytes(prefix);
        let at = self.at;
        self.at += 4;
        let fits = usize::try_from(size).ok().filter(|size| *size <= MAX_FRAME);
        fits.map(Some).ok_or(TooLarge { size, at })
    }

    fn may_pass(&mut self, now: u64) -> bool {
        if now.saturating_sub(self.second) >= SECOND {
            (self.second, self.this_second) = (now, 0);
        }
        let most = match self.media {
            Media::Video => MAX_PICTURES,
            Media::Audio => MAX_CHUNKS,
        };
        let passes = self.this_second < most;
        self.this_second += u32::from(passes);
        self.flooded += u64::from(!passes);
        passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(media: Media, stream: &[u8], step: usize) -> Vec<Vec<u8>> {
        let mut splitter = Splitter::new(media);
        let mut all = Vec::new();
        for part in stream.chunks(step) {
            let each = |whole: &[u8]| {
                all.push(whole.to_vec());
                Ok::<_, TooLarge>(())
            };
            splitter.split(part, 0, each).expect("pictures within the limit");
        }
        all
    }

    #[test]
    fn pictures_and_chunks_are_found_however_they_arrive() {
        let pictures: Vec<Vec<u8>> =
            [1usize, 5, 300, 70_000, 2].iter().map(|&size| vec![size as u8; size]).collect();
        let framed = |picture: &Vec<u8>| {
            [&u32::try_from(picture.len()).expect("small").to_le_bytes()[..], picture].concat()
        };
        let stream: Vec<u8> = pictures.iter().flat_map(framed).collect();
        let sound: Vec<u8> = (0..5_000u32).map(|at| at as u8).collect();
        for step in [1, 3, 4, 4096, stream.len()] {
            assert_eq!(split(Media::Video, &stream, step), pictures, "step {step}");
            let chunks = split(Media::Audio, &sound, step);
            assert_eq!(chunks, [&sound[..CHUNK], &sound[CHUNK..2 * CHUNK]], "step {step}");
        }
    }

    #[test]
    fn four_gigabytes_are_refused_before_they_come() {
        let mut splitter = Splitter::new(Media::Video);
        let bytes = [2, 0, 0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF];
        let error = splitter.split(&bytes, 0, |_| Ok::<_, TooLarge>(())).expect_err("too large");
        let words = "a picture of 4294967295 bytes announced at byte 6 of the video; \
                     the limit is 4194304";
        assert_eq!(error.to_string(), words);
        let mut splitter = Splitter::new(Media::Video);
        let announced = splitter.split(&[0, 0, 0x40, 0, 1], 0, |_| Ok::<_, TooLarge>(()));
        assert_eq!((announced, splitter.whole.capacity() < 100), (Ok(()), true));
    }

    #[test]
    fn a_flood_is_not_looked_at() {
        let mut splitter = Splitter::new(Media::Video);
        let flood = [1, 0, 0, 0, b'x'].repeat(100_000);
        let mut seen = 0;
        for now in [0, SECOND] {
            let each = |_: &[u8]| {
                seen += 1;
                Ok::<_, TooLarge>(())
            };
            splitter.split(&flood, now, each).expect("small pictures");
        }
        assert_eq!((seen, splitter.flooded), (2 * MAX_PICTURES, 200_000 - 2 * 120));
    }
}
