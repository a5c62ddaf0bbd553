//! Frames of 10 ms to packets.
//!
//! In: the microphone's sound, already clean, already silent if muted. Out: numbered, stamped
//! packets. Never: keeps one.

use crate::codec::Encoder;
use crate::resample::Resampler;
use crate::source::Frame;
use crate::{FRAME, PACKET, Packet, RATE};

/// Samples in one chunk of an original client.
pub(crate) const CHUNK: usize = 1024;
/// Its rate.
pub(crate) const CLASSIC_RATE: u32 = 44_100;

/// Where packets go.
type OnPacket = Box<dyn FnMut(Packet) + Send>;

/// Collects, encodes, numbers.
pub(crate) struct Sender {
    kind: Kind,
    on_packet: OnPacket,
    sending: bool,
    sent: u64,
    sequence: u32,
    captured_ns: u64,
}

enum Kind {
    Opus { encoder: Box<Encoder>, samples: Box<[f32; PACKET]>, filled: usize },
    Classic { resampler: Resampler, samples: Vec<f32> },
}

impl Sender {
    /// Without an encoder: the original client's chunks.
    pub(crate) fn new(encoder: Option<Encoder>, sending: bool, on_packet: OnPacket) -> Self {
        let kind = match encoder {
            Some(encoder) => Kind::Opus {
                encoder: Box::new(encoder),
                samples: Box::new([0.0; PACKET]),
                filled: 0,
            },
            None => Kind::Classic {
                resampler: Resampler::with_input(FRAME, RATE, CLASSIC_RATE),
                samples: Vec::with_capacity(2 * CHUNK),
            },
        };
        Self { kind, on_packet, sending, sent: 0, sequence: 0, captured_ns: 0 }
    }

    pub(crate) fn set_sending(&mut self, sending: bool) {
        self.sending = sending;
    }

    pub(crate) fn expect_loss(&mut self, percent: u8) {
        if let Kind::Opus { encoder, .. } = &mut self.kind {
            encoder.expect_loss(percent);
        }
    }

    /// Packets handed on.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Time went by without sound: the numbers go on, for they are a clock to the other side.
    pub(crate) fn skip(&mut self, steps: u64) {
        let packets = u32::try_from(steps / 2).unwrap_or(u32::MAX);
        self.sequence = self.sequence.wrapping_add(packets);
    }

    /// Takes 10 ms whose first sample was captured at `captured_ns`.
    pub(crate) fn send(&mut self, frame: &Frame, captured_ns: u64) {
        match &mut self.kind {
            Kind::Opus { encoder, samples, filled } => {
                if *filled == 0 {
                    self.captured_ns = captured_ns;
                }
                samples[*filled..*filled + FRAME].copy_from_slice(frame);
                *filled += FRAME;
                if *filled < PACKET {
                    return;
                }
                *filled = 0;
                let sequence = self.sequence;
                self.sequence = self.sequence.wrapping_add(1);
                if !self.sending {
                    return;
                }
                match encoder.encode(samples) {
                    Ok(opus) => {
                        self.sent += 1;
                        let captured_ns = self.captured_ns;
                        (self.on_packet)(Packet { sequence, captured_ns, payload: opus.to_vec() });
                    }
                    Err(error) => log::error!("Opus could not encode a packet: {error}"),
                }
            }
            Kind::Classic { resampler, samples } => {
                resampler.push(frame, samples);
                while samples.len() >= CHUNK {
                    let payload = chunk_bytes(&samples[..CHUNK]);
                    samples.drain(..CHUNK);
                    let sequence = self.sequence;
                    self.sequence = self.sequence.wrapping_add(1);
                    if self.sending {
                        self.sent += 1;
                        (self.on_packet)(Packet { sequence, captured_ns, payload });
                    }
                }
            }
        }
    }
}

/// Signed 16-bit little-endian.
fn chunk_bytes(samples: &[f32]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| ((sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16).to_le_bytes())
        .collect()
}
