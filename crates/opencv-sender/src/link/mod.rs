//! The way to the viewer: connecting, and connecting again.
//!
//! In: a lane with frames, the word to stop. Out: frames on the network; in the end, whether all
//! went well. Capture goes on whatever happens here.

pub mod adapt;
mod connection;
mod flow;
mod incoming;
mod memory;
mod outgoing;
pub mod retry;
mod socket;
pub mod wake;

use std::sync::Arc;
use std::time::{Duration, Instant};

use okno_wire::Format;
use okno_wire::proto::okno::{GoodbyeReason, Hello};

use crate::exit::{Code, Failure};
use crate::lane::{End, Lane};
use crate::stop::Stop;
use crate::values::Destination;
use connection::{Outcome, serve};
use retry::Retry;
use wake::Waker;

/// What is the same for every stream.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the viewer listens.
    pub to: Destination,
    /// How frames are put on the connection.
    pub format: Format,
    /// How long the viewer may take nothing.
    pub timeout: Duration,
    /// Tries after the first failure; `None`: for ever.
    pub retry: Option<u32>,
    /// The first pause between tries.
    pub retry_delay: Duration,
    /// Neither size nor quality follow the viewer or the link.
    pub fixed: bool,
    /// Frames may go uncompressed through shared memory.
    pub shared_memory: bool,
    /// Frames that can be made at the same time.
    pub workers: u64,
}

/// One stream's link.
#[derive(Debug)]
pub struct Link {
    /// Where the frames come from.
    pub lane: Arc<Lane>,
    /// Wakes this link.
    pub waker: Arc<Waker>,
    /// The word to stop.
    pub stop: Stop,
    /// What is the same for every stream.
    pub plan: Arc<Plan>,
    /// What an Okno viewer is told first.
    pub hello: Hello,
}

/// Runs the link until everything is sent, the word to stop comes, or the tries are used up.
///
/// # Errors
/// With the exit code and the line for the user when the viewer can't be reached any more.
pub fn run(link: &Link) -> Result<(), Failure> {
    link.stop.also_wake(Arc::clone(&link.waker));
    let result = keep_connected(link);
    // Whatever the reason: nothing more is wanted of the source.
    let reason = GoodbyeReason::GoodbyeUnspecified;
    link.lane.close(End { reason, text: String::new() });
    result
}

fn keep_connected(link: &Link) -> Result<(), Failure> {
    let Plan { to, timeout, .. } = &*link.plan;
    let mut retry = Retry::new(link.plan.retry, link.plan.retry_delay);
    let mut was_connected = false;
    loop {
        let is_asked = || link.stop.is_asked();
        if is_asked() {
            return Ok(());
        }
        let trouble = match socket::connect(to, *timeout, &link.waker, is_asked) {
            Ok(None) => return Ok(()),
            Ok(Some(stream)) => {
                log::info!("{}: connected to {to}", link.hello.name);
                was_connected = true;
                retry.up(Instant::now());
                match serve(link, stream) {
                    Outcome::Done => return Ok(()),
                    Outcome::Lost(reason) => format!("lost the connection to {to}: {reason}"),
                }
            }
            Err(reason) => format!("cannot reach {to}: {reason}"),
        };
        if is_asked() {
            return Ok(());
        }
        if was_connected && link.lane.drained().is_some() {
            let line = format!("{trouble}; the last frames may not have arrived");
            return Err(Failure::new(Code::Lost, line));
        }
        pause(link, &mut retry, &trouble, was_connected)?;
    }
}

/// Waits before the next try.
fn pause(link: &Link, retry: &mut Retry, trouble: &str, was: bool) -> Result<(), Failure> {
    let now = Instant::now();
    let Some(pause) = retry.failed(now) else {
        let code = if was { Code::Lost } else { Code::Unreachable };
        return Err(Failure::new(code, format!("{trouble}; {}", way_out(link.plan.retry))));
    };
    if retry.is_news(trouble, now) {
        log::warn!("{}: {trouble}; trying again until it is there", link.hello.name);
    }
    let _ = link.stop.sleep(pause);
    Ok(())
}

fn way_out(retry: Option<u32>) -> String {
    let tries = match retry {
        None | Some(0) => String::new(),
        Some(1) => ", after one more try".into(),
        Some(n) => format!(", after {n} more tries"),
    };
    format!("gave up{tries}: start the viewer there, or name another with --to tcp://HOST:PORT")
}
