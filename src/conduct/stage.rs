//! What is shown: the venue that is broadcast, what it sees meanwhile, whom the chair looks at.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::state::Conduct;
use crate::base::VenueId;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Stage {
    /// Every venue sees it.
    pub broadcast: Option<VenueId>,
    /// What the broadcast venue sees; absent: the main venue.
    pub return_picture: Option<VenueId>,
    /// The chair alone sees it.
    pub look: Option<VenueId>,
}

impl Stage {
    pub(super) fn forget(&mut self, venue: &VenueId) {
        for shown in [&mut self.broadcast, &mut self.return_picture, &mut self.look] {
            shown.take_if(|shown| shown == venue);
        }
    }
}

impl Conduct {
    pub(super) fn broadcast(&mut self, venue: VenueId) -> Result<(), Refusal> {
        self.venue_here(&venue)?;
        self.stage.broadcast = Some(venue);
        Ok(())
    }

    pub(super) fn look(&mut self, venue: VenueId) -> Result<(), Refusal> {
        self.venue_here(&venue)?;
        self.stage.look = Some(venue);
        Ok(())
    }

    pub(super) fn return_picture(&mut self, venue: Option<VenueId>) -> Result<(), Refusal> {
        if let Some(venue) = &venue {
            self.venue_here(venue)?;
        }
        self.stage.return_picture = venue;
        Ok(())
    }
}
