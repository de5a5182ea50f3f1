//! How much a participant may make the room tell everybody: what one says of itself goes to all others.

use std::time::Instant;

/// A few changes of any size at once, then a little all the time: attributes that follow a hand that is raised are 100 bytes.
const AT_ONCE_BYTES: f64 = 256_000.0;
const PER_SECOND_BYTES: f64 = 16_000.0;

/// Marks: everybody else is sent each of them.
const MARKS_AT_ONCE: f64 = 3.0;
const MARKS_PER_SECOND: f64 = 0.5;

#[derive(Debug)]
pub struct Allowance {
    left: f64,
    at: Instant,
    at_once: f64,
    per_second: f64,
}

impl Allowance {
    /// In bytes, of what one says of oneself.
    pub fn new(now: Instant) -> Self {
        Self { left: AT_ONCE_BYTES, at: now, at_once: AT_ONCE_BYTES, per_second: PER_SECOND_BYTES }
    }

    /// In marks.
    pub fn of_marks(now: Instant) -> Self {
        Self { left: MARKS_AT_ONCE, at: now, at_once: MARKS_AT_ONCE, per_second: MARKS_PER_SECOND }
    }

    /// Whether so much may be said now.
    pub fn take(&mut self, now: Instant, much: usize) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.per_second).min(self.at_once);
        let is_allowed = much as f64 <= self.left;
        if is_allowed {
            self.left -= much as f64;
        }
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_storm_is_held_to_the_rate_and_small_things_pass() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let said = (0..1_000).filter(|at| allowance.take(start + Duration::from_millis(10 * at), 60_000)).count();
        assert!((4..=7).contains(&said), "{said} of 60 kB in 10 s");
        let mut allowance = Allowance::new(start);
        assert!((0..1_000).all(|at| allowance.take(start + Duration::from_millis(20 * at), 200)), "ten kB a second are nothing");
        let mut marks = Allowance::of_marks(start);
        let shown = (0..1_000).filter(|at| marks.take(start + Duration::from_millis(10 * at), 1)).count();
        assert!((7..=8).contains(&shown), "{shown} marks in 10 s");
    }
}
