//! What happens in the rooms, as a stream for whatever is built on them.

use std::sync::Arc;

use livekit_protocol::{DisconnectReason, SpeakerInfo, WebhookEvent};
use tokio::sync::broadcast;

/// Events that wait for a listener; a slower one misses some.
const WAITING: usize = 1_024;

#[derive(Debug, Clone)]
pub enum RoomEvent {
    /// What webhooks tell: a room, its participants and their tracks come and go.
    Changed(Arc<WebhookEvent>),
    /// Who speaks now, the loudest first.
    Speakers { room: Arc<str>, speakers: Arc<[SpeakerInfo]> },
    /// A participant opened or closed its microphone.
    Muted { room: Arc<str>, identity: String, is_muted: bool },
    /// The listener was too slow for so many: it should ask anew how things are.
    Missed(u64),
}

/// What an event says of who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage<'e> {
    RoomBegan,
    Came {
        identity: &'e str,
        name: &'e str,
    },
    /// By its own will, or its connection ended.
    Left {
        identity: &'e str,
        is_meant: bool,
    },
}

/// Tells all who listen; clones tell the same.
#[derive(Debug, Clone)]
pub(super) struct RoomTeller(broadcast::Sender<RoomEvent>);

/// One who listens.
#[derive(Debug)]
pub struct RoomEvents(broadcast::Receiver<RoomEvent>);

impl RoomTeller {
    pub fn tell(&self, event: RoomEvent) {
        // Nobody listens: nothing is lost.
        let _ = self.0.send(event);
    }

    pub fn listen(&self) -> RoomEvents {
        RoomEvents(self.0.subscribe())
    }
}

impl Default for RoomTeller {
    fn default() -> Self {
        Self(broadcast::channel(WAITING).0)
    }
}

impl RoomEvents {
    /// None: there are no rooms any more.
    pub async fn next(&mut self) -> Option<RoomEvent> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(missed)) => Some(RoomEvent::Missed(missed)),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl RoomEvent {
    pub fn passage(&self) -> Option<Passage<'_>> {
        let Self::Changed(event) = self else { return None };
        let participant = event.participant.as_ref();
        match event.event.as_str() {
            "room_started" => Some(Passage::RoomBegan),
            "participant_joined" => participant.map(|info| Passage::Came { identity: &info.identity, name: &info.name }),
            "participant_left" | "participant_connection_aborted" => {
                participant.map(|info| Passage::Left { identity: &info.identity, is_meant: info.disconnect_reason() == DisconnectReason::ClientInitiated })
            }
            _ => None,
        }
    }

    /// Whether it is of this room; one who missed something may have missed of any.
    pub fn is_of(&self, name: &str) -> bool {
        match self {
            Self::Changed(event) => event.room.as_ref().is_some_and(|room| room.name == name),
            Self::Speakers { room, .. } | Self::Muted { room, .. } => **room == *name,
            Self::Missed(_) => true,
        }
    }
}
