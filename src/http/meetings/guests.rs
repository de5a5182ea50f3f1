//! Guests by link: making links, and coming by one without an account.

use axum::extract::{FromRef, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::held::{JoinedMeeting, held};
use crate::base::{GuestLinkId, MeetingId};
use crate::conduct::{Actor, Command, Presence};
use crate::http::caller::{cookie_named, over_tls, same_site};
use crate::http::extract::{Json, Path};
use crate::http::{AppState, Page, Problem};
use crate::meeting::live::{Choice, Live, LiveError};
use crate::meeting::{GuestLink, GuestView, MadeGuestLink, Meetings, NewGuestLink};
use crate::org::{Caller, Org, hex, sha256};

const GUEST_COOKIE_SECONDS: i64 = 7 * 24 * 3_600;

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_guest_links, create_guest_link)).routes(routes!(revoke_guest_link)).routes(routes!(look_as_guest))
}

pub fn held_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(join_as_guest))
}

/// The links of a meeting, with the guests who came by them; for the chair role on its unit, the chair, and who acts for them.
#[utoipa::path(get, path = "/meetings/{id}/guest-links", tag = "meetings", params(("id" = MeetingId, Path)), responses(
    (status = 200, body = Page<GuestLink>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn list_guest_links(State(meetings): State<Meetings>, caller: Caller, Path(id): Path<MeetingId>) -> Result<Json<Page<GuestLink>>, Problem> {
    Ok(Json(Page::whole(meetings.guest_links(&caller, &id).await?)))
}

/// Makes a link. Its address is shown this once; it ends with the meeting.
#[utoipa::path(post, path = "/meetings/{id}/guest-links", tag = "meetings", params(("id" = MeetingId, Path)), request_body = NewGuestLink, responses(
    (status = 201, body = MadeGuestLink), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "`meeting_over`"), (status = 422, body = Problem),
))]
async fn create_guest_link(
    State(meetings): State<Meetings>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(new): Json<NewGuestLink>,
) -> Result<impl IntoResponse, Problem> {
    let made: MadeGuestLink = meetings.create_guest_link(&caller, &id, new).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
}

/// Nobody comes by the link any more, and who waits by it is turned away. Guests who are in stay until the chair sends them out.
#[utoipa::path(delete, path = "/meetings/{id}/guest-links/{link}", tag = "meetings", params(("id" = MeetingId, Path), ("link" = GuestLinkId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn revoke_guest_link(
    State(meetings): State<Meetings>,
    State(live): State<Option<Live>>,
    caller: Caller,
    Path((id, link)): Path<(MeetingId, GuestLinkId)>,
) -> Result<StatusCode, Problem> {
    let revoked = meetings.revoke_guest_link(&caller, &id, &link).await?;
    for guest in revoked.guests {
        let held = live.as_ref().map(|live| live.held_with(&guest.venue)).unwrap_or_default();
        let waits = held.iter().any(|(_, conduct)| matches!(conduct.venues[&guest.venue].presence, Presence::Waiting { .. }));
        if let (Some(live), true) = (&live, waits) {
            live.meeting(&meetings.meeting(&id).await?).await?.command(Actor::Desk, Command::TurnAway { venue: guest.venue }).await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LookAsGuest {
    /// The secret of the link: what follows `#` in its address.
    link: String,
}

/// What a link leads to: title, time and notice of the meeting, nothing else. Needs no account.
#[utoipa::path(post, path = "/guest/look", tag = "meetings", request_body = LookAsGuest, responses(
    (status = 200, body = GuestView), (status = 404, body = Problem, description = "`no_such_link`"),
    (status = 409, body = Problem, description = "`meeting_over`"), (status = 429, body = Problem, description = "`too_many_wrong`"),
))]
async fn look_as_guest(State(meetings): State<Meetings>, caller: Caller, parts: Parts, Json(asked): Json<LookAsGuest>) -> Result<Json<GuestView>, Problem> {
    Ok(Json(meetings.look_as_guest(&caller, &asked.link, cookie_named(&parts.headers, &seat_cookie(&asked.link))).await?))
}

/// The cookie by which a guest comes back to their seat: one for each link, as the same browser may be a guest of two meetings.
fn seat_cookie(link: &str) -> String {
    format!("yizhan_guest_{}", &hex(&sha256(link))[..16])
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinAsGuest {
    link: String,
    /// As everybody will see it; who has a seat already keeps its name.
    name: String,
}

/// Asks to come in as a guest. The seat is in a cookie `yizhan_guest_…` of the link's own, so that the same guest comes back to it. Needs no account.
#[utoipa::path(post, path = "/guest/join", tag = "meetings", request_body = JoinAsGuest, responses(
    (status = 200, body = JoinedMeeting), (status = 403, body = Problem, description = "`other_site`"), (status = 404, body = Problem, description = "`no_such_link`"),
    (status = 409, body = Problem, description = "`link_full`, `meeting_over`"), (status = 422, body = Problem), (status = 429, body = Problem),
))]
async fn join_as_guest(State(state): State<AppState>, caller: Caller, parts: Parts, Json(asked): Json<JoinAsGuest>) -> Result<impl IntoResponse, Problem> {
    // Another site's page seats nobody.
    same_site(&parts)?;
    let live = held(&state)?;
    let seat = state.meetings.seat_guest(&caller, &asked.link, &asked.name, cookie_named(&parts.headers, &seat_cookie(&asked.link))).await?;
    // Once: who waits asks again and again, and who was sent out is not let in by it.
    if seat.walks_in && live.held_with(&seat.venue).is_empty() {
        let introduced = live.meeting(&seat.meeting).await?.introduce(seat.venue.clone(), seat.title.clone()).await;
        introduced.or_else(|error| if matches!(error, LiveError::Refused(_)) { Ok(()) } else { Err(error) })?;
    }
    let choice = Choice { venue: seat.venue, title: seat.title };
    let entry = live.enter(&seat.meeting, &choice).await?;
    let secure = if over_tls(&parts, &state.org) { "; Secure" } else { "" };
    let cookie = seat.secret.map(|secret| {
        (
            header::SET_COOKIE,
            format!("{}={secret}; Path=/api/v1/guest; HttpOnly; SameSite=Strict; Max-Age={GUEST_COOKIE_SECONDS}{secure}", seat_cookie(&asked.link)),
        )
    });
    let headers: Vec<_> = cookie.into_iter().chain([(header::CACHE_CONTROL, "no-store".to_owned())]).collect();
    Ok((AppendHeaders(headers), Json(JoinedMeeting::of(live, seat.meeting, choice, entry))))
}
