//! Booking a meeting, or a series of them, and starting one at once.

use serde::Serialize;

use super::conflict::{Bookings, Outcome};
use super::rights::stands_for;
use super::{Check, NewDeskPerson, NewMeeting, OccurrenceCheck, StartNow, text, venues};
use crate::allocation::PictureSize;
use crate::base::{MeetingId, PersonId, SeriesId, UtcMs, VenueGroupId, VenueId};
use crate::meeting::notices::{concerned, texts};
use crate::meeting::{Duty, Meeting, MeetingError, MeetingState, Meetings, NoticeKind};
use crate::org::{Audience, Caller, Directory, Record, Role, Turn};
use crate::store::Change;
use crate::store::meetings::MeetingQuery;

/// As the audit log has it: in whose stead somebody acted stands beside what they did.
#[derive(Serialize)]
pub(super) struct Acted<'a, T> {
    #[serde(flatten)]
    pub what: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<&'a PersonId>,
}

/// A meeting that is to be booked, looked at.
pub(super) struct Judged {
    pub meeting: Meeting,
    pub takes: Vec<MeetingId>,
}

impl Meetings {
    /// Books one meeting, or all of a series: then those that came of it, earliest first. Every venue, the chair and every line must be free, of all or
    /// nothing is booked.
    pub async fn create(&self, caller: &Caller, new: NewMeeting) -> Result<Vec<Meeting>, MeetingError> {
        let directory = self.0.org.directory();
        let draft = self.draft(caller, &directory, &new).await?;
        let times = self.times(&new)?;
        let series = new.repeat.as_ref().map(|repeat| (SeriesId::random(), serde_json::to_string(repeat).unwrap_or_default()));
        let occurrence = |(starts, ends): (UtcMs, UtcMs)| Meeting {
            id: MeetingId::random(),
            series: series.as_ref().map(|(id, _)| id.clone()),
            starts,
            ends,
            ..draft.clone()
        };
        let wanted: Vec<Meeting> = times.into_iter().map(occurrence).collect();
        let _alone = self.0.booking.lock().await;
        let judged = self.judge(caller, &directory, wanted, |_| new.picture, new.take).await?;
        let mut turn = self.0.org.turn(caller).await?;
        if let Some((id, repeat)) = &series {
            turn.change.insert_series(id, repeat, self.now()).await?;
        }
        self.write_new(turn, caller, &directory, judged).await
    }

    /// Books a meeting that is open from now on.
    pub async fn start_now(&self, caller: &Caller, new: StartNow) -> Result<Meeting, MeetingError> {
        let now = self.now();
        let minutes = new.minutes.unwrap_or(60);
        let new = NewMeeting {
            unit: new.unit,
            title: new.title,
            mode: new.mode,
            starts: now,
            ends: now + i64::from(minutes) * 60_000,
            chair: new.chair,
            desk: new.desk,
            main: new.main,
            branches: new.branches,
            groups: new.groups,
            agenda: vec![],
            papers: vec![],
            column: new.column,
            audience: new.audience,
            walk_in: new.walk_in,
            notice: String::new(),
            picture: new.picture,
            repeat: None,
            take: new.take,
        };
        let directory = self.0.org.directory();
        let draft = self.draft(caller, &directory, &new).await?;
        text::check_times(new.starts, new.ends)?;
        let wanted = Meeting { id: MeetingId::random(), starts: new.starts, ends: new.ends, state: MeetingState::Open, started: Some(now), ..draft };
        let _alone = self.0.booking.lock().await;
        let judged = self.judge(caller, &directory, vec![wanted], |_| new.picture, new.take).await?;
        let turn = self.0.org.turn(caller).await?;
        let mut meetings = self.write_new(turn, caller, &directory, judged).await?;
        meetings.pop().ok_or_else(|| MeetingError::invalid("starts", "no meeting"))
    }

    /// What booking this would do; nothing is booked.
    pub async fn check(&self, caller: &Caller, new: NewMeeting) -> Result<Check, MeetingError> {
        let directory = self.0.org.directory();
        let draft = self.draft(caller, &directory, &new).await?;
        let times = self.times(&new)?;
        let (from, to) = span(&times);
        let mut bookings = Bookings::new(caller, &directory, &self.0.zone, self.meetings_between(from, to).await?);
        let mut occurrences = vec![];
        for (starts, ends) in times {
            let meeting = Meeting { id: MeetingId::random(), starts, ends, ..draft.clone() };
            let Outcome { picture, busy, line, takes } = bookings.examine(&meeting, new.picture, new.take);
            if let Some(picture) = picture {
                bookings.add(Meeting { picture, copy_kbps: picture.copy_kbps(), ..meeting });
            }
            occurrences.push(OccurrenceCheck { starts, ends, fits: picture.is_some(), picture, busy, bottleneck: line, takes });
        }
        Ok(Check { fits: occurrences.iter().all(|occurrence| occurrence.fits), occurrences })
    }

    fn times(&self, new: &NewMeeting) -> Result<Vec<(UtcMs, UtcMs)>, MeetingError> {
        text::check_start(new.starts, self.now())?;
        text::check_times(new.starts, new.ends)?;
        match &new.repeat {
            None => Ok(vec![(new.starts, new.ends)]),
            Some(repeat) => repeat.occurrences(new.starts, new.ends, &self.0.zone),
        }
    }

    pub(in crate::meeting) async fn meetings_between(&self, from: UtcMs, to: UtcMs) -> Result<Vec<Meeting>, MeetingError> {
        Ok(self.0.store.meetings(&MeetingQuery { from: Some(from), to: Some(to), ..MeetingQuery::default() }).await?)
    }

    /// The booking without its times, if the caller may make it and all it names is there.
    async fn draft(&self, caller: &Caller, directory: &Directory, new: &NewMeeting) -> Result<Meeting, MeetingError> {
        caller.require_signed_in()?;
        directory.unit(&new.unit).ok_or_else(|| MeetingError::missing("unit", &new.unit))?;
        caller.require(Role::Chair, &new.unit)?;
        let me = caller.person();
        let Some(chair) = new.chair.clone().or_else(|| me.map(|me| me.id.clone())) else {
            return Err(MeetingError::invalid("chair", "需要主持人 / a chair is needed"));
        };
        let mut branches = new.branches.clone();
        for group in &new.groups {
            branches.extend(self.group_venues(caller, group).await?);
        }
        let chair = venues::able(directory, &chair)?;
        let venues = venues::venues(caller, directory, &new.unit, &new.main, &branches, &[])?;
        let mut desk = new.desk.clone();
        if let Some(me) = me.filter(|me| me.id != chair.id && !desk.iter().any(|desk| desk.person == me.id)) {
            desk.push(NewDeskPerson { person: me.id.clone(), duty: Duty::Clerk, acts_for: None });
        }
        if let Some(column) = &new.column {
            self.0.store.column(column).await?;
        }
        let agenda = text::agenda(new.agenda.clone())?;
        Ok(Meeting {
            id: MeetingId::random(),
            series: None,
            unit: new.unit.clone(),
            title: text::title("title", &new.title)?,
            mode: new.mode,
            starts: new.starts,
            ends: new.ends,
            chair: chair.id.clone(),
            chair_name: chair.display_name.clone(),
            desk: venues::desk(directory, &chair.id, &venues, &desk)?,
            venues,
            papers: text::papers(new.papers.clone(), agenda.len())?,
            agenda,
            column: new.column.clone(),
            audience: new.audience.clone().unwrap_or(Audience::SignedIn).to_string(),
            walk_in: new.walk_in,
            notice: text::notice(&new.notice)?,
            number: None,
            picture: PictureSize::Audio,
            copy_kbps: 0,
            state: MeetingState::Booked,
            taken_by: None,
            revision: 0,
            booked_by: me.map(|me| me.id.clone()),
            booked_by_name: me.map_or_else(|| "服务器 server".to_owned(), |me| me.display_name.clone()),
            created: self.now(),
            started: None,
            ended: None,
        })
    }

    async fn group_venues(&self, caller: &Caller, group: &VenueGroupId) -> Result<Vec<VenueId>, MeetingError> {
        let group = self.0.store.venue_group(group).await?;
        caller.require(Role::Chair, &group.unit)?;
        Ok(group.venues)
    }

    /// Looks at each before the present bookings and those of this list that stand before it. `size`: the picture asked for, none for the largest that fits.
    /// Under the lock of booking.
    pub(super) async fn judge(
        &self,
        caller: &Caller,
        directory: &Directory,
        wanted: Vec<Meeting>,
        size: impl Fn(&Meeting) -> Option<PictureSize>,
        take: bool,
    ) -> Result<Vec<Judged>, MeetingError> {
        let times: Vec<(UtcMs, UtcMs)> = wanted.iter().map(|meeting| (meeting.starts, meeting.ends)).collect();
        let (from, to) = span(&times);
        let mut others = self.meetings_between(from, to).await?;
        others.retain(|other| !wanted.iter().any(|meeting| meeting.id == other.id));
        let mut bookings = Bookings::new(caller, directory, &self.0.zone, others);
        let mut judged = vec![];
        for meeting in wanted {
            let Outcome { picture, busy, line, takes } = bookings.examine(&meeting, size(&meeting), take);
            if !busy.is_empty() {
                return Err(MeetingError::Busy(busy));
            }
            let picture = match (picture, line) {
                (Some(picture), _) => picture,
                (None, Some(line)) => return Err(MeetingError::Line(Box::new(line))),
                // Without a line nothing limits the picture.
                (None, None) => PictureSize::P1080,
            };
            let meeting = Meeting { picture, copy_kbps: picture.copy_kbps(), taken_by: None, ..meeting };
            bookings.add(meeting.clone());
            judged.push(Judged { meeting, takes });
        }
        Ok(judged)
    }

    async fn write_new(&self, mut turn: Turn<'_>, caller: &Caller, directory: &Directory, mut judged: Vec<Judged>) -> Result<Vec<Meeting>, MeetingError> {
        let number = self.give_number(&mut turn, &judged.iter().map(|judged| &judged.meeting).collect::<Vec<_>>()).await?;
        judged.iter_mut().for_each(|judged| judged.meeting.number.clone_from(&number));
        let change = &mut turn.change;
        for (at, Judged { meeting, takes }) in judged.iter().enumerate() {
            change.insert_meeting(meeting).await?;
            let record = Record::new("meeting.create", &meeting.id).on(&meeting.unit);
            // The log has the venues of a series once.
            let record = match at {
                0 => record.after(&Acted { what: meeting, acting_for: stands_for(caller, meeting) }),
                _ => record.after(&serde_json::json!({"series": meeting.series, "title": meeting.title, "starts": meeting.starts, "ends": meeting.ends})),
            };
            change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
            self.take(change, caller, directory, meeting, takes).await?;
        }
        let meetings: Vec<Meeting> = judged.into_iter().map(|judged| judged.meeting).collect();
        if let Some(first) = meetings.first() {
            let text = texts::invited(directory, &self.0.zone, first, meetings.len());
            self.tell(change, caller, directory, concerned(first), NoticeKind::Invited, &meetings, text).await?;
        }
        self.commit(turn, number.is_some()).await?;
        Ok(meetings)
    }

    /// Marks what a meeting of a unit above takes from, and tells those concerned.
    pub(super) async fn take(
        &self,
        change: &mut Change,
        caller: &Caller,
        directory: &Directory,
        taker: &Meeting,
        takes: &[MeetingId],
    ) -> Result<(), MeetingError> {
        for id in takes {
            let Some(taken) = self.0.store.meeting(id).await? else { continue };
            change.set_taken(id, Some(&taker.id)).await?;
            let record = Record::new("meeting.take", id).on(&taken.unit).after(&serde_json::json!({"taken_by": taker.id, "title": taker.title}));
            change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
            let text = texts::taken(directory, &self.0.zone, &taken, taker);
            self.tell(change, caller, directory, concerned(&taken), NoticeKind::Taken, &[taken], text).await?;
        }
        Ok(())
    }
}

fn span(times: &[(UtcMs, UtcMs)]) -> (UtcMs, UtcMs) {
    let from = times.iter().map(|(starts, _)| *starts).min().unwrap_or_default();
    (from, times.iter().map(|(_, ends)| *ends).max().unwrap_or_default())
}
