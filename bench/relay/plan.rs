//! What each caller sends and when: 50 audio packets and 30 frames a second, 1.5 Mbit/s.
//!
//! In: a connection that is ready, and how long to send on it. Out: every byte that will go over
//! it, sealed already if it is encrypted, with the time at which each packet is due. Nothing is
//! left to be made during the measurement, which would otherwise measure its own making of packets.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use okno_relay::record::{FIRST, KEY, Kind, LAST, Reader, Record};
use rustls::ClientConnection;

use crate::Failure;

/// An Opus packet of 20 ms at 51 kbit/s; 16 of them are one classic chunk.
pub const AUDIO: usize = 128;
/// 30 of them a second are 1.5 Mbit/s.
pub const VIDEO: usize = 6_250;

const AUDIO_EVERY: Duration = Duration::from_millis(20);
const VIDEO_EVERY: Duration = Duration::from_nanos(33_333_333);

/// How packets stand in a connection's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// The call protocol's records, sound and picture in one connection.
    Records,
    /// Frames behind their size in four bytes.
    ClassicVideo,
    /// Audio packets and nothing else.
    ClassicAudio,
}

/// Sound or picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Media {
    Audio,
    Video,
}

/// A packet of the plan.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Nanoseconds after the start.
    pub at: u64,
    /// The connection it goes over.
    pub line: u32,
    /// Its last byte's place behind all bytes of its connection.
    pub end: usize,
}

/// Spreads numbers evenly and always in the same way (SplitMix64), so that all relays get the
/// same load: callers don't agree on when they speak.
fn scatter(number: u64) -> f64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// The times at which the caller `number` has packets, sorted.
fn times(number: u64, framing: Framing, length: Duration) -> Vec<(u64, Media)> {
    let mut all = Vec::new();
    for (media, every, salt) in
        [(Media::Audio, AUDIO_EVERY, 0), (Media::Video, VIDEO_EVERY, 1 << 32)]
    {
        let carried = match framing {
            Framing::Records => true,
            Framing::ClassicVideo => media == Media::Video,
            Framing::ClassicAudio => media == Media::Audio,
        };
        if !carried {
            continue;
        }
        let mut at = every.mul_f64(scatter(number + salt));
        while at < length {
            // A benchmark does not run for 584 years.
            all.push((at.as_nanos() as u64, media));
            at += every;
        }
    }
    all.sort_unstable();
    all
}

fn packet(framing: Framing, media: Media, at: u64, frame: u32) -> Result<Vec<u8>, Failure> {
    let mut payload = vec![0x5A; if media == Media::Audio { AUDIO } else { VIDEO }];
    if let Some(stamp) = payload.first_chunk_mut::<8>() {
        *stamp = at.to_le_bytes();
    }
    let record = match (framing, media) {
        (Framing::ClassicAudio, _) => return Ok(payload),
        (Framing::ClassicVideo, _) => {
            let size = u32::try_from(payload.len())?.to_le_bytes();
            return Ok([&size[..], &payload].concat());
        }
        (Framing::Records, Media::Audio) => Record::new(Kind::Audio, 0, 0, 0, &payload),
        (Framing::Records, Media::Video) => {
            Record::new(Kind::Video, KEY | FIRST | LAST, 0, frame, &payload)
        }
    };
    Ok(record.ok_or("a packet over the limits")?.bytes.to_vec())
}

/// All bytes that a caller will send over one connection, and when.
pub fn prepare(
    line: u32,
    number: u64,
    framing: Framing,
    mut tls: Option<&mut ClientConnection>,
    length: Duration,
    dues: &mut Vec<Due>,
) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    for (frame, (at, media)) in (0..).zip(times(number, framing, length)) {
        let packet = packet(framing, media, at, frame)?;
        match &mut tls {
            None => bytes.extend_from_slice(&packet),
            Some(tls) => {
                tls.writer().write_all(&packet)?;
                while tls.wants_write() {
                    tls.write_tls(&mut bytes)?;
                }
            }
        }
        dues.push(Due { at, line, end: bytes.len() });
    }
    Ok(bytes)
}

/// Takes packets out of what arrives on a connection, for the callers that look.
pub struct Unpacker {
    framing: Framing,
    records: Reader,
    bytes: Vec<u8>,
}

impl Unpacker {
    /// `records`: what has been read of the connection already.
    pub fn new(framing: Framing, records: Reader) -> Self {
        Self { framing, records, bytes: Vec::new() }
    }

    /// Takes in what was read and hands out the packets in it: their kind and planned time.
    pub fn take(
        &mut self,
        mut read: &[u8],
        tls: Option<&mut ClientConnection>,
        mut found: impl FnMut(Media, u64),
    ) -> Result<(), Failure> {
        let Some(tls) = tls else { return self.plain(read, &mut found) };
        let mut part = [0; 16 << 10];
        while !read.is_empty() {
            tls.read_tls(&mut read)?;
            tls.process_new_packets()?;
            loop {
                match tls.reader().read(&mut part) {
                    Ok(0) => return Err("the relay closed a connection".into()),
                    Ok(count) => {
                        self.plain(part.get(..count).unwrap_or_default(), &mut found)?;
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    fn plain(&mut self, read: &[u8], found: &mut impl FnMut(Media, u64)) -> Result<(), Failure> {
        if self.framing == Framing::Records {
            self.records.push(read);
            while let Some(record) = self.records.take_record()? {
                let media = match record.header.kind {
                    Kind::Audio => Media::Audio,
                    Kind::Video => Media::Video,
                    _ => continue,
                };
                found(media, stamp(&record.payload())?);
            }
            return Ok(());
        }
        let (before, size, media) = match self.framing {
            Framing::ClassicVideo => (4, 4 + VIDEO, Media::Video),
            _ => (0, AUDIO, Media::Audio),
        };
        self.bytes.extend_from_slice(read);
        while let Some(packet) = self.bytes.get(before..size) {
            found(media, stamp(packet)?);
            self.bytes.drain(..size);
        }
        Ok(())
    }
}

fn stamp(packet: &[u8]) -> Result<u64, Failure> {
    Ok(u64::from_le_bytes(*packet.first_chunk::<8>().ok_or("a packet without a time")?))
}
