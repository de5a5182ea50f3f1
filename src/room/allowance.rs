//! How much a participant may make the room tell everybody: what one says of itself, and sends as data, goes to all others.

use std::time::Instant;

/// So much at once, and so much a second: bytes, or marks.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    at_once: f64,
    per_second: f64,
}

/// A few changes of any size, then a little all the time: attributes that follow a hand that is raised are 100 bytes.
pub const WORDS: Rate = Rate { at_once: 256_000.0, per_second: 16_000.0 };
/// A file of some pages, then as much as a large venue's line carries.
pub const DATA: Rate = Rate { at_once: 16e6, per_second: 1e6 };
/// Reactions: everybody else is sent each of them.
pub const MARKS: Rate = Rate { at_once: 3.0, per_second: 0.5 };

#[derive(Debug)]
pub struct Allowance {
    rate: Rate,
    left: f64,
    at: Instant,
}

impl Allowance {
    pub fn new(now: Instant, rate: Rate) -> Self {
        Self { rate, left: rate.at_once, at: now }
    }

    /// Whether so much may be said now.
    pub fn take(&mut self, now: Instant, much: usize) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.rate.per_second).min(self.rate.at_once);
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
        let mut allowance = Allowance::new(start, WORDS);
        let said = (0..1_000).filter(|at| allowance.take(start + Duration::from_millis(10 * at), 60_000)).count();
        assert!((4..=7).contains(&said), "{said} of 60 kB in 10 s");
        let mut allowance = Allowance::new(start, WORDS);
        assert!((0..1_000).all(|at| allowance.take(start + Duration::from_millis(20 * at), 200)), "ten kB a second are nothing");
        let mut allowance = Allowance::new(start, DATA);
        assert!((0..250).all(|_| allowance.take(start, 60_000)), "a file goes through at once");
        let sent = (0..10_000).filter(|at| allowance.take(start + Duration::from_millis(*at), 60_000)).count();
        assert!((160..=200).contains(&sent), "{sent} of 60 kB in 10 s");
        let mut marks = Allowance::new(start, MARKS);
        let shown = (0..1_000).filter(|at| marks.take(start + Duration::from_millis(10 * at), 1)).count();
        assert!((7..=8).contains(&shown), "{shown} marks in 10 s");
    }
}
