//! Notices: what a person or a unit was told about a meeting.

use serde::Serialize;
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::meetings::words;
use super::{Change, Store, StoreError};
use crate::base::{MeetingId, NoticeId, PersonId, UnitId, UtcMs};

words! {
    NoticeKind { Invited = "invited", Changed = "changed", Cancelled = "cancelled", Taken = "taken" }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Notice {
    pub id: NoticeId,
    /// To a person, or else to a unit.
    pub person: Option<PersonId>,
    pub unit: Option<UnitId>,
    pub kind: NoticeKind,
    pub meeting: MeetingId,
    pub text: String,
    pub at: UtcMs,
    pub read_at: Option<UtcMs>,
    /// The meeting waits for an answer of whom it was told to.
    pub asks_reply: bool,
}

/// Whose notices, newest first.
#[derive(Debug, Clone, Default)]
pub struct NoticeQuery {
    pub person: Option<PersonId>,
    pub units: Vec<UnitId>,
    pub unread: bool,
    /// Only those older than this one.
    pub before: Option<NoticeId>,
}

fn from_row(row: &SqliteRow) -> Result<Notice, StoreError> {
    let (id, kind): (String, String) = (row.try_get("id")?, row.try_get("kind")?);
    let kind = match kind.parse() {
        Ok(kind) => kind,
        Err(()) => return Err(StoreError::Corrupt { what: "notice", id, column: "kind", value: kind }),
    };
    Ok(Notice {
        id: id.into(),
        person: row.try_get::<Option<String>, _>("person")?.map(PersonId::from),
        unit: row.try_get::<Option<String>, _>("unit")?.map(UnitId::from),
        kind,
        meeting: row.try_get::<String, _>("meeting")?.into(),
        text: row.try_get("text")?,
        at: UtcMs(row.try_get("at")?),
        read_at: row.try_get::<Option<i64>, _>("read_at")?.map(UtcMs),
        asks_reply: row.try_get("asks_reply")?,
    })
}

/// With whether an answer is waited for: of a person taking part alone, or of any of a unit's sites.
const SELECT: &str = "SELECT n.*, EXISTS (
        SELECT 1 FROM meeting_venues v JOIN meetings m ON m.id = v.meeting
        WHERE v.meeting = n.meeting AND v.reply = 'pending' AND v.role = 'branch' AND m.state = 'booked'
            AND (v.venue = 'person:' || n.person OR (v.unit = n.unit AND v.venue LIKE 'site:%'))
    ) AS asks_reply FROM notices n";

impl Store {
    pub async fn notice(&self, id: &NoticeId) -> Result<Notice, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE n.id = ?"))).bind(id.as_str()).fetch_optional(self.read()).await?;
        row.as_ref().map(from_row).transpose()?.ok_or_else(|| StoreError::Missing { what: "notice", id: id.to_string() })
    }

    pub async fn notices(&self, asked: &NoticeQuery, limit: u32) -> Result<Vec<Notice>, StoreError> {
        let units: Vec<&str> = asked.units.iter().map(UnitId::as_str).collect();
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE (n.person = ?1 OR n.unit IN (SELECT value FROM json_each(?2)))
                AND (?3 = 0 OR n.read_at IS NULL) AND (?4 IS NULL OR n.id < ?4) ORDER BY n.id DESC LIMIT ?5",
        )))
        .bind(asked.person.as_ref().map(PersonId::as_str))
        .bind(Value::from(units).to_string())
        .bind(asked.unread)
        .bind(asked.before.as_ref().map(NoticeId::as_str))
        .bind(limit)
        .fetch_all(self.read())
        .await?
        .iter()
        .map(from_row)
        .collect()
    }

    /// How many are not read yet.
    pub async fn unread_notices(&self, asked: &NoticeQuery) -> Result<u32, StoreError> {
        let units: Vec<&str> = asked.units.iter().map(UnitId::as_str).collect();
        let (count,): (u32,) =
            sqlx::query_as("SELECT count(*) FROM notices WHERE (person = ? OR unit IN (SELECT value FROM json_each(?))) AND read_at IS NULL")
                .bind(asked.person.as_ref().map(PersonId::as_str))
                .bind(Value::from(units).to_string())
                .fetch_one(self.read())
                .await?;
        Ok(count)
    }

    /// All of these that are not read yet, up to and with this one.
    pub async fn mark_notices_read(&self, asked: &NoticeQuery, up_to: &NoticeId, now: UtcMs) -> Result<(), StoreError> {
        let units: Vec<&str> = asked.units.iter().map(UnitId::as_str).collect();
        sqlx::query("UPDATE notices SET read_at = ? WHERE (person = ? OR unit IN (SELECT value FROM json_each(?))) AND read_at IS NULL AND id <= ?")
            .bind(now.0)
            .bind(asked.person.as_ref().map(PersonId::as_str))
            .bind(Value::from(units).to_string())
            .bind(up_to.as_str())
            .execute(self.write())
            .await?;
        Ok(())
    }

    /// The first reading counts.
    pub async fn mark_notice_read(&self, id: &NoticeId, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("UPDATE notices SET read_at = coalesce(read_at, ?) WHERE id = ?").bind(now.0).bind(id.as_str()).execute(self.write()).await?;
        Ok(())
    }
}

impl Change {
    pub async fn insert_notice(&mut self, notice: &Notice) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO notices (id, person, unit, kind, meeting, text, at, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(notice.id.as_str())
            .bind(notice.person.as_ref().map(PersonId::as_str))
            .bind(notice.unit.as_ref().map(UnitId::as_str))
            .bind(notice.kind.as_str())
            .bind(notice.meeting.as_str())
            .bind(&notice.text)
            .bind(notice.at.0)
            .bind(notice.read_at.map(|at| at.0))
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
