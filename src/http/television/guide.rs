//! The guide of a channel and its weekly timetable.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::channels::{operated, watched};
use crate::base::{ChannelId, SlotId, UtcMs};
use crate::epg::{Programme, Slot, TimeOfDay, Weekdays};
use crate::http::extract::{Json, Path, Query};
use crate::http::page::Page;
use crate::http::{AppState, Problem, title};
use crate::org::{Caller, Record};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(guide)).routes(routes!(timetable, add)).routes(routes!(remove))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Range {
    /// UTC milliseconds; a day ago unless said.
    from: Option<i64>,
    /// UTC milliseconds; in a week unless said.
    to: Option<i64>,
}

const DAY_MS: i64 = 86_400_000;

/// Programmes of a channel that touch a range, announced and typed in
#[utoipa::path(get, path = "/channels/{id}/guide", tag = "television", params(("id" = String, Path), Range), responses((status = 200, body = Page<Programme>)))]
async fn guide(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>, Query(range): Query<Range>) -> Result<Json<Page<Programme>>, Problem> {
    watched(&app, &caller, &id).await?;
    let now = app.clock.now();
    let (from, to) = (range.from.map_or(now - DAY_MS, UtcMs), range.to.map_or(now + 7 * DAY_MS, UtcMs));
    if !(0..=60 * DAY_MS).contains(&to.0.saturating_sub(from.0)) {
        return Err(Problem::bad_request("range", "at most 60 days, and `to` not before `from`"));
    }
    Ok(Json(Page::whole(app.channels.guide(&id, from, to).await?)))
}

/// A programme of every week, as typed in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSlot {
    weekdays: Weekdays,
    start: TimeOfDay,
    /// Not after `start`: on the day after.
    end: TimeOfDay,
    title: String,
}

/// The weekly timetable
#[utoipa::path(get, path = "/channels/{id}/timetable", tag = "television", params(("id" = String, Path)), responses((status = 200, body = Page<Slot>)))]
async fn timetable(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Json<Page<Slot>>, Problem> {
    watched(&app, &caller, &id).await?;
    Ok(Json(Page::whole(app.store.slots(&id).await?)))
}

/// Add to the weekly timetable
#[utoipa::path(post, path = "/channels/{id}/timetable", tag = "television", params(("id" = String, Path)), request_body = NewSlot, responses((status = 201, body = Slot), (status = 409, body = Problem)))]
async fn add(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>, Json(new): Json<NewSlot>) -> Result<(StatusCode, Json<Slot>), Problem> {
    operated(&app, &caller, &id).await?;
    let slot = Slot { id: SlotId::random(), weekdays: new.weekdays, start: new.start, end: new.end, title: title(&new.title)? };
    let mut slots = app.store.slots(&id).await?;
    slots.push(slot.clone());
    crate::epg::check_timetable(&slots).map_err(|e| Problem::conflict("timetable", e.to_string()))?;
    app.store.insert_slot(&id, &slot).await?;
    app.record(&caller, Record::new("timetable.add", id.as_str()).after(&slot)).await?;
    app.library.look_again();
    Ok((StatusCode::CREATED, Json(slot)))
}

/// Remove from the weekly timetable
#[utoipa::path(delete, path = "/channels/{id}/timetable/{slot}", operation_id = "remove_slot", tag = "television", params(("id" = String, Path), ("slot" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn remove(State(app): State<AppState>, caller: Caller, Path((id, slot)): Path<(ChannelId, SlotId)>) -> Result<StatusCode, Problem> {
    operated(&app, &caller, &id).await?;
    app.store.delete_slot(&id, &slot).await?;
    app.record(&caller, Record::new("timetable.remove", format!("{id}/{slot}"))).await?;
    app.library.look_again();
    Ok(StatusCode::NO_CONTENT)
}
