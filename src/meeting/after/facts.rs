//! What is known of a meeting, gathered from where it is kept.

use super::places::Places;
use crate::base::{MeetingId, UnitId, UtcMs, VenueId};
use crate::conduct::{Actor, Conduct};
use crate::meeting::{Meeting, MeetingError, Meetings, VenueRole};
use crate::minutes::{Attendance, Booked, Facts, Logged, Minutes, Point, Stay};
use crate::org::{Caller, Denied};

/// More lines than any meeting's log has.
const MOST_LOGGED: usize = 100_000;

/// A meeting, with what happened in it.
#[derive(Debug, Clone)]
pub struct Held {
    pub meeting: Meeting,
    pub(super) facts: Facts,
    /// Where each venue belongs.
    pub(super) units: Vec<(VenueId, Option<UnitId>)>,
    pub(super) now: UtcMs,
}

impl Held {
    pub fn attendance(&self) -> Attendance {
        let of = |conduct| Attendance::of(conduct, &self.facts.stays, &self.facts.venues, self.now);
        self.facts.conduct.as_ref().map(of).unwrap_or_default()
    }

    pub fn minutes(&self) -> Minutes {
        Minutes::of(&self.facts, self.now)
    }
}

impl Meetings {
    /// For those who steer the meeting.
    pub async fn held(&self, caller: &Caller, id: &MeetingId) -> Result<Held, MeetingError> {
        caller.require_signed_in()?;
        let meeting = self.meeting(id).await?;
        require_steering(caller, &meeting)?;
        self.gather(meeting).await
    }

    pub(super) async fn gather(&self, meeting: Meeting) -> Result<Held, MeetingError> {
        let directory = self.0.org.directory();
        let places = Places::of(&directory);
        let kept = self.conduct(&meeting.id).await?;
        let conduct: Option<Conduct> = kept.and_then(|kept| {
            // What cannot be read is told to the log; booking and stays are still worth something.
            serde_json::from_str(&kept).inspect_err(|error| tracing::error!(meeting = %meeting.id, %error, "the conduct of a meeting cannot be read")).ok()
        });
        let stays = self.0.store.stays(&meeting.id).await?;
        let stays = stays.into_iter().map(|stay| Stay { venue: stay.venue, title: stay.title, came: stay.came, went: stay.went }).collect();
        let log = self.0.store.meeting_log(&meeting.id).await?;
        let logged = log.into_iter().take(MOST_LOGGED).map(|done| Logged {
            at: done.at,
            actor: done.actor.parse().map_or(Actor::Desk, Actor::Venue),
            command: serde_json::from_str(&done.command).ok(),
        });
        let (venues, units) = venues(&meeting, conduct.as_ref(), &places);
        let facts = Facts {
            title: meeting.title.clone(),
            unit: places.title(&meeting.unit).to_owned(),
            starts: meeting.starts,
            ends: meeting.ends,
            mode: meeting.mode,
            chair: meeting.chair_name.clone(),
            desk: meeting.desk.iter().map(|desk| desk.name.clone()).collect(),
            agenda: meeting.agenda.iter().map(|point| Point { title: point.title.clone(), speaker: point.speaker.clone() }).collect(),
            papers: self.paper_titles(&meeting).await?,
            venues,
            conduct,
            stays,
            log: logged.collect(),
        };
        Ok(Held { meeting, facts, units, now: self.now() })
    }

    /// Of the papers that were announced with the booking and of those that were handed out, each once.
    async fn paper_titles(&self, meeting: &Meeting) -> Result<Vec<String>, MeetingError> {
        let mut titles: Vec<String> = meeting.papers.iter().map(|paper| paper.title.clone()).collect();
        for paper in self.0.store.papers(&meeting.id).await? {
            if paper.distributed.is_some() && !titles.contains(&paper.title) {
                titles.push(paper.title);
            }
        }
        Ok(titles)
    }
}

pub(super) fn require_steering(caller: &Caller, meeting: &Meeting) -> Result<(), Denied> {
    crate::meeting::booking::rights::may_change(caller, meeting)
}

/// Those that were booked and those that came without, in the order of the tree.
fn venues(meeting: &Meeting, conduct: Option<&Conduct>, places: &Places) -> (Vec<Booked>, Vec<(VenueId, Option<UnitId>)>) {
    let mut all: Vec<(Option<UnitId>, Booked)> = meeting
        .venues
        .iter()
        .map(|venue| {
            let booked = Booked {
                venue: venue.venue.clone(),
                title: venue.title.clone(),
                unit: places.path(&venue.unit),
                is_main: venue.role == VenueRole::Main,
                replied: venue.headcount,
            };
            (Some(venue.unit.clone()), booked)
        })
        .collect();
    for (id, venue) in conduct.iter().flat_map(|conduct| &conduct.venues) {
        if all.iter().all(|(_, known)| known.venue != *id) {
            let unit = places.unit_of(id);
            let path = unit.as_ref().map(|unit| places.path(unit)).unwrap_or_default();
            all.push((unit, Booked { venue: id.clone(), title: venue.title.clone(), unit: path, is_main: false, replied: None }));
        }
    }
    // Stable: venues of one unit stay as they were booked.
    all.sort_by_key(|(unit, _)| places.order(unit.as_ref()));
    let units = all.iter().map(|(unit, booked)| (booked.venue.clone(), unit.clone())).collect();
    (all.into_iter().map(|(_, booked)| booked).collect(), units)
}
