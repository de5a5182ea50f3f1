//! The units as the number plan asks about them.

use crate::base::UnitId;
use crate::numbering::Units;
use crate::org::{Caller, Directory, Role};

impl Units for Directory {
    fn is_within(&self, unit: &UnitId, top: &UnitId) -> bool {
        self.tree.contains(top, unit)
    }

    fn title(&self, unit: &UnitId) -> String {
        self.unit_title(unit).to_owned()
    }

    fn upward(&self, unit: &UnitId) -> Vec<UnitId> {
        self.tree.upward(unit).cloned().collect()
    }
}

/// Where nobody says which segment, a number comes out of one that the caller administers.
pub struct Administered<'a> {
    pub caller: &'a Caller,
    pub directory: &'a Directory,
}

impl Units for Administered<'_> {
    fn is_within(&self, unit: &UnitId, top: &UnitId) -> bool {
        self.directory.is_within(unit, top)
    }

    fn title(&self, unit: &UnitId) -> String {
        self.directory.title(unit)
    }

    fn upward(&self, unit: &UnitId) -> Vec<UnitId> {
        self.directory.upward(unit).into_iter().filter(|unit| self.caller.may(Role::Administrator, unit)).collect()
    }
}
