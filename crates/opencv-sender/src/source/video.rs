//! Cameras, files, network streams and pipelines, through OpenCV's `VideoCapture`.
//!
//! In: a name. Out: pixels, or the source's own JPEGs where it has them and OpenCV can hand them
//! out: from files and streams through FFmpeg with `CAP_PROP_FORMAT = -1`, from pipelines that
//! end in `image/jpeg`, and from V4L2 cameras with the conversion to BGR switched off.

use std::path::Path;

use okno_media::clock;
use opencv::core::{Mat, Vector};
use opencv::prelude::*;
use opencv::videoio::{self, VideoCapture};

use super::{Info, Kind, Shot, Source, Wanted};
use crate::encode;
use crate::picture::Picture;
use crate::transform::size_of;

/// Rates that are believed; files without one say 0, 1000 or 90000.
const RATES: std::ops::RangeInclusive<f64> = 0.1..=500.0;

/// The name of Motion JPEG among the formats of V4L2 and AVI.
const MJPG: i32 = i32::from_le_bytes(*b"MJPG");

/// A camera may give nothing at first, while it sets itself up.
const FIRST_TRIES: usize = 20;

struct Video {
    capture: VideoCapture,
    info: Info,
    /// What the source was opened with, given out first.
    first: Option<Shot>,
    name: String,
}

/// Opens a camera by its device file.
///
/// # Errors
/// A sentence for the user.
pub fn open_camera(device: &str, wanted: &Wanted) -> Result<Box<dyn Source>, String> {
    let hint = "see --list-devices for the cameras there are, or send a test picture with -i test:";
    if !Path::new(device).exists() {
        return Err(format!("there is no camera {device}; {hint}"));
    }
    let name = format!("camera {device}");
    let mut capture = opened(VideoCapture::from_file(device, videoio::CAP_V4L2))
        .ok_or_else(|| format!("can't open {name}: is another program using it? {hint}"))?;
    set_up_camera(&mut capture, wanted);
    if wanted.compressed && set(&mut capture, videoio::CAP_PROP_CONVERT_RGB, 0.0) {
        match first_shot(&mut capture, FIRST_TRIES) {
            Ok(Some(shot)) if matches!(shot.picture, Picture::Jpeg(_)) => {
                return finish(capture, Kind::Camera, name, shot);
            }
            _ => log::info!("{name} gives no JPEGs: its frames are decoded and encoded"),
        }
        set(&mut capture, videoio::CAP_PROP_CONVERT_RGB, 1.0);
    } else if wanted.compressed {
        log::info!("{name}: OpenCV can't switch its decoding off: frames are encoded again");
    } else {
        log::info!("{name}: JPEGs are decoded, since the picture is to be changed");
    }
    match first_shot(&mut capture, FIRST_TRIES)? {
        Some(shot) => finish(capture, Kind::Camera, name, shot),
        None => Err(format!("{name} gives no pictures; {hint}")),
    }
}

/// Asks for what the user wants; the format first, since it decides what sizes there are.
fn set_up_camera(capture: &mut VideoCapture, wanted: &Wanted) {
    // JPEG is what USB cameras give at high rates; others ignore the wish.
    set(capture, videoio::CAP_PROP_FOURCC, f64::from(MJPG));
    if let Some(size) = wanted.size {
        set(capture, videoio::CAP_PROP_FRAME_WIDTH, f64::from(size.width));
        set(capture, videoio::CAP_PROP_FRAME_HEIGHT, f64::from(size.height));
        let got = (
            get(capture, videoio::CAP_PROP_FRAME_WIDTH),
            get(capture, videoio::CAP_PROP_FRAME_HEIGHT),
        );
        if got != (f64::from(size.width), f64::from(size.height)) {
            log::warn!("the camera has no {size}; it gives {}x{}", got.0, got.1);
        }
    }
    if let Some(fps) = wanted.fps {
        set(capture, videoio::CAP_PROP_FPS, fps);
    }
}

/// Opens a video file.
///
/// # Errors
/// A sentence for the user.
pub fn open_file(path: &str, wanted: &Wanted) -> Result<Box<dyn Source>, String> {
    let name = format!("{path:?}");
    let open = || {
        opened(VideoCapture::from_file(path, videoio::CAP_FFMPEG))
            .or_else(|| opened(VideoCapture::from_file(path, second_way(path)?)))
    };
    let unreadable = format!("OpenCV can't read {name} as a video; is it one, and complete?");
    open_ffmpeg(open, Kind::File, name, unreadable, wanted)
}

/// What to open a file with when FFmpeg can't: a numbered series of pictures has a reader of its
/// own, and an OpenCV without FFmpeg may have something else. With FFmpeg there is nothing that
/// reads more, and GStreamer would write its complaints to the terminal.
fn second_way(path: &str) -> Option<i32> {
    if path.contains('%') {
        return Some(videoio::CAP_IMAGES);
    }
    let ffmpeg = videoio::VideoCaptureAPIs::CAP_FFMPEG;
    let has_ffmpeg = videoio::get_backends().is_ok_and(|all| all.iter().any(|b| b == ffmpeg));
    (!has_ffmpeg).then_some(videoio::CAP_ANY)
}

/// Opens a network stream, or a finite video from the network.
///
/// # Errors
/// A sentence for the user.
pub fn open_url(url: &str, wanted: &Wanted) -> Result<Box<dyn Source>, String> {
    let name = crate::names::short_source(url);
    let timeout = i32::try_from(wanted.timeout.as_millis()).unwrap_or(i32::MAX);
    let open = || {
        let parameters = Vector::from_slice(&[
            videoio::CAP_PROP_OPEN_TIMEOUT_MSEC,
            timeout,
            videoio::CAP_PROP_READ_TIMEOUT_MSEC,
            timeout,
        ]);
        opened(VideoCapture::from_file_with_params(url, videoio::CAP_FFMPEG, &parameters))
    };
    let unreadable = format!("can't open {name}: is the address right, and does it serve video?");
    open_ffmpeg(open, Kind::Stream, name, unreadable, wanted)
}

/// Opens through FFmpeg: first for the source's own JPEGs if it may have some, else for pixels.
fn open_ffmpeg(
    open: impl Fn() -> Option<VideoCapture>,
    kind: Kind,
    name: String,
    unreadable: String,
    wanted: &Wanted,
) -> Result<Box<dyn Source>, String> {
    let mut capture = open().ok_or_else(|| unreadable.clone())?;
    let frames = get(&capture, videoio::CAP_PROP_FRAME_COUNT);
    let kind = if frames > 0.0 { Kind::File } else { kind };
    if wanted.compressed && may_be_jpeg(&capture) {
        if set(&mut capture, videoio::CAP_PROP_FORMAT, -1.0) {
            match first_shot(&mut capture, 1) {
                Ok(Some(shot)) if matches!(shot.picture, Picture::Jpeg(_)) => {
                    return finish(capture, kind, name, shot);
                }
                _ => log::info!("{name} does not consist of JPEGs: its frames are encoded"),
            }
        } else {
            log::info!("{name}: OpenCV can't hand out its JPEGs: they are decoded and encoded");
        }
        capture = open().ok_or_else(|| unreadable.clone())?;
    } else if may_be_jpeg(&capture) {
        log::info!("{name}: JPEGs are decoded, since the picture is to be changed");
    }
    match first_shot(&mut capture, 1)? {
        Some(shot) => finish(capture, kind, name, shot),
        None => Err(format!("{name} holds no pictures; {unreadable}")),
    }
}

/// Whether the codec is Motion JPEG, or not told.
fn may_be_jpeg(capture: &VideoCapture) -> bool {
    let fourcc = get(capture, videoio::CAP_PROP_FOURCC) as i64 as u32;
    let text = fourcc.to_le_bytes().map(|b| b.to_ascii_lowercase());
    matches!(&text, [0, 0, 0, 0] | b"mjpg" | b"jpeg" | b"mjpa" | b"mjpb" | b"mjpe")
}

/// Opens a GStreamer pipeline.
///
/// # Errors
/// A sentence for the user.
pub fn open_pipeline(pipeline: &str, wanted: &Wanted) -> Result<Box<dyn Source>, String> {
    let name = format!("pipeline {pipeline:?}");
    if !pipeline.contains("appsink") {
        return Err(format!("{name} has no appsink; end it with '! appsink'"));
    }
    let mut capture = opened(VideoCapture::from_file(pipeline, videoio::CAP_GSTREAMER))
        .ok_or_else(|| {
            format!("GStreamer can't run {name}; try it with gst-launch-1.0 and fakesink")
        })?;
    match first_shot(&mut capture, 1)? {
        Some(shot) if matches!(shot.picture, Picture::Jpeg(_)) && !wanted.compressed => {
            log::info!("{name}: its JPEGs are decoded, since the picture is to be changed");
            finish(capture, Kind::Pipeline, name, shot)
        }
        Some(shot) => finish(capture, Kind::Pipeline, name, shot),
        None => Err(format!("{name} gives no pictures")),
    }
}

fn opened(capture: opencv::Result<VideoCapture>) -> Option<VideoCapture> {
    match capture {
        Ok(capture) if capture.is_opened().unwrap_or(false) => Some(capture),
        Ok(_) => None,
        Err(e) => {
            log::debug!("OpenCV: {}", e.message);
            None
        }
    }
}

fn set(capture: &mut VideoCapture, property: i32, value: f64) -> bool {
    capture.set(property, value).unwrap_or(false)
}

fn get(capture: &VideoCapture, property: i32) -> f64 {
    capture.get(property).unwrap_or(0.0)
}

/// One picture, or `None` if there is none.
fn shot(capture: &mut VideoCapture, mut buffer: Mat) -> Result<Option<Shot>, String> {
    let opencv = |e: opencv::Error| format!("OpenCV: {}", e.message);
    if !capture.grab().map_err(opencv)? {
        return Ok(None);
    }
    let taken_ns = clock::now_ns();
    if !capture.retrieve(&mut buffer, 0).map_err(opencv)? || buffer.empty() {
        return Ok(None);
    }
    Ok(Some(Shot { picture: Picture::from_mat(buffer), taken_ns }))
}

fn first_shot(capture: &mut VideoCapture, tries: usize) -> Result<Option<Shot>, String> {
    for _ in 0..tries {
        if let Some(shot) = shot(capture, Mat::default())? {
            return Ok(Some(shot));
        }
    }
    Ok(None)
}

fn finish(
    capture: VideoCapture,
    kind: Kind,
    name: String,
    first: Shot,
) -> Result<Box<dyn Source>, String> {
    let size = match &first.picture {
        Picture::Pixels(mat) => size_of(mat),
        Picture::Jpeg(jpeg) => {
            let mut pixels = Mat::default();
            encode::decode(jpeg, &mut pixels).and_then(|()| size_of(&pixels))
        }
    };
    let size = size.map_err(|e| format!("{name}: {e}"))?;
    let fps = Some(get(&capture, videoio::CAP_PROP_FPS)).filter(|fps| RATES.contains(fps));
    let info = Info { kind, size, fps };
    let rate = fps.map_or("no".into(), |fps| format!("{fps:.5}"));
    let jpeg = matches!(first.picture, Picture::Jpeg(_));
    log::info!("{name}: {size}, {rate} frames per second, {kind:?}, own JPEGs: {jpeg}");
    Ok(Box::new(Video { capture, info, first: Some(first), name }))
}

impl Source for Video {
    fn info(&self) -> Info {
        self.info
    }

    fn next(&mut self, buffer: Mat) -> Result<Option<Shot>, String> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        match shot(&mut self.capture, buffer)? {
            None if self.info.kind.comes_back() => Err(format!("{} gives no more", self.name)),
            shot => Ok(shot),
        }
    }

    fn skip(&mut self) -> Result<bool, String> {
        self.first = None;
        match self.capture.grab() {
            Ok(false) if self.info.kind.comes_back() => Err(format!("{} gives no more", self.name)),
            Ok(there) => Ok(there),
            Err(e) => Err(format!("OpenCV: {}", e.message)),
        }
    }
}
