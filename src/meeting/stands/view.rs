//! What those must know who stand ready: today's meetings of the venue, and who calls.

use serde::Serialize;

use super::{Answers, Stand, Stands};
use crate::base::{MeetingId, StandId, UtcMs, VenueId};
use crate::conduct::{Phase, Presence};
use crate::meeting::live::{Choice, Live, choices, invited};
use crate::meeting::{Meeting, MeetingError, MeetingState};
use crate::org::{Caller, HolderKind};

/// How a venue is in the meetings under way.
pub type Stir = Vec<(MeetingId, Phase, Option<Presence>)>;

/// A meeting that has opened rings so long in venues that are not in.
const OPEN_RINGS_MS: i64 = 60_000;

/// All that a venue's computer must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StandView {
    pub stand: StandId,
    /// Of the computer.
    pub title: String,
    pub venue: VenueId,
    pub venue_title: String,
    pub unit_title: String,
    /// By which the venue is called.
    pub number: Option<String>,
    pub answers: Answers,
    /// Today's, those that are over left out.
    pub meetings: Vec<StandMeeting>,
    pub calls: Vec<Call>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StandMeeting {
    pub id: MeetingId,
    pub title: String,
    pub number: Option<String>,
    pub starts: UtcMs,
    pub ends: UtcMs,
    pub state: MeetingState,
    pub chair_name: String,
    pub main_title: String,
    /// Where it stands; null before anybody came.
    pub phase: Option<Phase>,
    /// How this venue is there; null before anybody came.
    pub presence: Option<Presence>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallWhy {
    /// The chair calls.
    Chair,
    /// The meeting has opened.
    Opened,
}

/// Somebody rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Call {
    pub meeting: MeetingId,
    pub title: String,
    pub why: CallWhy,
    pub since: UtcMs,
}

/// Somebody rings for a person, or for the venue of their unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CalledPerson {
    pub meeting: MeetingId,
    pub title: String,
    /// Who is called.
    pub venue: VenueId,
    pub venue_title: String,
    pub since: UtcMs,
}

impl Stands {
    pub async fn view(&self, stand: &Stand, live: Option<&Live>) -> Result<StandView, MeetingError> {
        let (meetings, now) = (self.meetings(), self.now());
        let (directory, venue) = (meetings.0.org.directory(), VenueId::site(&stand.site));
        let site = directory.site(&stand.site).ok_or_else(|| MeetingError::missing("site", &stand.site))?;
        let (today, tomorrow) = meetings.today();
        let mut booked = meetings.meetings_between(today, tomorrow).await?;
        let held = live.map(|live| live.held_with(&venue)).unwrap_or_default();
        // What is held may be of yesterday, and the chair may have invited the venue during the meeting.
        for (id, _) in held.iter().filter(|(id, _)| booked.iter().all(|meeting| meeting.id != *id)).cloned().collect::<Vec<_>>() {
            booked.extend(meetings.0.store.meeting(&id).await?);
        }
        let conduct = |id: &MeetingId| held.iter().find(|(held, _)| held == id).map(|(_, conduct)| conduct);
        booked.retain(|meeting| {
            let is_to_come = matches!(meeting.state, MeetingState::Booked | MeetingState::Open) && meeting.taken_by.is_none();
            is_to_come && (meeting.state == MeetingState::Open || meeting.ends > now) && (meeting.venue(&venue).is_some() || conduct(&meeting.id).is_some())
        });
        meetings.numbered(&mut booked);
        let one = |meeting: &Meeting| {
            let conduct = conduct(&meeting.id);
            StandMeeting {
                id: meeting.id.clone(),
                title: meeting.title.clone(),
                number: meeting.number.clone(),
                starts: meeting.starts,
                ends: meeting.ends,
                state: meeting.state,
                chair_name: meeting.chair_name.clone(),
                main_title: meeting.main_venue().map(|main| main.title.clone()).unwrap_or_default(),
                phase: conduct.map(|conduct| conduct.phase),
                presence: conduct.and_then(|conduct| conduct.venues.get(&venue)).map(|venue| venue.presence),
            }
        };
        let shown: Vec<StandMeeting> = booked.iter().map(one).collect();
        let call = |(meeting, shown): (&Meeting, &StandMeeting)| {
            let (why, since) = match (shown.presence, shown.phase) {
                (Some(Presence::Ringing { since }), _) => (CallWhy::Chair, since),
                // The doors are open, and the venue is not there yet.
                (Some(Presence::Absent), Some(phase)) if phase != Phase::Called => (CallWhy::Opened, meeting.started?),
                _ => return None,
            };
            let rings = why == CallWhy::Chair || now - since < OPEN_RINGS_MS;
            rings.then(|| Call { meeting: meeting.id.clone(), title: meeting.title.clone(), why, since })
        };
        Ok(StandView {
            stand: stand.id.clone(),
            title: stand.title.clone(),
            venue_title: site.title.clone(),
            unit_title: directory.unit_title(&site.unit).to_owned(),
            number: directory.numbers.number_of(HolderKind::Site, stand.site.as_str(), now).map(|given| given.number.to_string()),
            answers: meetings.0.store.answers(&stand.site).await?,
            calls: booked.iter().zip(&shown).filter_map(call).collect(),
            meetings: shown,
            venue,
        })
    }

    /// How the venue is in the meetings under way: while this stays, and no booking changes, its view does.
    pub fn stir(&self, stand: &Stand, live: Option<&Live>) -> Stir {
        let venue = VenueId::site(&stand.site);
        let held = live.map(|live| live.held_with(&venue)).unwrap_or_default();
        let mut stir: Vec<_> = held.into_iter().map(|(id, conduct)| (id, conduct.phase, conduct.venues.get(&venue).map(|venue| venue.presence))).collect();
        stir.sort_by(|one, other| one.0.cmp(&other.0));
        stir
    }

    pub fn news(&self) -> tokio::sync::watch::Receiver<u64> {
        self.meetings().news()
    }

    /// As which venue the computer comes into a meeting: its own, where that was booked for it or invited by the chair.
    pub async fn choice(&self, stand: &Stand, live: &Live, id: &MeetingId) -> Result<(Meeting, Choice), MeetingError> {
        let venue = VenueId::site(&stand.site);
        let meeting = self.meetings().meeting(id).await?;
        let invited = || live.held_with(&venue).into_iter().find(|(held, _)| held == id)?.1.venues.get(&venue).filter(|venue| venue.is_expected).cloned();
        let title = meeting.venue(&venue).map(|booked| booked.title.clone()).or_else(|| invited().map(|venue| venue.title));
        // Of other meetings it is not even said that they are there.
        let title = title.ok_or_else(|| MeetingError::missing("meeting", id))?;
        Ok((meeting, Choice { venue, title }))
    }

    /// Who is called now, of those as whom the caller may come.
    pub async fn calls_for(&self, caller: &Caller, live: Option<&Live>) -> Result<Vec<CalledPerson>, MeetingError> {
        caller.require_signed_in()?;
        let mut calls = vec![];
        for (id, venue, since) in live.map(Live::ringing).unwrap_or_default() {
            let meeting = self.meetings().meeting(&id).await?;
            let held = live.and_then(|live| live.held(&id));
            let invited = held.map(|conduct| invited(caller, &meeting, &conduct)).unwrap_or_default();
            let found = choices(caller, &meeting).into_iter().chain(invited).find(|choice| choice.venue == venue);
            calls.extend(found.map(|choice| CalledPerson { meeting: id, title: meeting.title, venue: choice.venue, venue_title: choice.title, since }));
        }
        Ok(calls)
    }
}
