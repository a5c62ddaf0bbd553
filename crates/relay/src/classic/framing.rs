//! Where frames and chunks begin and end in the bytes of a classic client.
//!
//! In: bytes as they arrive. Out: the same bytes in pieces that know whether they begin or end a
//! frame (video) or chunk (audio). Never looks into a pickle; never takes room for what has only
//! been announced.

use bytes::Bytes;

use super::Media;
use crate::frame_queue::Piece;
use crate::limits::{CLASSIC_CHUNK, MAX_FRAME};

/// Bytes of a video frame's size.
const PREFIX: usize = 4;

/// A frame that is larger than any picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a video frame of {size} bytes announced at byte {at}; the limit is {MAX_FRAME}")]
pub(super) struct TooLarge {
    size: u32,
    at: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Framer {
    media: Media,
    /// Bytes of a size that is not complete yet.
    prefix: Vec<u8>,
    /// Bytes that the frame or chunk still needs.
    left: usize,
    /// Bytes of the stream so far.
    at: u64,
}

/// The pieces of what has arrived.
pub(super) struct Pieces<'a> {
    framer: &'a mut Framer,
    bytes: &'a [u8],
}

impl Framer {
    pub fn new(media: Media) -> Self {
        Self { media, prefix: Vec::new(), left: 0, at: 0 }
    }

    /// The pieces in the next bytes of the stream. Take all of them.
    pub fn split<'a>(&'a mut self, bytes: &'a [u8]) -> Pieces<'a> {
        Pieces { framer: self, bytes }
    }
}

impl Pieces<'_> {
    /// The next piece, if there is one.
    ///
    /// # Errors
    /// When a frame is too large; there is no way to go on then.
    pub fn next(&mut self) -> Result<Option<Piece>, TooLarge> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let first = self.framer.left == 0;
        let mut head = Vec::new();
        if first {
            match self.framer.media {
                Media::Audio => self.framer.left = CLASSIC_CHUNK,
                Media::Video => match self.prefix()? {
                    Some(prefix) => head.extend_from_slice(&prefix),
                    None => return Ok(None),
                },
            }
        }
        let count = self.framer.left.min(self.bytes.len());
        let (now, later) = self.bytes.split_at(count);
        self.bytes = later;
        self.framer.left -= count;
        self.framer.at += count as u64;
        head.extend_from_slice(now);
        Ok(Some(Piece { first, last: self.framer.left == 0, key: true, bytes: Bytes::from(head) }))
    }

    /// Completes the size before a frame; `None`: more bytes are needed.
    fn prefix(&mut self) -> Result<Option<[u8; PREFIX]>, TooLarge> {
        let framer = &mut *self.framer;
        let missing = PREFIX - framer.prefix.len();
        let (now, later) = self.bytes.split_at(missing.min(self.bytes.len()));
        framer.prefix.extend_from_slice(now);
        self.bytes = later;
        let Ok(prefix) = <[u8; PREFIX]>::try_from(framer.prefix.as_slice()) else {
            return Ok(None);
        };
        framer.prefix.clear();
        let size = u32::from_le_bytes(prefix);
        let at = framer.at;
        framer.left = usize::try_from(size)
            .ok()
            .filter(|size| *size <= MAX_FRAME)
            .ok_or(TooLarge { size, at })?;
        framer.at += PREFIX as u64;
        Ok(Some(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(media: Media, stream: &[u8], step: usize) -> Vec<(bool, bool, Vec<u8>)> {
        let mut framer = Framer::new(media);
        let mut all = Vec::new();
        for part in stream.chunks(step) {
            let mut pieces = framer.split(part);
            while let Some(piece) = pieces.next().expect("frames within the limit") {
                all.push((piece.first, piece.last, piece.bytes.to_vec()));
            }
        }
        all
    }

    #[test]
    fn the_bytes_stay_the_same_and_frames_are_found_however_they_arrive() {
        let sizes = [0u32, 1, 5, 300, 0, 70_000, 2];
        let stream: Vec<u8> = sizes
            .iter()
            .flat_map(|&size| {
                [size.to_le_bytes().to_vec(), vec![size as u8; size as usize]].concat()
            })
            .collect();
        for step in [1, 2, 3, 7, 4096, stream.len()] {
            let pieces = split(Media::Video, &stream, step);
            let bytes: Vec<u8> = pieces.iter().flat_map(|p| p.2.clone()).collect();
            assert_eq!(bytes, stream, "step {step}");
            assert_eq!(pieces.iter().filter(|p| p.0).count(), sizes.len());
            assert_eq!(pieces.iter().filter(|p| p.1).count(), sizes.len());
        }
    }

    #[test]
    fn sound_is_cut_into_chunks_and_parts_of_chunks_go_on_at_once() {
        let stream: Vec<u8> = (0..5_000u32).map(|i| i as u8).collect();
        let pieces = split(Media::Audio, &stream, 1_000);
        assert_eq!(pieces.iter().flat_map(|p| p.2.clone()).collect::<Vec<_>>(), stream);
        let whole: Vec<(bool, bool, usize)> =
            pieces.iter().map(|p| (p.0, p.1, p.2.len())).collect();
        assert_eq!(
            whole,
            [
                (true, false, 1000),
                (false, false, 1000),
                (false, true, 48),
                (true, false, 952),
                (false, false, 1000),
                (false, true, 96),
                (true, false, 904)
            ]
        );
    }

    #[test]
    fn four_gigabytes_are_refused_before_they_come() {
        let mut framer = Framer::new(Media::Video);
        let mut stream = vec![2, 0, 0, 0, 1, 2];
        stream.extend_from_slice(&[0xFF; 4]);
        let mut pieces = framer.split(&stream);
        assert!(pieces.next().is_ok());
        let error = pieces.next().expect_err("too large").to_string();
        assert_eq!(
            error,
            "a video frame of 4294967295 bytes announced at byte 6; the limit is 4194304"
        );
    }
}
