//! Feeds a stream to a splitter as a reader of a socket does, and checks what any reader relies
//! on: that a wish for more asks for more than is there, and that one marked exact is kept.

// Each test program uses its own part of this.
#![allow(dead_code)]

use okno_wire::{Format, Invalid, Limits, Splitter, Step};

/// A message: where in the stream its picture begins, where the message ends, and how many
/// bytes had arrived when it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub payload: Vec<u8>,
    pub end: usize,
    pub seen: usize,
}

pub struct Feeder {
    splitter: Splitter,
    unread: Vec<u8>,
    consumed: usize,
    promised_end: Option<usize>,
}

impl Feeder {
    pub fn new(format: Format, limits: Limits) -> Self {
        Self {
            splitter: Splitter::new(format, limits),
            unread: Vec::new(),
            consumed: 0,
            promised_end: None,
        }
    }

    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Cut>) -> Result<(), Invalid> {
        self.unread.extend_from_slice(bytes);
        let seen = self.consumed + self.unread.len();
        loop {
            match self.splitter.step(&self.unread) {
                Step::NeedMore { total, exact } => {
                    assert!(total > self.unread.len(), "asks for {total}, has more");
                    if exact {
                        self.promised_end = Some(self.consumed + total);
                    }
                    return Ok(());
                }
                Step::Message { consumed, payload } => {
                    assert!(consumed > 0, "a message of no bytes would never end");
                    let payload = self.unread[payload].to_vec();
                    self.unread.drain(..consumed);
                    self.consumed += consumed;
                    if let Some(promised) = self.promised_end.take() {
                        assert_eq!(self.consumed, promised, "an exact end must be kept");
                    }
                    out.push(Cut { payload, end: self.consumed, seen });
                }
                Step::Invalid(invalid) => return Err(invalid),
            }
        }
    }

    pub fn may_end(&self) -> bool {
        self.splitter.may_end(&self.unread)
    }

    pub fn format(&self) -> Format {
        self.splitter.format()
    }
}

/// All messages of a stream that arrives in pieces of the given lengths (the last one: the rest).
pub fn cut(
    format: Format,
    stream: &[u8],
    pieces: impl IntoIterator<Item = usize>,
) -> Result<Vec<Cut>, Invalid> {
    let mut feeder = Feeder::new(format, Limits::default());
    let mut out = Vec::new();
    let mut rest = stream;
    for piece in pieces {
        let (now, later) = rest.split_at(piece.min(rest.len()));
        feeder.feed(now, &mut out)?;
        rest = later;
    }
    feeder.feed(rest, &mut out)?;
    Ok(out)
}

/// Feeds byte by byte and demands that each message comes out with its own last byte.
pub fn cut_promptly(format: Format, stream: &[u8]) -> Vec<Cut> {
    let cuts = cut(format, stream, std::iter::repeat_n(1, stream.len())).expect("a valid stream");
    for cut in &cuts {
        assert_eq!(cut.seen, cut.end, "{format}: a message came out late");
    }
    cuts
}

/// Payloads alone.
pub fn payloads(cuts: &[Cut]) -> Vec<&[u8]> {
    cuts.iter().map(|cut| cut.payload.as_slice()).collect()
}

/// Small numbers that look random and are the same in each run.
pub fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        // Knuth's MMIX generator; the low bits are poor.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}
