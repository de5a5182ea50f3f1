//! The shared boards of meetings.

use serde::Serialize;
use sqlx::{Row, Sqlite, Transaction};

use super::{Store, StoreError, on_insert};
use crate::base::MeetingId;
use crate::conduct::{MOST_POINTS, MOST_STROKES, Stroke};

/// A whole board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Board {
    /// Grows with every change.
    pub version: i64,
    /// Which all screens show.
    pub page: u32,
    pub pages: u32,
    /// In the order in which they were drawn.
    pub strokes: Vec<Drawn>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Drawn {
    /// A venue, or `desk`.
    pub by: String,
    pub stroke: Stroke,
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardChange {
    /// The board's version now.
    Done(i64),
    /// The page holds no more.
    Full,
    NoPage,
}

impl Store {
    pub async fn board(&self, meeting: &MeetingId) -> Result<Board, StoreError> {
        let mut look = self.read().begin().await?;
        let row = sqlx::query("SELECT version, page, pages FROM boards WHERE meeting = ?").bind(meeting.as_str()).fetch_optional(&mut *look).await?;
        let Some(row) = row else { return Ok(Board { version: 0, page: 0, pages: 1, strokes: Vec::new() }) };
        let drawn =
            sqlx::query("SELECT venue, stroke FROM board_strokes WHERE meeting = ? ORDER BY sequence").bind(meeting.as_str()).fetch_all(&mut *look).await?;
        let strokes = drawn.iter().map(|row| {
            let stroke: String = row.try_get("stroke")?;
            let read = serde_json::from_str(&stroke);
            let stroke = read.map_err(|_| StoreError::Corrupt { what: "board", id: meeting.to_string(), column: "stroke", value: stroke })?;
            Ok(Drawn { by: row.try_get("venue")?, stroke })
        });
        let strokes: Result<_, StoreError> = strokes.collect();
        Ok(Board { version: row.try_get("version")?, page: row.try_get("page")?, pages: row.try_get("pages")?, strokes: strokes? })
    }

    pub async fn draw_on_board(&self, meeting: &MeetingId, by: &str, stroke: &Stroke) -> Result<BoardChange, StoreError> {
        let mut change = self.change_board(meeting).await?;
        let found = sqlx::query(
            "SELECT (SELECT pages FROM boards WHERE meeting = ?) AS pages, COUNT(*) AS strokes, COALESCE(SUM(points), 0) AS points
             FROM board_strokes WHERE meeting = ? AND page = ?",
        );
        let found = found.bind(meeting.as_str()).bind(meeting.as_str()).bind(stroke.page).fetch_one(&mut *change).await?;
        let (pages, strokes, points): (u32, i64, i64) = (found.try_get("pages")?, found.try_get("strokes")?, found.try_get("points")?);
        if stroke.page >= pages {
            return Ok(BoardChange::NoPage);
        }
        if strokes >= MOST_STROKES as i64 || points + stroke.points() as i64 > MOST_POINTS as i64 {
            return Ok(BoardChange::Full);
        }
        sqlx::query("INSERT INTO board_strokes (meeting, id, venue, page, points, stroke) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(meeting.as_str())
            .bind(&stroke.id)
            .bind(by)
            .bind(stroke.page)
            .bind(stroke.points() as i64)
            .bind(serde_json::to_string(stroke).unwrap_or_default())
            .execute(&mut *change)
            .await
            .map_err(on_insert("stroke", &stroke.id))?;
        done(change, meeting).await
    }

    /// Takes strokes away; of one venue alone, where it is named.
    pub async fn erase_on_board(&self, meeting: &MeetingId, of: Option<&str>, strokes: &[String]) -> Result<BoardChange, StoreError> {
        let mut change = self.change_board(meeting).await?;
        for id in strokes {
            sqlx::query("DELETE FROM board_strokes WHERE meeting = ? AND id = ? AND (? IS NULL OR venue = ?)")
                .bind(meeting.as_str())
                .bind(id)
                .bind(of)
                .bind(of)
                .execute(&mut *change)
                .await?;
        }
        done(change, meeting).await
    }

    pub async fn clear_board(&self, meeting: &MeetingId, page: u32) -> Result<BoardChange, StoreError> {
        let mut change = self.change_board(meeting).await?;
        sqlx::query("DELETE FROM board_strokes WHERE meeting = ? AND page = ?").bind(meeting.as_str()).bind(page).execute(&mut *change).await?;
        done(change, meeting).await
    }

    /// To a page that is there, or to the one after the last.
    pub async fn turn_board(&self, meeting: &MeetingId, page: u32) -> Result<BoardChange, StoreError> {
        let mut change = self.change_board(meeting).await?;
        let turned = sqlx::query("UPDATE boards SET page = ?, pages = max(pages, ? + 1) WHERE meeting = ? AND ? <= pages");
        let turned = turned.bind(page).bind(page).bind(meeting.as_str()).bind(page).execute(&mut *change).await?;
        if turned.rows_affected() == 0 { Ok(BoardChange::NoPage) } else { done(change, meeting).await }
    }

    async fn change_board(&self, meeting: &MeetingId) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut change = self.write().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO boards (meeting) VALUES (?) ON CONFLICT DO NOTHING").bind(meeting.as_str()).execute(&mut *change).await?;
        Ok(change)
    }
}

async fn done(mut change: Transaction<'static, Sqlite>, meeting: &MeetingId) -> Result<BoardChange, StoreError> {
    let (version,): (i64,) =
        sqlx::query_as("UPDATE boards SET version = version + 1 WHERE meeting = ? RETURNING version").bind(meeting.as_str()).fetch_one(&mut *change).await?;
    change.commit().await?;
    Ok(BoardChange::Done(version))
}
