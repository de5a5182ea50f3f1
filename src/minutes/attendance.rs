//! Who attended, as the clerk writes it down.

use serde::Serialize;

use super::Stay;
use crate::base::{UtcMs, VenueId};
use crate::conduct::{Conduct, RollMark};

/// A venue as it was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    pub venue: VenueId,
    pub title: String,
    /// Where it belongs, from the top: `浙江省 / 杭州市`.
    pub unit: String,
    pub is_main: bool,
    /// The headcount of its reply.
    pub replied: Option<u32>,
}

/// A stay in the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Stayed {
    pub came: UtcMs,
    /// Absent: still in.
    pub went: Option<UtcMs>,
}

/// By what the people of a venue are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Typed in during the meeting.
    Typed,
    /// Announced by the reply to the invitation.
    Reply,
    /// Nobody said: it counts as one.
    One,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Attended {
    pub venue: VenueId,
    pub title: String,
    /// Where it belongs, from the top; empty where it was not booked.
    pub unit: String,
    pub is_main: bool,
    pub is_expected: bool,
    /// What the roll says; absent where none was called.
    pub mark: Option<RollMark>,
    pub marked_at: Option<UtcMs>,
    /// The chair or the desk answered for it.
    pub is_marked_by_chair: bool,
    /// As it was typed in, or else announced.
    pub headcount: Option<u32>,
    /// Absent where the venue was never in.
    pub counted: Option<Counted>,
    pub stays: Vec<Stayed>,
    /// In all, up to now or the meeting's end.
    pub milliseconds: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Attendance {
    /// In the order of the tree of units; venues that were not booked last.
    pub items: Vec<Attended>,
    /// Venues that were in at all, of those that were expected.
    pub attended: usize,
    pub expected: usize,
    /// Of the roll.
    pub present: usize,
    pub late: usize,
    pub absent: usize,
    /// People of the venues that were in.
    pub people: u64,
    /// Of them: typed in during the meeting, announced by reply, and one for each venue that said nothing.
    pub people_typed: u64,
    pub people_replied: u64,
    pub people_assumed: u64,
}

impl Attendance {
    /// `booked` in the order of the tree.
    pub fn of(conduct: &Conduct, stays: &[Stay], booked: &[Booked], now: UtcMs) -> Self {
        let order = |id: &VenueId| booked.iter().position(|venue| venue.venue == *id).unwrap_or(booked.len());
        let mut ids = conduct.in_order();
        ids.sort_by_key(|id| order(id));
        let items: Vec<Attended> = ids.into_iter().filter_map(|id| line(conduct, stays, booked, now, id)).collect();
        let people =
            |counted: Counted| -> u64 { items.iter().filter(|line| line.counted == Some(counted)).map(|line| u64::from(line.headcount.unwrap_or(1))).sum() };
        let marked = |mark: RollMark| items.iter().filter(|line| line.mark == Some(mark)).count();
        let (people_typed, people_replied, people_assumed) = (people(Counted::Typed), people(Counted::Reply), people(Counted::One));
        Self {
            attended: items.iter().filter(|line| line.is_expected && !line.stays.is_empty()).count(),
            expected: items.iter().filter(|line| line.is_expected).count(),
            present: marked(RollMark::Present),
            late: marked(RollMark::Late),
            absent: marked(RollMark::Absent),
            people: people_typed + people_replied + people_assumed,
            people_typed,
            people_replied,
            people_assumed,
            items,
        }
    }
}

fn line(conduct: &Conduct, stays: &[Stay], booked: &[Booked], now: UtcMs, id: &VenueId) -> Option<Attended> {
    let venue = conduct.venues.get(id)?;
    let known = booked.iter().find(|booked| booked.venue == *id);
    let own: Vec<&Stay> = stays.iter().filter(|stay| stay.venue == *id).collect();
    let answer = conduct.roll.answers.get(id);
    let replied = known.and_then(|booked| booked.replied);
    let counted = match (own.is_empty(), venue.headcount, replied) {
        (true, ..) => None,
        (false, Some(_), _) => Some(Counted::Typed),
        (false, None, Some(_)) => Some(Counted::Reply),
        (false, None, None) => Some(Counted::One),
    };
    Some(Attended {
        venue: id.clone(),
        title: venue.title.clone(),
        unit: known.map(|booked| booked.unit.clone()).unwrap_or_default(),
        is_main: *id == conduct.main,
        is_expected: venue.is_expected,
        mark: answer.map(|answer| answer.mark),
        marked_at: answer.map(|answer| answer.at),
        is_marked_by_chair: answer.is_some_and(|answer| answer.is_by_chair),
        headcount: venue.headcount.or(replied),
        counted,
        milliseconds: own.iter().map(|stay| (stay.went.unwrap_or(now) - stay.came).max(0)).sum(),
        stays: own.into_iter().map(|stay| Stayed { came: stay.came, went: stay.went }).collect(),
    })
}
