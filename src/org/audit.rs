//! The audit log: who changed what, from where, when.

use std::net::IpAddr;

use serde::Serialize;
use serde_json::Value;

use super::{Caller, Org, OrgError, Role};
use crate::base::{PersonId, TokenId, UnitId};
use crate::store::audit::{AuditFilter, Entry, NewEntry};

/// Who is responsible for a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(super) kind: &'static str,
    pub(super) person: Option<PersonId>,
    pub(super) person_name: Option<String>,
    pub(super) token: Option<TokenId>,
    pub(super) address: Option<IpAddr>,
}

impl Actor {
    /// Schedules, rules, and the command line.
    pub fn server() -> Self {
        Self { kind: "server", person: None, person_name: None, token: None, address: None }
    }
}

/// What was done: `Record::new("channel.create", &id).on(&unit).after(&channel)`.
#[derive(Debug, Clone)]
pub struct Record {
    action: &'static str,
    object: String,
    unit: Option<UnitId>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Record {
    /// `action` is noun and verb (`channel.create`), `object` the id of what was changed.
    pub fn new(action: &'static str, object: impl ToString) -> Self {
        Self { action, object: object.to_string(), unit: None, before: None, after: None }
    }

    /// Where in the tree: auditors of this unit and those above see it. Without, only those of the root.
    pub fn on(self, unit: &UnitId) -> Self {
        Self { unit: Some(unit.clone()), ..self }
    }

    pub fn before(self, what: &impl Serialize) -> Self {
        Self { before: Some(snapshot(what)), ..self }
    }

    pub fn after(self, what: &impl Serialize) -> Self {
        Self { after: Some(snapshot(what)), ..self }
    }
}

/// As JSON, without secrets: types with a password should not be handed in, but if one is, the log does not keep it.
fn snapshot(what: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(what).unwrap_or_else(|error| Value::String(format!("not shown: {error}")));
    redact(&mut value);
    value
}

fn redact(value: &mut Value) {
    const SECRET: [&str; 5] = ["password", "secret", "token", "hash", "cookie"];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                // A string only: `has_password: true` is no secret.
                if value.is_string() && SECRET.iter().any(|word| name.to_lowercase().contains(word)) {
                    *value = Value::from("…");
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

impl Org {
    /// Appends to the audit log; for the changes of every feature. Not while holding a transaction of the one writer (it would wait
    /// for itself): hand [`entry`](Self::entry) to the transaction instead.
    pub async fn record(&self, actor: &Actor, record: Record) -> Result<(), OrgError> {
        Ok(self.store().append_audit(&self.entry(actor, record)).await?)
    }

    /// The entry, to be written by `Change::append_audit` in the transaction of what it tells of.
    pub fn entry(&self, actor: &Actor, record: Record) -> NewEntry {
        NewEntry {
            at: self.now(),
            actor: actor.kind,
            person: actor.person.clone(),
            person_name: actor.person_name.clone(),
            token: actor.token.clone(),
            address: actor.address.map(|address| address.to_string()),
            action: record.action.to_owned(),
            object: record.object,
            unit: record.unit,
            before: record.before,
            after: record.after,
        }
    }

    /// The entries the caller may read, newest first: an auditor of the root all, another those of their subtrees.
    pub async fn audit(&self, caller: &Caller, filter: AuditFilter, limit: u32) -> Result<Vec<Entry>, OrgError> {
        caller.require_anywhere(Role::Auditor)?;
        let units = match caller.may(Role::Auditor, &Org::root()) {
            true => filter.units,
            false => {
                let directory = caller.directory();
                Some(directory.units.iter().map(|unit| &unit.id).filter(|unit| caller.may(Role::Auditor, unit)).cloned().collect())
            }
        };
        Ok(self.store().audit(&AuditFilter { units, ..filter }, limit).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept() {
        let what = serde_json::json!({"name": "camera", "password": "hunter2", "has_password": true, "nested": [{"api_token": "yz_1_2"}]});
        let shown = snapshot(&what).to_string();
        assert!(!shown.contains("hunter2") && !shown.contains("yz_1_2"), "{shown}");
        assert!(shown.contains("camera") && shown.contains("true"), "{shown}");
    }
}
