//! Where a line carries sound and no moving picture: a key picture every few seconds, and nothing after it.

use std::time::{Duration, Instant};

use crate::sfu::uplink::Stored;

/// Between two stills, as far as the line carries them.
const EVERY: Duration = Duration::from_secs(4);
const AT_MOST: Duration = Duration::from_secs(30);
/// A key picture that somebody else needed is taken so long before it is due: those on thin lines come to share them.
const EARLY: Duration = Duration::from_secs(2);
/// Of what sound leaves over, stills get so much: the rest is for what the line swings.
const SHARE_PERCENT: u64 = 33;
/// With less a still of 4 kB would take more than six seconds.
const LEAST_BPS: u64 = 5_000;
/// Of a still; a larger picture is no still that such a line could carry.
const PACKETS: usize = 64;

#[derive(Debug)]
pub struct Still {
    due: Instant,
    /// The time stamp of the picture that is taken now.
    picture: Option<u32>,
    /// Its packets: a line so thin takes longer for them than the store keeps them.
    packets: Vec<(Stored, Vec<u8>)>,
    /// Its next packet may leave (ms since the peer came).
    free_ms: u32,
    /// What sound leaves over.
    pub spare_bps: u64,
}

impl Still {
    /// Who has seen a picture keeps it for a while.
    pub fn new(now: Instant, has_picture: bool, spare_bps: u64) -> Self {
        Self { due: if has_picture { now + EVERY } else { now }, picture: None, packets: Vec::new(), free_ms: 0, spare_bps }
    }

    /// A key picture that comes now is taken.
    pub fn is_open(&self, now: Instant) -> bool {
        self.picture.is_some() || now + EARLY >= self.due
    }

    /// A key picture is asked for.
    pub fn is_due(&self, now: Instant) -> bool {
        self.picture.is_none() && now >= self.due
    }

    pub fn begin(&mut self, stored: &Stored) {
        self.picture = Some(stored.timestamp);
        self.packets.clear();
    }

    /// Whether the packet is of the picture under way.
    pub fn is_of(&self, stored: &Stored) -> bool {
        self.picture == Some(stored.timestamp)
    }

    pub fn keep(&mut self, stored: &Stored, descriptor: &[u8], payload: &[u8]) {
        if self.packets.len() < PACKETS {
            self.packets.push((*stored, [descriptor, payload].concat()));
        }
    }

    /// The packet of this number, its dependency descriptor and its payload.
    pub fn packet(&self, sequence: u64) -> Option<(&Stored, &[u8], &[u8])> {
        let (stored, bytes) = self.packets.iter().find(|(stored, _)| stored.sequence == sequence)?;
        let (descriptor, payload) = bytes.split_at_checked(usize::from(stored.descriptor_len))?;
        Some((stored, descriptor, payload))
    }

    /// Packets leave one by one: a burst would keep sound waiting, and seem to be a line that got thinner.
    pub fn is_free(&self, now_ms: u32) -> bool {
        now_ms >= self.free_ms
    }

    pub fn spent(&mut self, now_ms: u32, bytes: usize) {
        self.free_ms = now_ms + self.taken(bytes as u64).as_millis() as u32;
    }

    /// The picture is whole; the next one comes when the line has had time for this one.
    pub fn end(&mut self, now: Instant) {
        let bytes = self.packets.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        (self.due, self.picture) = (now + self.taken(bytes).clamp(EVERY, AT_MOST), None);
    }

    /// How long so much is under way, with what is left to sound.
    fn taken(&self, bytes: u64) -> Duration {
        Duration::from_millis(bytes * 8 * 1_000 / (self.spare_bps * SHARE_PERCENT / 100).max(LEAST_BPS))
    }
}
