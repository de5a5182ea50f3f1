//! A channel live, and from a time on its tape (`?from=`, UTC milliseconds).

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use axum::routing::get;
use serde::Deserialize;

use super::{Caching, PLAYLIST, bytes, content_type, file};
use crate::base::{ChannelId, UtcMs};
use crate::channel::{LiveError, Media};
use crate::http::extract::{Path, Query};
use crate::http::television::watched;
use crate::http::{AppState, Problem};
use crate::org::Caller;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/media/live/{channel}/master.m3u8", get(master))
        .route("/media/live/{channel}/{rung}/index.m3u8", get(playlist))
        .route("/media/live/{channel}/{rung}/{name}", get(media))
}

#[derive(Debug, Deserialize)]
struct Start {
    /// From there on instead of the live edge: start-over.
    from: Option<i64>,
}

async fn master(
    State(app): State<AppState>,
    caller: Caller,
    Path(channel): Path<ChannelId>,
    Query(start): Query<Start>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    watched(&app, &caller, &channel).await?;
    let text = app.channels.master_playlist(&channel, start.from.map(UtcMs), caller.highest_rung()).await?;
    Ok(bytes(text.into(), PLAYLIST, Caching::Revalidate, &headers))
}

async fn playlist(
    State(app): State<AppState>,
    caller: Caller,
    Path((channel, rung)): Path<(ChannelId, String)>,
    Query(start): Query<Start>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    watched(&app, &caller, &channel).await?;
    let text = app.channels.media_playlist(&channel, &rung, start.from.map(UtcMs)).await?;
    Ok(bytes(text.into(), PLAYLIST, Caching::Revalidate, &headers))
}

async fn media(
    State(app): State<AppState>,
    caller: Caller,
    Path((channel, rung, name)): Path<(ChannelId, String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    watched(&app, &caller, &channel).await?;
    match app.channels.media(&channel, &rung, &name).await? {
        Media::Bytes(body) => Ok(bytes(body, content_type(&name), Caching::Immutable, &headers)),
        Media::File(path) => file(&path, content_type(&name), Caching::Immutable, &headers).await,
    }
}

impl From<LiveError> for Problem {
    fn from(error: LiveError) -> Self {
        use axum::http::StatusCode;
        match &error {
            LiveError::NoSuch { .. } => Self::new(StatusCode::NOT_FOUND, "not_found", error.to_string()),
            LiveError::NotYet { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_yet", error.to_string()),
            LiveError::Busy { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string()),
            LiveError::Tape(_) | LiveError::Worker(_) => Self::internal(&error),
            LiveError::Store(store) => match store {
                crate::store::StoreError::Missing { what, id } => Self::not_found(what, id),
                other => Self::internal(other),
            },
        }
    }
}
