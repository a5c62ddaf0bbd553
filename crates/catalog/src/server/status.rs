//! Faults as gRPC statuses, and deadlines.
//!
//! In: a [`Fault`], or a call that takes too long. Out: the status whose meaning in gRPC fits, so
//! that any client's retry rules do the right thing, with the fault's own words.

use std::time::Duration;

use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::store::Fault;

/// The longest that a call may take when its client sets no deadline.
const LONGEST_CALL: Duration = Duration::from_secs(30);

/// How much earlier than the client's deadline we answer. The server library also watches the
/// deadline but would call it CANCELLED.
const MARGIN: Duration = Duration::from_millis(2);

/// The status for a fault.
#[must_use]
pub fn status(fault: &Fault) -> Status {
    let code = match fault {
        Fault::NotFound(_) | Fault::NotDeleted(_) | Fault::NotPinned { .. } => Code::NotFound,
        Fault::IdTaken(_) => Code::AlreadyExists,
        Fault::Changed { .. } => Code::Aborted,
        Fault::Bad(_) | Fault::Request(_) => Code::InvalidArgument,
        // Trying again helps only after someone did something about it.
        Fault::ReadOnly(_) => Code::FailedPrecondition,
        Fault::TooMany(_) | Fault::Full(_) | Fault::Busy => Code::ResourceExhausted,
        Fault::Locked(_) | Fault::Stopping => Code::Unavailable,
        Fault::Corrupt(_) => Code::DataLoss,
        Fault::Failed(..) => Code::Internal,
    };
    Status::new(code, fault.to_string())
}

/// Waits for a call, but not past its deadline. A change whose turn had not come by then is not
/// made, as dropping the future takes it back.
///
/// # Errors
/// The call's own fault, or DEADLINE_EXCEEDED.
pub async fn in_time<T>(
    metadata: &MetadataMap,
    call: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Status> {
    let given = metadata.get("grpc-timeout").and_then(|value| timeout(value.to_str().ok()?));
    let limit = given.map_or(LONGEST_CALL, |given| given.min(LONGEST_CALL));
    match tokio::time::timeout(limit.saturating_sub(MARGIN), call).await {
        Ok(result) => result.map_err(|fault| status(&fault)),
        Err(_) => Err(Status::deadline_exceeded(format!(
            "the deadline of {} ms passed before the database had its turn: try again with more \
             time; if the call changes something, look first whether it did",
            limit.as_millis()
        ))),
    }
}

/// The header's value: up to eight digits and a unit, by gRPC's HTTP/2 protocol description.
fn timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(n * 3_600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_past_its_deadline_is_given_up_and_taken_back() {
        struct TakenBack<'t>(&'t std::cell::Cell<bool>);
        impl Drop for TakenBack<'_> {
            fn drop(&mut self) {
                self.0.set(true);
            }
        }
        let taken_back = std::cell::Cell::new(false);
        let call = TakenBack(&taken_back);
        let mut metadata = MetadataMap::new();
        metadata.insert("grpc-timeout", "20m".parse().expect("a header"));
        let result = in_time(&metadata, async {
            let _call = call;
            std::future::pending::<Result<(), Fault>>().await
        });
        let status = result.await.expect_err("it can't have ended");
        assert_eq!(status.code(), Code::DeadlineExceeded);
        assert!(status.message().contains("deadline of 20 ms"), "{status}");
        assert!(taken_back.get());
    }

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        assert_eq!(timeout("100m"), Some(Duration::from_millis(100)));
        assert_eq!(timeout("99999999H"), Some(Duration::from_secs(99_999_999 * 3_600)));
        assert_eq!(timeout("5u"), Some(Duration::from_micros(5)));
        for wrong in ["", "m", "5", "-5m", "+5m", "123456789S", "5й", "5x"] {
            assert_eq!(timeout(wrong), None, "{wrong:?}");
        }
    }
}
