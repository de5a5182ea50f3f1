//! `/twirp/livekit.RoomService/…`: the API by which programs steer rooms (Twirp 7).

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::room::{Rooms, ServiceError};

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/protobuf";

pub async fn call(State(rooms): State<Option<Rooms>>, Path((service, method)): Path<(String, String)>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text(header::CONTENT_TYPE);
    let is_json = kind.starts_with(JSON);
    if !is_json && !kind.starts_with(PROTOBUF) {
        return error(&ServiceError::BadRoute(format!("{method} with content type {kind}")));
    }
    let Some(rooms) = rooms.filter(|_| service == "livekit.RoomService") else {
        return error(&ServiceError::BadRoute(format!("{service}/{method}")));
    };
    let token = text(header::AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
    match rooms.serve(&method, token, is_json, &body).await {
        Ok(reply) => ([(header::CONTENT_TYPE, if reply.is_json { JSON } else { PROTOBUF })], reply.body).into_response(),
        Err(e) => error(&e),
    }
}

fn error(e: &ServiceError) -> Response {
    let (code, status) = e.code();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(serde_json::json!({ "code": code, "msg": e.to_string() }))).into_response()
}
