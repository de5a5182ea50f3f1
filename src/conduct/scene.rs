//! What follows from the state: who may do what with a microphone, and what each screen shows.

use serde::Serialize;

use super::command::Screen;
use super::presence::Presence;
use super::rule::Phase;
use super::state::{Conduct, is_quiet};
use crate::base::VenueId;

/// What a venue may do in the room now. Pure consequence of the state: after a restart it is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Rights {
    /// It may open its microphone by itself.
    pub may_unmute: bool,
    /// Its microphone passes.
    pub is_heard: bool,
    pub is_seen: bool,
    pub may_share: bool,
    pub may_chat: bool,
}

/// What a venue's screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Scene {
    /// The large picture.
    pub large: Option<VenueId>,
    /// What the large picture will be next: to be kept warm.
    pub next: Option<VenueId>,
    pub wall: Vec<VenueId>,
    pub wall_next: Vec<VenueId>,
}

impl Conduct {
    pub fn rights(&self, id: &VenueId) -> Rights {
        let steers = *id == self.chair;
        let Some(venue) = self.venues.get(id).filter(|venue| venue.presence.is_here()) else {
            return Rights { may_unmute: false, is_heard: false, is_seen: false, may_share: false, may_chat: false };
        };
        let is_on_air = self.on_air(id).is_some();
        let may_unmute = !is_on_air && (steers || !self.is_mute_locked || self.floor.has(id));
        Rights {
            may_unmute,
            is_heard: !venue.is_muted && !is_on_air,
            is_seen: !venue.is_camera_off,
            may_share: self.may_share(id),
            may_chat: steers || self.chat == super::Chat::Open,
        }
    }

    pub(super) fn may_share(&self, id: &VenueId) -> bool {
        let allowed = self.venues.get(id).is_some_and(|venue| venue.may_share);
        allowed || *id == self.chair || *id == self.main || self.floor.has(id) || !is_quiet(self.mode)
    }

    /// What everybody sees: what is broadcast, else what the poll shows, else who has the floor, else the chair, else the main venue.
    pub fn on_screen(&self) -> Option<&VenueId> {
        let polled = || self.polled(Screen::All).into_iter().next();
        let floor = || self.floor.holders.iter().rev().find(|holder| self.is_in(holder));
        let broadcast = self.stage.broadcast.as_ref().filter(|venue| self.is_in(venue));
        broadcast.or_else(polled).or_else(floor).or_else(|| [&self.chair, &self.main].into_iter().find(|venue| self.is_in(venue)))
    }

    /// What who is on the screen sees: what the main venue chose for it.
    pub fn seen_by_shown(&self, shown: &VenueId) -> Option<&VenueId> {
        let chosen = self.stage.return_picture.as_ref().filter(|venue| self.is_in(venue) && *venue != shown);
        chosen.or_else(|| [&self.main, &self.chair].into_iter().find(|venue| *venue != shown && self.is_in(venue)))
    }

    /// What a venue is shown.
    pub fn scene(&self, viewer: &VenueId) -> Scene {
        let on_screen = self.on_screen();
        let is_chair = *viewer == self.chair;
        // Nobody looks at themselves.
        let another = |venue: &&VenueId| self.is_in(venue) && *venue != viewer;
        let looked_at = || self.stage.look.as_ref().filter(another).or_else(|| self.polled(Screen::Chair).into_iter().find(another));
        let large = looked_at().filter(|_| is_chair).or(on_screen.filter(another)).or_else(|| self.seen_by_shown(viewer));
        let next = if is_chair && self.polls.of(Screen::Chair).is_some() { self.polled_next(Screen::Chair) } else { self.polled_next(Screen::All) };
        let owned = |venues: Vec<&VenueId>| venues.into_iter().cloned().collect();
        Scene {
            large: large.cloned(),
            next: next.first().map(|next| (*next).clone()),
            wall: owned(self.polled(Screen::Wall)),
            wall_next: owned(self.polled_next(Screen::Wall)),
        }
    }

    /// Whether anybody is in, or will be soon.
    pub fn is_empty(&self) -> bool {
        !self.venues.values().any(|venue| venue.presence.is_here() || matches!(venue.presence, Presence::Waiting { .. }))
    }

    pub fn is_over(&self) -> bool {
        self.phase == Phase::Closed
    }
}
