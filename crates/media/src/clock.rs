//! The one clock that stamps are read from.
//!
//! Out: nanoseconds of CLOCK_MONOTONIC, which every process on a machine shares and nobody
//! sets, so that stamps of a sender and a viewer on one machine compare without any exchange.

/// Nanoseconds since an arbitrary moment that is the same for all processes of this machine.
#[must_use]
pub fn now_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Names this machine's clock: equal on two ends means the very same clock (the kernel's boot
/// id). Empty where the system does not tell.
#[must_use]
pub fn domain() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}
