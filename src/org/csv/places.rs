//! Units as tables name them: by path (`/山东省/济南市`), by id, or by a title that only one unit has.

use std::collections::HashMap;

use super::super::{Directory, Org, Unit};
use crate::base::UnitId;

/// The path of titles from below the root; `/` is the root. A slash or backslash in a title has a backslash before it.
pub(in crate::org) fn path(directory: &Directory, id: &UnitId) -> String {
    let titles: Vec<String> = directory
        .tree
        .upward(id)
        .filter_map(|above| directory.unit(above))
        .filter(|unit| unit.parent.is_some())
        .map(|unit| unit.title.replace('\\', "\\\\").replace('/', "\\/"))
        .collect();
    titles.iter().rev().fold(String::new(), |path, title| path + "/" + title) + if titles.is_empty() { "/" } else { "" }
}

fn segments(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        match (character, segments.last_mut()) {
            ('/', _) => segments.push(String::new()),
            ('\\', Some(last)) => last.extend(characters.next()),
            (other, Some(last)) => last.push(other),
            (_, None) => {}
        }
    }
    segments.into_iter().filter(|segment| !segment.is_empty()).collect()
}

/// The units by every way to name them.
#[derive(Default)]
pub(super) struct Places {
    ids: HashMap<UnitId, ()>,
    below: HashMap<(UnitId, String), UnitId>,
    titled: HashMap<String, Vec<UnitId>>,
}

impl Places {
    pub fn of(units: &[Unit]) -> Self {
        let mut places = Self::default();
        units.iter().for_each(|unit| places.add(unit));
        places
    }

    pub fn add(&mut self, unit: &Unit) {
        self.ids.insert(unit.id.clone(), ());
        if let Some(parent) = &unit.parent {
            self.below.insert((parent.clone(), unit.title.clone()), unit.id.clone());
        }
        let titled = self.titled.entry(unit.title.clone()).or_default();
        if !titled.contains(&unit.id) {
            titled.push(unit.id.clone());
        }
    }

    pub fn child(&self, parent: &UnitId, title: &str) -> Option<&UnitId> {
        self.below.get(&(parent.clone(), title.to_owned()))
    }

    /// The unit that a cell names, or why none.
    pub fn resolve(&self, text: &str) -> Result<UnitId, String> {
        if text.starts_with('/') {
            let found = segments(text).into_iter().try_fold(Org::root(), |unit, title| self.below.get(&(unit, title)).cloned());
            return found.ok_or_else(|| format!("没有单位“{text}” / there is no unit `{text}`"));
        }
        let id = UnitId::from(text);
        if self.ids.contains_key(&id) {
            return Ok(id);
        }
        match self.titled.get(text).map_or(&[][..], Vec::as_slice) {
            [one] => Ok(one.clone()),
            [] => Err(format!("没有单位“{text}” / there is no unit `{text}`")),
            many => {
                Err(format!("有 {0} 个单位叫“{text}”,请写路径(如 /山东省/济南市)或编号 / {0} units are called `{text}`, write the path or the id", many.len()))
            }
        }
    }
}
