//! Connections over TCP that have not said yet whose they are: few of one address at a time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Of one address: a whole office behind one translator that begins at the same time.
const MOST: usize = 64;

#[derive(Clone, Default)]
pub(super) struct Strangers {
    waiting: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One of them; dropped, it is none any more.
pub(super) struct Stranger {
    ip: IpAddr,
    all: Strangers,
}

impl Strangers {
    /// None where there are too many of that address.
    pub fn admit(&self, ip: IpAddr) -> Option<Stranger> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.entry(ip).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Stranger { ip, all: self.clone() })
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut waiting = self.all.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_the_places_of_all() {
        let strangers = Strangers::default();
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let mut admitted: Vec<_> = (0..MOST).map(|_| strangers.admit(one).unwrap()).collect();
        assert!(strangers.admit(one).is_none() && strangers.admit(other).is_some());
        admitted.pop();
        assert!(strangers.admit(one).is_some());
        admitted.clear();
        assert!(strangers.waiting.lock().unwrap().is_empty(), "nothing is kept of those who are gone");
    }
}
