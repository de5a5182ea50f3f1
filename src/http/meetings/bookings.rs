//! `/meetings`: booking, changing, cancelling, answering, starting.

use axum::extract::{FromRef, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{MeetingId, UnitId, UtcMs};
use crate::http::extract::{Json, Path, Query};
use crate::http::page::{cursor, page_size};
use crate::http::{Page, Problem};
use crate::meeting::{Cancel, Check, ListQuery, Meeting, MeetingPatch, MeetingState, Meetings, NewMeeting, NewReply, StartNow};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new()
        .routes(routes!(list_meetings, book_meeting))
        .routes(routes!(check_meeting))
        .routes(routes!(start_meeting))
        .routes(routes!(get_meeting, change_meeting))
        .routes(routes!(check_change))
        .routes(routes!(cancel_meeting))
        .routes(routes!(answer_meeting))
        .routes(routes!(meeting_calendar))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MeetingsQuery {
    /// Meetings that end after this, UTC ms; the beginning of today unless said.
    #[param(value_type = Option<i64>)]
    from: Option<UtcMs>,
    /// Meetings that begin before this, UTC ms; a day after `from` unless said. At most 400 days.
    #[param(value_type = Option<i64>)]
    to: Option<UtcMs>,
    /// Only what this unit and those below it have booked.
    unit: Option<UnitId>,
    /// Only those that the caller is named in, or that a venue of their unit takes part in.
    #[serde(default)]
    mine: bool,
    state: Option<MeetingState>,
    cursor: Option<String>,
    limit: Option<usize>,
}

const DAY_MS: i64 = 24 * 3_600_000;

/// Meetings that the caller may see, by the time they begin.
#[utoipa::path(get, path = "/meetings", tag = "meetings", params(MeetingsQuery), responses((status = 200, body = Page<Meeting>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_meetings(State(meetings): State<Meetings>, caller: Caller, Query(query): Query<MeetingsQuery>) -> Result<Json<Page<Meeting>>, Problem> {
    let (today, tomorrow) = meetings.today();
    let from = query.from.unwrap_or(today);
    let to = query.to.unwrap_or(if from == today { tomorrow } else { UtcMs(from.0.saturating_add(DAY_MS)) });
    let mut found = meetings.list(&caller, ListQuery { from, to, unit: query.unit, mine: query.mine, state: query.state }).await?;
    if let Some(text) = &query.cursor {
        let place = text.split_once('.').and_then(|(at, id)| Some((UtcMs(at.parse().ok()?), MeetingId::from(id))));
        let Some(place) = place else { return Err(Problem::bad_request("cursor", format!("cursor `{text}` is not one that a list gave"))) };
        found.retain(|meeting| (meeting.starts, &meeting.id) > (place.0, &place.1));
    }
    let size = page_size(query.limit);
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|last| cursor(last.starts, last.id.as_str()));
    Ok(Json(Page { items: found, next }))
}

/// Books a meeting, or with `repeat` all of a series; takes the chair role on the unit. Venues, chair and lines must be free (409 `busy` says who has them,
/// 409 `line` names the bottleneck and the picture that would fit).
#[utoipa::path(post, path = "/meetings", tag = "meetings", request_body = NewMeeting, responses(
    (status = 201, body = Page<Meeting>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`busy`, `line`"), (status = 422, body = Problem),
))]
async fn book_meeting(State(meetings): State<Meetings>, caller: Caller, Json(new): Json<NewMeeting>) -> Result<(StatusCode, Json<Page<Meeting>>), Problem> {
    Ok((StatusCode::CREATED, Json(Page::whole(meetings.create(&caller, new).await?))))
}

/// What a booking would do: nothing is booked.
#[utoipa::path(post, path = "/meetings/check", tag = "meetings", request_body = NewMeeting, responses(
    (status = 200, body = Check), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn check_meeting(State(meetings): State<Meetings>, caller: Caller, Json(new): Json<NewMeeting>) -> Result<Json<Check>, Problem> {
    Ok(Json(meetings.check(&caller, new).await?))
}

/// Starts a meeting at once.
#[utoipa::path(post, path = "/meetings/now", tag = "meetings", request_body = StartNow, responses(
    (status = 201, body = Meeting), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`busy`, `line`"), (status = 422, body = Problem),
))]
async fn start_meeting(State(meetings): State<Meetings>, caller: Caller, Json(new): Json<StartNow>) -> Result<(StatusCode, Json<Meeting>), Problem> {
    Ok((StatusCode::CREATED, Json(meetings.start_now(&caller, new).await?)))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OneMeeting {
    #[serde(flatten)]
    about: Meeting,
    /// The caller may change it, call it off, and run its desk.
    may_change: bool,
}

#[utoipa::path(get, path = "/meetings/{id}", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, body = OneMeeting), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn get_meeting(State(meetings): State<Meetings>, caller: Caller, Path(id): Path<MeetingId>) -> Result<Json<OneMeeting>, Problem> {
    let about = meetings.get(&caller, &id).await?;
    Ok(Json(OneMeeting { may_change: Meetings::may_steer(&caller, &about), about }))
}

/// Changes what is booked, and tells everyone; for the chair role on the unit, the chair, and who acts for them.
#[utoipa::path(patch, path = "/meetings/{id}", tag = "meetings", params(("id" = MeetingId, Path)), request_body = MeetingPatch, responses(
    (status = 200, body = Meeting), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`busy`, `line`, `state`"), (status = 422, body = Problem),
))]
async fn change_meeting(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(patch): Json<MeetingPatch>,
) -> Result<Json<Meeting>, Problem> {
    Ok(Json(meetings.change(&caller, &id, patch).await?))
}

/// What a change would do: nothing is changed.
#[utoipa::path(post, path = "/meetings/{id}/check", tag = "meetings", params(("id" = MeetingId, Path)), request_body = MeetingPatch, responses(
    (status = 200, body = Check), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`state`"), (status = 422, body = Problem),
))]
async fn check_change(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(patch): Json<MeetingPatch>,
) -> Result<Json<Check>, Problem> {
    Ok(Json(meetings.check_change(&caller, &id, patch).await?))
}

/// Calls a meeting off, and tells everyone.
#[utoipa::path(post, path = "/meetings/{id}/cancel", tag = "meetings", params(("id" = MeetingId, Path)), request_body = Cancel, responses(
    (status = 200, body = Meeting), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`state`"), (status = 422, body = Problem),
))]
async fn cancel_meeting(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(cancel): Json<Cancel>,
) -> Result<Json<Meeting>, Problem> {
    Ok(Json(meetings.cancel(&caller, &id, cancel).await?))
}

/// Answers for a venue: whether it takes part, and how many come.
#[utoipa::path(post, path = "/meetings/{id}/reply", tag = "meetings", params(("id" = MeetingId, Path)), request_body = NewReply, responses(
    (status = 200, body = Meeting), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`busy`, `line`, `state`"), (status = 422, body = Problem),
))]
async fn answer_meeting(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(reply): Json<NewReply>,
) -> Result<Json<Meeting>, Problem> {
    Ok(Json(meetings.reply(&caller, &id, reply).await?))
}

/// The meeting for a calendar program (RFC 5545).
#[utoipa::path(get, path = "/meetings/{id}/calendar.ics", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, content_type = "text/calendar", body = String), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn meeting_calendar(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
) -> Result<([(HeaderName, &'static str); 2], String), Problem> {
    let meeting = meetings.get(&caller, &id).await?;
    let headers = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"meeting.ics\"")];
    Ok((headers, meetings.calendar(&[meeting])))
}
