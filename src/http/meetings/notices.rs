//! `/notices`: what a person and their unit were told about meetings.

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{NoticeId, UnitId};
use crate::http::extract::{Json, Path, Query};
use crate::http::page::page_size;
use crate::http::{Page, Problem};
use crate::meeting::{Meetings, Notice, NoticesQuery};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_notices)).routes(routes!(count_unread)).routes(routes!(read_notices)).routes(routes!(read_notice))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoticeQuery {
    /// Those to this unit; takes the chair role on it. Otherwise one's own, with those to one's unit if one has the chair role on it.
    unit: Option<UnitId>,
    /// Only those not read yet.
    #[serde(default)]
    unread: bool,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// The newest first.
#[utoipa::path(get, path = "/notices", tag = "meetings", params(NoticeQuery), responses((status = 200, body = Page<Notice>), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_notices(State(meetings): State<Meetings>, caller: Caller, Query(query): Query<NoticeQuery>) -> Result<Json<Page<Notice>>, Problem> {
    let size = page_size(query.limit);
    let asked = NoticesQuery { unit: query.unit, unread: query.unread, before: query.cursor.map(NoticeId::from) };
    let mut items = meetings.notices(&caller, asked, size as u32 + 1).await?;
    let more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| more).map(|notice| notice.id.to_string());
    Ok(Json(Page { items, next }))
}

#[derive(Serialize, utoipa::ToSchema)]
struct Unread {
    count: u32,
}

/// How many notices to the caller, and to their unit where they look after it, are not read yet.
#[utoipa::path(get, path = "/notices/unread", tag = "meetings", responses((status = 200, body = Unread), (status = 401, body = Problem)))]
async fn count_unread(State(meetings): State<Meetings>, caller: Caller) -> Result<Json<Unread>, Problem> {
    Ok(Json(Unread { count: meetings.unread_notices(&caller).await? }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadNotices {
    /// Of the list of this unit; takes the chair role on it. Otherwise of one's own.
    unit: Option<UnitId>,
    /// The newest that was seen: what came after it stays unread.
    up_to: NoticeId,
}

/// Marks all notices of a list as read.
#[utoipa::path(post, path = "/notices/read", tag = "meetings", request_body = ReadNotices, responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn read_notices(State(meetings): State<Meetings>, caller: Caller, Json(body): Json<ReadNotices>) -> Result<StatusCode, Problem> {
    meetings.read_notices(&caller, body.unit, &body.up_to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Marks a notice as read; for a unit's notice, by whoever has the chair role on it, for all of it.
#[utoipa::path(post, path = "/notices/{id}/read", tag = "meetings", params(("id" = NoticeId, Path)), responses(
    (status = 200, body = Notice), (status = 401, body = Problem), (status = 404, body = Problem),
))]
async fn read_notice(State(meetings): State<Meetings>, caller: Caller, Path(id): Path<NoticeId>) -> Result<Json<Notice>, Problem> {
    Ok(Json(meetings.read_notice(&caller, &id).await?))
}
