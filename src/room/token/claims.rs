use std::collections::BTreeMap;
use std::time::Duration;

use livekit_protocol::participant_info::Kind;
use livekit_protocol::{ParticipantPermission, TrackSource};
use serde::{Deserialize, Serialize};

use super::wire::null_is_default;
use super::{Refusal, VideoGrant};
use crate::base::UtcMs;

/// As LiveKit's defaults; an identity has 1 to 256 bytes of UTF-8 without control characters (it stands in logs and lists), and so has a room's name.
pub const MOST_IDENTITY_BYTES: usize = 256;
pub const MOST_ROOM_BYTES: usize = 256;
/// Of the name that others see; it may be empty.
pub const MOST_NAME_BYTES: usize = 256;

/// What a token says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    /// The API key that signed it (`iss`). A key that issues writes its own.
    pub key: String,
    /// Empty in tokens of servers, which do not join.
    pub identity: String,
    /// What others see.
    pub name: String,
    pub metadata: String,
    pub attributes: BTreeMap<String, String>,
    pub kind: Kind,
    /// Base64 of the SHA-256 of the message that the token goes with; of webhooks.
    pub sha256: String,
    pub video: Option<VideoGrant>,
    /// For a room that the participant is the first to enter.
    pub room_defaults: Option<RoomDefaults>,
    /// Times are whole seconds in a token.
    pub issued: Option<UtcMs>,
    pub not_before: Option<UtcMs>,
    pub expires: UtcMs,
}

/// What of LiveKit's `RoomConfiguration` has a meaning here. 0 and empty: the server's own setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoomDefaults {
    #[serde(rename = "emptyTimeout", alias = "empty_timeout", deserialize_with = "null_is_default")]
    pub empty_timeout_seconds: u32,
    #[serde(rename = "departureTimeout", alias = "departure_timeout", deserialize_with = "null_is_default")]
    pub departure_timeout_seconds: u32,
    #[serde(alias = "max_participants", deserialize_with = "null_is_default")]
    pub max_participants: u32,
    #[serde(deserialize_with = "null_is_default")]
    pub metadata: String,
}

/// Leave to enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join<'c> {
    pub room: &'c str,
    pub identity: &'c str,
    pub name: &'c str,
}

impl Claims {
    /// Nothing is granted yet.
    pub fn lasting(now: UtcMs, valid: Duration) -> Self {
        let valid_ms = i64::try_from(valid.as_millis()).unwrap_or(i64::MAX);
        Self { issued: Some(now), not_before: Some(now), expires: UtcMs(now.0.saturating_add(valid_ms)), ..Self::default() }
    }

    pub fn with_identity(self, identity: impl Into<String>) -> Self {
        Self { identity: identity.into(), ..self }
    }

    pub fn with_video(self, grant: VideoGrant) -> Self {
        Self { video: Some(grant), ..self }
    }

    /// Whether the holder may enter, and where. A token that names no room is refused: LiveKit lets its holder into any.
    pub fn join(&self) -> Result<Join<'_>, Refusal> {
        let grant = self.granted("roomJoin", |grant| grant.room_join)?;
        if grant.room.is_empty() {
            return Err(Refusal::NoRoom);
        }
        if self.identity.is_empty() {
            return Err(Refusal::NoIdentity);
        }
        fit("the room's name", &grant.room, MOST_ROOM_BYTES)?;
        fit("the identity", &self.identity, MOST_IDENTITY_BYTES)?;
        fit("the name", &self.name, MOST_NAME_BYTES)?;
        Ok(Join { room: &grant.room, identity: &self.identity, name: &self.name })
    }

    /// What a participant may do in the room; of a token without grants: nothing.
    pub fn permission(&self) -> ParticipantPermission {
        self.video.as_ref().map(VideoGrant::permission).unwrap_or_default()
    }

    /// Removing people, muting, changing metadata, sending data as the server: in the one room of the token.
    pub fn may_administer(&self, room: &str) -> Result<(), Refusal> {
        let grant = self.granted("roomAdmin", |grant| grant.room_admin)?;
        same("roomAdmin", &grant.room, room)
    }

    pub fn may_create(&self) -> Result<(), Refusal> {
        self.granted("roomCreate", |grant| grant.room_create).map(drop)
    }

    pub fn may_list(&self) -> Result<(), Refusal> {
        self.granted("roomList", |grant| grant.room_list).map(drop)
    }

    pub fn may_record(&self) -> Result<(), Refusal> {
        self.granted("roomRecord", |grant| grant.room_record).map(drop)
    }

    /// Taking participants of one room into another.
    pub fn may_forward(&self, room: &str, destination: &str) -> Result<(), Refusal> {
        self.may_administer(room)?;
        let granted = self.video.as_ref().map_or("", |grant| grant.destination_room.as_str());
        same("destinationRoom", granted, destination)
    }

    fn granted(&self, name: &'static str, has: impl Fn(&VideoGrant) -> bool) -> Result<&VideoGrant, Refusal> {
        self.video.as_ref().filter(|grant| has(grant)).ok_or(Refusal::NotGranted(name))
    }
}

/// Whether a track of this source may be published.
pub fn may_publish(permission: &ParticipantPermission, source: TrackSource) -> bool {
    let sources = &permission.can_publish_sources;
    permission.can_publish && (sources.is_empty() || sources.contains(&(source as i32)))
}

fn same(grant: &'static str, granted: &str, asked: &str) -> Result<(), Refusal> {
    let is_same = granted == asked && !asked.is_empty();
    is_same.then_some(()).ok_or_else(|| Refusal::OtherRoom { grant, granted: granted.to_owned(), asked: asked.to_owned() })
}

fn fit(what: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.len() > most {
        return Err(Refusal::TooLong { what, bytes: text.len(), most });
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::ControlCharacter { what });
    }
    Ok(())
}
