//! Assets: what was recorded, with its state.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::columns;
use crate::base::{AssetId, ChannelId, ColumnId, UtcMs};
use crate::http::extract::{Json, Path, Query};
use crate::http::page::{Page, PageQuery, cursor};
use crate::http::{AppState, Problem, refusal, title};
use crate::library::NewCut;
use crate::org::{Caller, Record, Role};
use crate::store::{AssetQuery, AssetRow, AssetState, MissingStretch, Rendition};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change, remove)).routes(routes!(cancel)).routes(routes!(retry))
}

/// A piece cut from a tape, published in a column.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Asset {
    id: AssetId,
    title: String,
    description: String,
    column: ColumnId,
    channel: ChannelId,
    channel_title: String,
    /// The programme's times.
    start: UtcMs,
    end: UtcMs,
    /// What was cut, or will be.
    from: UtcMs,
    to: UtcMs,
    duration_ms: i64,
    state: AssetState,
    /// 0 to 1 while it is taped or transcoded.
    progress: Option<f64>,
    error: Option<String>,
    /// It can be played now, whatever its state.
    playable: bool,
    master_url: String,
    poster_url: Option<String>,
    thumbnails_url: Option<String>,
    renditions: Vec<Rendition>,
    /// Stretches for which the tape holds nothing.
    gaps: Vec<MissingStretch>,
    created: UtcMs,
}

impl Asset {
    pub async fn of(app: &AppState, row: AssetRow) -> Self {
        let media = |name: &str| format!("/media/assets/{}/{name}", row.id);
        Self {
            progress: app.library.progress(&row).await,
            master_url: media("master.m3u8"),
            poster_url: row.poster.then(|| media("poster.jpg")),
            thumbnails_url: row.thumbnails.then(|| media("thumbnails.vtt")),
            duration_ms: (row.to - row.from).max(0),
            id: row.id,
            title: row.title,
            description: row.description,
            column: row.column,
            channel: row.channel,
            channel_title: row.channel_title,
            start: row.start,
            end: row.end,
            from: row.from,
            to: row.to,
            state: row.state,
            error: row.error,
            playable: row.playable,
            renditions: row.renditions,
            gaps: row.gaps,
            created: row.created,
        }
    }

    pub async fn all(app: &AppState, rows: Vec<AssetRow>) -> Vec<Self> {
        let mut assets = Vec::with_capacity(rows.len());
        for row in rows {
            assets.push(Self::of(app, row).await);
        }
        assets
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AssetFilter {
    column: Option<ColumnId>,
    channel: Option<ChannelId>,
    state: Option<AssetState>,
    /// Part of the title.
    q: Option<String>,
}

/// A stretch of a channel's tape to be cut by hand.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAsset {
    title: String,
    #[serde(default)]
    description: String,
    channel: ChannelId,
    column: ColumnId,
    from: UtcMs,
    /// May lie in the future: the cut is made when the tape has it.
    to: UtcMs,
}

/// Changes to an asset; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AssetChange {
    title: Option<String>,
    description: Option<String>,
    column: Option<ColumnId>,
}

/// The asset and the right of the caller to watch it.
pub async fn watched(app: &AppState, caller: &Caller, id: &AssetId) -> Result<AssetRow, Problem> {
    let row = app.store.asset(id).await?;
    let column = app.store.column(&row.column).await?;
    if columns::may_watch(caller, &column) { Ok(row) } else { Err(refusal(caller)) }
}

/// The asset and the right of the caller to change it.
async fn edited(app: &AppState, caller: &Caller, id: &AssetId) -> Result<AssetRow, Problem> {
    let row = app.store.asset(id).await?;
    let column = app.store.column(&row.column).await?;
    caller.require(Role::ColumnEditor, &column.unit.into())?;
    Ok(row)
}

/// Assets that you may watch, newest first
#[utoipa::path(get, path = "/assets", operation_id = "list_assets", tag = "library", params(AssetFilter, PageQuery), responses((status = 200, body = Page<Asset>)))]
async fn list(
    State(app): State<AppState>,
    caller: Caller,
    Query(filter): Query<AssetFilter>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Asset>>, Problem> {
    let limit = page.limit()?;
    let visible = columns::watched(&app, &caller).await?.into_iter().map(|c| ColumnId::from(c.id));
    let query = AssetQuery {
        columns: Some(visible.filter(|id| filter.column.as_ref().is_none_or(|wanted| wanted == id)).collect()),
        channel: filter.channel,
        states: filter.state.into_iter().collect(),
        title: filter.q.filter(|q| !q.is_empty()),
        after: page.after()?.map(|(start, id)| (start, id.into())),
        limit,
        ..AssetQuery::default()
    };
    let rows = app.store.assets(&query).await?;
    let next = (rows.len() == limit as usize).then(|| rows.last().map(|r| cursor(r.start, r.id.as_str()))).flatten();
    Ok(Json(Page { items: Asset::all(&app, rows).await, next }))
}

/// Cut a stretch of a tape by hand
#[utoipa::path(post, path = "/assets", operation_id = "create_asset", tag = "library", request_body = NewAsset, responses((status = 201, body = Asset), (status = 400, body = Problem)))]
async fn create(State(app): State<AppState>, caller: Caller, Json(new): Json<NewAsset>) -> Result<(StatusCode, Json<Asset>), Problem> {
    let column = app.store.column(&new.column).await?;
    caller.require(Role::ColumnEditor, &column.unit.into())?;
    let cut = NewCut { title: title(&new.title)?, description: new.description, channel: new.channel, column: new.column, from: new.from, to: new.to };
    let row = app.library.cut(cut).await?;
    let asset = Asset::of(&app, row).await;
    app.record(&caller, Record::new("asset.create", asset.id.as_str()).after(&asset)).await?;
    Ok((StatusCode::CREATED, Json(asset)))
}

/// An asset
#[utoipa::path(get, path = "/assets/{id}", operation_id = "show_asset", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Asset), (status = 404, body = Problem)))]
async fn show(State(app): State<AppState>, caller: Caller, Path(id): Path<AssetId>) -> Result<Json<Asset>, Problem> {
    let row = watched(&app, &caller, &id).await?;
    Ok(Json(Asset::of(&app, row).await))
}

/// Change an asset's words or column
#[utoipa::path(patch, path = "/assets/{id}", operation_id = "change_asset", tag = "library", params(("id" = String, Path)), request_body = AssetChange, responses((status = 200, body = Asset)))]
async fn change(State(app): State<AppState>, caller: Caller, Path(id): Path<AssetId>, Json(change): Json<AssetChange>) -> Result<Json<Asset>, Problem> {
    let mut row = edited(&app, &caller, &id).await?;
    let before = Asset::of(&app, row.clone()).await;
    if let Some(text) = change.title {
        row.title = title(&text)?;
    }
    if let Some(text) = change.description {
        row.description = text;
    }
    if let Some(id) = change.column {
        let column = app.store.column(&id).await?;
        caller.require(Role::ColumnEditor, &column.unit.into())?;
        row.column = id;
    }
    let row = app.library.describe(&id, &row.title, &row.description, &row.column).await?;
    let after = Asset::of(&app, row).await;
    app.record(&caller, Record::new("asset.change", id.as_str()).before(&before).after(&after)).await?;
    Ok(Json(after))
}

/// Remove an asset and its files
#[utoipa::path(delete, path = "/assets/{id}", operation_id = "remove_asset", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn remove(State(app): State<AppState>, caller: Caller, Path(id): Path<AssetId>) -> Result<StatusCode, Problem> {
    let row = edited(&app, &caller, &id).await?;
    let before = Asset::of(&app, row).await;
    app.library.remove(&id).await?;
    app.record(&caller, Record::new("asset.remove", id.as_str()).before(&before)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop taping or transcoding an asset
#[utoipa::path(post, path = "/assets/{id}/cancel", operation_id = "cancel_asset", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 409, body = Problem)))]
async fn cancel(State(app): State<AppState>, caller: Caller, Path(id): Path<AssetId>) -> Result<StatusCode, Problem> {
    edited(&app, &caller, &id).await?;
    app.library.cancel(&id).await?;
    app.record(&caller, Record::new("asset.cancel", id.as_str())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cut and transcode an asset again that failed or was cancelled
#[utoipa::path(post, path = "/assets/{id}/retry", operation_id = "retry_asset", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 409, body = Problem)))]
async fn retry(State(app): State<AppState>, caller: Caller, Path(id): Path<AssetId>) -> Result<StatusCode, Problem> {
    edited(&app, &caller, &id).await?;
    app.library.retry(&id).await?;
    app.record(&caller, Record::new("asset.retry", id.as_str())).await?;
    Ok(StatusCode::NO_CONTENT)
}
