//! Telling those concerned: a row for the notices' page, and mail with an entry for the calendar.

mod calendar;
mod mail;
pub(super) mod texts;

use std::collections::BTreeSet;

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
        caller.require_signed_in()?;
        let (person, units) = match asked.unit {
            Some(unit) => {
                caller.require(Role::Chair, &unit)?;
                (None, vec![unit])
            }
            None => {
                let me = caller.person();
                let unit = me.map(|me| me.unit.clone()).filter(|unit| caller.may(Role::Chair, unit));
                (me.map(|me| me.id.clone()), unit.into_iter().collect())
            }
        };
        let query = NoticeQuery { person, units, unread: asked.unread, before: asked.before };
        Ok(self.0.store.notices(&query, limit).await?)
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
        let mut addresses: BTreeSet<&str> = BTreeSet::new();
        for to in to {
            let (person, unit) = match to {
                To::Person(person) if Some(&person) == me || directory.person(&person).is_none() => continue,
                To::Unit(unit) if directory.unit(&unit).is_none() => continue,
                To::Person(person) => (Some(person), None),
                To::Unit(unit) => (None, Some(unit)),
            };
            let readers = directory.people.iter().filter(|reader| match (&person, &unit) {
                (Some(person), _) => reader.id == *person,
                (None, Some(unit)) => directory.roles_of(&reader.id).iter().any(|on| on.unit == *unit && includes(on.role, Role::Chair)),
                (None, None) => false,
            });
            addresses.extend(readers.filter(|reader| !reader.disabled && Some(&reader.id) != me).filter_map(|reader| reader.email.as_deref()));
            let notice = Notice { id: NoticeId::random(), person, unit, kind, meeting: first.id.clone(), text: text.notice.clone(), at: now, read_at: None };
            change.insert_notice(&notice).await?;
        }
        let Some(mail) = &self.0.mail else { return Ok(()) };
        for address in addresses {
            let called_off = kind == NoticeKind::Cancelled;
            let letter = Letter {
                id: NoticeId::random().to_string(),
                recipient: address.to_owned(),
                subject: text.subject.clone(),
                body: texts::letter(directory, &self.0.zone, first, &text),
                calendar: Some(calendar::calendar_for(meetings, &mail.from, address, called_off, now)),
                attempts: 0,
                created: now,
            };
            change.insert_letter(&letter).await?;
        }
        Ok(())
    }
}
