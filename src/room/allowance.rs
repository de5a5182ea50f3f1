//! How much a participant may make the room tell everybody: what one says of itself goes to all others.

use std::time::Instant;

/// A few changes of any size at once, then a little all the time: attributes that follow a hand that is raised are 100 bytes.
const AT_ONCE_BYTES: f64 = 256_000.0;
const PER_SECOND_BYTES: f64 = 16_000.0;

#[derive(Debug)]
pub struct Allowance {
    left_bytes: f64,
    at: Instant,
}

impl Allowance {
    pub fn new(now: Instant) -> Self {
        Self { left_bytes: AT_ONCE_BYTES, at: now }
    }

    /// Whether so many bytes may be said now.
    pub fn take(&mut self, now: Instant, bytes: usize) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left_bytes = (self.left_bytes + passed * PER_SECOND_BYTES).min(AT_ONCE_BYTES);
        let is_allowed = bytes as f64 <= self.left_bytes;
        if is_allowed {
            self.left_bytes -= bytes as f64;
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
    }
}
