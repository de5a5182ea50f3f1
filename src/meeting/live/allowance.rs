//! How often somebody may do something: a client that floods does not keep the others waiting.

use std::collections::HashMap;

use crate::base::UtcMs;
use crate::conduct::Actor;

#[derive(Debug)]
pub struct Allowance {
    /// At once, and again after a second.
    burst: f64,
    per_second: f64,
    left: HashMap<Option<String>, (f64, UtcMs)>,
}

/// Of commands, and of strokes on the board.
impl Default for Allowance {
    fn default() -> Self {
        Self::of(40.0, 10.0)
    }
}

impl Allowance {
    pub fn of(burst: f64, per_second: f64) -> Self {
        Self { burst, per_second, left: HashMap::new() }
    }

    pub fn take(&mut self, now: UtcMs, actor: &Actor) -> bool {
        let who = match actor {
            Actor::Venue(venue) => Some(venue.to_string()),
            Actor::Desk => None,
        };
        let (left, since) = self.left.entry(who).or_insert((self.burst, now));
        *left = (*left + (now - *since).max(0) as f64 * self.per_second / 1_000.0).min(self.burst);
        *since = now;
        let is_allowed = *left >= 1.0;
        if is_allowed {
            *left -= 1.0;
        }
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_held_back_and_others_are_not() {
        let mut allowance = Allowance::default();
        let venue = |name: &str| Actor::Venue(format!("site:{name}").parse().unwrap());
        let taken = (0..1_000).filter(|_| allowance.take(UtcMs(0), &venue("loud"))).count();
        assert_eq!(taken, 40);
        assert!(allowance.take(UtcMs(0), &venue("quiet")) && allowance.take(UtcMs(0), &Actor::Desk));
        assert!(allowance.take(UtcMs(100), &venue("loud")) && !allowance.take(UtcMs(100), &venue("loud")));
    }
}
