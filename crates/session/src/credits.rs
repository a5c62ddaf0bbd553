//! How many frames a sender may have on the way.
//!
//! In: round trip and frame interval. Out: the credit window. Never keeps state.

/// Window before anything is known: one frame on the way, one being read.
const FIRST: u32 = 2;

/// Largest window: half a second of round trip at 60 frames a second.
const MOST: u32 = 32;

/// ceil(round trip / frame interval) + 1, in frames; both times in nanoseconds.
///
/// With fewer, the link idles while credits travel; with more, frames wait in the network's
/// queues and grow old there.
#[must_use]
pub fn window(round_trip: Option<u64>, interval: Option<u64>) -> u32 {
    match (round_trip, interval) {
        (Some(round_trip), Some(interval)) => {
            let frames = round_trip.div_ceil(interval.max(1)).saturating_add(1);
            u32::try_from(frames).unwrap_or(MOST).clamp(FIRST, MOST)
        }
        _ => FIRST,
    }
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn follows_the_formula_within_its_bounds() {
        const MS: u64 = 1_000_000;
        assert_eq!(window(None, None), 2);
        assert_eq!(window(Some(MS), Some(33 * MS)), 2);
        assert_eq!(window(Some(50 * MS), Some(33 * MS)), 3);
        assert_eq!(window(Some(50 * MS), Some(16 * MS)), 5);
        assert_eq!(window(Some(u64::MAX), Some(0)), 32);
    }
}
