//! Units, sites, people, number segments and numbers as tables (CSV), out and in.
//!
//! In: the file is read as a whole, planned against the present picture, and done in one transaction or not at all; a row that
//! says what is already so changes nothing, so importing an export is a no-op.

mod number_segments;
mod numbers;
mod people;
mod places;
mod plan;
mod sheet;
mod sites;
mod units;

use std::str::FromStr;

use serde::Serialize;

use super::people::require_change;
use super::{Caller, Org, OrgError, Record};
use crate::store::StoreError;
pub(super) use places::path;
use plan::Plan;
use sheet::Sheet;
pub use sheet::line;

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Units,
    Sites,
    People,
    NumberSegments,
    Numbers,
}

impl FromStr for Sort {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "units" => Ok(Self::Units),
            "sites" => Ok(Self::Sites),
            "people" => Ok(Self::People),
            "number_segments" => Ok(Self::NumberSegments),
            "numbers" => Ok(Self::Numbers),
            _ => Err(()),
        }
    }
}

/// What an import did, or, with errors or as a dry run, would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ImportReport {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// Any error, and nothing is done.
    pub errors: Vec<LineError>,
    /// Whether it was done.
    pub applied: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LineError {
    /// Where the row begins in the file; 1 is the header.
    pub line: u64,
    pub message: String,
}

impl LineError {
    fn new(line: u64, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// More errors than these help nobody.
const ERRORS_SHOWN: usize = 200;

impl Org {
    /// The table, as UTF-8 with a byte order mark (by which Excel knows), headed in Chinese; what the caller may read of it.
    pub fn export(&self, caller: &Caller, sort: Sort) -> Result<String, OrgError> {
        caller.require_signed_in()?;
        let directory = self.directory();
        Ok(match sort {
            Sort::Units => units::write(&directory),
            Sort::Sites => sites::write(&directory),
            Sort::People => {
                let people = self.people(caller)?;
                people::write(&directory, &people)
            }
            Sort::NumberSegments => number_segments::write(&directory),
            Sort::Numbers => numbers::write(&directory, self.now()),
        })
    }

    /// Takes a table in. Every row needs the right that the same change one by one would need.
    pub async fn import(&self, caller: &Caller, sort: Sort, file: &[u8], dry_run: bool) -> Result<ImportReport, OrgError> {
        caller.require_anywhere(super::Role::Administrator)?;
        match sort {
            Sort::Units => self.import_units(caller, file, dry_run).await,
            Sort::Sites => self.import_sites(caller, file, dry_run).await,
            Sort::People => self.import_people(caller, file, dry_run).await,
            Sort::NumberSegments => self.import_number_segments(caller, file, dry_run).await,
            Sort::Numbers => self.import_numbers(caller, file, dry_run).await,
        }
    }

    async fn import_units(&self, caller: &Caller, file: &[u8], dry_run: bool) -> Result<ImportReport, OrgError> {
        let mut turn = self.turn(caller).await?;
        let plan = match Sheet::read(file, &units::COLUMNS) {
            Ok(sheet) => units::plan(&turn.caller, &turn.directory, &sheet, turn.now),
            Err(error) => Plan::failed(error),
        };
        let mut report = plan.report(dry_run);
        if report.applied {
            for before in plan.rows.iter().filter_map(|planned| planned.before.as_ref()) {
                turn.change.free_unit_title(&before.id).await?;
            }
            for planned in plan.rows.iter().filter(|planned| planned.before.is_none()) {
                turn.change.insert_unit(&planned.after).await?;
            }
            for planned in &plan.rows {
                let (id, after) = (&planned.after.id, &planned.after);
                match &planned.before {
                    None => turn.audit(Record::new("unit.create", id).on(id).after(after)).await?,
                    Some(before) => {
                        turn.change.update_unit(after).await?;
                        turn.audit(Record::new("unit.update", id).on(id).before(before).after(after)).await?;
                    }
                }
            }
            if !turn.change.units_are_a_tree().await? {
                return Err(OrgError::Cycle);
            }
            turn.finish().await?;
        }
        report.errors.truncate(ERRORS_SHOWN);
        Ok(report)
    }

    async fn import_sites(&self, caller: &Caller, file: &[u8], dry_run: bool) -> Result<ImportReport, OrgError> {
        let mut turn = self.turn(caller).await?;
        let plan = match Sheet::read(file, &sites::COLUMNS) {
            Ok(sheet) => sites::plan(&turn.caller, &turn.directory, &sheet, turn.now),
            Err(error) => Plan::failed(error),
        };
        let mut report = plan.report(dry_run);
        if report.applied {
            for before in plan.rows.iter().filter_map(|planned| planned.before.as_ref()) {
                turn.change.free_site_title(&before.id).await?;
            }
            for planned in &plan.rows {
                let (id, after) = (&planned.after.id, &planned.after);
                match &planned.before {
                    None => {
                        turn.change.insert_site(after).await?;
                        turn.audit(Record::new("site.create", id).on(&after.unit).after(after)).await?;
                    }
                    Some(before) => {
                        turn.change.update_site(after).await?;
                        turn.audit(Record::new("site.update", id).on(&after.unit).before(before).after(after)).await?;
                    }
                }
            }
            turn.finish().await?;
        }
        report.errors.truncate(ERRORS_SHOWN);
        Ok(report)
    }

    async fn import_people(&self, caller: &Caller, file: &[u8], dry_run: bool) -> Result<ImportReport, OrgError> {
        let mut turn = self.turn(caller).await?;
        let plan = match Sheet::read(file, &people::COLUMNS) {
            Ok(sheet) => people::plan(&turn.caller, &turn.directory, &sheet, turn.now, require_change),
            Err(error) => Plan::failed(error),
        };
        let mut report = plan.report(dry_run);
        if report.applied {
            for before in plan.rows.iter().filter_map(|planned| planned.before.as_ref()) {
                turn.change.free_person_name(&before.id).await?;
            }
            for planned in &plan.rows {
                let (id, after) = (&planned.after.id, &planned.after);
                match &planned.before {
                    None => {
                        turn.change.insert_person(after).await?;
                        turn.audit(Record::new("person.create", id).on(&after.unit).after(after)).await?;
                    }
                    Some(before) => {
                        turn.change.update_person(after).await?;
                        if after.disabled {
                            turn.change.delete_sessions_of(id, None).await?;
                        }
                        turn.audit(Record::new("person.update", id).on(&after.unit).before(before).after(after)).await?;
                    }
                }
            }
            turn.finish().await?;
        }
        report.errors.truncate(ERRORS_SHOWN);
        Ok(report)
    }
}

/// The title of a thing that exists twice, as the error of a row.
fn exists(what: &'static str, id: &str) -> String {
    format!("“{id}”重复 / {}", StoreError::Exists { what, id: id.to_owned() })
}

/// What taking a file in would say, without a database.
#[cfg(test)]
pub(super) fn report(sort: Sort, file: &[u8], caller: &Caller, directory: &super::Directory) -> ImportReport {
    let now = directory.units.first().map_or(crate::base::UtcMs(0), |unit| unit.created);
    match sort {
        Sort::Units => Sheet::read(file, &units::COLUMNS).map_or_else(Plan::failed, |sheet| units::plan(caller, directory, &sheet, now)).report(true),
        Sort::Sites => Sheet::read(file, &sites::COLUMNS).map_or_else(Plan::failed, |sheet| sites::plan(caller, directory, &sheet, now)).report(true),
        Sort::People => {
            Sheet::read(file, &people::COLUMNS).map_or_else(Plan::failed, |sheet| people::plan(caller, directory, &sheet, now, require_change)).report(true)
        }
        Sort::NumberSegments => {
            Sheet::read(file, &number_segments::COLUMNS).map_or_else(Plan::failed, |sheet| number_segments::plan(caller, directory, &sheet, now)).report(true)
        }
        Sort::Numbers => Sheet::read(file, &numbers::COLUMNS).map_or_else(Plan::failed, |sheet| numbers::plan(caller, directory, &sheet, now)).report(true),
    }
}

/// An export, and what taking it in again would say.
#[cfg(test)]
pub(super) fn round_trip(sort: Sort, caller: &Caller, directory: &super::Directory) -> (String, ImportReport) {
    let text = match sort {
        Sort::Units => units::write(directory),
        Sort::Sites => sites::write(directory),
        Sort::People => people::write(directory, &directory.people),
        Sort::NumberSegments => number_segments::write(directory),
        Sort::Numbers => numbers::write(directory, directory.units.first().map_or(crate::base::UtcMs(0), |unit| unit.created)),
    };
    let report = report(sort, text.as_bytes(), caller, directory);
    (text, report)
}
