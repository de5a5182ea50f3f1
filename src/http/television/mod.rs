//! Television's routes: channels, their tapes, guides and timetables.

mod channels;
mod guide;
mod tape;

use utoipa_axum::router::OpenApiRouter;

use super::AppState;

pub use channels::{Channel, watched, watched_channels};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(channels::routes()).merge(tape::routes()).merge(guide::routes())
}

impl From<crate::channel::ChannelError> for super::Problem {
    fn from(error: crate::channel::ChannelError) -> Self {
        use crate::channel::ChannelError as E;
        match error {
            E::Store(store) => store.into(),
            E::Settings(settings) => Self::bad_request("channel", settings.to_string()),
            E::Off { .. } => Self::conflict("off", error.to_string()),
            E::Tape(_) | E::Ended => Self::internal(&error),
        }
    }
}
