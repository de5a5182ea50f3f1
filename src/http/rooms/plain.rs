//! WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): encoders and players without signalling.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::room::{JoinError, PlainError, PlainRefusal, Purpose, Rooms};

const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";
/// Longer descriptions are not read.
const SDP_BYTES: usize = 256 << 10;

pub async fn publish(state: State<Option<Rooms>>, room: Path<String>, headers: HeaderMap, body: String) -> Response {
    enter(state, room, headers, body, Purpose::Publish).await
}

pub async fn play(state: State<Option<Rooms>>, room: Path<String>, headers: HeaderMap, body: String) -> Response {
    enter(state, room, headers, body, Purpose::Play).await
}

async fn enter(State(rooms): State<Option<Rooms>>, Path(room): Path<String>, headers: HeaderMap, offer: String, purpose: Purpose) -> Response {
    let Some(rooms) = rooms else { return super::signalling::off() };
    if text(&headers, header::CONTENT_TYPE) != SDP {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, [(header::ACCEPT, SDP)], format!("an offer is {SDP}")).into_response();
    }
    if offer.len() > SDP_BYTES {
        return (StatusCode::PAYLOAD_TOO_LARGE, format!("an offer of {} bytes; at most {SDP_BYTES} are read", offer.len())).into_response();
    }
    let token = text(&headers, header::AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
    match rooms.plain(token.trim(), &room, purpose, offer).await {
        Ok(plain) => {
            let word = if purpose == Purpose::Publish { "whip" } else { "whep" };
            let location = format!("/{word}/{}/{}", encoded(&room), plain.resource);
            let headers = [
                (header::CONTENT_TYPE, SDP.to_owned()),
                (header::LOCATION, location),
                (header::ETAG, plain.etag),
                (header::HeaderName::from_static("accept-patch"), FRAGMENT.to_owned()),
            ];
            (StatusCode::CREATED, headers, plain.sdp).into_response()
        }
        Err(e) => refused(&e),
    }
}

pub async fn patch(State(rooms): State<Option<Rooms>>, Path((room, resource)): Path<(String, String)>, headers: HeaderMap, fragment: String) -> Response {
    let Some(rooms) = rooms else { return super::signalling::off() };
    if text(&headers, header::CONTENT_TYPE) != FRAGMENT {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, [(header::ACCEPT, FRAGMENT)], format!("a change is {FRAGMENT}")).into_response();
    }
    let etag = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    match rooms.plain_patch(&room, resource, etag, fragment).await {
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Ok(Some((answer, etag))) => ([(header::CONTENT_TYPE, FRAGMENT.to_owned()), (header::ETAG, etag)], answer).into_response(),
        Err(e) => refused(&e.into()),
    }
}

pub async fn end(State(rooms): State<Option<Rooms>>, Path((room, resource)): Path<(String, String)>) -> Response {
    let Some(rooms) = rooms else { return super::signalling::off() };
    match rooms.plain_end(&room, resource).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(e) => refused(&e.into()),
    }
}

fn refused(e: &PlainRefusal) -> Response {
    let status = match e {
        PlainRefusal::Join(JoinError::Token(_)) => StatusCode::UNAUTHORIZED,
        PlainRefusal::Join(JoinError::Refused(_)) | PlainRefusal::Plain(PlainError::NotAllowed) => StatusCode::FORBIDDEN,
        PlainRefusal::Plain(PlainError::Offer(_)) => StatusCode::BAD_REQUEST,
        PlainRefusal::Plain(PlainError::Nothing) => StatusCode::NOT_ACCEPTABLE,
        // WHEP: the player comes again.
        PlainRefusal::Plain(PlainError::NothingToPlay) => StatusCode::CONFLICT,
        PlainRefusal::Plain(PlainError::NoSession) => StatusCode::NOT_FOUND,
        PlainRefusal::Plain(PlainError::OtherSession) => StatusCode::PRECONDITION_FAILED,
        PlainRefusal::Plain(PlainError::Full(_)) | PlainRefusal::Join(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = (status, e.to_string()).into_response();
    if matches!(status, StatusCode::CONFLICT | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).map_or("", |value| value.split(';').next().unwrap_or(value).trim())
}

/// A name as a part of a path (RFC 3986 section 3.3).
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
