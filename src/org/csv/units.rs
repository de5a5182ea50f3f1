//! The table of units.

use std::collections::HashMap;

use super::super::{Caller, Directory, Org, OrgError, Role, Unit, UnitKind, text};
use super::places::{Places, path};
use super::plan::Plan;
use super::sheet::{Column, Row, Sheet, write as write_sheet};
use super::{LineError, exists};
use crate::base::{UnitId, UtcMs};

pub(super) const COLUMNS: [Column; 6] = [
    Column { key: "id", zh: "编号", required: false },
    Column { key: "parent", zh: "上级", required: false },
    Column { key: "title", zh: "名称", required: true },
    Column { key: "kind", zh: "类型", required: false },
    Column { key: "level", zh: "级别", required: false },
    Column { key: "position", zh: "排序", required: false },
];

const KINDS: [(UnitKind, &str); 3] = [(UnitKind::Region, "区域"), (UnitKind::Body, "机构"), (UnitKind::Department, "部门")];

pub(super) fn write(directory: &Directory) -> String {
    // Parents first: nearer to the root.
    let mut units: Vec<(usize, &Unit)> = directory.units.iter().map(|unit| (directory.tree.upward(&unit.id).count(), unit)).collect();
    units.sort_by_key(|(depth, _)| *depth);
    let row = |(_, unit): (usize, &Unit)| {
        let parent = unit.parent.as_ref().map_or(String::new(), |parent| path(directory, parent));
        let kind = KINDS.iter().find(|(kind, _)| *kind == unit.kind).map_or("", |(_, zh)| zh);
        vec![unit.id.to_string(), parent, unit.title.clone(), kind.to_owned(), unit.level.clone(), unit.position.to_string()]
    };
    write_sheet(&COLUMNS, units.into_iter().map(row))
}

/// The work so far: units as they would be, and the ways to name them before and after.
struct Work<'a> {
    caller: &'a Caller,
    directory: &'a Directory,
    units: HashMap<UnitId, Unit>,
    before: Places,
    after: Places,
    /// On which line a unit was already spoken of.
    lines: HashMap<UnitId, u64>,
    now: UtcMs,
}

pub(super) fn plan(caller: &Caller, directory: &Directory, sheet: &Sheet, now: UtcMs) -> Plan<Unit> {
    let mut plan = Plan::new();
    let mut work = Work {
        caller,
        directory,
        units: directory.units.iter().map(|unit| (unit.id.clone(), unit.clone())).collect(),
        before: Places::of(&directory.units),
        after: Places::of(&directory.units),
        lines: HashMap::new(),
        now,
    };
    // A parent may stand below its children: go over the rows until nothing new is found.
    let mut waiting: Vec<&Row> = sheet.rows.iter().collect();
    while !waiting.is_empty() {
        let (mut later, mut reasons) = (vec![], vec![]);
        let before = waiting.len();
        for row in waiting {
            match work.parent(row) {
                Ok(parent) => match work.row(row, parent) {
                    Ok((before, after)) => plan.take(row.line, before, after),
                    Err(error) => plan.errors.push(LineError::new(row.line, error.to_string())),
                },
                Err(reason) => {
                    later.push(row);
                    reasons.push(LineError::new(row.line, reason));
                }
            }
        }
        if later.len() == before {
            plan.errors.extend(reasons);
            break;
        }
        waiting = later;
    }
    plan.refuse_doubles(work.units.values(), |unit| Some((unit.parent.clone()?, unit.title.clone())), |unit| exists("unit", &unit.title));
    for planned in &plan.rows {
        if work.is_in_ring(&planned.after.id) {
            plan.errors.push(LineError::new(planned.line, OrgError::Cycle.to_string()));
        }
    }
    plan
}

impl Work<'_> {
    /// The parent that the row names, once it is there; an empty cell is the root.
    fn parent(&self, row: &Row) -> Result<Option<UnitId>, String> {
        match row.get("parent") {
            None => Ok(None),
            Some("") => Ok(Some(Org::root())),
            Some(text) => self.after.resolve(text).or_else(|reason| self.before.resolve(text).map_err(|_| reason)).map(Some),
        }
    }

    fn row(&mut self, row: &Row, parent: Option<UnitId>) -> Result<(Option<Unit>, Unit), OrgError> {
        let title = text::title("title", row.filled("title").unwrap_or(""))?;
        let id = row.filled("id").map(text::id).transpose()?.map(UnitId::from);
        let under = parent.clone().unwrap_or_else(Org::root);
        let known = match &id {
            Some(id) => self.directory.unit(id),
            None => self.after.child(&under, &title).and_then(|id| self.directory.unit(id)),
        };
        let (before, mut after) = match known {
            Some(unit) => (Some(unit.clone()), unit.clone()),
            None => {
                let unit = Unit {
                    id: id.unwrap_or_else(UnitId::random),
                    parent: Some(under.clone()),
                    kind: UnitKind::Region,
                    level: String::new(),
                    title: String::new(),
                    position: 0,
                    created: self.now,
                };
                (None, unit)
            }
        };
        if let Some(line) = self.lines.insert(after.id.clone(), row.line) {
            return Err(OrgError::invalid("id", format!("与第 {line} 行是同一单位 / the same unit as in line {line}")));
        }
        after.title = title;
        if let (Some(parent), Some(_)) = (parent, &after.parent) {
            after.parent = Some(parent);
        } else if row.filled("parent").is_some() && after.parent.is_none() {
            return Err(OrgError::Root);
        }
        if let Some(kind) = row.filled("kind") {
            after.kind = self::kind(kind)?;
        }
        if let Some(level) = row.get("level") {
            after.level = text::free_text("level", level)?;
        }
        if let Some(position) = row.filled("position") {
            after.position = position
                .parse()
                .map_err(|_| OrgError::invalid("position", format!("排序“{position}”不是整数 / position `{position}` is not a whole number")))?;
        }
        if before.as_ref() != Some(&after) {
            self.allow(before.as_ref(), &after)?;
        }
        self.after.add(&after);
        self.units.insert(after.id.clone(), after.clone());
        Ok((before, after))
    }

    /// As for the same change alone. Below a unit that this file makes, whoever may make that may go on.
    fn allow(&self, before: Option<&Unit>, after: &Unit) -> Result<(), OrgError> {
        let administers = |unit: &UnitId| if self.directory.unit(unit).is_some() { self.caller.require(Role::Administrator, unit) } else { Ok(()) };
        if let Some(before) = before {
            administers(&before.id)?;
        }
        if before.is_none_or(|before| before.parent != after.parent) {
            before.and_then(|before| before.parent.as_ref()).map_or(Ok(()), administers)?;
            after.parent.as_ref().map_or(Ok(()), administers)?;
        }
        Ok(())
    }

    fn is_in_ring(&self, id: &UnitId) -> bool {
        let mut above = std::iter::successors(Some(id), |unit| self.units.get(*unit)?.parent.as_ref());
        above.nth(self.units.len()).is_some()
    }
}

fn kind(text: &str) -> Result<UnitKind, OrgError> {
    let known = KINDS.iter().find(|(kind, zh)| *zh == text || kind.as_str() == text.to_lowercase());
    known
        .map(|(kind, _)| *kind)
        .ok_or_else(|| OrgError::invalid("kind", format!("类型“{text}”无效,应为 区域、机构 或 部门 / kind `{text}` is not one of region, body, department")))
}
