//! Grants: a role of a person on a unit, valid in its whole subtree.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{GrantId, PersonId, UnitId, UtcMs};

/// What someone may do. Which role includes which is decided in `org::roles`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    ColumnEditor,
    Operator,
    Chair,
    Auditor,
    Administrator,
}

impl Role {
    pub const ALL: [Role; 6] = [Role::Viewer, Role::ColumnEditor, Role::Operator, Role::Chair, Role::Auditor, Role::Administrator];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::ColumnEditor => "column_editor",
            Self::Operator => "operator",
            Self::Chair => "chair",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Grant {
    pub id: GrantId,
    pub person: PersonId,
    pub role: Role,
    /// The role is valid on this unit and on all below it.
    pub unit: UnitId,
    pub created: UtcMs,
}

pub(super) fn role(row: &SqliteRow, what: &'static str, id: &str) -> Result<Role, StoreError> {
    let text: String = row.try_get("role")?;
    text.parse().map_err(|()| StoreError::Corrupt { what, id: id.to_owned(), column: "role", value: text })
}

fn from_row(row: &SqliteRow) -> Result<Grant, StoreError> {
    let id: String = row.try_get("id")?;
    Ok(Grant {
        role: role(row, "grant", &id)?,
        id: id.into(),
        person: row.try_get::<String, _>("person")?.into(),
        unit: row.try_get::<String, _>("unit")?.into(),
        created: UtcMs(row.try_get("created")?),
    })
}

impl Store {
    pub async fn grants(&self) -> Result<Vec<Grant>, StoreError> {
        sqlx::query("SELECT * FROM grants ORDER BY id").fetch_all(self.read()).await?.iter().map(from_row).collect()
    }
}

impl Change {
    pub async fn insert_grant(&mut self, grant: &Grant) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO grants (id, person, role, unit, created) VALUES (?, ?, ?, ?, ?)")
            .bind(grant.id.as_str())
            .bind(grant.person.as_str())
            .bind(grant.role.as_str())
            .bind(grant.unit.as_str())
            .bind(grant.created.0)
            .execute(self.connection())
            .await
            .map_err(on_insert("grant", grant.role.as_str()))?;
        Ok(())
    }

    pub async fn delete_grant(&mut self, id: &GrantId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM grants WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "grant", id: id.to_string() }),
            _ => Ok(()),
        }
    }

    /// How many people who can sign in administer the whole tree.
    pub async fn root_administrators(&mut self) -> Result<i64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT count(DISTINCT people.id) FROM people JOIN grants ON grants.person = people.id
             WHERE grants.role = 'administrator' AND grants.unit = 'root' AND NOT people.disabled AND people.password_hash IS NOT NULL",
        )
        .fetch_one(self.connection())
        .await?;
        Ok(count)
    }
}
