//! Computers that show a code and wait until somebody who may types it. In memory: after a restart they show another.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::base::UtcMs;
use crate::org::{neighbourhood, random};

/// A code is good for so long.
pub const VALID_MS: i64 = 15 * 60_000;
/// Codes that wait at a time, in all and from one address: nobody can have so many that a mistyped one is theirs.
const MOST: usize = 200;
const MOST_OF_ADDRESS: usize = 20;

/// A computer that waits.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// SHA-256 of the secret by which it asks whether it was paired.
    pub hash: Vec<u8>,
    pub address: IpAddr,
    pub runs: String,
    pub begun: UtcMs,
    /// It was paired: the secret for its cookie, until it has fetched it.
    pub cookie: Option<String>,
}

/// By code.
#[derive(Debug, Default)]
pub struct Pairings(HashMap<String, Pairing>);

impl Pairings {
    /// The code to show; none where too many wait already.
    pub fn begin(&mut self, now: UtcMs, pairing: Pairing) -> Option<String> {
        self.0.retain(|_, waiting| (0..VALID_MS).contains(&(now - waiting.begun)));
        let place = neighbourhood(pairing.address);
        let of_address = self.0.values().filter(|waiting| neighbourhood(waiting.address) == place).count();
        if of_address >= MOST_OF_ADDRESS || self.0.len() >= MOST {
            return None;
        }
        let code = std::iter::repeat_with(eight_digits).find(|code| !self.0.contains_key(code))?;
        self.0.insert(code.clone(), pairing);
        Some(code)
    }

    /// The computer that shows this code, and is not paired yet.
    pub fn find(&mut self, now: UtcMs, code: &str) -> Option<&mut Pairing> {
        self.0.get_mut(code).filter(|waiting| waiting.cookie.is_none() && (0..VALID_MS).contains(&(now - waiting.begun)))
    }

    /// The computer asks: `None`, it must show another code; `Some(None)`, it waits; else its cookie, this once.
    pub fn claim(&mut self, now: UtcMs, hash: &[u8]) -> Option<Option<String>> {
        let (code, waiting) = self.0.iter().find(|(_, waiting)| waiting.hash == hash && (0..VALID_MS).contains(&(now - waiting.begun)))?;
        let (code, cookie) = (code.clone(), waiting.cookie.clone());
        if cookie.is_some() {
            self.0.remove(&code);
        }
        Some(cookie)
    }
}

fn eight_digits() -> String {
    // 2^64 is so much more than 10^8 that no digit is favoured.
    format!("{:08}", u64::from_le_bytes(random::<8>()) % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(hash: u8, address: &str, begun: i64) -> Pairing {
        Pairing { hash: vec![hash], address: address.parse().unwrap(), runs: String::new(), begun: UtcMs(begun), cookie: None }
    }

    #[test]
    fn a_code_pairs_once_and_ends() {
        let mut pairings = Pairings::default();
        let code = pairings.begin(UtcMs(0), waiting(1, "10.0.0.1", 0)).unwrap();
        assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
        assert_eq!(pairings.claim(UtcMs(1), &[1]), Some(None), "it waits");
        assert_eq!(pairings.claim(UtcMs(1), &[2]), None, "another's secret is none");
        pairings.find(UtcMs(1), &code).unwrap().cookie = Some("c".to_owned());
        assert!(pairings.find(UtcMs(1), &code).is_none(), "it is paired already");
        assert_eq!(pairings.claim(UtcMs(2), &[1]), Some(Some("c".to_owned())));
        assert_eq!(pairings.claim(UtcMs(3), &[1]), None, "the cookie is handed out once");
        let late = pairings.begin(UtcMs(0), waiting(3, "10.0.0.1", 0)).unwrap();
        assert!(pairings.find(UtcMs(VALID_MS), &late).is_none() && pairings.claim(UtcMs(VALID_MS), &[3]).is_none());
    }

    #[test]
    fn codes_that_wait_are_bounded() {
        let mut pairings = Pairings::default();
        let begun = (0..100).filter(|_| pairings.begin(UtcMs(0), waiting(0, "10.0.0.1", 0)).is_some()).count();
        assert_eq!(begun, MOST_OF_ADDRESS);
        assert!(pairings.begin(UtcMs(0), waiting(0, "10.0.0.2", 0)).is_some(), "others are not kept out");
        let all = (0..1_000).filter(|at| pairings.begin(UtcMs(0), waiting(0, &format!("10.1.{}.{}", at / 250, at % 250), 0)).is_some()).count();
        assert_eq!(all + begun + 1, MOST);
        assert!(pairings.begin(UtcMs(VALID_MS), waiting(0, "10.0.0.1", VALID_MS)).is_some(), "those of before are forgotten");
    }
}
