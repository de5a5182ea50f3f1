//! The minutes of a meeting, drafted from what was booked, what was commanded, and who was there when. Pure.
//!
//! [`Attendance`] is the clerk's list; a [`Course`] is what happened in its order: who had the floor, was broadcast or chaired from when to when, which point of
//! the agenda was on, what was voted. [`Minutes::of`] puts both beside the booking.

mod attendance;
mod course;
#[cfg(test)]
mod tests;

pub use attendance::{Attendance, Attended, Booked, Counted, Stayed};
pub use course::{Course, Event, How, Logged, PointSpan, Speech};

use crate::base::{UtcMs, VenueId};
use crate::conduct::{Ballot, Conduct, Mode};

/// A venue's stay in the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    pub venue: VenueId,
    pub title: String,
    pub came: UtcMs,
    /// None: still in.
    pub went: Option<UtcMs>,
}

/// A point of the agenda, as booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub title: String,
    pub speaker: Option<String>,
}

/// What is known of a meeting.
#[derive(Debug, Clone)]
pub struct Facts {
    pub title: String,
    /// Who booked it.
    pub unit: String,
    pub starts: UtcMs,
    pub ends: UtcMs,
    pub mode: Mode,
    /// The person.
    pub chair: String,
    pub desk: Vec<String>,
    pub agenda: Vec<Point>,
    pub papers: Vec<String>,
    /// In the order of the tree.
    pub venues: Vec<Booked>,
    /// None: it was never held.
    pub conduct: Option<Conduct>,
    pub stays: Vec<Stay>,
    pub log: Vec<Logged>,
}

/// A point of the agenda, and when it was on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointHeld {
    pub title: String,
    pub speaker: Option<String>,
    pub spans: Vec<(UtcMs, Option<UtcMs>)>,
}

/// The minutes, as far as the server knows them; what was decided is left to people.
#[derive(Debug, Clone)]
pub struct Minutes {
    pub title: String,
    pub unit: String,
    pub booked: (UtcMs, UtcMs),
    /// None: it did not begin, or is not over.
    pub began: Option<UtcMs>,
    pub ended: Option<UtcMs>,
    pub mode: Mode,
    pub main: String,
    pub chair: String,
    pub desk: Vec<String>,
    pub attendance: Attendance,
    pub agenda: Vec<PointHeld>,
    pub course: Course,
    /// With who chose what only where that is no secret.
    pub ballots: Vec<Ballot>,
    /// How many chose each option of each ballot.
    pub counts: Vec<Vec<usize>>,
    pub papers: Vec<String>,
    names: Vec<(VenueId, String)>,
}

impl Minutes {
    pub fn of(facts: &Facts, now: UtcMs) -> Self {
        let conduct = facts.conduct.as_ref();
        let attendance = conduct.map_or_else(Attendance::default, |conduct| Attendance::of(conduct, &facts.stays, &facts.venues, now));
        let course = Course::of(facts);
        let of_point = |(at, point): (usize, &Point)| PointHeld {
            title: point.title.clone(),
            speaker: point.speaker.clone(),
            spans: course.points.iter().filter(|span| span.point as usize == at).map(|span| (span.from, span.to)).collect(),
        };
        let ballots: Vec<&Ballot> = conduct.map(|conduct| conduct.past_ballots.iter().chain(&conduct.ballot).collect()).unwrap_or_default();
        Self {
            title: facts.title.clone(),
            unit: facts.unit.clone(),
            booked: (facts.starts, facts.ends),
            began: course.began.or(conduct.and_then(|conduct| conduct.began)),
            ended: conduct.and_then(|conduct| conduct.closed),
            mode: conduct.map_or(facts.mode, |conduct| conduct.mode),
            main: facts.venues.iter().find(|venue| venue.is_main).map_or_else(String::new, |venue| venue.title.clone()),
            chair: facts.chair.clone(),
            desk: facts.desk.clone(),
            agenda: facts.agenda.iter().enumerate().map(of_point).collect(),
            attendance,
            course,
            counts: ballots.iter().map(|ballot| ballot.counts()).collect(),
            ballots: ballots.into_iter().map(Ballot::shown).collect(),
            papers: facts.papers.clone(),
            names: names(facts),
        }
    }

    /// A venue as people call it.
    pub fn name<'a>(&'a self, venue: &'a VenueId) -> &'a str {
        self.names.iter().find(|(id, _)| id == venue).map_or(venue.as_str(), |(_, title)| title.as_str())
    }
}

fn names(facts: &Facts) -> Vec<(VenueId, String)> {
    let in_it = facts.conduct.iter().flat_map(|conduct| conduct.venues.iter().map(|(id, venue)| (id.clone(), venue.title.clone())));
    let booked = facts.venues.iter().map(|venue| (venue.venue.clone(), venue.title.clone()));
    let were_in = facts.stays.iter().map(|stay| (stay.venue.clone(), stay.title.clone()));
    in_it.chain(booked).chain(were_in).filter(|(_, title)| !title.is_empty()).collect()
}
