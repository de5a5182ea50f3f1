//! Where somebody may sit in a meeting, and the token that lets them in.

use std::time::Duration;

use serde::Serialize;

use super::{Door, Live, LiveError};
use crate::base::{UtcMs, VenueId};
use crate::conduct::Conduct;
use crate::meeting::{Meeting, MeetingVenue, VenueRole};
use crate::org::{Caller, Role};
use crate::room::token::{Claims, VideoGrant};

/// A token lets in for so long; who is in stays, and is given newer ones.
const VALID: Duration = Duration::from_secs(12 * 3_600);

/// A venue as which somebody may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Choice {
    pub venue: VenueId,
    pub title: String,
}

/// The answer to one who asks to come in.
#[derive(Debug)]
pub enum Entry {
    Open { token: String, expires: UtcMs },
    Waiting,
}

/// The venues as which the caller may come, the obvious one first: the own county's, the own person's, those one has a say over.
pub fn choices(caller: &Caller, meeting: &Meeting) -> Vec<Choice> {
    // A token acts by its roles alone.
    let person = caller.require_person().ok();
    let is_chair = person.is_some_and(|person| meeting.chair == person.id);
    let rank = |venue: &MeetingVenue| match venue.venue.as_person() {
        Some(id) => person.is_some_and(|person| id == person.id).then_some(0),
        None if is_chair && venue.role == VenueRole::Main => Some(1),
        None if person.is_some_and(|person| venue.unit == person.unit) => Some(2),
        None if caller.may(Role::Chair, &venue.unit) || caller.may(Role::Operator, &venue.unit) => Some(4),
        None => None,
    };
    let mut ranked: Vec<(u8, Choice)> =
        meeting.venues.iter().filter_map(|venue| Some((rank(venue)?, Choice { venue: venue.venue.clone(), title: venue.title.clone() }))).collect();
    if let Some(person) = person {
        let own = VenueId::person(&person.id);
        let is_listed = ranked.iter().any(|(_, choice)| choice.venue == own);
        if !is_listed && (is_chair || meeting.walk_in || !ranked.is_empty()) {
            let title = if person.display_name.is_empty() { person.name.clone() } else { person.display_name.clone() };
            ranked.push((3, Choice { venue: own, title }));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, choice)| choice).collect()
}

/// Further venues as which the caller may come, as the chair invited them while the meeting is held.
pub fn invited(caller: &Caller, meeting: &Meeting, conduct: &Conduct) -> Vec<Choice> {
    let person = caller.require_person().ok();
    let is_own = |venue: &VenueId| match (venue.as_person(), venue.as_site()) {
        (Some(id), _) => person.is_some_and(|person| person.id == id),
        (_, Some(id)) => {
            caller.directory().site(&id).is_some_and(|site| person.is_some_and(|person| person.unit == site.unit) || caller.may(Role::Chair, &site.unit))
        }
        _ => false,
    };
    let is_new = |venue: &VenueId| meeting.venue(venue).is_none() && is_own(venue);
    let venues = conduct.venues.iter().filter(|(venue, is)| is.is_expected && is_new(venue));
    venues.map(|(venue, is)| Choice { venue: venue.clone(), title: is.title.clone() }).collect()
}

impl Live {
    /// Asks at the door of the meeting, and makes the token where it is open.
    pub async fn enter(&self, meeting: &Meeting, choice: &Choice) -> Result<Entry, LiveError> {
        let live = self.meeting(meeting).await?;
        if live.knock(choice.venue.clone(), choice.title.clone()).await? == Door::Waiting {
            return Ok(Entry::Waiting);
        }
        let grant = VideoGrant { room_join: true, room: meeting.id.to_string(), ..VideoGrant::default() };
        let name: String = choice.title.chars().take(80).collect();
        let claims = Claims { name, ..Claims::lasting(self.clock().now(), VALID).with_identity(choice.venue.as_str()).with_video(grant) };
        let token = self.0.rooms.keys().first().issue(&claims).map_err(LiveError::Token)?;
        Ok(Entry::Open { token, expires: claims.expires })
    }

    /// The venue whose place in this meeting's room a token is for.
    pub fn seated(&self, meeting: &crate::base::MeetingId, token: &str) -> Option<VenueId> {
        let claims = self.0.rooms.validate(token).ok()?;
        let join = claims.join().ok()?;
        (join.room == meeting.as_str()).then(|| join.identity.parse().ok()).flatten()
    }
}
