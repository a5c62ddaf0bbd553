//! Keeps a level where it should be by playing a touch faster or slower.
//!
//! In: how far a buffer is above (or below) its target, in milliseconds, and the time since the
//! last look. Out: by how many ppm to speed up. Two clocks that differ by a constant settle with
//! no error left, because the regulator has an integral part. Never: moves the pitch audibly.

/// Speed per millisecond of error. The level follows with a time constant of 1000 / P = 20 s:
/// slow against jitter, quick against drift.
const P: f64 = 50.0;
/// Speed per millisecond and second: P^2 / 4000 damps critically, it does not overshoot.
const I: f64 = P * P / 4000.0;
/// The fastest correction: 5 cents of pitch, below what people notice.
const MOST_PPM: f64 = 3000.0;
/// Crystals differ by 200 ppm at most; the rest is room for bad ones.
const MOST_DRIFT_PPM: f64 = 1000.0;

/// A PI controller.
#[derive(Debug, Default)]
pub(crate) struct Regulator {
    drift_ppm: f64,
}

impl Regulator {
    /// Takes the error now (positive: too much in the buffer) and returns by how many ppm to
    /// empty it faster.
    pub(crate) fn step(&mut self, error_ms: f64, seconds: f64) -> f64 {
        let drift = self.drift_ppm + I * error_ms * seconds;
        self.drift_ppm = drift.clamp(-MOST_DRIFT_PPM, MOST_DRIFT_PPM);
        (P * error_ms + self.drift_ppm).clamp(-MOST_PPM, MOST_PPM)
    }

    /// The part that stays: how much faster the buffer is filled than emptied.
    pub(crate) fn drift_ppm(&self) -> f64 {
        self.drift_ppm
    }
}

/// The factor for the length of the output when the input is used `ppm` faster.
pub(crate) fn relative(ppm: f64) -> f64 {
    1.0 / (1.0 + ppm * 1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_drift_leaves_no_error() {
        for drift in [-200.0, 50.0, 200.0, 900.0] {
            let mut regulator = Regulator::default();
            let mut error_ms = 0.0;
            let mut most: f64 = 0.0;
            for _ in 0..30_000 {
                let ppm = regulator.step(error_ms, 0.01);
                error_ms += (drift - ppm) * 1e-6 * 10.0;
                most = most.max(f64::abs(error_ms));
            }
            assert!(error_ms.abs() < 0.5, "{drift}: {error_ms} ms left");
            assert!((regulator.drift_ppm() - drift).abs() < 10.0, "{drift}");
            assert!(most < 20.0, "{drift}: {most} ms on the way");
        }
    }

    #[test]
    fn the_correction_is_bounded() {
        let mut regulator = Regulator::default();
        for _ in 0..1000 {
            assert!(regulator.step(1e6, 1.0) <= MOST_PPM);
        }
        assert!(regulator.step(-1e6, 1.0) >= -MOST_PPM);
    }
}
