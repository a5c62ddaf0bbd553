//! Finds the end of a JPEG by walking its markers.
//!
//! In: the bytes of a picture as far as they have arrived. Out: its length, or that more is
//! needed. Searching for FF D9 alone would end a picture at the thumbnail in its APP1 segment.
//! Never looks at a byte twice, however small the pieces are in which the bytes arrive.
//! Source: ITU-T T.81, Annex B.

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const TEM: u8 = 0x01;

/// What [`JpegScan::step`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanStep {
    /// The picture is not complete; at least this many bytes from its start are needed.
    NeedMore(usize),
    /// The picture is complete and has this many bytes.
    Complete(usize),
    /// This is no JPEG: the offset from its start, and what should have stood there.
    Invalid(usize, &'static str),
}

/// Remembers how far a picture has been walked.
#[derive(Clone, Debug, Default)]
pub struct JpegScan {
    at: usize,
    in_entropy: bool,
}

impl JpegScan {
    /// Whether the walk is still at the first byte.
    pub(crate) const fn untouched(&self) -> bool {
        self.at == 0
    }

    /// Measures a picture of which nothing more will arrive. Its data can be half a megabyte, each
    /// 256th byte of which begins like a marker; a picture that fills its buffer is known by its
    /// headers and its last two bytes.
    #[must_use]
    pub fn whole(bytes: &[u8]) -> ScanStep {
        let mut scan = Self::default();
        match scan.headers(bytes) {
            Some(found) => found,
            None if bytes[scan.at..].ends_with(&[0xFF, EOI]) => ScanStep::Complete(bytes.len()),
            None => scan.step(bytes),
        }
    }

    /// Walks on. `bytes` begins at the picture's SOI and holds at least what the last call saw.
    pub fn step(&mut self, bytes: &[u8]) -> ScanStep {
        loop {
            if self.in_entropy && !self.leave_entropy(bytes) {
                return ScanStep::NeedMore(bytes.len() + 1);
            }
            if let Some(found) = self.headers(bytes) {
                return found;
            }
        }
    }

    /// Walks markers and what they hold up to entropy-coded data, where it gives `None`.
    fn headers(&mut self, bytes: &[u8]) -> Option<ScanStep> {
        if self.at == 0 {
            match bytes {
                [] | [0xFF] => return Some(ScanStep::NeedMore(2)),
                [0xFF, SOI, ..] => self.at = 2,
                [0xFF, _, ..] => return Some(ScanStep::Invalid(1, "FF D8, the start of a JPEG")),
                _ => return Some(ScanStep::Invalid(0, "FF D8, the start of a JPEG")),
            }
        }
        while !self.in_entropy {
            match bytes.get(self.at) {
                None => return Some(ScanStep::NeedMore(self.at + 2)),
                Some(0xFF) => {}
                Some(_) => {
                    return Some(ScanStep::Invalid(self.at, "FF, the start of a JPEG marker"));
                }
            }
            match bytes.get(self.at + 1) {
                None => return Some(ScanStep::NeedMore(self.at + 2)),
                // Any number of FF may fill the space before a marker (B.1.1.2).
                Some(0xFF) => self.at += 1,
                Some(&EOI) => return Some(ScanStep::Complete(self.at + 2)),
                Some(&(0x00 | SOI)) => {
                    return Some(ScanStep::Invalid(
                        self.at + 1,
                        "a JPEG marker, not a new picture",
                    ));
                }
                Some(&(TEM | 0xD0..=0xD7)) => self.at += 2,
                Some(&marker) => {
                    let Some(length) = bytes.get(self.at + 2..self.at + 4) else {
                        return Some(ScanStep::NeedMore(self.at + 4));
                    };
                    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                    if length < 2 {
                        return Some(ScanStep::Invalid(
                            self.at + 2,
                            "a JPEG segment length of 2 or more",
                        ));
                    }
                    let end = self.at + 2 + length;
                    if bytes.len() < end {
                        return Some(ScanStep::NeedMore(end + 2));
                    }
                    self.at = end;
                    self.in_entropy = marker == SOS;
                }
            }
        }
        None
    }

    /// Moves to the marker that ends the entropy-coded data; `false` when it has not arrived.
    fn leave_entropy(&mut self, bytes: &[u8]) -> bool {
        while let Some(found) = memchr::memchr(0xFF, &bytes[self.at.min(bytes.len())..]) {
            self.at += found;
            match bytes.get(self.at + 1) {
                None => return false,
                // A stuffed FF, or a restart marker: still entropy-coded data.
                Some(0x00 | 0xD0..=0xD7) => self.at += 2,
                // Fill. What follows may still be a restart marker, so this is no end.
                Some(0xFF) => self.at += 1,
                Some(_) => {
                    self.in_entropy = false;
                    return true;
                }
            }
        }
        self.at = bytes.len().max(self.at);
        false
    }
}
