//! A number that was given: for whom it answers, until when, and how long it rests after.

use serde::Serialize;

use super::Number;
use crate::base::{MeetingId, PersonId, SiteId, UnitId, UtcMs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    Site,
    Person,
    Meeting,
}

impl HolderKind {
    pub const ALL: [Self; 3] = [Self::Site, Self::Person, Self::Meeting];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Person => "person",
            Self::Meeting => "meeting",
        }
    }
}

/// Who is reached by a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Holder {
    Site {
        id: SiteId,
    },
    Person {
        id: PersonId,
    },
    /// With what the directory shows of it: the organisation does not know meetings.
    Meeting {
        id: MeetingId,
        unit: UnitId,
        title: String,
    },
}

impl Holder {
    pub fn kind(&self) -> HolderKind {
        match self {
            Self::Site { .. } => HolderKind::Site,
            Self::Person { .. } => HolderKind::Person,
            Self::Meeting { .. } => HolderKind::Meeting,
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Site { id } => id.as_str(),
            Self::Person { id } => id.as_str(),
            Self::Meeting { id, .. } => id.as_str(),
        }
    }

    pub fn is(&self, other: &Holder) -> bool {
        self.kind() == other.kind() && self.id() == other.id()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Given {
    pub number: Number,
    pub holder: Holder,
    /// An old number of the holder: it answers beside this one.
    pub alias_of: Option<Number>,
    pub given: UtcMs,
    /// It answers until then; none: until it is freed.
    pub ends: Option<UtcMs>,
    /// After its end it is not given to another until then.
    pub rests_until: Option<UtcMs>,
}

/// How a given number stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Answers,
    Rests {
        until: UtcMs,
    },
    /// Free again.
    Gone,
}

impl Given {
    pub fn state(&self, now: UtcMs) -> State {
        match (self.ends, self.rests_until) {
            (None, _) => State::Answers,
            (Some(ends), _) if now < ends => State::Answers,
            (_, Some(until)) if now < until => State::Rests { until },
            _ => State::Gone,
        }
    }

    pub fn answers(&self, now: UtcMs) -> bool {
        self.state(now) == State::Answers
    }
}
