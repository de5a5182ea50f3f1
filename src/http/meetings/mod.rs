//! Routes about meetings. Who may is decided in `meeting`, with the change itself; here is only its HTTP.

mod board;
mod bookings;
mod groups;
mod held;
mod invitees;
mod notices;
mod papers;
mod problem;
#[cfg(test)]
mod tests;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::meeting::Meetings;
use crate::meeting::live::Live;
use crate::meeting::papers::Papers;
use crate::org::Org;

/// Booking, and the papers of meetings.
pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Papers: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().merge(bookings::routes()).merge(groups::routes()).merge(notices::routes()).merge(invitees::routes()).merge(papers::routes())
}

pub use board::routes as board_routes;
pub use held::routes as held_routes;
