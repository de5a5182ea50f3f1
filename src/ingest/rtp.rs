//! RTP (RFC 3550) as it carries transport streams (RFC 2250): the header, and the window that puts packets back in order. Pure.

use std::collections::BTreeMap;

use crate::base::UtcMs;

/// The static payload type of MPEG-2 transport streams (RFC 3551, table 5).
pub const PAYLOAD_TYPE_MP2T: u8 = 33;

/// What the fixed header says (RFC 3550, 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

impl Header {
    /// The header and the payload, without CSRCs, extension and padding; `None` where the bytes are no RTP packet.
    pub fn parse(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (fixed, _) = bytes.split_first_chunk::<12>()?;
        if fixed[0] >> 6 != 2 {
            return None;
        }
        let mut start = 12 + 4 * usize::from(fixed[0] & 0x0f);
        if fixed[0] & 0x10 != 0 {
            let words = bytes.get(start + 2..start + 4)?;
            start += 4 + 4 * usize::from(u16::from_be_bytes([words[0], words[1]]));
        }
        let padding = if fixed[0] & 0x20 != 0 { usize::from(*bytes.last()?).max(1) } else { 0 };
        let payload = bytes.get(start..bytes.len().checked_sub(padding)?)?;
        let header = Self {
            payload_type: fixed[1] & 0x7f,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        };
        Some((header, payload))
    }
}

/// A jump of the sequence further than this is a sender that began anew (RFC 3550, A.1).
const MAX_DROPOUT: i64 = 3000;
/// How far back a packet is known to be late or a duplicate rather than a new beginning; also the width of `delivered`.
const MAX_MISORDER: i64 = 128;

/// Puts packets in order: one that arrives early is held back until those before it are there, are given up (the window is full or too old), or the sender
/// began anew. Each packet is given on once at most.
#[derive(Debug)]
pub struct Window {
    max_packets: usize,
    max_milliseconds: i64,
    ssrc: u32,
    /// The next sequence number, extended beyond 16 bits; `None` before the first packet.
    next: Option<i64>,
    /// Bit n: the packet `next - 1 - n` was given on.
    delivered: u128,
    held: BTreeMap<i64, Held>,
    /// A packet far from the others or of another sender: believed when a second one follows it.
    odd: Option<(Header, Held)>,
    counts: Counts,
}

#[derive(Debug)]
struct Held {
    payload: Vec<u8>,
    at: UtcMs,
}

/// What became of the packets that were not given on, since the counts were last taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sequence numbers given up.
    pub lost: u64,
    /// Arrived after they had been given up (each is counted in `lost` as well).
    pub late: u64,
    pub duplicates: u64,
    /// Packets of a second sender, or far out of sequence.
    pub foreign: u64,
    /// The sender began anew.
    pub restarts: u64,
}

impl Window {
    pub fn new(max_packets: usize, max_milliseconds: u64) -> Self {
        Self {
            max_packets,
            max_milliseconds: max_milliseconds.min(60_000) as i64,
            ssrc: 0,
            next: None,
            delivered: 0,
            held: BTreeMap::new(),
            odd: None,
            counts: Counts::default(),
        }
    }

    /// Takes a packet; gives on what is in order now, each with the time of its own arrival.
    pub fn push(&mut self, header: &Header, payload: &[u8], at: UtcMs, give: &mut impl FnMut(&[u8], UtcMs)) {
        let Some(next) = self.next else { return self.begin(header, payload, at, give) };
        let ahead = distance(next, header.sequence);
        if header.ssrc != self.ssrc || !(-MAX_MISORDER..=MAX_DROPOUT).contains(&ahead) {
            return self.odd_one(header, payload, at, give);
        }
        if ahead < 0 {
            return self.behind(ahead);
        }
        self.odd = None;
        if ahead == 0 {
            give(payload, at);
            self.passed(true);
            self.drain(give);
        } else if self.held.insert(next + ahead, Held { payload: payload.to_vec(), at }).is_some() {
            self.counts.duplicates += 1;
        }
        self.expire(at, give);
    }

    /// Gives up what has been waited for too long at `now`.
    pub fn expire(&mut self, now: UtcMs, give: &mut impl FnMut(&[u8], UtcMs)) {
        while let Some((_, oldest)) = self.held.first_key_value() {
            if self.held.len() <= self.max_packets && now - oldest.at <= self.max_milliseconds {
                break;
            }
            self.skip_to_held();
            self.drain(give);
        }
    }

    /// The counts since they were last taken.
    pub fn take_counts(&mut self) -> Counts {
        std::mem::take(&mut self.counts)
    }

    fn begin(&mut self, header: &Header, payload: &[u8], at: UtcMs, give: &mut impl FnMut(&[u8], UtcMs)) {
        self.ssrc = header.ssrc;
        self.next = Some(i64::from(header.sequence) + 1);
        // What came before the first packet is not missed; a packet from there is treated as a duplicate.
        self.delivered = u128::MAX;
        give(payload, at);
    }

    fn behind(&mut self, ahead: i64) {
        match self.delivered >> (-ahead - 1) & 1 {
            1 => self.counts.duplicates += 1,
            _ => self.counts.late += 1,
        }
    }

    /// A sender that begins anew is believed at its second packet, so that a stray packet disturbs nothing.
    fn odd_one(&mut self, header: &Header, payload: &[u8], at: UtcMs, give: &mut impl FnMut(&[u8], UtcMs)) {
        let held = Held { payload: payload.to_vec(), at };
        let Some((first, first_held)) =
            self.odd.take_if(|(odd, _)| odd.ssrc == header.ssrc && (1..=MAX_MISORDER).contains(&distance(i64::from(odd.sequence), header.sequence)))
        else {
            self.counts.foreign += 1;
            self.odd = Some((*header, held));
            return;
        };
        while !self.held.is_empty() {
            self.skip_to_held();
            self.drain(give);
        }
        self.counts.foreign = self.counts.foreign.saturating_sub(1);
        self.counts.restarts += 1;
        self.begin(&first, &first_held.payload, first_held.at, give);
        self.push(header, payload, at, give);
    }

    fn drain(&mut self, give: &mut impl FnMut(&[u8], UtcMs)) {
        while let Some(held) = self.next.and_then(|next| self.held.remove(&next)) {
            give(&held.payload, held.at);
            self.passed(true);
        }
    }

    fn skip_to_held(&mut self) {
        let (Some(next), Some((&first, _))) = (self.next, self.held.first_key_value()) else { return };
        for _ in next..first {
            self.passed(false);
            self.counts.lost += 1;
        }
    }

    fn passed(&mut self, given: bool) {
        self.next = self.next.map(|next| next + 1);
        self.delivered = self.delivered << 1 | u128::from(given);
    }
}

/// How far `sequence` lies ahead of the extended number `next`, the shorter way round.
fn distance(next: i64, sequence: u16) -> i64 {
    i64::from(sequence.wrapping_sub(next as u16) as i16)
}

#[cfg(test)]
mod tests;
