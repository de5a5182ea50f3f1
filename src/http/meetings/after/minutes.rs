//! `/meetings/{id}/minutes`: the clerk's text and its versions, on paper and for Word.

use axum::extract::{FromRef, State};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::files::{Download, Format};
use crate::base::MeetingId;
use crate::document::Documents;
use crate::http::Problem;
use crate::http::extract::{Json, Path, Query};
use crate::meeting::Meetings;
use crate::meeting::after::{MinutesView, NewMinutes, documents};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Documents: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(get_minutes, write_minutes)).routes(routes!(minutes_pdf)).routes(routes!(minutes_docx))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VersionQuery {
    /// Absent: the newest; where none is kept, a draft from the log.
    version: Option<u32>,
}

/// The minutes: the newest version, or a draft from what was booked and done. For those who steer the meeting.
#[utoipa::path(get, path = "/meetings/{id}/minutes", tag = "meetings", params(("id" = MeetingId, Path), VersionQuery), responses(
    (status = 200, body = MinutesView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn get_minutes(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<MinutesView>, Problem> {
    Ok(Json(meetings.minutes(&caller, &id, query.version).await?))
}

/// Keeps a new version of the minutes: a text, or without one a draft anew from the log.
#[utoipa::path(put, path = "/meetings/{id}/minutes", tag = "meetings", params(("id" = MeetingId, Path)), request_body = NewMinutes, responses(
    (status = 200, body = MinutesView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`stale`: somebody else has written a newer version"), (status = 422, body = Problem),
))]
async fn write_minutes(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(new): Json<NewMinutes>,
) -> Result<Json<MinutesView>, Problem> {
    Ok(Json(meetings.write_minutes(&caller, &id, new).await?))
}

/// The minutes on paper.
#[utoipa::path(get, path = "/meetings/{id}/minutes.pdf", tag = "meetings", params(("id" = MeetingId, Path), VersionQuery), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 503, body = Problem, description = "`no_font`"),
))]
async fn minutes_pdf(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(query): Query<VersionQuery>,
) -> Result<Download, Problem> {
    let minutes = meetings.minutes(&caller, &id, query.version).await?;
    Download::make(&documents, Format::Pdf, documents::minutes(&minutes.text)).await
}

/// The minutes for Word.
#[utoipa::path(get, path = "/meetings/{id}/minutes.docx", tag = "meetings", params(("id" = MeetingId, Path), VersionQuery), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body = Vec<u8>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn minutes_docx(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(query): Query<VersionQuery>,
) -> Result<Download, Problem> {
    let minutes = meetings.minutes(&caller, &id, query.version).await?;
    Download::make(&documents, Format::Docx, documents::minutes(&minutes.text)).await
}
