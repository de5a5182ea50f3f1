//! Packets of publishers: found out whose they are, kept, and given to every subscriber's queue.

use std::time::Instant;

use super::peer::Binding;
use super::{Event, Forward};
use crate::sfu::codec::Kind;
use crate::sfu::downlink::Verdict;
use crate::sfu::packet::{Extension, Rtp, transport_sequence};
use crate::sfu::uplink::{Arrival, Refusal, Source, Taken};

impl Forward {
    /// A plain RTP packet of a peer.
    pub fn receive_rtp(&mut self, now: Instant, place: usize, packet: &[u8]) {
        let Ok(rtp) = Rtp::parse(packet) else {
            self.counters.malformed += 1;
            return;
        };
        self.counters.received += 1;
        let Some(peer) = self.peers.get_mut(place) else { return };
        if let Some(sequence) = peer.receives.get(Extension::TransportSequence).and_then(|id| rtp.extension(id)).and_then(transport_sequence::read) {
            peer.recorder.record(now, sequence);
        }
        let Some(binding) = peer.bindings.get(&rtp.ssrc()).copied().or_else(|| self.bind(place, &rtp)) else {
            self.counters.unknown_stream += 1;
            return;
        };
        let Binding { uplink, layer, is_repair } = binding;
        if self.take(now, uplink, layer, is_repair, &rtp) {
            self.counters.repaired += u64::from(is_repair);
            self.relay_packet(uplink, layer, is_repair, packet);
        }
    }

    /// Keeps a packet and gives it to those who take it, unless it is of no use.
    pub(super) fn take(&mut self, now: Instant, at: usize, layer: usize, is_repair: bool, rtp: &Rtp<'_>) -> bool {
        let Some(uplink) = self.uplinks.get_mut(at) else { return false };
        match uplink.take(now, self.origin, layer, rtp, is_repair) {
            Taken::Kept { sequence, arrival } => {
                if !uplink.has_started
                    && let Some(codec) = uplink.codec
                {
                    uplink.has_started = true;
                    if matches!(uplink.source, Source::Peer(_)) {
                        self.events.push_back(Event::Started { track: uplink.id, codec });
                    }
                }
                self.distribute(now, at, layer, sequence, arrival);
                return true;
            }
            Taken::Refused(Refusal::Duplicate) => self.counters.duplicates += 1,
            Taken::Refused(Refusal::PayloadType) => self.counters.unknown_payload += 1,
            Taken::Refused(Refusal::Probe) => {}
        }
        false
    }

    /// Which track and layer a new SSRC is of. Rids stand on the first packets only, so what they say is kept at once.
    fn bind(&mut self, place: usize, rtp: &Rtp<'_>) -> Option<Binding> {
        let peer = self.peers.get_mut(place)?;
        let text = |extension| peer.receives.get(extension).and_then(|id| rtp.extension(id)).and_then(|value| std::str::from_utf8(value).ok());
        let (mid, rid, repaired) = (text(Extension::Mid), text(Extension::Rid), text(Extension::RepairedRid));
        let payload_type = rtp.payload_type();
        let takes = |at: usize| {
            let uplink = self.uplinks.get(at)?;
            uplink.payloads.iter().any(|payload| payload.payload_type == payload_type || payload.rtx == Some(payload_type)).then_some(uplink)
        };
        let mut found = peer.uplinks.iter().copied().filter(|at| takes(*at).is_some_and(|uplink| mid.is_none() || uplink.mid.as_deref() == mid));
        let at = found.next()?;
        // Without a name of its section, only a payload type of one track tells whose it is (RFC 9143 section 9.2).
        if mid.is_none() && found.next().is_some() {
            return None;
        }
        let uplink = self.uplinks.get(at)?;
        let is_repair = repaired.is_some() || uplink.payloads.iter().any(|payload| payload.rtx == Some(payload_type));
        let layer = match repaired.or(rid) {
            Some(name) => uplink.layers.iter().position(|layer| layer.rid.as_deref() == Some(name))?,
            None if uplink.layers.len() == 1 => 0,
            None => return None,
        };
        let binding = Binding { uplink: at, layer, is_repair };
        if peer.bindings.len() >= self.limits.streams {
            return None;
        }
        // One source per layer: an older one's name is forgotten.
        peer.bindings.retain(|_, other| *other != binding);
        peer.bind(rtp.ssrc(), binding);
        let layer = self.uplinks.get_mut(at)?.layers.get_mut(layer)?;
        if is_repair {
            layer.rtx_ssrc = Some(rtp.ssrc());
        } else if layer.rebind(rtp.ssrc()) {
            // The old source's repairs are of other numbers.
            layer.rtx_ssrc = None;
            if let Some(peer) = self.peers.get_mut(place) {
                peer.bindings.retain(|_, other| *other != Binding { is_repair: true, ..binding });
            }
        }
        Some(binding)
    }

    /// Gives a kept packet to every subscriber of its layer.
    fn distribute(&mut self, now: Instant, at: usize, layer: usize, sequence: u64, arrival: Arrival) {
        let Some(uplink) = self.uplinks.get(at) else { return };
        let Some((stored, descriptor, payload)) = uplink.layers.get(layer).and_then(|layer| layer.store.get(sequence)) else { return };
        let mut beginners = Vec::new();
        for &(place, downlink) in &uplink.subscribers {
            let Some(peer) = self.peers.get_mut(place) else { continue };
            if peer.downlinks.get(downlink).is_some_and(|down| down.steps_down(layer, stored)) {
                // What waits of the layer above is more than the line carries: the lower one does not stand behind it.
                peer.take_back(downlink);
            }
            let Some(down) = peer.downlinks.get_mut(downlink) else { continue };
            let number = match down.consider(now, uplink, layer, stored, payload.is_empty(), arrival) {
                Verdict::Take(number) => number,
                Verdict::Begin(number) => {
                    beginners.push((place, downlink));
                    number
                }
                Verdict::Leave => continue,
            };
            let queue = if uplink.kind == Kind::Audio { &peer.sound } else { &peer.pictures };
            if queue.len() >= self.limits.queue {
                self.counters.queue_full += 1;
                continue;
            }
            peer.queue(now, downlink, number, (stored, descriptor, payload));
            if !std::mem::replace(&mut peer.is_ready, true) {
                self.ready.push_back(place);
            }
        }
        for (place, downlink) in beginners {
            self.catch_up(now, place, downlink);
        }
        if arrival == Arrival::Break
            && let Some(uplink) = self.uplinks.get_mut(at).filter(|uplink| uplink.kind == Kind::Video)
            && let Some(layer) = uplink.layers.get_mut(layer)
            && layer.key != Some(sequence)
        {
            layer.key_request.want();
        }
    }

    /// A layer begins for a subscriber with a packet that others followed already: they go out too.
    fn catch_up(&mut self, now: Instant, place: usize, at: usize) {
        let Some(peer) = self.peers.get_mut(place) else { return };
        let Some(down) = peer.downlinks.get(at) else { return };
        let Some(uplink) = self.uplinks.get(down.uplink) else { return };
        let Some(index) = down.current() else { return };
        let Some(layer) = uplink.layers.get(index) else { return };
        for sequence in down.highest() + 1..=layer.highest {
            let Some((stored, descriptor, payload)) = layer.store.get(sequence) else { continue };
            let Some(down) = peer.downlinks.get_mut(at) else { return };
            if let Verdict::Take(number) = down.consider(now, uplink, index, stored, payload.is_empty(), Arrival::New) {
                peer.queue(now, at, number, (stored, descriptor, payload));
            }
        }
        self.make_ready(place);
    }

    /// Begins a subscriber's layer with a key picture that is here still, if all that followed it is too.
    pub(super) fn begin_from_store(&mut self, now: Instant, place: usize, at: usize) {
        /// More than this would be a burst that the line pays for with delay: so many packets, or milliseconds of the line.
        const PACKETS: u64 = 40;
        const LINE_MS: u64 = 300;
        let Some(peer) = self.peers.get_mut(place) else { return };
        let most_bytes = peer.congestion.target_bps() / 8 * LINE_MS / 1_000;
        let Some(down) = peer.downlinks.get_mut(at) else { return };
        let (Some(awaited), None, Some(uplink)) = (down.awaited(), down.current(), self.uplinks.get(down.uplink)) else { return };
        let Some(layer) = uplink.layers.get(awaited) else { return };
        let Some(key) = layer.key.filter(|key| layer.highest - key < PACKETS) else { return };
        let bytes = (key..=layer.highest).try_fold(0, |bytes, sequence| Some(bytes + layer.store.get(sequence)?.2.len() as u64));
        if bytes.is_none_or(|bytes| bytes > most_bytes) {
            return;
        }
        let Some((stored, descriptor, payload)) = layer.store.get(key) else { return };
        if let Verdict::Begin(number) = down.consider(now, uplink, awaited, stored, payload.is_empty(), Arrival::New) {
            peer.queue(now, at, number, (stored, descriptor, payload));
            self.catch_up(now, place, at);
        }
    }
}
