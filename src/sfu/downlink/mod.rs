//! A track as one subscriber gets it: one layer at a time, switched at key pictures, renumbered without gaps.

mod numbers;
mod sent;
mod still;
#[cfg(test)]
mod tests;

use std::time::Instant;

pub use numbers::{Last, Numbers, Renumbering};
pub use sent::{Sent, SentRing};
pub use still::Still;

use super::codec::{Codec, Kind};
use super::packet::{ExtensionIds, is_newer};
use super::uplink::{Arrival, Stored, Uplink, ticks};

/// What a subscriber calls a codec, and its repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownPayload {
    pub codec: Codec,
    pub payload_type: u8,
    pub rtx: Option<u8>,
}

#[derive(Debug)]
pub struct Downlink {
    /// The place of its uplink.
    pub uplink: usize,
    pub kind: Kind,
    pub ssrc: u32,
    pub rtx_ssrc: Option<u32>,
    pub payloads: Vec<DownPayload>,
    pub extensions: ExtensionIds,
    pub rtx_sequence: u16,
    pub sent: SentRing,
    pub packets: u32,
    pub octets: u32,
    /// What the line allows of what the subscriber wants; None: paused.
    pub target: Option<usize>,
    /// Temporal layers above this are left out.
    pub max_temporal: u8,
    /// The line carries fewer pictures a second only.
    pub is_thinned: bool,
    /// The line carries no moving picture.
    pub still: Option<Still>,
    /// Sound is given without its redundancy (RFC 2198): on a thin line it costs more than it saves.
    pub is_plain: bool,
    pub reported_at: Option<Instant>,
    /// When the newest packet came from the publisher, and its time stamp downstream.
    pub last_wall: Option<(Instant, u32)>,
    /// The layer of that packet, if the publisher's clock there is still the same.
    last_layer: Option<usize>,
    /// The newest number under which a packet left.
    left: Option<u16>,
    /// Under which number the newest key picture that a layer began with went out.
    begun: Option<u16>,
    current: Option<usize>,
    temporal: u8,
    renumbering: Renumbering,
}

/// What a downlink makes of a packet of its uplink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It goes out under this number.
    Take(u16),
    /// It goes out, and with it begins a layer: later packets of it that are here already follow.
    Begin(u16),
    Leave,
}

/// A repair's horizon of video, in packets.
const SENT_VIDEO: usize = 1_024;
const SENT_AUDIO: usize = 64;
/// A picture that waited longer than this for the line is no longer of use; the next key picture is.
const STALE_MS: u32 = 2_000;
/// Stills come slowly.
const STALE_STILL_MS: u32 = 15_000;

impl Downlink {
    pub fn new(now: Instant, uplink: usize, kind: Kind, ssrc: u32, rtx_ssrc: Option<u32>, seed: u32) -> Self {
        let sent = if kind == Kind::Video { SENT_VIDEO } else { SENT_AUDIO };
        Self {
            uplink,
            kind,
            ssrc,
            rtx_ssrc,
            payloads: Vec::new(),
            extensions: ExtensionIds::default(),
            rtx_sequence: (seed >> 8) as u16,
            sent: SentRing::new(now, sent),
            packets: 0,
            octets: 0,
            target: None,
            max_temporal: u8::MAX,
            is_thinned: false,
            still: None,
            is_plain: false,
            reported_at: None,
            last_wall: None,
            last_layer: None,
            left: None,
            begun: None,
            current: None,
            temporal: u8::MAX,
            renumbering: Renumbering::new(seed as u16 & 0x7fff, seed),
        }
    }

    pub fn current(&self) -> Option<usize> {
        self.current
    }

    /// The newest number of the publisher that was forwarded or left out, in the current layer.
    pub fn highest(&self) -> u64 {
        self.renumbering.highest()
    }

    pub fn last_timestamp(&self) -> u32 {
        self.renumbering.last().timestamp
    }

    /// The publisher's time stamps minus the subscriber's.
    pub fn timestamp_offset(&self) -> u32 {
        self.renumbering.timestamp_offset()
    }

    /// The layer whose key picture is waited for.
    pub fn awaited(&self) -> Option<usize> {
        self.target.filter(|_| self.kind == Kind::Video && self.target != self.current)
    }

    pub fn payload(&self, codec: Codec) -> Option<DownPayload> {
        self.payloads.iter().find(|payload| payload.codec == codec).copied()
    }

    pub fn pause(&mut self) {
        self.target = None;
        self.current = None;
    }

    /// The line carries no moving picture: stills of this layer, with so much of the line.
    pub fn stand(&mut self, now: Instant, layer: Option<usize>, spare_bps: u64) {
        if self.still.is_none() {
            self.still = Some(Still::new(now, self.last_wall.is_some(), spare_bps));
            self.pause();
        }
        if let Some(still) = &mut self.still {
            still.spare_bps = spare_bps;
            self.target = layer.filter(|_| still.is_open(now));
        }
    }

    /// How long a packet of it may wait for the line, in ms.
    pub fn patience_ms(&self) -> u32 {
        if self.still.is_some() { STALE_STILL_MS } else { STALE_MS }
    }

    /// The current layer ended, or broke: it begins again with a key picture.
    pub fn lose(&mut self) {
        self.current = None;
    }

    /// A packet left under this number.
    pub fn left(&mut self, number: u16) {
        if self.left.is_none_or(|left| is_newer(number, left)) {
            self.left = Some(number);
        }
    }

    /// Whether a repair of this number is of use. What stands before the picture that the present layer began with is not, and not what a layer still sends that
    /// is too much for the line: its repairs would stand in the way of the one that fits.
    pub fn repairs(&self, number: u16) -> bool {
        let is_before = self.begun.is_some_and(|begun| is_newer(begun, number));
        let is_too_much = self.awaited().is_some_and(|awaited| self.current.is_none_or(|current| awaited < current));
        self.kind == Kind::Audio || !(is_before || is_too_much)
    }

    pub fn newest_left(&self) -> Option<u16> {
        self.left
    }

    /// What did not leave yet never will. The stream begins again with a key picture, under the numbers that were not used: a number that was used is never used
    /// again, for a second packet with the same nonce would give the key away (RFC 7714 section 8.1).
    pub fn take_back(&mut self) {
        if let Some(left) = self.left {
            let before = self.sent.get(left).map(|sent| Last { timestamp: sent.timestamp, picture_id: sent.picture_id, tl0: sent.tl0 });
            self.renumbering.take_back(left, before);
        }
        self.current = None;
    }

    /// A packet of this layer may be the beginning of it, lower than what is sent now.
    pub fn steps_down(&self, layer: usize, stored: &Stored) -> bool {
        stored.picture.starts_key && self.awaited() == Some(layer) && self.current.is_some_and(|current| layer < current)
    }

    /// A new packet of the uplink's layer. An empty one was padding.
    pub fn consider(&mut self, now: Instant, uplink: &Uplink, layer: usize, stored: &Stored, is_empty: bool, arrival: Arrival) -> Verdict {
        let Some(target) = self.target else { return Verdict::Leave };
        if self.current == Some(layer)
            && let Some(still) = &mut self.still
            && !still.is_of(stored)
        {
            if stored.sequence > self.renumbering.highest() {
                still.end(now);
                self.pause();
            }
            return Verdict::Leave;
        }
        if self.current != Some(layer) || arrival == Arrival::Break {
            return self.consider_beginning(now, uplink, layer, target, stored, is_empty, arrival);
        }
        if is_empty || self.is_too_fast(stored) {
            self.renumbering.leave_out(stored);
            return Verdict::Leave;
        }
        match self.renumbering.take(stored) {
            Some(numbers) => Verdict::Take(self.note(now, layer, stored, numbers)),
            None => Verdict::Leave,
        }
    }

    #[allow(clippy::too_many_arguments)] // One decision, and all that it rests on.
    fn consider_beginning(&mut self, now: Instant, uplink: &Uplink, layer: usize, target: usize, stored: &Stored, is_empty: bool, arrival: Arrival) -> Verdict {
        if self.current == Some(layer) && arrival == Arrival::Break && self.kind == Kind::Video {
            self.current = None;
        }
        if arrival == Arrival::Break && self.last_layer == Some(layer) {
            self.last_layer = None;
        }
        // While nothing is shown, a lower layer's key picture is better than to wait for the right one's.
        let serves = layer == target || (self.current.is_none() && layer < target);
        let is_key = || uplink.layers.get(layer).is_some_and(|layer| layer.key == Some(stored.sequence));
        let can_start = !is_empty && (self.kind == Kind::Audio || (stored.picture.starts_key && is_key()));
        if !serves || !can_start {
            return Verdict::Leave;
        }
        let timestamp = self.timestamp_of(uplink, layer, stored);
        self.renumbering.begin(stored, timestamp);
        self.current = Some(layer);
        self.temporal = self.max_temporal;
        if let Some(still) = &mut self.still {
            still.begin(stored);
        }
        match self.renumbering.take(stored) {
            Some(numbers) => {
                self.begun = Some(numbers.sequence);
                Verdict::Begin(self.note(now, layer, stored, numbers))
            }
            None => Verdict::Leave,
        }
    }

    fn note(&mut self, now: Instant, layer: usize, stored: &Stored, numbers: Numbers) -> u16 {
        if numbers.sequence == self.renumbering.newest() {
            self.last_wall = Some((stored.arrived, numbers.timestamp));
            self.last_layer = Some(layer);
        }
        let sent = Sent { uplink: stored.sequence, timestamp: numbers.timestamp, picture_id: numbers.picture_id, tl0: numbers.tl0, layer: layer as u8 };
        self.sent.put(now, numbers.sequence, sent);
        numbers.sequence
    }

    /// Leaves out higher temporal layers; goes up again only where that is safe (RFC 7741 section 4.2, Y).
    fn is_too_fast(&mut self, stored: &Stored) -> bool {
        let Some(temporal) = stored.picture.temporal.filter(|_| stored.codec == Codec::Vp8) else { return false };
        let begins = stored.picture.begins && stored.sequence > self.renumbering.highest();
        if begins && self.max_temporal < self.temporal {
            self.temporal = self.max_temporal;
        } else if begins && self.max_temporal > self.temporal && temporal <= self.max_temporal && (stored.picture.layer_sync || stored.picture.starts_key) {
            self.temporal = if stored.picture.starts_key { self.max_temporal } else { self.temporal.max(temporal) };
        }
        temporal > self.temporal
    }

    /// Where a beginning lies on the subscriber's time line: as far from the last packet as the publisher's clock says, else as the arrivals do.
    fn timestamp_of(&self, uplink: &Uplink, layer: usize, stored: &Stored) -> u32 {
        let rate_hz = uplink.clock_rate_hz();
        let Some((last_at, last)) = self.last_wall else { return self.renumbering.last().timestamp };
        let by_arrival = last.wrapping_add(ticks(stored.arrived.saturating_duration_since(last_at), rate_hz));
        let by_clock = self.ticks_by_clock(uplink, layer, stored).map(|step| last.wrapping_add_signed(step));
        // The clocks may lie; by how much is bounded by what was seen to arrive.
        let is_likely = |timestamp: &u32| (timestamp.wrapping_sub(by_arrival) as i32).unsigned_abs() < rate_hz * 2;
        let timestamp = by_clock.filter(is_likely).unwrap_or(by_arrival);
        // Never back: after what the subscriber got last.
        let least = self.renumbering.last().timestamp.wrapping_add(1);
        if (timestamp.wrapping_sub(least) as i32) < 0 { least } else { timestamp }
    }

    fn ticks_by_clock(&self, uplink: &Uplink, layer: usize, stored: &Stored) -> Option<i32> {
        let (_, last) = self.last_wall?;
        let from = uplink.layers.get(self.last_layer?)?.clock?;
        let began = from.ntp_of(last.wrapping_add(self.renumbering.timestamp_offset()));
        let begins = uplink.layers.get(layer)?.clock?.ntp_of(stored.timestamp);
        let distance = begins.wrapping_sub(began) as i64;
        i32::try_from((i128::from(distance) * i128::from(uplink.clock_rate_hz())) >> 32).ok()
    }
}
