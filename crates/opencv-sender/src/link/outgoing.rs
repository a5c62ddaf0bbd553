//! What is being written to the socket: one message, as far as it has got.
//!
//! In: a frame or a small message. Out: bytes to a writer that takes what it takes. A frame's
//! picture is written from where the encoder put it; it is never copied.

use std::io::{self, IoSlice, Write};

use okno_media::clock;
use okno_wire::Format;
use okno_wire::okno::{FrameMeta, FrameWriter};

use crate::lane::Encoded;

/// The message that is being written.
#[derive(Debug)]
pub struct Outgoing {
    format: Format,
    writer: FrameWriter,
    head: Vec<u8>,
    frame: Option<Encoded>,
    tail: Vec<u8>,
    written: usize,
}

impl Outgoing {
    /// Nothing yet, on a connection of this format.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            writer: FrameWriter::default(),
            head: Vec::new(),
            frame: None,
            tail: Vec::new(),
            written: 0,
        }
    }

    /// Whether nothing is left to write and the next message can be set.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.head.is_empty() && self.frame.is_none()
    }

    /// Begins a small message; `write` appends its bytes. Only when idle.
    pub fn begin_message(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        debug_assert!(self.is_idle());
        write(&mut self.head);
    }

    /// Begins a frame. Only when idle.
    pub fn begin_frame(&mut self, frame: Encoded) {
        debug_assert!(self.is_idle());
        let len = frame.body.bytes().len();
        if self.format == Format::Okno {
            let meta = FrameMeta { sent_ns: clock::now_ns(), ..frame.meta };
            let (head, tail) = self.writer.wrap(&meta, len);
            self.head.extend_from_slice(head);
            self.tail.extend_from_slice(tail);
        } else {
            // `false` only for the formats that are not prefixes: Okno's, and multipart, which
            // the command line does not let through.
            let _ = self.format.wrap(len, &mut self.head);
        }
        self.frame = Some(frame);
    }

    /// Writes what the writer takes. `Ok(true)` when the message is complete.
    ///
    /// # Errors
    /// The writer's, other than that it would block.
    pub fn write(&mut self, to: &mut impl Write, bytes: &mut u64) -> io::Result<bool> {
        while !self.is_written() {
            let picture = self.frame.as_ref().map_or(&[][..], |f| f.body.bytes());
            let mut slices = [IoSlice::new(&[]); 3];
            let mut skip = self.written;
            let mut used = 0;
            for part in [&self.head[..], picture, &self.tail[..]] {
                let rest = &part[skip.min(part.len())..];
                skip = skip.saturating_sub(part.len());
                if !rest.is_empty() {
                    slices[used] = IoSlice::new(rest);
                    used += 1;
                }
            }
            match to.write_vectored(&slices[..used]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    self.written += n;
                    *bytes += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(true)
    }

    /// Ends the message that was written, or given up: the frame, if it was one.
    pub fn end(&mut self) -> Option<Encoded> {
        self.head.clear();
        self.tail.clear();
        self.written = 0;
        self.frame.take()
    }

    fn is_written(&self) -> bool {
        let picture = self.frame.as_ref().map_or(0, |f| f.body.bytes().len());
        self.written >= self.head.len() + picture + self.tail.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::Body;
    use okno_wire::{Limits, Splitter, Step, okno};

    /// Takes one to three bytes at a time and blocks in between.
    #[derive(Default)]
    struct Trickle {
        got: Vec<u8>,
        turn: usize,
    }

    impl Write for Trickle {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.turn += 1;
            if self.turn.is_multiple_of(4) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let n = bytes.len().min(self.turn % 4);
            self.got.extend_from_slice(&bytes[..n]);
            Ok(n)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const JPEG: [u8; 9] = [0xFF, 0xD8, 0xFF, 0xFE, 0, 3, 7, 0xFF, 0xD9];

    #[test]
    fn frames_in_every_format_survive_a_trickle() {
        for format in Format::ALL.into_iter().filter(|&f| f != Format::Multipart) {
            let mut outgoing = Outgoing::new(format);
            let mut to = Trickle::default();
            if format == Format::Okno {
                to.got.extend_from_slice(&okno::MAGIC);
            }
            let mut bytes = to.got.len() as u64;
            for sequence in 0..3 {
                let meta = FrameMeta { sequence, captured_ns: 5, ..FrameMeta::default() };
                outgoing.begin_frame(Encoded { body: Body::Made(JPEG.to_vec()), meta });
                while !outgoing.write(&mut to, &mut bytes).expect("writes") {}
                assert_eq!(outgoing.end().map(|f| f.meta.sequence), Some(sequence));
                assert!(outgoing.is_idle());
            }
            assert_eq!(bytes, to.got.len() as u64);
            assert_eq!(pictures(format, &to.got), vec![JPEG.to_vec(); 3], "{format}");
        }
    }

    fn pictures(format: Format, mut unread: &[u8]) -> Vec<Vec<u8>> {
        let mut splitter = Splitter::new(format, Limits::default());
        let mut found = Vec::new();
        while let Step::Message { consumed, payload } = splitter.step(unread) {
            let message = &unread[payload];
            if format != Format::Okno {
                found.push(message.to_vec());
            } else if let Ok(okno::Incoming::Frame(_, at)) = okno::decode(message) {
                found.push(message[at].to_vec());
            }
            unread = &unread[consumed..];
        }
        assert!(unread.is_empty(), "{format}: {} bytes left", unread.len());
        found
    }
}
