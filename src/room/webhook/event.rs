use std::fmt;

use livekit_protocol::{Room, WebhookEvent};

use crate::base::UtcMs;

/// What webhooks tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happening {
    RoomStarted,
    RoomFinished,
    ParticipantJoined,
    ParticipantLeft,
    /// Gone before the media connection stood.
    ParticipantConnectionAborted,
    TrackPublished,
    TrackUnpublished,
}

impl Happening {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RoomStarted => "room_started",
            Self::RoomFinished => "room_finished",
            Self::ParticipantJoined => "participant_joined",
            Self::ParticipantLeft => "participant_left",
            Self::ParticipantConnectionAborted => "participant_connection_aborted",
            Self::TrackPublished => "track_published",
            Self::TrackUnpublished => "track_unpublished",
        }
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// To be completed with `participant` for those of participants and tracks, with `track` for those of tracks, with `room_end_reason` for a room's end.
pub fn event(what: Happening, room: Room) -> WebhookEvent {
    WebhookEvent { event: what.as_str().to_owned(), room: Some(room), ..WebhookEvent::default() }
}

/// With an id and a time, if it has none.
pub fn stamped(mut event: WebhookEvent, now: UtcMs) -> WebhookEvent {
    if event.id.is_empty() {
        event.id = format!("EV_{}", ulid::Ulid::new());
    }
    if event.created_at == 0 {
        event.created_at = now.0.div_euclid(1_000);
    }
    event
}
