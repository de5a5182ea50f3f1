//! `/sites`

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{SiteId, UnitId};
use crate::http::extract::{Json, Path, Query};
use crate::http::{Page, Problem};
use crate::org::{Caller, NewSite, Org, OrgError, Site, SitePatch};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_sites, create_site)).routes(routes!(get_site, change_site, delete_site))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SiteQuery {
    /// Only sites of this unit and those below it.
    unit: Option<UnitId>,
    cursor: Option<String>,
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/sites", tag = "org", params(SiteQuery), responses((status = 200, body = Page<Site>), (status = 401, body = Problem)))]
async fn list_sites(caller: Caller, Query(query): Query<SiteQuery>) -> Result<Json<Page<Site>>, Problem> {
    caller.require_signed_in()?;
    let directory = caller.directory();
    let asked = |site: &&Site| query.unit.as_ref().is_none_or(|unit| directory.tree.contains(unit, &site.unit));
    let page = Page::cut(directory.sites.iter().filter(asked).cloned(), |site| site.id.as_str(), query.cursor.as_deref(), query.limit);
    Ok(Json(page))
}

/// Makes a site; takes the administrator role on its unit.
#[utoipa::path(post, path = "/sites", tag = "org", request_body = NewSite, responses(
    (status = 201, body = Site), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn create_site(State(org): State<Org>, caller: Caller, Json(new): Json<NewSite>) -> Result<(StatusCode, Json<Site>), Problem> {
    Ok((StatusCode::CREATED, Json(org.create_site(&caller, new).await?)))
}

#[utoipa::path(get, path = "/sites/{id}", tag = "org", params(("id" = SiteId, Path)), responses((status = 200, body = Site), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_site(caller: Caller, Path(id): Path<SiteId>) -> Result<Json<Site>, Problem> {
    caller.require_signed_in()?;
    caller.directory().site(&id).cloned().map(Json).ok_or_else(|| OrgError::missing("site", &id).into())
}

/// Changes a site; null takes a limit away.
#[utoipa::path(patch, path = "/sites/{id}", tag = "org", params(("id" = SiteId, Path)), request_body = SitePatch, responses(
    (status = 200, body = Site), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn change_site(State(org): State<Org>, caller: Caller, Path(id): Path<SiteId>, Json(patch): Json<SitePatch>) -> Result<Json<Site>, Problem> {
    Ok(Json(org.change_site(&caller, &id, patch).await?))
}

#[utoipa::path(delete, path = "/sites/{id}", tag = "org", params(("id" = SiteId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn delete_site(State(org): State<Org>, caller: Caller, Path(id): Path<SiteId>) -> Result<StatusCode, Problem> {
    org.delete_site(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
