//! Routes about meetings. Who may is decided in `meeting`, with the change itself; here is only its HTTP.

mod bookings;
mod groups;
mod guests;
mod held;
mod notices;
mod problem;
mod reach;
mod stands;
#[cfg(test)]
mod tests;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::http::AppState;
use crate::meeting::Meetings;
use crate::meeting::live::Live;
use crate::meeting::stands::Stands;
use crate::org::Org;

/// Booking, and what leads into a meeting.
pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Stands: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    let booked = bookings::routes().merge(groups::routes()).merge(notices::routes());
    booked.merge(reach::routes()).merge(guests::routes()).merge(stands::routes())
}

/// Meetings that are held: coming in, and conducting.
pub fn held_routes() -> OpenApiRouter<AppState> {
    held::routes().merge(guests::held_routes()).merge(stands::held_routes())
}
