//! What a product, a stream's name, an id or a search text must look like.
//!
//! In: text and numbers from a request, a file or a command line. Out: the same, or a [`Bad`]
//! that names the field, says what is wrong with it and what would be right. The server, the
//! import and the client use the same rules. Never changes text: what was given is what is kept.

use crate::limits::{MAX_DESCRIPTION, MAX_NAME, MAX_STREAM};
use crate::price::{self, BadPrice};
use crate::proto::ecommerce::Product;

/// Why input was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// The name is empty or blank.
    #[error("the name is empty: give the product a name")]
    EmptyName,
    /// No id was given.
    #[error("the id is empty: give the id that adding the product returned")]
    EmptyId,
    /// The name of a stream is empty.
    #[error("the stream's name is empty: give the name that its sender shows")]
    EmptyStream,
    /// Text over its limit.
    #[error("the {field} has {found} {unit}, the limit is {limit}: shorten it")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// Its length.
        found: usize,
        /// `characters` or `bytes`.
        unit: &'static str,
        /// The most that is kept.
        limit: usize,
    },
    /// A character that can't be shown.
    #[error("the {field} contains the control character U+{code:04X}: remove it")]
    Control {
        /// Which text.
        field: &'static str,
        /// The character's code point.
        code: u32,
    },
    /// See [`BadPrice`].
    #[error(transparent)]
    Price(#[from] BadPrice),
    /// An id that was to be kept but is no UUID.
    #[error("the id {0:?} is not a UUID: leave it away and the server assigns one")]
    NotAUuid(String),
    /// The same stream twice, or too many of them.
    #[error("{0}")]
    Streams(String),
}

/// Checks name, description and price; the price comes back without a minus before zero.
///
/// # Errors
/// The first thing that is wrong.
pub fn product(product: &Product) -> Result<f32, Bad> {
    name(&product.name)?;
    description(&product.description)?;
    Ok(price::check(product.price)?)
}

/// Checks a product's name: not blank, one line, at most [`MAX_NAME`] characters.
///
/// # Errors
/// What is wrong with it.
pub fn name(text: &str) -> Result<(), Bad> {
    if text.trim().is_empty() {
        return Err(Bad::EmptyName);
    }
    within("name", text.chars().count(), "characters", MAX_NAME)?;
    no_control("name", text, &[])
}

/// Checks a description: at most [`MAX_DESCRIPTION`] characters; lines and tabs are welcome.
///
/// # Errors
/// What is wrong with it.
pub fn description(text: &str) -> Result<(), Bad> {
    within("description", text.chars().count(), "characters", MAX_DESCRIPTION)?;
    no_control("description", text, &['\n', '\r', '\t'])
}

/// Checks the name of a stream: not blank, one line, at most [`MAX_STREAM`] bytes.
///
/// # Errors
/// What is wrong with it.
pub fn stream(text: &str) -> Result<(), Bad> {
    if text.trim().is_empty() {
        return Err(Bad::EmptyStream);
    }
    within("stream's name", text.len(), "bytes", MAX_STREAM)?;
    no_control("stream's name", text, &[])
}

/// An id that someone wants to keep must be a UUID, in lower case with hyphens.
///
/// # Errors
/// It is not.
pub fn kept_id(id: &str) -> Result<(), Bad> {
    match uuid::Uuid::try_parse(id) {
        Ok(uuid) if uuid.hyphenated().to_string() == id => Ok(()),
        _ => Err(Bad::NotAUuid(excerpt(id))),
    }
}

/// The start of a text from outside, short enough for a message.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const CHARACTERS: usize = 64;
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn within(field: &'static str, found: usize, unit: &'static str, limit: usize) -> Result<(), Bad> {
    if found > limit { Err(Bad::TooLong { field, found, unit, limit }) } else { Ok(()) }
}

fn no_control(field: &'static str, text: &str, allowed: &[char]) -> Result<(), Bad> {
    match text.chars().find(|c| c.is_control() && !allowed.contains(c)) {
        Some(c) => Err(Bad::Control { field, code: u32::from(c) }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, description: &str, price: f32) -> Result<f32, Bad> {
        product(&Product {
            id: String::new(),
            name: name.to_owned(),
            description: description.to_owned(),
            price,
        })
    }

    #[test]
    fn what_is_ordinary_passes() {
        assert_eq!(with("Чашка № 5", "синяя\nс ручкой", 0.1), Ok(0.1));
        assert_eq!(with(&"ж".repeat(MAX_NAME), "", 0.0), Ok(0.0));
    }

    #[test]
    fn limits_count_characters_not_bytes() {
        let long = "ж".repeat(MAX_NAME + 1);
        assert_eq!(
            with(&long, "", 1.0).map_err(|bad| bad.to_string()),
            Err("the name has 257 characters, the limit is 256: shorten it".to_owned())
        );
        let long = "x".repeat(MAX_DESCRIPTION + 1);
        assert!(matches!(with("a", &long, 1.0), Err(Bad::TooLong { field: "description", .. })));
    }

    #[test]
    fn blank_names_and_control_characters_are_refused() {
        assert_eq!(with(" \t ", "", 1.0), Err(Bad::EmptyName));
        assert_eq!(with("a\nb", "", 1.0), Err(Bad::Control { field: "name", code: 10 }));
        assert_eq!(with("a", "\0", 1.0), Err(Bad::Control { field: "description", code: 0 }));
        assert_eq!(stream(""), Err(Bad::EmptyStream));
        assert!(stream(&"s".repeat(MAX_STREAM + 1)).is_err());
    }

    #[test]
    fn only_a_uuid_can_be_kept() {
        assert_eq!(kept_id("67e55044-10b1-426f-9247-bb680e5fe0c8"), Ok(()));
        assert!(kept_id("67E55044-10B1-426F-9247-BB680E5FE0C8").is_err());
        assert!(kept_id("1").is_err());
    }

    #[test]
    fn an_excerpt_cuts_between_characters() {
        assert_eq!(excerpt("ab"), "ab");
        assert_eq!(excerpt(&"ж".repeat(100)), format!("{}...", "ж".repeat(64)));
    }
}
