//! Who may enter a room: LiveKit access tokens, JWTs (RFC 7519) that are signed with HS256 by an API key.
//!
//! [`Keys`] verify a token and give its [`Claims`]; a [`Key`] issues one. What the claims allow is asked of them
//! ([`Claims::join`], [`Claims::permission`], [`Claims::may_administer`]…), so that a rule of LiveKit's stands in one place.

mod claims;
mod error;
mod grant;
mod kept;
mod keys;
#[cfg(test)]
mod tests;
mod wire;

pub use claims::{Claims, Join, MOST_IDENTITY_BYTES, MOST_NAME_BYTES, MOST_ROOM_BYTES, RoomDefaults, may_publish};
pub use error::{KeyError, Refusal, TokenError};
pub use grant::VideoGrant;
pub use keys::{Key, Keys, LEEWAY, MOST_TOKEN_BYTES};

pub use livekit_protocol::ParticipantPermission;
pub use livekit_protocol::participant_info::Kind;
