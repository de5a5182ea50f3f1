//! Routes about meetings. Who may is decided in `meeting`, with the change itself; here is only its HTTP.

mod after;
mod board;
mod bookings;
mod freezes;
mod groups;
mod guests;
mod held;
mod invitees;
mod notices;
mod papers;
mod problem;
mod reach;
mod stands;
#[cfg(test)]
mod tests;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::document::Documents;
use crate::http::AppState;
use crate::meeting::Meetings;
use crate::meeting::live::Live;
use crate::meeting::papers::Papers;
use crate::meeting::stands::Stands;
use crate::org::Org;

/// Booking, papers, what leads into a meeting, and what is left of it.
pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Papers: FromRef<S>,
    Stands: FromRef<S>,
    Documents: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    let booked = bookings::routes().merge(groups::routes()).merge(notices::routes()).merge(invitees::routes()).merge(papers::routes());
    booked.merge(reach::routes()).merge(guests::routes()).merge(stands::routes()).merge(after::routes())
}

pub use board::routes as board_routes;

/// Meetings that are held: coming in, and conducting.
pub fn held_routes() -> OpenApiRouter<AppState> {
    held::routes().merge(freezes::routes()).merge(guests::held_routes()).merge(stands::held_routes())
}
