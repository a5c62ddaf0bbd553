//! The values that a picture's pickle is put together from, and the few things that may be done to
//! them.
//!
//! In: names and values. Out: other values, all of them plain data; no value holds another one
//! deeper than two tuples, so that none can grow.

use super::content::Content;

/// Most items of a tuple: numpy's state of a type has eight.
const MAX_ITEMS: usize = 8;

/// The names that a picture's pickle has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// `numpy.core.multiarray._reconstruct`.
    Reconstruct,
    /// `numpy.core.numeric._frombuffer`.
    FromBuffer,
    /// `numpy.ndarray`.
    Array,
    /// `numpy.dtype`.
    Type,
    /// `_codecs.encode`.
    Encode,
}

impl Name {
    /// numpy 2 has moved `numpy.core` to `numpy._core`.
    pub fn of(module: &[u8], name: &[u8]) -> Option<Self> {
        Some(match (module, name) {
            (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"_reconstruct") => {
                Self::Reconstruct
            }
            (b"numpy.core.numeric" | b"numpy._core.numeric", b"_frombuffer") => Self::FromBuffer,
            (b"numpy", b"ndarray") => Self::Array,
            (b"numpy", b"dtype") => Self::Type,
            (b"_codecs", b"encode") => Self::Encode,
            _ => return None,
        })
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Mark,
    None,
    Bool(bool),
    Int(i64),
    /// A text, or bytes that are written as such.
    Content(Content<'a>),
    /// Bytes that were made of a text.
    Bytes(Content<'a>),
    Name(Name),
    Tuple(Vec<Value<'a>>),
    /// uint8; before its state it is not complete.
    Type {
        complete: bool,
    },
    /// An array of bytes and how many there are; empty before its state.
    Array(Option<(Content<'a>, i64)>),
}

impl<'a> Value<'a> {
    /// A tuple; `None`: no picture has such a one.
    pub fn tuple(items: Vec<Self>) -> Option<Self> {
        let deep = |item: &Self| match item {
            Self::Tuple(inner) => inner.iter().any(|value| matches!(value, Self::Tuple(_))),
            Self::Mark => true,
            _ => false,
        };
        let fits = items.len() <= MAX_ITEMS && !items.iter().any(deep);
        fits.then_some(Self::Tuple(items))
    }

    /// Bytes, however they were written.
    fn bytes(&self) -> Option<Content<'a>> {
        match self {
            Self::Bytes(content) | Self::Content(content @ Content::Plain(_)) => Some(*content),
            _ => None,
        }
    }

    fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::Content(content) if content.is(text))
    }

    fn is_flag(&self, flag: bool) -> bool {
        *self == Self::Bool(flag) || *self == Self::Int(flag.into())
    }

    /// `(length,)`, or `(length, 1)`: what OpenCV 4 and OpenCV 3 give for a JPEG. How long it is.
    fn length(&self) -> Option<i64> {
        match self {
            Self::Tuple(shape) => match shape.as_slice() {
                [Self::Int(length)] | [Self::Int(length), Self::Int(1)] => Some(*length),
                _ => None,
            },
            _ => None,
        }
    }

    /// What Python's REDUCE makes of a name and a tuple, for those that pictures have.
    pub fn reduce(name: &Self, arguments: &Self) -> Option<Self> {
        let (Self::Name(name), Self::Tuple(arguments)) = (name, arguments) else { return None };
        match (name, arguments.as_slice()) {
            (Name::Encode, [Self::Content(text), codec]) if codec.is_text("latin1") => {
                Some(Self::Bytes(*text))
            }
            (Name::Type, [code, align, copy]) => {
                let fits = code.is_text("u1") && align.is_flag(false) && copy.is_flag(true);
                fits.then_some(Self::Type { complete: false })
            }
            (Name::Reconstruct, [Self::Name(Name::Array), shape, code]) => {
                let empty = shape.length() == Some(0) && code.bytes()?.is("b");
                empty.then_some(Self::Array(None))
            }
            (Name::FromBuffer, [bytes, Self::Type { complete: true }, shape, order]) => {
                let known = order.is_text("C") || order.is_text("F");
                known.then_some(Self::Array(Some((bytes.bytes()?, shape.length()?))))
            }
            _ => None,
        }
    }

    /// What Python's BUILD makes of a value and its state.
    pub fn build(value: &Self, state: &Self) -> Option<Self> {
        let Self::Tuple(state) = state else { return None };
        match (value, state.as_slice()) {
            (
                Self::Type { complete: false },
                [
                    Self::Int(3),
                    order,
                    Self::None,
                    Self::None,
                    Self::None,
                    Self::Int(-1),
                    Self::Int(-1),
                    Self::Int(0),
                ],
            ) if order.is_text("|") => Some(Self::Type { complete: true }),
            (
                Self::Array(None),
                [Self::Int(1), shape, Self::Type { complete: true }, Self::Bool(_), bytes],
            ) => Some(Self::Array(Some((bytes.bytes()?, shape.length()?)))),
            _ => None,
        }
    }

    /// The picture, if this is one: its bytes and, of an array, how many there should be.
    pub fn picture(&self) -> Option<(Content<'a>, Option<i64>)> {
        match self {
            Self::Array(array) => array.map(|(content, length)| (content, Some(length))),
            other => other.bytes().map(|content| (content, None)),
        }
    }
}
