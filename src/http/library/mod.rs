//! The library's routes: columns, rules, assets, jobs and the front page.

mod assets;
mod columns;
mod front;
mod jobs;
mod rules;

use utoipa_axum::router::OpenApiRouter;

use super::AppState;

pub use assets::watched as watched_asset;
pub use columns::Column;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(columns::routes()).merge(rules::routes()).merge(assets::routes()).merge(jobs::routes()).merge(front::routes())
}
