//! Video frames from their pieces.
//!
//! In: pieces as they arrive. Out: whole frames. A frame of which something is missing, because
//! its sender or the path broke off, is never handed out.

use crate::limits::{MAX_FRAME, MAX_STREAMS};
use crate::record::{FIRST, HEADER, KEY, LAST, Record};

#[derive(Debug, Default)]
struct Open {
    frame: u32,
    key: bool,
    bytes: Vec<u8>,
}

/// A whole frame, still sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub stream: u16,
    pub frame: u32,
    pub key: bool,
    pub payload: Vec<u8>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    open: [Option<Open>; MAX_STREAMS as usize],
}

impl Assembler {
    /// Takes a piece; gives the frame that it completes.
    pub fn take(&mut self, record: &Record) -> Option<Whole> {
        let header = record.header;
        let slot = self.open.get_mut(usize::from(header.stream))?;
        if header.has(FIRST) {
            let (frame, key) = (header.frame, header.has(KEY));
            *slot = Some(Open { frame, key, bytes: Vec::new() });
        }
        let open = slot.as_mut().filter(|open| open.frame == header.frame)?;
        if open.bytes.len() + usize::from(header.length) > MAX_FRAME {
            *slot = None;
            return None;
        }
        open.bytes.extend_from_slice(record.bytes.get(HEADER..).unwrap_or_default());
        if !header.has(LAST) {
            return None;
        }
        let Open { frame, key, bytes } = slot.take()?;
        Some(Whole { stream: header.stream, frame, key, payload: bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Kind;

    fn piece(frame: u32, flags: u8, payload: &[u8]) -> Record {
        Record::new(Kind::Video, flags, 1, frame, payload).expect("within the limits")
    }

    #[test]
    fn only_whole_frames_come_out() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.take(&piece(1, 0, b"tail")), None);
        assert_eq!(assembler.take(&piece(2, FIRST | KEY, b"ab")), None);
        assert_eq!(assembler.take(&piece(2, 0, b"c")), None);
        let whole = assembler.take(&piece(2, LAST, b"d")).expect("whole");
        assert_eq!((whole.frame, whole.key, &whole.payload[..]), (2, true, &b"abcd"[..]));
        // Broken off, then another one.
        assert_eq!(assembler.take(&piece(3, FIRST, b"x")), None);
        assert_eq!(assembler.take(&piece(4, LAST, b"y")), None);
        let whole = assembler.take(&piece(5, FIRST | LAST, b"z")).expect("whole");
        assert_eq!((whole.frame, whole.key, &whole.payload[..]), (5, false, &b"z"[..]));
    }

    #[test]
    fn a_frame_without_end_takes_no_more_than_the_limit() {
        let mut assembler = Assembler::default();
        let payload = [0; 8192];
        assembler.take(&piece(1, FIRST, &payload));
        for _ in 0..MAX_FRAME / payload.len() + 2 {
            assert_eq!(assembler.take(&piece(1, 0, &payload)), None);
        }
        assert!(assembler.open[1].is_none());
    }
}
