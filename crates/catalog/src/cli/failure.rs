//! How a command fails: a sentence for a person, a code for a script.

use std::fmt;

use okno_catalog::client::ConnectError;
use tonic::{Code, Status};

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// The exit code; see `--help`.
    pub exit: u8,
    /// A name for scripts: gRPC's for what the server said, else our own.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
}

/// Exit code of whatever was refused or failed.
pub const FAILED: u8 = 1;
/// Exit code of wrong usage, as clap has it.
pub const USAGE: u8 = 2;
/// Exit code when the database can't be opened.
pub const DATABASE: u8 = 3;
/// Exit code when no catalogue answers.
pub const UNREACHABLE: u8 = 4;
/// Exit code when the connection was lost.
pub const LOST: u8 = 5;

impl Failure {
    /// A failure with this exit code.
    pub fn new(exit: u8, code: &str, message: impl fmt::Display) -> Self {
        Self { exit, code: code.to_owned(), message: message.to_string() }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Unreachable { .. } => Self::new(UNREACHABLE, "UNREACHABLE", error),
            ConnectError::Ca(..) => Self::new(FAILED, "FILE", error),
            _ => Self::new(USAGE, "USAGE", error),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        // A status that came over the wire has no source: one that has is about the connection.
        if std::error::Error::source(&status).is_some() && status.code() != Code::DeadlineExceeded {
            let message = format!("the connection to the catalogue was lost: {}", status.message());
            return Self::new(LOST, "LOST", message);
        }
        Self::new(FAILED, name(status.code()), status.message())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let code = if error.kind() == std::io::ErrorKind::BrokenPipe { "PIPE" } else { "IO" };
        Self::new(FAILED, code, error)
    }
}

/// gRPC's own names, which `Code` only has in its documentation.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
