//! Which packet went out under which number: what a NACK asks for is found here.

use std::time::{Duration, Instant};

/// How a packet was renumbered for a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// The publisher's number, unwrapped.
    pub uplink: u64,
    pub timestamp: u32,
    pub picture_id: u16,
    pub tl0: u8,
    pub layer: u8,
}

/// 24 bytes: a subscriber has some hundreds of them.
#[derive(Debug, Clone, Copy)]
struct Slot {
    sent: Sent,
    /// Milliseconds since the ring's beginning.
    resent_ms: u32,
    number: u16,
    times: u8,
    is_free: bool,
}

const EMPTY: Slot = Slot { sent: Sent { uplink: 0, timestamp: 0, picture_id: 0, tl0: 0, layer: 0 }, resent_ms: 0, number: 0, times: 0, is_free: true };
const FIRST_SLOTS: usize = 32;
/// A repair that did not arrive so often will not.
const TIMES: u8 = 8;

/// A ring of what was sent, by the number it was sent under. It grows to its limit while a downlink is fast.
#[derive(Debug)]
pub struct SentRing {
    slots: Vec<Slot>,
    limit: usize,
    began: Instant,
    /// When the ring began its present turn, and how many it took since: for the choice to grow.
    turned: Instant,
    turn: usize,
}

impl SentRing {
    /// `limit` must be a power of two.
    pub fn new(now: Instant, limit: usize) -> Self {
        Self { slots: Vec::new(), limit, began: now, turned: now, turn: 0 }
    }

    pub fn put(&mut self, now: Instant, number: u16, sent: Sent) {
        if self.slots.is_empty() {
            self.slots = vec![EMPTY; FIRST_SLOTS.min(self.limit)];
        }
        if self.turn == self.slots.len() {
            // A turn that took less than a second is too short for repairs over a long line.
            if now.saturating_duration_since(self.turned) < Duration::from_secs(1) && self.slots.len() < self.limit {
                self.grow();
            }
            (self.turned, self.turn) = (now, 0);
        }
        self.turn += 1;
        let at = self.place(number);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot { sent, resent_ms: 0, number, times: 0, is_free: false };
        }
    }

    pub fn get(&self, number: u16) -> Option<Sent> {
        self.slots.get(self.place(number)).filter(|slot| slot.number == number && !slot.is_free).map(|slot| slot.sent)
    }

    /// What to send again, unless it was just now, or too often.
    pub fn again(&mut self, now: Instant, number: u16, rtt: Duration) -> Option<Sent> {
        let ms = now.saturating_duration_since(self.began).as_millis() as u32;
        let at = self.place(number);
        let slot = self.slots.get_mut(at).filter(|slot| slot.number == number && !slot.is_free)?;
        let pause = rtt.as_millis().clamp(10, 200) as u32;
        if slot.times >= TIMES || (slot.times > 0 && ms.wrapping_sub(slot.resent_ms) < pause) {
            return None;
        }
        slot.times += 1;
        slot.resent_ms = ms;
        Some(slot.sent)
    }

    /// Memory that is held, for the tests of its bounds.
    #[cfg(test)]
    pub fn held_bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    fn grow(&mut self) {
        let held = std::mem::take(&mut self.slots);
        self.slots = vec![EMPTY; held.len() * 2];
        for slot in held.into_iter().filter(|slot| !slot.is_free) {
            let at = self.place(slot.number);
            if let Some(place) = self.slots.get_mut(at) {
                *place = slot;
            }
        }
    }

    fn place(&self, number: u16) -> usize {
        usize::from(number) & self.slots.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RTT: Duration = Duration::from_millis(50);

    fn sent(uplink: u64) -> Sent {
        Sent { uplink, timestamp: 0, picture_id: 0, tl0: 0, layer: 0 }
    }

    #[test]
    fn a_repair_is_not_sent_twice_within_a_round_trip_nor_for_ever() {
        let start = Instant::now();
        let mut ring = SentRing::new(start, 256);
        ring.put(start, 7, sent(1_007));
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(ring.again(at(10), 7, RTT), Some(sent(1_007)));
        assert_eq!(ring.again(at(30), 7, RTT), None);
        let again = (1..100).filter(|n| ring.again(at(10 + 60 * n), 7, RTT).is_some());
        assert_eq!(again.count(), 7);
        assert_eq!(ring.again(at(0), 8, RTT), None, "never sent");
    }

    #[test]
    fn it_holds_a_second_of_a_fast_downlink_over_the_wrap() {
        let start = Instant::now();
        let mut ring = SentRing::new(start, 1_024);
        for n in 0..3_000_u64 {
            ring.put(start + Duration::from_millis(3 * n), 64_000_u16.wrapping_add(n as u16), sent(n));
        }
        assert_eq!(ring.slots.len(), 512);
        assert_eq!(ring.get(64_000_u16.wrapping_add(2_700)), Some(sent(2_700)));
        assert_eq!(ring.get(64_000_u16.wrapping_add(2_000)), None);
    }
}
