//! The floor: who asks for it, who has it.

use serde::{Deserialize, Serialize};

use super::Effect;
use super::refusal::Refusal;
use super::state::Conduct;
use crate::base::{UtcMs, VenueId};

/// A raised hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Hand {
    pub venue: VenueId,
    pub since: UtcMs,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Floor {
    /// Who has it, the latest last.
    pub holders: Vec<VenueId>,
    /// Who asks for it, the first first.
    pub hands: Vec<Hand>,
}

impl Floor {
    pub fn has(&self, venue: &VenueId) -> bool {
        self.holders.contains(venue)
    }

    /// Whether it had the floor.
    pub(super) fn forget(&mut self, venue: &VenueId) -> bool {
        self.lower(venue);
        let before = self.holders.len();
        self.holders.retain(|holder| holder != venue);
        self.holders.len() < before
    }

    pub(super) fn lower(&mut self, venue: &VenueId) {
        self.hands.retain(|hand| hand.venue != *venue);
    }

    pub(super) fn raise(&mut self, now: UtcMs, venue: &VenueId) {
        // A second time is no new place in the queue.
        if !self.hands.iter().any(|hand| hand.venue == *venue) && !self.has(venue) {
            self.hands.push(Hand { venue: venue.clone(), since: now });
        }
    }
}

impl Conduct {
    pub(super) fn give_floor(&mut self, venue: &VenueId, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        self.venue_here(venue)?.is_muted = false;
        self.floor.forget(venue);
        self.floor.holders.push(venue.clone());
        effects.push(Effect::Microphone { venue: venue.clone(), is_open: true });
        Ok(())
    }

    pub(super) fn take_floor(&mut self, venue: &VenueId, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        self.venue(venue)?;
        if self.floor.forget(venue) && *venue != self.chair {
            self.silence(venue);
            effects.push(Effect::Microphone { venue: venue.clone(), is_open: false });
        }
        Ok(())
    }
}
