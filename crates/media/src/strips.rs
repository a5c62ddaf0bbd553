//! JPEGs in strips, so that several cores can work on one picture.
//!
//! In: a JPEG, or JPEGs of the strips of a picture, from top to bottom. Out: the JPEGs of its
//! strips, or one JPEG of the whole. Between two restart markers a JPEG depends on nothing that
//! came before (ITU-T T.81, E.1.4 and F.1.1.5.1), so strips of whole rows of blocks that are
//! joined by such markers are a picture that every decoder reads. Never decodes, and trusts
//! no length in a JPEG.

use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Smaller pictures take less time than it takes to share them out.
pub const MIN_PIXELS: usize = 500_000;

/// Strips of a picture that is made here: what up to four cores can work on.
pub const STRIPS: usize = 4;

/// A strip has a whole number of block rows with any subsampling that is made here.
pub const STRIP_ROWS: usize = 16;

/// Pictures that are worked on in this process now.
static BUSY: AtomicUsize = AtomicUsize::new(0);

static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));

/// A picture that is being worked on; dropping it says that it is done.
#[derive(Debug)]
pub struct Busy {
    /// Threads that may work on it, this one included: as many cores as are idle as far as this
    /// process knows.
    pub hands: usize,
}

impl Busy {
    /// Work on a picture begins.
    pub fn begin() -> Self {
        let busy = BUSY.fetch_add(1, Ordering::Relaxed) + 1;
        Self { hands: (*CORES / busy).clamp(1, STRIPS) }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Rows of each strip but the last, when a picture is made in strips; `None` when it is not
/// worth it, or a restart interval can't say it.
pub fn strip_height(width: usize, height: usize, block: usize) -> Option<usize> {
    let rows = height.div_ceil(STRIP_ROWS).div_ceil(STRIPS) * STRIP_ROWS;
    let worth = width.checked_mul(height).is_some_and(|pixels| pixels >= MIN_PIXELS);
    let interval = width.div_ceil(block) * (rows / block);
    (worth && rows < height && u16::try_from(interval).is_ok()).then_some(rows)
}

/// Appends to `out` one JPEG of a picture with `height` rows, made of the JPEGs of its strips from
/// top to bottom. All were made by one encoder with the same settings, and all but the last have
/// the same height. `None` when these are no such JPEGs.
pub fn join(strips: &[&[u8]], height: usize, out: &mut Vec<u8>) -> Option<()> {
    let first = *strips.first()?;
    let head = Head::read(first)?;
    let interval = u16::try_from(head.blocks_per_row() * head.block_rows()).ok()?;
    let start = out.len();
    out.extend_from_slice(&first[..head.sos]);
    let height = u16::try_from(height).ok()?.to_be_bytes();
    out.get_mut(start + head.sof + 5..start + head.sof + 7)?.copy_from_slice(&height);
    out.extend_from_slice(&[0xFF, DRI, 0, 4]);
    out.extend_from_slice(&interval.to_be_bytes());
    out.extend_from_slice(&first[head.sos..head.data]);
    for (at, jpeg) in strips.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(&[0xFF, restart_marker(at - 1)]);
        }
        // Huffman tables and quality are the same, so each header has the same length.
        out.extend_from_slice(jpeg.get(head.data..)?.strip_suffix(&[0xFF, EOI])?);
    }
    out.extend_from_slice(&[0xFF, EOI]);
    Some(())
}

/// One strip of a picture.
#[derive(Debug, Default)]
pub struct Strip {
    /// Its rows in the picture.
    pub rows: Range<u32>,
    /// A JPEG of just these rows.
    pub jpeg: Vec<u8>,
}

/// Where the strips of a JPEG begin; its buffers are used again.
#[derive(Debug, Default)]
pub struct Splitter {
    strips: Vec<Strip>,
    /// Where each restart marker is.
    marks: Vec<usize>,
}

impl Splitter {
    /// Splits `jpeg` into at most [`STRIPS`] strips of about the same height. `None` when it is
    /// small, has no restart markers in suitable places, lacks one of those that it should have,
    /// or is of a kind that can't be split: then it is decoded as a whole.
    pub fn split(&mut self, jpeg: &[u8]) -> Option<&[Strip]> {
        let head = Head::read(jpeg).filter(|head| head.interval > 0)?;
        if head.width * head.height < MIN_PIXELS {
            return None;
        }
        let (per_row, rows) = (head.blocks_per_row(), head.block_rows());
        let end = self.find_marks(jpeg, head.data)?;
        if self.marks.len() + 1 != (per_row * rows).div_ceil(head.interval) {
            return None;
        }
        let mut count = 0;
        let mut from = 0;
        for strip in 1..=STRIPS {
            // The next row of blocks that begins with a restart.
            let wanted = (rows * strip).div_ceil(STRIPS).max(from + 1);
            let to = (wanted..rows).find(|row| row * per_row % head.interval == 0).unwrap_or(rows);
            if self.strips.len() == count {
                self.strips.push(Strip::default());
            }
            let intervals = from * per_row / head.interval..(to * per_row).div_ceil(head.interval);
            let strip = self.strips.get_mut(count)?;
            fill(strip, jpeg, &head, from..to, &self.marks, intervals, end)?;
            count += 1;
            from = to;
            if to >= rows {
                break;
            }
        }
        if count < 2 { None } else { self.strips.get(..count) }
    }

    /// Finds the restart markers in a scan's data and where it ends. `None` when another marker
    /// stands between them, or they don't count up.
    fn find_marks(&mut self, jpeg: &[u8], from: usize) -> Option<usize> {
        self.marks.clear();
        let mut at = from;
        loop {
            at += memchr::memchr(0xFF, jpeg.get(at..)?)?;
            match *jpeg.get(at + 1)? {
                0 => {}
                0xFF => {
                    at += 1;
                    continue;
                }
                EOI => return Some(at),
                mark if mark == restart_marker(self.marks.len()) => self.marks.push(at),
                _ => return None,
            }
            at += 2;
        }
    }
}

/// Makes the JPEG of the rows of blocks `rows`, which are the restart intervals `intervals`.
fn fill(
    strip: &mut Strip,
    jpeg: &[u8],
    head: &Head,
    rows: Range<usize>,
    marks: &[usize],
    intervals: Range<usize>,
    end: usize,
) -> Option<()> {
    let row = |block_row: usize| (block_row * head.block.1).min(head.height);
    let (top, bottom) = (row(rows.start), row(rows.end));
    strip.rows = u32::try_from(top).ok()?..u32::try_from(bottom).ok()?;
    let height = u16::try_from(bottom - top).ok()?.to_be_bytes();
    // The marker before interval n is number n - 1.
    let before = intervals.start.checked_sub(1);
    let start = before.map_or(Some(head.data), |at| marks.get(at).map(|mark| mark + 2))?;
    let stop = marks.get(intervals.end - 1).copied().unwrap_or(end);
    strip.jpeg.clear();
    strip.jpeg.extend_from_slice(jpeg.get(..head.data)?);
    strip.jpeg.get_mut(head.sof + 5..head.sof + 7)?.copy_from_slice(&height);
    strip.jpeg.extend_from_slice(jpeg.get(start..stop)?);
    strip.jpeg.extend_from_slice(&[0xFF, EOI]);
    // Each JPEG counts its restarts from nought.
    for (number, mark) in marks.get(intervals.start..intervals.end - 1)?.iter().enumerate() {
        *strip.jpeg.get_mut(head.data + mark - start + 1)? = restart_marker(number);
    }
    Some(())
}

const EOI: u8 = 0xD9;
const DRI: u8 = 0xDD;

/// The marker after restart interval `number` (T.81, B.1.1.3: RST0 to RST7 in turn).
fn restart_marker(number: usize) -> u8 {
    0xD0 + u8::try_from(number % 8).unwrap_or(0)
}

/// What stands before the data of a JPEG with one scan, by offsets.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    /// The marker of the frame header.
    sof: usize,
    /// The marker of the scan header.
    sos: usize,
    /// The first byte of the scan's data.
    data: usize,
    /// Blocks (MCUs) between two restart markers; 0: there are none.
    interval: usize,
    width: usize,
    height: usize,
    /// Pixels of a block (an MCU): width, height.
    block: (usize, usize),
}

impl Head {
    fn blocks_per_row(&self) -> usize {
        self.width.div_ceil(self.block.0)
    }

    fn block_rows(&self) -> usize {
        self.height.div_ceil(self.block.1)
    }

    /// Reads the segments before the data (T.81, B.2). `None` for what can't be cut: progressive,
    /// lossless and arithmetic JPEGs, and scans of single components.
    fn read(jpeg: &[u8]) -> Option<Self> {
        let byte = |at: usize| jpeg.get(at).copied().map(usize::from);
        let word = |at: usize| Some(byte(at)? << 8 | byte(at + 1)?);
        if word(0)? != 0xFFD8 {
            return None;
        }
        let mut head =
            Self { sof: 0, sos: 0, data: 0, interval: 0, width: 0, height: 0, block: (0, 0) };
        let mut components = 0;
        let mut at = 2;
        loop {
            if byte(at)? != 0xFF {
                return None;
            }
            let (marker, length) = (byte(at + 1)?, word(at + 2)?);
            match marker {
                // Baseline and extended sequential, Huffman coded.
                0xC0 | 0xC1 if head.sof == 0 => {
                    head.sof = at;
                    (head.height, head.width) = (word(at + 5)?, word(at + 7)?);
                    components = byte(at + 9)?;
                    let factors = |c: usize| byte(at + 11 + 3 * c);
                    let mut most = (1, 1);
                    for c in 0..components {
                        let each = factors(c)?;
                        most = (most.0.max(each >> 4), most.1.max(each & 15));
                    }
                    // A single component's blocks are 8 x 8, whatever its factors say (A.2.2).
                    head.block = if components == 1 { (8, 8) } else { (most.0 * 8, most.1 * 8) };
                }
                0xDD => head.interval = word(at + 4)?,
                0xDA if head.sof > 0 && byte(at + 4)? == components => {
                    (head.sos, head.data) = (at, at + 2 + length);
                    let has_size = head.width > 0 && head.height > 0;
                    return (has_size && head.data <= jpeg.len()).then_some(head);
                }
                // Tables, comments and what applications put in.
                0xC4 | 0xDB | 0xE0..=0xEF | 0xFE => {}
                _ => return None,
            }
            at += 2 + length;
        }
    }
}
