//! Finding meetings: by time, by unit, one's own.

use super::rights::{is_mine, may_see, require_sight};
use crate::base::{MeetingId, UnitId, UtcMs};
use crate::meeting::{Meeting, MeetingError, MeetingState, Meetings};
use crate::org::Caller;
use crate::store::meetings::MeetingQuery;

/// Which meetings of a span of time, earliest first.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    pub from: UtcMs,
    /// Exclusive.
    pub to: UtcMs,
    /// Those that this unit or one below it has booked.
    pub unit: Option<UnitId>,
    /// Those the caller is named in, or a venue of their unit takes part in.
    pub mine: bool,
    pub state: Option<MeetingState>,
}

const DAYS: i64 = 400;
const DAY_MS: i64 = 24 * 3_600_000;

impl Meetings {
    /// The meeting, if the caller may see it.
    pub async fn get(&self, caller: &Caller, id: &MeetingId) -> Result<Meeting, MeetingError> {
        caller.require_signed_in()?;
        let meeting = self.meeting(id).await?;
        require_sight(caller, &meeting)?;
        Ok(meeting)
    }

    /// Those that the caller may see.
    pub async fn list(&self, caller: &Caller, asked: ListQuery) -> Result<Vec<Meeting>, MeetingError> {
        caller.require_signed_in()?;
        let length = asked.to.0.saturating_sub(asked.from.0);
        if !(1..=DAYS * DAY_MS).contains(&length) {
            return Err(MeetingError::invalid("to", format!("时间范围应在 {DAYS} 天之内 / the range is longer than {DAYS} days, or empty")));
        }
        let units = asked.unit.as_ref().map(|unit| caller.directory().tree.subtree(unit));
        let query = MeetingQuery { from: Some(asked.from), to: Some(asked.to), units, ..MeetingQuery::default() };
        let mut found = self.0.store.meetings(&query).await?;
        let me = caller.person();
        self.numbered(&mut found);
        found.retain(|meeting| {
            asked.state.is_none_or(|state| meeting.state == state)
                && may_see(caller, meeting)
                && (!asked.mine || me.is_some_and(|me| is_mine(meeting, &me.id, &me.unit)))
        });
        Ok(found)
    }

    /// What a list begins with where nothing was said: today in the zone, and how long it is.
    pub fn today(&self) -> (UtcMs, UtcMs) {
        let today = self.0.zone.date(self.now());
        let tomorrow = today.tomorrow().unwrap_or(today);
        (self.0.zone.day_start(today), self.0.zone.day_start(tomorrow))
    }
}
