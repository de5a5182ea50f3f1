//! The number by which a meeting is joined: out of the segment of its office, one for a whole series, until the last of it is over.

use crate::base::{MeetingId, UtcMs};
use crate::meeting::{Meeting, MeetingError, MeetingState, Meetings};
use crate::org::{HolderKind, NewMeetingNumber, OrgError, Turn};
use crate::store::meetings::MeetingQuery;

/// A meeting that runs over is still found by its number; what was never held gives it back after this.
const OVERTIME_MS: i64 = 6 * 3_600_000;

/// Under which id the number plan knows it: those of a series have one number.
fn holder(meeting: &Meeting) -> MeetingId {
    meeting.series.as_ref().map_or_else(|| meeting.id.clone(), |series| series.as_str().into())
}

fn is_to_come(meeting: &Meeting) -> bool {
    matches!(meeting.state, MeetingState::Booked | MeetingState::Open)
}

fn until<'a>(meetings: impl Iterator<Item = &'a Meeting>) -> Option<UtcMs> {
    meetings.filter(|meeting| is_to_come(meeting)).map(|meeting| meeting.ends + OVERTIME_MS).max()
}

impl Meetings {
    /// Writes the numbers into meetings that were read.
    pub(in crate::meeting) fn numbered(&self, meetings: &mut [Meeting]) {
        let (directory, now) = (self.0.org.directory(), self.now());
        for meeting in meetings.iter_mut().filter(|meeting| is_to_come(meeting)) {
            let given = directory.numbers.number_of(HolderKind::Meeting, holder(meeting).as_str(), now);
            meeting.number = given.map(|given| given.number.to_string());
        }
    }

    /// The number of new meetings, one alone or a series; none where the office has no segment, or nothing is left in it.
    pub(super) async fn give_number(&self, turn: &mut Turn<'_>, meetings: &[&Meeting]) -> Result<Option<String>, MeetingError> {
        let (Some(first), Some(until)) = (meetings.first(), until(meetings.iter().copied())) else { return Ok(None) };
        let new = NewMeetingNumber { meeting: holder(first), unit: first.unit.clone(), title: first.title.clone(), until };
        match turn.give_meeting_number(new).await {
            Ok(number) => Ok(Some(number.to_string())),
            Err(OrgError::Numbering(why)) => {
                tracing::info!(unit = %first.unit, %why, "a meeting is booked without a number");
                Ok(None)
            }
            Err(OrgError::Denied(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Meetings of one series (or one meeting) have changed so: the number answers until the last that is to come, and comes back after it. Whether the number
    /// plan has changed.
    pub(in crate::meeting) async fn settle_number(&self, turn: &mut Turn<'_>, changed: &[Meeting]) -> Result<bool, MeetingError> {
        let Some(first) = changed.first() else { return Ok(false) };
        let mut all: Vec<Meeting> = changed.to_vec();
        if let Some(series) = &first.series {
            let kept = self.0.store.meetings(&MeetingQuery { series: Some(series.clone()), ..MeetingQuery::default() }).await?;
            all.extend(kept.into_iter().filter(|kept| changed.iter().all(|changed| changed.id != kept.id)));
        }
        let id = holder(first);
        let Some(until) = until(all.iter()) else { return Ok(turn.free_meeting_number(&id).await?) };
        if until <= turn.now {
            return Ok(false);
        }
        if turn.directory.numbers.number_of(HolderKind::Meeting, id.as_str(), turn.now).is_some() {
            return Ok(turn.extend_meeting_number(&id, &first.title, until).await?);
        }
        // There may be a segment by now.
        let to_come: Vec<&Meeting> = all.iter().filter(|meeting| is_to_come(meeting)).collect();
        Ok(self.give_number(turn, &to_come).await?.is_some())
    }

    /// The meetings that a number of the plan stands for: one, or those of a series that are to come, the next first.
    pub(in crate::meeting) async fn of_number(&self, id: &str) -> Result<Vec<Meeting>, MeetingError> {
        let mut found: Vec<Meeting> = self.0.store.meeting(&id.into()).await?.into_iter().collect();
        if found.is_empty() {
            found = self.0.store.meetings(&MeetingQuery { series: Some(id.into()), ..MeetingQuery::default() }).await?;
        }
        found.retain(is_to_come);
        // Of a series the one that is on, else the next; one that nobody held is passed over when its time is over.
        found.sort_by_key(|meeting| (meeting.state != MeetingState::Open, meeting.ends < self.now(), meeting.starts));
        self.numbered(&mut found);
        Ok(found)
    }
}
