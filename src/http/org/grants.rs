//! `/grants`

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{GrantId, PersonId, UnitId};
use crate::http::extract::{Json, Path, Query};
use crate::http::{Page, Problem};
use crate::org::{Caller, Grant, NewGrant, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_grants, create_grant)).routes(routes!(delete_grant))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GrantQuery {
    person: Option<PersonId>,
    /// Only roles on this unit and those below it.
    unit: Option<UnitId>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// One's own roles, and those on units that the caller administers or audits.
#[utoipa::path(get, path = "/grants", tag = "org", params(GrantQuery), responses((status = 200, body = Page<Grant>), (status = 401, body = Problem)))]
async fn list_grants(State(org): State<Org>, caller: Caller, Query(query): Query<GrantQuery>) -> Result<Json<Page<Grant>>, Problem> {
    let tree = &caller.directory().tree;
    let mut grants = org.grants(&caller)?;
    grants.retain(|grant| {
        query.person.as_ref().is_none_or(|person| *person == grant.person) && query.unit.as_ref().is_none_or(|unit| tree.contains(unit, &grant.unit))
    });
    Ok(Json(Page::cut(grants, |grant| grant.id.as_str(), query.cursor.as_deref(), query.limit)))
}

/// Gives a role; takes the administrator role on its unit.
#[utoipa::path(post, path = "/grants", tag = "org", request_body = NewGrant, responses(
    (status = 201, body = Grant), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
))]
async fn create_grant(State(org): State<Org>, caller: Caller, Json(new): Json<NewGrant>) -> Result<(StatusCode, Json<Grant>), Problem> {
    Ok((StatusCode::CREATED, Json(org.create_grant(&caller, new).await?)))
}

/// Takes a role.
#[utoipa::path(delete, path = "/grants/{id}", tag = "org", params(("id" = GrantId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "`last_administrator`"),
))]
async fn delete_grant(State(org): State<Org>, caller: Caller, Path(id): Path<GrantId>) -> Result<StatusCode, Problem> {
    org.delete_grant(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
