//! `/rtc` and `/rtc/v1`: a client's signalling connection.

use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::HashMap;

use crate::room::{Frame, JoinError, JoinQuery, Rooms, SignalLink};

/// A client that says nothing, not even a ping, is gone.
const SILENCE: Duration = Duration::from_secs(30);
/// Requests of one client, per second and at once: a flood ends its connection.
const RATE: f64 = 100.0;
const BURST: f64 = 500.0;
/// The protocol's largest request is a description; buffers grow to what is used.
const MESSAGE_BYTES: usize = 1 << 20;

#[derive(Deserialize)]
pub struct OneQuery {
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    join_request: String,
}

pub async fn one(
    State(rooms): State<Option<Rooms>>,
    Query(query): Query<OneQuery>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let token = token(&query.access_token, &headers);
    match JoinQuery::one(&query.join_request) {
        Ok(join) => connect(rooms, token, join, upgrade).await,
        Err(e) => refused(StatusCode::BAD_REQUEST, &e),
    }
}

pub async fn two(
    State(rooms): State<Option<Rooms>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let token = token(query.get("access_token").map_or("", String::as_str), &headers);
    let join = JoinQuery::two(|name| query.get(name).map(String::as_str));
    connect(rooms, token, join, upgrade).await
}

/// Why a connection was refused: clients ask after a failure (a browser does not tell them).
pub async fn validate(State(rooms): State<Option<Rooms>>, Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let Some(rooms) = rooms else { return off() };
    match rooms.validate(&token(query.get("access_token").map_or("", String::as_str), &headers)) {
        Ok(_) => "success".into_response(),
        Err(e) => refused(status(&e), &e),
    }
}

async fn connect(
    rooms: Option<Rooms>,
    token: String,
    join: JoinQuery,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let Some(rooms) = rooms else { return off() };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    match rooms.join(&token, join).await {
        // Small buffers: most connections are quiet, and a server holds thousands.
        Ok(link) => upgrade.max_message_size(MESSAGE_BYTES).write_buffer_size(0).read_buffer_size(4_096).on_upgrade(move |socket| carry(socket, link)),
        Err(e) => refused(status(&e), &e),
    }
}

/// Carries frames both ways until one side ends.
async fn carry(mut socket: WebSocket, mut link: SignalLink) {
    let (mut allowance, mut since) = (BURST, Instant::now());
    loop {
        tokio::select! {
            frame = link.next() => {
                let Some(frame) = frame else {
                    let close = CloseFrame { code: close_code::NORMAL, reason: "the room has ended the connection".into() };
                    let _ = socket.send(Message::Close(Some(close))).await;
                    return;
                };
                let message = match frame {
                    Frame::Binary(bytes) => Message::Binary(bytes.into()),
                    Frame::Text(text) => Message::Text(text.into()),
                };
                if !matches!(tokio::time::timeout(SILENCE, socket.send(message)).await, Ok(Ok(()))) {
                    return;
                }
            }
            received = tokio::time::timeout(SILENCE, socket.recv()) => {
                let frame = match received {
                    Ok(Some(Ok(Message::Binary(bytes)))) => Frame::Binary(bytes.to_vec()),
                    Ok(Some(Ok(Message::Text(text)))) => Frame::Text(text.to_string()),
                    Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
                    _ => return,
                };
                let now = Instant::now();
                allowance = (allowance + now.duration_since(since).as_secs_f64() * RATE).min(BURST) - 1.0;
                since = now;
                if allowance < 0.0 {
                    metrics::counter!("yizhan_room_refusals_total", "status" => "flood").increment(1);
                    tracing::warn!(participant = link.participant(), "a flood of requests: the connection is ended");
                    return;
                }
                if let Err(e) = link.take(&frame) {
                    tracing::info!(participant = link.participant(), error = %e, "a request that cannot be read");
                }
            }
        }
    }
}

/// From the query, as browsers must, or from the header.
fn token(query: &str, headers: &HeaderMap) -> String {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    header.unwrap_or(query).trim().to_owned()
}

fn status(e: &JoinError) -> StatusCode {
    match e {
        JoinError::Token(_) => StatusCode::UNAUTHORIZED,
        JoinError::Refused(_) => StatusCode::FORBIDDEN,
        JoinError::Room(_) | JoinError::TooManyRooms(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn refused(status: StatusCode, why: &dyn std::fmt::Display) -> Response {
    metrics::counter!("yizhan_room_refusals_total", "status" => status.as_str().to_owned()).increment(1);
    (status, why.to_string()).into_response()
}

pub(super) fn off() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "rooms are switched off: `[rooms] enabled`").into_response()
}
