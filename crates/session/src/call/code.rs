//! The code that two people pass on: `7-guitar-lamp-orbit`.
//!
//! In: what a person typed, or random numbers. Out: the call's number, which the relay knows, and
//! three words, which it must never learn. Never prints the words into a log (`Debug` hides them).

use std::fmt;
use std::str::FromStr;

/// The words, one a line, in alphabetical order: 1,024 of 3 to 7 letters, no two with the same
/// first four letters.
static LIST: &str = include_str!("words.txt");

/// Words in the list; a power of two, so that random bits choose fairly.
pub const WORDS: usize = 1024;

/// Words of a code. Three of 1,024 are 30 bits: somebody who stands between the two has one try
/// in each direction, so two chances in 1,073,741,824.
pub const WORDS_OF_CODE: usize = 3;

/// Longest text that is looked at, in bytes.
pub const MAX_TEXT: usize = 64;

/// Largest number that a relay gives out.
const MAX_NUMBER: u32 = 999_999;

/// A code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    number: u32,
    words: [&'static str; WORDS_OF_CODE],
}

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCode {
    /// Not a number and three words.
    #[error("a code is a number and three words, such as 7-guitar-lamp-orbit")]
    Shape,
    /// A word that is not in the list.
    #[error("{0:?} is not one of the words that codes are made of; check its spelling")]
    Word(String),
}

/// A word of the list; the index is taken modulo its length.
#[must_use]
pub(super) fn word(index: usize) -> &'static str {
    LIST.lines().nth(index % WORDS).unwrap_or_default()
}

/// The word of the list that a text means: the word itself, or its first four letters and more.
fn find(text: &str) -> Option<&'static str> {
    LIST.lines().find(|word| *word == text).or_else(|| {
        let enough = text.len() >= 4 && text.is_ascii();
        LIST.lines().find(|word| enough && word.starts_with(text))
    })
}

/// Words of the list that begin with a text, for completion while typing; at most `most`.
#[must_use]
pub fn completions(start: &str, most: usize) -> Vec<&'static str> {
    let start = start.trim().to_lowercase();
    if start.is_empty() || start.len() > MAX_TEXT {
        return Vec::new();
    }
    LIST.lines().filter(|word| word.starts_with(&start)).take(most).collect()
}

impl Code {
    /// A code of a number and three numbers that were chosen at random.
    #[must_use]
    pub fn new(number: u32, random: [u16; WORDS_OF_CODE]) -> Self {
        Self { number, words: random.map(|index| word(usize::from(index))) }
    }

    /// What the relay knows.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The whole code, for the person who passes it on, and as the password of the key agreement.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}-{}", self.number, self.words.join("-"))
    }
}

/// Hides the words.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({}-...)", self.number)
    }
}

impl FromStr for Code {
    type Err = NoCode;

    /// Reads what a person typed: any case, and spaces or other marks instead of hyphens.
    fn from_str(text: &str) -> Result<Self, NoCode> {
        if text.len() > MAX_TEXT {
            return Err(NoCode::Shape);
        }
        let text = text.to_lowercase();
        let mut parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let number = parts.next().and_then(|part| part.parse().ok());
        let number = number.filter(|number| (1..=MAX_NUMBER).contains(number));
        let number = number.ok_or(NoCode::Shape)?;
        let mut words = [""; WORDS_OF_CODE];
        for place in &mut words {
            let part = parts.next().ok_or(NoCode::Shape)?;
            *place = find(part).ok_or_else(|| NoCode::Word(part.to_owned()))?;
        }
        if parts.next().is_some() {
            return Err(NoCode::Shape);
        }
        Ok(Self { number, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_as_promised() {
        let words: Vec<&str> = LIST.lines().collect();
        assert_eq!(words.len(), WORDS);
        assert!(words.is_sorted());
        for pair in words.windows(2) {
            let start = |word: &str| word[..word.len().min(4)].to_owned();
            assert_ne!(start(pair[0]), start(pair[1]), "{pair:?}");
        }
        for word in words {
            assert!((3..=7).contains(&word.len()), "{word}");
            assert!(word.bytes().all(|letter| letter.is_ascii_lowercase()), "{word}");
        }
    }

    #[test]
    fn what_people_type_is_understood() {
        let code: Code = "7-guitar-lamp-orbit".parse().expect("a code");
        assert_eq!(code.number(), 7);
        assert_eq!(code.text(), "7-guitar-lamp-orbit");
        for typed in ["7 Guitar LAMP orbit", " 7, guitar. lamp  orbit\n", "7-guit-lamp-orbi"] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for bad in ["", "7", "guitar-lamp-orbit", "0-guitar-lamp-orbit", "7-guitar-lamp"] {
            assert_eq!(bad.parse::<Code>(), Err(NoCode::Shape), "{bad}");
        }
        assert!("1000000-guitar-lamp-orbit".parse::<Code>().is_err());
        assert!("7-guitar-lamp-orbit-lamp".parse::<Code>().is_err());
        assert!("7-guitar-lamp-".repeat(10).parse::<Code>().is_err());
        assert_eq!("7-guitar-lamp-orbitt".parse::<Code>(), Err(NoCode::Word("orbitt".to_owned())));
    }

    #[test]
    fn a_log_never_shows_the_words() {
        let code = Code::new(7, [1, 2, 3]);
        assert_eq!(format!("{code:?}"), "Code(7-...)");
        assert_eq!(code.text().parse(), Ok(code));
    }

    #[test]
    fn words_are_completed() {
        assert!(completions("guit", 5).contains(&"guitar"));
        assert_eq!(completions("a", 3).len(), 3);
        assert!(completions("", 3).is_empty());
    }
}
