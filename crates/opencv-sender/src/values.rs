//! What flags can say: sizes, cut-outs, turns, destinations.
//!
//! In: the text after a flag. Out: a value, or a sentence that says what was expected. Never
//! looks at a picture or a network.

use std::fmt;
use std::str::FromStr;

use okno_wire::Format;

/// Where the viewer listens unless the user says otherwise.
pub const DEFAULT_PORT: u16 = 12345;

/// Largest width or height that a flag may ask for: what a JPEG can hold.
const MAX_SIDE: u32 = 65_500;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', 'X']).map(|(w, h)| (w.trim().parse(), h.trim().parse()));
        match sides {
            Some((Ok(width), Ok(height)))
                if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) =>
            {
                Ok(Self { width, height })
            }
            Some((Ok(_), Ok(_))) => Err(format!("each side must be 1 to {MAX_SIDE} pixels")),
            _ => Err("expected WIDTHxHEIGHT, such as 1280x720".into()),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// Reads `--resolution`. A lone number is what hands that know ffmpeg's `-r` type.
///
/// # Errors
/// A sentence for the user.
pub fn capture_size(text: &str) -> Result<Size, String> {
    if text.parse::<f64>().is_ok() {
        return Err(format!(
            "expected WIDTHxHEIGHT, such as 1280x720; for {text} frames per second use --fps {text}"
        ));
    }
    text.parse()
}

/// What `--resize` asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resize {
    /// To this size.
    To(Size),
    /// To this width, the height in proportion.
    Width(u32),
    /// To this part of both sides, above 0.
    Factor(f64),
}

impl FromStr for Resize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected WIDTHxHEIGHT, WIDTH or PERCENT%, such as 640x360, 640 or 50%";
        if let Some(percent) = text.strip_suffix('%') {
            return match percent.trim().parse::<f64>() {
                Ok(p) if p > 0.0 && p <= 1000.0 => Ok(Self::Factor(p / 100.0)),
                Ok(_) => Err("the percentage must be above 0 and at most 1000".into()),
                Err(_) => Err(expected.into()),
            };
        }
        match text.trim().parse::<u32>() {
            Ok(width) if (1..=MAX_SIDE).contains(&width) => Ok(Self::Width(width)),
            Ok(_) => Err(format!("the width must be 1 to {MAX_SIDE} pixels")),
            Err(_) if text.contains(['x', 'X']) => text.parse().map(Self::To),
            Err(_) => Err(expected.into()),
        }
    }
}

/// What `--crop` keeps, in pixels of the source's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Size of what is kept.
    pub size: Size,
    /// From the left edge.
    pub x: u32,
    /// From the upper edge.
    pub y: u32,
}

impl FromStr for Crop {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected WIDTH:HEIGHT:X:Y in pixels, such as 640:360:0:0";
        let numbers: Result<Vec<u32>, _> = text.split(':').map(|n| n.trim().parse()).collect();
        match numbers.as_deref() {
            Ok(&[width, height, x, y]) if width > 0 && height > 0 => {
                Ok(Self { size: Size { width, height }, x, y })
            }
            _ => Err(expected.into()),
        }
    }
}

/// How frames are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Codec {
    /// Not at all for a viewer on this machine, as JPEG for others.
    Auto,
    /// Always as JPEG.
    Jpeg,
}

/// What `--flip` mirrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Flip {
    /// Left and right change places, as in a mirror.
    Horizontal,
    /// Top and bottom change places.
    Vertical,
    /// Both: a half turn.
    Both,
}

/// What `--rotate` turns by, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Rotation {
    /// Not at all.
    #[default]
    #[value(name = "0")]
    None,
    /// A quarter turn clockwise.
    #[value(name = "90")]
    Quarter,
    /// A half turn.
    #[value(name = "180")]
    Half,
    /// A quarter turn counter-clockwise.
    #[value(name = "270")]
    ThreeQuarters,
}

/// Where to send: `tcp://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Name or address, an IPv6 address without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected tcp://HOST:PORT, such as tcp://192.168.1.20:12345";
        let rest = match text.split_once("://") {
            Some(("tcp", rest)) => rest,
            Some((scheme, _)) => {
                return Err(format!("{scheme}:// is not known here; {expected}"));
            }
            None => text,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = split_port(rest).ok_or(expected)?;
        let port = match port {
            None => DEFAULT_PORT,
            Some(port) => match port.parse() {
                Ok(port) if port != 0 => port,
                _ => return Err(format!("{port:?} is not a port (1 to 65535); {expected}")),
            },
        };
        if host.is_empty() || host.contains(['/', ' ', '@']) {
            return Err(expected.into());
        }
        Ok(Self { host: host.into(), port })
    }
}

/// Host and port of `HOST`, `HOST:PORT`, `[V6]` or `[V6]:PORT`.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(v6) = text.strip_prefix('[') {
        let (host, after) = v6.split_once(']')?;
        return match after {
            "" => Some((host, None)),
            _ => Some((host, Some(after.strip_prefix(':')?))),
        };
    }
    match text.rsplit_once(':') {
        // Several colons and no brackets: an IPv6 address alone.
        Some((before, _)) if before.contains(':') => Some((text, None)),
        Some((host, port)) => Some((host, Some(port))),
        None => Some((text, None)),
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Reads `--wire`: every format that a sender can speak.
///
/// # Errors
/// A sentence for the user.
pub fn wire(text: &str) -> Result<Format, String> {
    match text.parse() {
        Ok(Format::Multipart) | Err(_) => {
            Err("expected okno, raw, be32, le64, le32 or mjpeg".into())
        }
        Ok(format) => Ok(format),
    }
}

/// Reads `--fps`: 0 or a rate.
///
/// # Errors
/// A sentence for the user.
pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(fps) if fps == 0.0 || (0.01..=1000.0).contains(&fps) => Ok(fps),
        _ => Err("expected frames per second, 0.01 to 1000, or 0 for as fast as possible".into()),
    }
}

/// Reads a time in seconds, above 0 and at most a year.
///
/// # Errors
/// A sentence for the user.
pub fn seconds(text: &str) -> Result<std::time::Duration, String> {
    const YEAR: f64 = 366.0 * 86_400.0;
    match text.strip_suffix('s').unwrap_or(text).parse::<f64>() {
        Ok(s) if s > 0.0 && s <= YEAR => Ok(std::time::Duration::from_secs_f64(s)),
        _ => Err("expected a time in seconds above 0, such as 2.5".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(capture_size("1280x720"), Ok(Size { width: 1280, height: 720 }));
        let rate = capture_size("30").expect_err("a number alone");
        assert!(rate.contains("--fps 30"), "{rate}");
        for wrong in ["", "x", "0x10", "10x", "70000x1", "1280*720", "-1x5"] {
            assert!(capture_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn resizes() {
        assert_eq!("640".parse(), Ok(Resize::Width(640)));
        assert_eq!("50%".parse(), Ok(Resize::Factor(0.5)));
        assert_eq!("4x3".parse(), Ok(Resize::To(Size { width: 4, height: 3 })));
        for wrong in ["0", "0%", "-5%", "half", "2000%", "4x"] {
            assert!(wrong.parse::<Resize>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn crops() {
        let crop = Crop { size: Size { width: 4, height: 3 }, x: 2, y: 1 };
        assert_eq!("4:3:2:1".parse(), Ok(crop));
        for wrong in ["4:3:2", "0:3:0:0", "4x3:0:0", "4:3:-1:0"] {
            assert!(wrong.parse::<Crop>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn destinations() {
        let to = |host: &str, port| Ok(Destination { host: host.into(), port });
        assert_eq!("tcp://10.0.0.1:5252".parse(), to("10.0.0.1", 5252));
        assert_eq!("viewer".parse(), to("viewer", DEFAULT_PORT));
        assert_eq!("viewer:80".parse(), to("viewer", 80));
        assert_eq!("tcp://[::1]:5252".parse(), to("::1", 5252));
        assert_eq!("::1".parse(), to("::1", DEFAULT_PORT));
        assert_eq!(Destination { host: "::1".into(), port: 5 }.to_string(), "[::1]:5");
        for wrong in ["", "tcp://", "udp://a:1", "a:0", "a:70000", "a:b", "a/b:1", "[::1]x"] {
            assert!(wrong.parse::<Destination>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn rates_and_times() {
        assert_eq!(rate("0"), Ok(0.0));
        assert_eq!(rate("29.97"), Ok(29.97));
        assert!(rate("-1").is_err() && rate("nan").is_err() && rate("1e9").is_err());
        assert_eq!(seconds("1.5s"), Ok(std::time::Duration::from_millis(1500)));
        assert!(seconds("0").is_err() && seconds("inf").is_err() && seconds("NaN").is_err());
        assert!(wire("le64").is_ok() && wire("multipart").is_err() && wire("x").is_err());
    }
}
