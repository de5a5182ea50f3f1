//! Segments: made, divided, changed, handed to another unit, taken back.

use serde::{Deserialize, Serialize};

use super::segment;
use crate::base::{NumberSegmentId, UnitId, UtcMs};
use crate::numbering::{COOLING_DAYS, Plan, Range, RangeError, Segment, Use};
use crate::org::{Caller, Directory, Org, OrgError, Record, Role, text};

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNumberSegment {
    /// Chosen (`a-z 0-9 -`); made up when absent.
    pub id: Option<String>,
    /// The segment of which it becomes a part; absent: a new top of the plan.
    pub parent: Option<NumberSegmentId>,
    /// Who gives out its numbers and may divide it.
    pub unit: UnitId,
    #[serde(default)]
    pub title: String,
    /// A prefix with the length (`61xxxx`) or both ends (`613000-613499`).
    pub range: String,
    /// Ranges or single numbers in it that are kept back.
    #[serde(default)]
    pub reserved: Vec<String>,
    /// How many days a freed number is not given anew; 90 when absent.
    pub cooling_days: Option<i64>,
}

/// What is absent stays as it is. Numbers that are given stay valid whatever changes.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberSegmentPatch {
    /// Hands it to another unit below the owner of the segment above.
    pub unit: Option<UnitId>,
    pub title: Option<String>,
    pub range: Option<String>,
    pub reserved: Option<Vec<String>>,
    pub cooling_days: Option<i64>,
}

/// A segment of the plan, with how full it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NumberSegment {
    pub id: NumberSegmentId,
    /// Null for a top of the plan.
    pub parent: Option<NumberSegmentId>,
    pub unit: UnitId,
    pub unit_title: String,
    pub title: String,
    /// `61xxxx` or `613000-613499`.
    pub range: String,
    pub first: String,
    pub last: String,
    pub reserved: Vec<String>,
    pub cooling_days: u16,
    /// Its unit is no longer below the one that handed it down.
    pub foreign: bool,
    pub usage: Use,
    pub created: UtcMs,
}

impl NumberSegment {
    fn of(directory: &Directory, segment: &Segment, now: UtcMs) -> Self {
        Self {
            id: segment.id.clone(),
            parent: segment.parent.clone(),
            unit: segment.unit.clone(),
            unit_title: directory.unit_title(&segment.unit).to_owned(),
            title: segment.title.clone(),
            range: segment.range.to_string(),
            first: segment.range.first().to_string(),
            last: segment.range.last().to_string(),
            reserved: segment.reserved.iter().map(Range::to_string).collect(),
            cooling_days: segment.cooling_days,
            foreign: directory.numbers.is_foreign_segment(segment, directory),
            usage: directory.numbers.usage(segment, now),
            created: segment.created,
        }
    }
}

impl Org {
    /// From the tops down, each before its parts.
    pub fn number_segments(&self, caller: &Caller) -> Result<Vec<NumberSegment>, OrgError> {
        caller.require_signed_in()?;
        let (directory, now) = (caller.directory(), self.now());
        Ok(directory.numbers.segments().into_iter().map(|segment| NumberSegment::of(directory, segment, now)).collect())
    }

    /// A top of the plan takes the administrator of the whole tree, a part that of the unit whose segment is divided.
    pub async fn create_number_segment(&self, caller: &Caller, new: NewNumberSegment) -> Result<NumberSegment, OrgError> {
        let mut turn = self.turn(caller).await?;
        turn.directory.unit(&new.unit).ok_or_else(|| OrgError::missing("unit", &new.unit))?;
        let made = Segment {
            id: match new.id {
                Some(id) => text::id(&id)?.into(),
                None => NumberSegmentId::random(),
            },
            parent: new.parent,
            unit: new.unit,
            title: text::free_text("title", &new.title)?,
            range: range("range", &new.range)?,
            reserved: reserved(&new.reserved)?,
            cooling_days: new.cooling_days.map_or(Ok(COOLING_DAYS), cooling)?,
            created: turn.now,
        };
        require_to_hand_down(&turn.caller, &turn.directory.numbers, made.parent.as_ref())?;
        turn.directory.numbers.judge_segment(&made, &*turn.directory, turn.now)?;
        turn.change.insert_number_segment(&made).await?;
        turn.audit(Record::new("number_segment.create", &made.id).on(&made.unit).after(&made)).await?;
        let now = turn.now;
        turn.finish().await?;
        Ok(NumberSegment::of(&self.directory(), &made, now))
    }

    /// Its title and what it keeps back are its own unit's affair; its range and its owner that of the unit above.
    pub async fn change_number_segment(&self, caller: &Caller, id: &NumberSegmentId, patch: NumberSegmentPatch) -> Result<NumberSegment, OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = segment(&turn.directory, id)?.clone();
        turn.caller.require(Role::Administrator, &before.unit)?;
        let mut after = before.clone();
        if let Some(unit) = patch.unit {
            turn.directory.unit(&unit).ok_or_else(|| OrgError::missing("unit", &unit))?;
            after.unit = unit;
        }
        if let Some(text) = patch.range {
            after.range = range("range", &text)?;
        }
        require_change(&turn.caller, &turn.directory.numbers, &before, &after)?;
        if let Some(title) = patch.title {
            after.title = text::free_text("title", &title)?;
        }
        if let Some(ranges) = patch.reserved {
            after.reserved = reserved(&ranges)?;
        }
        after.cooling_days = patch.cooling_days.map_or(Ok(before.cooling_days), cooling)?;
        if after != before {
            turn.directory.numbers.judge_segment(&after, &*turn.directory, turn.now)?;
            turn.change.update_number_segment(&after).await?;
            turn.audit(Record::new("number_segment.update", id).on(&after.unit).before(&before).after(&after)).await?;
            turn.finish().await?;
        }
        Ok(NumberSegment::of(&self.directory(), &after, self.now()))
    }

    /// Refused while it has parts; its numbers fall to the segment above.
    pub async fn delete_number_segment(&self, caller: &Caller, id: &NumberSegmentId) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = segment(&turn.directory, id)?.clone();
        require_to_hand_down(&turn.caller, &turn.directory.numbers, before.parent.as_ref())?;
        turn.directory.numbers.judge_removal(&before, &*turn.directory, turn.now)?;
        turn.change.delete_number_segment(id).await?;
        turn.audit(Record::new("number_segment.delete", id).on(&before.unit).before(&before)).await?;
        turn.finish().await
    }
}

/// Who hands down: the unit of the segment above, or for a top of the plan the root.
pub fn require_to_hand_down(caller: &Caller, plan: &Plan, parent: Option<&NumberSegmentId>) -> Result<(), OrgError> {
    let unit = match parent {
        Some(id) => plan.segment(id).ok_or_else(|| OrgError::missing("number segment", id))?.unit.clone(),
        None => Org::root(),
    };
    Ok(caller.require(Role::Administrator, &unit)?)
}

/// What changing a segment so takes.
pub fn require_change(caller: &Caller, plan: &Plan, before: &Segment, after: &Segment) -> Result<(), OrgError> {
    caller.require(Role::Administrator, &before.unit)?;
    if (&after.unit, after.range, &after.parent) != (&before.unit, before.range, &before.parent) {
        require_to_hand_down(caller, plan, before.parent.as_ref())?;
        require_to_hand_down(caller, plan, after.parent.as_ref())?;
    }
    Ok(())
}

pub fn range(field: &'static str, text: &str) -> Result<Range, OrgError> {
    text.parse().map_err(|error: RangeError| OrgError::invalid(field, error.to_string()))
}

pub fn reserved(ranges: &[impl AsRef<str>]) -> Result<Vec<Range>, OrgError> {
    ranges.iter().map(|text| range("reserved", text.as_ref())).collect()
}

pub fn cooling(days: i64) -> Result<u16, OrgError> {
    u16::try_from(days)
        .ok()
        .filter(|days| *days <= 3650)
        .ok_or_else(|| OrgError::invalid("cooling_days", format!("冷却天数应为 0 到 3650,现为 {days} / the cooling-off is {days}, not 0 to 3650 days")))
}
