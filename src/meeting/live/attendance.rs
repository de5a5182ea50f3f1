//! Who attended, as the clerk writes it down.

use serde::Serialize;

use crate::base::{UtcMs, VenueId};
use crate::conduct::{Conduct, RollMark};
use crate::store::Stay;

/// A stay in the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Stayed {
    pub came: UtcMs,
    /// Absent: still in.
    pub went: Option<UtcMs>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Attended {
    pub venue: VenueId,
    pub title: String,
    pub is_expected: bool,
    /// What the roll says; absent where none was called.
    pub mark: Option<RollMark>,
    pub marked_at: Option<UtcMs>,
    pub headcount: Option<u32>,
    pub stays: Vec<Stayed>,
    /// In all, up to now or the meeting's end.
    pub milliseconds: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Attendance {
    pub items: Vec<Attended>,
    /// Venues that were in at all, of those that were expected.
    pub attended: usize,
    pub expected: usize,
    /// People, as far as venues told how many they are; a venue that did not counts as one.
    pub people: u64,
}

impl Attendance {
    pub fn of(conduct: &Conduct, stays: &[Stay], now: UtcMs) -> Self {
        let line = |id: &VenueId| {
            let venue = conduct.venues.get(id)?;
            let own: Vec<&Stay> = stays.iter().filter(|stay| stay.venue == *id).collect();
            let answer = conduct.roll.answers.get(id);
            Some(Attended {
                venue: id.clone(),
                title: venue.title.clone(),
                is_expected: venue.is_expected,
                mark: answer.map(|answer| answer.mark),
                marked_at: answer.map(|answer| answer.at),
                headcount: venue.headcount,
                milliseconds: own.iter().map(|stay| (stay.went.unwrap_or(now) - stay.came).max(0)).sum(),
                stays: own.into_iter().map(|stay| Stayed { came: stay.came, went: stay.went }).collect(),
            })
        };
        let items: Vec<Attended> = conduct.in_order().into_iter().filter_map(line).collect();
        let came = |line: &&Attended| !line.stays.is_empty();
        Self {
            attended: items.iter().filter(|line| line.is_expected).filter(came).count(),
            expected: items.iter().filter(|line| line.is_expected).count(),
            people: items.iter().filter(came).map(|line| u64::from(line.headcount.unwrap_or(1))).sum(),
            items,
        }
    }
}
