//! Rooms: signalling by WebSocket, WHIP and WHEP, `RoomService` by Twirp, and what the pages ask for.

mod api;
mod plain;
mod signalling;
mod twirp;

use axum::Router;
use axum::http::{Method, header};
use axum::routing::{any, get, patch, post};

use tower_http::cors::{Any, CorsLayer};

use super::AppState;

pub use api::routes as api_routes;

/// What lies beside the API: the paths are those of the LiveKit protocol.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/rtc", any(signalling::two))
        .route("/rtc/v1", any(signalling::one))
        .route("/rtc/validate", get(signalling::validate))
        .route("/rtc/v1/validate", get(signalling::validate))
        .route("/whip/{room}", post(plain::publish))
        .route("/whep/{room}", post(plain::play))
        .route("/whip/{room}/{resource}", patch(plain::patch).delete(plain::end))
        .route("/whep/{room}/{resource}", patch(plain::patch).delete(plain::end))
        .route("/twirp/{service}/{method}", post(twirp::call))
        .layer(cross_origin())
}

/// Pages of other systems may use rooms: what counts is the token, and no cookie is looked at here.
fn cross_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH])
        .expose_headers([header::LOCATION, header::ETAG, header::HeaderName::from_static("accept-patch")])
}
