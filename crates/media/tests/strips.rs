//! Large pictures are made and read in strips: the same pixels come out, and what is broken is
//! refused as a whole picture would be. On one core nothing is read in strips, and these tests
//! say nothing of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{Decoder, Header, Picture};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

/// Cores that another test uses are not idle.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Slopes, edges and noise.
fn scene(width: usize, height: usize, channels: usize) -> Vec<u8> {
    let mut seed = 7_u32;
    let mut bytes = Vec::with_capacity(width * height * channels);
    for y in 0..height {
        for x in 0..width {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let edge = if (x / 37 + y / 29) % 2 == 0 { 70 } else { 0 };
            for channel in 0..channels {
                let slope = (x * (60 + 30 * channel) / width + y * 40 / height) as u8;
                // Of its own in each channel, so that colour changes from row to row.
                let noise = (seed >> (28 - 4 * channel)) as u8 & 15;
                bytes.push(slope.saturating_add(edge + noise));
            }
        }
    }
    bytes
}

fn encode(bytes: &[u8], width: usize, height: usize, layout: Layout) -> Vec<u8> {
    let stride = width * layout.bytes_per_pixel();
    let pixels = Pixels { bytes, width, height, stride, layout };
    let mut out = Vec::new();
    Encoder::new().and_then(|mut it| it.encode(&pixels, 90, &mut out)).expect("encoded");
    out
}

/// The same picture without strips, by the library's own front door.
fn plain(bytes: &[u8], width: usize, height: usize) -> Vec<u8> {
    let format = turbojpeg::PixelFormat::BGR;
    let image = turbojpeg::Image { pixels: bytes, width, pitch: width * 3, height, format };
    let jpeg = turbojpeg::compress(image, 90, turbojpeg::Subsamp::Sub2x2).expect("encoded");
    jpeg.to_vec()
}

fn decode(jpeg: &[u8], wanted: (u32, u32)) -> Picture {
    let mut picture = Picture::default();
    Decoder::new().and_then(|mut it| it.decode(jpeg, wanted, &mut picture)).expect("a picture");
    picture
}

/// Where the restart markers are.
fn restarts(jpeg: &[u8]) -> Vec<usize> {
    let is_mark = |at: &usize| jpeg[*at] == 0xFF && (0xD0..0xD8).contains(&jpeg[at + 1]);
    (0..jpeg.len() - 1).filter(is_mark).collect()
}

/// A copy with a restart marker after each row of blocks, as many cameras' JPEGs have.
fn like_a_cameras(bytes: &[u8], width: usize, height: usize) -> Vec<u8> {
    let rows = bytes.chunks(width * 3 * 16).map(|rows| plain(rows, width, rows.len() / width / 3));
    let rows: Vec<_> = rows.collect();
    let find = |jpeg: &[u8], mark: u8| {
        jpeg.windows(2).position(|pair| pair == [0xFF, mark]).expect("the marker")
    };
    let (sof, sos) = (find(&rows[0], 0xC0), find(&rows[0], 0xDA));
    let mut out = rows[0][..sos].to_vec();
    out[sof + 5..sof + 7].copy_from_slice(&(height as u16).to_be_bytes());
    out.extend([0xFF, 0xDD, 0, 4]);
    out.extend((width.div_ceil(16) as u16).to_be_bytes());
    let data = sos + 2 + usize::from(u16::from_be_bytes([rows[0][sos + 2], rows[0][sos + 3]]));
    out.extend(&rows[0][sos..data]);
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            out.extend([0xFF, 0xD0 + (at - 1) as u8 % 8]);
        }
        out.extend(&row[data..row.len() - 2]);
    }
    out.extend([0xFF, 0xD9]);
    out
}

/// Rows in which a byte differs by more than `most`.
fn differing_rows(a: &Picture, b: &Picture, most: u8) -> Vec<usize> {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let rows = a.pixels.chunks(a.stride()).zip(b.pixels.chunks(b.stride())).enumerate();
    let far = |(a, b): (&[u8], &[u8])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > most);
    rows.filter(|(_, pair)| far(*pair)).map(|(row, _)| row).collect()
}

#[test]
fn a_picture_made_in_strips_is_the_same_picture() {
    let _alone = alone();
    for (width, height) in [(WIDTH, HEIGHT), (1919, 1079), (1001, 523)] {
        let bytes = scene(width, height, 3);
        let jpeg = encode(&bytes, width, height, Layout::Bgr);
        let marks: Vec<_> = restarts(&jpeg).into_iter().map(|at| jpeg[at + 1]).collect();
        assert_eq!(marks, [0xD0, 0xD1, 0xD2], "{width} x {height}");
        // Another decoder, which knows nothing of strips.
        let format = turbojpeg::PixelFormat::BGR;
        let ours = turbojpeg::decompress(&jpeg, format).expect("a JPEG");
        let theirs = turbojpeg::decompress(&plain(&bytes, width, height), format).expect("a JPEG");
        assert_eq!((ours.width, ours.height), (width, height));
        assert!(ours.pixels == theirs.pixels, "{width} x {height}");
    }
}

#[test]
fn every_layout_can_be_made_in_strips() {
    let _alone = alone();
    for layout in [Layout::Gray, Layout::Bgrx] {
        let channels = layout.bytes_per_pixel();
        let bytes = scene(WIDTH, HEIGHT, channels);
        let jpeg = encode(&bytes, WIDTH, HEIGHT, layout);
        assert_eq!(restarts(&jpeg).len(), 3, "{layout:?}");
        let shown = decode(&jpeg, (0, 0));
        let far = shown.pixels.chunks(4).zip(bytes.chunks(channels));
        let far = far.filter(|(shown, sent)| shown[0].abs_diff(sent[0]) > 60).count();
        assert_eq!(far, 0, "{layout:?}");
    }
}

#[test]
fn small_pictures_stay_whole() {
    let _alone = alone();
    let jpeg = encode(&scene(640, 480, 3), 640, 480, Layout::Bgr);
    assert!(restarts(&jpeg).is_empty());
}

#[test]
fn strips_are_decoded_to_the_pixels_of_the_whole() {
    let _alone = alone();
    let bytes = scene(WIDTH, HEIGHT, 3);
    let whole = plain(&bytes, WIDTH, HEIGHT);
    let size = Header { width: WIDTH as u32, height: HEIGHT as u32 };
    let strips =
        [encode(&bytes, WIDTH, HEIGHT, Layout::Bgr), like_a_cameras(&bytes, WIDTH, HEIGHT)];
    for jpeg in strips {
        for eighths in 1..=8 {
            let Header { width, height } = size.eighths(eighths);
            let (ours, theirs) = (decode(&jpeg, (width, height)), decode(&whole, (width, height)));
            assert_eq!((ours.width, ours.height), (width, height));
            let differing = differing_rows(&ours, &theirs, 0);
            // Only colour, and only beside the three places where strips meet.
            assert!(differing.len() <= 6, "{eighths}/8: {differing:?}");
            assert_eq!(differing_rows(&ours, &theirs, 24), [0; 0], "{eighths}/8");
            let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
            assert!(cores == 1 || eighths < 8 || !differing.is_empty(), "not read in strips");
        }
    }
}

#[test]
fn what_is_broken_is_treated_as_a_whole_picture_would_be() {
    let _alone = alone();
    let bytes = scene(WIDTH, HEIGHT, 3);
    let jpeg = like_a_cameras(&bytes, WIDTH, HEIGHT);
    let mut decoder = Decoder::new().expect("a decoder");
    let mut picture = Picture::default();
    let cut = decoder.decode(&jpeg[..jpeg.len() / 2], (0, 0), &mut picture);
    assert!(cut.is_err(), "half a picture");
    // A marker too few, and one out of turn: the decoder of whole pictures makes of it what it can.
    let marks = restarts(&jpeg);
    assert_eq!(marks.len(), 44);
    let mut without = jpeg.clone();
    without.drain(marks[20]..marks[20] + 2);
    let mut turned = jpeg.clone();
    turned[marks[10] + 1] = 0xD7;
    for broken in [without, turned] {
        decoder.decode(&broken, (0, 0), &mut picture).expect("a picture with a flaw");
    }
    // Any byte may be anything: that is an error or a picture, never more.
    let mut seed = 3_u32;
    for _ in 0..200 {
        let mut broken = jpeg.clone();
        for _ in 0..4 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let range = if seed & 0x100 == 0 { 700 } else { broken.len() };
            broken[(seed >> 8) as usize % range] = (seed >> 24) as u8;
        }
        if decoder.decode(&broken, (0, 0), &mut picture).is_ok() {
            assert!(picture.pixels.len() >= picture.stride() * picture.height as usize);
        }
    }
}

#[test]
fn strips_of_a_hostile_header_take_no_memory() {
    let _alone = alone();
    let bytes = scene(WIDTH, HEIGHT, 3);
    let mut jpeg = encode(&bytes, WIDTH, HEIGHT, Layout::Bgr);
    let sof = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame header");
    jpeg[sof + 5..sof + 9].fill(0xFF);
    let mut picture = Picture::default();
    let refused = Decoder::new().and_then(|mut it| it.decode(&jpeg, (0, 0), &mut picture));
    assert!(refused.is_err());
    assert!(picture.pixels.is_empty());
}
