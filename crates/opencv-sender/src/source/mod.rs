//! Where pictures come from.
//!
//! In: what the user wrote after `--input`. Out: a [`Source`] that has given its first picture,
//! so that whatever can't be shown is known before anything is connected. Sources do not pace,
//! stamp or count: the capture thread does.

pub mod devices;
mod still;
mod test_picture;
mod video;

use std::path::Path;
use std::time::Duration;

use opencv::core::Mat;

use crate::picture::Picture;
use crate::values::Size;

/// What a source is, which decides how its frames are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A camera at this machine: live, and comes back when it was unplugged.
    Camera,
    /// A network stream: live, and comes back.
    Stream,
    /// A GStreamer pipeline: live, but its end is its end.
    Pipeline,
    /// A video file, or a finite one from the network.
    File,
    /// A single picture.
    Still,
    /// The test picture; it waits a moment for room, as a file does.
    Test,
    /// The test picture that waits for nobody, as a camera.
    TestCamera,
}

impl Kind {
    /// Pictures come when they come and nobody can make them wait.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Camera | Self::Stream | Self::Pipeline)
    }

    /// Worth opening again after it failed.
    #[must_use]
    pub const fn comes_back(self) -> bool {
        matches!(self, Self::Camera | Self::Stream)
    }
}

/// What is known of an open source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Info {
    /// What it is.
    pub kind: Kind,
    /// Size of its pictures.
    pub size: Size,
    /// Its own rate in frames per second, where it has one.
    pub fps: Option<f64>,
}

/// How the user wants a source opened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// Capture size.
    pub size: Option<Size>,
    /// Capture rate; above 0.
    pub fps: Option<f64>,
    /// The source's own JPEG is welcome.
    pub compressed: bool,
    /// How long a network source may not answer.
    pub timeout: Duration,
}

/// A picture and the moment when it was there, before it was decoded.
#[derive(Debug)]
pub struct Shot {
    /// The picture.
    pub picture: Picture,
    /// [`okno_media::clock::now_ns`].
    pub taken_ns: u64,
}

/// Gives pictures, one after another.
pub trait Source: Send {
    /// What is known of it.
    fn info(&self) -> Info;

    /// The next picture, in `buffer` where that can be; `None` at the end.
    ///
    /// # Errors
    /// When the source failed, with a sentence for the user.
    fn next(&mut self, buffer: Mat) -> Result<Option<Shot>, String>;

    /// Passes over a picture: takes it from the device and throws it away. `false` at the end.
    ///
    /// # Errors
    /// As [`Source::next`].
    fn skip(&mut self) -> Result<bool, String>;
}

/// Opens what the user wrote.
///
/// # Errors
/// One line for the user: the source, what is wrong with it, and the way out.
pub fn open(input: &str, wanted: &Wanted) -> Result<Box<dyn Source>, String> {
    if input.trim().is_empty() {
        return Err("the source's name is empty; see --help for what --input takes".into());
    }
    if let Some(options) = input.strip_prefix("test:") {
        return Ok(Box::new(test_picture::TestPicture::parse(options)?));
    }
    if input.contains('!') {
        return video::open_pipeline(input, wanted);
    }
    if let Ok(number) = input.parse::<u16>() {
        return video::open_camera(&format!("/dev/video{number}"), wanted);
    }
    if input.starts_with("/dev/video") {
        return video::open_camera(input, wanted);
    }
    let path = match input.split_once("://") {
        Some(("file", path)) => path,
        Some(_) => return video::open_url(input, wanted),
        None => input,
    };
    // A numbered series of pictures (img_%03d.jpg) is no file of that name; OpenCV knows it.
    if !path.contains('%') {
        check_file(path)?;
    }
    if still::is_still(path) {
        return Ok(Box::new(still::Still::open(path, wanted)?));
    }
    video::open_file(path, wanted)
}

/// Says what is wrong with a file before OpenCV, which would only say that it failed.
fn check_file(path: &str) -> Result<(), String> {
    let hint = "see --help for what --input takes";
    match std::fs::metadata(Path::new(path)) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            Err(format!("there is no file {path:?}; {hint}"))
        }
        Err(e) => Err(format!("can't read {path:?}: {e}")),
        Ok(meta) if meta.is_dir() => Err(format!("{path:?} is a folder; name a file in it")),
        Ok(meta) if meta.is_file() && meta.len() == 0 => {
            Err(format!("{path:?} is empty (0 bytes); name a video or picture"))
        }
        Ok(_) => std::fs::File::open(path)
            .map(drop)
            .map_err(|e| format!("can't read {path:?}: {e}; check its permissions")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Wanted =
        Wanted { size: None, fps: None, compressed: true, timeout: Duration::from_secs(5) };

    fn error(input: &str) -> String {
        open(input, &WANTED).err().expect("can't be opened")
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(error("/nowhere/clip.mp4").contains("no file \"/nowhere/clip.mp4\""));
        assert!(error("/").contains("is a folder"));
        assert!(error(" ").contains("is empty"));
        assert!(error("test:banana").contains("test:"));
        assert!(error("997").contains("/dev/video997"));
    }
}
