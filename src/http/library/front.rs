//! The front page in one answer.

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assets::Asset;
use super::columns::{self, Column};
use crate::base::ColumnId;
use crate::http::extract::Json;
use crate::http::television::{Channel, watched_channels};
use crate::http::{AppState, Problem};
use crate::org::Caller;
use crate::store::{AssetQuery, ColumnRow};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(front))
}

/// What an official sees in the morning.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Front {
    /// The day of `news`, in the configured zone.
    date: String,
    /// That day is yesterday. Where yesterday has nothing, it is the newest day that has.
    is_yesterday: bool,
    news: Vec<Asset>,
    live: Vec<Channel>,
    columns: Vec<FrontColumn>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FrontColumn {
    column: Column,
    items: Vec<Asset>,
}

/// How many of a column the front page shows.
const ROW: u32 = 12;

/// The front page
#[utoipa::path(get, path = "/front", tag = "library", responses((status = 200, body = Front)))]
async fn front(State(app): State<AppState>, caller: Caller) -> Result<Json<Front>, Problem> {
    let shown: Vec<ColumnRow> = columns::watched(&app, &caller).await?.into_iter().filter(|c| c.on_front).collect();
    let today = app.zone.date(app.clock.now());
    let yesterday = today.yesterday().unwrap_or(today);
    // The first column of the front page is the news.
    let mut news = Vec::new();
    let mut date = yesterday;
    if let Some(first) = shown.first() {
        news = of_day(&app, first, yesterday).await?;
        if news.is_empty() {
            let newest = app.store.assets(&AssetQuery { limit: 1, ..of_column(first) }).await?;
            if let Some(newest) = newest.first() {
                date = app.zone.date(newest.start);
                news = of_day(&app, first, date).await?;
            }
        }
    }
    let mut columns = Vec::with_capacity(shown.len());
    for row in shown {
        let items = app.store.assets(&AssetQuery { limit: ROW, ..of_column(&row) }).await?;
        columns.push(FrontColumn { column: row.into(), items: Asset::all(&app, items).await });
    }
    Ok(Json(Front { date: date.to_string(), is_yesterday: date == yesterday, news, live: watched_channels(&app, &caller).await?, columns }))
}

fn of_column(column: &ColumnRow) -> AssetQuery {
    AssetQuery { columns: Some(vec![ColumnId::from(column.id.as_str())]), playable: Some(true), ..AssetQuery::default() }
}

/// The column's programmes of one day in the order in which they were on; of a long day the last ones.
async fn of_day(app: &AppState, column: &ColumnRow, day: jiff::civil::Date) -> Result<Vec<Asset>, Problem> {
    let (from, to) = (app.zone.day_start(day), app.zone.day_start(day.tomorrow().unwrap_or(day)));
    let rows = app.store.assets(&AssetQuery { from: Some(from), to: Some(to), limit: ROW, ..of_column(column) }).await?;
    Ok(Asset::all(app, rows).await)
}
