//! The test picture: colour bars that wander, a ball that bounces, and the frame's number.
//!
//! In: `[WIDTHxHEIGHT][@FPS][?barcode=1][&stream=N][&live=1]`. Out: frames without end, each
//! different from the one before. Measuring aids: with `barcode=1` a frame number that programs can
//! read is burnt in ([`okno_testkit::barcode`]), and with `live=1` frames wait for nobody.

use okno_media::clock;
use okno_testkit::barcode::{self, Stamp};
use opencv::core::{CV_8UC3, Mat, Point, Rect, Scalar};
use opencv::imgproc;
use opencv::prelude::*;

use super::{Info, Kind, Shot, Source};
use crate::picture::Picture;
use crate::values::{self, Size};

const EXPECTED: &str = "expected test:, test:WIDTHxHEIGHT, test:WIDTHxHEIGHT@FPS, \
                        such as test:640x360@30";

/// Sides that can be drawn on.
const SIDES: std::ops::RangeInclusive<u32> = 16..=7680;

/// Pixels that the bars wander per frame.
const SPEED: u64 = 4;

/// A source of test pictures.
#[derive(Debug)]
pub struct TestPicture {
    size: Size,
    fps: f64,
    /// The stream's number in the barcode.
    barcode: Option<u32>,
    live: bool,
    /// Twice as wide as a picture: one is cut out of it at a place that wanders.
    bars: Mat,
    frame: u64,
}

impl TestPicture {
    /// Reads what stands behind `test:`.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (shape, options) = text.split_once('?').unwrap_or((text, ""));
        let (size, fps) = match shape.split_once('@') {
            Some((size, fps)) => (size, values::rate(fps).map_err(|e| format!("{e}; {EXPECTED}"))?),
            None => (shape, 30.0),
        };
        let size = match size {
            "" => Size { width: 1280, height: 720 },
            text => text.parse().map_err(|e| format!("test:{text}: {e}; {EXPECTED}"))?,
        };
        if !SIDES.contains(&size.width) || !SIDES.contains(&size.height) || fps == 0.0 {
            let (least, most) = (SIDES.start(), SIDES.end());
            return Err(format!(
                "test: each side must be {least} to {most} pixels and the rate above 0; {EXPECTED}"
            ));
        }
        let (barcode, live) = Self::parse_options(options)?;
        let bars = bars(size).map_err(|e| format!("test: OpenCV: {}", e.message))?;
        Ok(Self { size, fps, barcode, live, bars, frame: 0 })
    }

    fn parse_options(options: &str) -> Result<(Option<u32>, bool), String> {
        let (mut barcode, mut stream, mut live) = (false, 0, false);
        for option in options.split('&').filter(|o| !o.is_empty()) {
            match option.split_once('=') {
                Some(("barcode", "1")) => barcode = true,
                Some(("barcode", "0")) => barcode = false,
                Some(("live", "1")) => live = true,
                Some(("live", "0")) => live = false,
                Some(("stream", n)) => {
                    let n = n.parse().ok().filter(|n| *n < 16);
                    stream = n.ok_or("test: stream must be 0 to 15")?;
                }
                _ => return Err(format!("test: {option:?} is not known; {EXPECTED}")),
            }
        }
        Ok((barcode.then_some(stream), live))
    }

    fn draw(&self, picture: &mut Mat) -> opencv::Result<()> {
        let (width, height) = (self.size.width as i32, self.size.height as i32);
        let shift = (self.frame * SPEED % u64::from(self.size.width)) as i32;
        Mat::roi(&self.bars, Rect::new(shift, 0, width, height))?.copy_to(picture)?;
        let radius = (width.min(height) / 12).max(2);
        let ball = Point::new(
            bounce(self.frame * 7, width - 2 * radius) + radius,
            bounce(self.frame * 5, height - 2 * radius) + radius,
        );
        let white = Scalar::all(255.0);
        imgproc::circle(picture, ball, radius, white, imgproc::FILLED, imgproc::LINE_8, 0)?;
        self.draw_number(picture, height)
    }

    fn draw_number(&self, picture: &mut Mat, height: i32) -> opencv::Result<()> {
        let text = self.frame.to_string();
        let font = imgproc::FONT_HERSHEY_SIMPLEX;
        let scale = f64::from(height) / 180.0;
        let thick = ((scale * 2.0) as i32).max(1);
        let at = Point::new(height / 20, height / 2);
        for (colour, thick) in [(Scalar::all(0.0), thick * 3), (Scalar::all(255.0), thick)] {
            imgproc::put_text(
                picture,
                &text,
                at,
                font,
                scale,
                colour,
                thick,
                imgproc::LINE_8,
                false,
            )?;
        }
        Ok(())
    }
}

/// A way to and fro between 0 and `length`.
fn bounce(distance: u64, length: i32) -> i32 {
    let length = u64::try_from(length).unwrap_or(0).max(1);
    let at = distance % (2 * length);
    i32::try_from(at.min(2 * length - at)).unwrap_or(0)
}

/// Eight coloured bars, shaded from top to bottom, twice side by side.
fn bars(size: Size) -> opencv::Result<Mat> {
    const COLOURS: [[u32; 3]; 8] = [
        [40, 40, 200],
        [40, 160, 220],
        [60, 200, 60],
        [200, 180, 40],
        [210, 80, 60],
        [180, 60, 170],
        [120, 120, 120],
        [70, 110, 90],
    ];
    let (width, height) = (size.width as usize, size.height as usize);
    let (columns, rows) = (2 * size.width as i32, size.height as i32);
    let mut bars = Mat::new_rows_cols_with_default(rows, columns, CV_8UC3, Scalar::all(0.0))?;
    let bytes = bars.data_bytes_mut()?;
    for y in 0..height {
        let light = 70 + (30 * y / height) as u32;
        for x in 0..2 * width {
            let colour = COLOURS[(x % width) * COLOURS.len() / width];
            let at = (y * 2 * width + x) * 3;
            for (byte, channel) in bytes[at..at + 3].iter_mut().zip(colour) {
                *byte = (channel * light / 100) as u8;
            }
        }
    }
    Ok(bars)
}

impl Source for TestPicture {
    fn info(&self) -> Info {
        let kind = if self.live { Kind::TestCamera } else { Kind::Test };
        Info { kind, size: self.size, fps: Some(self.fps) }
    }

    fn next(&mut self, mut buffer: Mat) -> Result<Option<Shot>, String> {
        self.draw(&mut buffer).map_err(|e| format!("test: OpenCV: {}", e.message))?;
        if let Some(stream) = self.barcode {
            let (width, height) = (self.size.width as usize, self.size.height as usize);
            let frame = u32::try_from(self.frame % u64::from(barcode::FRAMES)).unwrap_or(0);
            let bytes = buffer.data_bytes_mut().map_err(|e| e.message)?;
            if !barcode::burn(bytes, width, height, width * 3, Stamp { frame, stream }) {
                return Err(format!("test: {} is too small for a barcode", self.size));
            }
        }
        self.frame += 1;
        Ok(Some(Shot { picture: Picture::Pixels(buffer), taken_ns: clock::now_ns() }))
    }

    fn skip(&mut self) -> Result<bool, String> {
        self.frame += 1;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_asked_for() {
        let info = |text: &str| TestPicture::parse(text).expect("understood").info();
        assert_eq!((info("").size, info("").fps), (Size { width: 1280, height: 720 }, Some(30.0)));
        let other = info("320x240@12.5?barcode=1&stream=3");
        assert_eq!((other.size, other.fps), (Size { width: 320, height: 240 }, Some(12.5)));
        assert_eq!(info("@60").fps, Some(60.0));
        assert_eq!((info("").kind, info("?live=1").kind), (Kind::Test, Kind::TestCamera));
        for wrong in ["x", "8x8", "99999x10", "@0", "@x", "?barcode=2", "?stream=16", "?a"] {
            assert!(TestPicture::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn frames_carry_their_number_and_differ() {
        let mut source = TestPicture::parse("320x240?barcode=1&stream=5").expect("understood");
        let mut last = Vec::new();
        for frame in 0..5 {
            let shot = source.next(Mat::default()).expect("drawn").expect("without end");
            let bytes = shot.picture.into_mat().data_bytes().expect("packed").to_vec();
            let read = barcode::read_both(&bytes, 320, 240, 960);
            assert_eq!(read, Some(Stamp { frame, stream: 5 }));
            assert_ne!(bytes, last);
            last = bytes;
        }
    }
}
