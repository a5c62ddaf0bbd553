//! How the program ends: the exit codes and the one line that goes with them.

use std::fmt;

/// Exit codes; `--help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// End of the input, or asked to stop by `q`, `--frames` or `--duration`.
    Done = 0,
    /// A defect of this program.
    Unexpected = 1,
    /// Wrong usage. (clap ends the program with the same code.)
    Usage = 2,
    /// A source can't be opened.
    Source = 3,
    /// The destination can't be reached and the retries are used up.
    Unreachable = 4,
    /// The connection was lost and the retries are used up.
    Lost = 5,
    /// SIGINT, after a clean goodbye.
    Interrupted = 130,
    /// SIGTERM, after a clean goodbye.
    Terminated = 143,
}

/// Why the program ends without having done what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub code: Code,
    /// One line: the thing, what is wrong with it, and the way out.
    pub reason: String,
}

impl Failure {
    /// A failure with its line.
    pub fn new(code: Code, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Failure {}
