//! The only place that knows HTTP: routes, extractors, error → status.

mod caller;
mod disposition;
mod extract;
mod headers;
mod library;
mod media;
mod meetings;
mod operations;
mod org;
mod page;
mod problem;
mod rooms;
mod session;
mod status;
mod television;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::middleware;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::base::UnitId;
use crate::base::{Clock, Zone};
use crate::channel::Channels;
use crate::document::Documents;
use crate::library::Library;
use crate::meeting::Meetings;
use crate::meeting::live::Live;
use crate::meeting::papers::Papers;
use crate::meeting::stands::Stands;
use crate::org::{Caller, Org, Record};
use crate::room::Rooms;
use crate::store::Store;
use crate::telemetry::redacted;

pub use caller::{OverTls, SESSION_COOKIE};
pub use page::{Page, page_size};
pub use problem::Problem;
pub use status::StatusSource;

/// What routes have at hand.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub store: Store,
    pub org: Org,
    pub channels: Channels,
    pub library: Library,
    pub meetings: Meetings,
    pub papers: Papers,
    pub documents: Documents,
    /// None: switched off.
    pub rooms: Option<Rooms>,
    /// Meetings that are held in them.
    pub live: Option<Live>,
    /// Computers that stand ready in venues.
    pub stands: Stands,
    pub clock: Arc<dyn Clock>,
    pub zone: Zone,
    pub status: StatusSource,
}

impl AppState {
    /// Notes a change in the audit log.
    async fn record(&self, caller: &Caller, record: Record) -> Result<(), Problem> {
        Ok(self.org.record(&caller.actor(), record).await?)
    }

    /// The unit, if there is such a one.
    fn existing_unit(&self, unit: &UnitId) -> Result<UnitId, Problem> {
        let known = self.org.directory().units.iter().any(|u| u.id == *unit);
        if known { Ok(unit.clone()) } else { Err(Problem::bad_request("unit", format!("unit `{unit}` does not exist"))) }
    }
}

/// To one who may not watch something: sign in, or no.
fn refusal(caller: &Caller) -> Problem {
    match caller.require_signed_in() {
        Err(denied) => denied.into(),
        Ok(()) => Problem::forbidden("您没有观看权限 / you may not watch this"),
    }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Yizhan 驿站",
    description = "Times are UTC milliseconds unless said otherwise. Errors are problem details (RFC 9457). Lists are continued by `next` as `cursor`. \
                   People sign in by `POST /api/v1/session`; programs send `Authorization: Bearer <token>`."
))]
struct Api;

/// The API's routes and their description.
fn api() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Api::openapi())
        .nest(
            "/api/v1",
            org::routes()
                .merge(session::routes())
                .merge(television::routes())
                .merge(library::routes())
                .merge(rooms::api_routes())
                .merge(meetings::routes())
                .merge(meetings::held_routes())
                .merge(meetings::board_routes())
                .merge(status::routes()),
        )
        .split_for_parts()
}

/// The description of the API, as `/api/v1/openapi.json` gives it.
pub fn openapi_json() -> String {
    api().1.to_pretty_json().unwrap_or_default()
}

/// Everything that is served.
pub fn router(state: AppState) -> Router {
    let (api, description) = api();
    Router::new()
        .merge(api)
        .route("/api/v1/openapi.json", axum::routing::get(move || async move { axum::Json(description) }))
        .route("/api/{*rest}", axum::routing::any(unknown))
        .merge(media::routes())
        .merge(operations::routes())
        .merge(rooms::routes())
        .fallback(web::page)
        .layer(middleware::from_fn(headers::security))
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(tower_http::trace::TraceLayer::new_for_http().make_span_with(span))
        .with_state(state)
}

/// Tokens that travel in addresses are not for the log.
fn span(request: &axum::http::Request<axum::body::Body>) -> tracing::Span {
    tracing::debug_span!("request", method = %request.method(), uri = %redacted(&request.uri().to_string()))
}

async fn unknown(uri: axum::http::Uri) -> Problem {
    Problem::not_found("route", uri.path())
}

/// A title that people gave: 1 to 200 characters without the blanks around it.
fn title(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Problem::bad_request("title", "标题不能为空 / a title is needed")),
        1..=200 => Ok(text.to_owned()),
        n => Err(Problem::bad_request("title", format!("标题有 {n} 个字,最多 200 个 / the title has {n} characters, at most 200"))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Programs that make a client of the description name their functions by it.
    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let description: serde_json::Value = serde_json::from_str(&super::openapi_json()).unwrap();
        let paths = description["paths"].as_object().unwrap();
        let mut seen = BTreeSet::new();
        for (path, operation) in paths.iter().flat_map(|(path, of)| of.as_object().unwrap().values().map(move |operation| (path, operation))) {
            let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{path}: no operation id"));
            assert!(seen.insert(name), "{path}: `{name}` is taken");
        }
        assert!(seen.len() > 50);
    }
}
