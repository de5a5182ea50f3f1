//! `/number-segments` and `/numbers`

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{NumberSegmentId, UnitId};
use crate::http::extract::{Json, Path, Query};
use crate::http::{Page, Problem};
use crate::org::{Caller, HolderKind, NewNumber, NewNumberSegment, NumberEntry, NumberQuery, NumberSegment, NumberSegmentPatch, Org, Renumbering, SegmentUse};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new()
        .routes(routes!(list_number_segments, create_number_segment))
        .routes(routes!(change_number_segment, delete_number_segment))
        .routes(routes!(number_segment_use))
        .routes(routes!(find_numbers, give_number))
        .routes(routes!(free_number))
        .routes(routes!(renumber))
}

/// The whole number plan, from the tops down, each segment before its parts, with how full it is.
#[utoipa::path(get, path = "/number-segments", tag = "org", responses((status = 200, body = Page<NumberSegment>), (status = 401, body = Problem)))]
async fn list_number_segments(State(org): State<Org>, caller: Caller) -> Result<Json<Page<NumberSegment>>, Problem> {
    Ok(Json(Page::whole(org.number_segments(&caller)?)))
}

/// Makes a segment. With a parent it divides that one, which takes the administrator role on its unit; without, that on the whole tree.
#[utoipa::path(post, path = "/number-segments", tag = "org", request_body = NewNumberSegment, responses(
    (status = 201, body = NumberSegment), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`segments_overlap`, `exists`"), (status = 422, body = Problem),
))]
async fn create_number_segment(
    State(org): State<Org>,
    caller: Caller,
    Json(new): Json<NewNumberSegment>,
) -> Result<(StatusCode, Json<NumberSegment>), Problem> {
    Ok((StatusCode::CREATED, Json(org.create_number_segment(&caller, new).await?)))
}

/// Changes a segment, or hands it to another unit; numbers that are given stay valid.
#[utoipa::path(patch, path = "/number-segments/{id}", tag = "org", params(("id" = NumberSegmentId, Path)), request_body = NumberSegmentPatch, responses(
    (status = 200, body = NumberSegment), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`segments_overlap`, `in_use`"), (status = 422, body = Problem),
))]
async fn change_number_segment(
    State(org): State<Org>,
    caller: Caller,
    Path(id): Path<NumberSegmentId>,
    Json(patch): Json<NumberSegmentPatch>,
) -> Result<Json<NumberSegment>, Problem> {
    Ok(Json(org.change_number_segment(&caller, &id, patch).await?))
}

/// Takes a segment back that has no parts; its numbers fall to the segment above.
#[utoipa::path(delete, path = "/number-segments/{id}", tag = "org", params(("id" = NumberSegmentId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "`in_use`"),
))]
async fn delete_number_segment(State(org): State<Org>, caller: Caller, Path(id): Path<NumberSegmentId>) -> Result<StatusCode, Problem> {
    org.delete_number_segment(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How full a segment is, by what its numbers are used for.
#[utoipa::path(get, path = "/number-segments/{id}/use", tag = "org", params(("id" = NumberSegmentId, Path)), responses(
    (status = 200, body = SegmentUse), (status = 401, body = Problem), (status = 404, body = Problem),
))]
async fn number_segment_use(State(org): State<Org>, caller: Caller, Path(id): Path<NumberSegmentId>) -> Result<Json<SegmentUse>, Problem> {
    Ok(Json(org.number_segment_use(&caller, &id)?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DirectoryQuery {
    /// Digits of the number, a part of the name or of its unit's, or the first letters of the name's pinyin.
    #[serde(default)]
    query: String,
    kind: Option<HolderKind>,
    /// Only of this unit and those below it.
    unit: Option<UnitId>,
    /// Only of this segment and its parts.
    segment: Option<NumberSegmentId>,
    /// Only those that should (or need not) be changed since something moved.
    foreign: Option<bool>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// Longer is no name and no number.
const QUERY_CHARACTERS: usize = 200;

/// The directory: which number reaches whom.
#[utoipa::path(get, path = "/numbers", tag = "org", params(DirectoryQuery), responses(
    (status = 200, body = Page<NumberEntry>), (status = 401, body = Problem), (status = 404, body = Problem),
))]
async fn find_numbers(State(org): State<Org>, caller: Caller, Query(query): Query<DirectoryQuery>) -> Result<Json<Page<NumberEntry>>, Problem> {
    let text = query.query.chars().take(QUERY_CHARACTERS).collect();
    let found = org.find_numbers(&caller, &NumberQuery { text, kind: query.kind, unit: query.unit, segment: query.segment, foreign: query.foreign })?;
    Ok(Json(Page::cut(found, |entry| entry.number.as_str(), query.cursor.as_deref(), query.limit)))
}

/// Gives a site or person a number: the next free one, or one asked for. Takes the administrator role on the unit that owns the segment.
#[utoipa::path(post, path = "/numbers", tag = "org", request_body = NewNumber, responses(
    (status = 201, body = NumberEntry), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`number_taken`, `number_resting`, `has_number`, `no_number_left`"), (status = 422, body = Problem),
))]
async fn give_number(State(org): State<Org>, caller: Caller, Json(new): Json<NewNumber>) -> Result<(StatusCode, Json<NumberEntry>), Problem> {
    Ok((StatusCode::CREATED, Json(org.give_number(&caller, new).await?)))
}

/// Frees a number, and with it old ones that answer beside it; it rests before another gets it.
#[utoipa::path(delete, path = "/numbers/{number}", tag = "org", params(("number" = String, Path, example = "613001")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn free_number(State(org): State<Org>, caller: Caller, Path(number): Path<String>) -> Result<StatusCode, Problem> {
    org.free_number(&caller, &number).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Serialize, utoipa::ToSchema)]
struct Renumbered {
    /// The new number first, then what still answers beside it.
    numbers: Vec<NumberEntry>,
}

/// Gives whoever has the number another; the old one answers beside it until a date.
#[utoipa::path(post, path = "/numbers/{number}/renumber", tag = "org", params(("number" = String, Path, example = "613001")), request_body = Renumbering, responses(
    (status = 200, body = Renumbered), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`number_taken`, `number_resting`, `no_number_left`"), (status = 422, body = Problem),
))]
async fn renumber(
    State(org): State<Org>,
    caller: Caller,
    Path(number): Path<String>,
    Json(renumbering): Json<Renumbering>,
) -> Result<Json<Renumbered>, Problem> {
    Ok(Json(Renumbered { numbers: org.renumber(&caller, &number, renumbering).await? }))
}
