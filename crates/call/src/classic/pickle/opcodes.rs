//! A pickle's opcodes, one after the other.
//!
//! In: the pickle. Out: those opcodes that pictures have, with what belongs to each. Every length
//! is compared with what is there; nothing is copied. Any other opcode is refused.

use super::Refused;
use super::content::Content;

/// Longest number in digits, with its sign.
const MAX_DIGITS: usize = 11;

/// Longest module or name.
const MAX_NAME: usize = 64;

/// One opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op<'a> {
    Mark,
    Tuple,
    /// A tuple of the last so many.
    TupleOf(usize),
    Put(u32),
    /// Put under the next free number.
    Memoize,
    Get(u32),
    None,
    Bool(bool),
    Int(i64),
    Content(Content<'a>),
    /// Module and name.
    Global(&'a [u8], &'a [u8]),
    /// Module and name are on the stack.
    StackGlobal,
    Reduce,
    Build,
    /// Protocol or frame: says nothing about the value.
    Nothing,
    Stop,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Opcodes<'a> {
    pickle: &'a [u8],
    at: usize,
}

impl<'a> Opcodes<'a> {
    pub fn new(pickle: &'a [u8]) -> Self {
        Self { pickle, at: 0 }
    }

    /// Offset of the next opcode.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn is_at_end(&self) -> bool {
        self.at == self.pickle.len()
    }

    pub fn refuse<T>(&self, what: impl Into<String>) -> Result<T, Refused> {
        Err(Refused { at: self.at, what: what.into() })
    }

    /// The next opcode.
    pub fn next(&mut self) -> Result<Op<'a>, Refused> {
        let opcode = self.byte()?;
        Ok(match opcode {
            b'(' => Op::Mark,
            b't' => Op::Tuple,
            0x85..=0x87 => Op::TupleOf(usize::from(opcode - 0x84)),
            b'p' => Op::Put(self.index()?),
            b'q' => Op::Put(self.byte()?.into()),
            0x94 => Op::Memoize,
            b'g' => Op::Get(self.index()?),
            b'h' => Op::Get(self.byte()?.into()),
            b'N' => Op::None,
            0x88 => Op::Bool(true),
            0x89 => Op::Bool(false),
            b'I' => self.number_in_digits()?,
            b'K' => Op::Int(self.byte()?.into()),
            b'M' => Op::Int(u16::from_le_bytes(self.array()?).into()),
            b'J' => Op::Int(i32::from_le_bytes(self.array()?).into()),
            b'V' => Op::Content(Content::Escaped(self.line(usize::MAX)?)),
            0x8C => Op::Content(Content::Utf8(self.short()?)),
            b'X' => Op::Content(Content::Utf8(self.long()?)),
            b'C' => Op::Content(Content::Plain(self.short()?)),
            b'B' => Op::Content(Content::Plain(self.long()?)),
            // A bytearray.
            0x96 => Op::Content(Content::Plain(self.longer()?)),
            b'c' => Op::Global(self.line(MAX_NAME)?, self.line(MAX_NAME)?),
            0x93 => Op::StackGlobal,
            b'R' => Op::Reduce,
            b'b' => Op::Build,
            0x80 => self.protocol()?,
            0x95 => self.frame()?,
            b'.' => Op::Stop,
            _ => {
                self.at -= 1;
                return self.refuse(format!("opcode 0x{opcode:02X}"));
            }
        })
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], Refused> {
        let rest = self.pickle.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(count).ok().and_then(|count| rest.get(..count));
        let Some(taken) = taken else {
            return self.refuse(format!("{count} bytes announced, {} left", rest.len()));
        };
        self.at += taken.len();
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let bytes = self.take(N as u64)?;
        bytes.try_into().or_else(|_| self.refuse("a number that is too short"))
    }

    fn byte(&mut self) -> Result<u8, Refused> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn short(&mut self) -> Result<&'a [u8], Refused> {
        let length = self.byte()?;
        self.take(length.into())
    }

    fn long(&mut self) -> Result<&'a [u8], Refused> {
        let length = u32::from_le_bytes(self.array()?);
        self.take(length.into())
    }

    fn longer(&mut self) -> Result<&'a [u8], Refused> {
        let length = u64::from_le_bytes(self.array()?);
        self.take(length)
    }

    /// Up to the end of the line, which is left out.
    fn line(&mut self, most: usize) -> Result<&'a [u8], Refused> {
        let rest = self.pickle.get(self.at..).unwrap_or_default();
        let window = rest.get(..most.saturating_add(1)).unwrap_or(rest);
        let Some(end) = window.iter().position(|&byte| byte == b'\n') else {
            return self.refuse("a line that does not end");
        };
        self.at += end + 1;
        Ok(rest.get(..end).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<&'a str, Refused> {
        let line = self.line(MAX_DIGITS)?;
        std::str::from_utf8(line).or_else(|_| self.refuse("a number that is none"))
    }

    fn index(&mut self) -> Result<u32, Refused> {
        self.digits()?.parse().or_else(|_| self.refuse("a number that is none"))
    }

    /// Protocol 0 writes False and True as I00 and I01.
    fn number_in_digits(&mut self) -> Result<Op<'a>, Refused> {
        Ok(match self.digits()? {
            "00" => Op::Bool(false),
            "01" => Op::Bool(true),
            digits => Op::Int(digits.parse().or_else(|_| self.refuse("a number that is none"))?),
        })
    }

    fn protocol(&mut self) -> Result<Op<'a>, Refused> {
        match self.byte()? {
            2..=5 => Ok(Op::Nothing),
            other => self.refuse(format!("protocol {other}")),
        }
    }

    /// A frame's length is for those who read from a file; here all is there.
    fn frame(&mut self) -> Result<Op<'a>, Refused> {
        let _length: [u8; 8] = self.array()?;
        Ok(Op::Nothing)
    }
}
