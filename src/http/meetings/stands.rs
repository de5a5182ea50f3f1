//! Computers that stand ready in a venue: pairing them, and what they may do.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::held::{JoinedMeeting, held};
use crate::base::{MeetingId, SiteId, StandId};
use crate::conduct::{Actor, Command};
use crate::http::caller::{cookie_named, over_tls, same_site};
use crate::http::extract::{Json, Path};
use crate::http::{AppState, Page, Problem};
use crate::meeting::Meetings;
use crate::meeting::live::{Entry, Live};
use crate::meeting::stands::{Answers, CalledPerson, NewStand, PairingCode, Stand, StandView, Stands, Stir, VenueStands};
use crate::org::{Caller, Org};

/// By which a computer acts as its venue.
const STAND_COOKIE: &str = "yizhan_stand";
/// As long as browsers keep a cookie; it begins anew with every page.
const STAND_COOKIE_SECONDS: i64 = 400 * 24 * 3_600;
/// A view is looked at anew after this, whatever was heard: meetings begin and end by the clock.
const LOOK_AGAIN: Duration = Duration::from_secs(20);
/// Several changes in so short a time are told together.
const TOGETHER: Duration = Duration::from_millis(30);

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Stands: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new()
        .routes(routes!(list_stands, pair_stand))
        .routes(routes!(set_answers))
        .routes(routes!(revoke_stand))
        .routes(routes!(begin_pairing))
        .routes(routes!(claim_pairing))
        .routes(routes!(get_stand))
        .routes(routes!(report_stand))
        .routes(routes!(list_calls))
}

pub fn held_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(listen_as_stand)).routes(routes!(join_as_stand))
}

/// The computer that asks, by its cookie.
struct ByCookie(Stand);

impl<S> FromRequestParts<S> for ByCookie
where
    S: Send + Sync,
    Org: FromRef<S>,
    Stands: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        same_site(parts)?;
        let not_paired = || Problem::new(StatusCode::UNAUTHORIZED, "not_paired", "这台电脑尚未配对,或配对已撤销 / this computer is not paired, or no longer");
        let cookie = cookie_named(&parts.headers, STAND_COOKIE).ok_or_else(not_paired)?;
        Ok(Self(Stands::from_ref(state).by_cookie(cookie, caller.address()).await?.ok_or_else(not_paired)?))
    }
}

/// The computers of a venue, when they were seen last, and how they answer; takes the operator or the chair role on its unit.
#[utoipa::path(get, path = "/sites/{id}/stands", tag = "meetings", params(("id" = SiteId, Path)), responses(
    (status = 200, body = VenueStands), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn list_stands(State(stands): State<Stands>, caller: Caller, Path(site): Path<SiteId>) -> Result<Json<VenueStands>, Problem> {
    Ok(Json(stands.of_site(&caller, &site).await?))
}

/// Pairs the computer that shows this code with the venue. Wrong codes are limited.
#[utoipa::path(post, path = "/sites/{id}/stands", tag = "meetings", params(("id" = SiteId, Path)), request_body = NewStand, responses(
    (status = 201, body = Stand), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem, description = "`no_such_code`"),
    (status = 422, body = Problem), (status = 429, body = Problem, description = "`too_many_wrong`"),
))]
async fn pair_stand(
    State(stands): State<Stands>,
    caller: Caller,
    Path(site): Path<SiteId>,
    Json(new): Json<NewStand>,
) -> Result<(StatusCode, Json<Stand>), Problem> {
    Ok((StatusCode::CREATED, Json(stands.pair(&caller, &site, new).await?)))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SetAnswers {
    answers: Answers,
}

/// How the computers of a venue answer.
#[utoipa::path(patch, path = "/sites/{id}/answers", tag = "meetings", params(("id" = SiteId, Path)), request_body = SetAnswers, responses(
    (status = 200, body = VenueStands), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn set_answers(
    State(stands): State<Stands>,
    caller: Caller,
    Path(site): Path<SiteId>,
    Json(new): Json<SetAnswers>,
) -> Result<Json<VenueStands>, Problem> {
    Ok(Json(stands.set_answers(&caller, &site, new.answers).await?))
}

/// Takes a computer's cookie away, and the seat that it has in a meeting: its venue comes in again when the chair admits it.
#[utoipa::path(delete, path = "/stands/{id}", tag = "meetings", params(("id" = StandId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn revoke_stand(
    State(stands): State<Stands>,
    State(meetings): State<Meetings>,
    State(live): State<Option<Live>>,
    caller: Caller,
    Path(id): Path<StandId>,
) -> Result<StatusCode, Problem> {
    let (Some((meeting, venue)), Some(live)) = (stands.revoke(&caller, &id).await?, live) else { return Ok(StatusCode::NO_CONTENT) };
    if live.held(&meeting).is_some_and(|conduct| conduct.is_in(&venue)) {
        live.meeting(&meetings.meeting(&meeting).await?).await?.command(Actor::Desk, Command::Remove { venue }).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Runs {
    /// Browser, system and devices of the computer, for people.
    runs: String,
}

/// A code for a computer to show; good for a quarter of an hour. Needs no account.
#[utoipa::path(post, path = "/stand/pairing", tag = "stand", request_body = Runs, responses((status = 201, body = PairingCode), (status = 429, body = Problem)))]
async fn begin_pairing(State(stands): State<Stands>, caller: Caller, Json(about): Json<Runs>) -> Result<impl IntoResponse, Problem> {
    let address = caller.address().ok_or_else(Problem::unauthorized)?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(stands.begin_pairing(address, &about.runs)?)))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimPairing {
    secret: String,
}

#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum PairingState {
    /// Nobody has typed the code yet: ask again in two seconds.
    Waiting,
    Paired,
    /// Another code is needed.
    Ended,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Claimed {
    state: PairingState,
}

/// Whether the computer was paired; then its cookie `yizhan_stand` comes with the answer.
#[utoipa::path(post, path = "/stand/pairing/claim", tag = "stand", request_body = ClaimPairing, responses((status = 200, body = Claimed), (status = 403, body = Problem)))]
async fn claim_pairing(State(stands): State<Stands>, State(org): State<Org>, parts: Parts, Json(claim): Json<ClaimPairing>) -> Result<Response, Problem> {
    same_site(&parts)?;
    let (state, cookie) = match stands.claim_pairing(&claim.secret) {
        None => (PairingState::Ended, None),
        Some(None) => (PairingState::Waiting, None),
        Some(Some(cookie)) => (PairingState::Paired, Some(cookie)),
    };
    let mut response = Json(Claimed { state }).into_response();
    if let Some(value) = cookie.and_then(|value| stand_cookie(&value, over_tls(&parts, &org))) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

fn stand_cookie(value: &str, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{STAND_COOKIE}={value}; Path=/api/v1/stand; HttpOnly; SameSite=Strict; Max-Age={STAND_COOKIE_SECONDS}{secure}")).ok()
}

/// What the venue's computer must know: who it is, today's meetings, who calls. The cookie's time begins anew.
#[utoipa::path(get, path = "/stand", tag = "stand", responses((status = 200, body = StandView), (status = 401, body = Problem, description = "`not_paired`")))]
async fn get_stand(
    State(stands): State<Stands>,
    State(live): State<Option<Live>>,
    State(org): State<Org>,
    ByCookie(stand): ByCookie,
    parts: Parts,
) -> Result<Response, Problem> {
    let mut response = Json(stands.view(&stand, live.as_ref()).await?).into_response();
    let cookie = cookie_named(&parts.headers, STAND_COOKIE).and_then(|value| stand_cookie(value, over_tls(&parts, &org)));
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What the computer says of itself, for those who look after it.
#[utoipa::path(post, path = "/stand/report", tag = "stand", request_body = Runs, responses((status = 204), (status = 401, body = Problem, description = "`not_paired`")))]
async fn report_stand(State(stands): State<Stands>, ByCookie(stand): ByCookie, Json(about): Json<Runs>) -> Result<StatusCode, Problem> {
    stands.report(&stand, &about.runs).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is called now, of those as whom the caller may come: the person, or the venue of their unit.
#[utoipa::path(get, path = "/calls", tag = "meetings", responses((status = 200, body = Page<CalledPerson>), (status = 401, body = Problem)))]
async fn list_calls(State(stands): State<Stands>, State(live): State<Option<Live>>, caller: Caller) -> Result<Json<Page<CalledPerson>>, Problem> {
    Ok(Json(Page::whole(stands.calls_for(&caller, live.as_ref()).await?)))
}

/// The same as `GET /stand`, at every change, as server-sent events named `stand`; it ends when the pairing is revoked.
#[utoipa::path(get, path = "/stand/events", tag = "stand", responses(
    (status = 200, content_type = "text/event-stream", body = StandView), (status = 401, body = Problem, description = "`not_paired`"),
))]
async fn listen_as_stand(State(state): State<AppState>, ByCookie(stand): ByCookie, parts: Parts) -> impl IntoResponse {
    struct Told {
        state: AppState,
        cookie: String,
        stir: Option<(u64, Stir)>,
        view: Option<StandView>,
    }
    let listening = state.stands.listens(&stand.id);
    let mut news = state.stands.news();
    news.mark_changed();
    let cookie = cookie_named(&parts.headers, STAND_COOKIE).unwrap_or_default().to_owned();
    let told = Told { state, cookie, stir: None, view: None };
    let stream = futures_util::stream::unfold((told, news, stand, listening), async |(mut told, mut news, stand, listening)| {
        loop {
            // The clock changes the view, too.
            let by_clock = tokio::time::timeout(LOOK_AGAIN, news.changed()).await.is_err();
            tokio::time::sleep(TOGETHER).await;
            let booked = *news.borrow_and_update();
            let live = told.state.live.as_ref();
            let stir = Some((booked, told.state.stands.stir(&stand, live)));
            if !by_clock && stir == told.stir {
                continue;
            }
            told.stir = stir;
            // One that was revoked hears nothing more, and the page asks to be paired.
            let stand = told.state.stands.by_cookie(&told.cookie, None).await.ok()??;
            let view = told.state.stands.view(&stand, live).await.ok()?;
            if told.view.as_ref() == Some(&view) {
                continue;
            }
            let event = Event::default().event("stand").json_data(&view).unwrap_or_default();
            told.view = Some(view);
            return Some((Ok::<_, Infallible>(event), (told, news, stand, listening)));
        }
    });
    (AppendHeaders([(header::CACHE_CONTROL, "no-store")]), Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// Comes into a meeting as the computer's venue, and as no other.
#[utoipa::path(post, path = "/stand/meetings/{id}/join", tag = "stand", params(("id" = MeetingId, Path)), responses(
    (status = 200, body = JoinedMeeting), (status = 401, body = Problem, description = "`not_paired`"), (status = 404, body = Problem), (status = 409, body = Problem),
))]
async fn join_as_stand(State(state): State<AppState>, ByCookie(stand): ByCookie, Path(id): Path<MeetingId>) -> Result<Json<JoinedMeeting>, Problem> {
    let live = held(&state)?;
    let (meeting, choice) = state.stands.choice(&stand, live, &id).await?;
    let entry = live.enter(&meeting, &choice).await?;
    if matches!(entry, Entry::Open { .. }) {
        state.stands.sits_in(&stand.id, &meeting.id);
    }
    Ok(Json(JoinedMeeting::of(live, meeting, choice, entry)))
}
