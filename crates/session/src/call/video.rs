//! What a picture of a call is on its way: which codec made it, and whether it can be decoded
//! without those before it.
//!
//! In: pictures to send, opened pictures. Out: the bytes that are sealed, and back; which pictures
//! of the other end can be decoded, and when a key frame is needed. Knows no codec: what a codec
//! makes of its bytes is the application's business.
//!
//! Within the seal a picture is: length of the codec's name (1 byte), the name, the codec's bytes.
//! The key flag travels in the record's header, which the seal covers.

/// The codec that every program reads.
pub const JPEG: &str = "jpeg";

/// Longest name of a codec, in bytes; its shortest is one.
pub const MAX_CODEC_NAME: usize = 16;

/// Codecs besides [`JPEG`] that one end may say it reads.
pub const MAX_CODECS: usize = 8;

/// A picture to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// When it was captured, in nanoseconds of our clock.
    pub captured_ns: u64,
    /// Name of the codec that made it.
    pub codec: &'static str,
    /// It can be decoded without those before it.
    pub key: bool,
    /// The codec's bytes.
    pub data: Vec<u8>,
}

impl Picture {
    /// A JPEG.
    #[must_use]
    pub const fn jpeg(captured_ns: u64, data: Vec<u8>) -> Self {
        Self { captured_ns, codec: JPEG, key: true, data }
    }
}

/// The bytes that are sealed. `None`: no codec has such a name.
pub(super) fn wrap(codec: &str, data: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(codec.len()).ok().filter(|_| is_name(codec.as_bytes()))?;
    let mut plain = Vec::with_capacity(1 + codec.len() + data.len());
    plain.push(length);
    plain.extend_from_slice(codec.as_bytes());
    plain.extend_from_slice(data);
    Some(plain)
}

/// The codec's name and its bytes. `None`: it is no picture.
pub(super) fn unwrap(mut plain: Vec<u8>) -> Option<(String, Vec<u8>)> {
    let length = usize::from(*plain.first()?);
    let name = plain.get(1..=length).filter(|name| is_name(name))?;
    let codec = String::from_utf8(name.to_vec()).ok()?;
    plain.drain(..=length);
    Some((codec, plain))
}

/// Letters, digits and hyphens: it is shown to people and written to logs.
pub(super) fn is_name(name: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    (1..=MAX_CODEC_NAME).contains(&name.len()) && name.iter().all(fits)
}

/// Which of the other's pictures can be decoded: a key frame, and those that follow it without a
/// gap.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    next: Option<u32>,
}

impl Sequence {
    /// Whether this frame can be decoded. `false`: a key frame is needed.
    pub fn takes(&mut self, frame: u32, key: bool) -> bool {
        let follows = key || self.next == Some(frame);
        self.next = follows.then(|| frame.wrapping_add(1));
        follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_comes_back_under_its_codecs_name() {
        for codec in [JPEG, "h264", "av1-main", "a", "abcdefghijklmnop"] {
            let plain = wrap(codec, b"bytes").expect("a name");
            assert_eq!(unwrap(plain), Some((codec.to_owned(), b"bytes".to_vec())));
        }
        for codec in ["", "abcdefghijklmnopq", "JPEG", "a b", "\n", "\u{e9}"] {
            assert_eq!(wrap(codec, b"bytes"), None, "{codec:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let mut random = 1u32;
        for length in 0..300 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (random >> 24) as u8
                })
                .collect();
            if let Some((codec, data)) = unwrap(bytes.clone()) {
                assert_eq!(wrap(&codec, &data), Some(bytes));
            }
        }
        for bytes in
            [&[][..], &[0], &[4, b'j', b'p', b'e'], &[255; 40], &[1, b'\n'], b"\xFF\xD8\xFF"]
        {
            assert_eq!(unwrap(bytes.to_vec()), None, "{bytes:?}");
        }
    }

    #[test]
    fn after_a_gap_only_a_key_frame_is_of_use() {
        let mut sequence = Sequence::default();
        assert!(!sequence.takes(5, false), "nothing came before it");
        assert!(sequence.takes(6, true) && sequence.takes(7, false) && sequence.takes(8, false));
        assert!(!sequence.takes(10, false), "9 is lost");
        assert!(!sequence.takes(11, false), "and with it all up to the next key frame");
        assert!(sequence.takes(u32::MAX, true) && sequence.takes(0, false));
    }
}
