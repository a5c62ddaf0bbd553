//! Opening a device in the format that suits us best.
//!
//! In: a cpal device. Out: a running stream, and the audio thread's end of its ring. Never:
//! resamples or mixes here, beyond the channels that the callback sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cpal::traits::{DeviceTrait as _, StreamTrait as _};
use cpal::{
    BufferSize, ErrorKind, FromSample, InputCallbackInfo, OutputCallbackInfo, Sample, SampleFormat,
    SizedSample, StreamConfig, SupportedBufferSize, SupportedStreamConfigRange,
};
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::RATE;
use crate::device::callback::{Capture, Counters, Playback};
use crate::device::host::Direction;
use crate::device::manager::Plug;
use crate::device::ring::{DeviceSink, DeviceSource, RING_MS};

/// What a device is asked to deliver at once: 10 ms, one step of ours. PulseAudio keeps two of them
/// for playing, so a device adds 20 ms.
const PERIOD_MS: u32 = 10;

/// A running stream; dropping it closes the device.
pub(crate) struct Running {
    _stream: cpal::Stream,
    /// What ended it, if something did.
    pub(crate) failures: Receiver<String>,
    pub(crate) counters: Arc<Counters>,
}

/// How good a format is; smaller is better.
fn badness(range: &SupportedStreamConfigRange) -> Option<(u32, u8, u16)> {
    let format = match range.sample_format() {
        SampleFormat::F32 => 0,
        SampleFormat::I32 => 1,
        SampleFormat::I16 => 2,
        _ => return None,
    };
    let rate = RATE.clamp(range.min_sample_rate(), range.max_sample_rate());
    Some((rate.abs_diff(RATE), format, range.channels()))
}

fn choose(
    ranges: impl Iterator<Item = SupportedStreamConfigRange>,
) -> Result<(StreamConfig, SampleFormat), String> {
    let best = ranges
        .filter(|range| range.channels() > 0 && badness(range).is_some())
        .min_by_key(badness)
        .ok_or("it has no format that is understood")?;
    let sample_rate = RATE.clamp(best.min_sample_rate(), best.max_sample_rate());
    if !(8_000..=384_000).contains(&sample_rate) {
        return Err(format!("{sample_rate} Hz is no rate for speech"));
    }
    let frames = sample_rate * PERIOD_MS / 1000;
    let buffer_size = match best.buffer_size() {
        SupportedBufferSize::Range { min, max } => BufferSize::Fixed(frames.clamp(*min, *max)),
        SupportedBufferSize::Unknown => BufferSize::Default,
    };
    let config = StreamConfig { channels: best.channels(), sample_rate, buffer_size };
    Ok((config, best.sample_format()))
}

/// Errors that end a stream; the others are accidents that it survives.
fn ends(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Xrun
            | ErrorKind::DeviceChanged
            | ErrorKind::RealtimeDenied
            | ErrorKind::DeviceBusy
    )
}

/// The callback for errors: hands the first one that matters to the device thread.
fn on_error(failures: Sender<String>) -> impl FnMut(cpal::Error) + Send + 'static {
    let told = AtomicBool::new(false);
    move |error| {
        if ends(error.kind()) && !told.swap(true, Ordering::Relaxed) {
            let _ = failures.try_send(error.to_string());
        }
    }
}

/// Opens and starts `device`.
pub(crate) fn open(direction: Direction, device: &cpal::Device) -> Result<(Plug, Running), String> {
    let says = |error: cpal::Error| error.to_string();
    let (config, format) = match direction {
        Direction::Microphone => choose(device.supported_input_configs().map_err(says)?)?,
        Direction::Speaker => choose(device.supported_output_configs().map_err(says)?)?,
    };
    log::debug!("{direction:?} {device}: {config:?} {format:?}");
    let (failed, failures) = bounded(1);
    let counters = Arc::<Counters>::default();
    let (producer, consumer) =
        rtrb::RingBuffer::new((config.sample_rate * RING_MS / 1000) as usize);
    let channels = usize::from(config.channels);
    let (stream, plug) = match direction {
        Direction::Microphone => {
            let rate = config.sample_rate;
            let capture =
                Capture { ring: producer, channels, rate, counters: Arc::clone(&counters) };
            let stream = match format {
                SampleFormat::I16 => input::<i16>(device, config, capture, failed),
                SampleFormat::I32 => input::<i32>(device, config, capture, failed),
                _ => input::<f32>(device, config, capture, failed),
            };
            let source = DeviceSource::new(consumer, rate, Arc::clone(&counters));
            (stream, Plug::Source(Box::new(source)))
        }
        Direction::Speaker => {
            let playback = Playback::new(consumer, channels, Arc::clone(&counters));
            let stream = match format {
                SampleFormat::I16 => output::<i16>(device, config, playback, failed),
                SampleFormat::I32 => output::<i32>(device, config, playback, failed),
                _ => output::<f32>(device, config, playback, failed),
            };
            let sink = DeviceSink::new(producer, config.sample_rate, Arc::clone(&counters));
            (stream, Plug::Sink(Box::new(sink)))
        }
    };
    let stream = stream.map_err(says)?;
    stream.play().map_err(says)?;
    Ok((plug, Running { _stream: stream, failures, counters }))
}

fn input<T: SizedSample>(
    device: &cpal::Device,
    config: StreamConfig,
    mut capture: Capture,
    failed: Sender<String>,
) -> Result<cpal::Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    device.build_input_stream(
        config,
        move |data: &[T], info: &InputCallbackInfo| {
            let time = info.timestamp();
            let age = time.callback.duration_since(time.capture);
            capture.on_data(data, u64::try_from(age.as_nanos()).unwrap_or(u64::MAX));
        },
        on_error(failed),
        None,
    )
}

fn output<T: SizedSample + Sample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    mut playback: Playback,
    failed: Sender<String>,
) -> Result<cpal::Stream, cpal::Error> {
    device.build_output_stream(
        config,
        move |data: &mut [T], info: &OutputCallbackInfo| {
            let time = info.timestamp();
            let delay = time.playback.duration_since(time.callback);
            playback.on_data(data, u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX));
        },
        on_error(failed),
        None,
    )
}
