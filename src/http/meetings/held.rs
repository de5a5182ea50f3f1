//! A meeting that is held: coming in, commands, its state.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{MeetingId, UtcMs, VenueId};
use crate::conduct::{Actor, Command, Conduct, Refusal};
use crate::http::extract::{Json, Path, Query};
use crate::http::{AppState, Problem};
use crate::meeting::live::{Choice, ConductView, Entry, Live, LiveError, choices, invited};
use crate::meeting::papers::{Seat, Standing};
use crate::meeting::{AgendaPoint, Meeting, Meetings};
use crate::org::{Caller, Record};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(join_meeting)).routes(routes!(command_meeting)).routes(routes!(get_conduct)).routes(routes!(listen_to_conduct))
}

/// The token by which a client came into the room: whoever has it acts as that venue.
const ROOM_TOKEN: &str = "x-room-token";

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinMeeting {
    /// As which venue; absent: the obvious one.
    venue: Option<VenueId>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum JoinState {
    Open,
    /// Until the chair lets them in: ask again in two seconds.
    Waiting,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct JoinedMeeting {
    state: JoinState,
    title: String,
    /// What the main venue says to those who wait.
    notice: String,
    agenda: Vec<AgendaPoint>,
    /// The point that is discussed now.
    agenda_at: Option<u32>,
    starts: UtcMs,
    ends: UtcMs,
    venue: VenueId,
    venue_title: String,
    /// The venues as which the caller may come.
    choices: Vec<Choice>,
    /// The caller may run the desk.
    may_steer: bool,
    room: String,
    /// The access token, where the door is open.
    token: Option<String>,
    expires_at: Option<UtcMs>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CommandDone {
    /// Of the state in which it is done.
    version: u64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TokenQuery {
    /// Of the room; absent: as the desk.
    token: Option<String>,
}

/// Asks to come into a meeting as a venue.
#[utoipa::path(post, path = "/meetings/{id}/join", tag = "meetings", params(("id" = MeetingId, Path)), request_body = JoinMeeting, responses(
    (status = 200, body = JoinedMeeting), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
))]
async fn join_meeting(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Json(asked): Json<JoinMeeting>,
) -> Result<Json<JoinedMeeting>, Problem> {
    caller.require_signed_in()?;
    let (live, meeting) = (held(&state)?, state.meetings.meeting(&id).await?);
    let mut choices = choices(&caller, &meeting);
    if let Some(conduct) = live.held(&id) {
        let invited = invited(&caller, &meeting, &conduct).into_iter().filter(|invited| choices.iter().all(|choice| choice.venue != invited.venue));
        choices.extend(invited.collect::<Vec<_>>());
    }
    let chosen = match &asked.venue {
        Some(venue) => choices.iter().find(|choice| choice.venue == *venue),
        None => choices.first(),
    };
    let chosen =
        chosen.cloned().ok_or_else(|| Problem::forbidden("您不在本次会议的名单中,请联系会务 / you are not invited to this meeting: ask who booked it"))?;
    let entry = live.enter(&meeting, &chosen).await?;
    let may_steer = Meetings::may_steer(&caller, &meeting);
    Ok(Json(JoinedMeeting { choices, may_steer, ..JoinedMeeting::of(live, meeting, chosen, entry) }))
}

impl JoinedMeeting {
    /// For one who comes as this venue and as no other.
    pub(super) fn of(live: &Live, meeting: Meeting, chosen: Choice, entry: Entry) -> Self {
        // To a guest at the door, whom nobody has looked at yet, it is not told what the meeting is about.
        let is_told = !chosen.venue.is_guest() || matches!(entry, Entry::Open { .. });
        let agenda_at = live.held(&meeting.id).and_then(|conduct| conduct.agenda).filter(|_| is_told);
        let (state, token, expires_at) = match entry {
            Entry::Open { token, expires } => (JoinState::Open, Some(token), Some(expires)),
            Entry::Waiting => (JoinState::Waiting, None, None),
        };
        Self {
            state,
            may_steer: false,
            title: meeting.title,
            notice: meeting.notice,
            agenda: if is_told { meeting.agenda } else { Vec::new() },
            agenda_at,
            starts: meeting.starts,
            ends: meeting.ends,
            choices: vec![chosen.clone()],
            venue: chosen.venue,
            venue_title: chosen.title,
            room: meeting.id.to_string(),
            token,
            expires_at,
        }
    }
}

/// Does something in a meeting: as the venue whose room token is in `X-Room-Token`, else as the desk. The table of who may do what and when is in
/// `docs/reference/conduct.md`.
#[utoipa::path(post, path = "/meetings/{id}/commands", tag = "meetings", params(("id" = MeetingId, Path), ("X-Room-Token" = Option<String>, Header)), request_body = Command, responses(
    (status = 200, body = CommandDone), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem),
))]
async fn command_meeting(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
    Json(command): Json<Command>,
) -> Result<Json<CommandDone>, Problem> {
    let live = held(&state)?;
    let meeting = state.meetings.meeting(&id).await?;
    let actor = actor(live, &caller, &meeting, token_of(&headers))?;
    let running = live.meeting(&meeting).await?;
    if let Command::ShowPaper { paper, .. } = &command {
        // Tried on a copy first: a paper is handed out by being shown, and not by a refusal.
        let mut tried = (*running.conduct()).clone();
        tried.command(state.clock.now(), &actor, command.clone()).map_err(LiveError::Refused)?;
        let seat = match &actor {
            Actor::Venue(venue) => Some(Seat::of(&tried, venue.clone())),
            Actor::Desk => None,
        };
        state.papers.show(&caller.actor(), &Standing::new(&caller, &meeting, seat)?, &meeting, paper).await?;
    }
    let version = running.command(actor.clone(), command.clone()).await?;
    #[derive(Serialize)]
    struct Commanded<'c> {
        venue: Option<&'c VenueId>,
        command: &'c Command,
    }
    let venue = match &actor {
        Actor::Venue(venue) => Some(venue),
        Actor::Desk => None,
    };
    let record = Record::new("meeting.command", &id).on(&meeting.unit).after(&Commanded { venue, command: &command });
    // It is done, whether it can be written down or not.
    if let Err(error) = state.record(&caller, record).await {
        tracing::error!(meeting = %id, ?error, "a command cannot be written into the audit log");
    }
    Ok(Json(CommandDone { version }))
}

/// The whole state, for the chair and the desk.
#[utoipa::path(get, path = "/meetings/{id}/conduct", tag = "meetings", params(("id" = MeetingId, Path), TokenQuery), responses(
    (status = 200, body = ConductView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
))]
async fn get_conduct(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
    Query(query): Query<TokenQuery>,
) -> Result<Json<ConductView>, Problem> {
    let live = held(&state)?;
    let meeting = state.meetings.meeting(&id).await?;
    let running = live.meeting(&meeting).await?;
    let conduct = running.conduct();
    may_look(&actor(live, &caller, &meeting, query.token.as_deref().or(token_of(&headers)))?, &conduct)?;
    Ok(Json(ConductView::of(&conduct, &meeting.title)))
}

/// The whole state at every change, as server-sent events named `conduct`; who is slow gets the latest.
#[utoipa::path(get, path = "/meetings/{id}/conduct/events", tag = "meetings", params(("id" = MeetingId, Path), TokenQuery), responses(
    (status = 200, content_type = "text/event-stream", body = ConductView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
))]
async fn listen_to_conduct(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<MeetingId>,
    Query(query): Query<TokenQuery>,
) -> Result<impl IntoResponse, Problem> {
    let live = held(&state)?;
    let meeting = state.meetings.meeting(&id).await?;
    let running = live.meeting(&meeting).await?;
    let actor = actor(live, &caller, &meeting, query.token.as_deref())?;
    may_look(&actor, &running.conduct())?;
    let mut watched = running.watch();
    watched.mark_changed();
    let title: Arc<str> = meeting.title.into();
    let stream = futures_util::stream::unfold((watched, actor, title), async |(mut watched, actor, title)| {
        watched.changed().await.ok()?;
        let conduct = watched.borrow_and_update().clone();
        // Who hands the chair over sees no more.
        may_look(&actor, &conduct).ok()?;
        let event = Event::default().event("conduct").json_data(ConductView::of(&conduct, &title)).unwrap_or_default();
        Some((Ok::<_, Infallible>(event), (watched, actor, title)))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

pub(super) fn held(state: &AppState) -> Result<&Live, Problem> {
    state
        .live
        .as_ref()
        .ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "rooms_off", "会议室功能未启用 / rooms are switched off: `[rooms] enabled`"))
}

pub(super) fn token_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(ROOM_TOKEN)?.to_str().ok()
}

/// The venue whose room token it is.
pub(super) fn seated(live: &Live, meeting: &MeetingId, token: &str) -> Result<VenueId, Problem> {
    let refused = || Problem::new(StatusCode::UNAUTHORIZED, "room_token", "入会令牌无效或已过期,请重新入会 / the room's token is not valid: join again");
    live.seated(meeting, token).ok_or_else(refused)
}

/// By the room's token a venue, by one's rights the desk.
pub(super) fn actor(live: &Live, caller: &Caller, meeting: &Meeting, token: Option<&str>) -> Result<Actor, Problem> {
    if let Some(token) = token {
        return seated(live, &meeting.id, token).map(Actor::Venue);
    }
    caller.require_signed_in()?;
    if Meetings::may_steer(caller, meeting) {
        return Ok(Actor::Desk);
    }
    Err(Problem::forbidden("只有会务和主持人可以这样做 / only the chair and the desk may do this"))
}

fn may_look(actor: &Actor, conduct: &Conduct) -> Result<(), Problem> {
    let steers = match actor {
        Actor::Desk => true,
        Actor::Venue(venue) => *venue == conduct.chair || *venue == conduct.main,
    };
    if steers { Ok(()) } else { Err(Problem::forbidden("只有主持人可以查看 / only the chair sees this")) }
}

impl From<LiveError> for Problem {
    fn from(error: LiveError) -> Self {
        let said = error.to_string();
        match error {
            LiveError::Missing(id) => Problem::not_found("meeting", id.as_str()),
            LiveError::Cancelled(_) => Problem::conflict("meeting_cancelled", said),
            LiveError::Over(_) => Problem::conflict("meeting_over", said),
            LiveError::Refused(Refusal::Role { .. }) => Problem::new(StatusCode::FORBIDDEN, "not_your_role", said),
            LiveError::Refused(Refusal::Range { .. }) => Problem::bad_request("range", said),
            LiveError::Refused(_) => Problem::conflict("refused", said),
            LiveError::TooMany => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", said),
            LiveError::Room(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "room", said),
            LiveError::Store(error) => error.into(),
            LiveError::Meeting(error) => error.into(),
            LiveError::Corrupt(..) | LiveError::Token(_) => Problem::internal(&said),
        }
    }
}
