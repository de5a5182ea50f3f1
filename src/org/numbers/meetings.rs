//! Numbers of meetings: given when it is booked, for the time until its end.

use super::give::{end, write};
use super::{NumberEntry, parse};
use crate::base::{MeetingId, NumberSegmentId, UnitId, UtcMs};
use crate::numbering::{Holder, HolderKind, NumberingError, Wish};
use crate::org::{Caller, Org, OrgError, Record, Role, text};

/// What booking asks for.
#[derive(Debug, Clone)]
pub struct NewMeetingNumber {
    pub meeting: MeetingId,
    /// Which books it.
    pub unit: UnitId,
    pub title: String,
    /// The end of the meeting, of the last of a series.
    pub until: UtcMs,
    pub segment: Option<NumberSegmentId>,
    /// As typed; none: the next free one.
    pub number: Option<String>,
}

impl Org {
    /// A number out of the nearest segment of its unit or those above. Takes the chair role on the unit.
    pub async fn give_meeting_number(&self, caller: &Caller, new: NewMeetingNumber) -> Result<NumberEntry, OrgError> {
        let mut turn = self.turn(caller).await?;
        turn.directory.unit(&new.unit).ok_or_else(|| OrgError::missing("unit", &new.unit))?;
        turn.caller.require(Role::Chair, &new.unit)?;
        let number = new.number.as_deref().map(|text| parse("number", text)).transpose()?;
        let holder = Holder::Meeting { id: new.meeting, unit: new.unit.clone(), title: text::title("title", &new.title)? };
        let wish = Wish { segment: new.segment.as_ref(), number };
        let given = turn.directory.numbers.give(wish, holder, &new.unit, Some(new.until), &*turn.directory, turn.now)?;
        write(&mut turn, &given).await?;
        turn.audit(Record::new("number.give", given.number).on(&new.unit).after(&given)).await?;
        turn.finish().await?;
        Ok(NumberEntry::of(&self.directory(), &given))
    }

    /// The meeting's number answers until another time: it was moved, or goes on.
    pub async fn extend_meeting_number(&self, caller: &Caller, meeting: &MeetingId, until: UtcMs) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.numbers.number_of(HolderKind::Meeting, meeting.as_str(), turn.now).cloned();
        let before = before.ok_or_else(|| OrgError::missing("number of meeting", meeting))?;
        let Holder::Meeting { unit, .. } = &before.holder else { return Err(NumberingError::NotInUse { number: before.number }.into()) };
        turn.caller.require(Role::Chair, unit)?;
        let after = turn.directory.numbers.extend(before.number, until, turn.now)?;
        write(&mut turn, &after).await?;
        turn.audit(Record::new("number.extend", after.number).on(unit).before(&before).after(&after)).await?;
        turn.finish().await
    }

    /// The meeting was cancelled or has ended: its number comes back. Nothing happens when it has none.
    pub async fn free_meeting_number(&self, caller: &Caller, meeting: &MeetingId) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let ended = turn.directory.numbers.free_all_of(HolderKind::Meeting, meeting.as_str(), turn.now);
        for given in &ended {
            turn.caller.require(Role::Chair, &super::unit_of(&turn.directory, &given.holder))?;
        }
        if ended.is_empty() {
            return Ok(());
        }
        end(&mut turn, &ended).await?;
        turn.finish().await
    }
}
