//! `/meetings/{id}/attendance` and `/meetings/{id}/quality`, with their documents; for those who steer the meeting.

use axum::extract::{FromRef, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::files::{Download, Format};
use crate::base::MeetingId;
use crate::document::Documents;
use crate::http::Problem;
use crate::http::extract::{Json, Path};
use crate::meeting::Meetings;
use crate::meeting::after::{Attendance, QualityReport, documents};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Documents: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new()
        .routes(routes!(get_attendance))
        .routes(routes!(attendance_pdf))
        .routes(routes!(attendance_xlsx))
        .routes(routes!(get_quality))
        .routes(routes!(quality_pdf))
        .routes(routes!(quality_xlsx))
}

/// Who attended, and for how long.
#[utoipa::path(get, path = "/meetings/{id}/attendance", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, body = Attendance), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn get_attendance(State(meetings): State<Meetings>, caller: Caller, Path(id): Path<MeetingId>) -> Result<Json<Attendance>, Problem> {
    Ok(Json(meetings.held(&caller, &id).await?.attendance()))
}

/// The list of attendance on paper.
#[utoipa::path(get, path = "/meetings/{id}/attendance.pdf", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 503, body = Problem, description = "`no_font`"),
))]
async fn attendance_pdf(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Download, Problem> {
    attendance(&meetings, &documents, &caller, &id, Format::Pdf).await
}

/// The list of attendance as a spreadsheet.
#[utoipa::path(get, path = "/meetings/{id}/attendance.xlsx", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn attendance_xlsx(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Download, Problem> {
    attendance(&meetings, &documents, &caller, &id, Format::Xlsx).await
}

async fn attendance(meetings: &Meetings, documents: &Documents, caller: &Caller, id: &MeetingId, format: Format) -> Result<Download, Problem> {
    let held = meetings.held(caller, id).await?;
    Download::make(documents, format, documents::attendance(&held, meetings.zone())).await
}

/// How the venues' lines were, minute by minute, and whom to phone.
#[utoipa::path(get, path = "/meetings/{id}/quality", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, body = QualityReport), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn get_quality(State(meetings): State<Meetings>, caller: Caller, Path(id): Path<MeetingId>) -> Result<Json<QualityReport>, Problem> {
    Ok(Json(meetings.quality(&caller, &id).await?))
}

/// The report about lines on paper.
#[utoipa::path(get, path = "/meetings/{id}/quality.pdf", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 503, body = Problem, description = "`no_font`"),
))]
async fn quality_pdf(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Download, Problem> {
    quality(&meetings, &documents, &caller, &id, Format::Pdf).await
}

/// The report about lines as a spreadsheet.
#[utoipa::path(get, path = "/meetings/{id}/quality.xlsx", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn quality_xlsx(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<Download, Problem> {
    quality(&meetings, &documents, &caller, &id, Format::Xlsx).await
}

async fn quality(meetings: &Meetings, documents: &Documents, caller: &Caller, id: &MeetingId, format: Format) -> Result<Download, Problem> {
    let held = meetings.held(caller, id).await?;
    let report = meetings.quality(caller, id).await?;
    Download::make(documents, format, documents::quality(&held, &report, meetings.zone())).await
}
