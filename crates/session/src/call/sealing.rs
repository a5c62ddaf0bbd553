//! Sealing what goes to the other end, and opening what comes from it.
//!
//! In: a packet's bytes, the header it travels under, its time. Out: SFrame (RFC 9605) with
//! AES-256-GCM, and back. Each kind and stream of each direction has its own key and counter;
//! counters never go back, whatever happens to the path, so that no nonce is used twice. Never
//! hands out bytes that the other end did not seal for just this header, or a second time.
//!
//! A sealed packet is: time (8 bytes, big-endian), SFrame header (key id, counter), ciphertext,
//! tag. Associated data are the record's kind, key flag, stream and frame number, the time, and
//! the SFrame header.

use sframe::CipherSuite;
use sframe::error::SframeError;
use sframe::frame::validation::{ReplayAttackProtection, Tolerance};
use sframe::frame::{EncryptedFrameView, MediaFrameView, MonotonicCounter};
use sframe::key::{DecryptionKey, EncryptionKey};

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sound.
    Audio = 1,
    /// What the two ends agree on.
    Control = 2,
    /// A picture.
    Video = 3,
}

/// What the relay sees of a packet besides its size; the seal covers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub kind: Kind,
    /// It can be decoded without those before it; only for video.
    pub key: bool,
    /// The sender's stream.
    pub stream: u16,
    /// Number of the frame; 0 unless the kind is video.
    pub frame: u32,
}

/// Streams of a caller, as the call protocol has them.
const STREAMS: u16 = 4;

/// Kinds, counted from 0.
const KINDS: u16 = 4;

/// Sound packets of up to this many numbers before the newest are still taken, 2.56 s: the
/// jitter buffer decides what is too late. Those before are refused: they might be repetitions.
const AUDIO_TOLERANCE: usize = 128;

/// Control packets and pictures come in their order, or not at all.
const STRICT: usize = 1;

/// Packets that one key seals: far below what AES-GCM allows (RFC 9605, 9.3 with RFC 8446's
/// limits), far above what a call can send.
const MAX_COUNTER: u64 = 1 << 40;

/// Bytes of the time before the SFrame header.
const TIME: usize = 8;

/// Bytes of associated data that are not the SFrame header: those of `Header`, and the time.
const META: usize = 16;

impl Header {
    fn index(self) -> usize {
        usize::from(self.stream * KINDS + self.kind as u16)
    }

    fn meta(self, time: u64) -> [u8; META] {
        let mut meta = [0; META];
        let [s0, s1] = self.stream.to_be_bytes();
        meta[..4].copy_from_slice(&[self.kind as u8, u8::from(self.key), s0, s1]);
        meta[4..8].copy_from_slice(&self.frame.to_be_bytes());
        meta[8..].copy_from_slice(&time.to_be_bytes());
        meta
    }
}

/// Why a packet is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It was not sealed by the other end for this header: changed, moved or made up.
    #[error("it was not sealed by the other end")]
    Forged,
    /// It came before, or so late that it may have.
    #[error("it came a second time or far too late")]
    Replayed,
}

/// Seals; one for a call.
pub struct Sealer {
    keys: Vec<(EncryptionKey, MonotonicCounter)>,
}

impl Sealer {
    /// A sealer with a base key that nothing else seals with.
    ///
    /// # Errors
    /// Never with a cipher suite that is built in.
    pub fn new(base: &[u8; 32]) -> Result<Self, SframeError> {
        let key = |id: u16| {
            let key = EncryptionKey::derive_from(CipherSuite::AesGcm256Sha512, id, base)?;
            Ok((key, MonotonicCounter::new(MAX_COUNTER)))
        };
        let keys: Result<_, SframeError> = (0..STREAMS * KINDS).map(key).collect();
        Ok(Self { keys: keys? })
    }

    /// Seals a packet. `time`: nanoseconds. `None`: there is no such stream, or the key has
    /// sealed all that it may.
    pub fn seal(&mut self, header: Header, time: u64, plain: &[u8]) -> Option<Vec<u8>> {
        let (key, counter) = self.keys.get_mut(header.index())?;
        let meta = header.meta(time);
        let frame = MediaFrameView::try_with_meta_data(counter, plain, &meta).ok()?;
        let mut sealed = Vec::with_capacity(META + 17 + plain.len() + 16);
        frame.encrypt_into(key, &mut sealed).ok()?;
        // The header travels as the record's.
        sealed.drain(..META - TIME);
        Some(sealed)
    }
}

/// A packet that the other end sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Counts the packets of its kind and stream.
    pub sequence: u64,
    /// Nanoseconds of the sender's clock.
    pub time: u64,
    /// What was sealed.
    pub data: Vec<u8>,
}

/// Opens; one for a call.
pub struct Opener {
    keys: Vec<(DecryptionKey, ReplayAttackProtection)>,
}

impl Opener {
    /// An opener with the other end's base key.
    ///
    /// # Errors
    /// Never with a cipher suite that is built in.
    pub fn new(base: &[u8; 32]) -> Result<Self, SframeError> {
        let key = |id: u16| {
            let key = DecryptionKey::derive_from(CipherSuite::AesGcm256Sha512, id, base)?;
            let audio = id % KINDS == Kind::Audio as u16;
            let tolerance = Tolerance::new(if audio { AUDIO_TOLERANCE } else { STRICT });
            Ok((key, ReplayAttackProtection::new(id.into(), tolerance)))
        };
        let keys: Result<_, SframeError> = (0..STREAMS * KINDS).map(key).collect();
        Ok(Self { keys: keys? })
    }

    /// Opens a packet that came under `header`.
    ///
    /// # Errors
    /// See [`Refused`]; nothing of the packet can be believed then.
    pub fn open(&mut self, header: Header, sealed: &[u8]) -> Result<Opened, Refused> {
        let (key, seen) = self.keys.get_mut(header.index()).ok_or(Refused::Forged)?;
        let (time, sframe) = sealed.split_first_chunk::<TIME>().ok_or(Refused::Forged)?;
        let time = u64::from_be_bytes(*time);
        let meta = header.meta(time);
        let frame = EncryptedFrameView::try_with_meta_data(sframe, &meta);
        let frame = frame.map_err(|_| Refused::Forged)?;
        let sequence = frame.header().counter();
        // Another kind's or stream's key is not looked for: it can't be this header's packet.
        if frame.header().key_id() != key.key_id() {
            return Err(Refused::Forged);
        }
        let opened = frame.validated_decrypt(&*key, seen).map_err(|error| match error {
            SframeError::FrameValidationFailed(_) => Refused::Replayed,
            _ => Refused::Forged,
        })?;
        Ok(Opened { sequence, time, data: opened.payload().to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUDIO: Header = Header { kind: Kind::Audio, key: false, stream: 0, frame: 0 };
    const VIDEO: Header = Header { kind: Kind::Video, key: true, stream: 1, frame: 9 };

    fn pair() -> (Sealer, Opener) {
        (Sealer::new(&[7; 32]).expect("keys"), Opener::new(&[7; 32]).expect("keys"))
    }

    #[test]
    fn what_was_sealed_is_opened_once() {
        let (mut sealer, mut opener) = pair();
        for number in 0..3 {
            let sealed = sealer.seal(AUDIO, 1234, b"sound").expect("sealed");
            assert!(!sealed.windows(5).any(|bytes| bytes == b"sound"));
            assert!(sealed.len() <= 5 + 8 + 17 + 16);
            let opened = opener.open(AUDIO, &sealed).expect("opened");
            assert_eq!((opened.sequence, opened.time), (number, 1234));
            assert_eq!(opened.data, b"sound");
            assert_eq!(opener.open(AUDIO, &sealed), Err(Refused::Replayed));
        }
        let empty = sealer.seal(VIDEO, 0, b"").expect("sealed");
        assert_eq!(opener.open(VIDEO, &empty).expect("opened").data, b"");
    }

    #[test]
    fn every_bit_counts() {
        let (mut sealer, mut opener) = pair();
        let sealed = sealer.seal(VIDEO, 77, b"picture").expect("sealed");
        for at in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert_eq!(opener.open(VIDEO, &changed), Err(Refused::Forged), "bit {at}");
        }
        for length in 0..sealed.len() {
            assert_eq!(opener.open(VIDEO, &sealed[..length]), Err(Refused::Forged));
        }
        let longer = [&sealed[..], b"x"].concat();
        assert_eq!(opener.open(VIDEO, &longer), Err(Refused::Forged));
        let moved = [
            Header { kind: Kind::Audio, ..VIDEO },
            Header { key: false, ..VIDEO },
            Header { stream: 0, ..VIDEO },
            Header { stream: 99, ..VIDEO },
            Header { frame: 10, ..VIDEO },
        ];
        for header in moved {
            assert_eq!(opener.open(header, &sealed), Err(Refused::Forged), "{header:?}");
        }
        // Forgeries have not moved the window.
        assert!(opener.open(VIDEO, &sealed).is_ok());
    }

    #[test]
    fn sound_may_overtake_and_the_rest_may_not() {
        let (mut sealer, mut opener) = pair();
        let mut many = |header| -> Vec<Vec<u8>> {
            (0..200).map(|_| sealer.seal(header, 0, b"x").expect("sealed")).collect()
        };
        let (audio, video) = (many(AUDIO), many(VIDEO));
        assert!(opener.open(AUDIO, &audio[199]).is_ok());
        assert!(opener.open(AUDIO, &audio[72]).is_ok());
        assert_eq!(opener.open(AUDIO, &audio[71]), Err(Refused::Replayed));
        assert!(opener.open(VIDEO, &video[5]).is_ok());
        assert_eq!(opener.open(VIDEO, &video[4]), Err(Refused::Replayed));
        assert!(opener.open(VIDEO, &video[6]).is_ok());
    }

    #[test]
    fn other_keys_open_nothing() {
        let (mut sealer, _) = pair();
        let mut other = Opener::new(&[8; 32]).expect("keys");
        let sealed = sealer.seal(AUDIO, 1, b"sound").expect("sealed");
        assert_eq!(other.open(AUDIO, &sealed), Err(Refused::Forged));
    }
}
