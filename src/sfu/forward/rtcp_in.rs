//! What peers say about streams: reports, repairs they ask for, key pictures they need, what arrived of what was sent.

use std::time::{Duration, Instant};

use super::Forward;
use super::peer::Queued;
use crate::sfu::packet::rtcp::{self, ReportBlock};
use crate::sfu::packet::{Rtcp, ntp};

/// Repairs that may wait for one peer; a storm of NACKs gets no more.
const REPAIRS: usize = 256;

impl Forward {
    /// A plain compound RTCP packet of a peer.
    pub fn receive_rtcp(&mut self, now: Instant, place: usize, compound: &[u8]) {
        for message in rtcp::parse(compound) {
            let Ok(message) = message else {
                self.counters.malformed += 1;
                return;
            };
            self.dispatch(now, place, message);
        }
    }

    fn dispatch(&mut self, now: Instant, place: usize, message: Rtcp<'_>) {
        match message {
            Rtcp::SenderReport { ssrc, ntp, rtp_time, blocks, .. } => {
                self.sender_report(now, place, ssrc, ntp, rtp_time);
                self.report_blocks(now, place, blocks);
            }
            Rtcp::ReceiverReport { blocks, .. } => self.report_blocks(now, place, blocks),
            Rtcp::Nack { media, lost, .. } => self.nack(now, place, media, lost),
            Rtcp::Pli { media, .. } => self.key_wanted(place, media),
            Rtcp::Fir { entries, .. } => entries.for_each(|(media, _)| self.key_wanted(place, media)),
            Rtcp::Remb { bitrate_bps, .. } => {
                if let Some(peer) = self.peers.get_mut(place).filter(|peer| !peer.sends_transport_sequence()) {
                    peer.congestion.remb(now, bitrate_bps);
                }
            }
            Rtcp::TransportFeedback { fci, .. } => self.feedback(now, place, fci),
            Rtcp::Bye { .. } | Rtcp::Sdes(_) | Rtcp::Other { .. } => {}
        }
    }

    fn sender_report(&mut self, now: Instant, place: usize, ssrc: u32, ntp: u64, rtp_time: u32) {
        let ours = self.ntp(now);
        let Some(peer) = self.peers.get_mut(place) else { return };
        let Some(binding) = peer.bindings.get(&ssrc).copied().filter(|binding| !binding.is_repair) else { return };
        peer.wall.report(ntp, ours);
        let wall = peer.wall;
        let Some(uplink) = self.uplinks.get_mut(binding.uplink) else { return };
        let rate_hz = uplink.clock_rate_hz();
        if let Some(layer) = uplink.layers.get_mut(binding.layer) {
            layer.sender_report(now, ntp, rtp_time, rate_hz);
        }
        self.relay_report(binding.uplink, binding.layer, ntp, rtp_time, wall);
    }

    fn report_blocks(&mut self, now: Instant, place: usize, blocks: impl Iterator<Item = ReportBlock>) {
        let ours = self.ntp(now);
        let Some(peer) = self.peers.get_mut(place) else { return };
        let mut worst: Option<(u8, Option<Duration>)> = None;
        for block in blocks {
            if !peer.by_ssrc.contains_key(&block.ssrc) {
                continue;
            }
            // RFC 3550 section 6.4.1: the round trip is what is left when the peer's own delay is taken off.
            let away = ntp::middle(ours).wrapping_sub(block.last_sr);
            let rtt = (block.last_sr != 0).then(|| away.checked_sub(block.delay_since_last_sr)).flatten().map(ntp::to_span);
            let rtt = rtt.filter(|rtt| *rtt < Duration::from_secs(10));
            worst = Some(worst.map_or((block.fraction_lost, rtt), |(lost, known)| (lost.max(block.fraction_lost), known.or(rtt))));
        }
        // One report is one voice, however many streams it tells of.
        if let Some((fraction_lost, rtt)) = worst {
            peer.congestion.receiver_report(now, fraction_lost, rtt);
            peer.score.downlink_loss(fraction_lost);
        }
    }

    fn nack(&mut self, now: Instant, place: usize, media: u32, lost: impl Iterator<Item = u16>) {
        let Some(peer) = self.peers.get_mut(place) else { return };
        let rtt = peer.congestion.rtt().unwrap_or(Duration::from_millis(100));
        let since_ms = peer.since_ms(now);
        let Some(at) = peer.by_ssrc.get(&media).copied() else { return };
        let Some(downlink) = peer.downlinks.get_mut(at).filter(|downlink| downlink.rtx_ssrc.is_some()) else { return };
        for number in lost {
            if peer.repairs.len() < REPAIRS && downlink.repairs(number) && downlink.sent.again(now, number, rtt).is_some() {
                peer.repairs.push_back(Queued { downlink: at, number, payload_len: 0, since_ms });
                self.counters.nacks_answered += 1;
            } else {
                self.counters.nacks_refused += 1;
            }
        }
        self.make_ready(place);
    }

    /// A subscriber cannot go on without a key picture.
    fn key_wanted(&mut self, place: usize, media: u32) {
        let Some(peer) = self.peers.get(place) else { return };
        let Some(downlink) = peer.by_ssrc.get(&media).and_then(|at| peer.downlinks.get(*at)) else { return };
        let Some(layer) = downlink.current() else { return };
        if let Some(layer) = self.uplinks.get_mut(downlink.uplink).and_then(|uplink| uplink.layers.get_mut(layer)) {
            layer.key_request.want();
        }
    }

    fn feedback(&mut self, now: Instant, place: usize, fci: &[u8]) {
        let Some(peer) = self.peers.get_mut(place) else { return };
        let before = peer.congestion.target_bps();
        if peer.congestion.feedback(now, fci).is_err() {
            self.counters.malformed += 1;
            return;
        }
        let lies = peer.congestion.statistics().lies;
        self.counters.lies += lies - std::mem::replace(&mut peer.lies, lies).min(lies);
        peer.pace(now);
        // A line that became thinner is seen to at once.
        if peer.congestion.target_bps() < before - before / 20 {
            self.divide(now, place);
        }
        self.make_ready(place);
    }
}
