//! The audit log: appended to, listed, never changed (triggers refuse).

use serde::Serialize;
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::{Change, Store, StoreError};
use crate::base::{PersonId, TokenId, UnitId, UtcMs};

/// An entry as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    pub at: UtcMs,
    /// `person`, `token`, `server` or `anonymous`.
    pub actor: &'static str,
    pub person: Option<PersonId>,
    pub person_name: Option<String>,
    pub token: Option<TokenId>,
    pub address: Option<String>,
    pub action: String,
    pub object: String,
    pub unit: Option<UnitId>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// An entry as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Entry {
    pub sequence: i64,
    pub at: UtcMs,
    /// `person`, `token`, `server` or `anonymous`.
    pub actor: String,
    pub person: Option<PersonId>,
    pub person_name: Option<String>,
    pub token: Option<TokenId>,
    pub address: Option<String>,
    /// Noun and verb: `channel.create`.
    pub action: String,
    /// The id of what was changed.
    pub object: String,
    /// Where in the tree; null for what concerns the whole server.
    pub unit: Option<UnitId>,
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

/// Which entries to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub person: Option<PersonId>,
    /// An action, or with a dot at its end all of a noun: `channel.`.
    pub action: Option<String>,
    pub object: Option<String>,
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    /// Only entries of these units; `None`: all, also those of no unit.
    pub units: Option<Vec<UnitId>>,
    /// Only entries before this one.
    pub before: Option<i64>,
}

fn json(row: &SqliteRow, column: &'static str, sequence: i64) -> Result<Option<Value>, StoreError> {
    let Some(text) = row.try_get::<Option<String>, _>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| StoreError::Corrupt { what: "audit entry", id: sequence.to_string(), column, value: text })
}

fn from_row(row: &SqliteRow) -> Result<Entry, StoreError> {
    let sequence = row.try_get("sequence")?;
    Ok(Entry {
        sequence,
        at: UtcMs(row.try_get("at")?),
        actor: row.try_get("actor")?,
        person: row.try_get::<Option<String>, _>("person")?.map(PersonId::from),
        person_name: row.try_get("person_name")?,
        token: row.try_get::<Option<String>, _>("token")?.map(TokenId::from),
        address: row.try_get("address")?,
        action: row.try_get("action")?,
        object: row.try_get("object")?,
        unit: row.try_get::<Option<String>, _>("unit")?.map(UnitId::from),
        before: json(row, "before", sequence)?,
        after: json(row, "after", sequence)?,
    })
}

async fn insert<'c>(entry: &NewEntry, connection: impl sqlx::Executor<'c, Database = Sqlite>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (at, actor, person, person_name, token, address, action, object, unit, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.at.0)
    .bind(entry.actor)
    .bind(entry.person.as_ref().map(PersonId::as_str))
    .bind(&entry.person_name)
    .bind(entry.token.as_ref().map(TokenId::as_str))
    .bind(&entry.address)
    .bind(&entry.action)
    .bind(&entry.object)
    .bind(entry.unit.as_ref().map(UnitId::as_str))
    .bind(entry.before.as_ref().map(Value::to_string))
    .bind(entry.after.as_ref().map(Value::to_string))
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    pub async fn append_audit(&self, entry: &NewEntry) -> Result<(), StoreError> {
        insert(entry, self.write()).await
    }

    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM audit WHERE 1");
        if let Some(person) = &filter.person {
            query.push(" AND person = ").push_bind(person.as_str());
        }
        if let Some(action) = &filter.action {
            if action.ends_with('.') {
                query.push(" AND substr(action, 1, ").push_bind(action.chars().count() as i64).push(") = ").push_bind(action);
            } else {
                query.push(" AND action = ").push_bind(action);
            }
        }
        if let Some(object) = &filter.object {
            query.push(" AND object = ").push_bind(object);
        }
        if let Some(from) = filter.from {
            query.push(" AND at >= ").push_bind(from.0);
        }
        if let Some(to) = filter.to {
            query.push(" AND at < ").push_bind(to.0);
        }
        if let Some(units) = &filter.units {
            // As one JSON parameter: a province has more units than SQLite takes parameters.
            let ids: Vec<&str> = units.iter().map(UnitId::as_str).collect();
            query.push(" AND unit IN (SELECT value FROM json_each(").push_bind(Value::from(ids).to_string()).push("))");
        }
        if let Some(before) = filter.before {
            query.push(" AND sequence < ").push_bind(before);
        }
        query.push(" ORDER BY sequence DESC LIMIT ").push_bind(limit);
        query.build().fetch_all(self.read()).await?.iter().map(from_row).collect()
    }
}

impl Change {
    /// In the same transaction as what it tells of.
    pub async fn append_audit(&mut self, entry: &NewEntry) -> Result<(), StoreError> {
        insert(entry, self.connection()).await
    }
}
