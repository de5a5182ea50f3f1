//! A transaction of the one writer: several changes and their audit entries, together or not at all.

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{Store, StoreError};

/// What is done by it happens at [`Change::commit`]; dropped before, nothing happened.
/// No slow work while one is held: every other writer waits for it.
pub struct Change(Transaction<'static, Sqlite>);

impl Store {
    pub async fn change(&self) -> Result<Change, StoreError> {
        // IMMEDIATE: another process (the command line) may write too, and a deferred transaction could not wait for it.
        Ok(Change(self.write().begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Grows with every change of units, sites, people, grants and tokens, by whichever process.
    pub async fn org_version(&self) -> Result<i64, StoreError> {
        let version: Option<(i64,)> =
            sqlx::query_as("SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'org_version'").fetch_optional(self.read()).await?;
        Ok(version.map_or(0, |v| v.0))
    }
}

impl Change {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }

    /// Makes it so, and returns the new [`Store::org_version`].
    pub async fn commit(mut self) -> Result<i64, StoreError> {
        let (version,): (i64,) = sqlx::query_as(
            "INSERT INTO settings (name, value) VALUES ('org_version', '1')
             ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
             RETURNING CAST(value AS INTEGER)",
        )
        .fetch_one(self.connection())
        .await?;
        self.0.commit().await?;
        Ok(version)
    }

    /// Makes it so where nothing of the organisation has changed, so that nobody reads its picture anew.
    pub async fn commit_apart(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}
