//! Mail that is to be sent: written with what it tells of, so that none is lost with the power.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError};
use crate::base::UtcMs;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub id: String,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// An invitation or cancellation for the recipient's calendar.
    pub calendar: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    pub created: UtcMs,
}

fn from_row(row: &SqliteRow) -> Result<Letter, StoreError> {
    Ok(Letter {
        id: row.try_get("id")?,
        recipient: row.try_get("recipient")?,
        subject: row.try_get("subject")?,
        body: row.try_get("body")?,
        calendar: row.try_get("calendar")?,
        attempts: row.try_get("attempts")?,
        created: UtcMs(row.try_get("created")?),
    })
}

impl Store {
    /// Those whose turn it is, oldest first.
    pub async fn letters_due(&self, now: UtcMs, limit: u32) -> Result<Vec<Letter>, StoreError> {
        sqlx::query("SELECT * FROM outbox WHERE state = 'waiting' AND not_before <= ? ORDER BY not_before, id LIMIT ?")
            .bind(now.0)
            .bind(limit)
            .fetch_all(self.read())
            .await?
            .iter()
            .map(from_row)
            .collect()
    }

    pub async fn letter_sent(&self, id: &str, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET state = 'sent', attempts = attempts + 1, error = NULL, finished = ? WHERE id = ?")
            .bind(now.0)
            .bind(id)
            .execute(self.write())
            .await?;
        Ok(())
    }

    /// To be tried again at `again`; `None`: given up.
    pub async fn letter_failed(&self, id: &str, error: &str, now: UtcMs, again: Option<UtcMs>) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE outbox SET state = CASE WHEN ?1 IS NULL THEN 'failed' ELSE 'waiting' END, not_before = coalesce(?1, not_before),
                finished = CASE WHEN ?1 IS NULL THEN ?2 END, attempts = attempts + 1, error = ?3 WHERE id = ?4",
        )
        .bind(again.map(|at| at.0))
        .bind(now.0)
        .bind(error)
        .bind(id)
        .execute(self.write())
        .await?;
        Ok(())
    }

    /// Forgets what was sent or given up before this.
    pub async fn clear_outbox(&self, before: UtcMs) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM outbox WHERE state <> 'waiting' AND finished < ?").bind(before.0).execute(self.write()).await?;
        Ok(())
    }

    /// State, attempts and last error of every letter, oldest first.
    pub async fn outbox_states(&self) -> Result<Vec<(String, u32, Option<String>)>, StoreError> {
        Ok(sqlx::query_as("SELECT state, attempts, error FROM outbox ORDER BY id").fetch_all(self.read()).await?)
    }
}

impl Change {
    pub async fn insert_letter(&mut self, letter: &Letter) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO outbox (id, recipient, subject, body, calendar, state, attempts, not_before, created) VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?)",
        )
        .bind(&letter.id)
        .bind(&letter.recipient)
        .bind(&letter.subject)
        .bind(&letter.body)
        .bind(&letter.calendar)
        .bind(letter.attempts)
        .bind(letter.created.0)
        .bind(letter.created.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
