//! Guests: they come into a meeting by a link, without an account.
//!
//! Who books the meeting, or acts for its chair, makes the link. It ends with the meeting, at a time, or when it is revoked, and is good for so many guests.
//! Who has it sees the meeting's title, time and notice, and may ask to come in; what a guest does then is the conduct's to decide, as for every venue.

use serde::{Deserialize, Serialize};

use super::booking::rights::may_change;
use super::reach::{Secret, Who};
use super::{Guest, GuestLink, Meeting, MeetingError, MeetingState, Meetings};
use crate::base::{GuestLinkId, MeetingId, UtcMs, VenueId};
use crate::org::{Caller, Record, hex, random, sha256};

/// Guests of a link where nothing was said, and at most.
const MANY: u32 = 20;
const MOST: u32 = 200;
const LINKS: usize = 100;
const TITLE: usize = 80;
const NAME: usize = 40;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGuestLink {
    /// Whom it is for.
    pub title: String,
    /// How many guests come by it; 20 when absent, at most 200.
    pub most: Option<u32>,
    /// They come in with the venues, without being let in one by one.
    #[serde(default)]
    pub walks_in: bool,
    /// Absent: with the meeting.
    pub expires: Option<UtcMs>,
}

/// A new link with its secret, which is shown this once.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct MadeGuestLink {
    #[serde(flatten)]
    pub about: GuestLink,
    /// The address on this server. What follows `#` is not sent by browsers, so it is in no log.
    pub path: String,
}

/// What whoever has the link sees of the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct GuestView {
    pub title: String,
    pub notice: String,
    pub starts: UtcMs,
    pub ends: UtcMs,
    /// They come in by themselves; else the chair lets them in.
    pub walks_in: bool,
    /// The name of the seat that this browser has already.
    pub seat: Option<String>,
}

/// A guest's seat.
#[derive(Debug, Clone)]
pub struct GuestSeat {
    pub meeting: Meeting,
    pub venue: VenueId,
    /// As everybody sees it: a guest is not taken for a venue.
    pub title: String,
    pub walks_in: bool,
    /// Of a new seat: the secret by which the same guest comes back to it.
    pub secret: Option<String>,
}

impl Meetings {
    /// All links of a meeting, for those who may make them.
    pub async fn guest_links(&self, caller: &Caller, meeting: &MeetingId) -> Result<Vec<GuestLink>, MeetingError> {
        caller.require_signed_in()?;
        may_change(caller, &self.meeting(meeting).await?)?;
        Ok(self.0.store.guest_links(meeting).await?)
    }

    pub async fn create_guest_link(&self, caller: &Caller, meeting: &MeetingId, new: NewGuestLink) -> Result<MadeGuestLink, MeetingError> {
        caller.require_signed_in()?;
        let meeting = self.meeting(meeting).await?;
        may_change(caller, &meeting)?;
        require_to_come(&meeting)?;
        let (now, me) = (self.now(), caller.person());
        let title = words("title", &new.title, TITLE)?;
        let most = new.most.unwrap_or(MANY);
        if !(1..=MOST).contains(&most) {
            return Err(MeetingError::invalid("most", format!("一个链接可供 1 到 {MOST} 位来宾使用 / a link is for 1 to {MOST} guests, not {most}")));
        }
        if new.expires.is_some_and(|expires| expires <= now) {
            return Err(MeetingError::invalid("expires", "失效时间已过 / the time of expiry has passed"));
        }
        if self.0.store.guest_links(&meeting.id).await?.len() >= LINKS {
            return Err(MeetingError::invalid("title", format!("一次会议最多 {LINKS} 个来宾链接 / a meeting has at most {LINKS} guest links")));
        }
        let secret = hex(&random::<16>());
        let about = GuestLink {
            id: GuestLinkId::random(),
            meeting: meeting.id.clone(),
            title,
            most,
            walks_in: new.walks_in,
            expires: new.expires,
            made_by: me.map(|me| me.id.clone()),
            made_by_name: me.map_or_else(|| "服务器 server".to_owned(), |me| me.display_name.clone()),
            created: now,
            revoked: None,
            guests: vec![],
            hash: sha256(&secret),
        };
        let mut change = self.0.store.change().await?;
        change.insert_guest_link(&about).await?;
        let record = Record::new("guest_link.create", &about.id).on(&meeting.unit).after(&about);
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        Ok(MadeGuestLink { about, path: format!("/guest#{secret}") })
    }

    /// Nobody comes by it any more. Its guests who are in stay, until the chair sends them out.
    pub async fn revoke_guest_link(&self, caller: &Caller, meeting: &MeetingId, id: &GuestLinkId) -> Result<GuestLink, MeetingError> {
        caller.require_signed_in()?;
        let meeting = self.meeting(meeting).await?;
        may_change(caller, &meeting)?;
        let before = self.0.store.guest_link(id).await?.filter(|link| link.meeting == meeting.id).ok_or_else(|| MeetingError::missing("guest link", id))?;
        let mut change = self.0.store.change().await?;
        change.revoke_guest_link(id, self.now()).await?;
        let record = Record::new("guest_link.revoke", id).on(&meeting.unit).before(&before);
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        Ok(before)
    }

    /// What the link leads to. `seat`: the secret of a seat, if the browser has one.
    pub async fn look_as_guest(&self, asking: &Caller, secret: &str, seat: Option<&str>) -> Result<GuestView, MeetingError> {
        let (link, meeting) = self.guest_link(asking, secret).await?;
        let seat = seat.map(sha256).and_then(|hash| link.guests.into_iter().find(|guest| guest.hash == hash));
        let Meeting { title, notice, starts, ends, .. } = meeting;
        Ok(GuestView { title, notice, starts, ends, walks_in: link.walks_in, seat: seat.map(|guest| guest.name) })
    }

    /// The guest's seat: the one they have, or a new one.
    pub async fn seat_guest(&self, asking: &Caller, secret: &str, name: &str, seat: Option<&str>) -> Result<GuestSeat, MeetingError> {
        let (link, meeting) = self.guest_link(asking, secret).await?;
        let of = |guest: &Guest, secret| GuestSeat {
            venue: guest.venue.clone(),
            title: format!("{}(来宾)", guest.name),
            walks_in: link.walks_in,
            secret,
            meeting: meeting.clone(),
        };
        let hash = seat.map(sha256);
        if let Some(guest) = link.guests.iter().find(|guest| hash.as_ref() == Some(&guest.hash)) {
            return Ok(of(guest, None));
        }
        let secret = hex(&random::<32>());
        let guest = Guest { venue: VenueId::guest(), name: words("name", name, NAME)?, created: self.now(), hash: sha256(&secret) };
        let mut change = self.0.store.change().await?;
        if !change.seat_guest(&link.id, link.most, &guest).await? {
            return Err(MeetingError::LinkIsFull { most: link.most });
        }
        let what = serde_json::json!({"meeting": meeting.id, "link": link.title, "venue": guest.venue, "name": guest.name});
        let record = Record::new("guest_link.use", &link.id).on(&meeting.unit).after(&what);
        change.append_audit(&self.0.org.entry(&asking.actor(), record)).await?;
        change.commit_apart().await?;
        Ok(of(&guest, Some(secret)))
    }

    /// A link that is good now, and its meeting. A wrong one is counted.
    async fn guest_link(&self, asking: &Caller, secret: &str) -> Result<(GuestLink, Meeting), MeetingError> {
        let who: Vec<Who> = asking.address().map(Who::at).into_iter().collect();
        self.check_tries(Secret::GuestLink, &who)?;
        let is_good = |link: &GuestLink| link.revoked.is_none() && link.expires.is_none_or(|expires| self.now() < expires);
        let Some(link) = self.0.store.guest_link_by_hash(&sha256(secret)).await?.filter(is_good) else {
            self.count_wrong(Secret::GuestLink, &who);
            return Err(MeetingError::NoSuchLink);
        };
        let meeting = self.meeting(&link.meeting).await?;
        require_to_come(&meeting)?;
        Ok((link, meeting))
    }
}

fn require_to_come(meeting: &Meeting) -> Result<(), MeetingError> {
    match meeting.state {
        MeetingState::Booked | MeetingState::Open => Ok(()),
        MeetingState::Closed | MeetingState::Cancelled => Err(MeetingError::LinkIsOver { title: meeting.title.clone() }),
    }
}

/// What people call themselves: one line that fits under a picture.
fn words(field: &'static str, text: &str, most: usize) -> Result<String, MeetingError> {
    let text: String = text.trim().chars().filter(|letter| !letter.is_control() && !is_invisible(*letter)).collect();
    match text.trim().chars().count() {
        0 => Err(MeetingError::invalid(field, "请填写名称 / a name is needed")),
        count if count > most => {
            Err(MeetingError::invalid(field, format!("名称有 {count} 个字,最多 {most} 个 / the name has {count} characters, at most {most}")))
        }
        _ => Ok(text.trim().to_owned()),
    }
}

/// Marks that turn the direction of text or take no room: by them one could be made to look like another.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
