//! What happened in meetings: the state of the conduct, stays of venues, and what was done.

use sqlx::Row;

use super::{Store, StoreError};
use crate::base::{MeetingId, UtcMs, VenueId};

/// A venue was in from then until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    pub venue: VenueId,
    pub title: String,
    pub came: UtcMs,
    /// None: still in.
    pub went: Option<UtcMs>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub at: UtcMs,
    /// A venue, or `desk`.
    pub actor: String,
    /// JSON.
    pub command: String,
}

/// A venue came in or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passed {
    Came { venue: VenueId, title: String, at: UtcMs },
    Went { venue: VenueId, at: UtcMs },
}

impl Store {
    /// Keeps the state, and what led to it.
    pub async fn keep_conduct(&self, meeting: &MeetingId, conduct: &str, done: &[Done], passed: &[Passed]) -> Result<(), StoreError> {
        let mut change = self.write().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE meetings SET conduct = ? WHERE id = ?").bind(conduct).bind(meeting.as_str()).execute(&mut *change).await?;
        for done in done {
            sqlx::query("INSERT INTO meeting_log (meeting, at, actor, command) VALUES (?, ?, ?, ?)")
                .bind(meeting.as_str())
                .bind(done.at.0)
                .bind(&done.actor)
                .bind(&done.command)
                .execute(&mut *change)
                .await?;
        }
        for passed in passed {
            match passed {
                Passed::Came { venue, title, at } => {
                    sqlx::query("INSERT OR IGNORE INTO attendance (meeting, venue, title, came) VALUES (?, ?, ?, ?)")
                        .bind(meeting.as_str())
                        .bind(venue.as_str())
                        .bind(title)
                        .bind(at.0)
                        .execute(&mut *change)
                        .await?;
                }
                Passed::Went { venue, at } => {
                    sqlx::query("UPDATE attendance SET went = max(came, ?) WHERE meeting = ? AND went IS NULL AND venue = ?")
                        .bind(at.0)
                        .bind(meeting.as_str())
                        .bind(venue.as_str())
                        .execute(&mut *change)
                        .await?;
                }
            }
        }
        change.commit().await?;
        Ok(())
    }

    /// Ends the stays of all venues.
    pub async fn end_stays(&self, meeting: &MeetingId, went: UtcMs) -> Result<(), StoreError> {
        sqlx::query("UPDATE attendance SET went = max(came, ?) WHERE meeting = ? AND went IS NULL")
            .bind(went.0)
            .bind(meeting.as_str())
            .execute(self.write())
            .await?;
        Ok(())
    }

    pub async fn meeting_log(&self, meeting: &MeetingId) -> Result<Vec<Done>, StoreError> {
        let rows =
            sqlx::query("SELECT at, actor, command FROM meeting_log WHERE meeting = ? ORDER BY sequence").bind(meeting.as_str()).fetch_all(self.read()).await?;
        rows.iter().map(|row| Ok(Done { at: UtcMs(row.try_get("at")?), actor: row.try_get("actor")?, command: row.try_get("command")? })).collect()
    }

    pub async fn stays(&self, meeting: &MeetingId) -> Result<Vec<Stay>, StoreError> {
        let rows = sqlx::query("SELECT venue, title, came, went FROM attendance WHERE meeting = ? ORDER BY came, venue")
            .bind(meeting.as_str())
            .fetch_all(self.read())
            .await?;
        rows.iter()
            .map(|row| {
                let venue: String = row.try_get("venue")?;
                Ok(Stay {
                    venue: venue.parse().map_err(|_| StoreError::Corrupt { what: "meeting", id: meeting.to_string(), column: "venue", value: venue })?,
                    title: row.try_get("title")?,
                    came: UtcMs(row.try_get("came")?),
                    went: row.try_get::<Option<i64>, _>("went")?.map(UtcMs),
                })
            })
            .collect()
    }

    /// Those that are under way.
    pub async fn open_meetings(&self) -> Result<Vec<MeetingId>, StoreError> {
        let rows = sqlx::query("SELECT id FROM meetings WHERE state = 'open' ORDER BY starts, id").fetch_all(self.read()).await?;
        rows.iter().map(|row| Ok(row.try_get::<String, _>("id")?.into())).collect()
    }
}
