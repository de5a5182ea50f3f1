//! Sites: places with a line.

use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{SiteId, UnitId, UtcMs};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Site {
    pub id: SiteId,
    pub unit: UnitId,
    pub title: String,
    /// Of the line to the parent's site; null where the line is no limit (the machine room's own network).
    pub capacity_kbps: Option<u32>,
    /// The part of the line that media may use.
    pub media_share_percent: u8,
    /// The highest rung that is offered to this site; null: all.
    pub highest_rung: Option<String>,
    /// Whom to phone when the line is poor.
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub created: UtcMs,
}

fn from_row(row: &SqliteRow) -> Result<Site, StoreError> {
    Ok(Site {
        id: row.try_get::<String, _>("id")?.into(),
        unit: row.try_get::<String, _>("unit")?.into(),
        title: row.try_get("title")?,
        capacity_kbps: row.try_get("capacity_kbps")?,
        media_share_percent: row.try_get("media_share_percent")?,
        highest_rung: row.try_get("highest_rung")?,
        contact_name: row.try_get("contact_name")?,
        contact_phone: row.try_get("contact_phone")?,
        created: UtcMs(row.try_get("created")?),
    })
}

impl Store {
    pub async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        sqlx::query("SELECT * FROM sites ORDER BY id").fetch_all(self.read()).await?.iter().map(from_row).collect()
    }
}

impl Change {
    pub async fn insert_site(&mut self, site: &Site) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sites (id, unit, title, capacity_kbps, media_share_percent, highest_rung, contact_name, contact_phone, created)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(site.id.as_str())
        .bind(site.unit.as_str())
        .bind(&site.title)
        .bind(site.capacity_kbps)
        .bind(site.media_share_percent)
        .bind(&site.highest_rung)
        .bind(&site.contact_name)
        .bind(&site.contact_phone)
        .bind(site.created.0)
        .execute(self.connection())
        .await
        .map_err(on_insert("site", &site.title))?;
        Ok(())
    }

    pub async fn update_site(&mut self, site: &Site) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE sites SET unit = ?, title = ?, capacity_kbps = ?, media_share_percent = ?, highest_rung = ?, contact_name = ?, contact_phone = ? WHERE id = ?",
        )
        .bind(site.unit.as_str())
        .bind(&site.title)
        .bind(site.capacity_kbps)
        .bind(site.media_share_percent)
        .bind(&site.highest_rung)
        .bind(&site.contact_name)
        .bind(&site.contact_phone)
        .bind(site.id.as_str())
        .execute(self.connection())
        .await
        .map_err(on_insert("site", &site.title))?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing { what: "site", id: site.id.to_string() }),
            _ => Ok(()),
        }
    }

    /// Takes the title away for the length of this transaction, so that sites can exchange theirs.
    pub async fn free_site_title(&mut self, id: &SiteId) -> Result<(), StoreError> {
        sqlx::query("UPDATE sites SET title = char(1) || id WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?;
        Ok(())
    }

    pub async fn delete_site(&mut self, id: &SiteId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM sites WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "site", id: id.to_string() }),
            _ => Ok(()),
        }
    }
}
