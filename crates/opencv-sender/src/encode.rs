//! The workers that make JPEGs of frames, as many as the machine has cores.
//!
//! In: from every lane, the newest frame that its link has room for. Out: a JPEG to the same
//! lane, or pixels in the memory that a viewer on this machine reads. A JPEG that the source made itself is passed on untouched when nothing is to be done
//! to the picture. Workers serve all lanes in turn; they know no socket.

use std::ptr::NonNull;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::shared::{Place, Writer};
use okno_media::{Crew, clock};
use okno_wire::okno::{FrameMeta, Shared};
use okno_wire::{JpegScan, ScanStep};
use opencv::core::{CV_8U, CV_8UC4, CV_16U, Mat, Range};
use opencv::prelude::*;
use opencv::{imgcodecs, imgproc};

use crate::lane::{Body, Encoded, Lane};
use crate::link::adapt::STEPS;
use crate::picture::{Frame, Picture};
use crate::transform::{Transform, size_of};

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
        let (body, untouched) = match picture {
            Picture::Jpeg(mat) if recipe.transform.is_identity() => {
                let len = jpeg_length(mat.data_bytes().unwrap_or(&[]))?;
                (Body::Own(mat, len), true)
            }
            Picture::Jpeg(mat) => {
                decode(&mat, &mut self.pixels[0])?;
                lane.mats.give(mat);
                let decoded = std::mem::take(&mut self.pixels[0]);
                let made = self.make(lane, &decoded, recipe);
                self.pixels[0] = decoded;
                (made?, false)
            }
            Picture::Pixels(mat) => {
                let made = self.make(lane, &mat, recipe);
                lane.mats.give(mat);
                (made?, false)
            }
        };
        let encoded_ns = clock::now_ns();
        let shared = match &body {
            Body::Shared(place) => {
                let Place { slot, sequence, width, height } = *place;
                Some(Shared { slot, sequence, width, height })
            }
            _ => None,
        };
        let meta = FrameMeta { sequence, captured_ns, encoded_ns, sent_ns: 0, untouched, shared };
        Ok(Encoded { body, meta })
    }

    fn make(&mut self, lane: &Lane, picture: &Mat, recipe: &Recipe) -> Result<Body, String> {
        let demand = lane.demand().filter(|_| !recipe.fixed);
        let memory = lane.memory();
        let step = if memory.is_some() || recipe.fixed { STEPS[0] } else { lane.step() };
        let reduced = recipe.transform.apply_reduced(picture, demand, step.size, &mut self.scratch);
        let picture = reduced?;
        if let Some(memory) = memory
            && let Some(place) = share(&memory, picture, &mut self.pixels[1], self.encoder.crew())?
        {
            return Ok(Body::Shared(place));
        }
        let mut buffer = lane.buffers.take();
        let encoded = match eight_bits(picture, &mut self.pixels[1]) {
            Ok((picture, layout)) => {
                let quality = step.quality_of(recipe.quality);
                encode_mat(&mut self.encoder, picture, layout, quality, &mut buffer)
            }
            Err(e) => Err(e),
        };
        match encoded {
            Ok(()) => Ok(Body::Made(buffer)),
            Err(e) => {
                lane.buffers.give(buffer);
                Err(e)
            }
        }
    }
}

/// Writes a picture into the memory that the viewer reads; `None` when it does not fit.
fn share(
    memory: &Writer,
    picture: &Mat,
    spare: &mut Mat,
    crew: &mut Crew,
) -> Result<Option<Place>, String> {
    let (picture, layout) = eight_bits(picture, spare)?;
    let size = size_of(picture)?;
    memory
        .write(size.width, size.height, |start, len| into_bgrx(picture, layout, (start, len), crew))
}

/// Rows that a thread converts at a time: a fraction of a millisecond, so that those who share a
/// picture end together.
const ROWS: i32 = 90;

/// Where converted pixels go.
#[derive(Clone, Copy)]
struct Target(NonNull<u8>);

// SAFETY: the threads that share a picture write rows of their own each.
#[allow(unsafe_code)]
unsafe impl Sync for Target {}

/// Converts a picture to packed BGRX rows in a place of so many bytes, on all idle cores if it is
/// large.
fn into_bgrx(
    picture: &Mat,
    layout: Layout,
    (start, len): (NonNull<u8>, usize),
    crew: &mut Crew,
) -> Result<(), String> {
    let rows = picture.rows();
    let needed = picture.total() * 4;
    if needed != len {
        return Err(format!("{needed} bytes of pixels for a place of {len}"));
    }
    let target = Target(start);
    let failed = Mutex::new(None);
    crew.share_picture(picture.total(), (0..rows).step_by(ROWS as usize), |top| {
        let rows = Range::new(top, rows.min(top + ROWS));
        if let Err(e) = rows.and_then(|rows| rows_into_bgrx(picture, layout, &rows, target)) {
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(e.message);
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), |message| Err(format!("OpenCV: {message}")))
}

/// Converts some rows of a picture to their place in `target`, which has room for all of it.
#[allow(unsafe_code)]
fn rows_into_bgrx(
    picture: &Mat,
    layout: Layout,
    rows: &Range,
    target: Target,
) -> opencv::Result<()> {
    let from = picture.row_range(rows)?;
    let stride = from.cols() as usize * 4;
    // SAFETY: `target` has room for all rows of the picture, and these are some of them.
    let at = unsafe { target.0.as_ptr().add(rows.start() as usize * stride) }.cast();
    // SAFETY: from `at` on there is room for just these rows, which nobody else writes, and the
    // Mat does not outlive this function. OpenCV writes into it because it has the size and type
    // of the result; otherwise it would take memory of its own, which is seen below.
    let mut to =
        unsafe { Mat::new_rows_cols_with_data_unsafe_def(from.rows(), from.cols(), CV_8UC4, at)? };
    match layout {
        Layout::Gray => imgproc::cvt_color_def(&from, &mut to, imgproc::COLOR_GRAY2BGRA),
        Layout::Bgr => imgproc::cvt_color_def(&from, &mut to, imgproc::COLOR_BGR2BGRA),
        Layout::Bgrx => from.copy_to(&mut to),
    }?;
    if to.data().cast_mut().cast() == at {
        Ok(())
    } else {
        Err(opencv::Error::new(opencv::core::StsInternal, "it wrote elsewhere"))
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
    match JpegScan::whole(bytes) {
        ScanStep::Complete(len) => Ok(len),
        ScanStep::NeedMore(_) => Err("the source's JPEG is cut short".into()),
        ScanStep::Invalid(at, expected) => {
            Err(format!("the source's JPEG is broken at byte {at}: expected {expected}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okno_media::shared::{Reader, SLOTS};
    use opencv::core::{CV_8UC1, CV_8UC3, Scalar};
    use std::os::fd::AsFd;

    #[test]
    fn a_viewer_on_this_machine_reads_each_pixel_as_it_was() {
        const SIZE: (i32, i32) = (1001, 703);
        let mut crew = Crew::default();
        let writer = Writer::new(SIZE.0 as u64 * SIZE.1 as u64 * 4).expect("memory");
        let fd = writer.as_fd().try_clone_to_owned().expect("descriptor");
        let reader = Reader::new(&fd, SLOTS, writer.slot_bytes()).expect("reader");
        for (kind, channels) in [(CV_8UC1, 1), (CV_8UC3, 3), (CV_8UC4, 4)] {
            let mut picture =
                Mat::new_rows_cols_with_default(SIZE.1, SIZE.0, kind, Scalar::all(0.0))
                    .expect("mat");
            let bytes = picture.data_bytes_mut().expect("continuous");
            bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = (at / 5) as u8);
            let place = share(&writer, &picture, &mut Mat::default(), &mut crew);
            let place = place.expect("written").expect("a slot");
            let mut out = Vec::new();
            assert!(reader.copy(&place, &mut out, None));
            let from = picture.data_bytes().expect("continuous").chunks_exact(channels);
            for (at, (to, from)) in out.chunks_exact(4).zip(from).enumerate() {
                let from = if channels == 1 { [from[0]; 3] } else { [from[0], from[1], from[2]] };
                assert_eq!(to[..3], from, "pixel {at} of {channels} channels");
            }
        }
    }
}
