//! Data that participants send each other: by name or to all, reliable or not. Streams and calls are built of these by the clients.

use std::time::{Duration, Instant};

use bytes::Bytes;
use livekit_protocol::{DataPacket, data_packet};
use prost::Message as _;

use super::RoomActor;
use crate::transport::Command;

pub(super) const RELIABLE: &str = "_reliable";
pub(super) const LOSSY: &str = "_lossy";
/// The protocol's limit of a packet, and of what is kept for those who come back.
const PACKET_BYTES: usize = 64_000;
const PACKET_COST: usize = 200;
const KEPT: Duration = Duration::from_secs(30);
const KEPT_BYTES: usize = 1 << 20;

/// Reliable data of the last moments.
pub(super) struct Recent {
    at: Instant,
    from: String,
    sequence: u32,
    to: Vec<String>,
    bytes: Bytes,
}

impl RoomActor {
    /// A packet from a participant's channel.
    pub(super) fn data(&mut self, sid: &str, label: &str, bytes: &[u8]) {
        let is_reliable = match label {
            RELIABLE => true,
            LOSSY => false,
            _ => return,
        };
        let Some(participant) = self.participants.get_mut(sid) else { return };
        if bytes.len() > PACKET_BYTES || !participant.permission().can_publish_data {
            return;
        }
        // A small packet costs everybody more than its bytes.
        if !participant.data_allowance.take(Instant::now(), bytes.len() + PACKET_COST) {
            metrics::counter!("yizhan_room_data_refused_total").increment(1);
            return;
        }
        let Ok(mut packet) = DataPacket::decode(bytes) else { return };
        // Who sent it is said by us, not by the sender.
        packet.participant_sid = sid.to_owned();
        packet.participant_identity = participant.identity().to_owned();
        if let Some(data_packet::Value::User(user)) = packet.value.as_mut() {
            #[allow(deprecated)] // Older clients read it there.
            {
                user.participant_sid = sid.to_owned();
                user.participant_identity.clone_from(&packet.participant_identity);
                if packet.destination_identities.is_empty() {
                    packet.destination_identities.clone_from(&user.destination_identities);
                }
            }
        }
        if is_reliable && packet.sequence != 0 {
            // After a resume a client sends again what we may have had.
            if packet.sequence <= participant.last_sequence {
                return;
            }
            participant.last_sequence = packet.sequence;
        }
        if self.may_send(sid, &packet) {
            self.spread(sid, is_reliable, packet);
        }
    }

    /// Gives a packet to those it is for.
    pub(super) fn spread(&mut self, from: &str, is_reliable: bool, packet: DataPacket) {
        let to = packet.destination_identities.clone();
        let bytes = Bytes::from(packet.encode_to_vec());
        let peers: Vec<_> = self
            .participants
            .values()
            .filter(|other| other.sid() != from && (to.is_empty() || to.iter().any(|identity| identity == other.identity())))
            .map(|other| (other.thread(), other.receiving().peer))
            .collect();
        let label: std::sync::Arc<str> = if is_reliable { RELIABLE.into() } else { LOSSY.into() };
        for (thread, peer) in peers {
            self.command(thread, Command::Send { peer, label: label.clone(), bytes: bytes.clone() });
        }
        if is_reliable {
            self.recent.push_back(Recent { at: Instant::now(), from: from.to_owned(), sequence: packet.sequence, to, bytes });
            let mut held: usize = self.recent.iter().map(|recent| recent.bytes.len()).sum();
            while held > KEPT_BYTES {
                held -= self.recent.pop_front().map_or(held, |recent| recent.bytes.len());
            }
        }
    }

    /// To one who came back, and had everything of a sender up to a number.
    pub(super) fn send_missed(&mut self, sid: &str, from: &str, last: u32) {
        let Some(participant) = self.participants.get(sid) else { return };
        let (thread, peer, identity) = (participant.thread(), participant.receiving().peer, participant.identity());
        let missed = self
            .recent
            .iter()
            .filter(|recent| recent.from == from && recent.sequence > last && (recent.to.is_empty() || recent.to.iter().any(|to| to == identity)));
        for recent in missed {
            self.command(thread, Command::Send { peer, label: RELIABLE.into(), bytes: recent.bytes.clone() });
        }
    }

    pub(super) fn forget_old_data(&mut self, now: Instant) {
        while self.recent.front().is_some_and(|recent| now.saturating_duration_since(recent.at) > KEPT) {
            self.recent.pop_front();
        }
    }
}
