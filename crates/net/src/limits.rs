//! What a stranger can make the viewer hold or wait for, each bound with its reason.

use std::time::Duration;

/// The limits of the receiving side. All can be set.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bounds on messages.
    pub wire: okno_wire::Limits,
    /// Most connections at once. A wall shows 25 streams; each connection costs a buffer of two
    /// frames at most.
    pub connections: usize,
    /// Most connections that have not said yet what they are. When one more comes, the one that
    /// has been silent longest is closed: real senders speak at once.
    pub undecided: usize,
    /// How long a connection may stay silent before its first bytes.
    pub first_bytes: Duration,
    /// A message that has begun must go on: at least `least_progress` bytes in this time.
    pub progress_time: Duration,
    /// See `progress_time`. 4 KiB in 10 s is a tenth of what the slowest modem carried.
    pub least_progress: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wire: okno_wire::Limits::default(),
            connections: 256,
            undecided: 64,
            first_bytes: Duration::from_secs(30),
            progress_time: Duration::from_secs(10),
            least_progress: 4096,
        }
    }
}
