//! Why a call is over, from the relay's and the network's words.

use okno_relay::client::{Ended, PathError};
use okno_relay::proto::EndReason;
use okno_session::call::End;

/// Of a connection that did not come about.
pub(crate) fn of_path_error(error: PathError) -> End {
    match error {
        PathError::WrongKey { expected, seen } => {
            End::RelayKeyChanged { expected: expected.to_string(), seen: seen.to_string() }
        }
        PathError::Refused { reason, text } => of_reason(reason, text),
        PathError::Protocol(text) => End::Protocol(text),
        error @ (PathError::Io(_) | PathError::Silent | PathError::PlainElsewhere(_)) => {
            End::Unreachable(error.to_string())
        }
    }
}

/// Of a call that was there.
pub(crate) fn of_ended(ended: Ended) -> End {
    match ended {
        Ended::ByRelay { reason, text } => of_reason(reason, text),
        Ended::PathLost { text } => End::PathLost(text),
    }
}

fn of_reason(reason: EndReason, text: String) -> End {
    match reason {
        EndReason::EndPeerHungUp => End::PeerHungUp,
        EndReason::EndPeerLost => End::PeerLost,
        EndReason::EndNobodyCame => End::NobodyCame,
        EndReason::EndNoSuchCall => End::NoSuchCall,
        EndReason::EndCallFull => End::CallFull,
        EndReason::EndCodeUsed => End::CodeUsed,
        EndReason::EndCannotResume => End::Gone,
        EndReason::EndTooMany => End::TooMany,
        EndReason::EndRelayFull => End::RelayFull,
        EndReason::EndVersion => End::Version,
        EndReason::EndRelayStops | EndReason::EndTooSlow => End::PathLost(text),
        EndReason::EndTlsNeeded => End::Unreachable(text),
        EndReason::EndUnspecified | EndReason::EndReplaced | EndReason::EndProtocolError => {
            End::Protocol(text)
        }
    }
}
