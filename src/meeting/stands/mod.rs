//! Computers that stand ready in a venue: paired once, then they ring, answer and come in by themselves.
//!
//! A computer that is not paired shows a code; who runs the venue types it on the venue's page. From then on it has a cookie by which it acts as that venue
//! and nothing else: it is no [`Caller`], and no route but its own knows it. What it must know ([`StandView`]) follows from what is booked and held; it is
//! told anew at every change.

mod pairing;
mod view;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::reach::{Secret, Who};
use super::{MeetingError, Meetings};
use crate::base::{MeetingId, SiteId, StandId, UtcMs, VenueId};
use crate::numbering::typed_digits;
use crate::org::{Caller, OrgError, Record, Role, Site, hex, random, sha256};
pub use crate::store::stands::{Answers, Stand};
use pairing::{Pairing, Pairings};
pub use view::{Call, CallWhy, CalledPerson, StandMeeting, StandView, Stir};

const TITLE: usize = 80;
const RUNS: usize = 500;
const STANDS: usize = 50;
/// Uses are written down at most so often.
const TOUCH_MS: i64 = 60_000;

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Stands(Arc<Inner>);

struct Inner {
    meetings: Meetings,
    pairings: Mutex<Pairings>,
    /// What is known of each while the server runs.
    present: Mutex<HashMap<StandId, Presence>>,
}

#[derive(Default)]
struct Presence {
    written: Option<UtcMs>,
    listening: usize,
    /// The meeting it came into last.
    sits_in: Option<MeetingId>,
}

/// What a computer that is not paired shows.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PairingCode {
    /// Eight digits.
    pub code: String,
    /// By which it asks whether it was paired.
    pub secret: String,
    pub valid_milliseconds: i64,
}

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStand {
    /// As the computer shows it.
    pub code: String,
    /// What the computer is called; by its place in the list when absent.
    pub title: Option<String>,
}

/// The computers of a venue, and how they answer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct VenueStands {
    pub answers: Answers,
    pub items: Vec<StandLine>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct StandLine {
    #[serde(flatten)]
    pub about: Stand,
    /// It listens now.
    pub is_online: bool,
}

impl Stands {
    pub fn new(meetings: Meetings) -> Self {
        Self(Arc::new(Inner { meetings, pairings: Mutex::default(), present: Mutex::default() }))
    }

    /// A code for a computer that is to be paired.
    pub fn begin_pairing(&self, address: IpAddr, runs: &str) -> Result<PairingCode, MeetingError> {
        let (now, secret) = (self.now(), hex(&random::<32>()));
        let pairing = Pairing { hash: sha256(&secret), address, runs: cut(runs, RUNS), begun: now, cookie: None };
        let code = self.pairings().begin(now, pairing).ok_or(MeetingError::TooManyWrong { seconds: 60 })?;
        Ok(PairingCode { code, secret, valid_milliseconds: pairing::VALID_MS })
    }

    /// `None`: another code is needed; `Some(None)`: nobody has typed it yet; else the value of the cookie, this once.
    pub fn claim_pairing(&self, secret: &str) -> Option<Option<String>> {
        self.pairings().claim(self.now(), &sha256(secret))
    }

    /// The computers of a venue; for who has the operator or the chair role on its unit.
    pub async fn of_site(&self, caller: &Caller, site: &SiteId) -> Result<VenueStands, MeetingError> {
        self.site(caller, site)?;
        let store = &self.meetings().0.store;
        let line = |about: Stand| StandLine { is_online: self.present().get(&about.id).is_some_and(|present| present.listening > 0), about };
        Ok(VenueStands { answers: store.answers(site).await?, items: store.stands(site).await?.into_iter().map(line).collect() })
    }

    /// Pairs the computer that shows the code with the venue.
    pub async fn pair(&self, caller: &Caller, site: &SiteId, new: NewStand) -> Result<Stand, MeetingError> {
        let site = self.site(caller, site)?;
        let (meetings, now) = (self.meetings(), self.now());
        let who = Who::of(caller);
        meetings.check_tries(Secret::PairingCode, &who)?;
        let code = typed_digits(&new.code).unwrap_or_default();
        let Some(waiting) = self.pairings().find(now, &code).cloned() else {
            meetings.count_wrong(Secret::PairingCode, &who);
            return Err(MeetingError::NoSuchCode);
        };
        let known = meetings.0.store.stands(&site.id).await?.len();
        if known >= STANDS {
            return Err(MeetingError::invalid("code", format!("一个会场最多 {STANDS} 台电脑 / a venue has at most {STANDS} computers")));
        }
        let title = new.title.map(|title| cut(title.trim(), TITLE)).filter(|title| !title.is_empty());
        let (me, secret) = (caller.person(), hex(&random::<32>()));
        let stand = Stand {
            id: StandId::random(),
            site: site.id.clone(),
            title: title.unwrap_or_else(|| format!("{} {}", site.title, known + 1)),
            paired_by: me.map(|me| me.id.clone()),
            paired_by_name: me.map_or_else(|| "服务器 server".to_owned(), |me| me.display_name.clone()),
            created: now,
            last_seen: None,
            address: Some(waiting.address.to_string()),
            runs: waiting.runs,
            hash: sha256(&secret),
        };
        let mut change = meetings.0.store.change().await?;
        change.insert_stand(&stand).await?;
        let record = Record::new("stand.create", &stand.id).on(&site.unit).after(&stand);
        change.append_audit(&meetings.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        // Another may have typed the same code meanwhile: the first counts, and this one is listed as never seen.
        if let Some(waiting) = self.pairings().find(now, &code) {
            waiting.cookie = Some(secret);
        }
        Ok(stand)
    }

    /// The computer came into a meeting.
    pub fn sits_in(&self, stand: &StandId, meeting: &MeetingId) {
        self.present().entry(stand.clone()).or_default().sits_in = Some(meeting.clone());
    }

    /// The computer acts for the venue no longer, from this moment; told is the seat it may still have.
    pub async fn revoke(&self, caller: &Caller, id: &StandId) -> Result<Option<(MeetingId, VenueId)>, MeetingError> {
        caller.require_signed_in()?;
        let meetings = self.meetings();
        let before = meetings.0.store.stand(id).await?.ok_or_else(|| MeetingError::missing("stand", id))?;
        let site = self.site(caller, &before.site)?;
        let mut change = meetings.0.store.change().await?;
        change.delete_stand(id).await?;
        change.append_audit(&meetings.0.org.entry(&caller.actor(), Record::new("stand.delete", id).on(&site.unit).before(&before))).await?;
        change.commit_apart().await?;
        meetings.tell_booked();
        let meeting = self.present().remove(id).and_then(|present| present.sits_in);
        Ok(meeting.map(|meeting| (meeting, VenueId::site(&site.id))))
    }

    pub async fn set_answers(&self, caller: &Caller, site: &SiteId, answers: Answers) -> Result<VenueStands, MeetingError> {
        let found = self.site(caller, site)?;
        let meetings = self.meetings();
        let before = meetings.0.store.answers(site).await?;
        let mut change = meetings.0.store.change().await?;
        change.set_answers(site, answers).await?;
        let record = Record::new("site.answers", site).on(&found.unit).before(&before).after(&answers);
        change.append_audit(&meetings.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        meetings.tell_booked();
        self.of_site(caller, site).await
    }

    /// The computer that has this cookie, if it still is one.
    pub async fn by_cookie(&self, cookie: &str, address: Option<IpAddr>) -> Result<Option<Stand>, MeetingError> {
        let Some(stand) = self.meetings().0.store.stand_by_hash(&sha256(cookie)).await? else { return Ok(None) };
        let now = self.now();
        let is_due = {
            let mut present = self.present();
            let present = present.entry(stand.id.clone()).or_default();
            let is_due = present.written.is_none_or(|written| now - written >= TOUCH_MS);
            if is_due {
                present.written = Some(now);
            }
            is_due
        };
        if is_due {
            self.meetings().0.store.touch_stand(&stand.id, now, address.map(|address| address.to_string()).as_deref()).await?;
        }
        Ok(Some(stand))
    }

    /// What the computer says of itself.
    pub async fn report(&self, stand: &Stand, runs: &str) -> Result<(), MeetingError> {
        let runs = cut(runs, RUNS);
        if runs != stand.runs {
            self.meetings().0.store.set_stand_runs(&stand.id, &runs).await?;
        }
        Ok(())
    }

    /// It listens, until what is returned is dropped.
    pub fn listens(&self, stand: &StandId) -> Listening {
        self.present().entry(stand.clone()).or_default().listening += 1;
        Listening { stands: self.clone(), stand: stand.clone() }
    }

    /// The venue, for who runs it.
    fn site(&self, caller: &Caller, id: &SiteId) -> Result<Site, MeetingError> {
        caller.require_signed_in()?;
        let site = caller.directory().site(id).ok_or_else(|| OrgError::missing("site", id))?;
        if !caller.may(Role::Chair, &site.unit) {
            caller.require(Role::Operator, &site.unit)?;
        }
        Ok(site.clone())
    }

    fn meetings(&self) -> &Meetings {
        &self.0.meetings
    }

    fn now(&self) -> UtcMs {
        self.meetings().now()
    }

    fn pairings(&self) -> MutexGuard<'_, Pairings> {
        self.0.pairings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn present(&self) -> MutexGuard<'_, HashMap<StandId, Presence>> {
        self.0.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A computer's stream of events is open.
pub struct Listening {
    stands: Stands,
    stand: StandId,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(present) = self.stands.present().get_mut(&self.stand) {
            present.listening = present.listening.saturating_sub(1);
            // What is written down next is when it went.
            present.written = None;
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(most).collect()
}
