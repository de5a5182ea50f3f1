//! Units: the tree of regions, bodies and departments.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row};

use super::{Change, Store, StoreError, on_insert};
use crate::base::{UnitId, UtcMs};

/// The root of the tree: made by the first migration, never moved nor removed.
pub const ROOT: &str = "root";

/// A department is a unit like the others: it has people and may have sites and departments of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// A province, prefecture, county, street …
    Region,
    /// An authority that is not a region: a party committee's office, a bureau.
    Body,
    Department,
}

impl UnitKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Body => "body",
            Self::Department => "department",
        }
    }
}

impl FromStr for UnitKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Region, Self::Body, Self::Department].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Unit {
    pub id: UnitId,
    /// Null for the root only.
    pub parent: Option<UnitId>,
    pub kind: UnitKind,
    /// The local word for the level: 省, 市, 县, 街道 …
    pub level: String,
    pub title: String,
    /// Order among the units of one parent.
    pub position: i64,
    pub created: UtcMs,
}

fn from_row(row: &SqliteRow) -> Result<Unit, StoreError> {
    let id: String = row.try_get("id")?;
    let kind: String = row.try_get("kind")?;
    let Ok(kind) = kind.parse() else {
        return Err(StoreError::Corrupt { what: "unit", id, column: "kind", value: kind });
    };
    Ok(Unit {
        id: id.into(),
        parent: row.try_get::<Option<String>, _>("parent")?.map(UnitId::from),
        kind,
        level: row.try_get("level")?,
        title: row.try_get("title")?,
        position: row.try_get("position")?,
        created: UtcMs(row.try_get("created")?),
    })
}

impl Store {
    /// All of them, in the order of their positions.
    pub async fn units(&self) -> Result<Vec<Unit>, StoreError> {
        sqlx::query("SELECT * FROM units ORDER BY position, title").fetch_all(self.read()).await?.iter().map(from_row).collect()
    }
}

impl Change {
    pub async fn insert_unit(&mut self, unit: &Unit) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO units (id, parent, kind, level, title, position, created) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(unit.id.as_str())
            .bind(unit.parent.as_ref().map(UnitId::as_str))
            .bind(unit.kind.as_str())
            .bind(&unit.level)
            .bind(&unit.title)
            .bind(unit.position)
            .bind(unit.created.0)
            .execute(self.connection())
            .await
            .map_err(on_insert("unit", &unit.title))?;
        Ok(())
    }

    /// All but the id and the time of creation.
    pub async fn update_unit(&mut self, unit: &Unit) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE units SET parent = ?, kind = ?, level = ?, title = ?, position = ? WHERE id = ?")
            .bind(unit.parent.as_ref().map(UnitId::as_str))
            .bind(unit.kind.as_str())
            .bind(&unit.level)
            .bind(&unit.title)
            .bind(unit.position)
            .bind(unit.id.as_str())
            .execute(self.connection())
            .await
            .map_err(on_insert("unit", &unit.title))?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing { what: "unit", id: unit.id.to_string() }),
            _ => Ok(()),
        }
    }

    /// Takes the title away for the length of this transaction, so that units of one parent can exchange theirs.
    pub async fn free_unit_title(&mut self, id: &UnitId) -> Result<(), StoreError> {
        sqlx::query("UPDATE units SET title = char(1) || id WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?;
        Ok(())
    }

    /// Whether every unit can be reached from the root: false after a move that made a cycle.
    pub async fn units_are_a_tree(&mut self) -> Result<bool, StoreError> {
        let (whole,): (bool,) = sqlx::query_as(
            "WITH RECURSIVE reached (id) AS (SELECT 'root' UNION SELECT units.id FROM units JOIN reached ON units.parent = reached.id)
             SELECT (SELECT count(*) FROM reached) = (SELECT count(*) FROM units)",
        )
        .fetch_one(self.connection())
        .await?;
        Ok(whole)
    }

    /// Refused while anything hangs on it.
    pub async fn delete_unit(&mut self, id: &UnitId) -> Result<(), StoreError> {
        let in_use = |by: String| StoreError::InUse { what: "unit", id: id.to_string(), by };
        let (units, sites, people, grants, segments): (i64, i64, i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM units WHERE parent = ?1), (SELECT count(*) FROM sites WHERE unit = ?1),
                    (SELECT count(*) FROM people WHERE unit = ?1), (SELECT count(*) FROM grants WHERE unit = ?1),
                    (SELECT count(*) FROM number_segments WHERE unit = ?1)",
        )
        .bind(id.as_str())
        .fetch_one(self.connection())
        .await?;
        for (count, by) in [(units, "units below it"), (sites, "sites"), (people, "people"), (grants, "roles granted on it"), (segments, "number segments")] {
            if count > 0 {
                return Err(in_use(format!("{count} {by}")));
            }
        }
        // Other features' rows refer to units by foreign key; which of them, SQLite does not say.
        let mut inner = self.connection().begin().await?;
        match sqlx::query("DELETE FROM units WHERE id = ?").bind(id.as_str()).execute(&mut *inner).await {
            Ok(done) if done.rows_affected() == 0 => Err(StoreError::Missing { what: "unit", id: id.to_string() }),
            Ok(_) => Ok(inner.commit().await?),
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => Err(in_use("channels, columns or other things of it".to_owned())),
            Err(error) => Err(error.into()),
        }
    }
}
