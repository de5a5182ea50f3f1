//! Columns: what departments keep.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{ColumnId, UnitId, is_slug};
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::{AppState, Problem, refusal, title};
use crate::org::{Audience, Caller, Org, Record, Role};
use crate::store::ColumnRow;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change, remove))
}

/// A column of the library.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Column {
    /// Lower-case letters, digits and dashes; stands in addresses.
    pub id: ColumnId,
    pub title: String,
    /// `public` (signed in, or on a named network), `signed_in`, or `network:<name>`.
    #[serde(default = "public")]
    pub audience: String,
    /// The unit that keeps it; the top of the tree unless said.
    pub unit: Option<UnitId>,
    #[serde(default)]
    pub position: i64,
    #[serde(default = "yes")]
    pub on_front: bool,
}

fn public() -> String {
    "public".to_owned()
}

fn yes() -> bool {
    true
}

impl From<ColumnRow> for Column {
    fn from(row: ColumnRow) -> Self {
        Self { id: row.id.into(), title: row.title, audience: row.audience, unit: Some(row.unit.into()), position: row.position, on_front: row.on_front }
    }
}

/// Changes to a column; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ColumnChange {
    title: Option<String>,
    audience: Option<String>,
    unit: Option<UnitId>,
    position: Option<i64>,
    on_front: Option<bool>,
}

/// Whether the caller may watch what is in the column.
pub fn may_watch(caller: &Caller, column: &ColumnRow) -> bool {
    column.audience.parse::<Audience>().is_ok_and(|audience| caller.may_watch(&audience, &column.unit.clone().into()))
}

/// The columns that the caller may watch.
pub async fn watched(app: &AppState, caller: &Caller) -> Result<Vec<ColumnRow>, Problem> {
    Ok(app.store.columns().await?.into_iter().filter(|c| may_watch(caller, c)).collect())
}

/// Columns that you may watch
#[utoipa::path(get, path = "/columns", operation_id = "list_columns", tag = "library", responses((status = 200, body = Page<Column>)))]
async fn list(State(app): State<AppState>, caller: Caller) -> Result<Json<Page<Column>>, Problem> {
    Ok(Json(Page::whole(watched(&app, &caller).await?.into_iter().map(Column::from).collect())))
}

/// Make a column
#[utoipa::path(post, path = "/columns", operation_id = "create_column", tag = "library", request_body = Column, responses((status = 201, body = Column), (status = 409, body = Problem)))]
async fn create(State(app): State<AppState>, caller: Caller, Json(column): Json<Column>) -> Result<(StatusCode, Json<Column>), Problem> {
    let unit = column.unit.clone().unwrap_or_else(Org::root);
    caller.require(Role::ColumnEditor, &unit)?;
    if !is_slug(column.id.as_str()) {
        return Err(Problem::bad_request("id", "栏目标识只用小写字母、数字和横线 / a column's id has only a-z, 0-9 and dashes, 1 to 40"));
    }
    let row = ColumnRow {
        id: column.id.to_string(),
        title: title(&column.title)?,
        audience: audience(&column.audience)?,
        unit: app.existing_unit(&unit)?.to_string(),
        position: column.position,
        on_front: column.on_front,
        created: app.clock.now().0,
    };
    app.store.insert_column(&row).await?;
    app.record(&caller, Record::new("column.create", &row.id).after(&Column::from(row.clone()))).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// A column
#[utoipa::path(get, path = "/columns/{id}", operation_id = "show_column", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Column), (status = 404, body = Problem)))]
async fn show(State(app): State<AppState>, caller: Caller, Path(id): Path<ColumnId>) -> Result<Json<Column>, Problem> {
    let row = app.store.column(&id).await?;
    if !may_watch(&caller, &row) {
        return Err(refusal(&caller));
    }
    Ok(Json(row.into()))
}

/// Change a column
#[utoipa::path(patch, path = "/columns/{id}", operation_id = "change_column", tag = "library", params(("id" = String, Path)), request_body = ColumnChange, responses((status = 200, body = Column)))]
async fn change(State(app): State<AppState>, caller: Caller, Path(id): Path<ColumnId>, Json(change): Json<ColumnChange>) -> Result<Json<Column>, Problem> {
    let before = app.store.column(&id).await?;
    caller.require(Role::ColumnEditor, &before.unit.clone().into())?;
    let mut row = before.clone();
    if let Some(text) = change.title {
        row.title = title(&text)?;
    }
    if let Some(text) = change.audience {
        row.audience = audience(&text)?;
    }
    if let Some(unit) = change.unit {
        caller.require(Role::ColumnEditor, &unit)?;
        row.unit = app.existing_unit(&unit)?.to_string();
    }
    row.position = change.position.unwrap_or(row.position);
    row.on_front = change.on_front.unwrap_or(row.on_front);
    app.store.update_column(&row).await?;
    app.record(&caller, Record::new("column.change", &row.id).before(&Column::from(before)).after(&Column::from(row.clone()))).await?;
    Ok(Json(row.into()))
}

/// Remove an empty column
#[utoipa::path(delete, path = "/columns/{id}", operation_id = "remove_column", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 409, body = Problem)))]
async fn remove(State(app): State<AppState>, caller: Caller, Path(id): Path<ColumnId>) -> Result<StatusCode, Problem> {
    let row = app.store.column(&id).await?;
    caller.require(Role::ColumnEditor, &row.unit.clone().into())?;
    app.store.delete_column(&id).await?;
    app.record(&caller, Record::new("column.remove", id.as_str()).before(&Column::from(row))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The audience in its own words, or what is wrong with it.
pub fn audience(text: &str) -> Result<String, Problem> {
    let audience: Audience = text.parse().map_err(|e| Problem::bad_request("audience", format!("{e}")))?;
    Ok(audience.to_string())
}
