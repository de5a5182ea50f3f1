//! `/people`

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{PersonId, UnitId};
use crate::http::extract::{Json, Path, Query};
use crate::http::{Page, Problem};
use crate::org::{Caller, NewPerson, Org, OrgError, Person, PersonPatch, Role};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_people, create_person)).routes(routes!(get_person, change_person, delete_person)).routes(routes!(set_password))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// Only people of this unit and those below it.
    unit: Option<UnitId>,
    /// Part of the name or display name.
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// People of the units that the caller administers or audits.
#[utoipa::path(get, path = "/people", tag = "org", params(PeopleQuery), responses(
    (status = 200, body = Page<Person>), (status = 401, body = Problem), (status = 403, body = Problem),
))]
async fn list_people(State(org): State<Org>, caller: Caller, Query(query): Query<PeopleQuery>) -> Result<Json<Page<Person>>, Problem> {
    let tree = &caller.directory().tree;
    let sought = query.q.map(|q| q.trim().to_lowercase());
    let mut people = org.people(&caller)?;
    people.retain(|person| {
        query.unit.as_ref().is_none_or(|unit| tree.contains(unit, &person.unit))
            && sought.as_ref().is_none_or(|sought| person.name.contains(sought) || person.display_name.to_lowercase().contains(sought))
    });
    Ok(Json(Page::cut(people, |person| person.name.as_str(), query.cursor.as_deref(), query.limit)))
}

/// Makes a person; takes the administrator role on their unit.
#[utoipa::path(post, path = "/people", tag = "org", request_body = NewPerson, responses(
    (status = 201, body = Person), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn create_person(State(org): State<Org>, caller: Caller, Json(new): Json<NewPerson>) -> Result<(StatusCode, Json<Person>), Problem> {
    Ok((StatusCode::CREATED, Json(org.create_person(&caller, new).await?)))
}

/// Oneself, or who is of a unit that the caller administers or audits.
#[utoipa::path(get, path = "/people/{id}", tag = "org", params(("id" = PersonId, Path)), responses(
    (status = 200, body = Person), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn get_person(caller: Caller, Path(id): Path<PersonId>) -> Result<Json<Person>, Problem> {
    caller.require_signed_in()?;
    if caller.person().is_none_or(|me| me.id != id) && !caller.may_anywhere(Role::Auditor) {
        caller.require_anywhere(Role::Administrator)?;
    }
    let person = caller.directory().person(&id).ok_or_else(|| OrgError::missing("person", &id))?;
    if caller.person().is_none_or(|me| me.id != id) && !caller.may(Role::Auditor, &person.unit) {
        caller.require(Role::Administrator, &person.unit)?;
    }
    Ok(Json(person.clone()))
}

/// Changes, moves, disables or enables a person.
#[utoipa::path(patch, path = "/people/{id}", tag = "org", params(("id" = PersonId, Path)), request_body = PersonPatch, responses(
    (status = 200, body = Person), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
))]
async fn change_person(State(org): State<Org>, caller: Caller, Path(id): Path<PersonId>, Json(patch): Json<PersonPatch>) -> Result<Json<Person>, Problem> {
    Ok(Json(org.change_person(&caller, &id, patch).await?))
}

/// Removes a person with sessions, tokens and roles; the audit log keeps the name.
#[utoipa::path(delete, path = "/people/{id}", tag = "org", params(("id" = PersonId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "`last_administrator`"),
))]
async fn delete_person(State(org): State<Org>, caller: Caller, Path(id): Path<PersonId>) -> Result<StatusCode, Problem> {
    org.delete_person(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    password: String,
}

/// Sets somebody's password; ends all their sessions and a lock.
#[utoipa::path(post, path = "/people/{id}/password", tag = "org", params(("id" = PersonId, Path)), request_body = NewPassword, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn set_password(State(org): State<Org>, caller: Caller, Path(id): Path<PersonId>, Json(body): Json<NewPassword>) -> Result<StatusCode, Problem> {
    org.set_password(&caller, &id, &body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
