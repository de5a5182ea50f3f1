//! How full a segment is, for a chart.

use serde::Serialize;

use super::segment;
use crate::base::{NumberSegmentId, UnitId, UtcMs};
use crate::numbering::{HolderKind, Segment, Use};
use crate::org::{Caller, Directory, Org, OrgError};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SegmentUse {
    pub usage: Use,
    /// Of those that answer: the venues', the people's, the meetings', and old numbers beside new ones.
    pub sites: u64,
    pub people: u64,
    pub meetings: u64,
    pub aliases: u64,
    /// Of those that answer: what should be changed for a number of the holder's own unit.
    pub foreign: u64,
    /// What was handed down.
    pub parts: Vec<PartUse>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PartUse {
    pub id: NumberSegmentId,
    pub unit: UnitId,
    pub unit_title: String,
    pub range: String,
    pub total: u64,
    /// In it and all its parts.
    pub given: u64,
}

impl Org {
    pub fn number_segment_use(&self, caller: &Caller, id: &NumberSegmentId) -> Result<SegmentUse, OrgError> {
        caller.require_signed_in()?;
        let (directory, now) = (caller.directory(), self.now());
        let segment = segment(directory, id)?;
        let plan = &directory.numbers;
        let mut usage =
            SegmentUse { usage: plan.usage(segment, now), sites: 0, people: 0, meetings: 0, aliases: 0, foreign: 0, parts: parts(directory, segment, now) };
        let in_part = |number| plan.below(Some(id)).any(|part| part.range.contains(number));
        for given in plan.given_in(&segment.range).filter(|given| given.answers(now) && !in_part(given.number)) {
            let count = match (given.alias_of, given.holder.kind()) {
                (Some(_), _) => &mut usage.aliases,
                (None, HolderKind::Site) => &mut usage.sites,
                (None, HolderKind::Person) => &mut usage.people,
                (None, HolderKind::Meeting) => &mut usage.meetings,
            };
            *count += 1;
            usage.foreign += u64::from(plan.is_foreign(given.number, &super::unit_of(directory, &given.holder), directory));
        }
        Ok(usage)
    }
}

fn parts(directory: &Directory, segment: &Segment, now: UtcMs) -> Vec<PartUse> {
    let part = |part: &Segment| PartUse {
        id: part.id.clone(),
        unit: part.unit.clone(),
        unit_title: directory.unit_title(&part.unit).to_owned(),
        range: part.range.to_string(),
        total: part.range.size(),
        given: directory.numbers.given_in(&part.range).filter(|given| given.answers(now)).count() as u64,
    };
    directory.numbers.below(Some(&segment.id)).map(part).collect()
}
