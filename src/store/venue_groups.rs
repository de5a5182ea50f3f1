//! Saved groups of venues: what a unit invites again and again.

use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{UnitId, UtcMs, VenueGroupId, VenueId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct VenueGroup {
    pub id: VenueGroupId,
    pub unit: UnitId,
    pub title: String,
    pub venues: Vec<VenueId>,
    pub created: UtcMs,
}

fn from_row(row: &SqliteRow) -> Result<VenueGroup, StoreError> {
    let (id, venues): (String, String) = (row.try_get("id")?, row.try_get("venues")?);
    let venues = match serde_json::from_str(&venues) {
        Ok(venues) => venues,
        Err(_) => return Err(StoreError::Corrupt { what: "venue group", id, column: "venues", value: venues }),
    };
    Ok(VenueGroup {
        id: id.into(),
        unit: row.try_get::<String, _>("unit")?.into(),
        title: row.try_get("title")?,
        venues,
        created: UtcMs(row.try_get("created")?),
    })
}

impl Store {
    pub async fn venue_groups(&self) -> Result<Vec<VenueGroup>, StoreError> {
        sqlx::query("SELECT * FROM venue_groups ORDER BY id").fetch_all(self.read()).await?.iter().map(from_row).collect()
    }

    pub async fn venue_group(&self, id: &VenueGroupId) -> Result<VenueGroup, StoreError> {
        let row = sqlx::query("SELECT * FROM venue_groups WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        row.as_ref().map(from_row).transpose()?.ok_or_else(|| StoreError::Missing { what: "venue group", id: id.to_string() })
    }
}

impl Change {
    pub async fn insert_venue_group(&mut self, group: &VenueGroup) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO venue_groups (id, unit, title, venues, created) VALUES (?, ?, ?, ?, ?)")
            .bind(group.id.as_str())
            .bind(group.unit.as_str())
            .bind(&group.title)
            .bind(serde_json::to_string(&group.venues).unwrap_or_default())
            .bind(group.created.0)
            .execute(self.connection())
            .await
            .map_err(on_insert("venue group", &group.title))?;
        Ok(())
    }

    pub async fn delete_venue_group(&mut self, id: &VenueGroupId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM venue_groups WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "venue group", id: id.to_string() }),
            _ => Ok(()),
        }
    }
}
