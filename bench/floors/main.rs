//! What libjpeg-turbo alone costs: the floor below which no viewer and no sender can go.
//!
//! In: files of JPEGs that the benchmark's clips.py wrote, `FILE WIDTHxHEIGHT` in turn. Out: a
//! line of JSON for each step and file: CPU milliseconds a frame, the median. Works 30 times a
//! second and sleeps in between, as a viewer does: in a tight loop caches are warmer than they
//! ever are in a viewer, and everything seems a fifth cheaper.
//! Uses libjpeg-turbo directly and nothing of Okno's, so that it can't share Okno's mistakes.

use std::hint::black_box;

use rustix::time::{ClockId, clock_gettime};
use turbojpeg::{Compressor, Decompressor, Image, OutputBuf, PixelFormat, Subsamp};

type Failure = Box<dyn std::error::Error>;

/// Frames that are measured at each step.
const FRAMES: usize = 60;

/// Runs `step` for frames 0, 1, ... at 30 a second; its CPU time for each, in milliseconds.
fn paced(mut step: impl FnMut(usize) -> Result<(), Failure>) -> Result<Vec<f64>, Failure> {
    (0..FRAMES)
        .map(|i| {
            std::thread::sleep(std::time::Duration::from_micros(33_333));
            let before = cpu_ms();
            step(i)?;
            Ok(cpu_ms() - before)
        })
        .collect()
}

/// CPU time of this process in milliseconds.
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The places in the `.json` beside the file: `[[offset, length], ...]`.
fn pictures(path: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = std::fs::read(path)?;
    let places = std::fs::read_to_string(std::path::Path::new(path).with_extension("json"))?;
    let numbers: Vec<usize> = places
        .split(|c: char| !c.is_ascii_digit())
        .filter(|s| !s.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let cut = |place: &[usize]| bytes.get(place[0]..place[0] + place[1]).map(<[u8]>::to_vec);
    numbers.chunks_exact(2).map(cut).collect::<Option<_>>().ok_or_else(|| "bad places".into())
}

fn report(file: &str, step: &str, values: Vec<f64>) {
    let ms = median(values);
    println!("{{\"file\": \"{file}\", \"step\": \"{step}\", \"ms\": {ms:.4}}}");
}

fn decode(jpegs: &[Vec<u8>]) -> Result<(Vec<f64>, Vec<u8>), Failure> {
    let mut decoder = Decompressor::new()?;
    let header = decoder.read_header(jpegs.first().ok_or("no pictures")?)?;
    let mut pixels = vec![0; header.width * header.height * 4];
    let values = paced(|i| {
        let image = Image {
            pixels: pixels.as_mut_slice(),
            width: header.width,
            pitch: header.width * 4,
            height: header.height,
            format: PixelFormat::BGRX,
        };
        Ok(decoder.decompress(&jpegs[i % jpegs.len()], image)?)
    })?;
    Ok((values, pixels))
}

fn encode(pixels: &[u8], size: (usize, usize), quality: i32) -> Result<Vec<f64>, Failure> {
    let mut encoder = Compressor::new()?;
    encoder.set_quality(quality);
    encoder.set_subsamp(Subsamp::Sub2x2);
    let mut out = OutputBuf::new_owned();
    // Cameras give three bytes a pixel.
    let bgr: Vec<u8> = pixels.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    paced(|_| {
        let image = Image {
            pixels: bgr.as_slice(),
            width: size.0,
            pitch: size.0 * 3,
            height: size.1,
            format: PixelFormat::BGR,
        };
        Ok(encoder.compress(image, &mut out)?)
    })
}

fn copy(pixels: &[u8]) -> Result<Vec<f64>, Failure> {
    let mut target = vec![0; pixels.len()];
    paced(|_| {
        target.copy_from_slice(black_box(pixels));
        black_box(&mut target);
        Ok(())
    })
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for pair in arguments.chunks_exact(2) {
        let (path, size) = (&pair[0], &pair[1]);
        let name = std::path::Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
        let (width, height) = size.split_once('x').ok_or("the size is WIDTHxHEIGHT")?;
        let size = (width.parse()?, height.parse()?);
        let jpegs = pictures(path)?;
        let (full, pixels) = decode(&jpegs)?;
        report(&name, "decode", full);
        report(&name, "encode q95", encode(&pixels, size, 95)?);
        report(&name, "encode q80", encode(&pixels, size, 80)?);
        report(&name, "copy", copy(&pixels)?);
    }
    Ok(())
}
