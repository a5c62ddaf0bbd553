//! Pictures as the original client pickles them.
//!
//! In: a pickle's bytes, or a JPEG's. Out: the other one. The original calls `pickle.dumps(jpeg, 0)`
//! on a one-dimensional `numpy.uint8` array; Python 3.8 to 3.13 and numpy 1 and 2 write that in a
//! few ways, and these are all that [`read`] takes. Never executes anything: there is nothing here
//! that could, a name is compared with five others and that is all.
//!
//! Format: Python's `Lib/pickletools.py` describes each opcode; `fixtures/pickles.txt` holds what
//! real Pythons wrote.

mod content;
mod machine;
mod opcodes;
mod value;

pub(super) use content::write;
pub(super) use machine::read;

/// Why a pickle was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at} of a picture's pickle, where no original client has it")]
pub(super) struct Refused {
    /// Offset in the pickle.
    pub at: usize,
    /// What is there.
    pub what: String,
}

#[cfg(test)]
mod tests;
