//! What the pages ask for: which rooms there are, and a token to go in.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{self, KeepAlive, Sse};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::MeetingId;
use crate::http::extract::Json;
use crate::http::{AppState, Problem};
use crate::org::Caller;
use crate::room::RoomEvent;
use crate::room::token::{Claims, VideoGrant};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_rooms)).routes(routes!(create_room_token)).routes(routes!(listen_to_room))
}

/// How long a token lets somebody in; who is in stays.
const VALID: Duration = Duration::from_secs(6 * 3_600);
const NAME_CHARACTERS: usize = 100;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoomList {
    pub items: Vec<LiveRoom>,
}

/// A room where somebody is, or was a moment ago.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LiveRoom {
    pub name: String,
    pub sid: String,
    pub participants: u32,
    pub publishers: u32,
    pub created_at: i64,
}

/// What a client of the LiveKit protocol needs to come in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoomToken {
    pub room: String,
    pub identity: String,
    pub token: String,
    pub expires_at: i64,
}

/// The rooms that are there now.
#[utoipa::path(get, path = "/rooms", responses((status = 200, body = RoomList), (status = 401, body = Problem)))]
async fn list_rooms(State(state): State<AppState>, caller: Caller) -> Result<Json<RoomList>, Problem> {
    caller.require_signed_in()?;
    let rooms = state.rooms.as_ref().ok_or_else(off)?;
    let of = |room: crate::room::RoomSummary| LiveRoom {
        name: room.name,
        sid: room.sid,
        participants: room.participants,
        publishers: room.publishers,
        created_at: room.created_at_ms,
    };
    let mut items: Vec<LiveRoom> = Vec::new();
    for room in rooms.summaries().await {
        // Those of meetings are in the list of meetings.
        if !is_of_meeting(&state, &room.name).await? {
            items.push(of(room));
        }
    }
    Ok(Json(RoomList { items }))
}

/// A token with which the caller comes into a room, to see, to be seen, and to speak.
#[utoipa::path(post, path = "/rooms/{room}/token", params(("room" = String, Path)), responses((status = 200, body = RoomToken), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn create_room_token(State(state): State<AppState>, caller: Caller, Path(room): Path<String>) -> Result<Json<RoomToken>, Problem> {
    caller.require_signed_in()?;
    let person = caller.person().ok_or_else(Problem::unauthorized)?;
    let rooms = state.rooms.as_ref().ok_or_else(off)?;
    let room = room.trim().to_owned();
    if room.is_empty() || room.chars().count() > NAME_CHARACTERS || room.chars().any(char::is_control) {
        return Err(Problem::bad_request("room", format!("会议室名称为 1 到 {NAME_CHARACTERS} 个字 / a room's name has 1 to {NAME_CHARACTERS} characters")));
    }
    outside_meetings(&state, &room).await?;
    let grant = VideoGrant { room_join: true, room: room.clone(), can_update_own_metadata: Some(true), ..VideoGrant::default() };
    let name = if person.display_name.is_empty() { &person.name } else { &person.display_name };
    let claims = Claims { name: name.clone(), ..Claims::lasting(state.clock.now(), VALID).with_identity(person.name.clone()).with_video(grant) };
    let token = rooms.keys().first().issue(&claims).map_err(|e| Problem::bad_request("room", e.to_string()))?;
    Ok(Json(RoomToken { room, identity: claims.identity, token, expires_at: claims.expires.0 }))
}

/// What happens in a room from now on, as server-sent events: `room_started`, `participant_joined`, `track_published` … as webhooks have them, `speakers`
/// (the loudest first), and `missed`, with how many, for a listener that was too slow.
#[utoipa::path(get, path = "/rooms/{room}/events", params(("room" = String, Path)), responses((status = 200, content_type = "text/event-stream", body = String), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn listen_to_room(State(state): State<AppState>, caller: Caller, Path(room): Path<String>) -> Result<impl IntoResponse, Problem> {
    caller.require_signed_in()?;
    let events = state.rooms.as_ref().ok_or_else(off)?.events();
    outside_meetings(&state, &room).await?;
    let stream = futures_util::stream::unfold((events, room), async |(mut events, room)| {
        loop {
            let event = events.next().await?;
            if event.is_of(&room) {
                return Some((described(&event), (events, room)));
            }
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

fn described(event: &RoomEvent) -> Result<sse::Event, axum::Error> {
    match event {
        RoomEvent::Changed(event) => sse::Event::default().event(&event.event).id(&event.id).json_data(event),
        RoomEvent::Speakers { speakers, .. } => sse::Event::default().event("speakers").json_data(speakers),
        RoomEvent::Muted { identity, is_muted, .. } => {
            sse::Event::default().event("muted").json_data(serde_json::json!({ "identity": identity, "muted": is_muted }))
        }
        RoomEvent::Missed(missed) => Ok(sse::Event::default().event("missed").data(missed.to_string())),
    }
}

/// A room of a meeting has the meeting's door: who comes in is for the meeting to say.
async fn outside_meetings(state: &AppState, room: &str) -> Result<(), Problem> {
    if is_of_meeting(state, room).await? {
        return Err(Problem::forbidden("这是一次会议的会议室,请从“会议”进入 / this is the room of a meeting: come in by the meeting"));
    }
    Ok(())
}

async fn is_of_meeting(state: &AppState, room: &str) -> Result<bool, Problem> {
    Ok(state.store.meeting(&MeetingId::from(room)).await?.is_some())
}

fn off() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "rooms_off", "会议室功能未启用 / rooms are switched off: `[rooms] enabled`")
}
