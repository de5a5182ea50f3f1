use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::LoadError;
use crate::base::{Clock, SystemClock, UtcMs};
use crate::room::token::{Claims, Key, VideoGrant};

const VALID: Duration = Duration::from_secs(6 * 3_600);

/// Who makes the clients' tokens.
#[derive(Debug, Clone)]
pub enum Signer {
    /// A key of this machine's own server.
    Own(Key),
    /// A key of some server: its secret may be shorter than we let our own be.
    Foreign { name: String, secret: hmac::Key },
}

impl Signer {
    pub fn foreign(name: impl Into<String>, secret: &str) -> Self {
        Self::Foreign { name: name.into(), secret: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) }
    }

    pub fn token(&self, room: &str, identity: &str, publishes: bool) -> Result<String, LoadError> {
        let now = SystemClock.now();
        let grant = VideoGrant { room_join: true, room: room.to_owned(), can_publish: Some(publishes), can_subscribe: Some(true), ..VideoGrant::default() };
        match self {
            Self::Own(key) => {
                let claims = Claims::lasting(now, VALID).with_identity(identity).with_video(grant);
                key.issue(&claims).map_err(|e| LoadError::Token(e.to_string()))
            }
            Self::Foreign { name, secret } => foreign(name, secret, now, identity, &grant),
        }
    }
}

fn foreign(name: &str, secret: &hmac::Key, now: UtcMs, identity: &str, grant: &VideoGrant) -> Result<String, LoadError> {
    let seconds = now.0.div_euclid(1_000);
    let expires = seconds + VALID.as_secs() as i64;
    let claims = serde_json::json!({ "iss": name, "sub": identity, "name": identity, "nbf": seconds, "exp": expires, "video": grant });
    let head = serde_json::json!({ "alg": "HS256", "typ": "JWT" });
    let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(head.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = hmac::sign(secret, token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::token::Keys;

    #[test]
    fn a_token_lets_its_holder_into_the_room() {
        let secret = "s".repeat(32);
        let keys = Keys::new([("k", secret.as_str())]).unwrap();
        for signer in [Signer::foreign("k", &secret), Signer::Own(keys.first().clone())] {
            let token = signer.token("hall", "load-1", false).unwrap();
            let claims = keys.verify(&token, SystemClock.now()).unwrap();
            let join = claims.join().unwrap();
            assert_eq!((join.room, join.identity, claims.permission().can_publish), ("hall", "load-1", false));
        }
    }
}
