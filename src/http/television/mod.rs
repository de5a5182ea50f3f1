//! Television's routes: channels, their tapes, guides and timetables.

mod channels;
mod guide;
mod tape;

use utoipa_axum::router::OpenApiRouter;

use super::AppState;

pub use channels::{Channel, watched, watched_channels};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(channels::routes()).merge(tape::routes()).merge(guide::routes())
}
