//! Invitations as links: `okno://call?relay=HOST:PORT&key=FINGERPRINT&code=7-guitar-lamp-orbit`.
//!
//! In: a text from a person or another program. Out: the relay, its key, the code. The link holds
//! the code's words: whoever has it can take the call. Never prints it into a log.

use std::fmt;
use std::str::FromStr;

use okno_relay::identity::Fingerprint;
use okno_session::call::Code;

use crate::{DEFAULT_PORT, Relay};

/// Longest link that is looked at, in bytes: a host name has 253.
const MAX_LINK: usize = 1024;

/// What every invitation begins with.
const START: &str = "okno://call?";

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Where to call.
    pub relay: Relay,
    /// The code.
    pub code: Code,
}

/// A text that is no invitation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoInvitation {
    /// It begins with something else, or is too long.
    #[error("an invitation begins with {START}")]
    Shape,
    /// Something in it is missing or can't be read; what.
    #[error("the invitation's {0} is missing or can't be read; ask for the link again")]
    Part(&'static str),
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{START}relay={}", self.relay.address())?;
        if let Some(key) = self.relay.key {
            write!(f, "&key={key}")?;
        }
        write!(f, "&code={}", self.code.text())
    }
}

impl FromStr for Invitation {
    type Err = NoInvitation;

    fn from_str(text: &str) -> Result<Self, NoInvitation> {
        let text = text.trim();
        if text.len() > MAX_LINK {
            return Err(NoInvitation::Shape);
        }
        // Some programs put a slash before the question mark.
        let text = text.replacen("okno://call/?", START, 1);
        let rest = text.strip_prefix(START).ok_or(NoInvitation::Shape)?;
        let (mut relay, mut key, mut code) = (None, None, None);
        for pair in rest.split('&') {
            match pair.split_once('=') {
                Some(("relay", value)) => relay = Some(plain(value)),
                Some(("key", value)) => key = Some(plain(value)),
                Some(("code", value)) => code = Some(plain(value)),
                // Of a later version.
                _ => {}
            }
        }
        let mut relay: Relay =
            relay.and_then(|text| text.parse().ok()).ok_or(NoInvitation::Part("relay"))?;
        relay.key = match key {
            Some(text) => {
                let key: Fingerprint = text.parse().map_err(|_| NoInvitation::Part("key"))?;
                Some(key)
            }
            None => None,
        };
        let code = code.and_then(|text| text.parse().ok()).ok_or(NoInvitation::Part("code"))?;
        Ok(Self { relay, code })
    }
}

/// Undoes percent-encoding (RFC 3986, 2.1); programs that pass links on encode colons and such.
pub(crate) fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (ahead.next(), ahead.next());
        let value = |digit: Option<u8>| char::from(digit?).to_digit(16);
        match (byte, value(digits.0), value(digits.1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Relay {
    /// `HOST:PORT`, with brackets around an IPv6 address.
    #[must_use]
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// It is on this machine, where nobody listens on the way.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let address = self.host.parse::<std::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(|ip| ip.to_canonical().is_loopback())
    }
}

/// A text that is no relay's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a relay's address is a name or an IP address, and perhaps a port: example.org:12350")]
pub struct NoAddress;

impl FromStr for Relay {
    type Err = NoAddress;

    /// Reads `HOST`, `HOST:PORT`, `[IPV6]:PORT` or a bare IPv6 address.
    fn from_str(text: &str) -> Result<Self, NoAddress> {
        Self::read(text, DEFAULT_PORT)
    }
}

impl Relay {
    /// As `from_str`, with another port where none is given.
    pub(crate) fn read(text: &str, default_port: u16) -> Result<Self, NoAddress> {
        let text = text.trim();
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, after) = rest.split_once(']').ok_or(NoAddress)?;
            host.parse::<std::net::Ipv6Addr>().map_err(|_| NoAddress)?;
            (host, after.strip_prefix(':').or((after.is_empty()).then_some("")).ok_or(NoAddress)?)
        } else if text.parse::<std::net::Ipv6Addr>().is_ok() {
            (text, "")
        } else {
            text.split_once(':').unwrap_or((text, ""))
        };
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '%');
        if host.is_empty() || host.len() > 253 || !host.chars().all(fits) {
            return Err(NoAddress);
        }
        let port = match port {
            "" => default_port,
            port => port.parse().ok().filter(|port| *port > 0).ok_or(NoAddress)?,
        };
        Ok(Self { host: host.to_owned(), port, key: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_it_was_made_of() {
        let key = "3f".repeat(32);
        let text =
            format!("okno://call?relay=example.org:12350&key={key}&code=7-guitar-lamp-orbit");
        let invitation: Invitation = text.parse().expect("an invitation");
        assert_eq!(invitation.to_string(), text);
        assert_eq!(invitation.relay.host, "example.org");
        assert_eq!(invitation.code.number(), 7);
        let without = "okno://call?relay=[::1]:9&code=7-guitar-lamp-orbit";
        let invitation: Invitation = without.parse().expect("an invitation");
        assert_eq!((invitation.relay.host.as_str(), invitation.relay.key), ("::1", None));
        assert_eq!(invitation.to_string(), without);
        let encoded = "  okno://call/?code=7%2Dguitar%20lamp-orbit&x=1&relay=10.0.0.1%3A77\n";
        let invitation: Invitation = encoded.parse().expect("an invitation");
        assert_eq!((invitation.relay.host.as_str(), invitation.relay.port), ("10.0.0.1", 77));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let part = |text: &str| text.parse::<Invitation>().expect_err("bad");
        assert_eq!(part("https://example.org"), NoInvitation::Shape);
        assert_eq!(part("okno://call?code=7-guitar-lamp-orbit"), NoInvitation::Part("relay"));
        assert_eq!(part("okno://call?relay=a&key=12&code=1-a-b-c"), NoInvitation::Part("key"));
        assert_eq!(part("okno://call?relay=a&code=%"), NoInvitation::Part("code"));
        assert_eq!(part(&format!("okno://call?{}", "a".repeat(2000))), NoInvitation::Shape);
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let read = |text: &str| text.parse::<Relay>().map(|relay| relay.address());
        assert_eq!(read("example.org").as_deref(), Ok("example.org:12350"));
        assert_eq!(read(" 10.1.2.3:99 ").as_deref(), Ok("10.1.2.3:99"));
        assert_eq!(read("fe80::1").as_deref(), Ok("[fe80::1]:12350"));
        assert_eq!(read("[fe80::1]").as_deref(), Ok("[fe80::1]:12350"));
        for bad in ["", ":1", "a:0", "a:b", "a:70000", "a b", "[x]:1", "[::1]1", "a&b", "a=b"] {
            assert_eq!(read(bad), Err(NoAddress), "{bad}");
        }
    }
}
