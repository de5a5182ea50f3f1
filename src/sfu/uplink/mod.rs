//! A track as its publisher sends it: layers, the packets they came in, and who is given them.

mod clock;
mod key_request;
mod layer;
mod losses;
mod rate;
mod store;

use std::time::{Duration, Instant};

pub use clock::{LayerClock, WallClock, ticks};
pub use layer::Layer;
pub use losses::Arrival;
pub use rate::Rate;
pub use store::Stored;

use super::codec::{Codec, Kind, Picture, describe, vp8};
use super::packet::{AudioLevel, Extension, ExtensionIds, Rtp, orientation};
use super::{RelayId, TrackId};

/// A repair that comes later than this is of no use to anybody.
const REPAIRABLE: Duration = Duration::from_secs(1);
/// How much later than its siblings' newest packet a layer's may be.
const BEHIND: Duration = Duration::from_millis(700);
const KNOWN: Duration = Duration::from_secs(1);
/// Packets of a layer that are kept at most: a second of about 10 Mb/s, and sound's 20 s.
const VIDEO_PACKETS: usize = 1_024;
const AUDIO_PACKETS: usize = 64;

/// A payload type of the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    pub payload_type: u8,
    pub codec: Codec,
    /// Under which its retransmissions come (RFC 4588).
    pub rtx: Option<u8>,
}

#[derive(Debug)]
pub struct Uplink {
    pub id: TrackId,
    pub kind: Kind,
    pub source: Source,
    pub mid: Option<String>,
    pub payloads: Vec<Payload>,
    pub extensions: ExtensionIds,
    /// Lowest first.
    pub layers: Vec<Layer>,
    /// Peer and downlink, by their places.
    pub subscribers: Vec<(usize, usize)>,
    /// Threads that mirror it, and the highest layer that is of use there.
    pub relays: Vec<(RelayId, usize)>,
    pub level: Option<AudioLevel>,
    pub is_muted: bool,
    /// The highest layer that anybody takes, as it was told last.
    pub wanted: Option<Option<usize>>,
    /// What came last.
    pub codec: Option<Codec>,
    /// Told to the room once.
    pub has_started: bool,
}

/// Where a track comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// The peer that sends it, by its place.
    Peer(usize),
    /// Another thread, with its publisher's clock.
    Relay(WallClock),
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Kept { sequence: u64, arrival: Arrival },
    Refused(Refusal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Duplicate,
    PayloadType,
    /// A retransmission of nothing: it probes the line.
    Probe,
}

impl Uplink {
    pub fn new(id: TrackId, source: Source, kind: Kind, rids: &[Option<String>]) -> Self {
        let packets = if kind == Kind::Video { VIDEO_PACKETS } else { AUDIO_PACKETS };
        Self {
            id,
            kind,
            source,
            mid: None,
            payloads: Vec::new(),
            extensions: ExtensionIds::default(),
            layers: rids.iter().map(|rid| Layer::new(rid.clone(), packets)).collect(),
            subscribers: Vec::new(),
            relays: Vec::new(),
            level: None,
            is_muted: false,
            wanted: None,
            codec: None,
            has_started: false,
        }
    }

    pub fn clock_rate_hz(&self) -> u32 {
        match self.kind {
            Kind::Audio => 48_000,
            Kind::Video => 90_000,
        }
    }

    /// Takes a packet of a layer; a retransmission is given with what it says it repairs. `origin` is any moment before all packets.
    pub fn take(&mut self, now: Instant, origin: Instant, layer: usize, rtp: &Rtp<'_>, is_repair: bool) -> Taken {
        let rate_hz = self.clock_rate_hz();
        let (payload_type, sequence, payload) = match is_repair {
            false => (rtp.payload_type(), rtp.sequence(), rtp.payload()),
            true => {
                // The original sequence number comes first (RFC 4588 section 4).
                let Some((original, payload)) = rtp.payload().split_first_chunk::<2>() else { return Taken::Refused(Refusal::Probe) };
                let Some(repaired) = self.payloads.iter().find(|payload| payload.rtx == Some(rtp.payload_type())) else {
                    return Taken::Refused(Refusal::PayloadType);
                };
                (repaired.payload_type, u16::from_be_bytes(*original), payload)
            }
        };
        let Some(codec) = self.payloads.iter().find(|each| each.payload_type == payload_type).map(|each| each.codec) else {
            return Taken::Refused(Refusal::PayloadType);
        };
        let Some(layer) = self.layers.get_mut(layer) else { return Taken::Refused(Refusal::PayloadType) };
        let sequence = layer.unwrap(sequence);
        let arrival = layer.arrived(now, sequence);
        if arrival == Arrival::Duplicate {
            return Taken::Refused(Refusal::Duplicate);
        }
        let value = |extension| self.extensions.get(extension).and_then(|id| rtp.extension(id));
        let level = value(Extension::AudioLevel).and_then(AudioLevel::read);
        let descriptor = if self.kind == Kind::Video { value(Extension::DependencyDescriptor).unwrap_or_default() } else { &[] };
        let stored = Stored {
            sequence,
            timestamp: rtp.timestamp(),
            marker: rtp.marker(),
            codec,
            picture: if payload.is_empty() { Picture::default() } else { describe(codec, payload) },
            vp8: (codec == Codec::Vp8).then(|| vp8::Descriptor::parse(payload).ok()).flatten().and_then(|d| Some((d.picture_id?, d.tl0.unwrap_or(0)))),
            arrived: now,
            orientation: value(Extension::VideoOrientation).and_then(orientation::read),
            audio_level: level.map(|level| level.bytes()[0]),
            descriptor_len: descriptor.len() as u16,
        };
        if level.is_some() {
            self.level = level;
        }
        if !payload.is_empty() {
            self.codec = Some(codec);
        }
        layer.keep(stored, descriptor, payload, rate_hz, origin);
        Taken::Kept { sequence, arrival }
    }

    /// What the lowest layer that flows costs with its lowest temporal layer alone; None where it has no others.
    pub fn thinned_bps(&mut self, now: Instant) -> Option<u64> {
        let layer = self.layers.iter_mut().find(|layer| layer.is_flowing(now))?;
        let (base, all) = (layer.base.bps(now), layer.cost.bps(now));
        (base > 0 && base * 10 < all * 8).then_some(base)
    }

    /// What sound costs without its redundancy, if it has any.
    pub fn plain_bps(&mut self, now: Instant) -> u64 {
        let Some(layer) = self.layers.first_mut() else { return 0 };
        if self.codec == Some(Codec::Red) { layer.plain.bps(now) } else { layer.cost.bps(now) }
    }

    /// The layers that can be given now, with what they cost. A layer above the lowest is known when it flowed for a second: before, a key picture would make it
    /// seem dear, or its first packets cheap.
    pub fn costs(&mut self, now: Instant) -> [Option<u64>; super::LAYERS] {
        let newest = self.layers.iter().filter_map(Layer::last_packet).max();
        let mut costs = [None; super::LAYERS];
        let mut is_lowest = true;
        for (cost, layer) in costs.iter_mut().zip(&mut self.layers) {
            // Layers are of one source: where others have pictures and one has none for long, it was switched off.
            let is_behind = newest.zip(layer.last_packet()).is_some_and(|(newest, last)| newest.saturating_duration_since(last) > BEHIND);
            if !is_behind && layer.is_flowing(now) && (is_lowest || layer.cost.has_flowed(now, KNOWN)) {
                *cost = Some(layer.cost.bps(now));
                is_lowest = false;
            }
        }
        costs
    }
}
