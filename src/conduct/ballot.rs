//! Votes and sign-ins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::state::Conduct;
use crate::base::{UtcMs, VenueId};

const MOST_OPTIONS: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BallotKind {
    /// By options; each venue has one vote and may change it until the end.
    Vote,
    /// Each venue says that it is here.
    SignIn,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Vote {
    /// Of the options; 0 at a sign-in.
    pub choice: u32,
    pub at: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ballot {
    pub kind: BallotKind,
    pub title: String,
    pub options: Vec<String>,
    /// Who chose what is not shown, to the chair neither.
    pub is_secret: bool,
    pub begun: UtcMs,
    pub ended: Option<UtcMs>,
    pub votes: BTreeMap<VenueId, Vote>,
}

impl Ballot {
    /// How many chose each option.
    pub fn counts(&self) -> Vec<usize> {
        (0..self.options.len().max(1)).map(|option| self.votes.values().filter(|vote| vote.choice as usize == option).count()).collect()
    }

    /// As everybody may see it.
    pub fn shown(&self) -> Ballot {
        let mut shown = self.clone();
        if shown.is_secret {
            shown.votes.values_mut().for_each(|vote| vote.choice = 0);
        }
        shown
    }
}

impl Conduct {
    pub(super) fn start_ballot(&mut self, now: UtcMs, kind: BallotKind, title: String, options: Vec<String>, is_secret: bool) -> Result<(), Refusal> {
        if self.ballot.is_some() {
            return Err(Refusal::BallotRuns);
        }
        if kind == BallotKind::Vote && !(2..=MOST_OPTIONS).contains(&options.len()) {
            return Err(Refusal::Range { what: "options", given: options.len() as u64, least: 2, most: MOST_OPTIONS as u64 });
        }
        let title = super::apply::text("title", title)?;
        let options = options.into_iter().map(|option| super::apply::text("option", option)).collect::<Result<_, _>>()?;
        self.ballot = Some(Ballot { kind, title, options, is_secret, begun: now, ended: None, votes: BTreeMap::new() });
        Ok(())
    }

    pub(super) fn end_ballot(&mut self, now: UtcMs) -> Result<(), Refusal> {
        let ballot = self.ballot.take().ok_or(Refusal::NoBallot)?;
        self.past_ballots.push(Ballot { ended: Some(now), ..ballot });
        Ok(())
    }

    pub(super) fn cast(&mut self, now: UtcMs, venue: &VenueId, kind: BallotKind, choice: u32) -> Result<(), Refusal> {
        let ballot = self.ballot.as_mut().filter(|ballot| ballot.kind == kind).ok_or(Refusal::NoBallot)?;
        if kind == BallotKind::Vote && choice as usize >= ballot.options.len() {
            return Err(Refusal::NoOption(choice));
        }
        ballot.votes.insert(venue.clone(), Vote { choice, at: now });
        Ok(())
    }
}
