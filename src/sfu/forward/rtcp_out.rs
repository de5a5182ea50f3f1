//! What peers are told about streams: repairs and key pictures we need, what arrived, and where sound and picture belong in time.

use std::time::{Duration, Instant};

use super::peer::Peer;
use super::{Forward, Need};
use crate::sfu::packet::rtcp::{SenderInfo, write_nack, write_pli, write_receiver_report, write_sdes_cname, write_sender_report, write_transport_feedback};
use crate::sfu::uplink::{Source, ticks};

/// Ourselves, in reports: an SSRC must not be zero, and this one is in no one's way.
const SELF: u32 = 1;
const REPORTS: Duration = Duration::from_secs(1);
const DIVIDE: Duration = Duration::from_millis(200);
/// A busy peer is looked after so often, a quiet one less.
const BUSY: Duration = Duration::from_millis(20);
const QUIET: Duration = Duration::from_millis(50);
/// Report blocks in one packet (RFC 3550 section 6.4.1).
const BLOCKS: usize = 31;

impl Forward {
    /// A compound that is to be sent to the peer.
    pub fn write_rtcp(&mut self, place: usize) -> Option<Vec<u8>> {
        self.peers.get_mut(place)?.rtcp.pop_front()
    }

    pub(super) fn tick_peer(&mut self, now: Instant, place: usize) {
        self.ask(now, place);
        let Some(peer) = self.peers.get_mut(place) else { return };
        if !peer.is_connected {
            peer.next_tick = now + QUIET;
            return;
        }
        peer.next_tick = now + if peer.uplinks.is_empty() { QUIET } else { BUSY };
        peer.congestion.tick(now);
        peer.pace(now);
        peer.is_silent = peer.wishes.values().any(|wish| wish.is_paused) && peer.congestion.statistics().in_flight_bytes == 0;
        let mut fci = Vec::new();
        // libwebrtc looks at feedback only that names a stream of its own, although it is about all.
        let media = peer.uplinks.iter().filter_map(|at| self.uplinks.get(*at)).flat_map(|uplink| &uplink.layers).find_map(|layer| layer.ssrc).unwrap_or(0);
        while peer.recorder.build(now, &mut fci).is_some() {
            let mut packet = Vec::with_capacity(fci.len() + 12);
            write_transport_feedback(&mut packet, SELF, media, &fci);
            peer.rtcp.push_back(packet);
            fci.clear();
        }
        let is_divided = now >= peer.next_divide;
        let is_reported = now >= peer.next_reports;
        if is_divided {
            peer.next_divide = now + DIVIDE;
            self.divide(now, place);
        }
        if is_reported {
            self.report(now, place);
            self.tell_quality(place);
        }
        // What waits is looked at again: the line may have room, a probe may be due.
        self.make_ready(place);
    }

    /// Asks a publisher for what is missing, and for key pictures.
    fn ask(&mut self, now: Instant, place: usize) {
        let Some(peer) = self.peers.get_mut(place) else { return };
        let rtt = peer.congestion.rtt().unwrap_or(Duration::from_millis(100));
        let mut packet = Vec::new();
        for at in &peer.uplinks {
            let Some(uplink) = self.uplinks.get_mut(*at) else { continue };
            for layer in &mut uplink.layers {
                let Some(ssrc) = layer.ssrc else { continue };
                if !layer.losses.is_complete() {
                    let mut lost = Vec::new();
                    let gave_up = layer.losses.due(now, rtt, |sequence| lost.push(sequence as u16));
                    if !lost.is_empty() {
                        write_nack(&mut packet, SELF, ssrc, lost);
                    }
                    if gave_up && uplink.kind == crate::sfu::codec::Kind::Video {
                        layer.key_request.want();
                    }
                }
                if layer.key_request.is_wanted() && layer.is_flowing(now) && layer.key_request.due(now) {
                    write_pli(&mut packet, SELF, ssrc);
                }
            }
        }
        if !packet.is_empty() {
            peer.rtcp.push_back(packet);
        }
    }

    /// A key picture of this layer, now if it may be.
    pub(super) fn want_key(&mut self, now: Instant, at: usize, layer: usize) {
        let Some(uplink) = self.uplinks.get_mut(at) else { return };
        let Some(state) = uplink.layers.get_mut(layer) else { return };
        state.key_request.want();
        let Source::Peer(place) = uplink.source else {
            if state.key_request.due(now) {
                self.needs.push_back((uplink.id, Need::KeyPicture { layer }));
            }
            return;
        };
        let Some(ssrc) = state.ssrc else { return };
        if !state.key_request.due(now) {
            return;
        }
        let Some(peer) = self.peers.get_mut(place) else { return };
        let mut packet = Vec::new();
        write_pli(&mut packet, SELF, ssrc);
        peer.rtcp.push_back(packet);
        self.make_ready(place);
    }

    fn report(&mut self, now: Instant, place: usize) {
        let ntp = self.ntp(now);
        let Some(peer) = self.peers.get_mut(place) else { return };
        peer.next_reports = now + REPORTS;
        let mut blocks = Vec::new();
        for at in &peer.uplinks {
            let Some(uplink) = self.uplinks.get_mut(*at) else { continue };
            blocks.extend(uplink.layers.iter_mut().filter_map(|layer| layer.report_block(now)));
        }
        for block in &blocks {
            peer.score.uplink_loss(block.fraction_lost);
        }
        for blocks in blocks.chunks(BLOCKS) {
            let mut packet = Vec::new();
            write_receiver_report(&mut packet, SELF, blocks);
            peer.rtcp.push_back(packet);
        }
        self.sender_reports(now, ntp, place);
    }

    /// Where each stream is on the server's clock, by its publisher's own reports: receivers put sound and picture together by that (RFC 3550 section 6.4.1).
    fn sender_reports(&mut self, now: Instant, ntp: u64, place: usize) {
        let mut reports = Vec::new();
        let Some(peer) = self.peers.get(place) else { return };
        for (at, downlink) in &peer.downlinks {
            let (Some(uplink), Some((sent_at, timestamp))) = (self.uplinks.get(downlink.uplink), downlink.last_wall) else { continue };
            if downlink.packets == 0 || now.saturating_duration_since(sent_at) > 5 * REPORTS {
                continue;
            }
            let wall = match uplink.source {
                Source::Peer(publisher) => self.peers.get(publisher).map(|publisher| publisher.wall).unwrap_or_default(),
                Source::Relay(wall) => wall,
            };
            let layer = downlink.current().and_then(|layer| uplink.layers.get(layer));
            // The newest packet's time by its publisher's clock; without one, by when it came.
            let captured = layer.and_then(|layer| wall.to_server(layer.clock?.ntp_of(timestamp.wrapping_add(downlink.timestamp_offset()))));
            let rtp_time = match captured {
                Some(captured) => timestamp.wrapping_add(distance_ticks(captured, ntp, uplink.clock_rate_hz())),
                None => timestamp.wrapping_add(ticks(now.saturating_duration_since(sent_at), uplink.clock_rate_hz())),
            };
            reports.push((at, SenderInfo { ssrc: downlink.ssrc, ntp, rtp_time, packets: downlink.packets, octets: downlink.octets }));
        }
        let Some(peer) = self.peers.get_mut(place) else { return };
        write_sender_reports(peer, &reports);
    }
}

fn distance_ticks(from: u64, to: u64, rate_hz: u32) -> u32 {
    let distance = to.wrapping_sub(from) as i64;
    ((i128::from(distance) * i128::from(rate_hz)) >> 32) as u32
}

fn write_sender_reports(peer: &mut Peer, reports: &[(usize, SenderInfo)]) {
    const PER_PACKET: usize = 16;
    for reports in reports.chunks(PER_PACKET) {
        let mut packet = Vec::new();
        for (_, info) in reports {
            write_sender_report(&mut packet, info, &[]);
            write_sdes_cname(&mut packet, info.ssrc, &peer.cname);
        }
        peer.rtcp.push_back(packet);
    }
}
