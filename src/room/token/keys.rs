use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::wire::Wire;
use super::{Claims, KeyError, TokenError};
use crate::base::UtcMs;
use crate::config::{self, LEAST_SECRET_BYTES};

/// A token is one line of a request; none of an SDK comes near.
pub const MOST_TOKEN_BYTES: usize = 16 * 1024;
/// By how much clocks may differ, as in LiveKit's servers and SDKs.
pub const LEEWAY: Duration = Duration::from_secs(60);

/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// An API key: its name, and what its secret makes of a message.
#[derive(Debug, Clone)]
pub struct Key {
    name: String,
    hmac: hmac::Key,
}

/// The keys whose tokens are good; several while one replaces another.
#[derive(Debug, Clone)]
pub struct Keys {
    first: Key,
    others: Vec<Key>,
}

impl Key {
    /// The secret is taken as it is written, not as base64.
    pub fn new(name: impl Into<String>, secret: &str) -> Result<Self, KeyError> {
        let name = name.into();
        if name.is_empty() {
            return Err(KeyError::NoName);
        }
        if secret.len() < LEAST_SECRET_BYTES {
            return Err(KeyError::Short { key: name, bytes: secret.len(), least: LEAST_SECRET_BYTES });
        }
        Ok(Self { name, hmac: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The token that says so, until [`Claims::expires`]. `claims.key` is not looked at.
    pub fn issue(&self, claims: &Claims) -> Result<String, TokenError> {
        let json = serde_json::to_vec(&Wire::of(claims, &self.name)).map_err(|error| TokenError::Malformed { part: "claims", said: error.to_string() })?;
        let mut token = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(json));
        let signature = hmac::sign(&self.hmac, token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        bounded(&token)?;
        Ok(token)
    }

    fn signed(&self, message: &str, signature: &[u8]) -> bool {
        hmac::verify(&self.hmac, message.as_bytes(), signature).is_ok()
    }
}

impl Keys {
    /// By name and secret; the first signs what the server issues itself.
    pub fn new<'k>(pairs: impl IntoIterator<Item = (&'k str, &'k str)>) -> Result<Self, KeyError> {
        let mut keys: Vec<Key> = Vec::new();
        for (name, secret) in pairs {
            if keys.iter().any(|key| key.name == name) {
                return Err(KeyError::Twice(name.to_owned()));
            }
            keys.push(Key::new(name, secret)?);
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(KeyError::None)?;
        Ok(Self { first, others: keys.collect() })
    }

    /// The configured ones; `None` where there are none, see [`Keys::load_or_create`].
    pub fn configured(rooms: &config::Rooms) -> Result<Option<Self>, KeyError> {
        if rooms.keys.is_empty() {
            return Ok(None);
        }
        Self::new(rooms.keys.iter().map(|(name, secret)| (name.as_str(), secret.as_str()))).map(Some)
    }

    pub fn first(&self) -> &Key {
        &self.first
    }

    pub fn get(&self, name: &str) -> Option<&Key> {
        self.iter().find(|key| key.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What the token says, if one of the keys signed it and it is its time (give or take [`LEEWAY`]). Nothing of it is used before that.
    pub fn verify(&self, token: &str, now: UtcMs) -> Result<Claims, TokenError> {
        bounded(token)?;
        let mut parts = token.split('.');
        let (Some(header), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(TokenError::Parts { parts: token.split('.').count() });
        };
        let header: Header = json("header", &decoded("header", header)?)?;
        if header.alg != "HS256" {
            return Err(TokenError::Algorithm { algorithm: excerpt(&header.alg) });
        }
        // RFC 7515 §4.1.11: who does not know a critical extension refuses.
        if header.crit.is_some() {
            return Err(TokenError::Malformed { part: "header", said: "`crit` names extensions that are not known here".to_owned() });
        }
        let body = decoded("claims", body)?;
        let issuer: Issuer = json("claims", &body)?;
        let name = issuer.iss.filter(|name| !name.is_empty()).ok_or(TokenError::NoKey)?;
        let key = self.get(&name).ok_or_else(|| TokenError::UnknownKey { key: excerpt(&name) })?;

        let message = token.rsplit_once('.').map_or("", |(message, _)| message);
        if !key.signed(message, &decoded("signature", signature)?) {
            return Err(TokenError::Signature { key: name });
        }
        let claims = json::<Wire>("claims", &body)?.claims()?;
        let leeway_ms = LEEWAY.as_millis() as i64;
        if now.0.saturating_sub(leeway_ms) >= claims.expires.0 {
            return Err(TokenError::Expired { at: claims.expires, now });
        }
        match claims.not_before {
            Some(from) if now.0.saturating_add(leeway_ms) < from.0 => Err(TokenError::NotYet { from, now }),
            _ => Ok(claims),
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Issuer {
    iss: Option<String>,
}

fn bounded(token: &str) -> Result<(), TokenError> {
    let bytes = token.len();
    if bytes > MOST_TOKEN_BYTES { Err(TokenError::TooLong { bytes, most: MOST_TOKEN_BYTES }) } else { Ok(()) }
}

fn decoded(part: &'static str, text: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| TokenError::Malformed { part, said: error.to_string() })
}

fn json<'a, T: Deserialize<'a>>(part: &'static str, bytes: &'a [u8]) -> Result<T, TokenError> {
    serde_json::from_slice(bytes).map_err(|error| TokenError::Malformed { part, said: excerpt(&error.to_string()) })
}

/// So much of a stranger's words as an error can carry.
fn excerpt(text: &str) -> String {
    text.chars().take(120).flat_map(char::escape_debug).collect()
}
