//! Venues come and go.

use serde::{Deserialize, Serialize};

use super::Effect;
use super::command::Mode;
use super::refusal::Refusal;
use super::rule::{Actor, Phase};
use super::state::{Beginning, Conduct, MOST_VENUES};
use crate::base::{UtcMs, VenueId};

/// A venue whose connection broke keeps its place, its floor and its picture's place for so long.
pub(super) const AWAY_KEPT_MS: i64 = 60_000;
/// Who asks no more has gone.
pub(super) const WAITING_KEPT_MS: i64 = 15_000;
/// It rings no longer.
pub(super) const RING_MS: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Presence {
    Absent,
    Ringing {
        since: UtcMs,
    },
    /// Before the door, until the chair lets it in.
    Waiting {
        since: UtcMs,
        /// When it asked last: it asks every two seconds.
        #[serde(default)]
        asked: UtcMs,
    },
    In,
    /// Its connection broke.
    Away {
        since: UtcMs,
    },
    /// The chair sent it out: it asks before it comes again.
    Removed,
}

impl Presence {
    /// In, or away for a moment.
    pub fn is_here(self) -> bool {
        matches!(self, Presence::In | Presence::Away { .. })
    }
}

/// What happened to a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// It asks to come in: the answer is its presence, In or Waiting.
    Knocked { venue: VenueId, title: String },
    /// It is in the room.
    Joined { venue: VenueId },
    /// Its connection ended; by its own will, or it broke.
    Left { venue: VenueId, is_meant: bool },
    /// The server was started anew: nobody is connected, all are expected back.
    Restarted,
    /// The booking was changed. `dropped` are no longer in it.
    Booked { booking: Beginning, dropped: Vec<VenueId> },
}

impl Conduct {
    pub fn handle(&mut self, now: UtcMs, input: Input) -> Result<Vec<Effect>, Refusal> {
        let mut effects = Vec::new();
        match input {
            Input::Knocked { venue, title } => self.knocked(now, venue, title, &mut effects)?,
            Input::Joined { venue } => self.joined(now, &venue, &mut effects)?,
            Input::Left { venue, is_meant } => self.left(now, &venue, is_meant)?,
            Input::Restarted => {
                for venue in self.venues.values_mut().filter(|venue| venue.presence.is_here()) {
                    (venue.presence, venue.is_sharing) = (Presence::Away { since: now }, false);
                }
            }
            Input::Booked { booking, dropped } => self.booked(booking, &dropped),
        }
        self.version += 1;
        Ok(effects)
    }

    fn knocked(&mut self, now: UtcMs, venue: VenueId, title: String, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        if self.phase == Phase::Closed {
            return Err(Refusal::NotIn(venue));
        }
        if !self.venues.contains_key(&venue) {
            if self.venues.len() >= MOST_VENUES {
                return Err(Refusal::Full(MOST_VENUES));
            }
            self.expect(venue.clone(), title);
            self.venue_mut(&venue)?.is_expected = false;
        }
        let may_enter = self.may_enter(&venue);
        let found = self.venue_mut(&venue)?;
        if may_enter {
            if !found.presence.is_here() {
                found.presence = Presence::Away { since: now };
            }
            effects.push(Effect::Admit(venue));
        } else if let Presence::Waiting { asked, .. } = &mut found.presence {
            *asked = now;
        } else {
            found.presence = Presence::Waiting { since: now, asked: now };
        }
        Ok(())
    }

    fn may_enter(&self, id: &VenueId) -> bool {
        let steers = [&self.chair, &self.main, &self.booked_chair].contains(&id);
        self.venues.get(id).is_some_and(|venue| match venue.presence {
            Presence::In | Presence::Away { .. } => true,
            _ if venue.must_ask => false,
            // The doors are opened by who steers; those of an emergency stand open.
            _ => steers || self.mode == Mode::Emergency || (self.phase != Phase::Called && venue.is_expected && !self.is_door_locked),
        })
    }

    fn joined(&mut self, now: UtcMs, venue: &VenueId, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        let may_enter = self.may_enter(venue);
        let found = self.venue_mut(venue)?;
        if !may_enter {
            // It has an older token: the door is here.
            effects.push(Effect::Remove(venue.clone()));
            return Ok(());
        }
        found.presence = Presence::In;
        found.is_sharing = false;
        // Nobody who steers is there to open the doors twice.
        if self.phase == Phase::Called && (*venue == self.chair || *venue == self.main) {
            self.open(now, effects);
        }
        self.roll.came(now, venue, self.phase);
        Ok(())
    }

    fn left(&mut self, now: UtcMs, venue: &VenueId, is_meant: bool) -> Result<(), Refusal> {
        let found = self.venue_mut(venue)?;
        if !found.presence.is_here() {
            return Ok(());
        }
        found.is_sharing = false;
        if is_meant {
            self.gone(venue);
        } else {
            found.presence = Presence::Away { since: now };
        }
        Ok(())
    }

    /// It is not here any more, nor what it had.
    pub(super) fn gone(&mut self, venue: &VenueId) {
        if let Some(found) = self.venues.get_mut(venue) {
            found.presence = Presence::Absent;
            found.is_sharing = false;
        }
        self.stage.forget(venue);
        self.leave_booths(venue);
        if self.floor.forget(venue) && self.is_mute_locked {
            self.silence(venue);
        }
    }

    /// What was allowed for the time of the floor ends with it.
    pub(super) fn silence(&mut self, venue: &VenueId) {
        if let Some(found) = self.venues.get_mut(venue) {
            found.is_muted = true;
        }
    }

    pub(super) fn invite(&mut self, now: UtcMs, venue: VenueId, title: String, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        if !self.venues.contains_key(&venue) && self.venues.len() >= MOST_VENUES {
            return Err(Refusal::Full(MOST_VENUES));
        }
        self.expect(venue.clone(), title);
        self.ring(now, &venue, effects);
        Ok(())
    }

    pub(super) fn redial(&mut self, now: UtcMs, venue: Option<VenueId>, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        let called = match venue {
            Some(venue) => vec![self.venue(&venue).map(|_| venue)?],
            None => self.venues.iter().filter(|(_, venue)| venue.is_expected && venue.presence == Presence::Absent).map(|(id, _)| id.clone()).collect(),
        };
        for venue in called {
            self.ring(now, &venue, effects);
        }
        Ok(())
    }

    fn ring(&mut self, now: UtcMs, venue: &VenueId, effects: &mut Vec<Effect>) {
        let Some(found) = self.venues.get_mut(venue) else { return };
        match found.presence {
            Presence::In | Presence::Away { .. } => {}
            Presence::Waiting { .. } => self.let_in(now, venue, effects),
            Presence::Absent | Presence::Ringing { .. } | Presence::Removed => {
                (found.presence, found.must_ask) = (Presence::Ringing { since: now }, false);
                effects.push(Effect::Ring(venue.clone()));
            }
        }
    }

    pub(super) fn let_in(&mut self, now: UtcMs, venue: &VenueId, effects: &mut Vec<Effect>) {
        if let Some(found) = self.venues.get_mut(venue) {
            found.presence = Presence::Away { since: now };
            (found.is_expected, found.must_ask) = (true, false);
            effects.push(Effect::Admit(venue.clone()));
        }
    }

    pub(super) fn send_out(&mut self, venue: &VenueId, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        self.venue(venue)?;
        self.gone(venue);
        if let Some(found) = self.venues.get_mut(venue) {
            (found.presence, found.must_ask) = (Presence::Removed, true);
            effects.push(Effect::Remove(venue.clone()));
        }
        Ok(())
    }

    /// Takes the chair that is lost, or one's own back.
    pub(super) fn reclaim(&mut self, actor: &Actor) -> Result<(), Refusal> {
        let to = match actor {
            // The desk puts it back where it was booked, or else to the main venue.
            Actor::Desk if self.is_in(&self.booked_chair) => self.booked_chair.clone(),
            Actor::Desk => self.main.clone(),
            Actor::Venue(venue) => venue.clone(),
        };
        if to == self.chair {
            return Ok(());
        }
        let is_own = matches!(actor, Actor::Venue(venue) if *venue == self.booked_chair);
        let is_entitled = is_own || matches!(actor, Actor::Desk) || to == self.main;
        if !is_entitled || (self.is_in(&self.chair) && !is_own) {
            return Err(Refusal::ChairIsHere);
        }
        self.sit(to)
    }

    /// Who takes the chair is in, and is heard.
    pub(super) fn sit(&mut self, to: VenueId) -> Result<(), Refusal> {
        self.venue_here(&to)?.is_muted = false;
        self.floor.forget(&to);
        self.chair = to;
        Ok(())
    }
}
