//! The datagrams that were sent last in a handshake, and when they leave again (RFC 6347 4.2.4).

use std::time::{Duration, Instant};

const FIRST_REPEAT: Duration = Duration::from_millis(200);
const LAST_REPEAT: Duration = Duration::from_secs(3);
/// The client's own repeats are answered no faster: half of the shortest interval in use (Chromium's 50 ms).
const BETWEEN_REPEATS: Duration = Duration::from_millis(25);
/// Answers to a client's repeats, and by the timer, for one handshake. An attacker who can forge the path gets no more out of it.
const MAX_REPEATS: u32 = 40;

#[derive(Debug, Default)]
pub(super) struct Flight {
    datagrams: Vec<Vec<u8>>,
    sent: Option<Instant>,
    /// `None` when nothing is waited for.
    due: Option<Instant>,
    interval: Duration,
    repeats: u32,
}

impl Flight {
    /// A new flight takes the place of the one that was answered by what brought it about.
    pub fn replace(&mut self, now: Instant, datagrams: Vec<Vec<u8>>) {
        *self = Flight { datagrams, sent: Some(now), due: Some(now + FIRST_REPEAT), interval: FIRST_REPEAT, repeats: self.repeats };
    }

    /// The other side has answered for good; its repeats are answered still.
    pub fn rest(&mut self) {
        self.due = None;
    }

    /// The other side repeats itself: it has not seen all of the flight.
    pub fn repeat(&mut self, now: Instant) -> &[Vec<u8>] {
        let is_soon = self.sent.is_some_and(|sent| now.saturating_duration_since(sent) < BETWEEN_REPEATS);
        if is_soon || self.repeats >= MAX_REPEATS {
            return &[];
        }
        self.repeats += 1;
        self.sent = Some(now);
        &self.datagrams
    }

    /// The other side is silent.
    pub fn repeat_if_due(&mut self, now: Instant) -> &[Vec<u8>] {
        if self.due.is_none_or(|due| due > now) {
            return &[];
        }
        self.interval = (self.interval * 2).min(LAST_REPEAT);
        self.due = Some(now + self.interval);
        self.repeat(now)
    }

    pub fn due(&self) -> Option<Instant> {
        self.due
    }
}
