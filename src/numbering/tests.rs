//! The plan as offices use it, and that no sequence of what they do breaks it.

mod offices;
mod sequences;

use std::collections::HashMap;

use super::*;
use crate::base::{NumberSegmentId, SiteId, UnitId, UtcMs};

const NOON: UtcMs = UtcMs(1_795_233_600_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A tree of units that can change under the plan.
#[derive(Debug, Clone)]
struct Tree(HashMap<UnitId, Option<UnitId>>);

impl Tree {
    fn new(units: &[(&str, Option<&str>)]) -> Self {
        Self(units.iter().map(|(unit, parent)| ((*unit).into(), parent.map(UnitId::from))).collect())
    }

    fn put_below(&mut self, unit: &str, parent: &str) {
        self.0.insert(unit.into(), Some(parent.into()));
    }
}

impl Units for Tree {
    fn is_within(&self, unit: &UnitId, top: &UnitId) -> bool {
        self.upward(unit).contains(top)
    }

    fn title(&self, unit: &UnitId) -> String {
        unit.to_string()
    }

    fn upward(&self, unit: &UnitId) -> Vec<UnitId> {
        std::iter::successors(Some(unit), |unit| self.0.get(*unit)?.as_ref()).take(20).cloned().collect()
    }
}

fn province() -> Tree {
    Tree::new(&[("province", None), ("jinan", Some("province")), ("qingdao", Some("province")), ("lixia", Some("jinan")), ("shinan", Some("qingdao"))])
}

fn segment(id: &str, parent: Option<&str>, unit: &str, range: &str) -> Segment {
    Segment {
        id: id.into(),
        parent: parent.map(NumberSegmentId::from),
        unit: unit.into(),
        title: String::new(),
        range: range.parse().unwrap(),
        reserved: vec![],
        cooling_days: COOLING_DAYS,
        created: NOON,
    }
}

fn site(id: &str) -> Holder {
    Holder::Site { id: SiteId::from(id) }
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}
