//! How often somebody tried in the minute: an address its sign-ins, a person its guesses at a number.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};

use crate::base::UtcMs;

const MINUTE_MS: i64 = 60_000;
/// More of them than this in one minute: the oldest are forgotten.
const KNOWN: usize = 20_000;

pub struct Rate<Who = IpAddr> {
    minutes: HashMap<Who, Minute>,
}

impl<Who> Default for Rate<Who> {
    fn default() -> Self {
        Self { minutes: HashMap::new() }
    }
}

struct Minute {
    began: UtcMs,
    attempts: u32,
}

/// Refused: when to come again, and whether this is the first refusal of the minute (the only one that is written down).
#[derive(Debug, PartialEq, Eq)]
pub struct TooMany {
    pub seconds: u64,
    pub first: bool,
}

impl<Who: Eq + Hash> Rate<Who> {
    /// One more.
    pub fn attempt(&mut self, who: Who, now: UtcMs, limit: u32) -> Result<(), TooMany> {
        let running = |minute: &Minute| (0..MINUTE_MS).contains(&(now - minute.began));
        if self.minutes.len() >= KNOWN {
            self.minutes.retain(|_, minute| running(minute));
            if self.minutes.len() >= KNOWN {
                self.minutes.clear();
            }
        }
        let minute = self.minutes.entry(who).or_insert(Minute { began: now, attempts: 0 });
        if !running(minute) {
            *minute = Minute { began: now, attempts: 0 };
        }
        minute.attempts = minute.attempts.saturating_add(1);
        if minute.attempts <= limit {
            return Ok(());
        }
        Err(TooMany { seconds: minute.seconds_left(now), first: minute.attempts == limit.saturating_add(1) })
    }

    /// Whether another is allowed, without counting it.
    pub fn allows(&self, who: &Who, now: UtcMs, limit: u32) -> Result<(), TooMany> {
        let full = self.minutes.get(who).filter(|minute| (0..MINUTE_MS).contains(&(now - minute.began)) && minute.attempts >= limit);
        full.map_or(Ok(()), |minute| Err(TooMany { seconds: minute.seconds_left(now), first: false }))
    }
}

impl Minute {
    fn seconds_left(&self, now: UtcMs) -> u64 {
        ((self.began + MINUTE_MS - now).max(1) as u64).div_ceil(1000)
    }
}

/// One machine can take any address of an IPv6 /64.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_address_and_minute() {
        let mut rate = Rate::default();
        let (one, other) = ("10.0.0.1".parse::<IpAddr>().unwrap(), "10.0.0.2".parse().unwrap());
        assert!(rate.allows(&one, UtcMs(1000), 3).is_ok());
        assert!((0..3).all(|_| rate.attempt(one, UtcMs(1000), 3).is_ok()));
        assert_eq!(rate.attempt(one, UtcMs(31_000), 3), Err(TooMany { seconds: 30, first: true }));
        assert_eq!(rate.attempt(one, UtcMs(60_500), 3), Err(TooMany { seconds: 1, first: false }));
        assert_eq!(rate.allows(&one, UtcMs(60_500), 3), Err(TooMany { seconds: 1, first: false }));
        assert!(rate.attempt(other, UtcMs(31_000), 3).is_ok());
        assert!(rate.allows(&one, UtcMs(61_000), 3).is_ok());
        assert!(rate.attempt(one, UtcMs(61_000), 3).is_ok());
        assert!(rate.attempt(one, UtcMs(0), 3).is_ok(), "a clock that was set back locks nobody out");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let mut rate = Rate::default();
        let mut attempt = |address: &str| rate.attempt(neighbourhood(address.parse().unwrap()), UtcMs(0), 1);
        assert!(attempt("fd00::1").is_ok());
        assert!(attempt("fd00::2").is_err());
        assert!(attempt("fd00:0:0:1::2").is_ok());
    }
}
