//! Packets gathered for delivery: few wake-ups, and still the time at which each piece arrived.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

use crate::base::UtcMs;
use crate::ts::PACKET_LEN;

/// A chunk is delivered when it holds this much…
pub(super) const CHUNK_BYTES: usize = 64 << 10;
/// …or is this old.
pub(super) const CHUNK_AGE: Duration = Duration::from_millis(100);

/// Whole transport packets, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// A multiple of 188 bytes, each packet beginning with 0x47; never empty.
    pub bytes: Bytes,
    /// When the packets arrived, ascending by offset; the first has offset 0. An entry holds for the packets up to the next.
    pub arrivals: Vec<Arrival>,
    /// Lost on the way in this chunk or just before it, as far as the transport can tell: RTP packets by their sequence numbers, datagrams by the
    /// kernel's count of what the receive buffer could not hold.
    pub lost_packets: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Bytes from the chunk's beginning; a multiple of 188.
    pub offset: u32,
    /// The kernel's time stamp of the datagram; for a file the time at which its packets were due.
    pub at: UtcMs,
}

impl Chunk {
    pub fn packets(&self) -> u64 {
        (self.bytes.len() / PACKET_LEN) as u64
    }

    /// The runs of packets that arrived at one time.
    pub fn runs(&self) -> impl Iterator<Item = (UtcMs, &[u8])> {
        let ends = self.arrivals.iter().skip(1).map(|a| a.offset as usize).chain(std::iter::once(self.bytes.len()));
        self.arrivals.iter().zip(ends).map(|(a, end)| (a.at, self.bytes.get(a.offset as usize..end).unwrap_or_default()))
    }
}

/// The chunk under way.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    bytes: BytesMut,
    arrivals: Vec<Arrival>,
    lost_packets: u64,
    since: Option<Instant>,
}

impl Gatherer {
    /// Takes whole packets that arrived at one time.
    pub fn take(&mut self, packets: &[u8], at: UtcMs) {
        if self.bytes.is_empty() {
            self.bytes.reserve(CHUNK_BYTES);
            self.since = Some(Instant::now());
        }
        if self.arrivals.last().is_none_or(|last| last.at != at) {
            self.arrivals.push(Arrival { offset: self.bytes.len() as u32, at });
        }
        self.bytes.extend_from_slice(packets);
    }

    pub fn lost(&mut self, packets: u64) {
        self.lost_packets += packets;
    }

    pub fn is_full(&self) -> bool {
        // A datagram of 7 packets must still fit without growing the buffer.
        self.bytes.len() + 7 * PACKET_LEN > CHUNK_BYTES
    }

    /// From the first packet's arrival to the last one's.
    pub fn span_milliseconds(&self) -> i64 {
        self.arrivals.first().zip(self.arrivals.last()).map_or(0, |(first, last)| last.at - first.at)
    }

    pub fn is_due(&self, now: Instant) -> bool {
        self.is_full() || self.since.is_some_and(|since| now.saturating_duration_since(since) >= CHUNK_AGE)
    }

    pub fn finish(&mut self) -> Option<Chunk> {
        if self.bytes.is_empty() {
            return None;
        }
        self.since = None;
        Some(Chunk { bytes: self.bytes.split().freeze(), arrivals: std::mem::take(&mut self.arrivals), lost_packets: std::mem::take(&mut self.lost_packets) })
    }
}
