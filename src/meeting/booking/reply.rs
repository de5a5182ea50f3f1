//! What a venue answers: whether it takes part, and how many come.

use serde::Deserialize;

use super::conflict::Bookings;
use super::create::Acted;
use super::rights::{may_answer, require_sight, stands_for};
use super::text;
use crate::base::{MeetingId, VenueId};
use crate::meeting::booking::change::require_changeable;
use crate::meeting::{Meeting, MeetingError, MeetingVenue, Meetings, Reply};
use crate::org::{Caller, Record};

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// May be absent where the caller answers for one venue alone.
    pub venue: Option<VenueId>,
    pub reply: Reply,
    /// How many will come.
    pub headcount: Option<u32>,
    #[serde(default)]
    pub remark: String,
}

/// More than any hall holds.
const HEADS: u32 = 100_000;

impl Meetings {
    /// Answers for a venue: the person themselves, who acts for them, or the chair role on the venue's unit. May be answered anew until the meeting is over.
    pub async fn reply(&self, caller: &Caller, id: &MeetingId, new: NewReply) -> Result<Meeting, MeetingError> {
        caller.require_signed_in()?;
        let directory = self.0.org.directory();
        let remark = text::remark(&new.remark)?;
        if let Some(heads) = new.headcount.filter(|heads| *heads > HEADS) {
            return Err(MeetingError::invalid("headcount", format!("人数应为 0 到 {HEADS},现为 {heads} / the headcount is {heads}, not 0 to {HEADS}")));
        }
        let _alone = self.0.booking.lock().await;
        let before = self.meeting(id).await?;
        require_sight(caller, &before)?;
        require_changeable(&before)?;
        let known = answered_for(caller, &before, new.venue.as_ref())?.clone();
        let now = self.now();
        let venue = MeetingVenue {
            reply: new.reply,
            headcount: new.headcount.filter(|_| new.reply != Reply::Declined),
            remark,
            replied_by: caller.person().map(|person| person.id.clone()),
            replied_at: Some(now),
            ..known.clone()
        };
        let mut after = before.clone();
        for place in after.venues.iter_mut().filter(|place| place.venue == venue.venue) {
            *place = venue.clone();
        }
        // What was not held until now may have gone to somebody else.
        if (venue.is_held() && !known.is_held()) || (known.reply == Reply::Declined && venue.reply != Reply::Declined) {
            let others = self.meetings_between(after.starts, after.ends).await?;
            let found = Bookings::new(caller, &directory, &self.0.zone, others).examine(&after, Some(after.picture), false);
            if let Some(busy) = found.busy.into_iter().find(|busy| busy.venue == venue.venue) {
                return Err(MeetingError::Busy(vec![busy]));
            }
            if let Some(line) = found.line.filter(|line| known.reply == Reply::Declined && line.needed_kbps > line.free_kbps) {
                return Err(MeetingError::Line(Box::new(line)));
            }
        }
        let mut change = self.0.store.change().await?;
        change.set_reply(id, &venue).await?;
        let record = Record::new("meeting.reply", id).on(&venue.unit).before(&known).after(&Acted { what: &venue, acting_for: stands_for(caller, &before) });
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        self.meeting(id).await
    }
}

fn answered_for<'a>(caller: &Caller, meeting: &'a Meeting, asked: Option<&VenueId>) -> Result<&'a MeetingVenue, MeetingError> {
    if let Some(asked) = asked {
        let venue = meeting.venue(asked).ok_or_else(|| MeetingError::missing("venue", asked))?;
        if !may_answer(caller, meeting, venue) {
            caller.require(crate::org::Role::Chair, &venue.unit)?;
        }
        return Ok(venue);
    }
    let mut mine = meeting.venues.iter().filter(|venue| may_answer(caller, meeting, venue));
    match (mine.next(), mine.next()) {
        (Some(venue), None) => Ok(venue),
        (Some(_), Some(_)) => Err(MeetingError::invalid("venue", "请指明会场 / say which venue")),
        (None, _) => {
            caller.require(crate::org::Role::Chair, &meeting.unit)?;
            Err(MeetingError::invalid("venue", "请指明会场 / say which venue"))
        }
    }
}
