//! Routes about the organisation. Who may is decided in `org`, with the change itself; here is only its HTTP.

mod audit;
mod grants;
mod numbers;
mod people;
mod problem;
mod sites;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;
mod units;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::org::Org;

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new()
        .merge(units::routes())
        .merge(sites::routes())
        .merge(numbers::routes())
        .merge(people::routes())
        .merge(grants::routes())
        .merge(tokens::routes())
        .merge(tables::routes())
        .merge(audit::routes())
}
