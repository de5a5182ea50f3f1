//! Media as players ask for them: assets from their folders, live and start-over from the tape.

mod assets;
mod file;
mod live;

use axum::Router;

use super::AppState;

pub use file::{Caching, bytes, file};

pub fn routes() -> Router<AppState> {
    Router::new().merge(assets::routes()).merge(live::routes())
}

pub const PLAYLIST: &str = "application/vnd.apple.mpegurl";

/// The type of a media file, by its ending.
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "m3u8" => PLAYLIST,
        "mp4" => "video/mp4",
        "m4s" => "video/iso.segment",
        "jpg" => "image/jpeg",
        "vtt" => "text/vtt; charset=utf-8",
        _ => "application/octet-stream",
    }
}
