//! The number plan of the organisation: its offices' segments, and the numbers of venues, people and meetings.
//!
//! What may be is judged by [`crate::numbering`]; here is who may, and that it is written with its audit entry. Whom a number reaches is
//! answered from memory: `caller.directory().numbers.holder_of(number, now)`.

mod give;
mod meetings;
mod search;
mod segments;
mod units;
mod usage;

pub use give::{NewNumber, Renumbering};
pub use meetings::NewMeetingNumber;
pub use search::{NumberEntry, NumberQuery, Sought};
pub use segments::{NewNumberSegment, NumberSegment, NumberSegmentPatch};
pub use usage::{PartUse, SegmentUse};

pub(super) use give::free_all_of;
pub(super) use segments::{cooling, range, require_change, require_to_hand_down, reserved};

use super::{Caller, Directory, Org, OrgError, Role};
use crate::base::{NumberSegmentId, UnitId};
use crate::numbering::{Given, Holder, Number, NumberError, Segment};

pub(super) fn parse(field: &'static str, text: &str) -> Result<Number, OrgError> {
    text.parse().map_err(|error: NumberError| OrgError::invalid(field, error.to_string()))
}

fn segment<'a>(directory: &'a Directory, id: &NumberSegmentId) -> Result<&'a Segment, OrgError> {
    directory.numbers.segment(id).ok_or_else(|| OrgError::missing("number segment", id))
}

/// The unit of whoever is reached by a number; the root for one who is no more.
pub(super) fn unit_of(directory: &Directory, holder: &Holder) -> UnitId {
    let unit = match holder {
        Holder::Site { id } => directory.site(id).map(|site| site.unit.clone()),
        Holder::Person { id } => directory.person(id).map(|person| person.unit.clone()),
        Holder::Meeting { unit, .. } => Some(unit.clone()),
    };
    unit.unwrap_or_else(Org::root)
}

/// What the directory calls them.
pub(super) fn title_of(directory: &Directory, holder: &Holder) -> String {
    let title = match holder {
        Holder::Site { id } => directory.site(id).map(|site| site.title.clone()),
        Holder::Person { id } => directory.person(id).map(|person| person.display_name.clone()),
        Holder::Meeting { title, .. } => Some(title.clone()),
    };
    title.unwrap_or_else(|| holder.id().to_owned())
}

/// A meeting's number takes a chair of its unit; others the administrator of the segment that it is given from.
pub(super) fn require_to_give(caller: &Caller, directory: &Directory, given: &Given) -> Result<(), OrgError> {
    if let Holder::Meeting { unit, .. } = &given.holder {
        return Ok(caller.require(Role::Chair, unit)?);
    }
    match directory.numbers.segment_of(given.number) {
        Some(segment) => Ok(caller.require(Role::Administrator, &segment.unit)?),
        None => Ok(caller.require(Role::Administrator, &Org::root())?),
    }
}
