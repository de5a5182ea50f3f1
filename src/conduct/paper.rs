//! The paper beside the speaker: which one, which page, and who turns its pages.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::rule::{Actor, Role};
use super::state::Conduct;
use crate::base::{PaperId, VenueId};

/// No paper has more.
pub const MOST_PAGES: u32 = 10_000;

/// What all who follow see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShownPaper {
    pub paper: PaperId,
    /// From 1.
    pub page: u32,
    /// Who presents it; null: the desk.
    pub by: Option<VenueId>,
}

impl Conduct {
    /// Shows a page. Who may share presents; what another presents is taken over by who steers or has the floor alone.
    pub(super) fn show_paper(&mut self, actor: &Actor, paper: PaperId, page: u32) -> Result<(), Refusal> {
        if !(1..=MOST_PAGES).contains(&page) {
            return Err(Refusal::Range { what: "page", given: page.into(), least: 1, most: MOST_PAGES.into() });
        }
        let by = match actor {
            Actor::Desk => None,
            Actor::Venue(venue) => {
                let others = self.paper.as_ref().is_some_and(|shown| shown.by.as_ref() != Some(venue));
                let may_take = self.role(actor) != Role::Branch || self.floor.has(venue);
                if !self.may_share(venue) || (others && !may_take) {
                    return Err(Refusal::MayNotShare);
                }
                Some(venue.clone())
            }
        };
        self.paper = Some(ShownPaper { paper, page, by });
        Ok(())
    }

    /// Puts the paper away: one's own, or whoever's by who steers.
    pub(super) fn hide_paper(&mut self, actor: &Actor) -> Result<(), Refusal> {
        let is_own = |shown: &ShownPaper| matches!(actor, Actor::Venue(venue) if shown.by.as_ref() == Some(venue));
        if self.role(actor) == Role::Branch && self.paper.as_ref().is_some_and(|shown| !is_own(shown)) {
            return Err(Refusal::MayNotShare);
        }
        self.paper = None;
        Ok(())
    }

    /// Who has left, or may share no more, presents no more.
    pub(super) fn put_paper_away(&mut self) {
        let Some(presenter) = self.paper.as_ref().and_then(|shown| shown.by.clone()) else { return };
        let is_here = self.venues.get(&presenter).is_some_and(|venue| venue.presence.is_here());
        if !is_here || !self.may_share(&presenter) {
            self.paper = None;
        }
    }
}
