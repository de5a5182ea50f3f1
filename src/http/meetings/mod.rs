//! Routes about meetings. Who may is decided in `meeting`, with the change itself; here is only its HTTP.

mod after;
mod board;
mod bookings;
mod groups;
mod held;
mod notices;
mod problem;
#[cfg(test)]
mod tests;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::document::Documents;
use crate::meeting::Meetings;
use crate::org::Org;

/// Booking, and what is left of meetings.
pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Documents: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().merge(bookings::routes()).merge(groups::routes()).merge(notices::routes()).merge(after::routes())
}

pub use board::routes as board_routes;
pub use held::routes as held_routes;
