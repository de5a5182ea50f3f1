//! Who asks for papers of which meeting, and by what right.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use serde::Deserialize;

use crate::base::{MeetingId, PaperId};
use crate::http::Problem;
use crate::http::extract::{Path, Query};
use crate::http::meetings::held::{seated, token_of};
use crate::meeting::live::Live;
use crate::meeting::papers::{Papers, Seat, Standing};
use crate::meeting::{Meeting, Meetings};
use crate::org::{Caller, Org};

/// One who has a seat in the room, by its token, else one who may see the booking.
pub struct Asking {
    pub papers: Papers,
    pub caller: Caller,
    pub meeting: Meeting,
    pub standing: Standing,
}

/// Which paper, of the meeting that [`Asking`] found.
#[derive(Debug, Deserialize)]
pub struct PaperPath {
    pub paper: PaperId,
}

#[derive(Debug, Deserialize)]
struct MeetingPath {
    id: MeetingId,
}

/// Beside what else a route takes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeatQuery {
    /// The room's token, where no header can be sent.
    token: Option<String>,
}

impl<S> FromRequestParts<S> for Asking
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Papers: FromRef<S>,
    Option<Live>: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let Path(MeetingPath { id }) = Path::from_request_parts(parts, state).await?;
        let Query(query) = Query::<SeatQuery>::from_request_parts(parts, state).await?;
        let meetings = Meetings::from_ref(state);
        let token = query.token.as_deref().or(token_of(&parts.headers));
        let (meeting, seat) = match (token, Option::<Live>::from_ref(state)) {
            (Some(token), Some(live)) => {
                let venue = seated(&live, &id, token)?;
                let meeting = meetings.meeting(&id).await?;
                let seat = Seat::of(&live.meeting(&meeting).await?.conduct(), venue);
                (meeting, Some(seat))
            }
            _ => {
                caller.require_signed_in()?;
                (meetings.meeting(&id).await?, None)
            }
        };
        let standing = Standing::new(&caller, &meeting, seat)?;
        Ok(Self { papers: Papers::from_ref(state), caller, meeting, standing })
    }
}
