//! What leaves for a peer: sound first, then repairs, then pictures, as its line allows; in groups that one system call can send.

use std::time::Instant;

use super::Forward;
use super::fill::{carrier, write_probe, write_trickle};
use super::peer::{Peer, Queued};
use crate::sfu::codec::{Codec, Kind, red, vp8};
use crate::sfu::congestion::ClusterId;
use crate::sfu::downlink::{Downlink, Sent};
use crate::sfu::packet::{Extension, Header, abs_send_time, transport_sequence, write_header};
use crate::sfu::uplink::{Stored, Uplink};

/// Bytes of a group at most: what one datagram of the kernel's segmentation may hold, with room for the tags.
pub const GROUP_BYTES: usize = 60_000;
/// Datagrams of a group at most (Linux: UDP_MAX_SEGMENTS).
pub(super) const SEGMENTS: usize = 64;
/// Encoders cut a picture into packets of nearly equal sizes. So many bytes of padding (RFC 3550 section 5.1) make them equal.
const PADDING: usize = 16;
/// For the line: IP and UDP headers, the SRTP tag.
const OVERHEAD: usize = 28 + 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Sound,
    Repair,
    Picture,
}

impl Forward {
    /// Writes what may leave for the peer now and belongs together: packets of one length, the last may be shorter. `seal` encrypts a packet that lies at the
    /// buffer's end, and lengthens it. Tells the length of the first; none when nothing may leave.
    pub fn write_group(&mut self, now: Instant, place: usize, out: &mut Vec<u8>, mut seal: impl FnMut(&mut Vec<u8>, usize)) -> Option<usize> {
        out.clear();
        let ntp = self.ntp(now);
        let Self { peers, uplinks, counters, .. } = self;
        let peer = peers.get_mut(place)?;
        if !peer.is_connected {
            drop_all(peer);
            return None;
        }
        let mut segment = None;
        let (mut plain_len, mut count, mut group) = (0, 0, None);
        // One moment, so the line and the clock are asked once for all of the group.
        let (budget, now_ms) = (peer.pacer.budget(now), peer.since_ms(now));
        let mut spent = 0;
        while count < SEGMENTS && out.len() + plain_len.max(1_500) < GROUP_BYTES {
            let Some((class, queued)) = next(peer, now_ms, budget.saturating_sub(spent)) else { break };
            // Sound, repairs and pictures are of unlike lengths.
            if group.is_some_and(|group| group != class) {
                break;
            }
            let room = if segment.is_none() { longest(peer, class, queued) } else { 0 };
            let start = out.len();
            let Some(written) = write_queued(peer, uplinks, ntp, class, queued, out, room, plain_len) else {
                counters.too_late += 1;
                drop_next(peer, class);
                continue;
            };
            if segment.is_some() && written.len > plain_len {
                out.truncate(start);
                break;
            }
            drop_next(peer, class);
            count_sent(peer, queued, &written);
            if let Some(still) = peer.downlinks.get_mut(queued.downlink).and_then(|downlink| downlink.still.as_mut()) {
                still.spent(now_ms, written.len);
            }
            spent += account(peer, now, written.len, written.is_reported, None);
            counters.sent += 1;
            seal(out, start);
            count += 1;
            let is_last = segment.is_some() && written.len < plain_len;
            if segment.is_none() {
                segment = Some(out.len() - start);
                plain_len = written.len;
                group = Some(class);
            }
            if is_last {
                break;
            }
        }
        if spent > 0 {
            peer.spent(now, spent);
        }
        // A still that waits for its pace is load enough.
        if segment.is_none() && !is_standing(peer) {
            segment = write_probe(peer, uplinks, now, ntp, out, &mut seal).or_else(|| write_trickle(peer, uplinks, now, ntp, out, &mut seal));
        }
        if segment.is_none() && !peer.is_waiting && must_wait(peer, uplinks, now) {
            peer.is_waiting = true;
            self.waiting.push(place);
            self.next_tick = Some(self.next_tick.map_or(now, |tick| tick.min(now + super::FAST_TICK)));
        }
        segment
    }
}

/// Something waits for the line, or a train of padding is under way.
fn must_wait(peer: &Peer, uplinks: &slab::Slab<Uplink>, now: Instant) -> bool {
    let is_probing = || peer.congestion.next_probe(now).is_some_and(|due| due < now + 2 * super::FAST_TICK) && carrier(peer, uplinks).is_some();
    !(peer.repairs.is_empty() && peer.pictures.is_empty()) || is_probing()
}

/// A still is under way.
fn is_standing(peer: &Peer) -> bool {
    peer.pictures.front().is_some_and(|queued| peer.downlinks.get(queued.downlink).is_some_and(|downlink| downlink.still.is_some()))
}

fn drop_all(peer: &mut Peer) {
    peer.sound.clear();
    peer.repairs.clear();
    peer.pictures.clear();
}

fn queue(peer: &mut Peer, class: Class) -> &mut std::collections::VecDeque<Queued> {
    match class {
        Class::Sound => &mut peer.sound,
        Class::Repair => &mut peer.repairs,
        Class::Picture => &mut peer.pictures,
    }
}

fn drop_next(peer: &mut Peer, class: Class) {
    queue(peer, class).pop_front();
}

/// Sound does not wait for the line; it is charged to it.
fn next(peer: &mut Peer, now_ms: u32, budget: usize) -> Option<(Class, Queued)> {
    if let Some(queued) = peer.sound.front() {
        return Some((Class::Sound, *queued));
    }
    // Stills keep to a pace of their own.
    let still = peer.pictures.front().copied().filter(|queued| peer.downlinks.get(queued.downlink).is_some_and(|downlink| downlink.still.is_some()));
    if let Some(queued) =
        still.filter(|queued| peer.downlinks.get(queued.downlink).and_then(|downlink| downlink.still.as_ref()).is_some_and(|still| still.is_free(now_ms)))
    {
        return Some((Class::Picture, queued));
    }
    while peer.repairs.front().is_some_and(|queued| peer.downlinks.get(queued.downlink).is_none_or(|downlink| !downlink.repairs(queued.number))) {
        peer.repairs.pop_front();
    }
    let (class, queued) = match (peer.repairs.front(), peer.pictures.front()) {
        (Some(queued), _) => (Class::Repair, *queued),
        (None, Some(queued)) => (Class::Picture, *queued),
        (None, None) => return None,
    };
    let patience_ms = peer.downlinks.get(queued.downlink).map_or(0, Downlink::patience_ms);
    if now_ms.saturating_sub(queued.since_ms) > patience_ms {
        give_up(peer);
        return None;
    }
    (budget > 0 && (still.is_none() || class == Class::Repair)).then_some((class, queued))
}

/// What waits is too old: every picture begins anew, under the numbers that were not used.
fn give_up(peer: &mut Peer) {
    peer.repairs.clear();
    let places: Vec<usize> = peer.downlinks.iter().filter(|(_, downlink)| downlink.kind == Kind::Video).map(|(at, _)| at).collect();
    for at in places {
        peer.take_back(at);
        if let Some(downlink) = peer.downlinks.get_mut(at) {
            downlink.lose();
        }
    }
    peer.pictures.clear();
}

/// The longest payload among the next packets that are about as long as the first: they are all made as long.
fn longest(peer: &mut Peer, class: Class, first: Queued) -> usize {
    let len = usize::from(first.payload_len);
    if class != Class::Picture {
        return len;
    }
    let alike = peer.pictures.iter().take(SEGMENTS).map(|queued| (queued.downlink, usize::from(queued.payload_len)));
    alike.take_while(|(downlink, other)| *downlink == first.downlink && other.abs_diff(len) <= PADDING).map(|(_, other)| other).max().unwrap_or(len)
}

/// What was written, for the books: a packet that does not fit its group is written again in the next.
pub(super) struct Written {
    len: usize,
    payload_len: usize,
    is_repair: bool,
    pub(super) is_reported: bool,
}

pub(super) fn count_sent(peer: &mut Peer, queued: Queued, written: &Written) {
    let Some(downlink) = peer.downlinks.get_mut(queued.downlink) else { return };
    if written.is_repair {
        downlink.rtx_sequence = downlink.rtx_sequence.wrapping_add(1);
    } else {
        downlink.packets = downlink.packets.wrapping_add(1);
        downlink.octets = downlink.octets.wrapping_add(written.payload_len as u32);
        downlink.left(queued.number);
    }
}

/// Writes one packet; none if what it needs is gone. The first of a group is padded to `payload_len`, later ones to `packet_len`.
#[allow(clippy::too_many_arguments)] // The parts of `Forward` apart, so that they can be borrowed apart.
pub(super) fn write_queued(
    peer: &Peer,
    uplinks: &slab::Slab<Uplink>,
    ntp: u64,
    class: Class,
    queued: Queued,
    out: &mut Vec<u8>,
    payload_len: usize,
    packet_len: usize,
) -> Option<Written> {
    let downlink = peer.downlinks.get(queued.downlink)?;
    let uplink = uplinks.get(downlink.uplink)?;
    let sent = downlink.sent.get(queued.number)?;
    let still = downlink.still.as_ref().and_then(|still| still.packet(sent.uplink));
    let (stored, descriptor, payload) = still.or_else(|| uplink.layers.get(usize::from(sent.layer))?.store.get(sent.uplink))?;
    let (payload_type, repair) = names(downlink, stored, class)?;
    let payload = match stored.codec {
        // For one who does not take redundancy, the newest frame alone (RFC 2198).
        Codec::Red if downlink.is_plain || downlink.payload(Codec::Red).is_none() => red::primary(payload).ok()?.data,
        _ => payload,
    };
    let start = out.len();
    let header = Header {
        payload_type,
        marker: stored.marker,
        sequence: if repair.is_some() { downlink.rtx_sequence } else { queued.number },
        timestamp: sent.timestamp,
        ssrc: repair.unwrap_or(downlink.ssrc),
    };
    let transport = transport_sequence::bytes(peer.transport_sequence);
    write_extensions(downlink, stored, descriptor, &header, transport, ntp, out);
    if repair.is_some() {
        out.extend_from_slice(&queued.number.to_be_bytes());
    }
    let body = out.len();
    out.extend_from_slice(payload);
    rewrite(out.get_mut(body..)?, stored, &sent);
    if class == Class::Picture {
        let len = out.len() - start;
        let wanted = if packet_len == 0 { len + payload_len.saturating_sub(payload.len()) } else { packet_len };
        pad(out, start, wanted.saturating_sub(len));
    }
    let is_reported = downlink.extensions.get(Extension::TransportSequence).is_some();
    Some(Written { len: out.len() - start, payload_len: payload.len(), is_repair: repair.is_some(), is_reported })
}

/// Under which payload type, and for a repair in its own stream (RFC 4588), under which SSRC.
fn names(downlink: &Downlink, stored: &Stored, class: Class) -> Option<(u8, Option<u32>)> {
    let plain = downlink.payload(Codec::Opus).filter(|_| stored.codec == Codec::Red);
    let payload = if downlink.is_plain { plain.or(downlink.payload(stored.codec)) } else { downlink.payload(stored.codec).or(plain) }?;
    match class {
        // Never again under its own number: a second packet with the same nonce would give the key away (RFC 7714 section 8.1).
        Class::Repair => Some((payload.rtx?, Some(downlink.rtx_ssrc?))),
        Class::Sound | Class::Picture => Some((payload.payload_type, None)),
    }
}

fn write_extensions(downlink: &Downlink, stored: &Stored, descriptor: &[u8], header: &Header, transport: [u8; 2], ntp: u64, out: &mut Vec<u8>) {
    let id = |extension| downlink.extensions.get(extension);
    let mut values: [(u8, &[u8]); 5] = [(0, &[]); 5];
    let mut count = 0;
    let mut add = |id: Option<u8>, value| {
        if let (Some(id), Some(slot)) = (id, values.get_mut(count)) {
            *slot = (id, value);
            count += 1;
        }
    };
    let sent_at = abs_send_time::from_ntp(ntp);
    let (orientation, level) = ([stored.orientation.unwrap_or(0)], [stored.audio_level.unwrap_or(0)]);
    match id(Extension::TransportSequence) {
        Some(twcc) => add(Some(twcc), &transport),
        None => add(id(Extension::AbsSendTime), &sent_at),
    }
    if stored.orientation.is_some() {
        add(id(Extension::VideoOrientation), &orientation);
    }
    if stored.audio_level.is_some() {
        add(id(Extension::AudioLevel), &level);
    }
    if !descriptor.is_empty() {
        add(id(Extension::DependencyDescriptor), descriptor);
    }
    write_header(out, header, values.get(..count).unwrap_or_default());
}

fn rewrite(payload: &mut [u8], stored: &Stored, sent: &Sent) {
    if stored.vp8.is_some() {
        // It was parsed when it came; what cannot be rewritten goes as it is.
        let _ = vp8::rewrite(payload, sent.picture_id, sent.tl0);
    }
}

/// Lengthens the packet at the buffer's end.
fn pad(out: &mut Vec<u8>, start: usize, len: usize) {
    let Ok(claimed @ 1..=PADDING_MAX) = u8::try_from(len) else { return };
    out.resize(out.len() + len - 1, 0);
    out.push(claimed);
    if let Some(first) = out.get_mut(start) {
        *first |= 0x20;
    }
}

const PADDING_MAX: u8 = 2 * PADDING as u8;

/// Tells the bytes on the line.
pub(super) fn account(peer: &mut Peer, now: Instant, len: usize, is_reported: bool, cluster: Option<ClusterId>) -> usize {
    let bytes = len + OVERHEAD;
    if is_reported {
        peer.congestion.sent(now, peer.transport_sequence, bytes, cluster);
        peer.transport_sequence = peer.transport_sequence.wrapping_add(1);
    }
    bytes
}
