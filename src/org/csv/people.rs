//! The table of people. Passwords are never in it.

use std::collections::HashMap;

use super::super::{Caller, Denied, Directory, OrgError, Person, Role, text};
use super::places::{Places, path};
use super::plan::Plan;
use super::sheet::{Column, Row, Sheet, write as write_sheet};
use super::{LineError, exists};
use crate::base::{PersonId, UtcMs};

pub(super) const COLUMNS: [Column; 6] = [
    Column { key: "id", zh: "编号", required: false },
    Column { key: "name", zh: "用户名", required: true },
    Column { key: "display_name", zh: "姓名", required: false },
    Column { key: "email", zh: "邮箱", required: false },
    Column { key: "unit", zh: "单位", required: true },
    Column { key: "disabled", zh: "停用", required: false },
];

pub(super) fn write(directory: &Directory, people: &[Person]) -> String {
    let row = |person: &Person| {
        let disabled = if person.disabled { "是" } else { "否" };
        vec![
            person.id.to_string(),
            person.name.clone(),
            person.display_name.clone(),
            person.email.clone().unwrap_or_default(),
            path(directory, &person.unit),
            disabled.to_owned(),
        ]
    };
    write_sheet(&COLUMNS, people.iter().map(row))
}

/// Whether a change of a person is allowed.
type Rule = fn(&Caller, &Directory, &Person, &Person) -> Result<(), Denied>;

pub(super) fn plan(caller: &Caller, directory: &Directory, sheet: &Sheet, now: UtcMs, allow: Rule) -> Plan<Person> {
    let mut plan = Plan::new();
    let places = Places::of(&directory.units);
    let mut all: HashMap<PersonId, Person> = directory.people.iter().map(|person| (person.id.clone(), person.clone())).collect();
    let mut lines: HashMap<PersonId, u64> = HashMap::new();
    let mut one = |row: &Row| -> Result<(Option<Person>, Person), OrgError> {
        let unit = places.resolve(row.filled("unit").unwrap_or("/")).map_err(|message| OrgError::invalid("unit", message))?;
        let name = text::sign_in_name(row.filled("name").unwrap_or(""))?;
        let id = row.filled("id").map(text::id).transpose()?.map(PersonId::from);
        let known = match &id {
            Some(id) => directory.person(id),
            None => directory.person_named(&name),
        };
        let made = || Person {
            id: id.clone().unwrap_or_else(PersonId::random),
            name: String::new(),
            display_name: name.clone(),
            email: None,
            unit: unit.clone(),
            disabled: false,
            has_password: false,
            created: now,
        };
        let mut after = known.cloned().unwrap_or_else(made);
        if let Some(line) = lines.insert(after.id.clone(), row.line) {
            return Err(OrgError::invalid("id", format!("与第 {line} 行是同一人员 / the same person as in line {line}")));
        }
        if let Some(display_name) = row.filled("display_name") {
            after.display_name = text::title("display_name", display_name)?;
        }
        // An empty cell takes the address away; where the file has no such column it stays.
        if let Some(email) = row.get("email") {
            after.email = Some(email).filter(|email| !email.is_empty()).map(text::email).transpose()?;
        }
        if let Some(disabled) = row.filled("disabled") {
            after.disabled = yes(disabled)?;
        }
        (after.name, after.unit) = (name, unit);
        match known {
            Some(before) if *before == after => {}
            Some(before) => allow(caller, directory, before, &after)?,
            None => caller.require(Role::Administrator, &after.unit)?,
        }
        all.insert(after.id.clone(), after.clone());
        Ok((known.cloned(), after))
    };
    for row in &sheet.rows {
        match one(row) {
            Ok((before, after)) => plan.take(row.line, before, after),
            Err(error) => plan.errors.push(LineError::new(row.line, error.to_string())),
        }
    }
    plan.refuse_doubles(all.values(), |person| Some(person.name.clone()), |person| exists("person", &person.name));
    plan
}

fn yes(text: &str) -> Result<bool, OrgError> {
    match text.to_lowercase().as_str() {
        "是" | "yes" | "true" | "1" | "y" => Ok(true),
        "否" | "no" | "false" | "0" | "n" => Ok(false),
        _ => Err(OrgError::invalid("disabled", format!("停用应为 是 或 否,现为“{text}” / disabled is `{text}`, not yes or no"))),
    }
}
