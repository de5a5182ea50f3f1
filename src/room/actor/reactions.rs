//! Reactions: small marks, a few words of our own and nothing else, where the meeting allows them.

use std::time::Instant;

use livekit_protocol::{DataPacket, data_packet};

use super::RoomActor;

/// The topic of their data packets; the payload is one of the marks.
const TOPIC: &str = "yizhan.reaction";
const MARKS: [&[u8]; 5] = [b"applause", b"agree", b"question", b"unheard", b"slower"];

impl RoomActor {
    /// Whether a packet of data goes on, in a room where somebody says who may send which.
    pub(super) fn may_send(&mut self, sid: &str, packet: &DataPacket) -> bool {
        let Some(participant) = self.participants.get_mut(sid) else { return false };
        let Some(governed) = self.governed.get(participant.identity()) else { return true };
        match &packet.value {
            Some(data_packet::Value::User(user)) if user.topic.as_deref() == Some(TOPIC) => {
                governed.may_react && MARKS.contains(&user.payload.as_slice()) && participant.reactions.take(Instant::now(), 1)
            }
            // The server alone speaks under our other names.
            Some(data_packet::Value::User(user)) if user.topic.as_deref().is_some_and(|topic| topic.starts_with("yizhan.")) => false,
            _ => governed.may_send_data,
        }
    }
}
