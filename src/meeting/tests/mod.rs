//! Meetings against a real database, with a clock that stands at noon of 2026-11-21 in Shanghai.
//!
//! A province (`root`) with a hall; two prefectures, `hangzhou` (10 Mb/s) with the counties `xihu` and `yuhang` (2 Mb/s each), and `ningbo` (10 Mb/s). Media has
//! half of each line. Every unit has a site of its name, and a clerk with the chair role on it.

mod booking;
mod changing;
mod holding;
mod joining;
mod rights;
mod taking;
mod telling;

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::base::{PersonId, VenueId};
use crate::org::tests::Fixture;
use crate::org::{Caller, NewSite, Role};

pub const HOUR: i64 = 3_600_000;
/// Monday 2026-11-23, nine o'clock in Shanghai.
pub const MONDAY: UtcMs = UtcMs(1_795_395_600_000);

pub struct World {
    pub fixture: Fixture,
    pub meetings: Meetings,
    pub clerks: HashMap<&'static str, Caller>,
}

pub const UNITS: [(&str, Option<&str>, Option<i64>); 5] = [
    ("root", None, None),
    ("hangzhou", Some("root"), Some(10_000)),
    ("ningbo", Some("root"), Some(10_000)),
    ("xihu", Some("hangzhou"), Some(2_000)),
    ("yuhang", Some("hangzhou"), Some(2_000)),
];

impl World {
    pub async fn new() -> Self {
        Self::with_mail(None).await
    }

    pub async fn with_mail(mail: Option<MailOptions>) -> Self {
        let fixture = Fixture::new().await;
        let server = fixture.org.as_server();
        let mut clerks = HashMap::new();
        for (unit, parent, capacity_kbps) in UNITS {
            if let Some(parent) = parent {
                fixture.unit(unit, parent).await;
            }
            let site = NewSite {
                id: Some(unit.to_owned()),
                unit: unit.into(),
                title: format!("{unit} 会议室"),
                capacity_kbps,
                media_share_percent: None,
                highest_rung: None,
                contact_name: None,
                contact_phone: None,
            };
            fixture.org.create_site(&server, site).await.unwrap();
            fixture.person(unit, unit, &[(Role::Chair, unit)]).await;
        }
        for (unit, ..) in UNITS {
            clerks.insert(unit, fixture.sign_in(unit).await);
        }
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let meetings = Meetings::new(fixture.store.clone(), fixture.org.clone(), Arc::new(fixture.clock.clone()), zone, mail);
        Self { fixture, meetings, clerks }
    }

    /// The clerk of a unit.
    pub fn clerk(&self, unit: &str) -> &Caller {
        &self.clerks[unit]
    }

    pub async fn book(&self, unit: &str, new: NewMeeting) -> Result<Meeting, MeetingError> {
        Ok(self.meetings.create(self.clerk(unit), new).await?.remove(0))
    }

    pub async fn notices(&self, unit: &str) -> Vec<Notice> {
        self.meetings.notices(self.clerk(unit), NoticesQuery::default(), 1000).await.unwrap()
    }

    pub async fn meeting(&self, id: &MeetingId) -> Meeting {
        self.meetings.meeting(id).await.unwrap()
    }

    /// Actions of the audit log, oldest first, with who did it and what it was about.
    pub async fn log(&self) -> Vec<(String, Option<String>, Option<serde_json::Value>)> {
        let mut entries = self
            .fixture
            .org
            .audit(&self.fixture.org.as_server(), crate::org::AuditFilter { action: Some("meeting.".to_owned()), ..Default::default() }, 1000)
            .await
            .unwrap();
        entries.reverse();
        entries.into_iter().map(|entry| (entry.action, entry.person_name, entry.after)).collect()
    }
}

pub fn me(caller: &Caller) -> PersonId {
    caller.person().unwrap().id.clone()
}

pub fn site(id: &str) -> VenueId {
    VenueId::site(&id.into())
}

/// An hour from Monday nine o'clock on, so many hours later.
pub fn new(unit: &str, main: &str, branches: &[&str], after_hours: i64) -> NewMeeting {
    NewMeeting {
        unit: unit.into(),
        title: format!("{unit} 例会"),
        mode: Mode::Lecture,
        starts: MONDAY + after_hours * HOUR,
        ends: MONDAY + (after_hours + 1) * HOUR,
        chair: None,
        desk: vec![],
        main: site(main),
        branches: branches.iter().map(|branch| site(branch)).collect(),
        groups: vec![],
        agenda: vec![],
        papers: vec![],
        column: None,
        audience: None,
        walk_in: false,
        notice: String::new(),
        picture: None,
        repeat: None,
        take: false,
    }
}

pub fn answer(venue: &str, reply: Reply) -> NewReply {
    NewReply { venue: Some(site(venue)), reply, headcount: None, remark: String::new() }
}
