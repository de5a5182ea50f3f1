//! Channels as their operators made them.

use super::{Store, StoreError, on_insert};
use crate::base::ChannelId;

/// A channel's row. `audience` and `source_kind` are words that the layers above give meaning.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct ChannelRow {
    pub id: String,
    pub title: String,
    pub source_kind: String,
    pub address: String,
    pub interface: Option<String>,
    pub service: Option<u16>,
    pub charset: Option<String>,
    pub keep_hours: Option<u32>,
    pub keep_bytes: Option<i64>,
    pub enabled: bool,
    pub audience: String,
    pub unit: String,
    pub created: i64,
}

impl Store {
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM channels ORDER BY created, id").fetch_all(self.read()).await?)
    }

    pub async fn channel(&self, id: &ChannelId) -> Result<ChannelRow, StoreError> {
        let row = sqlx::query_as("SELECT * FROM channels WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        row.ok_or_else(|| StoreError::Missing { what: "channel", id: id.to_string() })
    }

    pub async fn insert_channel(&self, row: &ChannelRow) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO channels (title, source_kind, address, interface, service, charset, keep_hours, keep_bytes, enabled, audience, unit, created, id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&row.title)
        .bind(&row.source_kind)
        .bind(&row.address)
        .bind(&row.interface)
        .bind(row.service)
        .bind(&row.charset)
        .bind(row.keep_hours)
        .bind(row.keep_bytes)
        .bind(row.enabled)
        .bind(&row.audience)
        .bind(&row.unit)
        .bind(row.created)
        .bind(&row.id)
        .execute(self.write())
        .await
        .map_err(on_insert("channel", &row.id))?;
        Ok(())
    }

    pub async fn update_channel(&self, row: &ChannelRow) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE channels SET title = ?, source_kind = ?, address = ?, interface = ?, service = ?, charset = ?, keep_hours = ?, keep_bytes = ?,
             enabled = ?, audience = ?, unit = ? WHERE id = ?",
        )
        .bind(&row.title)
        .bind(&row.source_kind)
        .bind(&row.address)
        .bind(&row.interface)
        .bind(row.service)
        .bind(&row.charset)
        .bind(row.keep_hours)
        .bind(row.keep_bytes)
        .bind(row.enabled)
        .bind(&row.audience)
        .bind(&row.unit)
        .bind(&row.id)
        .execute(self.write())
        .await?;
        existed(done.rows_affected(), "channel", &row.id)
    }

    /// Removes a channel with its guide and timetable. Its assets stay.
    pub async fn delete_channel(&self, id: &ChannelId) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM channels WHERE id = ?").bind(id.as_str()).execute(self.write()).await?;
        existed(done.rows_affected(), "channel", id.as_str())
    }
}

/// A change that met no row is told as a missing thing.
pub(super) fn existed(rows: u64, what: &'static str, id: &str) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Missing { what, id: id.to_owned() }) } else { Ok(()) }
}
