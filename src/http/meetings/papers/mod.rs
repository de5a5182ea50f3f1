//! `/meetings/{id}/papers`: files of a meeting. Whoever has a seat in the room reads and presents by its token, others by their own rights.

mod asking;

use axum::body::Body;
use axum::extract::FromRef;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::asking::{Asking, PaperPath, SeatQuery};
use crate::base::{MeetingId, PaperId};
use crate::http::disposition::{attachment, inline};
use crate::http::extract::{Json, Path, Query};
use crate::http::media::{Caching, file};
use crate::http::{Page, Problem};
use crate::meeting::live::Live;
use crate::meeting::papers::{MeetingPaper, NewPaper, PaperError, PaperPatch, Papers, Receipts};
use crate::meeting::{Meetings, Scope};
use crate::org::Org;

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Papers: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new()
        .routes(routes!(list_papers, bring_paper))
        .routes(routes!(order_papers))
        .routes(routes!(distribute_papers))
        .routes(routes!(change_paper, remove_paper))
        .routes(routes!(read_paper))
        .routes(routes!(paper_receipts))
}

/// A paper cannot run anything here, whatever it is: no script, no form, no place of ours.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'");

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// To be saved, not shown.
    #[serde(default)]
    save: bool,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BringQuery {
    /// The file's name.
    name: String,
    /// The name without its ending unless said.
    title: Option<String>,
    /// The point of the agenda it belongs to, from 0.
    point: Option<u32>,
    /// Of a series: for this meeting, all that follow, or all to come.
    #[serde(default)]
    scope: Scope,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// All papers of the meeting, each once.
    papers: Vec<PaperId>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Distribute {
    /// All when absent.
    papers: Option<Vec<PaperId>>,
}

/// Papers in their order: for who steers all of them, for others those that are distributed.
#[utoipa::path(get, path = "/meetings/{id}/papers", tag = "meetings", params(("id" = MeetingId, Path), SeatQuery, ("X-Room-Token" = Option<String>, Header)), responses(
    (status = 200, body = Page<MeetingPaper>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn list_papers(Asking { papers, meeting, standing, .. }: Asking) -> Result<Json<Page<MeetingPaper>>, Problem> {
    Ok(Json(Page::whole(papers.list(&standing, &meeting.id).await?)))
}

/// Brings a paper: the body is the file itself. For who steers the meeting, and for a venue in the room that may share.
#[utoipa::path(post, path = "/meetings/{id}/papers", tag = "meetings", params(("id" = MeetingId, Path), BringQuery, ("X-Room-Token" = Option<String>, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 201, body = MeetingPaper), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`too_many_papers`, `state`"), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem),
))]
async fn bring_paper(
    Asking { papers, caller, meeting, standing }: Asking,
    headers: HeaderMap,
    Query(query): Query<BringQuery>,
    body: Body,
) -> Result<(StatusCode, Json<MeetingPaper>), Problem> {
    let bytes = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let new = NewPaper { name: query.name, title: query.title, point: query.point, scope: query.scope, bytes };
    let brought = papers.bring(&caller, &standing, &meeting, new, body.into_data_stream()).await?;
    Ok((StatusCode::CREATED, Json(brought)))
}

/// Puts the papers in this order.
#[utoipa::path(put, path = "/meetings/{id}/papers/order", tag = "meetings", params(("id" = MeetingId, Path), ("X-Room-Token" = Option<String>, Header)), request_body = Order, responses(
    (status = 200, body = Page<MeetingPaper>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn order_papers(Asking { papers, caller, meeting, standing }: Asking, Json(order): Json<Order>) -> Result<Json<Page<MeetingPaper>>, Problem> {
    Ok(Json(Page::whole(papers.put_in_order(&caller, &standing, &meeting, &order.papers).await?)))
}

/// Hands papers out: all venues see them from now on.
#[utoipa::path(post, path = "/meetings/{id}/papers/distribute", tag = "meetings", params(("id" = MeetingId, Path), ("X-Room-Token" = Option<String>, Header)), request_body = Distribute, responses(
    (status = 200, body = Page<MeetingPaper>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn distribute_papers(Asking { papers, caller, meeting, standing }: Asking, Json(these): Json<Distribute>) -> Result<Json<Page<MeetingPaper>>, Problem> {
    Ok(Json(Page::whole(papers.distribute(&caller, &standing, &meeting, these.papers.as_deref()).await?)))
}

/// Renames a paper, or says to which point of the agenda it belongs.
#[utoipa::path(patch, path = "/meetings/{id}/papers/{paper}", tag = "meetings", params(("id" = MeetingId, Path), ("paper" = PaperId, Path), ("X-Room-Token" = Option<String>, Header)), request_body = PaperPatch, responses(
    (status = 200, body = MeetingPaper), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn change_paper(
    Asking { papers, caller, meeting, standing }: Asking,
    Path(PaperPath { paper }): Path<PaperPath>,
    Json(patch): Json<PaperPatch>,
) -> Result<Json<MeetingPaper>, Problem> {
    Ok(Json(papers.change(&caller, &standing, &meeting, &paper, patch).await?))
}

/// Takes a paper away, with its receipts.
#[utoipa::path(delete, path = "/meetings/{id}/papers/{paper}", tag = "meetings", params(("id" = MeetingId, Path), ("paper" = PaperId, Path), ("X-Room-Token" = Option<String>, Header)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn remove_paper(Asking { papers, caller, meeting, standing }: Asking, Path(PaperPath { paper }): Path<PaperPath>) -> Result<StatusCode, Problem> {
    papers.remove(&caller, &standing, &meeting, &paper).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The file, or a range of it. The venue that opens it has its receipt from then on.
#[utoipa::path(get, path = "/meetings/{id}/papers/{paper}/file", tag = "meetings", params(("id" = MeetingId, Path), ("paper" = PaperId, Path), FileQuery, SeatQuery, ("X-Room-Token" = Option<String>, Header)), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 206, content_type = "application/octet-stream", body = Vec<u8>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn read_paper(
    Asking { papers, meeting, standing, .. }: Asking,
    Path(PaperPath { paper }): Path<PaperPath>,
    headers: HeaderMap,
    Query(query): Query<FileQuery>,
) -> Result<Response<Body>, Problem> {
    let opened = papers.open(&standing, &meeting.id, &paper).await?;
    // Asked for each time: who may no more does not have it from a cache.
    let mut response = file(&opened.path, opened.media_type, Caching::Revalidate, &headers).await?;
    // What a browser does not show itself is saved under its name.
    let shown = opened.media_type == "application/pdf" || opened.media_type.starts_with("image/");
    let told = if query.save || !shown { attachment(&opened.file_name) } else { inline(&opened.file_name) };
    let out = response.headers_mut();
    out.insert(header::CONTENT_DISPOSITION, told);
    // As it is: a compressed answer has no ranges, by which a reader takes the pages it shows.
    out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// Which venues have opened a paper when, and which have not; for who steers.
#[utoipa::path(get, path = "/meetings/{id}/papers/{paper}/receipts", tag = "meetings", params(("id" = MeetingId, Path), ("paper" = PaperId, Path), SeatQuery, ("X-Room-Token" = Option<String>, Header)), responses(
    (status = 200, body = Receipts), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn paper_receipts(Asking { papers, caller, meeting, standing }: Asking, Path(PaperPath { paper }): Path<PaperPath>) -> Result<Json<Receipts>, Problem> {
    Ok(Json(papers.receipts(&caller, &standing, &meeting, &paper).await?))
}

impl From<PaperError> for Problem {
    fn from(error: PaperError) -> Self {
        let said = error.to_string();
        match error {
            PaperError::Meeting(error) => error.into(),
            PaperError::Kind { .. } => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "paper_kind", said),
            PaperError::TooLarge { .. } => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "paper_too_large", said),
            PaperError::TooMany { .. } => Problem::conflict("too_many_papers", said),
            PaperError::Empty => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", said),
            PaperError::Broken(_) => Problem::bad_request("upload_broke_off", said),
            PaperError::Full => Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", said),
            PaperError::Disk(error) => Problem::internal(&error),
        }
    }
}
