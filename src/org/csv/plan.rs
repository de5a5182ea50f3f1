//! What an import would do, row by row.

use std::collections::HashMap;
use std::hash::Hash;

use super::{ImportReport, LineError};

pub(super) struct Plan<T> {
    /// Only rows that change something; what is created comes after what it needs.
    pub rows: Vec<Planned<T>>,
    pub unchanged: usize,
    pub errors: Vec<LineError>,
}

pub(super) struct Planned<T> {
    pub line: u64,
    pub before: Option<T>,
    pub after: T,
}

impl<T: PartialEq> Plan<T> {
    pub fn new() -> Self {
        Self { rows: vec![], unchanged: 0, errors: vec![] }
    }

    pub fn failed(error: LineError) -> Self {
        Self { errors: vec![error], ..Self::new() }
    }

    pub fn take(&mut self, line: u64, before: Option<T>, after: T) {
        if before.as_ref() == Some(&after) {
            self.unchanged += 1;
        } else {
            self.rows.push(Planned { line, before, after });
        }
    }

    /// `all` are the things as they would be; of each key there may be one.
    pub fn refuse_doubles<'a, K: Hash + Eq>(&mut self, all: impl Iterator<Item = &'a T>, key: impl Fn(&T) -> Option<K>, message: impl Fn(&T) -> String)
    where
        T: 'a,
    {
        let mut counts: HashMap<K, usize> = HashMap::new();
        all.filter_map(&key).for_each(|key| *counts.entry(key).or_default() += 1);
        let doubled = |planned: &&Planned<T>| key(&planned.after).is_some_and(|key| counts.get(&key).is_some_and(|count| *count > 1));
        let errors: Vec<LineError> = self.rows.iter().filter(doubled).map(|planned| LineError::new(planned.line, message(&planned.after))).collect();
        self.errors.extend(errors);
    }

    pub fn report(&self, dry_run: bool) -> ImportReport {
        let created = self.rows.iter().filter(|planned| planned.before.is_none()).count();
        let mut errors = self.errors.clone();
        errors.sort_by_key(|error| error.line);
        ImportReport { created, updated: self.rows.len() - created, unchanged: self.unchanged, applied: errors.is_empty() && !dry_run, errors }
    }
}
