//! Tokens with which a caller comes back after its path was lost, over a restart of the relay too.
//!
//! In: who somebody is in a call. Out: a token that only this relay can have made, and back. The
//! relay keeps no list of them: a restarted one with the same secret knows the tokens again.
//!
//! A token is version (1), call id (16), number (4), role (1), paired (1), then HMAC-SHA-256 over
//! all of it (32): 55 bytes.

use ring::hmac;

/// Bytes of a token.
pub const TOKEN: usize = 55;
const BODY: usize = TOKEN - 32;
const FORMAT: u8 = 1;

/// Which call: random, never shown to anybody.
pub type CallId = [u8; 16];

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The call.
    pub call: CallId,
    /// Its number.
    pub number: u32,
    /// 0: asked for the number, 1: joined with it.
    pub role: usize,
    /// Both callers have been there: nobody may join any more.
    pub paired: bool,
}

/// Makes and checks tokens.
pub struct Tokens(hmac::Key);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(secret)")
    }
}

impl Tokens {
    /// Tokens under this secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The token for a claim.
    #[must_use]
    pub fn make(&self, claim: &Claim) -> Vec<u8> {
        let mut token = Vec::with_capacity(TOKEN);
        token.push(FORMAT);
        token.extend_from_slice(&claim.call);
        token.extend_from_slice(&claim.number.to_be_bytes());
        token.push(u8::from(claim.role == 1));
        token.push(u8::from(claim.paired));
        let tag = hmac::sign(&self.0, &token);
        token.extend_from_slice(tag.as_ref());
        token
    }

    /// What a token says, if this relay made it.
    #[must_use]
    pub fn check(&self, token: &[u8]) -> Option<Claim> {
        let (body, tag) = token.split_at_checked(BODY)?;
        hmac::verify(&self.0, body, tag).ok()?;
        let (&format, rest) = body.split_first()?;
        let (call, rest) = rest.split_first_chunk::<16>()?;
        let (number, rest) = rest.split_first_chunk::<4>()?;
        let &[role, paired] = rest else { return None };
        let (number, role) = (u32::from_be_bytes(*number), usize::from(role));
        let claim = Claim { call: *call, number, role, paired: paired == 1 };
        (format == FORMAT && role < 2).then_some(claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_untouched_token_is_believed() {
        let tokens = Tokens::new(&[7; 32]);
        let claim = Claim { call: [3; 16], number: 7, role: 1, paired: true };
        let token = tokens.make(&claim);
        assert_eq!(token.len(), TOKEN);
        assert_eq!(tokens.check(&token), Some(claim));
        assert_eq!(Tokens::new(&[8; 32]).check(&token), None);
        for at in 0..token.len() {
            let mut changed = token.clone();
            changed[at] ^= 1;
            assert_eq!(tokens.check(&changed), None, "byte {at}");
        }
        for length in 0..token.len() {
            assert_eq!(tokens.check(&token[..length]), None);
        }
    }
}
