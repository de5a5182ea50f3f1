//! Claims as they stand in a token: JSON under the names of RFC 7519 §4.1 and LiveKit's.

use std::collections::BTreeMap;

use livekit_protocol::participant_info::Kind;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;

use super::{Claims, RoomDefaults, TokenError, VideoGrant};
use crate::base::UtcMs;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire {
    iss: String,
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    sub: String,
    /// Where `sub` is missing the identity is here, as in LiveKit's first tokens. Never written.
    #[serde(default, skip_serializing, deserialize_with = "null_is_default")]
    jti: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<Number>,
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    metadata: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_is_default")]
    attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "null_is_default")]
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    video: Option<VideoGrant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room_config: Option<RoomDefaults>,
}

/// The year 9999: sums with what is within it do not overflow.
const FARTHEST_MS: i64 = 253_402_300_799_000;

/// A NumericDate: seconds since 1970, possibly with a fraction (RFC 7519 §2).
fn instant(date: Number) -> UtcMs {
    let whole = date.as_i64().map(|seconds| seconds.saturating_mul(1_000));
    let ms = whole.unwrap_or_else(|| (date.as_f64().unwrap_or(0.0) * 1_000.0) as i64);
    UtcMs(ms.clamp(-FARTHEST_MS, FARTHEST_MS))
}

fn numeric_date(at: UtcMs) -> Number {
    at.0.div_euclid(1_000).into()
}

impl Wire {
    pub(super) fn of(claims: &Claims, key: &str) -> Self {
        let claims = claims.clone();
        Self {
            iss: key.to_owned(),
            sub: claims.identity,
            jti: String::new(),
            iat: claims.issued.map(numeric_date),
            nbf: claims.not_before.map(numeric_date),
            exp: Some(numeric_date(claims.expires)),
            name: claims.name,
            metadata: claims.metadata,
            attributes: claims.attributes,
            kind: if claims.kind == Kind::Standard { String::new() } else { claims.kind.as_str_name().to_ascii_lowercase() },
            sha256: claims.sha256,
            video: claims.video,
            room_config: claims.room_defaults,
        }
    }

    pub(super) fn claims(self) -> Result<Claims, TokenError> {
        Ok(Claims {
            expires: instant(self.exp.ok_or(TokenError::NoExpiry)?),
            key: self.iss,
            identity: if self.sub.is_empty() { self.jti } else { self.sub },
            issued: self.iat.map(instant),
            not_before: self.nbf.map(instant),
            name: self.name,
            metadata: self.metadata,
            attributes: self.attributes,
            kind: Kind::from_str_name(&self.kind.to_ascii_uppercase()).unwrap_or(Kind::Standard),
            sha256: self.sha256,
            video: self.video,
            room_defaults: self.room_config,
        })
    }
}

/// Some languages' SDKs write `null` where they mean nothing.
pub(super) fn null_is_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
