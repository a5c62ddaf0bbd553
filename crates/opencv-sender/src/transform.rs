//! Cropping, turning, mirroring and scaling.
//!
//! In: pixels as the source gave them, and what was asked for. Out: pixels to encode. The sizes
//! are functions of sizes alone. Never keeps a picture.

use opencv::core::{self, Mat, Rect};
use opencv::imgproc;
use opencv::prelude::*;

use crate::values::{Crop, Flip, Resize, Rotation, Size};

/// Pictures are scaled to what the viewer shows only if that is this much smaller: below, the
/// saving is not worth the blur.
const WORTH_SCALING: f64 = 0.9;

/// Frames per second for a stream that the viewer has hidden: enough for it to be seen alive.
const HIDDEN_RATE: f64 = 1.0;

/// What to do with each picture, in the order of the fields.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Transform {
    /// Keep only this.
    pub crop: Option<Crop>,
    /// Turn.
    pub rotate: Rotation,
    /// Mirror.
    pub flip: Option<Flip>,
    /// Scale.
    pub resize: Option<Resize>,
    /// Keep the proportions when scaling to a size.
    pub fit: bool,
}

/// What the viewer makes of the stream (from its feedback).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// At what size it is on the screen; `None`: not visible.
    pub shown: Option<Size>,
    /// Frames per second that it can use.
    pub max_rate: Option<f64>,
}

impl Demand {
    /// Frames per second that are of use to the viewer.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        match self.shown {
            None => Some(HIDDEN_RATE.min(self.max_rate.unwrap_or(HIDDEN_RATE))),
            Some(_) => self.max_rate,
        }
    }
}

impl Transform {
    /// Whether pictures stay as they are.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.crop.is_none()
            && self.rotate == Rotation::None
            && self.flip.is_none()
            && self.resize.is_none()
    }

    /// The size that a picture of `size` gets.
    ///
    /// # Errors
    /// A sentence for the user when the crop reaches beyond the picture.
    pub fn output_size(&self, size: Size) -> Result<Size, String> {
        let mut size = match self.crop {
            None => size,
            Some(crop) => cropped(crop, size)?,
        };
        if matches!(self.rotate, Rotation::Quarter | Rotation::ThreeQuarters) {
            size = Size { width: size.height, height: size.width };
        }
        let scaled = |factor: f64| Size {
            width: scale(size.width, factor),
            height: scale(size.height, factor),
        };
        Ok(match self.resize {
            None => size,
            Some(Resize::Factor(factor)) => scaled(factor),
            Some(Resize::Width(width)) => {
                let height = scale(size.height, f64::from(width) / f64::from(size.width));
                Size { width, height }
            }
            Some(Resize::To(to)) if self.fit => {
                let across = f64::from(to.width) / f64::from(size.width);
                scaled(across.min(f64::from(to.height) / f64::from(size.height)))
            }
            Some(Resize::To(to)) => to,
        })
    }

    /// Does it. The result is in one of the two `scratch` pictures, or is `picture` itself.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn apply<'a>(
        &self,
        picture: &'a Mat,
        demand: Option<Demand>,
        scratch: &'a mut [Mat; 2],
    ) -> Result<&'a Mat, String> {
        self.apply_reduced(picture, demand, 1.0, scratch)
    }

    /// The same, with both sides multiplied by `reduced`, which is at most 1.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn apply_reduced<'a>(
        &self,
        picture: &'a Mat,
        demand: Option<Demand>,
        reduced: f64,
        scratch: &'a mut [Mat; 2],
    ) -> Result<&'a Mat, String> {
        let size = size_of(picture)?;
        let output = demanded(self.output_size(size)?, demand);
        let output =
            Size { width: scale(output.width, reduced), height: scale(output.height, reduced) };
        let mut steps = Steps { picture, scratch, done: 0 };
        let done = steps.all(self, output);
        done.map_err(|e| format!("OpenCV: {}", e.message))?;
        Ok(steps.result())
    }
}

struct Steps<'a> {
    picture: &'a Mat,
    scratch: &'a mut [Mat; 2],
    done: usize,
}

impl<'a> Steps<'a> {
    fn all(&mut self, transform: &Transform, output: Size) -> opencv::Result<()> {
        if let Some(crop) = transform.crop {
            let at =
                Rect::new(int(crop.x), int(crop.y), int(crop.size.width), int(crop.size.height));
            self.step(|from, to| Mat::roi(from, at)?.copy_to(to))?;
        }
        let turn = match transform.rotate {
            Rotation::None => None,
            Rotation::Quarter => Some(core::ROTATE_90_CLOCKWISE),
            Rotation::Half => Some(core::ROTATE_180),
            Rotation::ThreeQuarters => Some(core::ROTATE_90_COUNTERCLOCKWISE),
        };
        if let Some(turn) = turn {
            self.step(|from, to| core::rotate(from, to, turn))?;
        }
        let mirror = transform.flip.map(|flip| match flip {
            Flip::Horizontal => 1,
            Flip::Vertical => 0,
            Flip::Both => -1,
        });
        if let Some(mirror) = mirror {
            self.step(|from, to| core::flip(from, to, mirror))?;
        }
        self.scale_to(output)
    }

    /// Scales to `output`. Averaging over areas looks best, but OpenCV has it in vector code for
    /// exact halves only: 1280x720 to 480x270 takes 4.8 ms with INTER_AREA and 0.8 ms by halving
    /// as long as at least twice too much is left and interpolating the rest, where no pixel of
    /// the source is passed over either.
    fn scale_to(&mut self, output: Size) -> opencv::Result<()> {
        let (width, height) = (int(output.width), int(output.height));
        loop {
            let (cols, rows) = (self.current().cols(), self.current().rows());
            if cols / 2 < width || rows / 2 < height {
                break;
            }
            // Of odd sides the halves are not exact: interpolating keeps everything in its place.
            let even = cols % 2 == 0 && rows % 2 == 0;
            let how = if even { imgproc::INTER_AREA } else { imgproc::INTER_LINEAR };
            let half = core::Size::new(cols / 2, rows / 2);
            self.step(|from, to| imgproc::resize(from, to, half, 0.0, 0.0, how))?;
        }
        if (self.current().cols(), self.current().rows()) == (width, height) {
            return Ok(());
        }
        let size = core::Size::new(width, height);
        self.step(|from, to| imgproc::resize(from, to, size, 0.0, 0.0, imgproc::INTER_LINEAR))
    }

    fn current(&self) -> &Mat {
        if self.done == 0 { self.picture } else { &self.scratch[0] }
    }

    /// One step from the current picture into the spare one, which then is the current one.
    fn step(
        &mut self,
        step: impl FnOnce(&Mat, &mut Mat) -> opencv::Result<()>,
    ) -> opencv::Result<()> {
        let [current, spare] = &mut *self.scratch;
        step(if self.done == 0 { self.picture } else { current }, spare)?;
        std::mem::swap(current, spare);
        self.done += 1;
        Ok(())
    }

    fn result(self) -> &'a Mat {
        if self.done == 0 { self.picture } else { &self.scratch[0] }
    }
}

/// The size of OpenCV's picture.
///
/// # Errors
/// When it is empty.
pub fn size_of(picture: &Mat) -> Result<Size, String> {
    match (u32::try_from(picture.cols()), u32::try_from(picture.rows())) {
        (Ok(width), Ok(height)) if width > 0 && height > 0 => Ok(Size { width, height }),
        _ => Err("an empty picture".into()),
    }
}

/// The size to send when a picture of `full` is shown as `demand` says: never larger, in
/// `full`'s proportions, and just the shown size where that has them too.
#[must_use]
pub fn demanded(full: Size, demand: Option<Demand>) -> Size {
    let Some(shown) = demand.and_then(|d| d.shown) else { return full };
    let across = f64::from(shown.width) / f64::from(full.width);
    let down = f64::from(shown.height) / f64::from(full.height);
    // The stream may be shown with bars or cut off at two sides: the larger factor loses nothing.
    let factor = across.max(down);
    if factor >= WORTH_SCALING {
        return full;
    }
    let scaled = Size { width: scale(full.width, factor), height: scale(full.height, factor) };
    let near = |a: u32, b: u32| a.abs_diff(b) <= 1;
    if near(scaled.width, shown.width) && near(scaled.height, shown.height) {
        shown
    } else {
        scaled
    }
}

fn cropped(crop: Crop, size: Size) -> Result<Size, String> {
    let within =
        |start: u32, length: u32, all: u32| start.checked_add(length).is_some_and(|end| end <= all);
    if within(crop.x, crop.size.width, size.width) && within(crop.y, crop.size.height, size.height)
    {
        Ok(crop.size)
    } else {
        Err(format!(
            "--crop {}:{}:{}:{} reaches beyond the picture, which has {size} pixels",
            crop.size.width, crop.size.height, crop.x, crop.y
        ))
    }
}

fn scale(side: u32, factor: f64) -> u32 {
    // In range: sides and factors come from checked values, and a JPEG's sides are bounded.
    ((f64::from(side) * factor).round() as u32).clamp(1, 65_500)
}

fn int(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn size(width: u32, height: u32) -> Size {
        Size { width, height }
    }

    fn output(transform: Transform, from: Size) -> Size {
        transform.output_size(from).expect("within the picture")
    }

    #[test]
    fn sizes_of_every_transform() {
        let full = size(1280, 720);
        let none = Transform::default();
        assert_eq!(output(none, full), full);
        let crop = Some(Crop { size: size(200, 100), x: 1080, y: 620 });
        assert_eq!(output(Transform { crop, ..none }, full), size(200, 100));
        let rotate = Rotation::Quarter;
        assert_eq!(output(Transform { crop, rotate, ..none }, full), size(100, 200));
        let resize =
            |text: &str, fit| output(Transform { resize: text.parse().ok(), fit, ..none }, full);
        assert_eq!(resize("50%", false), size(640, 360));
        assert_eq!(resize("640", false), size(640, 360));
        assert_eq!(resize("400x400", false), size(400, 400));
        assert_eq!(resize("400x400", true), size(400, 225));
        let beyond = Some(Crop { size: size(200, 100), x: 1081, y: 0 });
        let error = Transform { crop: beyond, ..none }.output_size(full).expect_err("too far");
        assert!(error.contains("1280x720"), "{error}");
    }

    #[test]
    fn the_demand_only_makes_smaller() {
        let full = size(1280, 720);
        let at = |width, height| {
            let demand = Demand { shown: Some(size(width, height)), max_rate: None };
            demanded(full, Some(demand))
        };
        assert_eq!(at(640, 360), size(640, 360));
        assert_eq!(at(479, 270), size(479, 270), "a pixel off is the viewer's rounding");
        assert_eq!(at(640, 640), size(1138, 640), "cut off at the sides");
        assert_eq!(at(1200, 675), full, "not worth it");
        assert_eq!(at(2560, 1440), full, "never up");
        assert_eq!(demanded(full, None), full);
        let hidden = Demand { shown: None, max_rate: None };
        assert_eq!(demanded(full, Some(hidden)), full);
        assert_eq!(hidden.rate(), Some(1.0));
    }

    #[test]
    fn scaled_pictures_keep_their_brightness_and_place() {
        // A ramp from left to right; every scaling of it is one too.
        let ramp =
            |width: i32| -> Vec<u8> { (0..width).map(|x| (x * 255 / (width - 1)) as u8).collect() };
        for (width, height) in [(1280, 720), (1279, 719), (1920, 1080), (642, 481)] {
            let rows = vec![ramp(width); height];
            let picture = Mat::from_slice_2d(&rows).expect("a picture");
            let mut scratch = [Mat::default(), Mat::default()];
            for to in [(480, 270), (640, 360), (478, 269), (320, 180), (101, 77), (16, 9)] {
                let resize = Some(Resize::To(size(to.0, to.1)));
                let transform = Transform { resize, ..Transform::default() };
                let scaled = transform.apply(&picture, None, &mut scratch).expect("scaled");
                assert_eq!((scaled.cols(), scaled.rows()), (to.0 as i32, to.1 as i32));
                let expected = |x: u32| (f64::from(x) + 0.5) / f64::from(to.0) * 255.0;
                for (x, pixel) in (0..).zip(scaled.at_row::<u8>(0).expect("gray")) {
                    let off = (f64::from(*pixel) - expected(x)).abs();
                    assert!(off <= 4.0, "{width} to {}: {pixel} at {x}", to.0);
                }
            }
        }
    }

    #[test]
    fn fine_patterns_are_averaged_and_not_picked_from() {
        // Columns of black and white: picking every n-th column would give black or white.
        let row: Vec<u8> = (0..1280).map(|x| if x % 2 == 0 { 0 } else { 255 }).collect();
        let picture = Mat::from_slice_2d(&vec![row; 720]).expect("a picture");
        let mut scratch = [Mat::default(), Mat::default()];
        for to in [(640, 360), (480, 270), (320, 180), (200, 113)] {
            let resize = Some(Resize::To(size(to.0, to.1)));
            let transform = Transform { resize, ..Transform::default() };
            let scaled = transform.apply(&picture, None, &mut scratch).expect("scaled");
            let bytes = scaled.data_bytes().expect("packed");
            assert!(bytes.iter().all(|b| (126..=129).contains(b)), "{to:?}");
        }
    }

    #[test]
    fn pixels_end_up_where_they_should() {
        // 3 x 2: 1 2 3 / 4 5 6
        let rows = [[1_u8, 2, 3], [4, 5, 6]];
        let picture = Mat::from_slice_2d(&rows).expect("a picture");
        let mut scratch = [Mat::default(), Mat::default()];
        let mut apply = |transform: Transform| {
            let result = transform.apply(&picture, None, &mut scratch).expect("applied");
            result.to_vec_2d::<u8>().expect("gray")
        };
        let none = Transform::default();
        assert_eq!(apply(none), [[1, 2, 3], [4, 5, 6]]);
        let rotate = Rotation::Quarter;
        assert_eq!(apply(Transform { rotate, ..none }), [[4, 1], [5, 2], [6, 3]]);
        let flip = Some(Flip::Horizontal);
        assert_eq!(apply(Transform { flip, ..none }), [[3, 2, 1], [6, 5, 4]]);
        let crop = Some(Crop { size: size(2, 1), x: 1, y: 1 });
        assert_eq!(apply(Transform { crop, ..none }), [[5, 6]]);
        assert_eq!(apply(Transform { crop, flip, ..none }), [[6, 5]]);
        let half = apply(Transform { rotate, resize: Some(Resize::Factor(2.0)), ..none });
        assert_eq!((half.len(), half[0].len()), (6, 4));
    }
}
