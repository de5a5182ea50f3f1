//! `/venue-groups`

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::VenueGroupId;
use crate::http::extract::{Json, Path};
use crate::http::{Page, Problem};
use crate::meeting::{Meetings, NewVenueGroup, VenueGroup};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_venue_groups, create_venue_group)).routes(routes!(delete_venue_group))
}

/// Saved groups of the units on which the caller has the chair role.
#[utoipa::path(get, path = "/venue-groups", tag = "meetings", responses((status = 200, body = Page<VenueGroup>), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_venue_groups(State(meetings): State<Meetings>, caller: Caller) -> Result<Json<Page<VenueGroup>>, Problem> {
    Ok(Json(Page::whole(meetings.groups(&caller).await?)))
}

/// Saves a group of venues; takes the chair role on its unit.
#[utoipa::path(post, path = "/venue-groups", tag = "meetings", request_body = NewVenueGroup, responses(
    (status = 201, body = VenueGroup), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn create_venue_group(
    State(meetings): State<Meetings>,
    caller: Caller,
    Json(new): Json<NewVenueGroup>,
) -> Result<(StatusCode, Json<VenueGroup>), Problem> {
    Ok((StatusCode::CREATED, Json(meetings.create_group(&caller, new).await?)))
}

#[utoipa::path(delete, path = "/venue-groups/{id}", tag = "meetings", params(("id" = VenueGroupId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn delete_venue_group(State(meetings): State<Meetings>, caller: Caller, Path(id): Path<VenueGroupId>) -> Result<StatusCode, Problem> {
    meetings.delete_group(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
