//! What of a layer has not come: asked for again in time, given up when it is too late.

use std::time::{Duration, Instant};

/// Reordering on real lines settles within this; a repair asked for at once would often come twice.
const PATIENCE: Duration = Duration::from_millis(10);
const ATTEMPTS: u8 = 10;
/// More missing at once than this is no loss but a break: a key frame mends it.
const MISSING: usize = 512;

#[derive(Debug, Clone, Copy)]
struct Missing {
    sequence: u64,
    since: Instant,
    asked: u8,
    asked_at: Option<Instant>,
}

/// The sequence numbers of one layer, as they come and as they are missed (RFC 4585 section 6.2.1).
#[derive(Debug, Default)]
pub struct Losses {
    highest: Option<u64>,
    missing: Vec<Missing>,
    /// Whether each of the last 128 came: bit 0 is the highest.
    seen: u128,
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    New,
    /// After later ones: late, or repaired.
    Late,
    /// It was here already, or is older than anything that is remembered.
    Duplicate,
    /// So much is missing before it that it is a new beginning.
    Break,
}

impl Losses {
    pub fn arrived(&mut self, now: Instant, sequence: u64) -> Arrival {
        let Some(highest) = self.highest else {
            self.highest = Some(sequence);
            self.seen = 1;
            return Arrival::New;
        };
        if sequence <= highest {
            return self.late(highest - sequence, sequence);
        }
        let gap = sequence - highest;
        self.highest = Some(sequence);
        self.seen = if gap < 128 { self.seen << gap | 1 } else { 1 };
        if self.missing.len() as u64 + gap > MISSING as u64 {
            self.missing.clear();
            return Arrival::Break;
        }
        self.missing.extend((highest + 1..sequence).map(|sequence| Missing { sequence, since: now, asked: 0, asked_at: None }));
        Arrival::New
    }

    fn late(&mut self, behind: u64, sequence: u64) -> Arrival {
        if behind < 128 {
            if self.seen >> behind & 1 == 1 {
                return Arrival::Duplicate;
            }
            self.seen |= 1 << behind;
            self.missing.retain(|missing| missing.sequence != sequence);
            return Arrival::Late;
        }
        let missed = self.missing.len();
        self.missing.retain(|missing| missing.sequence != sequence);
        if self.missing.len() < missed { Arrival::Late } else { Arrival::Duplicate }
    }

    /// What to ask for now, ascending; and whether something was given up.
    pub fn due(&mut self, now: Instant, rtt: Duration, mut ask: impl FnMut(u64)) -> bool {
        let kept = self.missing.len();
        self.missing.retain(|missing| missing.asked < ATTEMPTS && now.saturating_duration_since(missing.since) < super::REPAIRABLE);
        let given_up = self.missing.len() < kept;
        let pause = rtt.clamp(Duration::from_millis(20), Duration::from_millis(300));
        for missing in &mut self.missing {
            let is_due = match missing.asked_at {
                None => now.saturating_duration_since(missing.since) >= PATIENCE,
                Some(at) => now.saturating_duration_since(at) >= pause,
            };
            if is_due {
                missing.asked += 1;
                missing.asked_at = Some(now);
                ask(missing.sequence);
            }
        }
        given_up
    }

    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RTT: Duration = Duration::from_millis(50);

    fn asked(losses: &mut Losses, now: Instant) -> Vec<u64> {
        let mut asked = Vec::new();
        losses.due(now, RTT, |sequence| asked.push(sequence));
        asked
    }

    #[test]
    fn what_is_missing_is_asked_for_until_it_comes_or_is_too_late() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut losses = Losses::default();
        assert_eq!(losses.arrived(at(0), 100), Arrival::New);
        assert_eq!(losses.arrived(at(1), 104), Arrival::New);
        assert_eq!(asked(&mut losses, at(5)), [0_u64; 0], "it may be reordering");
        assert_eq!(losses.arrived(at(6), 102), Arrival::Late);
        assert_eq!(asked(&mut losses, at(12)), [101, 103]);
        assert_eq!(asked(&mut losses, at(30)), [0_u64; 0], "the answer is on its way");
        assert_eq!(asked(&mut losses, at(70)), [101, 103]);
        assert_eq!(losses.arrived(at(80), 101), Arrival::Late);
        assert_eq!(losses.arrived(at(81), 101), Arrival::Duplicate);
        assert_eq!(losses.arrived(at(82), 104), Arrival::Duplicate);
        assert!(!losses.due(at(130), RTT, |sequence| assert_eq!(sequence, 103)));
        assert!(losses.due(at(2_000), RTT, |_| panic!("too late")), "given up");
        assert!(losses.is_complete());
    }

    #[test]
    fn a_break_is_not_asked_for_packet_by_packet() {
        let now = Instant::now();
        let mut losses = Losses::default();
        losses.arrived(now, 1);
        assert_eq!(losses.arrived(now, 30_000), Arrival::Break);
        assert!(losses.is_complete());
        assert_eq!(losses.arrived(now, 2), Arrival::Duplicate, "from before the break");
    }
}
