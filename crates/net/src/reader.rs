//! One connection's receive buffer, cut into messages that are handed on without a copy.
//!
//! In: bytes, read straight into [`FrameReader::space`]. Out: shared buffers with the place of a
//! message in them. A buffer that a message was handed out of is not written again until its
//! holders let go; the few bytes behind the message move to another one. Grows as bytes arrive,
//! never by a length that was only announced, or at once to what this connection has sent before.
//! Does no I/O.

use std::ops::Range;
use std::sync::Arc;

use okno_media::Recycler;
use okno_wire::{Format, Invalid, Splitter, Step};

/// Size of a connection's first buffer, in bytes: a small JPEG at once, a large one after it has
/// grown some times.
const FIRST_SIZE: usize = 64 << 10;

/// How far a read may go past the end of a message whose length is known: the next message's
/// prefix comes along without a read of its own, and what has to be moved stays small.
const AHEAD: usize = 64;

/// A message that was received completely.
#[derive(Clone, Debug)]
pub struct Received {
    /// The buffer that holds it.
    pub buffer: Arc<Vec<u8>>,
    /// The envelope or the JPEG in `buffer`.
    pub range: Range<usize>,
}

/// See the module.
#[derive(Debug)]
pub struct FrameReader {
    splitter: Option<Splitter>,
    limits: okno_wire::Limits,
    recycler: Recycler<Vec<u8>>,
    buffer: Arc<Vec<u8>>,
    /// First unread byte.
    start: usize,
    /// End of the bytes that were read.
    have: usize,
    /// Up to where the next read may go.
    want: usize,
    /// `want` is the end of a message rather than a guess.
    exact: bool,
    /// A message of this buffer was handed out.
    shared: bool,
    /// Bytes of a message as this connection has sent them before, of late.
    usual: usize,
    /// Bytes of the connection before `start`.
    consumed: u64,
}

impl FrameReader {
    /// A reader of a connection whose format is not known yet.
    #[must_use]
    pub fn new(limits: okno_wire::Limits) -> Self {
        let mut recycler = Recycler::default();
        let buffer = recycler.acquire();
        Self {
            splitter: None,
            limits,
            recycler,
            buffer,
            start: 0,
            have: 0,
            want: okno_wire::SNIFF_BYTES,
            exact: false,
            shared: false,
            usual: 0,
            consumed: 0,
        }
    }

    /// The bytes that were read and not handed out yet.
    #[must_use]
    pub fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..self.have).unwrap_or_default()
    }

    /// From here on the connection is of this format; its unread bytes count.
    pub fn set_format(&mut self, format: Format) {
        self.splitter = Some(Splitter::new(format, self.limits));
    }

    /// Where to read to; never empty.
    pub fn space(&mut self) -> &mut [u8] {
        if self.shared || Arc::get_mut(&mut self.buffer).is_none() {
            self.change_buffer();
        }
        let size = self.size_to_read(self.buffer.len());
        // No one else holds the buffer: it was just looked at or just acquired.
        let Some(buffer) = Arc::get_mut(&mut self.buffer) else { return &mut [] };
        if self.start > 0 {
            buffer.copy_within(self.start..self.have, 0);
            self.want -= self.start;
            self.have -= self.start;
            self.start = 0;
        }
        grow(buffer, size);
        let end = self.want.min(buffer.len()).max(self.have + 1);
        &mut buffer[self.have..end]
    }

    /// How large a buffer of `len` bytes has to be before the next read.
    fn size_to_read(&self, len: usize) -> usize {
        let (want, have) = (self.want - self.start, self.have - self.start);
        // Not past the end of a message: a look-back holds buffers for long, and those that are
        // half empty would cost it half of its memory.
        let end = if self.exact { want.max(have + 1) } else { usize::MAX };
        let usual = self.usual.min(end).max(FIRST_SIZE);
        if len < usual {
            usual.max(have)
        } else if len <= have {
            (len + len / 4).min(end)
        } else {
            len
        }
    }

    /// `n` bytes were read into [`FrameReader::space`].
    pub fn filled(&mut self, n: usize) {
        self.have = (self.have + n).min(self.buffer.len());
    }

    /// The next message that is complete, if there is one.
    ///
    /// # Errors
    /// When the stream is broken, with the offset from its very beginning.
    pub fn next_message(&mut self) -> Result<Option<Received>, (u64, Invalid)> {
        let Some(splitter) = &mut self.splitter else { return Ok(None) };
        let unread = self.buffer.get(self.start..self.have).unwrap_or_default();
        match splitter.step(unread) {
            Step::NeedMore { total, exact } => {
                self.exact = exact;
                self.want = if exact {
                    self.start + total + AHEAD
                } else {
                    // Where a message ends that has no length is not known before it is there: a
                    // byte more would be worth asking for, and a read of its own.
                    (self.start + total).max(self.have + FIRST_SIZE)
                };
                Ok(None)
            }
            Step::Message { consumed, payload } => {
                let range = self.start + payload.start..self.start + payload.end;
                self.start += consumed;
                self.consumed += consumed as u64;
                self.shared |= !range.is_empty();
                self.usual = consumed.max(self.usual - self.usual / 16);
                Ok(Some(Received { buffer: Arc::clone(&self.buffer), range }))
            }
            Step::Invalid(invalid) => Err((self.consumed + invalid.offset as u64, invalid)),
        }
    }

    /// Whether the connection may end here: nothing is unread but padding.
    #[must_use]
    pub fn may_end(&self) -> bool {
        match &self.splitter {
            Some(splitter) => splitter.may_end(self.unread()),
            None => self.unread().is_empty(),
        }
    }

    /// Offset of the first unread byte from the connection's beginning.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.consumed
    }

    /// Buffers that were newly made so far.
    #[must_use]
    pub const fn buffers_made(&self) -> u64 {
        self.recycler.made()
    }

    fn change_buffer(&mut self) {
        self.recycler.keep(&self.buffer);
        let next = self.recycler.acquire();
        let old = std::mem::replace(&mut self.buffer, next);
        let unread = old.get(self.start..self.have).unwrap_or_default();
        let size = self.size_to_read(self.buffer.len()).max(unread.len());
        if let Some(buffer) = Arc::get_mut(&mut self.buffer) {
            grow(buffer, size);
            buffer[..unread.len()].copy_from_slice(unread);
        }
        self.want -= self.start;
        self.have = unread.len();
        self.start = 0;
        self.shared = false;
    }
}

/// Makes a buffer at least so large.
fn grow(buffer: &mut Vec<u8>, size: usize) {
    if buffer.capacity() == 0 {
        *buffer = okno_media::allocator::ready_buffer(size);
    } else if buffer.len() < size {
        buffer.reserve_exact(size - buffer.len());
        buffer.resize(size, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Has `reader` read `bytes`; the messages that are complete then, and the number of reads.
    fn receive(reader: &mut FrameReader, mut bytes: &[u8]) -> (Vec<Received>, usize) {
        let (mut messages, mut reads) = (Vec::new(), 0);
        while !bytes.is_empty() {
            let space = reader.space();
            let n = space.len().min(bytes.len());
            space[..n].copy_from_slice(&bytes[..n]);
            reader.filled(n);
            bytes = &bytes[n..];
            reads += 1;
            while let Ok(Some(message)) = reader.next_message() {
                messages.push(message);
            }
        }
        (messages, reads)
    }

    /// The same where every holder lets go at once.
    fn feed(reader: &mut FrameReader, mut bytes: &[u8], out: &mut Vec<Vec<u8>>) {
        while !bytes.is_empty() {
            let n = reader.space().len().min(bytes.len());
            let (messages, _) = receive(reader, &bytes[..n]);
            out.extend(messages.into_iter().map(|m| m.buffer[m.range].to_vec()));
            bytes = &bytes[n..];
        }
    }

    fn jpeg(fill: u8, len: usize) -> Vec<u8> {
        // A picture that consists of its scan.
        let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02];
        jpeg.resize(len - 2, fill & 0x7F);
        jpeg.extend([0xFF, 0xD9]);
        jpeg
    }

    fn stream(sizes: &[usize]) -> (Vec<u8>, Vec<Vec<u8>>) {
        let mut bytes = Vec::new();
        let mut jpegs = Vec::new();
        for (i, &size) in sizes.iter().enumerate() {
            let jpeg = jpeg(i as u8, size);
            assert!(Format::Be32.wrap(jpeg.len(), &mut bytes));
            bytes.extend_from_slice(&jpeg);
            jpegs.push(jpeg);
        }
        (bytes, jpegs)
    }

    #[test]
    fn frames_come_out_whole_however_they_are_cut() {
        let (bytes, jpegs) = stream(&[10, 100_000, 8, 300_000, 70, 65_536, 65_535]);
        for cut in [1, 7, 64, 1460, 65_536, bytes.len()] {
            let mut reader = FrameReader::new(okno_wire::Limits::default());
            reader.set_format(Format::Be32);
            let mut out = Vec::new();
            for piece in bytes.chunks(cut) {
                feed(&mut reader, piece, &mut out);
            }
            assert!(out == jpegs, "cut into pieces of {cut}");
            assert!(reader.unread().is_empty());
        }
    }

    #[test]
    fn buffers_go_round_after_warm_up() {
        let (bytes, _) = stream(&[20_000; 100]);
        let mut reader = FrameReader::new(okno_wire::Limits::default());
        reader.set_format(Format::Be32);
        let mut out = Vec::new();
        for piece in bytes.chunks(1460) {
            feed(&mut reader, piece, &mut out);
        }
        assert_eq!(out.len(), 100);
        assert!(reader.buffers_made() <= 2, "{} buffers", reader.buffers_made());
    }

    #[test]
    fn a_message_without_a_length_takes_few_reads() {
        for format in [Format::Mjpeg, Format::Multipart, Format::Be32, Format::Raw] {
            let mut bytes = Vec::new();
            for _ in 0..10 {
                let jpeg = jpeg(7, 300_000);
                match format {
                    Format::Multipart => bytes.extend_from_slice(b"--b\r\n\r\n"),
                    _ => assert!(format.wrap(jpeg.len(), &mut bytes)),
                }
                bytes.extend_from_slice(&jpeg);
            }
            let mut reader = FrameReader::new(okno_wire::Limits::default());
            reader.set_format(format);
            let (messages, reads) = receive(&mut reader, &bytes);
            assert_eq!(messages.len(), 10, "{format}");
            assert!(reads <= 80, "{reads} reads of {} bytes, {format}", bytes.len());
        }
    }

    #[test]
    fn buffers_that_are_held_are_well_filled() {
        let sizes = [300_000, 301_000, 290_000, 305_000, 300_500, 310_000, 299_000];
        for format in [Format::Be32, Format::Raw, Format::Mjpeg] {
            let mut reader = FrameReader::new(okno_wire::Limits::default());
            reader.set_format(format);
            let mut held = Vec::new();
            for size in sizes {
                let mut bytes = Vec::new();
                assert!(format.wrap(size, &mut bytes));
                bytes.extend(jpeg(7, size));
                // A frame comes in pieces, and the next one later.
                for piece in bytes.chunks(50_000) {
                    held.extend(receive(&mut reader, piece).0);
                }
                reader.space();
            }
            assert_eq!(held.len(), sizes.len(), "{format}");
            for message in &held[1..] {
                let (filled, size) = (message.range.len(), message.buffer.capacity());
                assert!(size < filled * 4 / 3, "{format}: {filled} bytes in a buffer of {size}");
            }
        }
    }

    #[test]
    fn an_announced_length_alone_allocates_nothing() {
        let mut reader = FrameReader::new(okno_wire::Limits::default());
        reader.set_format(Format::Be32);
        let mut out = Vec::new();
        feed(&mut reader, &(16_u32 << 20).to_be_bytes(), &mut out);
        assert!(reader.space().len() <= FIRST_SIZE);
    }
}
