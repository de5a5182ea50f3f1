//! Papers: files of meetings, and which venue opened them. The bytes are on the disk, by their hash.

use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{MeetingId, PaperId, PersonId, UtcMs, VenueId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperRow {
    pub id: PaperId,
    pub meeting: MeetingId,
    pub title: String,
    pub file_name: String,
    pub media_type: String,
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub hash: String,
    pub point: Option<u32>,
    pub position: u32,
    /// The venue that brought it into the room.
    pub venue: Option<VenueId>,
    pub uploaded_by: Option<PersonId>,
    pub uploaded_by_name: String,
    pub created: UtcMs,
    pub distributed: Option<UtcMs>,
}

/// A venue opened a paper, first then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Opening {
    pub venue: VenueId,
    pub title: String,
    /// Of the person; empty for a guest.
    pub name: String,
    pub at: UtcMs,
}

fn corrupt(id: &str, column: &'static str, value: String) -> StoreError {
    StoreError::Corrupt { what: "paper", id: id.to_owned(), column, value }
}

fn venue(id: &str, text: String) -> Result<VenueId, StoreError> {
    text.parse().map_err(|_| corrupt(id, "venue", text))
}

fn from_row(row: &SqliteRow) -> Result<PaperRow, StoreError> {
    let id: String = row.try_get("id")?;
    Ok(PaperRow {
        meeting: row.try_get::<String, _>("meeting")?.into(),
        title: row.try_get("title")?,
        file_name: row.try_get("file_name")?,
        media_type: row.try_get("media_type")?,
        bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
        hash: row.try_get("hash")?,
        point: row.try_get("point")?,
        position: row.try_get("position")?,
        venue: row.try_get::<Option<String>, _>("venue")?.map(|text| venue(&id, text)).transpose()?,
        uploaded_by: row.try_get::<Option<String>, _>("uploaded_by")?.map(PersonId::from),
        uploaded_by_name: row.try_get("uploaded_by_name")?,
        created: UtcMs(row.try_get("created")?),
        distributed: row.try_get::<Option<i64>, _>("distributed")?.map(UtcMs),
        id: id.into(),
    })
}

impl Store {
    /// In their order.
    pub async fn papers(&self, meeting: &MeetingId) -> Result<Vec<PaperRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM papers WHERE meeting = ? ORDER BY position, id").bind(meeting.as_str()).fetch_all(self.read()).await?;
        rows.iter().map(from_row).collect()
    }

    /// The paper, if it is one of this meeting.
    pub async fn paper(&self, meeting: &MeetingId, id: &PaperId) -> Result<PaperRow, StoreError> {
        let row = sqlx::query("SELECT * FROM papers WHERE id = ? AND meeting = ?").bind(id.as_str()).bind(meeting.as_str()).fetch_optional(self.read()).await?;
        row.as_ref().map(from_row).transpose()?.ok_or_else(|| StoreError::Missing { what: "paper", id: id.to_string() })
    }

    /// Of meetings that were over before then.
    pub async fn papers_over(&self, before: UtcMs) -> Result<Vec<PaperRow>, StoreError> {
        let rows =
            sqlx::query("SELECT p.* FROM papers p JOIN meetings m ON m.id = p.meeting WHERE coalesce(m.ended, m.ends) < ? AND m.state <> 'open' ORDER BY p.id")
                .bind(before.0)
                .fetch_all(self.read())
                .await?;
        rows.iter().map(from_row).collect()
    }

    /// Whether any paper has these bytes. From the writer, so that what was just written counts.
    pub async fn is_paper_hash_used(&self, hash: &str) -> Result<bool, StoreError> {
        Ok(sqlx::query("SELECT 1 FROM papers WHERE hash = ? LIMIT 1").bind(hash).fetch_optional(self.write()).await?.is_some())
    }

    /// The first opening by a venue counts.
    pub async fn note_paper_opened(&self, paper: &PaperId, opening: &Opening) -> Result<(), StoreError> {
        sqlx::query("INSERT OR IGNORE INTO paper_openings (paper, venue, title, name, at) VALUES (?, ?, ?, ?, ?)")
            .bind(paper.as_str())
            .bind(opening.venue.as_str())
            .bind(&opening.title)
            .bind(&opening.name)
            .bind(opening.at.0)
            .execute(self.write())
            .await?;
        Ok(())
    }

    /// Whether the venue has opened it.
    pub async fn is_paper_opened(&self, paper: &PaperId, venue: &VenueId) -> Result<bool, StoreError> {
        let row =
            sqlx::query("SELECT 1 FROM paper_openings WHERE paper = ? AND venue = ?").bind(paper.as_str()).bind(venue.as_str()).fetch_optional(self.read());
        Ok(row.await?.is_some())
    }

    /// Of all papers of a meeting, the earliest first.
    pub async fn paper_openings(&self, meeting: &MeetingId) -> Result<Vec<(PaperId, Opening)>, StoreError> {
        let rows = sqlx::query("SELECT o.* FROM paper_openings o JOIN papers p ON p.id = o.paper WHERE p.meeting = ? ORDER BY o.at, o.venue")
            .bind(meeting.as_str())
            .fetch_all(self.read())
            .await?;
        rows.iter()
            .map(|row| {
                let paper: String = row.try_get("paper")?;
                let opening = Opening {
                    venue: venue(&paper, row.try_get("venue")?)?,
                    title: row.try_get("title")?,
                    name: row.try_get("name")?,
                    at: UtcMs(row.try_get("at")?),
                };
                Ok((paper.into(), opening))
            })
            .collect()
    }
}

impl Change {
    pub async fn insert_paper(&mut self, paper: &PaperRow) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO papers (id, meeting, title, file_name, media_type, bytes, hash, point, position, venue, uploaded_by, uploaded_by_name, created, distributed)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(paper.id.as_str())
        .bind(paper.meeting.as_str())
        .bind(&paper.title)
        .bind(&paper.file_name)
        .bind(&paper.media_type)
        .bind(paper.bytes.cast_signed())
        .bind(&paper.hash)
        .bind(paper.point)
        .bind(paper.position)
        .bind(paper.venue.as_ref().map(VenueId::as_str))
        .bind(paper.uploaded_by.as_ref().map(PersonId::as_str))
        .bind(&paper.uploaded_by_name)
        .bind(paper.created.0)
        .bind(paper.distributed.map(|at| at.0))
        .execute(self.connection())
        .await
        .map_err(on_insert("paper", paper.id.as_str()))?;
        Ok(())
    }

    /// Title, point, place in the order, and since when it is distributed.
    pub async fn update_paper(&mut self, paper: &PaperRow) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE papers SET title = ?, point = ?, position = ?, distributed = ? WHERE id = ?")
            .bind(&paper.title)
            .bind(paper.point)
            .bind(paper.position)
            .bind(paper.distributed.map(|at| at.0))
            .bind(paper.id.as_str())
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 { Err(StoreError::Missing { what: "paper", id: paper.id.to_string() }) } else { Ok(()) }
    }

    /// With its openings.
    pub async fn delete_paper(&mut self, id: &PaperId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM papers WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "paper", id: id.to_string() }),
            _ => Ok(()),
        }
    }
}
