//! `/invitees`: whom one can invite to a meeting, or name at its desk.

use axum::extract::{FromRef, State};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Json, Query};
use crate::http::page::page_size;
use crate::http::{Page, Problem};
use crate::meeting::{Invitee, Meetings};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(find_invitees))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InviteesQuery {
    /// A part of the name or of its unit's, or the first letters of its pinyin.
    #[serde(default)]
    q: String,
    /// Only people.
    #[serde(default)]
    people: bool,
    limit: Option<usize>,
}

/// Sites and people that can be invited; takes the chair role on any unit.
#[utoipa::path(get, path = "/invitees", tag = "meetings", params(InviteesQuery), responses(
    (status = 200, body = Page<Invitee>), (status = 401, body = Problem), (status = 403, body = Problem),
))]
async fn find_invitees(State(meetings): State<Meetings>, caller: Caller, Query(query): Query<InviteesQuery>) -> Result<Json<Page<Invitee>>, Problem> {
    Ok(Json(Page::whole(meetings.invitees(&caller, &query.q, query.people, page_size(query.limit))?)))
}
