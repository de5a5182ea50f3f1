//! `/tokens`

use axum::extract::{FromRef, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{PersonId, TokenId};
use crate::http::extract::{Json, Path, Query};
use crate::http::{Page, Problem};
use crate::org::{Caller, MadeToken, NewToken, Org, Token};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TokenQuery {
    person: Option<PersonId>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// One's own tokens, and those of people whom the caller administers; without their texts.
#[utoipa::path(get, path = "/tokens", tag = "org", params(TokenQuery), responses((status = 200, body = Page<Token>), (status = 401, body = Problem)))]
async fn list_tokens(State(org): State<Org>, caller: Caller, Query(query): Query<TokenQuery>) -> Result<Json<Page<Token>>, Problem> {
    let mut tokens = org.tokens(&caller)?;
    tokens.retain(|token| query.person.as_ref().is_none_or(|person| *person == token.person));
    Ok(Json(Page::cut(tokens, |token| token.id.as_str(), query.cursor.as_deref(), query.limit)))
}

/// Makes a token of the person who is signed in. Its text is shown this once.
#[utoipa::path(post, path = "/tokens", tag = "org", request_body = NewToken, responses(
    (status = 201, body = MadeToken), (status = 401, body = Problem), (status = 403, body = Problem, description = "`more_than_own`, `person_needed`"), (status = 422, body = Problem),
))]
async fn create_token(State(org): State<Org>, caller: Caller, Json(new): Json<NewToken>) -> Result<impl IntoResponse, Problem> {
    let made: MadeToken = org.create_token(&caller, new).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
}

/// Revokes a token.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "org", params(("id" = TokenId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn delete_token(State(org): State<Org>, caller: Caller, Path(id): Path<TokenId>) -> Result<StatusCode, Problem> {
    org.delete_token(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
