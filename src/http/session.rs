//! Signing in and out, and who one is.

use axum::extract::{FromRef, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{over_tls, same_site};
use super::{Problem, SESSION_COOKIE};
use crate::base::{PersonId, UnitId};
use crate::http::extract::Json;
use crate::org::{Caller, Credentials, Org, OrgError, Role};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(get_session, create_session, change_self, delete_session)).routes(routes!(change_own_password))
}

/// Who the caller is and what they may do.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// Null: not signed in.
    pub person: Option<MyPerson>,
    /// The named network the caller is on.
    pub network: Option<String>,
    pub roles: Vec<MyRole>,
    pub may: May,
    /// The highest rung to play here: `480p`; null: any.
    pub highest_rung: Option<String>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MyPerson {
    pub id: PersonId,
    pub name: String,
    pub display_name: String,
    /// Where notices go by mail.
    pub email: Option<String>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MyRole {
    pub role: Role,
    pub unit: UnitId,
    pub unit_title: String,
}

/// On at least one unit.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct May {
    pub operate: bool,
    pub edit: bool,
    pub administer: bool,
    pub audit: bool,
}

fn me(caller: &Caller) -> Me {
    let title = |unit: &UnitId| caller.directory().unit_title(unit).to_owned();
    Me {
        person: caller.person().map(|person| MyPerson {
            id: person.id.clone(),
            name: person.name.clone(),
            display_name: person.display_name.clone(),
            email: person.email.clone(),
        }),
        network: caller.network().map(str::to_owned),
        roles: caller.roles().into_iter().map(|on| MyRole { unit_title: title(&on.unit), role: on.role, unit: on.unit }).collect(),
        may: May {
            operate: caller.may_anywhere(Role::Operator),
            edit: caller.may_anywhere(Role::ColumnEditor),
            administer: caller.may_anywhere(Role::Administrator),
            audit: caller.may_anywhere(Role::Auditor),
        },
        highest_rung: caller.highest_rung().map(str::to_owned),
    }
}

/// The session's cookie; an empty value takes it away.
fn cookie(value: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// A refusal that says when to come again does so in `Retry-After`, too.
fn refused(error: OrgError) -> Response {
    let seconds = match &error {
        OrgError::Locked { seconds, .. } | OrgError::TooManyAttempts { seconds } => Some(*seconds),
        _ => None,
    };
    let mut response = Problem::from(error).into_response();
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Who the caller is; anonymous callers are answered, too.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Me)))]
async fn get_session(caller: Caller) -> impl IntoResponse {
    (AppendHeaders([NO_STORE]), Json(me(&caller)))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    name: String,
    password: String,
}

/// Signs in; the session is in the cookie `yizhan_session`.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn, responses(
    (status = 200, body = Me, description = "Signed in; sets the cookie"),
    (status = 401, body = Problem, description = "`wrong_password`"),
    (status = 403, body = Problem, description = "`other_site`"),
    (status = 429, body = Problem, description = "`locked` or `too_many_attempts`, with Retry-After"),
))]
async fn create_session(State(org): State<Org>, caller: Caller, parts: Parts, Json(body): Json<SignIn>) -> Result<Response, Response> {
    // Nobody is to be signed in as someone else by another site's page.
    same_site(&parts).map_err(IntoResponse::into_response)?;
    let address = caller.address().ok_or_else(|| Problem::unauthorized().into_response())?;
    let anonymous = org.caller(Credentials::None, address).await.map_err(refused)?;
    let session = org.sign_in(&anonymous, address, &body.name, &body.password).await.map_err(refused)?;
    // The session before, if there was one, is not left lying about.
    org.sign_out(&caller).await.map_err(refused)?;
    let cookie = cookie(&session.cookie, session.seconds, over_tls(&parts, &org));
    Ok((AppendHeaders([(header::SET_COOKIE, cookie.as_str()), NO_STORE]), Json(me(&session.caller))).into_response())
}

/// Signs out; nothing happens to who is not signed in.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn delete_session(State(org): State<Org>, caller: Caller, parts: Parts) -> Result<impl IntoResponse, Problem> {
    org.sign_out(&caller).await?;
    let cookie = cookie("", 0, over_tls(&parts, &org));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeSelf {
    /// Where notices go by mail; null: nowhere.
    email: Option<String>,
}

/// Changes one's own address of mail.
#[utoipa::path(patch, path = "/session", tag = "session", request_body = ChangeSelf, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem),
))]
async fn change_self(State(org): State<Org>, caller: Caller, Json(body): Json<ChangeSelf>) -> Result<StatusCode, Problem> {
    org.change_own_email(&caller, body.email.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    old: String,
    new: String,
}

/// Changes one's own password; ends one's other sessions.
#[utoipa::path(post, path = "/session/password", tag = "session", request_body = ChangePassword, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
))]
async fn change_own_password(State(org): State<Org>, caller: Caller, Json(body): Json<ChangePassword>) -> Result<StatusCode, Response> {
    org.change_own_password(&caller, &body.old, &body.new).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}
