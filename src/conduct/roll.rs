//! The roll: who answered, who came late, who is missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::command::RollMark;
use super::rule::Phase;
use super::state::Conduct;
use crate::base::{UtcMs, VenueId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Answer {
    pub mark: RollMark,
    pub at: UtcMs,
    /// The chair answered for it.
    pub is_by_chair: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Roll {
    pub begun: Option<UtcMs>,
    pub ended: Option<UtcMs>,
    pub answers: BTreeMap<VenueId, Answer>,
}

impl Roll {
    pub(super) fn mark(&mut self, at: UtcMs, venue: &VenueId, mark: RollMark, is_by_chair: bool) {
        self.answers.insert(venue.clone(), Answer { mark, at, is_by_chair });
    }

    /// Who comes after the roll was called is late, unless the chair said otherwise.
    pub(super) fn came(&mut self, now: UtcMs, venue: &VenueId, phase: Phase) {
        let is_missing = self.answers.get(venue).is_some_and(|answer| answer.mark == RollMark::Absent && !answer.is_by_chair);
        if self.ended.is_some() && phase != Phase::RollCall && (is_missing || !self.answers.contains_key(venue)) {
            self.mark(now, venue, RollMark::Late, false);
        }
    }
}

impl Conduct {
    pub(super) fn call_roll(&mut self, now: UtcMs) {
        self.phase = Phase::RollCall;
        self.roll = Roll { begun: Some(now), ..Roll::default() };
        // Who calls is there.
        let chair = self.chair.clone();
        self.roll.mark(now, &chair, RollMark::Present, false);
    }

    /// Who has not answered and is not in is absent; who is in and silent is left for the chair to ask.
    pub(super) fn end_roll(&mut self, now: UtcMs) {
        self.phase = Phase::InSession;
        self.began.get_or_insert(now);
        self.roll.ended = Some(now);
        let missing: Vec<VenueId> =
            self.venues.iter().filter(|(id, venue)| venue.is_expected && !self.roll.answers.contains_key(*id)).map(|(id, _)| id.clone()).collect();
        for venue in missing {
            self.roll.mark(now, &venue, RollMark::Absent, false);
        }
    }

    pub(super) fn answer_roll(&mut self, now: UtcMs, venue: &VenueId) {
        let is_late = self.phase != Phase::RollCall;
        let answered = self.roll.answers.get(venue);
        if answered.is_some_and(|answer| answer.is_by_chair || answer.mark == RollMark::Present) {
            return;
        }
        self.roll.mark(now, venue, if is_late { RollMark::Late } else { RollMark::Present }, false);
    }
}
