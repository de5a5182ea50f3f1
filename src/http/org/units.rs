//! `/units`

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::UnitId;
use crate::http::extract::{Json, Path};
use crate::http::{Page, Problem};
use crate::org::{Caller, NewUnit, Org, OrgError, Unit, UnitPatch};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_units, create_unit)).routes(routes!(get_unit, change_unit, delete_unit))
}

/// The whole tree, as a list of units with their parents.
#[utoipa::path(get, path = "/units", tag = "org", responses((status = 200, body = Page<Unit>), (status = 401, body = Problem)))]
async fn list_units(caller: Caller) -> Result<Json<Page<Unit>>, Problem> {
    caller.require_signed_in()?;
    Ok(Json(Page::whole(caller.directory().units.clone())))
}

/// Makes a unit; takes the administrator role on its parent.
#[utoipa::path(post, path = "/units", tag = "org", request_body = NewUnit, responses(
    (status = 201, body = Unit), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn create_unit(State(org): State<Org>, caller: Caller, Json(new): Json<NewUnit>) -> Result<(StatusCode, Json<Unit>), Problem> {
    Ok((StatusCode::CREATED, Json(org.create_unit(&caller, new).await?)))
}

#[utoipa::path(get, path = "/units/{id}", tag = "org", params(("id" = UnitId, Path)), responses((status = 200, body = Unit), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_unit(caller: Caller, Path(id): Path<UnitId>) -> Result<Json<Unit>, Problem> {
    caller.require_signed_in()?;
    caller.directory().unit(&id).cloned().map(Json).ok_or_else(|| OrgError::missing("unit", &id).into())
}

/// Changes or moves a unit; moving takes the administrator role at both ends.
#[utoipa::path(patch, path = "/units/{id}", tag = "org", params(("id" = UnitId, Path)), request_body = UnitPatch, responses(
    (status = 200, body = Unit), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn change_unit(State(org): State<Org>, caller: Caller, Path(id): Path<UnitId>, Json(patch): Json<UnitPatch>) -> Result<Json<Unit>, Problem> {
    Ok(Json(org.change_unit(&caller, &id, patch).await?))
}

/// Removes a unit that nothing hangs on.
#[utoipa::path(delete, path = "/units/{id}", tag = "org", params(("id" = UnitId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "`in_use`"),
))]
async fn delete_unit(State(org): State<Org>, caller: Caller, Path(id): Path<UnitId>) -> Result<StatusCode, Problem> {
    org.delete_unit(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
