//! Telling those concerned: a row for the notices' page, and mail with an entry for the calendar.

mod calendar;
mod mail;
pub(super) mod texts;

use std::collections::{BTreeSet, HashSet};

pub use mail::{Courier, Encryption, MailOptions};

use super::{Meeting, MeetingError, Meetings, Notice, NoticeKind};
use crate::base::{NoticeId, PersonId, UnitId};
use crate::org::{Caller, Directory, Role, includes};
use crate::store::Change;
use crate::store::notices::NoticeQuery;
use crate::store::outbox::Letter;
use texts::Text;

/// Who is told: a person, or whoever looks after a unit's venues.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Person(PersonId),
    Unit(UnitId),
}

/// Everyone whom a meeting concerns.
pub(super) fn concerned(meeting: &Meeting) -> BTreeSet<To> {
    let people = std::iter::once(&meeting.chair).chain(&meeting.booked_by).chain(meeting.desk.iter().map(|desk| &desk.person));
    let venues = meeting.venues.iter().map(|venue| match venue.venue.as_person() {
        Some(person) => To::Person(person),
        None => To::Unit(venue.unit.clone()),
    });
    people.cloned().map(To::Person).chain(venues).collect()
}

/// Whose notices to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct NoticesQuery {
    /// Those to this unit; takes the chair role on it. Otherwise the caller's own, with those to their unit if they have the chair role on it.
    pub unit: Option<UnitId>,
    pub unread: bool,
    /// Only those older than this one.
    pub before: Option<NoticeId>,
}

impl Meetings {
    pub async fn notices(&self, caller: &Caller, asked: NoticesQuery, limit: u32) -> Result<Vec<Notice>, MeetingError> {
        let query = NoticeQuery { unread: asked.unread, before: asked.before, ..whose(caller, asked.unit)? };
        Ok(self.0.store.notices(&query, limit).await?)
    }

    /// How many of one's own, with those to one's unit where one looks after it, are not read yet.
    pub async fn unread_notices(&self, caller: &Caller) -> Result<u32, MeetingError> {
        Ok(self.0.store.unread_notices(&whose(caller, None)?).await?)
    }

    /// Marks all of a list as read, up to the newest that was seen.
    pub async fn read_notices(&self, caller: &Caller, unit: Option<UnitId>, up_to: &NoticeId) -> Result<(), MeetingError> {
        let query = whose(caller, unit)?;
        Ok(self.0.store.mark_notices_read(&query, up_to, self.now()).await?)
    }

    /// Marks one as read: one's own, or for all of a unit on which the caller has the chair role.
    pub async fn read_notice(&self, caller: &Caller, id: &NoticeId) -> Result<Notice, MeetingError> {
        caller.require_signed_in()?;
        let notice = self.0.store.notice(id).await?;
        let is_mine = notice.person.as_ref().is_some_and(|person| caller.person().is_some_and(|me| me.id == *person));
        let is_ours = notice.unit.as_ref().is_some_and(|unit| caller.may(Role::Chair, unit));
        if !is_mine && !is_ours {
            // Of others it is not even said that it is there.
            return Err(MeetingError::missing("notice", id));
        }
        self.0.store.mark_notice_read(id, self.now()).await?;
        Ok(self.0.store.notice(id).await?)
    }

    /// The meeting for a calendar program: an invitation, or that it was called off.
    pub fn calendar(&self, meetings: &[Meeting]) -> String {
        calendar::calendar(meetings, &self.organizer(), None, self.now())
    }

    fn organizer(&self) -> String {
        self.0.mail.as_ref().map_or_else(|| "yizhan@localhost".to_owned(), |mail| mail.from.clone())
    }

    /// Writes the notices, and where mail is sent, the mail; the caller knows already. The meetings are those the calendar is to have, the first the one the
    /// text is about.
    #[allow(clippy::too_many_arguments, reason = "one sentence: who tells whom what about which")]
    pub(super) async fn tell(
        &self,
        change: &mut Change,
        caller: &Caller,
        directory: &Directory,
        to: impl IntoIterator<Item = To>,
        kind: NoticeKind,
        meetings: &[Meeting],
        text: Text,
    ) -> Result<(), MeetingError> {
        let Some(first) = meetings.first() else { return Ok(()) };
        let (now, me) = (self.now(), caller.person().map(|me| &me.id));
        let is_there = |to: &To| match to {
            To::Person(person) => Some(person) != me && directory.person(person).is_some(),
            To::Unit(unit) => directory.unit(unit).is_some(),
        };
        let told: Vec<To> = to.into_iter().filter(is_there).collect();
        for to in &told {
            let (person, unit) = match to {
                To::Person(person) => (Some(person.clone()), None),
                To::Unit(unit) => (None, Some(unit.clone())),
            };
            let notice = Notice {
                id: NoticeId::random(),
                person,
                unit,
                kind,
                meeting: first.id.clone(),
                text: text.notice.clone(),
                at: now,
                read_at: None,
                asks_reply: false,
            };
            change.insert_notice(&notice).await?;
        }
        let Some(mail) = &self.0.mail else { return Ok(()) };
        let body = texts::letter(directory, &self.0.zone, first, &text);
        let called_off = kind == NoticeKind::Cancelled;
        for address in addresses(directory, &told, me) {
            let letter = Letter {
                id: NoticeId::random().to_string(),
                recipient: address.to_owned(),
                subject: text.subject.clone(),
                body: body.clone(),
                calendar: Some(calendar::calendar_for(meetings, &mail.from, address, called_off, now)),
                attempts: 0,
                created: now,
            };
            change.insert_letter(&letter).await?;
        }
        Ok(())
    }
}

/// Those to a unit that the caller looks after; else the caller's own, with those to their unit.
fn whose(caller: &Caller, unit: Option<UnitId>) -> Result<NoticeQuery, MeetingError> {
    caller.require_signed_in()?;
    if let Some(unit) = unit {
        caller.require(Role::Chair, &unit)?;
        return Ok(NoticeQuery { units: vec![unit], ..NoticeQuery::default() });
    }
    let me = caller.person();
    let unit = me.map(|me| me.unit.clone()).filter(|unit| caller.may(Role::Chair, unit));
    Ok(NoticeQuery { person: me.map(|me| me.id.clone()), units: unit.into_iter().collect(), ..NoticeQuery::default() })
}

/// Where mail to them goes: to the people, and for a unit to those who have the chair role on it; each address once.
fn addresses<'a>(directory: &'a Directory, told: &[To], me: Option<&PersonId>) -> BTreeSet<&'a str> {
    let units: HashSet<&UnitId> = told.iter().filter_map(|to| if let To::Unit(unit) = to { Some(unit) } else { None }).collect();
    let chairs = directory.grants.iter().filter(|grant| units.contains(&grant.unit) && includes(grant.role, Role::Chair)).map(|grant| &grant.person);
    let people = told.iter().filter_map(|to| if let To::Person(person) = to { Some(person) } else { None });
    let readers = people.chain(chairs).filter(|person| Some(*person) != me).filter_map(|person| directory.person(person));
    readers.filter(|reader| !reader.disabled).filter_map(|reader| reader.email.as_deref()).collect()
}
