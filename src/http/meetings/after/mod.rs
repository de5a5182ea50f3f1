//! What is left of a meeting: attendance, minutes, lines; and the savings of all.

mod files;
mod minutes;
mod records;
mod savings;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::document::Documents;
use crate::meeting::Meetings;
use crate::org::Org;

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Documents: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().merge(records::routes()).merge(minutes::routes()).merge(savings::routes())
}
