//! Opus in 20 ms packets, 48 kHz mono.
//!
//! In: 960 samples, or a packet of the other side. Out: a packet, or 960 samples: decoded,
//! restored from the packet after it, or made up. Never: allocates beyond the packet itself.

use opus::{Application, Bitrate, Channels, Signal};

use crate::{PACKET, RATE};

/// The longest Opus frame (RFC 6716, section 3.4, R2: 1,275 bytes and the byte that heads it).
pub(crate) const MAX_OPUS_BYTES: usize = 1276;
/// Work that the encoder may do, 0 to 10. 9 is where more is no longer heard in speech at 32
/// kbit/s, and costs 2 % of a core of 2.5 GHz.
const COMPLEXITY: i32 = 9;

/// Makes packets.
pub(crate) struct Encoder {
    opus: opus::Encoder,
    buffer: [u8; MAX_OPUS_BYTES],
    loss_percent: u8,
}

impl Encoder {
    /// An encoder for speech at `bitrate` bits a second.
    pub(crate) fn new(bitrate: u32, dtx: bool) -> Result<Self, opus::Error> {
        let mut opus = opus::Encoder::new(RATE, Channels::Mono, Application::Voip)?;
        opus.set_bitrate(Bitrate::Bits(bitrate.clamp(6_000, 510_000) as i32))?;
        opus.set_signal(Signal::Voice)?;
        opus.set_complexity(COMPLEXITY)?;
        opus.set_inband_fec(true)?;
        opus.set_dtx(dtx)?;
        let mut encoder = Self { opus, buffer: [0; MAX_OPUS_BYTES], loss_percent: u8::MAX };
        encoder.expect_loss(0);
        Ok(encoder)
    }

    /// Sets how much of each packet is spent on restoring the one before. Never nothing: without
    /// an expected loss Opus leaves the redundancy out, and the first losses come unannounced.
    pub(crate) fn expect_loss(&mut self, percent: u8) {
        let percent = percent.clamp(5, 30);
        if percent != self.loss_percent
            && self.opus.set_packet_loss_perc(i32::from(percent)).is_ok()
        {
            self.loss_percent = percent;
        }
    }

    /// Encodes 20 ms.
    pub(crate) fn encode(&mut self, samples: &[f32; PACKET]) -> Result<&[u8], opus::Error> {
        let length = self.opus.encode_float(samples, &mut self.buffer)?;
        Ok(&self.buffer[..length])
    }
}

/// Turns packets into sound; what is missing too.
pub(crate) trait Decoder: Send {
    /// Whether these bytes are one packet of 20 ms; asked before anything is kept.
    fn accepts(&self, payload: &[u8]) -> bool;
    /// Decodes a packet.
    fn decode(&mut self, payload: &[u8], samples: &mut [f32; PACKET]);
    /// Restores the packet before `next` from what `next` carries of it. `false`: it carries
    /// nothing, and the sound was made up.
    fn restore(&mut self, next: &[u8], samples: &mut [f32; PACKET]) -> bool;
    /// Makes up 20 ms.
    fn conceal(&mut self, samples: &mut [f32; PACKET]);
}

/// libopus.
pub(crate) struct OpusDecoder(opus::Decoder);

impl OpusDecoder {
    pub(crate) fn new() -> Result<Self, opus::Error> {
        Ok(Self(opus::Decoder::new(RATE, Channels::Mono)?))
    }

    fn run(&mut self, payload: &[u8], samples: &mut [f32; PACKET], fec: bool) {
        match self.0.decode_float(payload, samples, fec) {
            Ok(PACKET) => {}
            Ok(short) => samples[short.min(PACKET)..].fill(0.0),
            // What is inside an accepted packet may still be nonsense: 20 ms of silence.
            Err(_) => samples.fill(0.0),
        }
    }
}

impl Decoder for OpusDecoder {
    fn accepts(&self, payload: &[u8]) -> bool {
        !payload.is_empty()
            && payload.len() <= MAX_OPUS_BYTES
            && opus::packet::get_nb_samples(payload, RATE).is_ok_and(|samples| samples == PACKET)
    }

    fn decode(&mut self, payload: &[u8], samples: &mut [f32; PACKET]) {
        self.run(payload, samples, false);
    }

    fn restore(&mut self, next: &[u8], samples: &mut [f32; PACKET]) -> bool {
        self.run(next, samples, true);
        carries_redundancy(next)
    }

    fn conceal(&mut self, samples: &mut [f32; PACKET]) {
        self.run(&[], samples, false);
    }
}

/// Whether an Opus packet of one 20 ms frame carries the one before (LBRR). CELT has none. In
/// SILK and hybrid frames, the flag follows the voice activity flag at the head of the range
/// coder's bits, both with a probability of one half, so they are the top bits of the first byte
/// (RFC 6716, sections 4.2.3 and 4.2.4; as libopus's `opus_packet_has_lbrr`).
pub(crate) fn carries_redundancy(packet: &[u8]) -> bool {
    const CELT_ONLY: u8 = 0x80;
    const ONE_FRAME: u8 = 0;
    match packet {
        [toc, first, ..] => toc & CELT_ONLY == 0 && toc & 3 == ONE_FRAME && first & 0x40 != 0,
        _ => false,
    }
}
