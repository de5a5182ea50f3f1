use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use livekit_protocol::WebhookEvent;
use sha2::{Digest, Sha256};

use crate::base::UtcMs;
use crate::room::token::{Claims, Key};

/// So long a message can be believed, as with LiveKit's.
const VALID: Duration = Duration::from_secs(300);

/// A message as it travels.
pub(super) struct Message {
    pub body: Vec<u8>,
    /// The value of `Authorization`.
    pub token: String,
}

impl Message {
    pub fn of(event: &WebhookEvent, key: &Key, now: UtcMs) -> Result<Self, String> {
        // Fails where an enumeration has a number without a name.
        let body = serde_json::to_vec(event).map_err(|error| error.to_string())?;
        let claims = Claims { sha256: STANDARD.encode(Sha256::digest(&body)), ..Claims::lasting(now, VALID) };
        let token = key.issue(&claims).map_err(|error| error.to_string())?;
        Ok(Self { body, token })
    }
}
