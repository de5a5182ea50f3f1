//! Joining by number.

use axum::extract::{FromRef, State};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::Problem;
use crate::http::extract::Json;
use crate::meeting::{Meetings, Reached};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(reach_number))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ByNumber {
    /// As people type it: with blanks and dashes, if they like.
    number: String,
}

/// Whom a number reaches: a meeting, or a venue or person with their meetings of now. Wrong numbers are limited, by person and by address; a meeting that the
/// caller may not see is answered like a number that nobody has.
#[utoipa::path(post, path = "/meetings/by-number", tag = "meetings", request_body = ByNumber, responses(
    (status = 200, body = Reached), (status = 401, body = Problem), (status = 404, body = Problem, description = "`no_such_number`"),
    (status = 422, body = Problem), (status = 429, body = Problem, description = "`too_many_wrong`"),
))]
async fn reach_number(State(meetings): State<Meetings>, caller: Caller, Json(asked): Json<ByNumber>) -> Result<Json<Reached>, Problem> {
    Ok(Json(meetings.reach(&caller, &asked.number).await?))
}
