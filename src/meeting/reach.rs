//! Whom a number reaches, as far as who asks may know it. Wrong numbers are counted, so that nobody finds meetings by trying.

use std::net::IpAddr;

use serde::Serialize;

use super::booking::rights::may_see;
use super::{Meeting, MeetingError, MeetingState, Meetings};
use crate::base::{MeetingId, UtcMs, VenueId};
use crate::numbering::Number;
use crate::org::{Caller, Holder, HolderKind, Rate, neighbourhood};

/// Wrong guesses in a minute: of a person; of an address, behind which a whole office may sit.
const BY_PERSON: u32 = 10;
const BY_ADDRESS: u32 = 30;
/// A venue's or person's meeting that begins so soon is found by their number.
const SOON_MS: i64 = 3_600_000;

/// What can be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Secret {
    Number,
    GuestLink,
    PairingCode,
}

/// Who guesses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    Person(String),
    Address(IpAddr),
}

impl Who {
    pub fn at(address: IpAddr) -> Self {
        Self::Address(neighbourhood(address))
    }

    /// The person, and where they are.
    pub fn of(caller: &Caller) -> Vec<Self> {
        let person = caller.person().map(|person| Self::Person(person.id.to_string()));
        person.into_iter().chain(caller.address().map(Self::at)).collect()
    }

    fn limit(&self) -> u32 {
        match self {
            Self::Person(_) => BY_PERSON,
            Self::Address(_) => BY_ADDRESS,
        }
    }
}

/// Wrong guesses of the minute.
#[derive(Default)]
pub(super) struct Tries(Rate<(Secret, Who)>);

impl Tries {
    /// Before one looks whether it is right.
    pub fn check(&self, secret: Secret, who: &[Who], now: UtcMs) -> Result<(), MeetingError> {
        for who in who {
            self.0.allows(&(secret, who.clone()), now, who.limit()).map_err(|too_many| MeetingError::TooManyWrong { seconds: too_many.seconds })?;
        }
        Ok(())
    }

    /// It was wrong. Whether one of them has now used up the minute.
    pub fn wrong(&mut self, secret: Secret, who: &[Who], now: UtcMs) -> bool {
        let mut is_used_up = false;
        for who in who {
            let (key, limit) = ((secret, who.clone()), who.limit());
            is_used_up |= self.0.attempt(key.clone(), now, limit).is_ok() && self.0.allows(&key, now, limit).is_err();
        }
        is_used_up
    }
}

/// What a number reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reached {
    /// As it is written.
    pub number: String,
    pub kind: HolderKind,
    /// Of the meeting, the venue or the person.
    pub title: String,
    pub unit_title: String,
    /// The meeting; of a venue or person those that are on or begin within the hour, as far as the caller may see them.
    pub meetings: Vec<ReachedMeeting>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReachedMeeting {
    pub id: MeetingId,
    pub title: String,
    pub starts: UtcMs,
    pub ends: UtcMs,
    pub state: MeetingState,
}

impl From<Meeting> for ReachedMeeting {
    fn from(meeting: Meeting) -> Self {
        Self { id: meeting.id, title: meeting.title, starts: meeting.starts, ends: meeting.ends, state: meeting.state }
    }
}

impl Meetings {
    /// By a number as people type it. A meeting that the caller may not see is not told from a number that nobody has.
    pub async fn reach(&self, caller: &Caller, typed: &str) -> Result<Reached, MeetingError> {
        caller.require_signed_in()?;
        let who = Who::of(caller);
        self.check_tries(Secret::Number, &who)?;
        let number: Number = typed.parse().map_err(|error: crate::numbering::NumberError| MeetingError::invalid("number", error.to_string()))?;
        match self.reached(caller, number).await? {
            Some(reached) => Ok(reached),
            None => {
                self.count_wrong(Secret::Number, &who);
                Err(MeetingError::NoSuchNumber(number.to_string()))
            }
        }
    }

    async fn reached(&self, caller: &Caller, number: Number) -> Result<Option<Reached>, MeetingError> {
        let (directory, now) = (self.0.org.directory(), self.now());
        let Some(holder) = directory.numbers.holder_of(number, now) else { return Ok(None) };
        let (kind, title, unit, meetings) = match holder {
            Holder::Meeting { id, .. } => {
                let found = self.of_number(id.as_str()).await?.into_iter().next().filter(|meeting| may_see(caller, meeting));
                let Some(meeting) = found else { return Ok(None) };
                (HolderKind::Meeting, meeting.title.clone(), meeting.unit.clone(), vec![meeting])
            }
            Holder::Site { id } => {
                let Some(site) = directory.site(id) else { return Ok(None) };
                (HolderKind::Site, site.title.clone(), site.unit.clone(), self.near(caller, &VenueId::site(id)).await?)
            }
            Holder::Person { id } => {
                let Some(person) = directory.person(id) else { return Ok(None) };
                (HolderKind::Person, person.display_name.clone(), person.unit.clone(), self.near(caller, &VenueId::person(id)).await?)
            }
        };
        let unit_title = directory.unit_title(&unit).to_owned();
        Ok(Some(Reached { number: number.to_string(), kind, title, unit_title, meetings: meetings.into_iter().map(Into::into).collect() }))
    }

    /// Meetings of a venue that one could go into now.
    async fn near(&self, caller: &Caller, venue: &VenueId) -> Result<Vec<Meeting>, MeetingError> {
        let now = self.now();
        let mut found = self.meetings_between(now, now + SOON_MS).await?;
        let is_held = |meeting: &Meeting| matches!(meeting.state, MeetingState::Booked | MeetingState::Open) && meeting.taken_by.is_none();
        found.retain(|meeting| is_held(meeting) && meeting.venue(venue).is_some() && may_see(caller, meeting));
        Ok(found)
    }

    pub(super) fn check_tries(&self, secret: Secret, who: &[Who]) -> Result<(), MeetingError> {
        self.tries().check(secret, who, self.now())
    }

    pub(super) fn count_wrong(&self, secret: Secret, who: &[Who]) {
        if self.tries().wrong(secret, who, self.now()) {
            tracing::warn!(?secret, ?who, "many wrong guesses in a minute");
        }
    }

    fn tries(&self) -> std::sync::MutexGuard<'_, Tries> {
        self.0.tries.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
