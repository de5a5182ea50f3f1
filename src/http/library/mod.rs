//! The library's routes: columns, rules, assets, jobs and the front page.

mod assets;
mod columns;
mod front;
mod jobs;
mod rules;

use utoipa_axum::router::OpenApiRouter;

use super::AppState;

pub use assets::watched as watched_asset;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(columns::routes()).merge(rules::routes()).merge(assets::routes()).merge(jobs::routes()).merge(front::routes())
}

impl From<crate::library::LibraryError> for super::Problem {
    fn from(error: crate::library::LibraryError) -> Self {
        use crate::library::LibraryError as E;
        match error {
            E::Store(store) => store.into(),
            E::State { .. } => Self::conflict("state", error.to_string()),
            E::Empty { .. } | E::Long { .. } | E::NotOnTape { .. } => Self::bad_request("range", error.to_string()),
            E::Channel(channel) => channel.into(),
            E::Files(_) | E::Tape(_) | E::Ended => Self::internal(&error),
        }
    }
}
