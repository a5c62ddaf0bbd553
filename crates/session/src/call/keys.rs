//! Keys from the words of a code, and proof that the other end has the same.
//!
//! In: the code, the other's messages. Out: our messages, then the keys of the call. The code is
//! tried once: after a message that does not fit there is no second try. Never derives anything
//! from the code that could be tried again offline; never prints a key.
//!
//! SPAKE2 as in RFC 9382 but with the crate's own group elements and transcript; HKDF is RFC
//! 5869, HMAC RFC 2104. The caller commits itself to its share before it sees the callee's (as
//! ZRTP does, RFC 6189, 4.4.1.1), so that nobody in between can search for shares that give both
//! sides the same safety code. docs/call-security.md has the whole.

use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use spake2::{Ed25519Group, Identity, Password, Spake2};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::code::{Code, WORDS, word};
use super::{Role, SafetyCode};

/// Version of the key agreement and of what is sealed.
pub const VERSION: u32 = 1;

/// A SPAKE2 message: one byte that says whose, and a point of the group.
const SHARE: usize = 33;

/// Bytes of a key, a digest, a confirmation.
const KEY: usize = 32;

/// Why a message of the key agreement is not accepted. Nothing can be tried after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// The confirmation was made with other words.
    #[error("the confirmation was made with another code")]
    WrongCode,
    /// It is not what was committed to, not a share at all, or another one than before.
    #[error("a message of the key agreement was changed on the way")]
    Tampered,
}

/// The keys of one call.
pub(super) struct Keys {
    /// SFrame base key for what we send.
    pub sending: Zeroizing<[u8; KEY]>,
    /// SFrame base key for what the other one sends.
    pub receiving: Zeroizing<[u8; KEY]>,
    /// The same on both sides.
    pub safety: SafetyCode,
}

/// What the two shares give, before the other one has proved that it has it too.
struct Shared {
    ours: [u8; KEY],
    theirs: [u8; KEY],
    keys: Keys,
}

/// One side of one key agreement.
pub(super) struct Agreement {
    role: Role,
    spake: Option<Spake2<Ed25519Group>>,
    share: Vec<u8>,
    commitment: Option<Vec<u8>>,
    peer_share: Option<Vec<u8>>,
    shared: Option<Shared>,
}

impl Agreement {
    /// Begins with a code. The system's random numbers make this attempt unlike all others.
    pub fn new(role: Role, code: &Code) -> Self {
        let password = Password::new(code.text());
        let (caller, callee) =
            (Identity::new(b"okno call 1 caller"), Identity::new(b"okno call 1 callee"));
        let (spake, share) = match role {
            Role::Caller => Spake2::start_a(&password, &caller, &callee),
            Role::Callee => Spake2::start_b(&password, &caller, &callee),
        };
        Self { role, spake: Some(spake), share, commitment: None, peer_share: None, shared: None }
    }

    /// What the caller says first.
    pub fn commitment(&self) -> Vec<u8> {
        Sha256::digest(&self.share).to_vec()
    }

    /// Our share. The caller gives it away only after it has the callee's.
    pub fn share(&self) -> &[u8] {
        &self.share
    }

    /// The callee takes the caller's commitment.
    pub fn take_commitment(&mut self, digest: &[u8]) -> Result<(), Refused> {
        match &self.commitment {
            Some(before) if before == digest => Ok(()),
            Some(_) => Err(Refused::Tampered),
            None if digest.len() != KEY => Err(Refused::Tampered),
            None => {
                self.commitment = Some(digest.to_vec());
                Ok(())
            }
        }
    }

    /// Takes the other's share; a repetition of the same one changes nothing.
    pub fn take_share(&mut self, share: &[u8]) -> Result<(), Refused> {
        if let Some(before) = &self.peer_share {
            return if before == share { Ok(()) } else { Err(Refused::Tampered) };
        }
        if share.len() != SHARE {
            return Err(Refused::Tampered);
        }
        if self.role == Role::Callee {
            let promised = self.commitment.as_deref().ok_or(Refused::Tampered)?;
            if !bool::from(Sha256::digest(share).ct_eq(promised)) {
                return Err(Refused::Tampered);
            }
        }
        let spake = self.spake.take().ok_or(Refused::Tampered)?;
        let secret = Zeroizing::new(spake.finish(share).map_err(|_| Refused::Tampered)?);
        self.peer_share = Some(share.to_vec());
        self.shared = Some(self.derive(&secret, share)?);
        Ok(())
    }

    fn derive(&self, secret: &[u8], peer_share: &[u8]) -> Result<Shared, Refused> {
        let (caller, callee) = match self.role {
            Role::Caller => (self.share.as_slice(), peer_share),
            Role::Callee => (peer_share, self.share.as_slice()),
        };
        let shares = [caller, callee].concat();
        let salt = Sha256::digest([b"okno call 1", &shares[..]].concat());
        let hkdf = Hkdf::<Sha256>::new(Some(&salt), secret);
        let key = |label: &str| -> Result<Zeroizing<[u8; KEY]>, Refused> {
            let mut key = Zeroizing::new([0; KEY]);
            let info = format!("okno call 1 {label}");
            hkdf.expand(info.as_bytes(), key.as_mut()).map_err(|_| Refused::Tampered)?;
            Ok(key)
        };
        let confirm = |label: &str| -> Result<[u8; KEY], Refused> {
            let key = key(label)?;
            let mut mac =
                Hmac::<Sha256>::new_from_slice(key.as_ref()).map_err(|_| Refused::Tampered)?;
            mac.update(&shares);
            Ok(mac.finalize().into_bytes().into())
        };
        let (ours, theirs) = match self.role {
            Role::Caller => ("caller", "callee"),
            Role::Callee => ("callee", "caller"),
        };
        Ok(Shared {
            ours: confirm(&format!("confirm {ours}"))?,
            theirs: confirm(&format!("confirm {theirs}"))?,
            keys: Keys {
                sending: key(&format!("media {ours}"))?,
                receiving: key(&format!("media {theirs}"))?,
                safety: safety(&*key("safety")?),
            },
        })
    }

    /// What proves to the other one that we have the same code; `None` before its share came.
    pub fn confirmation(&self) -> Option<[u8; KEY]> {
        self.shared.as_ref().map(|shared| shared.ours)
    }

    /// Takes the other's proof; the keys come out only here.
    pub fn finish(&mut self, confirmation: &[u8]) -> Result<Keys, Refused> {
        let shared = self.shared.take().ok_or(Refused::Tampered)?;
        if bool::from(shared.theirs.ct_eq(confirmation)) {
            Ok(shared.keys)
        } else {
            Err(Refused::WrongCode)
        }
    }
}

/// Four words of 10 bits and six digits: 59.9 bits.
fn safety(key: &[u8; KEY]) -> SafetyCode {
    let number =
        |at: usize| key.iter().skip(at).take(8).fold(0, |n, &byte| n << 8 | u64::from(byte));
    let mut bits = number(0);
    let words = [(); 4].map(|()| {
        let index = usize::try_from(bits % WORDS as u64).unwrap_or(0);
        bits /= WORDS as u64;
        word(index)
    });
    // 2^64 is far above 10^6, so that no digit is likelier than another.
    SafetyCode { words, digits: format!("{:06}", number(8) % 1_000_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(one: &str, two: &str) -> (Agreement, Agreement) {
        let code = |text: &str| text.parse::<Code>().expect("a code");
        (Agreement::new(Role::Caller, &code(one)), Agreement::new(Role::Callee, &code(two)))
    }

    fn exchange(caller: &mut Agreement, callee: &mut Agreement) -> ([u8; KEY], [u8; KEY]) {
        callee.take_commitment(&caller.commitment()).expect("a commitment");
        caller.take_share(callee.share()).expect("a share");
        callee.take_share(caller.share()).expect("a share");
        (caller.confirmation().expect("one"), callee.confirmation().expect("one"))
    }

    #[test]
    fn the_same_code_gives_the_same_keys_each_its_own_way() {
        let (mut caller, mut callee) = sides("7-guitar-lamp-orbit", "7 Guitar Lamp Orbit");
        let (a, b) = exchange(&mut caller, &mut callee);
        assert_ne!(a, b);
        let (one, two) = (caller.finish(&b).expect("keys"), callee.finish(&a).expect("keys"));
        assert_eq!(one.sending, two.receiving);
        assert_eq!(one.receiving, two.sending);
        assert_ne!(one.sending, one.receiving);
        assert_eq!(one.safety, two.safety);
        assert_eq!(one.safety.digits.len(), 6);
    }

    #[test]
    fn no_two_calls_have_the_same_keys() {
        let mut keys = Vec::new();
        for _ in 0..2 {
            let (mut caller, mut callee) = sides("7-guitar-lamp-orbit", "7-guitar-lamp-orbit");
            let (_, b) = exchange(&mut caller, &mut callee);
            keys.push(caller.finish(&b).expect("keys"));
        }
        assert_ne!(keys[0].sending, keys[1].sending);
        assert_ne!(keys[0].safety, keys[1].safety);
    }

    #[test]
    fn another_word_or_number_is_found_out_on_both_sides_and_once() {
        for other in ["7-guitar-lamp-acorn", "8-guitar-lamp-orbit"] {
            let (mut caller, mut callee) = sides("7-guitar-lamp-orbit", other);
            let (a, b) = exchange(&mut caller, &mut callee);
            assert_eq!(caller.finish(&b).err(), Some(Refused::WrongCode));
            assert_eq!(callee.finish(&a).err(), Some(Refused::WrongCode));
            // No second try, not even with the right proof.
            assert_eq!(caller.finish(&b).err(), Some(Refused::Tampered));
            assert_eq!(caller.confirmation(), None);
        }
    }

    #[test]
    fn what_the_caller_reveals_must_be_what_it_committed_to() {
        let (caller, mut callee) = sides("7-guitar-lamp-orbit", "7-guitar-lamp-orbit");
        let (mut other, _) = sides("7-guitar-lamp-orbit", "7-guitar-lamp-orbit");
        assert_eq!(callee.take_share(caller.share()), Err(Refused::Tampered), "before any");
        callee.take_commitment(&caller.commitment()).expect("a commitment");
        callee.take_commitment(&caller.commitment()).expect("said again");
        assert_eq!(callee.take_commitment(&other.commitment()), Err(Refused::Tampered));
        assert_eq!(callee.take_share(other.share()), Err(Refused::Tampered));
        callee.take_share(caller.share()).expect("as promised");
        callee.take_share(caller.share()).expect("said again");
        assert_eq!(callee.take_share(other.share()), Err(Refused::Tampered));
        // One's own message, sent back.
        let own = other.share().to_vec();
        assert_eq!(other.take_share(&own), Err(Refused::Tampered));
        assert_eq!(other.take_share(&[0x42; 33]), Err(Refused::Tampered));
    }

    #[test]
    fn a_proof_sent_back_to_who_made_it_proves_nothing() {
        let (mut caller, mut callee) = sides("7-guitar-lamp-orbit", "7-guitar-lamp-orbit");
        let (a, _) = exchange(&mut caller, &mut callee);
        assert_eq!(caller.finish(&a).err(), Some(Refused::WrongCode));
    }
}
