//! Meetings: as booked, with their venues and the chair's desk.

mod read;
mod write;

use serde::{Deserialize, Serialize};

use crate::allocation::PictureSize;
use crate::base::{ColumnId, MeetingId, PersonId, SeriesId, UnitId, UtcMs, VenueId};

pub use read::MeetingQuery;

pub use crate::conduct::Mode;

/// Words that stand in the database and in the API alike.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $word),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$word),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($text => Ok(Self::$word),)+ _ => Err(()) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}
pub(super) use words;

words! {
    /// Where a meeting stands.
    MeetingState { Booked = "booked", Open = "open", Closed = "closed", Cancelled = "cancelled" }
    /// What a venue is in a meeting; there is one main venue.
    VenueRole { Main = "main", Branch = "branch" }
    /// What a venue answered.
    Reply { Pending = "pending", Accepted = "accepted", Declined = "declined" }
    /// What someone at the desk does: a clerk runs it for the chair, a secretary acts for a leader.
    Duty { Clerk = "clerk", Secretary = "secretary" }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Meeting {
    pub id: MeetingId,
    /// The series it is an occurrence of.
    pub series: Option<SeriesId>,
    /// The unit that booked it.
    pub unit: UnitId,
    pub title: String,
    pub mode: Mode,
    pub starts: UtcMs,
    pub ends: UtcMs,
    pub chair: PersonId,
    pub chair_name: String,
    pub desk: Vec<DeskPerson>,
    /// The main venue is the first.
    pub venues: Vec<MeetingVenue>,
    pub agenda: Vec<AgendaPoint>,
    pub papers: Vec<Paper>,
    /// The column that the recording goes to.
    pub column: Option<ColumnId>,
    /// Who may watch: `public`, `signed_in` or `network:<name>`.
    pub audience: String,
    /// Whoever is signed in may join without being invited.
    pub walk_in: bool,
    /// Shown in the waiting room.
    pub notice: String,
    /// By which it is joined and called; a series has one together. It is in the number plan, not among the meeting's columns.
    pub number: Option<String>,
    /// The picture that every receiver gets and that lines are reserved for.
    pub picture: PictureSize,
    /// Picture and sound of one receiver.
    pub copy_kbps: u32,
    pub state: MeetingState,
    /// The meeting of a unit above that took a venue, the chair or a line from this one; until it is booked anew, this one holds nothing.
    pub taken_by: Option<MeetingId>,
    /// How often it was changed.
    pub revision: u32,
    pub booked_by: Option<PersonId>,
    pub booked_by_name: String,
    pub created: UtcMs,
    pub started: Option<UtcMs>,
    pub ended: Option<UtcMs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MeetingVenue {
    pub venue: VenueId,
    /// As it was when booked.
    pub title: String,
    /// Whose venue it is.
    pub unit: UnitId,
    pub role: VenueRole,
    /// Who booked has no say over the venue: it is asked, and held only once it has accepted.
    pub invited: bool,
    pub reply: Reply,
    /// How many will come.
    pub headcount: Option<u32>,
    pub remark: String,
    pub replied_by: Option<PersonId>,
    pub replied_at: Option<UtcMs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DeskPerson {
    pub person: PersonId,
    pub name: String,
    pub duty: Duty,
    /// The chair, or the leader they act for.
    pub acts_for: PersonId,
}

/// A point of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaPoint {
    pub title: String,
    /// How long it is meant to take.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// Who speaks.
    #[serde(default)]
    pub speaker: Option<String>,
}

/// A paper that is handed out; the file is not kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub title: String,
    /// The point of the agenda it belongs to, from 0.
    #[serde(default)]
    pub point: Option<u32>,
}

impl Meeting {
    pub fn main_venue(&self) -> Option<&MeetingVenue> {
        self.venues.iter().find(|venue| venue.role == VenueRole::Main)
    }

    pub fn venue(&self, id: &VenueId) -> Option<&MeetingVenue> {
        self.venues.iter().find(|venue| venue.venue == *id)
    }

    /// Whether it holds its venues, chair and lines.
    pub fn holds(&self) -> bool {
        matches!(self.state, MeetingState::Booked | MeetingState::Open) && self.taken_by.is_none()
    }
}

impl MeetingVenue {
    /// Whether the venue is bound by this meeting.
    pub fn is_held(&self) -> bool {
        match self.reply {
            Reply::Accepted => true,
            Reply::Pending => !self.invited,
            Reply::Declined => false,
        }
    }
}
