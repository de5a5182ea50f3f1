//! Sessions of people who signed in, by the SHA-256 of their cookie.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError};
use crate::base::{PersonId, UtcMs};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub hash: Vec<u8>,
    pub person: PersonId,
    pub created: UtcMs,
    /// To the minute.
    pub last_seen: UtcMs,
}

fn from_row(row: &SqliteRow) -> Result<Session, StoreError> {
    Ok(Session {
        hash: row.try_get("hash")?,
        person: row.try_get::<String, _>("person")?.into(),
        created: UtcMs(row.try_get("created")?),
        last_seen: UtcMs(row.try_get("last_seen")?),
    })
}

impl Store {
    pub async fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        sqlx::query("SELECT * FROM sessions").fetch_all(self.read()).await?.iter().map(from_row).collect()
    }

    pub async fn insert_session(&self, session: &Session) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO sessions (hash, person, created, last_seen) VALUES (?, ?, ?, ?)")
            .bind(&session.hash)
            .bind(session.person.as_str())
            .bind(session.created.0)
            .bind(session.last_seen.0)
            .execute(self.write())
            .await?;
        Ok(())
    }

    pub async fn touch_session(&self, hash: &[u8], now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET last_seen = ? WHERE hash = ?").bind(now.0).bind(hash).execute(self.write()).await?;
        Ok(())
    }

    pub async fn delete_session(&self, hash: &[u8]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE hash = ?").bind(hash).execute(self.write()).await?;
        Ok(())
    }

    /// Those that ended by themselves.
    pub async fn delete_sessions_before(&self, created: UtcMs, last_seen: UtcMs) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE created < ? OR last_seen < ?").bind(created.0).bind(last_seen.0).execute(self.write()).await?;
        Ok(())
    }
}

impl Change {
    /// All sessions of a person, but for the one that asks.
    pub async fn delete_sessions_of(&mut self, person: &PersonId, but: Option<&[u8]>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE person = ? AND (?2 IS NULL OR hash <> ?2)").bind(person.as_str()).bind(but).execute(self.connection()).await?;
        Ok(())
    }
}
