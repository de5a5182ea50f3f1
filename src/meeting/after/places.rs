//! Where units are, as lists and sums need it: the order of the tree, paths of titles, the place that a unit is in.

use std::collections::HashMap;

use crate::base::{UnitId, Venue, VenueId};
use crate::org::{Directory, UnitKind};

pub struct Places<'d> {
    directory: &'d Directory,
    order: HashMap<&'d UnitId, usize>,
}

impl<'d> Places<'d> {
    pub fn of(directory: &'d Directory) -> Self {
        let mut below: HashMap<Option<&UnitId>, Vec<&UnitId>> = HashMap::new();
        for unit in &directory.units {
            below.entry(unit.parent.as_ref()).or_default().push(&unit.id);
        }
        // Each unit is before those below it; what is no tree is left out, and comes last.
        let (mut order, mut open) = (HashMap::new(), below.get(&None).cloned().unwrap_or_default());
        open.reverse();
        while let Some(unit) = open.pop() {
            let at = order.len();
            if order.insert(unit, at).is_none() {
                open.extend(below.get(&Some(unit)).into_iter().flatten().rev());
            }
        }
        Self { directory, order }
    }

    /// The unit's place in the tree read from top to bottom.
    pub fn order(&self, unit: Option<&UnitId>) -> usize {
        unit.and_then(|unit| self.order.get(unit)).copied().unwrap_or(usize::MAX)
    }

    /// `杭州市 / 西湖区`; of the root its own title.
    pub fn path(&self, unit: &UnitId) -> String {
        let mut titles: Vec<&str> =
            self.directory.tree.upward(unit).filter(|above| **above != crate::org::Org::root()).map(|above| self.title(above)).collect();
        titles.reverse();
        if titles.is_empty() { self.title(unit).to_owned() } else { titles.join(" / ") }
    }

    pub fn title<'a>(&'a self, unit: &'a UnitId) -> &'a str {
        self.directory.unit_title(unit)
    }

    pub fn level(&self, unit: &UnitId) -> &str {
        self.directory.unit(unit).map_or("", |unit| unit.level.as_str())
    }

    /// The region that a unit is in: its own place, or the nearest above. Departments and bodies are where their region is.
    pub fn place<'a>(&'a self, unit: &'a UnitId) -> &'a UnitId {
        let is_region = |above: &&UnitId| self.directory.unit(above).is_some_and(|unit| unit.kind == UnitKind::Region);
        self.directory.tree.upward(unit).find(is_region).unwrap_or(unit)
    }

    pub fn contains(&self, top: &UnitId, unit: &UnitId) -> bool {
        self.directory.tree.contains(top, unit)
    }

    /// Of the units directly below `top` the one that `unit` is or is below; none for `top` itself.
    pub fn branch<'a>(&'a self, top: &UnitId, unit: &'a UnitId) -> Option<&'a UnitId> {
        self.directory.tree.upward(unit).take_while(|above| *above != top).last()
    }

    /// The unit and those above it, up to the root.
    pub fn upward<'a>(&'a self, unit: &'a UnitId) -> impl Iterator<Item = &'a UnitId> {
        self.directory.tree.upward(unit)
    }

    /// Whose a venue is, today.
    pub fn unit_of(&self, venue: &VenueId) -> Option<UnitId> {
        match venue.what() {
            Venue::Site(site) => self.directory.site(&site).map(|site| site.unit.clone()),
            Venue::Person(person) => self.directory.person(&person).map(|person| person.unit.clone()),
            Venue::Guest(_) => None,
        }
    }
}
