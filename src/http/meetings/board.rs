//! The shared board of a meeting that is held.

use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::held::{actor, held, token_of};
use crate::base::MeetingId;
use crate::conduct::BoardAct;
use crate::http::extract::{Json, Path};
use crate::http::{AppState, Problem};
use crate::org::{Caller, Record};
use crate::store::Board;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_board, draw_on_board))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct BoardDone {
    /// Of the board on which it is done.
    version: i64,
}

/// The whole board, for whoever sits in the meeting (by `X-Room-Token`), and for the desk.
#[utoipa::path(get, path = "/meetings/{id}/board", tag = "meetings", params(("id" = MeetingId, Path), ("X-Room-Token" = Option<String>, Header)), responses(
    (status = 200, body = Board), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn get_board(State(state): State<AppState>, caller: Caller, headers: HeaderMap, Path(id): Path<MeetingId>) -> Result<Json<Board>, Problem> {
    let live = held(&state)?;
    let meeting = state.meetings.meeting(&id).await?;
    actor(live, &caller, &meeting, token_of(&headers))?;
    Ok(Json(live.board(&id).await?))
}

/// Draws, erases, clears or turns the page. Who may share may draw, while the chair has the board open; all hear of it by a data packet of topic `yizhan.board`.
#[utoipa::path(post, path = "/meetings/{id}/board", tag = "meetings", params(("id" = MeetingId, Path), ("X-Room-Token" = Option<String>, Header)), request_body = BoardAct, responses(
    (status = 200, body = BoardDone), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem),
))]
async fn draw_on_board(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<MeetingId>,
    Json(act): Json<BoardAct>,
) -> Result<Json<BoardDone>, Problem> {
    let live = held(&state)?;
    let meeting = state.meetings.meeting(&id).await?;
    let actor = actor(live, &caller, &meeting, token_of(&headers))?;
    let version = live.draw(&meeting, &actor, act.clone()).await?;
    // Strokes are kept as drawings with who drew them; what takes away the work of others is in the log.
    if matches!(act, BoardAct::Clear { .. }) {
        state.record(&caller, Record::new("meeting.board", &id).on(&meeting.unit).after(&act)).await?;
    }
    Ok(Json(BoardDone { version }))
}
