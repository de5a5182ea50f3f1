//! What leaves to find out what the line carries, where media alone does not.

use std::time::Instant;

use super::peer::{Peer, Queued};
use super::send::{Class, GROUP_BYTES, SEGMENTS, account, count_sent, write_queued};
use crate::sfu::downlink::Downlink;
use crate::sfu::packet::{Extension, Header, abs_send_time, transport_sequence, write_padding_only};
use crate::sfu::uplink::Uplink;

/// Fills a probe with padding in the repair stream: receivers drop it.
pub(super) fn write_probe(
    peer: &mut Peer,
    uplinks: &slab::Slab<Uplink>,
    now: Instant,
    ntp: u64,
    out: &mut Vec<u8>,
    seal: &mut impl FnMut(&mut Vec<u8>, usize),
) -> Option<usize> {
    peer.congestion.next_probe(now).filter(|due| *due <= now)?;
    let carrier = carrier(peer, uplinks)?;
    let probe = peer.congestion.poll_probe(now)?;
    // A packet that the receiver has already fills best, as its trains are measured by large packets.
    let again = peer.downlinks.get(carrier).and_then(|downlink| filler(downlink, uplinks.get(downlink.uplink)?));
    let mut segment = None;
    let (mut sent, mut count) = (0, 0);
    while sent < probe.bytes && count < SEGMENTS && out.len() + 1_500 < GROUP_BYTES {
        let start = out.len();
        let is_reported = match again {
            Some(number) => {
                let queued = Queued { downlink: carrier, number, payload_len: 0, since_ms: 0 };
                let written = write_queued(peer, uplinks, ntp, Class::Repair, queued, out, 0, 0)?;
                count_sent(peer, queued, &written);
                written.is_reported
            }
            None => write_padding(peer, uplinks, carrier, ntp, out)?,
        };
        let len = out.len() - start;
        sent += account(peer, now, len, is_reported, Some(probe.cluster));
        count += 1;
        seal(out, start);
        segment.get_or_insert(out.len() - start);
    }
    peer.spent(now, sent);
    segment
}

/// One packet of padding, so that probing finds something to answer to: else what is paused would be so for ever.
pub(super) fn write_trickle(
    peer: &mut Peer,
    uplinks: &slab::Slab<Uplink>,
    now: Instant,
    ntp: u64,
    out: &mut Vec<u8>,
    seal: &mut impl FnMut(&mut Vec<u8>, usize),
) -> Option<usize> {
    if !std::mem::take(&mut peer.is_silent) {
        return None;
    }
    let is_reported = write_padding(peer, uplinks, carrier(peer, uplinks)?, ntp, out)?;
    let spent = account(peer, now, out.len(), is_reported, None);
    peer.spent(now, spent);
    seal(out, 0);
    Some(out.len())
}

/// The largest of the packets that left last.
fn filler(downlink: &Downlink, uplink: &Uplink) -> Option<u16> {
    const LAST: u16 = 16;
    const LEAST: usize = 300;
    let newest = downlink.newest_left()?;
    let len = |number: u16| {
        let sent = downlink.sent.get(number)?;
        let (.., payload) = uplink.layers.get(usize::from(sent.layer))?.store.get(sent.uplink)?;
        Some((payload.len(), number))
    };
    (0..LAST).filter_map(|back| len(newest.wrapping_sub(back))).max().filter(|(len, _)| *len >= LEAST).map(|(_, number)| number)
}

/// The downlink whose repair stream carries padding: one that is shown, else any. What is paused comes back only if the line is found to have room again.
pub(super) fn carrier(peer: &Peer, uplinks: &slab::Slab<Uplink>) -> Option<usize> {
    let can_carry = |downlink: &Downlink| {
        let codec = uplinks.get(downlink.uplink).and_then(|uplink| uplink.codec);
        downlink.rtx_ssrc.is_some() && codec.and_then(|codec| downlink.payload(codec)?.rtx).is_some()
    };
    let mut carriers = peer.downlinks.iter().filter(|(_, downlink)| can_carry(downlink));
    let first = carriers.next()?;
    [first].into_iter().chain(carriers).find(|(_, downlink)| downlink.current().is_some()).map(|(at, _)| at).or(Some(first.0))
}

/// 255 bytes of padding under the repair stream's name; whether the peer reports on it.
fn write_padding(peer: &mut Peer, uplinks: &slab::Slab<Uplink>, at: usize, ntp: u64, out: &mut Vec<u8>) -> Option<bool> {
    let transport = transport_sequence::bytes(peer.transport_sequence);
    let downlink = peer.downlinks.get_mut(at)?;
    let codec = uplinks.get(downlink.uplink)?.codec?;
    let header = Header {
        payload_type: downlink.payload(codec)?.rtx?,
        marker: false,
        sequence: downlink.rtx_sequence,
        timestamp: downlink.last_timestamp(),
        ssrc: downlink.rtx_ssrc?,
    };
    let sent_at = abs_send_time::from_ntp(ntp);
    let extension: (u8, &[u8]) = match (downlink.extensions.get(Extension::TransportSequence), downlink.extensions.get(Extension::AbsSendTime)) {
        (Some(id), _) => (id, &transport),
        (None, Some(id)) => (id, &sent_at),
        (None, None) => return None,
    };
    downlink.rtx_sequence = downlink.rtx_sequence.wrapping_add(1);
    write_padding_only(out, &header, &[extension], 255);
    Some(downlink.extensions.get(Extension::TransportSequence).is_some())
}
