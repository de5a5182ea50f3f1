//! The errors of meetings as problem details.

use axum::http::StatusCode;

use crate::http::Problem;
use crate::meeting::MeetingError;
use crate::org::OrgError;

impl From<MeetingError> for Problem {
    fn from(error: MeetingError) -> Self {
        let detail = error.to_string();
        match error {
            // The organisation says in Chinese, too, what is missing.
            MeetingError::Store(error) => OrgError::Store(error).into(),
            MeetingError::Org(error) => error.into(),
            MeetingError::Denied(denied) => denied.into(),
            MeetingError::Invalid { .. } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail),
            MeetingError::Busy(_) => Problem::conflict("busy", detail),
            MeetingError::Line(_) => Problem::conflict("line", detail),
            MeetingError::NoSuchNumber(_) => Problem::new(StatusCode::NOT_FOUND, "no_such_number", detail),
            MeetingError::NoSuchLink => Problem::new(StatusCode::NOT_FOUND, "no_such_link", detail),
            MeetingError::LinkIsOver { .. } => Problem::conflict("meeting_over", detail),
            MeetingError::LinkIsFull { .. } => Problem::conflict("link_full", detail),
            MeetingError::NoSuchCode => Problem::new(StatusCode::NOT_FOUND, "no_such_code", detail),
            MeetingError::TooManyWrong { .. } => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_wrong", detail),
            MeetingError::Stale { .. } => Problem::conflict("stale", detail),
            MeetingError::State { .. } => Problem::conflict("state", detail),
        }
    }
}
