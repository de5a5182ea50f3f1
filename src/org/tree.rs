//! The tree of units as questions are asked of it.

use std::collections::HashMap;

use crate::base::UnitId;
use crate::store::units::ROOT;

#[derive(Debug, Clone, Default)]
pub struct Tree {
    parents: HashMap<UnitId, Option<UnitId>>,
}

impl Tree {
    /// From pairs of a unit and its parent.
    pub fn new(units: impl IntoIterator<Item = (UnitId, Option<UnitId>)>) -> Self {
        Self { parents: units.into_iter().collect() }
    }

    pub fn knows(&self, unit: &UnitId) -> bool {
        self.parents.contains_key(unit)
    }

    /// The unit itself, its parent and so on up to the root. Ends even if the units were a ring.
    pub fn upward<'a>(&'a self, unit: &'a UnitId) -> impl Iterator<Item = &'a UnitId> {
        std::iter::successors(Some(unit), |unit| self.parents.get(*unit)?.as_ref()).take(self.parents.len() + 1)
    }

    /// Whether `unit` is `top` or below it. A unit that the tree does not know (an old reference) is taken to be below the root.
    pub fn contains(&self, top: &UnitId, unit: &UnitId) -> bool {
        self.upward(unit).any(|above| above == top) || (top.as_str() == ROOT && !self.knows(unit))
    }

    /// `top` and everything below it.
    pub fn subtree(&self, top: &UnitId) -> Vec<UnitId> {
        self.parents.keys().filter(|unit| self.contains(top, unit)).cloned().collect()
    }
}
