//! What call is to be made, or was made last.
//!
//! In: what a person wrote or pasted, and the relay of the settings. Out: the call, once it begins.
//! A sealed call never turns into one that is not: which it is, the text says alone.

use okno_call::classic::{NoTarget, Target};
use okno_call::{Caller, Code, End, Fingerprint, Invitation, Media, Options, Relay, Want};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Between two of Okno, sealed. Without a code a new call.
    Sealed {
        /// Where.
        relay: Relay,
        /// Somebody else's code.
        code: Option<Code>,
    },
    /// With a client of the original program, not encrypted.
    Classic(Target),
}

impl Plan {
    /// Reads a code, a link, or nothing for a new call; `relay` is used by what names none.
    pub fn read(text: &str, relay: &str) -> Result<Self, End> {
        let text = text.trim();
        if let Ok(Invitation { relay, code }) = text.parse() {
            return Ok(Self::Sealed { relay, code: Some(code) });
        }
        if let Ok(target) = text.parse() {
            return Ok(Self::Classic(target));
        }
        let relay = relay.parse::<Relay>().map_err(|error| End::Unreachable(error.to_string()))?;
        let code = match text {
            "" => None,
            text => Some(text.parse::<Code>().map_err(|error| End::Protocol(error.to_string()))?),
        };
        Ok(Self::Sealed { relay, code })
    }

    /// Whether [`Plan::read`] would take a text that somebody was given.
    pub fn is_invitation(text: &str) -> bool {
        text.parse::<Invitation>().is_ok()
            || text.parse::<Code>().is_ok()
            || text.parse::<Target>().is_ok()
    }

    /// A link for a call with an original client: server, ports for pictures and sound, session code
    /// as a person writes them. Or which of them can't be, by the names that QML knows.
    pub fn classic(
        server: &str,
        video_port: &str,
        audio_port: &str,
        code: &str,
    ) -> Result<String, &'static str> {
        match Target::of(server, video_port, audio_port, code) {
            Ok(target) => Ok(target.to_string()),
            Err(NoTarget::VideoPort) => Err("videoPort"),
            Err(NoTarget::AudioPort) => Err("audioPort"),
            Err(NoTarget::SamePort) => Err("samePort"),
            Err(NoTarget::Code) => Err("code"),
            Err(NoTarget::Server | NoTarget::Shape) => Err("server"),
        }
    }

    /// Whom the call goes through, for people.
    pub fn server(&self) -> String {
        match self {
            Self::Sealed { relay, .. } => relay.address(),
            Self::Classic(target) => target.server.to_string(),
        }
    }

    /// Host and port, to see whether somebody answers there.
    pub fn address(&self) -> (String, u16) {
        match self {
            Self::Sealed { relay, .. } => (relay.host.clone(), relay.port),
            Self::Classic(target) => (target.server.host.clone(), target.server.video_port),
        }
    }

    /// The code, as far as it is known before the call.
    pub fn code(&self) -> String {
        match self {
            Self::Sealed { code, .. } => code.as_ref().map(Code::text).unwrap_or_default(),
            Self::Classic(target) => target.code.text().to_owned(),
        }
    }

    /// By somebody else's code. Original clients don't have one before the other.
    pub fn is_joining(&self) -> bool {
        matches!(self, Self::Sealed { code: Some(_), .. })
    }

    /// Not encrypted.
    pub fn is_classic(&self) -> bool {
        matches!(self, Self::Classic(_))
    }

    /// The relay, if it has a key.
    pub fn relay(&self) -> Option<&Relay> {
        match self {
            Self::Sealed { relay, .. } => Some(relay),
            Self::Classic(_) => None,
        }
    }

    /// The relay has this key.
    pub fn trust(&mut self, key: Fingerprint) {
        if let Self::Sealed { relay, .. } = self {
            relay.key = Some(key);
        }
    }

    /// Begins it.
    pub fn begin(
        self,
        options: Options,
        media: Box<dyn Media>,
        on_change: impl Fn() + Send + 'static,
    ) -> Caller {
        match self {
            Self::Sealed { relay, code } => {
                let want = code.map_or(Want::Start, Want::Join);
                Caller::start(relay, want, options, media, on_change)
            }
            Self::Classic(target) => Caller::start_classic(target, &options, media, on_change),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELAY: &str = "example.org";

    #[test]
    fn the_text_says_what_call_it_is() {
        let read = |text: &str| Plan::read(text, RELAY).expect("a call");
        let new = read("  ");
        assert_eq!((new.server().as_str(), new.is_joining()), ("example.org:12350", false));
        let code = read(" 7-guitar-lamp-orbit ");
        assert!(code.is_joining() && !code.is_classic());
        assert_eq!(code.code(), "7-guitar-lamp-orbit");
        let link = read("okno://call?relay=a:9&code=7-guitar-lamp-orbit");
        assert_eq!(link.address(), ("a".to_owned(), 9));
        let classic = read("okno://classic?server=b&code=ABC123");
        assert!(classic.is_classic() && !classic.is_joining() && classic.relay().is_none());
        assert_eq!((classic.server().as_str(), classic.code().as_str()), ("b:12345", "ABC123"));
    }

    #[test]
    fn what_is_no_invitation_is_told() {
        assert!(matches!(Plan::read("ABC123", RELAY), Err(End::Protocol(_))));
        assert!(matches!(Plan::read("", "no relay"), Err(End::Unreachable(_))));
        for text in ["", "ABC123", "okno://classic?server=b", "https://example.org"] {
            assert!(!Plan::is_invitation(text), "{text}");
        }
        assert!(Plan::is_invitation("okno://classic?server=b&code=c"));
    }

    #[test]
    fn what_a_person_writes_into_four_fields_becomes_the_link_that_is_read() {
        let link = Plan::classic("b", "7", "9", "ABC 1&2").expect("a link");
        let plan = Plan::read(&link, RELAY).expect("a call");
        assert!(plan.is_classic());
        assert_eq!((plan.server().as_str(), plan.code().as_str()), ("b:7", "ABC 1&2"));
        assert_eq!(Plan::classic("", "7", "9", "c"), Err("server"));
        assert_eq!(Plan::classic("b", "x", "9", "c"), Err("videoPort"));
        assert_eq!(Plan::classic("b", "7", "0", "c"), Err("audioPort"));
        assert_eq!(Plan::classic("b", "7", "7", "c"), Err("samePort"));
        assert_eq!(Plan::classic("b", "7", "9", ""), Err("code"));
    }
}
