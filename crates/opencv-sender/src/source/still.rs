//! A picture file: a clip of one frame.
//!
//! A JPEG file is handed out as it is where that is welcome; anything else is decoded.

use opencv::core::Mat;
use opencv::imgcodecs;
use opencv::prelude::*;

use okno_media::clock;

use super::{Info, Kind, Shot, Source, Wanted};
use crate::picture::Picture;
use crate::transform::size_of;

/// Largest picture file that is read, in bytes.
const MAX_FILE: u64 = 256 << 20;

/// Frames per second when a picture is sent again and again.
const RATE: f64 = 5.0;

/// A source of one picture.
pub struct Still {
    picture: Mat,
    is_jpeg: bool,
    info: Info,
    given: bool,
}

/// Whether the name is that of a picture file.
#[must_use]
pub fn is_still(path: &str) -> bool {
    const ENDINGS: [&str; 10] =
        ["jpg", "jpeg", "jpe", "png", "bmp", "webp", "tif", "tiff", "ppm", "pgm"];
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !path.contains('%') && ending.is_some_and(|e| ENDINGS.contains(&e.as_str()))
}

impl Still {
    /// Reads a picture file.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn open(path: &str, wanted: &Wanted) -> Result<Self, String> {
        let len = std::fs::metadata(path).map_err(|e| format!("can't read {path:?}: {e}"))?.len();
        if len > MAX_FILE {
            return Err(format!("{path:?} has {len} bytes; a picture has at most {MAX_FILE}"));
        }
        let bytes = std::fs::read(path).map_err(|e| format!("can't read {path:?}: {e}"))?;
        let opencv = |e: opencv::Error| format!("can't read {path:?}: OpenCV: {}", e.message);
        let file = Mat::from_slice(&bytes).map_err(opencv)?;
        let decoded = imgcodecs::imdecode(&file, imgcodecs::IMREAD_COLOR).map_err(opencv)?;
        let size = size_of(&decoded).map_err(|_| {
            format!("{path:?} is not a picture that OpenCV can read; convert it to JPEG or PNG")
        })?;
        let info = Info { kind: Kind::Still, size, fps: Some(RATE) };
        let is_jpeg = wanted.compressed && bytes.starts_with(&[0xFF, 0xD8]);
        let picture = if is_jpeg { file.try_clone().map_err(opencv)? } else { decoded };
        Ok(Self { picture, is_jpeg, info, given: false })
    }
}

impl Source for Still {
    fn info(&self) -> Info {
        self.info
    }

    fn next(&mut self, mut buffer: Mat) -> Result<Option<Shot>, String> {
        if std::mem::replace(&mut self.given, true) {
            return Ok(None);
        }
        self.picture.copy_to(&mut buffer).map_err(|e| format!("OpenCV: {}", e.message))?;
        let picture = if self.is_jpeg { Picture::Jpeg(buffer) } else { Picture::Pixels(buffer) };
        Ok(Some(Shot { picture, taken_ns: clock::now_ns() }))
    }

    fn skip(&mut self) -> Result<bool, String> {
        Ok(!std::mem::replace(&mut self.given, true))
    }
}
