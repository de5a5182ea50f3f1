//! Calling a meeting off.

use super::change::require_changeable;
use super::conflict::Bookings;
use super::create::Acted;
use super::rights::{may_change, stands_for};
use super::{Cancel, text};
use crate::base::MeetingId;
use crate::meeting::notices::{concerned, texts};
use crate::meeting::{Meeting, MeetingError, MeetingState, Meetings, NoticeKind};
use crate::org::{Caller, Directory, Record};
use crate::store::Change;
use crate::store::meetings::MeetingQuery;

impl Meetings {
    /// Everyone is told. Meetings that something was taken from have it back, if nobody else has it by now.
    pub async fn cancel(&self, caller: &Caller, id: &MeetingId, cancel: Cancel) -> Result<Meeting, MeetingError> {
        caller.require_signed_in()?;
        let directory = self.0.org.directory();
        let reason = text::remark(&cancel.reason)?;
        let _alone = self.0.booking.lock().await;
        let first = self.meeting(id).await?;
        may_change(caller, &first)?;
        require_changeable(&first)?;
        if first.state == MeetingState::Open {
            return Err(MeetingError::State { from: first.state, to: Some(MeetingState::Cancelled) });
        }
        let before = self.targets(first, cancel.scope).await?;
        let mut turn = self.0.org.turn(caller).await?;
        let change = &mut turn.change;
        let mut gone = vec![];
        for meeting in &before {
            let after = Meeting { state: MeetingState::Cancelled, revision: meeting.revision + 1, ..meeting.clone() };
            change.update_meeting(&after).await?;
            let what = serde_json::json!({"state": "cancelled", "title": after.title, "reason": reason});
            let record = Record::new("meeting.cancel", &after.id).on(&after.unit).after(&Acted { what: &what, acting_for: stands_for(caller, &after) });
            change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
            gone.push(after);
        }
        if let Some(first) = gone.first() {
            let text = texts::cancelled(&self.0.zone, first, gone.len(), &reason);
            self.tell(change, caller, &directory, concerned(first), NoticeKind::Cancelled, &gone, text).await?;
        }
        self.give_back(change, caller, &directory, &gone).await?;
        let is_renumbered = self.settle_number(&mut turn, &gone).await?;
        self.commit(turn, is_renumbered).await?;
        self.meeting(id).await
    }

    async fn give_back(&self, change: &mut Change, caller: &Caller, directory: &Directory, gone: &[Meeting]) -> Result<(), MeetingError> {
        let mut taken = vec![];
        for taker in gone {
            taken.extend(self.0.store.meetings(&MeetingQuery { taken_by: Some(taker.id.clone()), ..MeetingQuery::default() }).await?);
        }
        // Who booked first has it first, where two lost the same.
        taken.sort_by_key(|meeting| (meeting.created, meeting.id.clone()));
        let mut back: Vec<Meeting> = vec![];
        for meeting in taken.into_iter().filter(|meeting| meeting.state == MeetingState::Booked && meeting.starts > self.now()) {
            let mut others = self.meetings_between(meeting.starts, meeting.ends).await?;
            others.retain(|other| !gone.iter().any(|gone| gone.id == other.id));
            others.extend(back.iter().cloned());
            let found = Bookings::new(caller, directory, &self.0.zone, others).examine(&meeting, Some(meeting.picture), false);
            if found.picture.is_none() {
                continue;
            }
            change.set_taken(&meeting.id, None).await?;
            let record = Record::new("meeting.give_back", &meeting.id).on(&meeting.unit).before(&serde_json::json!({"taken_by": meeting.taken_by}));
            change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
            let text = texts::given_back(&self.0.zone, &meeting);
            back.push(Meeting { taken_by: None, ..meeting });
            let told = back.last().map(std::slice::from_ref).unwrap_or_default();
            self.tell(change, caller, directory, told.iter().flat_map(concerned), NoticeKind::Changed, told, text).await?;
        }
        Ok(())
    }
}
