//! A segment: who owns it, and whether it fits among the others.

use serde::Serialize;

use super::{NumberingError, Plan, Range, Units};
use crate::base::{NumberSegmentId, UnitId, UtcMs};

/// How long a freed number rests where nothing was said.
pub const COOLING_DAYS: u16 = 90;

/// Ranges of a segment that are kept back, at most.
const RESERVED_RANGES: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    pub id: NumberSegmentId,
    /// The segment of which it is a part; none for what the whole plan begins with.
    pub parent: Option<NumberSegmentId>,
    /// Who gives out its numbers and divides it.
    pub unit: UnitId,
    /// What it is for, where the unit's name does not say it; may be empty.
    pub title: String,
    pub range: Range,
    /// Kept back by its office: not given until taken off this list.
    pub reserved: Vec<Range>,
    /// How many days a freed number is not given anew.
    pub cooling_days: u16,
    pub created: UtcMs,
}

impl Segment {
    /// As messages name it: `61xxxx(济南市)`.
    pub fn named(&self, units: &impl Units) -> String {
        format!("{}({})", self.range, units.title(&self.unit))
    }
}

impl Plan {
    /// Whether the segment may stand in the plan, new or in the place of the one with its id.
    pub fn judge_segment(&self, segment: &Segment, units: &impl Units, now: UtcMs) -> Result<(), NumberingError> {
        let before = self.segment(&segment.id);
        if segment.reserved.len() > RESERVED_RANGES {
            return Err(NumberingError::TooManyReserved { count: segment.reserved.len(), most: RESERVED_RANGES });
        }
        if let Some(range) = segment.reserved.iter().find(|range| !segment.range.covers(range)) {
            return Err(NumberingError::ReservedOutside { range: *range, segment: segment.range });
        }
        let parent = match &segment.parent {
            Some(id) => Some(self.segment(id).ok_or_else(|| NumberingError::NoSegment { id: id.to_string() })?),
            None => None,
        };
        if let Some(parent) = parent {
            if parent.id == segment.id || self.upward(&parent.id).any(|above| above.id == segment.id) {
                return Err(NumberingError::InsideItself);
            }
            if !parent.range.covers(&segment.range) {
                return Err(NumberingError::OutsideParent { range: segment.range, parent: parent.named(units) });
            }
            // A unit that moved keeps its segment (it is foreign then); only who gets it anew must be below.
            let handed = before.is_none_or(|before| before.unit != segment.unit || before.parent != segment.parent);
            if handed && !units.is_within(&segment.unit, &parent.unit) {
                return Err(NumberingError::NotBelow { unit: units.title(&segment.unit), owner: units.title(&parent.unit) });
            }
        }
        let siblings = self.below(segment.parent.as_ref()).filter(|other| other.id != segment.id);
        for other in siblings {
            // Inside one segment all numbers are of one length; only at the top can one begin another.
            if other.range.clashes(&segment.range) {
                return Err(NumberingError::Overlap { range: segment.range, other: other.named(units) });
            }
        }
        if let Some(child) = self.below(Some(&segment.id)).find(|child| !segment.range.covers(&child.range)) {
            return Err(NumberingError::ChildOutside { range: segment.range, child: child.named(units) });
        }
        match before.filter(|before| before.range != segment.range || before.parent != segment.parent) {
            Some(before) => self.judge_left_out(before, segment, now),
            None => Ok(()),
        }
    }

    /// Numbers that are given need a segment: what a part leaves out falls to the segment above, if that is the one it was.
    fn judge_left_out(&self, before: &Segment, after: &Segment, now: UtcMs) -> Result<(), NumberingError> {
        if before.parent.is_some() && before.parent == after.parent {
            return Ok(());
        }
        let left = self.given_in(&before.range).filter(|given| given.answers(now) && !after.range.contains(given.number)).count();
        if left == 0 { Ok(()) } else { Err(NumberingError::LeftOut { range: after.range, count: left }) }
    }

    /// Whether the segment may go: nothing handed down from it, and no number that would be left without one.
    pub fn judge_removal(&self, segment: &Segment, units: &impl Units, now: UtcMs) -> Result<(), NumberingError> {
        let parts = self.below(Some(&segment.id)).count();
        if parts > 0 {
            return Err(NumberingError::HasParts { segment: segment.named(units), count: parts });
        }
        let given = self.given_in(&segment.range).filter(|given| given.answers(now)).count();
        if given > 0 && segment.parent.is_none() {
            return Err(NumberingError::HasNumbers { segment: segment.named(units), count: given });
        }
        Ok(())
    }

    /// Whether the segment belongs to a unit that is no longer below the one that handed it down.
    pub fn is_foreign_segment(&self, segment: &Segment, units: &impl Units) -> bool {
        segment.parent.as_ref().and_then(|id| self.segment(id)).is_some_and(|parent| !units.is_within(&segment.unit, &parent.unit))
    }
}
