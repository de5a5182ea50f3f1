//! What a channel's tape holds, and what its source offers.

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::channels::{operated, watched};
use crate::base::{ChannelId, UtcMs};
use crate::channel::OfferedService;
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::{AppState, Problem};
use crate::org::Caller;
use crate::store::MissingStretch;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tape)).routes(routes!(services))
}

/// What a tape holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Tape {
    /// Absent while it is empty.
    from: Option<UtcMs>,
    to: Option<UtcMs>,
    bytes: u64,
    gaps: Vec<MissingStretch>,
    errors: Vec<TapeErrors>,
    /// How long it is kept.
    hours_kept: u32,
}

/// Damage on a stretch of tape.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TapeErrors {
    at: UtcMs,
    continuity: u64,
    transport: u64,
}

/// What a channel's tape holds
#[utoipa::path(get, path = "/channels/{id}/tape", tag = "television", params(("id" = String, Path)), responses((status = 200, body = Tape)))]
async fn tape(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Json<Tape>, Problem> {
    let settings = watched(&app, &caller, &id).await?;
    let held = app.channels.tape_held(&id)?;
    Ok(Json(Tape {
        from: held.from,
        to: held.to,
        bytes: held.bytes,
        gaps: held.gaps,
        errors: held.errors.into_iter().map(|(at, continuity, transport)| TapeErrors { at, continuity, transport }).collect(),
        hours_kept: app.channels.keep_hours(&settings),
    }))
}

/// The services of the multiplex that a channel comes from
#[utoipa::path(get, path = "/channels/{id}/services", tag = "television", params(("id" = String, Path)), responses((status = 200, body = Page<OfferedService>)))]
async fn services(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Json<Page<OfferedService>>, Problem> {
    operated(&app, &caller, &id).await?;
    Ok(Json(Page::whole(app.channels.services(&id))))
}
