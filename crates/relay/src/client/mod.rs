//! The caller's side of the call protocol.
//!
//! In: a relay's address, what a caller wants, sealed packets. Out: the other caller's packets
//! and what becomes of it. A path that is lost is resumed without anyone doing anything, for as
//! long as the relay keeps the place. Never seals or opens anything: packets go in and come out
//! as they are.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use okno_relay::client::{Call, Event, Target, Trust, Want};
//!
//! let target = Target { host: "127.0.0.1".into(), port: 12350, trust: Trust::PlainLocal };
//! let mut call = Call::connect(target, Want::Allocate, "example 1.0").await?;
//! println!("number {}", call.number());
//! while let Some(event) = call.next().await {
//!     if let Event::Audio { payload, .. } = event {
//!         call.sender().audio(0, &payload);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod assembler;
mod event;
mod path;
mod session;
mod trust;

pub use event::{Ended, Event, Sent};
pub use path::PathError;
pub use session::{Call, Sender};

use crate::identity::Fingerprint;
use crate::proto::EndReason;

/// Where a relay is and why it is believed to be the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is known.
    pub trust: Trust,
}

/// How a relay is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// By its key, from an invitation or from the last time.
    Pinned(Fingerprint),
    /// Not yet: any key is accepted. [`Call::fingerprint`] says which, to be kept and pinned
    /// from now on; within the call it is pinned already.
    FirstUse,
    /// Without encryption; only for a relay on this machine.
    PlainLocal,
}

/// What a caller wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A new call under a number that the relay chooses.
    Allocate,
    /// To join the call with this number.
    Join(u32),
}

/// Whether there is sense in trying to resume after the relay has said this.
#[must_use]
fn passes(reason: EndReason) -> bool {
    matches!(
        reason,
        EndReason::EndTooMany
            | EndReason::EndRelayFull
            | EndReason::EndRelayStops
            | EndReason::EndTooSlow
            // Only this caller has its token. An earlier try of its own was held up on the way and
            // came after the one that worked; nobody lives at the other end of it.
            | EndReason::EndReplaced
    )
}
