//! Booking: what is asked for, whether it is free, and the changes of it.

mod cancel;
mod change;
mod conflict;
mod create;
mod list;
mod number;
mod repeat;
mod reply;
pub(super) mod rights;
mod text;
mod venues;

use serde::{Deserialize, Serialize};

pub(super) use conflict::when;
pub use conflict::{Busy, Holder, ShortLine};
pub use list::ListQuery;
pub use repeat::{DayOfWeek, Every, Repeat};
pub use reply::NewReply;
pub(super) use text::check_times;

/// The title of a group of venues.
pub(super) fn group_title(text: &str) -> Result<String, super::MeetingError> {
    text::title("title", text)
}

use super::{AgendaPoint, Duty, Mode, Paper, PictureSize};
use crate::base::{ColumnId, MeetingId, PersonId, UnitId, UtcMs, VenueGroupId, VenueId};
use crate::org::Audience;
use crate::org::patch::given;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMeeting {
    /// The unit that books; takes the chair role on it.
    pub unit: UnitId,
    pub title: String,
    pub mode: Mode,
    pub starts: UtcMs,
    pub ends: UtcMs,
    /// The caller when absent. A caller who is not the chair is put down as the chair's clerk.
    pub chair: Option<PersonId>,
    #[serde(default)]
    pub desk: Vec<NewDeskPerson>,
    pub main: VenueId,
    #[serde(default)]
    pub branches: Vec<VenueId>,
    /// Saved groups whose venues are branches too.
    #[serde(default)]
    pub groups: Vec<VenueGroupId>,
    #[serde(default)]
    pub agenda: Vec<AgendaPoint>,
    #[serde(default)]
    pub papers: Vec<Paper>,
    pub column: Option<ColumnId>,
    /// Who may watch; `signed_in` when absent.
    pub audience: Option<Audience>,
    /// Whoever is signed in may join without being invited.
    #[serde(default)]
    pub walk_in: bool,
    /// For the waiting room.
    #[serde(default)]
    pub notice: String,
    /// When absent, the largest that the lines have room for.
    pub picture: Option<PictureSize>,
    pub repeat: Option<Repeat>,
    /// Take venues and lines that units below have booked.
    #[serde(default)]
    pub take: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeskPerson {
    pub person: PersonId,
    pub duty: Duty,
    /// The chair when absent.
    pub acts_for: Option<PersonId>,
}

/// A meeting that begins at once.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartNow {
    pub unit: UnitId,
    pub title: String,
    pub mode: Mode,
    /// How long it is meant to take; 60 when absent.
    pub minutes: Option<u32>,
    pub chair: Option<PersonId>,
    #[serde(default)]
    pub desk: Vec<NewDeskPerson>,
    pub main: VenueId,
    #[serde(default)]
    pub branches: Vec<VenueId>,
    #[serde(default)]
    pub groups: Vec<VenueGroupId>,
    pub column: Option<ColumnId>,
    pub audience: Option<Audience>,
    #[serde(default)]
    pub walk_in: bool,
    pub picture: Option<PictureSize>,
    #[serde(default)]
    pub take: bool,
}

/// What is absent stays as it is. A change of the time asks every venue anew. Also books a meeting anew from which something was taken.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingPatch {
    pub title: Option<String>,
    pub mode: Option<Mode>,
    pub starts: Option<UtcMs>,
    pub ends: Option<UtcMs>,
    pub chair: Option<PersonId>,
    pub desk: Option<Vec<NewDeskPerson>>,
    pub main: Option<VenueId>,
    pub branches: Option<Vec<VenueId>>,
    pub agenda: Option<Vec<AgendaPoint>>,
    pub papers: Option<Vec<Paper>>,
    #[serde(default, deserialize_with = "given")]
    pub column: Option<Option<ColumnId>>,
    pub audience: Option<Audience>,
    pub walk_in: Option<bool>,
    pub notice: Option<String>,
    /// Null: the largest that the lines have room for.
    #[serde(default, deserialize_with = "given")]
    pub picture: Option<Option<PictureSize>>,
    #[serde(default)]
    pub take: bool,
    #[serde(default)]
    pub scope: Scope,
}

/// Of a series: this one alone, also all that follow it, or all that are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    One,
    Following,
    /// All that are still to come, also those before it.
    All,
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    #[serde(default)]
    pub scope: Scope,
    /// Told to everyone.
    #[serde(default)]
    pub reason: String,
}

/// What a booking would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Check {
    pub fits: bool,
    pub occurrences: Vec<OccurrenceCheck>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OccurrenceCheck {
    pub starts: UtcMs,
    pub ends: UtcMs,
    pub fits: bool,
    /// The picture it would be booked with; null where it does not fit.
    pub picture: Option<PictureSize>,
    /// Venues and people that are not free.
    pub busy: Vec<Busy>,
    /// The line that allows the least; null where no line has a limit.
    pub bottleneck: Option<ShortLine>,
    /// With `take`: the meetings of units below that would lose their venues and lines.
    pub takes: Vec<MeetingId>,
}
