//! How long to wait before the next try at a server.

use std::time::Duration;

/// First wait after a failure.
const FIRST: Duration = Duration::from_secs(2);
/// No wait is longer: a server that comes back is noticed within five minutes.
const LONGEST: Duration = Duration::from_secs(300);

/// Waits that double with jitter, from 2 s to 300 s; a healthy session starts them again.
///
/// The jitter (50 to 100 % of the step) keeps many accounts of one provider from coming back in the same second.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    step: Duration,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self { step: FIRST }
    }

    /// The next wait; never less than `least`.
    pub(super) fn next(&mut self, least: Duration) -> Duration {
        let step = self.step;
        self.step = step.saturating_mul(2).min(LONGEST);
        step.mul_f64(0.5 + fastrand::f64() / 2.0).max(least)
    }

    pub(super) fn reset(&mut self) {
        self.step = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_start_again_after_a_reset() {
        let mut backoff = Backoff::new();
        let first = backoff.next(Duration::ZERO);
        assert!(first >= Duration::from_secs(1) && first <= FIRST);
        for _ in 0..20 {
            assert!(backoff.next(Duration::ZERO) <= LONGEST);
        }
        assert!(backoff.next(Duration::ZERO) >= LONGEST / 2);
        backoff.reset();
        assert!(backoff.next(Duration::ZERO) <= FIRST);
        assert_eq!(backoff.next(LONGEST), LONGEST);
    }
}
