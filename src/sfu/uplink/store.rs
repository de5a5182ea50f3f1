//! The packets of one layer, kept for a while and shared by all subscribers: what they get, and get again, is written from here.

use std::time::Instant;

use crate::sfu::codec::{Codec, Picture};

/// What a packet is, apart from its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    /// The publisher's sequence number, unwrapped.
    pub sequence: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub codec: Codec,
    pub picture: Picture,
    /// The id and the base layer's index of a VP8 picture (RFC 7741 section 4.2), which must be renumbered.
    pub vp8: Option<(u16, u8)>,
    pub arrived: Instant,
    /// The header extensions that go on to subscribers.
    pub orientation: Option<u8>,
    pub audio_level: Option<u8>,
    /// So many of the kept bytes are the AV1 dependency descriptor; the payload follows.
    pub descriptor_len: u16,
}

#[derive(Debug)]
struct Slot {
    stored: Option<Stored>,
    bytes: Vec<u8>,
}

/// A ring of packets by their sequence number. It grows to what the track needs, up to its limit, and its slots' memory is used again.
#[derive(Debug)]
pub struct Store {
    slots: Vec<Slot>,
    limit: usize,
}

const FIRST_SLOTS: usize = 32;

impl Store {
    /// `limit` is rounded up to a power of two.
    pub fn new(limit: usize) -> Self {
        Self { slots: Vec::new(), limit: limit.next_power_of_two().max(FIRST_SLOTS) }
    }

    pub fn put(&mut self, stored: Stored, descriptor: &[u8], payload: &[u8]) {
        self.make_room(&stored);
        let at = self.place(stored.sequence);
        let Some(slot) = self.slots.get_mut(at) else { return };
        slot.bytes.clear();
        slot.bytes.extend_from_slice(descriptor);
        slot.bytes.extend_from_slice(payload);
        slot.stored = Some(stored);
    }

    /// The packet, its dependency descriptor and its payload, if it is still there.
    pub fn get(&self, sequence: u64) -> Option<(&Stored, &[u8], &[u8])> {
        let slot = self.slots.get(self.place(sequence))?;
        let stored = slot.stored.as_ref().filter(|stored| stored.sequence == sequence)?;
        let (descriptor, payload) = slot.bytes.split_at_checked(usize::from(stored.descriptor_len))?;
        Some((stored, descriptor, payload))
    }

    /// Memory that is held, for the tests of its bounds and for the report.
    pub fn held_bytes(&self) -> usize {
        self.slots.iter().map(|slot| slot.bytes.capacity() + size_of::<Slot>()).sum()
    }

    /// Grows while what would be overwritten is younger than a repair may take.
    fn make_room(&mut self, stored: &Stored) {
        if self.slots.is_empty() {
            self.slots.resize_with(FIRST_SLOTS, || Slot { stored: None, bytes: Vec::new() });
            return;
        }
        let is_young = |old: &Stored| stored.arrived.saturating_duration_since(old.arrived) < super::REPAIRABLE;
        while self.slots.len() < self.limit
            && self
                .slots
                .get(self.place(stored.sequence))
                .and_then(|slot| slot.stored.as_ref())
                .is_some_and(|old| old.sequence != stored.sequence && is_young(old))
        {
            let held = std::mem::take(&mut self.slots);
            self.slots.resize_with(held.len() * 2, || Slot { stored: None, bytes: Vec::new() });
            for slot in held {
                let Some(kept) = &slot.stored else { continue };
                let at = self.place(kept.sequence);
                if let Some(place) = self.slots.get_mut(at) {
                    *place = slot;
                }
            }
        }
    }

    fn place(&self, sequence: u64) -> usize {
        // The length is a power of two, or zero.
        sequence as usize & self.slots.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn stored(sequence: u64, arrived: Instant) -> Stored {
        Stored {
            sequence,
            timestamp: 0,
            marker: false,
            codec: Codec::Vp8,
            picture: Picture::default(),
            vp8: None,
            arrived,
            orientation: None,
            audio_level: None,
            descriptor_len: 1,
        }
    }

    #[test]
    fn a_fast_track_is_kept_long_enough_for_repairs_and_no_longer() {
        let start = Instant::now();
        let mut store = Store::new(1024);
        for n in 0..5_000_u64 {
            store.put(stored(n, start + Duration::from_millis(4 * n)), b"d", &n.to_be_bytes());
        }
        let (newest, descriptor, payload) = store.get(4_999).unwrap();
        assert_eq!((newest.sequence, descriptor, payload), (4_999, &b"d"[..], &4_999_u64.to_be_bytes()[..]));
        assert!(store.get(4_999 - 200).is_some(), "800 ms ago");
        assert!(store.get(3_000).is_none());
        assert!(store.held_bytes() < 1024 * 200);
    }

    #[test]
    fn a_slow_track_stays_small() {
        let start = Instant::now();
        let mut store = Store::new(1024);
        for n in 0..1_000_u64 {
            store.put(stored(n, start + Duration::from_millis(200 * n)), b"d", b"x");
        }
        assert_eq!(store.slots.len(), FIRST_SLOTS);
    }
}
