//! An asset's files and its master playlist.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use axum::routing::get;

use super::{Caching, bytes, content_type, file};
use crate::base::AssetId;
use crate::http::extract::Path;
use crate::http::library::watched_asset;
use crate::http::{AppState, Problem};
use crate::org::Caller;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/media/assets/{id}/master.m3u8", get(master))
        .route("/media/assets/{id}/{name}", get(beside))
        .route("/media/assets/{id}/{rung}/{name}", get(of_rung))
}

/// Made for the one who asks: a site may have a highest rung.
async fn master(State(app): State<AppState>, caller: Caller, Path(id): Path<AssetId>, headers: HeaderMap) -> Result<Response<Body>, Problem> {
    let row = watched_asset(&app, &caller, &id).await?;
    if !row.playable {
        return Err(Problem::not_found("playable rendition of asset", id.as_str()));
    }
    let text = crate::library::master_playlist(&row.renditions, caller.highest_rung());
    Ok(bytes(text.into(), super::PLAYLIST, Caching::Revalidate, &headers))
}

async fn beside(State(app): State<AppState>, caller: Caller, Path((id, name)): Path<(AssetId, String)>, headers: HeaderMap) -> Result<Response<Body>, Problem> {
    watched_asset(&app, &caller, &id).await?;
    give(&app, &id, &[&name], &headers).await
}

async fn of_rung(
    State(app): State<AppState>,
    caller: Caller,
    Path((id, rung, name)): Path<(AssetId, String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    watched_asset(&app, &caller, &id).await?;
    give(&app, &id, &[&rung, &name], &headers).await
}

async fn give(app: &AppState, id: &AssetId, parts: &[&str], headers: &HeaderMap) -> Result<Response<Body>, Problem> {
    let mut path = app.library.folder(id);
    for part in parts {
        // A decoded path segment may hold anything.
        if part.starts_with('.') || part.contains(['/', '\\', '\0']) {
            return Err(Problem::not_found("file", part));
        }
        path.push(part);
    }
    let name = parts.last().copied().unwrap_or_default();
    // Segments never change under their names; playlists grow, and a poster may be made again.
    let caching = if name.ends_with(".m4s") { Caching::Immutable } else { Caching::Revalidate };
    file(&path, content_type(name), caching, headers).await
}
