//! One layer of a published track: an SSRC with its repairs, its packets and its statistics.

use std::time::{Duration, Instant};

use super::clock::{LayerClock, ticks};
use super::key_request::KeyRequest;
use super::losses::{Arrival, Losses};
use super::rate::Rate;
use super::store::{Store, Stored};
use crate::sfu::codec::{Codec, red};
use crate::sfu::packet::rtcp::ReportBlock;
use crate::sfu::packet::{Unwrap, ntp};

/// A layer that is silent for so long is not sent at all.
const SILENCE: Duration = Duration::from_millis(1_500);

/// What the line carries for each packet beside its payload: IP, UDP, RTP with extensions, the SRTP tag.
const HEADERS: usize = 28 + 12 + 12 + 16;

#[derive(Debug)]
pub struct Layer {
    pub rid: Option<String>,
    pub ssrc: Option<u32>,
    pub rtx_ssrc: Option<u32>,
    pub store: Store,
    pub losses: Losses,
    pub key_request: KeyRequest,
    pub clock: Option<LayerClock>,
    pub rate: Rate,
    /// The same over three seconds: a key picture does not make it another layer's price.
    pub cost: Rate<300>,
    /// What it costs with the pictures alone that all others refer to.
    pub base: Rate<300>,
    /// What sound costs without its redundancy.
    pub plain: Rate<300>,
    pub resolution: Option<(u16, u16)>,
    /// Where the last key picture began.
    pub key: Option<u64>,
    key_timestamp: u32,
    pub highest: u64,
    /// Another source took over, and nothing of it has come yet.
    is_anew: bool,
    unwrap: Unwrap,
    offset: u64,
    last_packet: Option<Instant>,
    first: Option<u64>,
    received: u64,
    jitter: Jitter,
    reported: Reported,
    last_report: Option<(u64, Instant)>,
}

/// What the last receiver report was about.
#[derive(Debug, Default, Clone, Copy)]
struct Reported {
    expected: u64,
    received: u64,
}

/// Interarrival jitter in ticks, scaled by 16 (RFC 3550 appendix A.8).
#[derive(Debug, Default, Clone, Copy)]
struct Jitter {
    transit: Option<u32>,
    scaled: u32,
}

impl Layer {
    pub fn new(rid: Option<String>, store_packets: usize) -> Self {
        Self {
            rid,
            ssrc: None,
            rtx_ssrc: None,
            store: Store::new(store_packets),
            losses: Losses::default(),
            key_request: KeyRequest::default(),
            clock: None,
            rate: Rate::default(),
            cost: Rate::default(),
            base: Rate::default(),
            plain: Rate::default(),
            resolution: None,
            key: None,
            key_timestamp: 0,
            highest: 0,
            is_anew: false,
            unwrap: Unwrap::default(),
            offset: 0,
            last_packet: None,
            first: None,
            received: 0,
            jitter: Jitter::default(),
            reported: Reported::default(),
            last_report: None,
        }
    }

    /// The source begins anew under another SSRC: its numbers go on far behind the old ones, so that nothing is mixed up. Whether there was another before.
    pub fn rebind(&mut self, ssrc: u32) -> bool {
        let is_another = self.ssrc.replace(ssrc).is_some_and(|old| old != ssrc);
        if is_another {
            // Whole turns, so that the lower 16 bits are still the publisher's number: by that it is asked for again.
            self.offset = self.highest.wrapping_add(1 << 20) & !0xffff;
            self.unwrap = Unwrap::default();
            self.losses = Losses::default();
            self.clock = None;
            self.jitter = Jitter::default();
            (self.first, self.received, self.reported) = (None, 0, Reported::default());
            self.last_report = None;
            self.is_anew = true;
        }
        is_another
    }

    pub fn unwrap(&mut self, sequence: u16) -> u64 {
        self.unwrap.push(sequence).wrapping_add(self.offset)
    }

    /// A packet with this unwrapped number came: is it wanted?
    pub fn arrived(&mut self, now: Instant, sequence: u64) -> Arrival {
        let mut arrival = self.losses.arrived(now, sequence);
        if arrival != Arrival::Duplicate {
            if std::mem::take(&mut self.is_anew) {
                arrival = Arrival::Break;
            }
            self.first.get_or_insert(sequence);
            self.received += 1;
            self.highest = self.highest.max(sequence);
            if self.last_packet.replace(now).is_some_and(|last| now.saturating_duration_since(last) >= SILENCE) {
                self.cost = Rate::default();
            }
        }
        arrival
    }

    pub fn keep(&mut self, stored: Stored, descriptor: &[u8], payload: &[u8], rate_hz: u32, origin: Instant) {
        self.jitter.packet(ticks(stored.arrived.saturating_duration_since(origin), rate_hz), stored.timestamp);
        self.rate.add(stored.arrived, payload.len() + descriptor.len());
        self.cost.add(stored.arrived, payload.len() + descriptor.len() + HEADERS);
        if stored.codec == Codec::Vp8 && stored.picture.temporal == Some(0) {
            self.base.add(stored.arrived, payload.len() + HEADERS);
        }
        if stored.codec == Codec::Red {
            self.plain.add(stored.arrived, red::primary(payload).map_or(payload.len(), |block| block.data.len()) + HEADERS);
        }
        if stored.picture.resolution.is_some() {
            self.resolution = stored.picture.resolution;
        }
        if stored.picture.starts_key {
            self.note_key(&stored);
        }
        self.store.put(stored, descriptor, payload);
    }

    /// Of the packets of one key picture that can be started on, the first counts: in H.264 parameter sets stand before the picture.
    fn note_key(&mut self, stored: &Stored) {
        let is_first = match self.key {
            None => true,
            Some(key) if self.key_timestamp == stored.timestamp && key.abs_diff(stored.sequence) < 1 << 15 => stored.sequence < key,
            Some(key) => key < stored.sequence,
        };
        if is_first {
            (self.key, self.key_timestamp) = (Some(stored.sequence), stored.timestamp);
            self.key_request.came(stored.arrived);
        }
    }

    pub fn sender_report(&mut self, now: Instant, ntp: u64, timestamp: u32, rate_hz: u32) {
        self.clock = Some(LayerClock { timestamp, ntp, received: now, rate_hz });
        self.last_report = Some((ntp, now));
    }

    pub fn is_flowing(&self, now: Instant) -> bool {
        self.last_packet.is_some_and(|last| now.saturating_duration_since(last) < SILENCE)
    }

    pub fn last_packet(&self) -> Option<Instant> {
        self.last_packet
    }

    /// RFC 3550 section 6.4.1 and appendix A.3.
    pub fn report_block(&mut self, now: Instant) -> Option<ReportBlock> {
        let (ssrc, first) = (self.ssrc?, self.first?);
        let expected = self.highest.wrapping_sub(first) + 1;
        let lost = expected.saturating_sub(self.received);
        let (expected_since, received_since) = (expected.saturating_sub(self.reported.expected), self.received.saturating_sub(self.reported.received));
        self.reported = Reported { expected, received: self.received };
        let lost_since = expected_since.saturating_sub(received_since);
        Some(ReportBlock {
            ssrc,
            fraction_lost: (lost_since * 256).checked_div(expected_since).unwrap_or(0).min(255) as u8,
            cumulative_lost: lost.min(0x7f_ffff) as i32,
            // The count begins one turn up (`Unwrap`); told so, Firefox believes that 65,536 packets more came than it sent.
            extended_highest: self.highest.wrapping_sub(self.offset).wrapping_sub(1 << 16) as u32,
            jitter: self.jitter.scaled >> 4,
            last_sr: self.last_report.map_or(0, |(ntp, _)| ntp::middle(ntp)),
            delay_since_last_sr: self.last_report.map_or(0, |(_, at)| ntp::from_span(now.saturating_duration_since(at))),
        })
    }

    /// Packets that never came, of those expected.
    pub fn lost(&self) -> (u64, u64) {
        let expected = self.first.map_or(0, |first| self.highest.wrapping_sub(first) + 1);
        (expected.saturating_sub(self.received), expected)
    }

    pub fn jitter_ticks(&self) -> u32 {
        self.jitter.scaled >> 4
    }
}

impl Jitter {
    fn packet(&mut self, arrived_ticks: u32, timestamp: u32) {
        let transit = arrived_ticks.wrapping_sub(timestamp);
        if let Some(last) = self.transit.replace(transit) {
            let step = (transit.wrapping_sub(last) as i32).unsigned_abs();
            // A time stamp that jumps is no jitter.
            if step < 90_000 * 2 {
                self.scaled = self.scaled + step - ((self.scaled + 8) >> 4);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_count_turns_from_the_first_packet() {
        let now = Instant::now();
        let mut layer = Layer::new(None, 64);
        let told = |layer: &mut Layer, ssrc, numbers: &[u16]| {
            layer.rebind(ssrc);
            for number in numbers {
                let sequence = layer.unwrap(*number);
                layer.arrived(now, sequence);
            }
            layer.report_block(now).map(|block| (block.ssrc, block.extended_highest, block.cumulative_lost))
        };
        assert_eq!(told(&mut layer, 7, &[0xfffd, 0xfffe]), Some((7, 0xfffe, 0)));
        assert_eq!(told(&mut layer, 7, &[0xffff, 0, 2]), Some((7, 0x1_0002, 1)), "the second turn");
        assert_eq!(told(&mut layer, 8, &[30_000]), Some((8, 30_000, 0)), "another source counts anew");
    }
}
