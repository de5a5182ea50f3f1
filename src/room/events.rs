//! What happens in the rooms, as a stream for whatever is built on them.

use std::sync::Arc;

use livekit_protocol::{SpeakerInfo, WebhookEvent};
use tokio::sync::broadcast;

/// Events that wait for a listener; a slower one misses some.
const WAITING: usize = 1_024;

#[derive(Debug, Clone)]
pub enum RoomEvent {
    /// What webhooks tell: a room, its participants and their tracks come and go.
    Changed(Arc<WebhookEvent>),
    /// Who speaks now, the loudest first.
    Speakers { room: Arc<str>, speakers: Arc<[SpeakerInfo]> },
    /// The listener was too slow for so many: it should ask anew how things are.
    Missed(u64),
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
    /// Whether it is of this room; one who missed something may have missed of any.
    pub fn is_of(&self, name: &str) -> bool {
        match self {
            Self::Changed(event) => event.room.as_ref().is_some_and(|room| room.name == name),
            Self::Speakers { room, .. } => **room == *name,
            Self::Missed(_) => true,
        }
    }
}
