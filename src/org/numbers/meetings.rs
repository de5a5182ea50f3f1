//! Numbers of meetings: given when it is booked, for the time until its end. They are written in the transaction of the booking.

use super::give::{end, write};
use crate::base::{MeetingId, UnitId, UtcMs};
use crate::numbering::{Given, Holder, HolderKind, Number, Wish};
use crate::org::turn::Turn;
use crate::org::{OrgError, Record, Role, text};

/// What booking asks for.
#[derive(Debug, Clone)]
pub struct NewMeetingNumber {
    /// The meeting, or the series, whose meetings have one number.
    pub meeting: MeetingId,
    /// Which books it.
    pub unit: UnitId,
    pub title: String,
    /// The end of the meeting, of the last of a series.
    pub until: UtcMs,
}

impl Turn<'_> {
    /// The next number out of the nearest segment of its unit or those above. Takes the chair role on the unit.
    pub async fn give_meeting_number(&mut self, new: NewMeetingNumber) -> Result<Number, OrgError> {
        self.directory.unit(&new.unit).ok_or_else(|| OrgError::missing("unit", &new.unit))?;
        self.caller.require(Role::Chair, &new.unit)?;
        let holder = Holder::Meeting { id: new.meeting, unit: new.unit.clone(), title: text::title("title", &new.title)? };
        let given = self.directory.numbers.give(Wish::default(), holder, &new.unit, Some(new.until), &*self.directory, self.now)?;
        write(self, &given).await?;
        self.audit(Record::new("number.give", given.number).on(&new.unit).after(&given)).await?;
        Ok(given.number)
    }

    /// The meeting was moved, renamed, or goes on: its number answers until another time. For whoever may change the meeting, which booking has looked at.
    /// Whether anything changed; nothing does when it has none.
    pub async fn extend_meeting_number(&mut self, meeting: &MeetingId, title: &str, until: UtcMs) -> Result<bool, OrgError> {
        let Some(before) = self.directory.numbers.number_of(HolderKind::Meeting, meeting.as_str(), self.now).cloned() else { return Ok(false) };
        let Holder::Meeting { id, unit, .. } = &before.holder else { return Ok(false) };
        let holder = Holder::Meeting { id: id.clone(), unit: unit.clone(), title: text::title("title", title)? };
        let after = match before.ends == Some(until) {
            true => Given { holder, ..before.clone() },
            false => Given { holder, ..self.directory.numbers.extend(before.number, until, self.now)? },
        };
        if after == before {
            return Ok(false);
        }
        write(self, &after).await?;
        self.audit(Record::new("number.extend", after.number).on(unit).before(&before).after(&after)).await?;
        Ok(true)
    }

    /// The meeting was cancelled or has ended: its number comes back. Whether it had one.
    pub async fn free_meeting_number(&mut self, meeting: &MeetingId) -> Result<bool, OrgError> {
        let ended = self.directory.numbers.free_all_of(HolderKind::Meeting, meeting.as_str(), self.now);
        end(self, &ended).await?;
        Ok(!ended.is_empty())
    }
}
