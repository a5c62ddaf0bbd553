//! A frame number that a program can read off a picture.
//!
//! In: packed BGR rows. Out: the same with two strips burnt in, or the number that stands in
//! them. Each strip has 22 cells: a coloured one at each end and 20 bits in black and white,
//! most significant first: frame (10), stream (4), check (6). The upper strip is magenta to
//! green, the lower green to magenta, so that a picture whose JPEG was cut short, or that is
//! made of two frames, is told from a whole one. The cells are wide enough to survive JPEG,
//! chroma subsampling and scaling.

/// Cells of a strip, both ends included.
pub const CELLS: usize = 22;

/// Frame numbers are counted modulo this.
pub const FRAMES: u32 = 1 << 10;

const MAGENTA: [u8; 3] = [255, 0, 255];
const GREEN: [u8; 3] = [0, 255, 0];

/// What stands in a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The frame's number modulo [`FRAMES`].
    pub frame: u32,
    /// The stream's number, 0 to 15.
    pub stream: u32,
}

/// Which of the two strips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strip {
    /// At the upper edge.
    Top,
    /// At the lower edge.
    Bottom,
}

/// Rows of a strip in a picture of `height` rows.
#[must_use]
pub fn strip_height(height: usize) -> usize {
    // A fifteenth, rounded half to even as Python's round() does.
    let (whole, rest) = (height / 15, height % 15);
    (if rest >= 8 { whole + 1 } else { whole }).max(12)
}

fn check(frame: u32, stream: u32) -> u32 {
    ((frame * 37 + stream * 11 + 29) ^ (frame >> 4)) & 63
}

fn pack(stamp: Stamp) -> u32 {
    let (frame, stream) = (stamp.frame % FRAMES, stamp.stream & 15);
    (frame << 10) | (stream << 6) | check(frame, stream)
}

fn unpack(bits: u32) -> Option<Stamp> {
    let stamp = Stamp { frame: bits >> 10, stream: (bits >> 6) & 15 };
    (check(stamp.frame, stamp.stream) == bits & 63).then_some(stamp)
}

/// Burns both strips into a picture of packed BGR pixels, each row `stride` bytes after the one
/// above. A picture too small for them is left as it is and `false` returned.
pub fn burn(bgr: &mut [u8], width: usize, height: usize, stride: usize, stamp: Stamp) -> bool {
    let rows = strip_height(height);
    if width < CELLS * 2 || height < rows * 2 || stride < width * 3 || bgr.len() < stride * height {
        return false;
    }
    let bits = pack(stamp);
    let edge = |cell: usize| (cell * width + CELLS / 2) / CELLS;
    let mut row = vec![0_u8; width * 3];
    for cell in 0..20 {
        if (bits >> (19 - cell)) & 1 == 1 {
            row[edge(cell + 1) * 3..edge(cell + 2) * 3].fill(255);
        }
    }
    for (strip, ends) in [(0, [MAGENTA, GREEN]), (height - rows, [GREEN, MAGENTA])] {
        row[..edge(1) * 3].as_chunks_mut::<3>().0.fill(ends[0]);
        row[edge(21) * 3..].as_chunks_mut::<3>().0.fill(ends[1]);
        for y in strip..strip + rows {
            bgr[y * stride..y * stride + width * 3].copy_from_slice(&row);
        }
    }
    true
}

/// Reads one strip of a picture of packed BGR pixels that is neither cropped nor rotated.
/// `None` when the strip isn't there, not whole, or its check fails.
#[must_use]
pub fn read(bgr: &[u8], width: usize, height: usize, stride: usize, strip: Strip) -> Option<Stamp> {
    let rows = strip_height(height);
    if width < CELLS * 2 || height < rows * 2 || stride < width * 3 {
        return None;
    }
    let y = if strip == Strip::Bottom { height - rows / 2 } else { rows / 2 };
    let cell_centre = |cell: usize| (2 * cell + 1) * width / (2 * CELLS);
    let pixel = |x: usize, y: usize| bgr.get(y * stride + x * 3..y * stride + x * 3 + 3);
    let mut bits = 0;
    for cell in 1..=20 {
        let (x, mut sum) = (cell_centre(cell), 0_u32);
        for (dx, dy) in (0..9).map(|i| (i % 3, i / 3)) {
            sum += pixel(x - 1 + dx, y - 1 + dy)?.iter().map(|&b| u32::from(b)).sum::<u32>();
        }
        bits = (bits << 1) | u32::from(sum / 27 > 127);
    }
    let is_magenta = |p: &[u8]| p[0] > 150 && p[1] < 110 && p[2] > 150;
    let is_green = |p: &[u8]| p[0] < 110 && p[1] > 150 && p[2] < 110;
    let (left, right) = (pixel(cell_centre(0), y)?, pixel(cell_centre(21), y)?);
    let ends = match strip {
        Strip::Top => is_magenta(left) && is_green(right),
        Strip::Bottom => is_green(left) && is_magenta(right),
    };
    ends.then(|| unpack(bits)).flatten()
}

/// Reads both strips; `None` unless both are whole and say the same.
#[must_use]
pub fn read_both(bgr: &[u8], width: usize, height: usize, stride: usize) -> Option<Stamp> {
    let top = read(bgr, width, height, stride, Strip::Top)?;
    (read(bgr, width, height, stride, Strip::Bottom)? == top).then_some(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank(width: usize, height: usize) -> Vec<u8> {
        vec![90; width * height * 3]
    }

    #[test]
    fn reads_what_was_burnt_at_any_size() {
        for (width, height) in [(64, 48), (320, 240), (641, 361), (1280, 720)] {
            for (frame, stream) in [(0, 0), (1, 15), (517, 3), (1023, 9)] {
                let mut bgr = blank(width, height);
                let stamp = Stamp { frame, stream };
                assert!(burn(&mut bgr, width, height, width * 3, stamp));
                assert_eq!(read_both(&bgr, width, height, width * 3), Some(stamp));
            }
        }
    }

    #[test]
    fn the_bits_are_where_the_description_says() {
        // Frame 5, stream 1: 0000000101 0001 and the check (5*37 + 11 + 29) & 63 = 33.
        let bits = [0b00_0000_0101 << 10, 0b0001 << 6, 0b10_0001].iter().sum::<u32>();
        assert_eq!(pack(Stamp { frame: 5, stream: 1 }), bits);
        let mut bgr = blank(220, 120);
        burn(&mut bgr, 220, 120, 660, Stamp { frame: 5, stream: 1 });
        let cell = |n: usize| &bgr[(n * 10 + 5) * 3..(n * 10 + 5) * 3 + 3];
        assert_eq!(cell(0), MAGENTA);
        assert_eq!(cell(8), [255; 3]);
        assert_eq!(cell(9), [0; 3]);
        assert_eq!(cell(21), GREEN);
    }

    #[test]
    fn frame_numbers_wrap() {
        let mut bgr = blank(220, 120);
        burn(&mut bgr, 220, 120, 660, Stamp { frame: 1024 + 7, stream: 0 });
        assert_eq!(read_both(&bgr, 220, 120, 660), Some(Stamp { frame: 7, stream: 0 }));
    }

    #[test]
    fn a_torn_or_damaged_picture_is_not_read() {
        let (width, height, stride) = (220, 120, 660);
        let (mut old, mut new) = (blank(width, height), blank(width, height));
        burn(&mut old, width, height, stride, Stamp { frame: 1, stream: 0 });
        burn(&mut new, width, height, stride, Stamp { frame: 2, stream: 0 });
        let half = stride * height / 2;
        new[half..].copy_from_slice(&old[half..]);
        assert_eq!(read_both(&new, width, height, stride), None);

        assert_eq!(read_both(&blank(width, height), width, height, stride), None);
        for y in 0..height {
            let at = y * stride + 15 * 3 * 10;
            let inverse = 255 - old[at];
            old[at..at + 30].fill(inverse);
        }
        assert_eq!(read_both(&old, width, height, stride), None, "the check must fail");
    }

    #[test]
    fn too_small_or_too_short_is_refused() {
        let stamp = Stamp { frame: 1, stream: 0 };
        assert!(!burn(&mut blank(40, 100), 40, 100, 120, stamp));
        assert!(!burn(&mut blank(100, 20), 100, 20, 300, stamp));
        assert!(!burn(&mut [0; 10], 100, 100, 300, stamp));
        assert_eq!(read_both(&[0; 10], 100, 100, 300), None);
    }
}
