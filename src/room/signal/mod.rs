//! What a client says when it opens its connection.

use std::io::Read;

use livekit_protocol::{ClientInfo, ConnectionSettings, JoinRequest, SessionDescription, SyncState, WrappedJoinRequest, wrapped_join_request};
use prost::Message;

/// What a join request may come to when it is unpacked; it carries an offer.
const REQUEST_BYTES: u64 = 512 * 1024;

/// Which form of the protocol a client speaks: with two connections, or with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Two,
    One,
}

/// A client that wants in, or back.
#[derive(Debug, Clone)]
pub struct JoinQuery {
    pub version: Version,
    pub client: ClientInfo,
    pub auto_subscribe: bool,
    pub adaptive_stream: bool,
    /// The participant that the client was, and wants to be again.
    pub resume: Option<String>,
    pub offer: Option<SessionDescription>,
    pub add_tracks: Vec<livekit_protocol::AddTrackRequest>,
    pub metadata: String,
    pub attributes: std::collections::HashMap<String, String>,
    pub sync: Option<SyncState>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("`join_request` is not base64")]
    Base64,
    #[error("`join_request` cannot be unpacked: {0}")]
    Packed(String),
    #[error("`join_request` is no join request: {0}")]
    Malformed(String),
}

impl JoinQuery {
    /// `/rtc/v1`: all is in `join_request`.
    pub fn one(join_request: &str) -> Result<Self, QueryError> {
        let wrapped = if join_request.is_empty() { Vec::new() } else { base64(join_request).ok_or(QueryError::Base64)? };
        let wrapped = WrappedJoinRequest::decode(wrapped.as_slice()).map_err(|e| QueryError::Malformed(e.to_string()))?;
        let bytes = match wrapped.compression() {
            wrapped_join_request::Compression::None => wrapped.join_request,
            wrapped_join_request::Compression::Gzip => unpack(&wrapped.join_request)?,
        };
        let request = JoinRequest::decode(bytes.as_slice()).map_err(|e| QueryError::Malformed(e.to_string()))?;
        let settings = request.connection_settings.unwrap_or(ConnectionSettings { auto_subscribe: true, ..ConnectionSettings::default() });
        Ok(Self {
            version: Version::One,
            client: request.client_info.unwrap_or_default(),
            auto_subscribe: settings.auto_subscribe,
            adaptive_stream: settings.adaptive_stream,
            resume: request.reconnect.then_some(request.participant_sid),
            offer: request.publisher_offer,
            add_tracks: request.add_track_requests,
            metadata: request.metadata,
            attributes: request.participant_attributes,
            sync: request.sync_state,
        })
    }

    /// `/rtc`: fields of the query.
    pub fn two<'q>(field: impl Fn(&str) -> Option<&'q str>) -> Self {
        let text = |name| field(name).unwrap_or_default().to_owned();
        let is_on = |name, otherwise| field(name).map_or(otherwise, |value| value == "1" || value == "true");
        let client = ClientInfo {
            version: text("version"),
            protocol: text("protocol").parse().unwrap_or(0),
            os: text("os"),
            os_version: text("os_version"),
            device_model: text("device_model"),
            browser: text("browser"),
            browser_version: text("browser_version"),
            network: text("network"),
            ..ClientInfo::default()
        };
        Self {
            version: Version::Two,
            client,
            auto_subscribe: is_on("auto_subscribe", true),
            adaptive_stream: is_on("adaptive_stream", false),
            resume: is_on("reconnect", false).then(|| text("sid")),
            offer: None,
            add_tracks: Vec::new(),
            metadata: String::new(),
            attributes: std::collections::HashMap::new(),
            sync: None,
        }
    }
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, QueryError> {
    let mut bytes = Vec::new();
    let mut unpacked = flate2::read::GzDecoder::new(packed).take(REQUEST_BYTES + 1);
    unpacked.read_to_end(&mut bytes).map_err(|e| QueryError::Packed(e.to_string()))?;
    if bytes.len() as u64 > REQUEST_BYTES {
        return Err(QueryError::Packed(format!("more than {REQUEST_BYTES} bytes")));
    }
    Ok(bytes)
}

/// Base64 for addresses, padded or not; the ordinary alphabet is taken too.
fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=').replace('+', "-").replace('/', "_")).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE;
    use proptest::prelude::*;

    use super::*;

    fn wrapped(compression: i32, join_request: Vec<u8>) -> String {
        URL_SAFE.encode(WrappedJoinRequest { compression, join_request }.encode_to_vec())
    }

    #[test]
    fn a_join_request_is_taken_plain_and_packed() {
        let request = JoinRequest { reconnect: true, participant_sid: "PA_x".into(), metadata: "m".repeat(2_000), ..JoinRequest::default() };
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&request.encode_to_vec()).unwrap();
        for text in [wrapped(0, request.encode_to_vec()), wrapped(1, gzip.finish().unwrap())] {
            let query = JoinQuery::one(&text).unwrap();
            assert_eq!((query.resume.as_deref(), query.auto_subscribe, query.metadata.len()), (Some("PA_x"), true, 2_000));
        }
    }

    #[test]
    fn a_small_request_cannot_become_a_huge_one() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&vec![0; 50 << 20]).unwrap();
        assert!(matches!(JoinQuery::one(&wrapped(1, gzip.finish().unwrap())), Err(QueryError::Packed(_))));
    }

    proptest! {
        #[test]
        fn no_request_can_make_it_panic(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..300), compression in 0..3_i32) {
            let _ = JoinQuery::one(&text);
            let _ = JoinQuery::one(&wrapped(compression, bytes));
        }
    }
}
