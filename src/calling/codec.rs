//! What becomes of a call's pictures: the camera's frames are made what is sent, and what came is
//! made what the window shows.
//!
//! In: frames as the camera gave them; pictures of the other end. Out: the same, coded and decoded,
//! each under the name of its codec. There is one codec so far, JPEG, which every program reads; a
//! second one is an entry in [`all`] and its name in [`BESIDES_JPEG`], and neither the protocol nor
//! anything else here knows the difference. Never decides what is wanted.

use std::sync::Arc;

use okno_call::{JPEG, VideoFrame, VideoQuality};
use okno_media::encode::{Encoder, Layout, Pixels};
use okno_media::{Decoder, EncodedFrame, Header, Picture, Stamps};

/// Names of the codecs that this program reads besides JPEG; told to the other end, which sends
/// nothing else.
pub const BESIDES_JPEG: &[&str] = &[];

/// A picture is not scaled for the sake of less than a tenth of its sides, as by the sender.
const WORTH_SCALING: f64 = 0.9;

/// From this quality on the camera's own JPEG is sent as it is: it costs nothing, and a second
/// encoding would make it worse. That of `opencv-sender` is 80.
const AS_IT_IS: u8 = 80;

/// A picture that is ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Coded {
    /// It can be decoded without those before it.
    pub key: bool,
    /// The codec's bytes.
    pub data: Vec<u8>,
}

/// A codec for the pictures of one call in one direction. It may remember pictures.
pub trait Codec: Send {
    /// What stands beside each of its pictures.
    fn name(&self) -> &'static str;

    /// Makes one of the camera's frames what is wanted; `key`: it must be decodable alone.
    ///
    /// # Errors
    /// A sentence for the log.
    fn encode(
        &mut self,
        frame: &EncodedFrame,
        wanted: VideoQuality,
        key: bool,
    ) -> Result<Coded, String>;

    /// Makes a picture that came at `came` what a stream of the window takes: a JPEG, or pixels.
    ///
    /// # Errors
    /// A sentence for the log.
    fn decode(&mut self, frame: VideoFrame, came: u64) -> Result<EncodedFrame, String>;
}

/// What this program reads, and what it sends with: the first one that the other end reads.
///
/// # Errors
/// When there is no memory for one.
pub fn all() -> Result<Vec<Box<dyn Codec>>, String> {
    Ok(vec![Box::new(Jpeg::new()?)])
}

/// Pictures as JPEGs, each of them alone.
struct Jpeg {
    decoder: Decoder,
    encoder: Encoder,
    pixels: Picture,
}

impl Jpeg {
    fn new() -> Result<Self, String> {
        Ok(Self {
            decoder: Decoder::new().map_err(|error| error.to_string())?,
            encoder: Encoder::new().map_err(|error| error.to_string())?,
            pixels: Picture::default(),
        })
    }
}

impl Codec for Jpeg {
    fn name(&self) -> &'static str {
        JPEG
    }

    fn encode(
        &mut self,
        frame: &EncodedFrame,
        wanted: VideoQuality,
        _key: bool,
    ) -> Result<Coded, String> {
        let full = self.decoder.header(frame.jpeg()).map_err(|error| error.to_string())?;
        let size = smaller(full, wanted);
        if size == full && wanted.quality >= AS_IT_IS {
            return Ok(Coded { key: true, data: frame.jpeg().to_vec() });
        }
        let pixels = &mut self.pixels;
        let decoded = self.decoder.decode(frame.jpeg(), (size.width, size.height), pixels);
        decoded.map_err(|error| error.to_string())?;
        let pixels = Pixels {
            bytes: &self.pixels.pixels,
            width: self.pixels.width as usize,
            height: self.pixels.height as usize,
            stride: self.pixels.stride(),
            layout: Layout::Bgrx,
        };
        let mut data = Vec::new();
        let encoded = self.encoder.encode(&pixels, wanted.quality, &mut data);
        encoded.map_err(|error| error.to_string())?;
        Ok(Coded { key: true, data })
    }

    fn decode(&mut self, frame: VideoFrame, came: u64) -> Result<EncodedFrame, String> {
        // The stream's own decoder does it, once it is known at what size.
        Ok(EncodedFrame {
            range: 0..frame.data.len(),
            buffer: Arc::new(frame.data),
            raw: None,
            number: 0,
            stamps: Stamps {
                captured: frame.captured_here_ns.filter(|&at| at <= came),
                received: came,
                ..Stamps::default()
            },
        })
    }
}

/// The largest of libjpeg-turbo's sizes of a picture that is not larger than wanted. The camera's
/// sender scales finer, and has usually done so: this is for what comes before it has heard, for a
/// camera that makes JPEGs itself, and for when one's own picture is shown larger.
fn smaller(full: Header, wanted: VideoQuality) -> Header {
    let fits = |size: &Header| {
        let within = |side: u32, most: u16| f64::from(side) * WORTH_SCALING <= f64::from(most);
        within(size.width, wanted.width) && within(size.height, wanted.height)
    };
    (1..=8).rev().map(|eighths| full.eighths(eighths)).find(fits).unwrap_or(full.eighths(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(jpeg: Vec<u8>) -> EncodedFrame {
        let range = 0..jpeg.len();
        let stamps = Stamps::default();
        EncodedFrame { buffer: Arc::new(jpeg), range, raw: None, number: 1, stamps }
    }

    /// A picture with something in it.
    fn picture(width: usize, height: usize) -> EncodedFrame {
        let bytes: Vec<u8> = (0..width * height)
            .flat_map(|at| {
                let (x, y) = (at % width, at / width);
                [(x * 3) as u8, (y * 5) as u8, (x * y / 7) as u8]
            })
            .collect();
        let pixels =
            Pixels { bytes: &bytes, width, height, stride: width * 3, layout: Layout::Bgr };
        let mut jpeg = Vec::new();
        Encoder::new().and_then(|mut it| it.encode(&pixels, 80, &mut jpeg)).expect("encoded");
        frame(jpeg)
    }

    fn wanted(width: u16, height: u16, quality: u8) -> VideoQuality {
        VideoQuality { width, height, rate: 30, quality }
    }

    fn size(jpeg: &[u8]) -> (u32, u32) {
        let header = Decoder::new().and_then(|mut it| it.header(jpeg)).expect("a JPEG");
        (header.width, header.height)
    }

    #[test]
    fn a_picture_that_is_as_wanted_is_sent_as_the_camera_made_it() {
        let mut codec = all().expect("codecs").remove(0);
        let camera = picture(640, 360);
        for most in [wanted(640, 360, 80), wanted(1280, 720, 80), wanted(600, 338, 80)] {
            let coded = codec.encode(&camera, most, true).expect("encoded");
            assert_eq!((coded.key, &*coded.data), (true, camera.jpeg()));
        }
        assert_eq!((codec.name(), BESIDES_JPEG.contains(&codec.name())), (JPEG, false));
    }

    #[test]
    fn size_and_quality_follow_what_is_wanted() {
        let mut codec = all().expect("codecs").remove(0);
        let camera = picture(1280, 720);
        let mut before = usize::MAX;
        for (most, is) in [
            (wanted(1280, 720, 70), (1280, 720)),
            (wanted(960, 540, 60), (960, 540)),
            (wanted(500, 281, 50), (480, 270)),
            (wanted(240, 135, 40), (160, 90)),
            (wanted(10, 10, 1), (160, 90)),
        ] {
            let coded = codec.encode(&camera, most, false).expect("encoded");
            assert_eq!(size(&coded.data), is, "{most:?}");
            assert!(coded.data.len() < before, "{most:?}: {} bytes", coded.data.len());
            before = coded.data.len();
        }
    }

    #[test]
    fn what_is_no_jpeg_is_told_and_the_next_one_is_encoded() {
        let mut codec = all().expect("codecs").remove(0);
        assert!(codec.encode(&frame(vec![1, 2, 3]), wanted(640, 360, 50), true).is_err());
        let mut half = picture(640, 360).jpeg().to_vec();
        half.truncate(half.len() / 2);
        assert!(codec.encode(&frame(half), wanted(320, 180, 50), true).is_err());
        assert!(codec.encode(&picture(640, 360), wanted(320, 180, 50), true).is_ok());
    }
}
