//! How much a participant may make the room tell everybody: what one says of itself, and sends as data, goes to all others.

use std::time::Instant;

/// So much at once, and so much a second.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    at_once_bytes: f64,
    per_second_bytes: f64,
}

/// A few changes of any size, then a little all the time: attributes that follow a hand that is raised are 100 bytes.
pub const WORDS: Rate = Rate { at_once_bytes: 256_000.0, per_second_bytes: 16_000.0 };
/// A file of some pages, then as much as a large venue's line carries.
pub const DATA: Rate = Rate { at_once_bytes: 16e6, per_second_bytes: 1e6 };

#[derive(Debug)]
pub struct Allowance {
    rate: Rate,
    left_bytes: f64,
    at: Instant,
}

impl Allowance {
    pub fn new(now: Instant, rate: Rate) -> Self {
        Self { rate, left_bytes: rate.at_once_bytes, at: now }
    }

    /// Whether so many bytes may be said now.
    pub fn take(&mut self, now: Instant, bytes: usize) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left_bytes = (self.left_bytes + passed * self.rate.per_second_bytes).min(self.rate.at_once_bytes);
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
        let mut allowance = Allowance::new(start, WORDS);
        let said = (0..1_000).filter(|at| allowance.take(start + Duration::from_millis(10 * at), 60_000)).count();
        assert!((4..=7).contains(&said), "{said} of 60 kB in 10 s");
        let mut allowance = Allowance::new(start, WORDS);
        assert!((0..1_000).all(|at| allowance.take(start + Duration::from_millis(20 * at), 200)), "ten kB a second are nothing");
        let mut allowance = Allowance::new(start, DATA);
        assert!((0..250).all(|_| allowance.take(start, 60_000)), "a file goes through at once");
        let sent = (0..10_000).filter(|at| allowance.take(start + Duration::from_millis(*at), 60_000)).count();
        assert!((160..=200).contains(&sent), "{sent} of 60 kB in 10 s");
    }
}
