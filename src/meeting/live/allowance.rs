//! How many commands somebody may give: a client that floods does not keep the others waiting.

use std::collections::HashMap;

use crate::base::UtcMs;
use crate::conduct::Actor;

/// At once, and again after a second.
const BURST: f64 = 40.0;
const PER_SECOND: f64 = 10.0;

#[derive(Debug, Default)]
pub struct Allowance(HashMap<Option<String>, (f64, UtcMs)>);

impl Allowance {
    pub fn take(&mut self, now: UtcMs, actor: &Actor) -> bool {
        let who = match actor {
            Actor::Venue(venue) => Some(venue.to_string()),
            Actor::Desk => None,
        };
        let (left, since) = self.0.entry(who).or_insert((BURST, now));
        *left = (*left + (now - *since).max(0) as f64 * PER_SECOND / 1_000.0).min(BURST);
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
