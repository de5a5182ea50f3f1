//! What venues tell of their own screens: how long the picture stood still. The way from a page to who observes the meeting's lines.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use super::allowance::Allowance;
use super::{LiveError, WAITING};
use crate::base::{UtcMs, VenueId};
use crate::conduct::Actor;
use crate::meeting::after::Freeze;

/// A page tells every 25 seconds and when it goes; one that is opened anew a few times is heard, too.
const BURST: f64 = 4.0;
const PER_SECOND: f64 = 0.1;

#[derive(Debug, Clone)]
pub struct Freezes {
    told: mpsc::Sender<Freeze>,
    allowance: Arc<Mutex<Allowance>>,
}

impl Freezes {
    pub fn new() -> (Self, mpsc::Receiver<Freeze>) {
        let (told, heard) = mpsc::channel(WAITING);
        (Self { told, allowance: Arc::new(Mutex::new(Allowance::of(BURST, PER_SECOND))) }, heard)
    }

    pub fn tell(&self, now: UtcMs, venue: VenueId, still: Duration) -> Result<(), LiveError> {
        let mut allowance = self.allowance.lock().unwrap_or_else(PoisonError::into_inner);
        if !allowance.take(now, &Actor::Venue(venue.clone())) {
            return Err(LiveError::TooMany);
        }
        self.told.try_send(Freeze { venue, still }).map_err(|_| LiveError::TooMany)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_tells_as_it_should_is_heard_and_a_flood_is_not() {
        let (freezes, mut heard) = Freezes::new();
        let venue = |name: &str| format!("site:{name}").parse::<VenueId>().unwrap();
        let tells = |at: i64, name: &str| freezes.tell(UtcMs(at), venue(name), Duration::from_secs(1)).is_ok();
        assert!((0..100).all(|n| tells(n * 25_000, "a")), "every 25 seconds");
        assert_eq!((0..1_000).filter(|_| tells(2_500_000, "b")).count(), 4);
        assert!(tells(2_500_000, "a"), "another's flood is not its own");
        let mut of_a = 0;
        while let Ok(freeze) = heard.try_recv() {
            of_a += usize::from(freeze.venue == venue("a"));
        }
        assert_eq!(of_a, 101);
    }
}
