//! The workers that make JPEGs of frames, as many as the machine has cores.
//!
//! In: from every lane, the newest frame that its link has room for. Out: a JPEG to the same
//! lane. A JPEG that the source made itself is passed on untouched when nothing is to be done
//! to the picture. Workers serve all lanes in turn; they know no socket.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use okno_media::clock;
use okno_media::encode::{Encoder, Layout, Pixels};
use okno_wire::okno::FrameMeta;
use okno_wire::{JpegScan, ScanStep};
use opencv::core::{CV_8U, CV_16U, Mat};
use opencv::imgcodecs;
use opencv::prelude::*;

use crate::lane::{Encoded, Jpeg, Lane};
use crate::picture::{Frame, Picture};
use crate::transform::Transform;

/// Wakes workers when there may be something to do.
#[derive(Debug, Default)]
pub struct Bell {
    state: Mutex<Rung>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct Rung {
    times: u64,
    closed: bool,
}

impl Bell {
    /// Something may be to do.
    pub fn ring(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.times += 1;
        drop(state);
        self.rung.notify_one();
    }

    /// The workers are to end.
    pub fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.rung.notify_all();
    }

    fn times(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).times
    }

    /// Waits until it rings after it had rung `seen` times; `false` when it is closed.
    fn wait(&self, seen: u64) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.rung.wait_while(state, |s| s.times == seen && !s.closed);
        !waited.unwrap_or_else(PoisonError::into_inner).closed
    }
}

/// What is done to a stream's pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Cropping, turning, scaling.
    pub transform: Transform,
    /// Leave the size alone whatever the viewer shows.
    pub fixed: bool,
}

/// A worker's tools.
struct Kit {
    encoder: Encoder,
    scratch: [Mat; 2],
    /// A decoded or converted picture.
    pixels: [Mat; 2],
}

/// Serves `lanes` until the bell is closed.
///
/// # Errors
/// When there is no memory for an encoder.
pub fn work(lanes: &[Arc<Lane>], recipe: &Recipe, bell: &Bell) -> Result<(), String> {
    let encoder = Encoder::new().map_err(|e| e.to_string())?;
    let mut kit = Kit { encoder, scratch: Default::default(), pixels: Default::default() };
    let mut turn = 0;
    loop {
        let seen = bell.times();
        let begun = (0..lanes.len()).find_map(|i| {
            let at = (turn + i) % lanes.len();
            lanes[at].begin().map(|(number, frame)| (at, number, frame))
        });
        match begun {
            Some((at, number, frame)) => {
                turn = at + 1;
                let sequence = frame.sequence;
                let encoded = kit.encode(&lanes[at], frame, recipe);
                let encoded = encoded.map_err(|e| {
                    log::warn!("frame {sequence} is dropped: {e}");
                });
                lanes[at].finish(number, encoded.ok());
            }
            None if !bell.wait(seen) => return Ok(()),
            None => {}
        }
    }
}

impl Kit {
    fn encode(&mut self, lane: &Lane, frame: Frame, recipe: &Recipe) -> Result<Encoded, String> {
        let Frame { picture, sequence, captured_ns } = frame;
        let (jpeg, untouched) = match picture {
            Picture::Jpeg(mat) if recipe.transform.is_identity() => {
                let len = jpeg_length(mat.data_bytes().unwrap_or(&[]))?;
                (Jpeg::Own(mat, len), true)
            }
            Picture::Jpeg(mat) => {
                decode(&mat, &mut self.pixels[0])?;
                lane.mats.give(mat);
                let decoded = std::mem::take(&mut self.pixels[0]);
                let made = self.make(lane, &decoded, recipe);
                self.pixels[0] = decoded;
                (Jpeg::Made(made?), false)
            }
            Picture::Pixels(mat) => {
                let made = self.make(lane, &mat, recipe);
                lane.mats.give(mat);
                (Jpeg::Made(made?), false)
            }
        };
        let encoded_ns = clock::now_ns();
        let meta = FrameMeta { sequence, captured_ns, encoded_ns, sent_ns: 0, untouched };
        Ok(Encoded { jpeg, meta })
    }

    fn make(&mut self, lane: &Lane, picture: &Mat, recipe: &Recipe) -> Result<Vec<u8>, String> {
        let demand = lane.demand().filter(|_| !recipe.fixed);
        let picture = recipe.transform.apply(picture, demand, &mut self.scratch)?;
        let mut buffer = lane.buffers.take();
        let encoded = match eight_bits(picture, &mut self.pixels[1]) {
            Ok((picture, layout)) => {
                encode_mat(&mut self.encoder, picture, layout, recipe.quality, &mut buffer)
            }
            Err(e) => Err(e),
        };
        match encoded {
            Ok(()) => Ok(buffer),
            Err(e) => {
                lane.buffers.give(buffer);
                Err(e)
            }
        }
    }
}

fn encode_mat(
    encoder: &mut Encoder,
    picture: &Mat,
    layout: Layout,
    quality: u8,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let bytes = picture.data_bytes().map_err(|e| format!("OpenCV: {}", e.message))?;
    let side = |n: i32| usize::try_from(n).unwrap_or(0);
    let (width, height) = (side(picture.cols()), side(picture.rows()));
    let stride = width * layout.bytes_per_pixel();
    let pixels = Pixels { bytes, width, height, stride, layout };
    encoder.encode(&pixels, quality, out).map_err(|e| e.to_string())
}

/// The picture with eight bits a channel, converted into `spare` if it hasn't.
fn eight_bits<'a>(picture: &'a Mat, spare: &'a mut Mat) -> Result<(&'a Mat, Layout), String> {
    let layout = match picture.channels() {
        1 => Layout::Gray,
        3 => Layout::Bgr,
        4 => Layout::Bgrx,
        n => return Err(format!("a picture with {n} channels can't be made a JPEG")),
    };
    match picture.depth() {
        CV_8U => Ok((picture, layout)),
        CV_16U => {
            let scaled = picture.convert_to(spare, CV_8U, 1.0 / 256.0, 0.0);
            scaled.map_err(|e| format!("OpenCV: {}", e.message))?;
            Ok((spare, layout))
        }
        other => Err(format!("a picture of OpenCV's depth {other} can't be made a JPEG")),
    }
}

/// Decodes a source's JPEG with OpenCV.
///
/// # Errors
/// A sentence for the log.
pub fn decode(jpeg: &Mat, into: &mut Mat) -> Result<(), String> {
    let decoded = imgcodecs::imdecode(jpeg, imgcodecs::IMREAD_COLOR);
    *into = decoded.map_err(|e| format!("OpenCV: {}", e.message))?;
    if into.empty() { Err("the source's JPEG can't be decoded".into()) } else { Ok(()) }
}

/// How long the source's JPEG really is: cameras hand out padded buffers, and half a picture is
/// worth nothing to a viewer.
fn jpeg_length(bytes: &[u8]) -> Result<usize, String> {
    match JpegScan::default().step(bytes) {
        ScanStep::Complete(len) => Ok(len),
        ScanStep::NeedMore(_) => Err("the source's JPEG is cut short".into()),
        ScanStep::Invalid(at, expected) => {
            Err(format!("the source's JPEG is broken at byte {at}: expected {expected}"))
        }
    }
}
