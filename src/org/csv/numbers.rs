//! The table of numbers. Whoever has no number in it yet and an empty cell for it gets the next free one.

use std::collections::HashMap;

use super::super::numbers::{parse, require_to_give, title_of, unit_of};
use super::super::{Caller, Directory, Holder, HolderKind, Org, OrgError, Record};
use super::places::{Places, path};
use super::plan::Plan;
use super::sheet::{Column, Row, Sheet, write as write_sheet};
use super::{ERRORS_SHOWN, ImportReport, LineError};
use crate::base::UtcMs;
use crate::numbering::{Given, Plan as Numbers, Wish};

pub(super) const COLUMNS: [Column; 6] = [
    Column { key: "number", zh: "号码", required: true },
    Column { key: "kind", zh: "类型", required: true },
    Column { key: "id", zh: "编号", required: false },
    Column { key: "title", zh: "名称", required: false },
    Column { key: "unit", zh: "单位", required: false },
    Column { key: "alias_of", zh: "新号码", required: false },
];

const KINDS: [(HolderKind, &str); 3] = [(HolderKind::Site, "会场"), (HolderKind::Person, "人员"), (HolderKind::Meeting, "会议")];

pub(super) fn write(directory: &Directory, now: UtcMs) -> String {
    let row = |given: &Given| {
        let kind = KINDS.iter().find(|(kind, _)| *kind == given.holder.kind()).map_or("", |(_, zh)| zh);
        let alias_of = given.alias_of.map_or(String::new(), |number| number.to_string());
        let unit = path(directory, &unit_of(directory, &given.holder));
        vec![given.number.to_string(), kind.to_owned(), given.holder.id().to_owned(), title_of(directory, &given.holder), unit, alias_of]
    };
    write_sheet(&COLUMNS, directory.numbers.all_given().filter(|given| given.answers(now)).map(row))
}

pub(super) fn plan(caller: &Caller, directory: &Directory, sheet: &Sheet, now: UtcMs) -> Plan<Given> {
    let mut plan = Plan::new();
    let mut work = Work { caller, directory, places: Places::of(&directory.units), numbers: directory.numbers.clone(), lines: HashMap::new(), now };
    // Those that ask for a certain number first: what is free next is free of them.
    let mut rows: Vec<&Row> = sheet.rows.iter().collect();
    rows.sort_by_key(|row| row.filled("number").is_none());
    for row in rows {
        match work.row(row) {
            Ok((before, after)) => plan.take(row.line, before, after),
            Err(error) => plan.errors.push(LineError::new(row.line, error.to_string())),
        }
    }
    plan
}

struct Work<'a> {
    caller: &'a Caller,
    directory: &'a Directory,
    places: Places,
    /// With the rows so far.
    numbers: Numbers,
    /// On which line a holder was already spoken of.
    lines: HashMap<(HolderKind, String), u64>,
    now: UtcMs,
}

impl Work<'_> {
    fn row(&mut self, row: &Row) -> Result<(Option<Given>, Given), OrgError> {
        let number = row.filled("number").map(|text| parse("number", text)).transpose()?;
        let kind = kind(row.filled("kind").unwrap_or(""))?;
        if let (Some(number), Some(id)) = (number, row.filled("id")) {
            // What is already so, meetings and old numbers too.
            let known = self.directory.numbers.given(number).filter(|given| given.answers(self.now) && given.holder.kind() == kind && given.holder.id() == id);
            if let Some(known) = known {
                return Ok((Some(known.clone()), known.clone()));
            }
        }
        if row.filled("alias_of").is_some() {
            return Err(OrgError::invalid("alias_of", "旧号码只能由换号产生 / old numbers come from renumbering only"));
        }
        let holder = self.holder(kind, row)?;
        let unit = unit_of(self.directory, &holder);
        if let Some(line) = self.lines.insert((kind, holder.id().to_owned()), row.line) {
            return Err(OrgError::invalid("id", format!("与第 {line} 行是同一对象 / the same holder as in line {line}")));
        }
        let known = self.directory.numbers.number_of(kind, holder.id(), self.now);
        if let Some(known) = known.filter(|known| number.is_none_or(|number| known.number == number)) {
            return Ok((Some(known.clone()), known.clone()));
        }
        let given = self.numbers.give(Wish { segment: None, number }, holder, &unit, None, self.directory, self.now)?;
        require_to_give(self.caller, self.directory, &given)?;
        self.numbers.take(given.clone());
        Ok((None, given))
    }

    /// By id, or by title: a site's in its unit, a person's where only one is called so.
    fn holder(&self, kind: HolderKind, row: &Row) -> Result<Holder, OrgError> {
        let (id, title) = (row.filled("id"), row.filled("title"));
        let unit = row.filled("unit").map(|text| self.places.resolve(text)).transpose().map_err(|message| OrgError::invalid("unit", message))?;
        let in_unit = |of: &crate::base::UnitId| unit.as_ref().is_none_or(|unit| unit == of);
        let named = |known: &str, called: &str| id.map_or(title == Some(called), |id| id == known);
        let found: Vec<Holder> = match kind {
            HolderKind::Site => {
                let sites = self.directory.sites.iter().filter(|site| in_unit(&site.unit) && named(site.id.as_str(), &site.title));
                sites.map(|site| Holder::Site { id: site.id.clone() }).collect()
            }
            HolderKind::Person => {
                let people = self.directory.people.iter();
                let people = people.filter(|person| {
                    in_unit(&person.unit) && (named(person.id.as_str(), &person.display_name) || id.is_none() && title == Some(person.name.as_str()))
                });
                people.map(|person| Holder::Person { id: person.id.clone() }).collect()
            }
            HolderKind::Meeting => return Err(OrgError::invalid("kind", "会议号码在预约会议时分配 / a meeting gets its number when it is booked")),
        };
        let called = id.or(title).unwrap_or("");
        match &found[..] {
            [one] => Ok(one.clone()),
            [] => Err(OrgError::invalid("id", format!("没有“{called}” / there is no `{called}`"))),
            many => {
                Err(OrgError::invalid("id", format!("有 {0} 个“{called}”,请写单位或编号 / {0} are called `{called}`, write the unit or the id", many.len())))
            }
        }
    }
}

fn kind(text: &str) -> Result<HolderKind, OrgError> {
    let known = KINDS.iter().find(|(kind, zh)| *zh == text || kind.as_str() == text.to_lowercase());
    let wrong = || OrgError::invalid("kind", format!("类型“{text}”无效,应为 会场、人员 或 会议 / kind `{text}` is not one of site, person, meeting"));
    known.map(|(kind, _)| *kind).ok_or_else(wrong)
}

impl Org {
    pub(super) async fn import_numbers(&self, caller: &Caller, file: &[u8], dry_run: bool) -> Result<ImportReport, OrgError> {
        let mut turn = self.turn(caller).await?;
        let plan = match Sheet::read(file, &COLUMNS) {
            Ok(sheet) => plan(&turn.caller, &turn.directory, &sheet, turn.now),
            Err(error) => Plan::failed(error),
        };
        let mut report = plan.report(dry_run);
        if report.applied {
            turn.change.forget_rested_numbers(turn.now).await?;
            for given in plan.rows.iter().map(|planned| &planned.after) {
                turn.change.put_number(given).await?;
                let unit = unit_of(&turn.directory, &given.holder);
                turn.audit(Record::new("number.give", given.number).on(&unit).after(given)).await?;
            }
            turn.finish().await?;
        }
        report.errors.truncate(ERRORS_SHOWN);
        Ok(report)
    }
}
