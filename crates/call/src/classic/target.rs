//! Where to call an original client: a server and a session code, as texts and as a link.
//!
//! In: texts from a person. Out: checked values, or which text is wrong. The link is
//! `okno://classic?server=HOST:PORT&audio=PORT&code=ABC123`; the port for sound is left out if it is
//! the one after that for pictures.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use okno_relay::limits::CLASSIC_CODE;

use crate::invitation::plain;
use crate::{NoAddress, Relay};

/// The original server's port for pictures.
pub const DEFAULT_VIDEO_PORT: u16 = 12345;

/// The original server's port for sound.
pub const DEFAULT_AUDIO_PORT: u16 = 12346;

/// Longest link that is looked at, in bytes: a host name, and a code of three bytes a character.
const MAX_LINK: usize = 4096;

const START: &str = "okno://classic?";

/// A server that joins original clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// Port for pictures.
    pub video_port: u16,
    /// Port for sound.
    pub audio_port: u16,
}

impl FromStr for Server {
    type Err = NoAddress;

    /// Reads `HOST` or `HOST:PORT`, where PORT is that for pictures; that for sound is the next.
    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let Relay { host, port, .. } = Relay::read(text, DEFAULT_VIDEO_PORT)?;
        let audio_port = port.checked_add(1).ok_or(NoAddress)?;
        Ok(Self { host, video_port: port, audio_port })
    }
}

impl fmt::Display for Server {
    /// `HOST:PORT` with the port for pictures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relay = Relay { host: self.host.clone(), port: self.video_port, key: None };
        f.write_str(&relay.address())
    }
}

/// A session code: 1 to 1,024 bytes, which both clients give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCode(String);

impl SessionCode {
    /// The code.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What each connection begins with.
    pub(super) fn hello(&self) -> Vec<u8> {
        // Checked when it was made.
        let length = i32::try_from(self.0.len()).unwrap_or_default();
        [&length.to_le_bytes()[..], self.0.as_bytes()].concat()
    }
}

impl FromStr for SessionCode {
    type Err = NoTarget;

    /// Takes the text as it is: the original's codes may begin with a space.
    fn from_str(text: &str) -> Result<Self, NoTarget> {
        let fits = i32::try_from(text.len()).is_ok_and(|length| CLASSIC_CODE.contains(&length));
        fits.then(|| Self(text.to_owned())).ok_or(NoTarget::Code)
    }
}

/// A call with an original client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The server.
    pub server: Server,
    /// The session code.
    pub code: SessionCode,
}

/// A text that says no such call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTarget {
    /// It begins with something else, or is too long.
    #[error("a call with an original client begins with {START}")]
    Shape,
    /// No server's address.
    #[error("a server's address is a name or an IP address, and perhaps a port: example.org:12345")]
    Server,
    /// No port for pictures.
    #[error("the port for pictures is a number from 1 to 65535")]
    VideoPort,
    /// No port for sound.
    #[error("the port for sound is a number from 1 to 65535")]
    AudioPort,
    /// One port for both: the server would join our own two connections.
    #[error("pictures and sound need two ports")]
    SamePort,
    /// No session code.
    #[error("a session code has 1 to 1024 bytes")]
    Code,
}

impl Target {
    /// Of four texts, as a person writes them: a host without a port, the two ports, the code.
    ///
    /// # Errors
    /// The first of them that can't be.
    pub fn of(host: &str, video: &str, audio: &str, code: &str) -> Result<Self, NoTarget> {
        let server = Server {
            host: host_alone(host).ok_or(NoTarget::Server)?,
            video_port: port(video).ok_or(NoTarget::VideoPort)?,
            audio_port: port(audio).ok_or(NoTarget::AudioPort)?,
        };
        Self::checked(server, code.parse()?)
    }

    fn checked(server: Server, code: SessionCode) -> Result<Self, NoTarget> {
        if server.video_port == server.audio_port {
            return Err(NoTarget::SamePort);
        }
        Ok(Self { server, code })
    }
}

/// A name, an IPv4 address, or an IPv6 address in brackets or without.
fn host_alone(text: &str) -> Option<String> {
    let text = text.trim();
    let portless = !text.contains(':') || text.ends_with(']') || text.parse::<Ipv6Addr>().is_ok();
    let relay = Relay::read(text, DEFAULT_VIDEO_PORT).ok().filter(|_| portless)?;
    Some(relay.host)
}

fn port(text: &str) -> Option<u16> {
    text.trim().parse().ok().filter(|port| *port > 0)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Server { video_port, audio_port, .. } = self.server;
        write!(f, "{START}server={}", self.server)?;
        if video_port.checked_add(1) != Some(audio_port) {
            write!(f, "&audio={audio_port}")?;
        }
        f.write_str("&code=")?;
        for byte in self.code.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                write!(f, "{}", char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, NoTarget> {
        let text = text.trim();
        if text.len() > MAX_LINK {
            return Err(NoTarget::Shape);
        }
        let text = text.replacen("okno://classic/?", START, 1);
        let rest = text.strip_prefix(START).ok_or(NoTarget::Shape)?;
        let (mut server, mut audio, mut code) = (None, None, None);
        for pair in rest.split('&') {
            match pair.split_once('=') {
                Some(("server", value)) => server = plain(value).parse::<Server>().ok(),
                Some(("audio", value)) => audio = Some(port(value)),
                Some(("code", value)) => code = plain(value).parse().ok(),
                // Of a later version.
                _ => {}
            }
        }
        let mut server = server.ok_or(NoTarget::Server)?;
        if let Some(port) = audio {
            server.audio_port = port.ok_or(NoTarget::AudioPort)?;
        }
        Self::checked(server, code.ok_or(NoTarget::Code)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_what_they_were_made_of() {
        for text in [
            "okno://classic?server=example.org:12345&code=ABC123",
            "okno://classic?server=[::1]:7&audio=9&code=%20%C5%BC%26b",
        ] {
            let target: Target = text.parse().expect("a link");
            assert_eq!(target.to_string(), text);
        }
        let target: Target = " okno://classic/?code=a&server=h\n".parse().expect("a link");
        assert_eq!((target.server.video_port, target.server.audio_port), (12345, 12346));
        assert_eq!(target.code.hello(), b"\x01\0\0\0a");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| text.parse::<Target>().expect_err("wrong");
        assert_eq!(wrong("okno://call?relay=a&code=1-a-b-c"), NoTarget::Shape);
        assert_eq!(wrong("okno://classic?code=a"), NoTarget::Server);
        assert_eq!(wrong("okno://classic?server=a:65535&code=a"), NoTarget::Server);
        for port in ["x", "0", "65536", ""] {
            let link = format!("okno://classic?server=a&audio={port}&code=a");
            assert_eq!(wrong(&link), NoTarget::AudioPort);
        }
        assert_eq!(wrong("okno://classic?server=a:9&audio=9&code=a"), NoTarget::SamePort);
        assert_eq!(wrong("okno://classic?server=a&code="), NoTarget::Code);
        assert_eq!("x".repeat(1025).parse::<SessionCode>(), Err(NoTarget::Code));
        assert!("x".repeat(1024).parse::<SessionCode>().is_ok());
    }

    #[test]
    fn four_texts_make_a_call_or_say_which_is_wrong() {
        let of = |host, video, audio, code| Target::of(host, video, audio, code);
        let target = of(" example.org ", "12345", " 12346", " a").expect("a call");
        assert_eq!(target.to_string(), "okno://classic?server=example.org:12345&code=%20a");
        for address in ["::1", "[::1]"] {
            let target = of(address, "7", "9", "a").expect("a call");
            assert_eq!(target.server.host, "::1");
            assert_eq!(target.to_string().parse(), Ok(target));
        }
        for host in ["", " ", "a:12345", "[::1]:7", "a b", "a&code=b", "http://a", "a/b"] {
            assert_eq!(of(host, "1", "2", "c"), Err(NoTarget::Server), "{host}");
        }
        for port in ["", "0", "65536", "-1", "1.5", "x"] {
            assert_eq!(of("a", port, "2", "c"), Err(NoTarget::VideoPort), "{port}");
            assert_eq!(of("a", "1", port, "c"), Err(NoTarget::AudioPort), "{port}");
        }
        assert_eq!(of("a", "2", "2", "c"), Err(NoTarget::SamePort));
        assert_eq!(of("a", "1", "2", ""), Err(NoTarget::Code));
    }
}
