//! The guide as received and the timetables as typed in.

use super::channels::existed;
use super::{Store, StoreError, on_insert};
use crate::base::{ChannelId, SlotId, UtcMs};
use crate::epg::{EventKey, Programme, Slot};

impl Store {
    /// Notes programmes as their channel's stream announces them now, and forgets those it has withdrawn.
    pub async fn change_guide(&self, channel: &ChannelId, upserted: &[Programme], removed: &[EventKey]) -> Result<(), StoreError> {
        let mut change = self.write().begin().await?;
        for event in removed {
            sqlx::query("DELETE FROM programmes WHERE channel = ? AND event = ?").bind(channel.as_str()).bind(event.as_str()).execute(&mut *change).await?;
        }
        for programme in upserted {
            sqlx::query("INSERT OR REPLACE INTO programmes (channel, event, start_at, end_at, programme) VALUES (?, ?, ?, ?, ?)")
                .bind(channel.as_str())
                .bind(programme.event.as_str())
                .bind(programme.start.0)
                .bind(programme.end.0)
                .bind(serde_json::to_string(programme).unwrap_or_default())
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }

    /// The programmes announced by the stream that touch [from, to), by start.
    pub async fn programmes(&self, channel: &ChannelId, from: UtcMs, to: UtcMs) -> Result<Vec<Programme>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT event, programme FROM programmes WHERE channel = ? AND start_at < ? AND end_at > ? ORDER BY start_at, event")
                .bind(channel.as_str())
                .bind(to.0)
                .bind(from.0)
                .fetch_all(self.read())
                .await?;
        rows.into_iter().map(|(id, text)| parsed("programme", id, "programme", text)).collect()
    }

    pub async fn forget_programmes(&self, ended_before: UtcMs) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM programmes WHERE end_at < ?").bind(ended_before.0).execute(self.write()).await?;
        Ok(done.rows_affected())
    }

    pub async fn slots(&self, channel: &ChannelId) -> Result<Vec<Slot>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, slot FROM slots WHERE channel = ? ORDER BY id").bind(channel.as_str()).fetch_all(self.read()).await?;
        rows.into_iter().map(|(id, text)| parsed("timetable slot", id, "slot", text)).collect()
    }

    pub async fn insert_slot(&self, channel: &ChannelId, slot: &Slot) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO slots (id, channel, slot) VALUES (?, ?, ?)")
            .bind(slot.id.as_str())
            .bind(channel.as_str())
            .bind(serde_json::to_string(slot).unwrap_or_default())
            .execute(self.write())
            .await
            .map_err(on_insert("timetable slot", slot.id.as_str()))?;
        Ok(())
    }

    pub async fn delete_slot(&self, channel: &ChannelId, id: &SlotId) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM slots WHERE id = ? AND channel = ?").bind(id.as_str()).bind(channel.as_str()).execute(self.write()).await?;
        existed(done.rows_affected(), "timetable slot", id.as_str())
    }
}

/// A value kept as JSON; what cannot be read is told with its place.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(what: &'static str, id: String, column: &'static str, text: String) -> Result<T, StoreError> {
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt { what, id, column, value: text })
}
