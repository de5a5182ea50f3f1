//! What a venue's own screen saw of a meeting that is held.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::held::{held, seated, token_of};
use crate::base::MeetingId;
use crate::http::extract::{Json, Path};
use crate::http::{AppState, Problem};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tell_freezes))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Frozen {
    /// How long the picture that is looked at stood still since this was last told.
    frozen_ms: u32,
}

/// Tells how long the picture stood still on one's screen, as the venue whose room token is in `X-Room-Token`; it is in the report of quality after the meeting.
/// More than the time since it was last told is not believed. A client that does not know tells nothing.
#[utoipa::path(post, path = "/meetings/{id}/freezes", tag = "meetings", params(("id" = MeetingId, Path), ("X-Room-Token" = String, Header)), request_body = Frozen, responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem),
))]
async fn tell_freezes(State(state): State<AppState>, headers: HeaderMap, Path(id): Path<MeetingId>, Json(told): Json<Frozen>) -> Result<StatusCode, Problem> {
    let live = held(&state)?;
    let meeting = state.meetings.meeting(&id).await?;
    let venue = seated(live, &id, token_of(&headers).unwrap_or_default())?;
    live.meeting(&meeting).await?.tell_frozen(venue, Duration::from_millis(told.frozen_ms.into()))?;
    Ok(StatusCode::NO_CONTENT)
}
