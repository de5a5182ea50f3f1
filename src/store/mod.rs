//! The database: SQLite in WAL mode beside the recordings. The only place that knows `sqlx` and SQL; one file per noun.
//!
//! One writer connection and several readers: writers queue here instead of failing with "database is locked".

pub mod after;
mod assets;
pub mod audit;
mod board;
mod change;
mod channels;
mod columns;
mod conduct;
pub mod grants;
pub mod guests;
mod guide;
mod jobs;
pub mod meetings;
pub mod notices;
mod numbers;
pub mod outbox;
pub mod papers;
pub mod people;
mod rules;
pub mod sessions;
pub mod sites;
mod space;
pub mod stands;
mod takes;
pub mod tokens;
pub mod units;
pub mod venue_groups;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Pool, Sqlite, SqliteConnection};

pub use assets::{AssetQuery, AssetRow, AssetState, MissingStretch, Rendition};
pub use board::{Board, BoardChange, Drawn};
pub use change::Change;
pub use channels::ChannelRow;
pub use columns::ColumnRow;
pub use conduct::{Done, Passed, Stay};
pub use jobs::{JobRow, JobState};
pub use space::Space;

/// A handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    writer: Pool<Sqlite>,
    readers: Pool<Sqlite>,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("database migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("{what} `{id}` does not exist")]
    Missing { what: &'static str, id: String },
    #[error("{what} `{id}` exists already")]
    Exists { what: &'static str, id: String },
    #[error("{what} `{id}` is still used by {by}")]
    InUse { what: &'static str, id: String, by: String },
    #[error("{what} `{id}`: column {column} holds `{value}`")]
    Corrupt { what: &'static str, id: String, column: &'static str, value: String },
}

impl Store {
    /// Opens `<folder>/yizhan.db`, creating and migrating it as needed.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("yizhan.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new().max_connections(1).after_release(|conn, _| Box::pin(is_clean(conn)));
        let writer = writer.connect_with(options.clone()).await?;
        sqlx::migrate!("src/store/migrations").run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers })
    }

    /// The one connection that changes things.
    pub(crate) fn write(&self) -> &Pool<Sqlite> {
        &self.writer
    }

    /// Connections that only look.
    pub(crate) fn read(&self) -> &Pool<Sqlite> {
        &self.readers
    }

    /// Writes the log back and closes; for an orderly end.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The error of an insert: a uniqueness violation is told as what it is.
pub(crate) fn on_insert(what: &'static str, id: &str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match &error {
        sqlx::Error::Database(db) if db.is_unique_violation() => StoreError::Exists { what, id: id.to_owned() },
        _ => StoreError::Database(error),
    }
}

/// A full disk makes SQLite roll back by itself. sqlx does not notice and from then on makes savepoints instead of transactions, of which one that fails
/// stays open and hides all that is written after it. Such a connection is closed and opened anew.
async fn is_clean(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    // What a dropped transaction asked for has been done when the answer comes.
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::UtcMs;

    #[tokio::test]
    async fn a_full_disk_hides_nothing_that_is_written_later() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        // As SQLite does by itself when the disk is full in the midst of a change.
        let mut change = store.write().begin().await.unwrap();
        sqlx::query("ROLLBACK").execute(&mut *change).await.unwrap();
        drop(change);
        drop(store.write().begin().await.unwrap());
        let row = ColumnRow {
            id: "news".to_owned(),
            title: "要闻".to_owned(),
            audience: "public".to_owned(),
            unit: "root".to_owned(),
            position: 1,
            on_front: true,
            created: UtcMs(0).0,
        };
        store.insert_column(&row).await.unwrap();
        assert_eq!(store.columns().await.unwrap().len(), 1);
    }
}
