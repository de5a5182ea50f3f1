//! Changing what is booked, of one meeting or of all that follow it in its series.

use jiff::{Span, ToSpan, Unit};

use super::conflict::{Bookings, Outcome};
use super::create::{Acted, Judged};
use super::rights::{may_change, stands_for};
use super::{Check, MeetingPatch, OccurrenceCheck, Scope, text, venues};
use crate::base::{MeetingId, UtcMs, VenueId, Zone};
use crate::meeting::notices::{concerned, texts};
use crate::meeting::{Meeting, MeetingError, MeetingState, Meetings, NoticeKind, Reply, VenueRole};
use crate::org::{Caller, Directory, Record};
use crate::store::meetings::MeetingQuery;

impl Meetings {
    /// The meeting as it then is. With [`Scope::Following`] also those after it are changed, a change of the time by as much; all or none.
    pub async fn change(&self, caller: &Caller, id: &MeetingId, patch: MeetingPatch) -> Result<Meeting, MeetingError> {
        caller.require_signed_in()?;
        let directory = self.0.org.directory();
        let _alone = self.0.booking.lock().await;
        let changed = self.wanted(caller, &directory, id, &patch).await?;
        if changed.is_empty() {
            return self.meeting(id).await;
        }
        let judged = match changed.iter().any(|(before, after)| needs_more(before, after) || patch.picture.is_some()) {
            true => self.judge_changed(caller, &directory, &changed, &patch).await?,
            false => changed.iter().map(|(_, after)| Judged { meeting: after.clone(), takes: vec![] }).collect(),
        };
        let mut turn = self.0.org.turn(caller).await?;
        let after: Vec<Meeting> = judged.iter().map(|judged| judged.meeting.clone()).collect();
        let is_renumbered = self.settle_number(&mut turn, &after).await?;
        let change = &mut turn.change;
        for ((before, _), Judged { meeting: after, takes }) in changed.iter().zip(&judged) {
            change.update_meeting(after).await?;
            let acted = Acted { what: after, acting_for: stands_for(caller, after) };
            let record = Record::new("meeting.update", &after.id).on(&after.unit).before(before).after(&acted);
            change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
            self.take(change, caller, &directory, after, takes).await?;
        }
        // One notice for all that were changed.
        if let (Some((before, _)), Some(Judged { meeting: after, .. })) = (changed.first(), judged.first()) {
            let (were, are) = (concerned(before), concerned(after));
            let meetings: Vec<Meeting> = judged.iter().map(|judged| judged.meeting.clone()).collect();
            let stay = were.intersection(&are).cloned();
            let text = texts::changed(&directory, &self.0.zone, before, after, meetings.len());
            self.tell(change, caller, &directory, stay, NoticeKind::Changed, &meetings, text).await?;
            let text = texts::invited(&directory, &self.0.zone, after, meetings.len());
            self.tell(change, caller, &directory, are.difference(&were).cloned(), NoticeKind::Invited, &meetings, text).await?;
            let text = texts::no_longer(&self.0.zone, before);
            self.tell(change, caller, &directory, were.difference(&are).cloned(), NoticeKind::Cancelled, &meetings, text).await?;
        }
        self.commit(turn, is_renumbered).await?;
        self.meeting(id).await
    }

    /// What a change would do: nothing is changed.
    pub async fn check_change(&self, caller: &Caller, id: &MeetingId, patch: MeetingPatch) -> Result<Check, MeetingError> {
        caller.require_signed_in()?;
        let directory = self.0.org.directory();
        let changed = self.wanted(caller, &directory, id, &patch).await?;
        let from = changed.iter().map(|(_, after)| after.starts).min().unwrap_or_default();
        let to = changed.iter().map(|(_, after)| after.ends).max().unwrap_or_default();
        let mut others = if changed.is_empty() { vec![] } else { self.meetings_between(from, to).await? };
        others.retain(|other| !changed.iter().any(|(_, after)| after.id == other.id));
        let mut bookings = Bookings::new(caller, &directory, &self.0.zone, others);
        let mut occurrences = vec![];
        for (before, after) in changed {
            let Meeting { starts, ends, .. } = after;
            // Who only renames a meeting needs nothing that others have.
            if !needs_more(&before, &after) && patch.picture.is_none() {
                occurrences.push(OccurrenceCheck { starts, ends, fits: true, picture: Some(after.picture), busy: vec![], bottleneck: None, takes: vec![] });
                continue;
            }
            let Outcome { picture, busy, line, takes } = bookings.examine(&after, patch.picture.unwrap_or(Some(after.picture)), patch.take);
            if let Some(picture) = picture {
                bookings.add(Meeting { picture, copy_kbps: picture.copy_kbps(), taken_by: None, ..after });
            }
            occurrences.push(OccurrenceCheck { starts, ends, fits: picture.is_some(), picture, busy, bottleneck: line, takes });
        }
        Ok(Check { fits: occurrences.iter().all(|occurrence| occurrence.fits), occurrences })
    }

    /// The meetings that the change is about and that it changes, as they are and as they would be.
    async fn wanted(&self, caller: &Caller, directory: &Directory, id: &MeetingId, patch: &MeetingPatch) -> Result<Vec<(Meeting, Meeting)>, MeetingError> {
        let first = self.meeting(id).await?;
        may_change(caller, &first)?;
        require_changeable(&first)?;
        let shift = Shift::new(&first, patch, &self.0.zone)?;
        let moves = patch.starts.is_some_and(|starts| starts != first.starts);
        if moves && first.state == MeetingState::Open {
            return Err(MeetingError::invalid("starts", "会议已经开始,开始时间不能更改 / the meeting is open, its start cannot be changed"));
        }
        let before = self.targets(first, patch.scope).await?;
        let mut wanted = vec![];
        for meeting in before {
            let after = self.patched(caller, directory, &meeting, patch, &shift).await?;
            if moves {
                text::check_start(after.starts, self.now())?;
            }
            if meeting != after || meeting.taken_by.is_some() {
                wanted.push((meeting, after));
            }
        }
        Ok(wanted)
    }

    async fn judge_changed(
        &self,
        caller: &Caller,
        directory: &Directory,
        changed: &[(Meeting, Meeting)],
        patch: &MeetingPatch,
    ) -> Result<Vec<Judged>, MeetingError> {
        let wanted: Vec<Meeting> = changed.iter().map(|(_, after)| after.clone()).collect();
        // What is not said stays; what is said to be null is looked for.
        let size = |meeting: &Meeting| patch.picture.unwrap_or(Some(meeting.picture));
        self.judge(caller, directory, wanted, size, patch.take).await
    }

    /// The meeting, or with it those of its series that are still to come: all that follow it, or all.
    pub(in crate::meeting) async fn targets(&self, first: Meeting, scope: Scope) -> Result<Vec<Meeting>, MeetingError> {
        let (Scope::Following | Scope::All, Some(series)) = (scope, first.series.clone()) else { return Ok(vec![first]) };
        let mut all = self.0.store.meetings(&MeetingQuery { series: Some(series), ..MeetingQuery::default() }).await?;
        let from = if scope == Scope::All { self.now() } else { first.starts };
        all.retain(|meeting| meeting.id == first.id || (meeting.starts > from && meeting.state == MeetingState::Booked));
        self.numbered(&mut all);
        Ok(all)
    }

    async fn patched(&self, caller: &Caller, directory: &Directory, before: &Meeting, patch: &MeetingPatch, shift: &Shift) -> Result<Meeting, MeetingError> {
        let mut after = before.clone();
        if let Some(title) = &patch.title {
            after.title = text::title("title", title)?;
        }
        after.mode = patch.mode.unwrap_or(before.mode);
        (after.starts, after.ends) = shift.times(before, &self.0.zone);
        if let Some(chair) = &patch.chair {
            let chair = venues::able(directory, chair)?;
            (after.chair, after.chair_name) = (chair.id.clone(), chair.display_name.clone());
            // The clerks of the chair are those of whoever it is.
            for desk in after.desk.iter_mut().filter(|desk| desk.acts_for == before.chair) {
                desk.acts_for = after.chair.clone();
            }
            after.desk.retain(|desk| desk.person != after.chair);
        }
        if patch.main.is_some() || patch.branches.is_some() {
            let known = |role| before.venues.iter().filter(move |venue| venue.role == role).map(|venue| venue.venue.clone());
            let Some(main) = patch.main.clone().or_else(|| known(VenueRole::Main).next()) else {
                return Err(MeetingError::invalid("main", "需要主会场 / a main venue is needed"));
            };
            let branches: Vec<VenueId> = patch.branches.clone().unwrap_or_else(|| known(VenueRole::Branch).collect());
            after.venues = venues::venues(caller, directory, &before.unit, &main, &branches, &before.venues)?;
        }
        if let Some(desk) = &patch.desk {
            after.desk = venues::desk(directory, &after.chair, &after.venues, desk)?;
        }
        if let Some(agenda) = &patch.agenda {
            after.agenda = text::agenda(agenda.clone())?;
        }
        let papers = patch.papers.clone().unwrap_or_else(|| after.papers.clone());
        after.papers = text::papers(papers, after.agenda.len())?;
        if let Some(column) = &patch.column {
            if let Some(column) = column {
                self.0.store.column(column).await?;
            }
            after.column = column.clone();
        }
        if let Some(audience) = &patch.audience {
            after.audience = audience.to_string();
        }
        after.walk_in = patch.walk_in.unwrap_or(before.walk_in);
        if let Some(notice) = &patch.notice {
            after.notice = text::notice(notice)?;
        }
        if let Some(Some(picture)) = patch.picture {
            after.picture = picture;
        }
        if (after.starts, after.ends) != (before.starts, before.ends) {
            for venue in &mut after.venues {
                (venue.reply, venue.headcount, venue.replied_by, venue.replied_at) = (Reply::Pending, None, None, None);
            }
        }
        if after != *before || before.taken_by.is_some() || patch.picture.is_some() {
            after.revision += 1;
        }
        Ok(after)
    }
}

pub(super) fn require_changeable(meeting: &Meeting) -> Result<(), MeetingError> {
    match meeting.state {
        MeetingState::Booked | MeetingState::Open => Ok(()),
        from => Err(MeetingError::State { from, to: None }),
    }
}

/// Whether the change asks for anything that somebody else may have.
fn needs_more(before: &Meeting, after: &Meeting) -> bool {
    let ids = |meeting: &Meeting| meeting.venues.iter().map(|venue| venue.venue.clone()).collect::<Vec<_>>();
    let same = (before.starts, before.ends, &before.chair, before.picture) == (after.starts, after.ends, &after.chair, after.picture);
    !same || ids(before) != ids(after) || before.taken_by.is_some()
}

/// A change of the time, as it is said of one meeting, for each of a series: so many days on, at the new time of day.
struct Shift {
    of: MeetingId,
    days: Span,
    starts: UtcMs,
    ends: UtcMs,
}

impl Shift {
    fn new(first: &Meeting, patch: &MeetingPatch, zone: &Zone) -> Result<Self, MeetingError> {
        let starts = patch.starts.unwrap_or(first.starts);
        // Who says only the start moves the meeting.
        let ends = patch.ends.unwrap_or(UtcMs(first.ends.0.saturating_add(starts.0.saturating_sub(first.starts.0))));
        text::check_times(starts, ends)?;
        let days = zone.date(first.starts).until((Unit::Day, zone.date(starts))).unwrap_or_else(|_| 0.days());
        Ok(Self { of: first.id.clone(), days, starts, ends })
    }

    fn times(&self, meeting: &Meeting, zone: &Zone) -> (UtcMs, UtcMs) {
        if meeting.id == self.of {
            return (self.starts, self.ends);
        }
        let starts = zone.instant(zone.date(meeting.starts).saturating_add(self.days), zone.time(self.starts));
        (starts, starts + (self.ends - self.starts))
    }
}
