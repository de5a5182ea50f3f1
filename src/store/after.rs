//! What is left of a meeting: how its lines were, its minutes, who is counted for the savings.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::meetings::words;
use super::{Change, Store, StoreError};
use crate::base::{MeetingId, PersonId, UnitId, UtcMs, VenueId};

words! {
    /// By what people of a venue are counted: typed in, announced by reply, or as one.
    CountedBy { Typed = "typed", Reply = "reply", One = "one" }
}

/// A venue's line in one minute. Losses in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMinute {
    pub venue: VenueId,
    pub minute: UtcMs,
    pub seconds: u32,
    pub up_kbps: u32,
    pub down_kbps: u32,
    /// The least that the line to it was estimated to carry.
    pub least_kbps: u32,
    pub up_loss: u32,
    pub down_loss: u32,
    pub worst_loss: u32,
    pub rtt_ms: u32,
    pub worst_rtt_ms: u32,
    pub paused_seconds: u32,
    pub thin_seconds: u32,
    pub away_seconds: u32,
    pub comebacks: u32,
    /// As the venue's own screen saw it.
    pub frozen_seconds: u32,
}

/// A version of the minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinutesVersion {
    pub version: u32,
    pub text: String,
    pub at: UtcMs,
    /// The draft that the server made, not a clerk's text.
    pub is_from_log: bool,
    pub person: Option<PersonId>,
    pub person_name: String,
}

/// A meeting that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedMeeting {
    pub id: MeetingId,
    pub ended: UtcMs,
}

/// The people of a venue in a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    pub venue: VenueId,
    pub title: String,
    /// None: a guest.
    pub unit: Option<UnitId>,
    pub people: u32,
    pub counted: CountedBy,
}

/// The same, with the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadsOfMeeting {
    pub meeting: MeetingId,
    pub title: String,
    pub starts: UtcMs,
    /// Whose the main venue is.
    pub main_unit: Option<UnitId>,
    pub main_title: String,
    pub is_main: bool,
    pub heads: Heads,
}

fn venue(row: &SqliteRow, meeting: &str) -> Result<VenueId, StoreError> {
    let text: String = row.try_get("venue")?;
    text.parse().map_err(|_| StoreError::Corrupt { what: "meeting", id: meeting.to_owned(), column: "venue", value: text })
}

impl Store {
    /// Keeps minutes of lines. One that is there already was begun before a restart: both count.
    pub async fn keep_lines(&self, meeting: &MeetingId, minutes: &[LineMinute]) -> Result<(), StoreError> {
        let mut change = self.write().begin_with("BEGIN IMMEDIATE").await?;
        for of in minutes {
            sqlx::query(
                "INSERT INTO meeting_quality (meeting, venue, minute, seconds, up_kbps, down_kbps, least_kbps, up_loss, down_loss, worst_loss, rtt_ms, worst_rtt_ms,
                                              paused_seconds, thin_seconds, away_seconds, comebacks, frozen_seconds)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET
                     up_kbps = (up_kbps * seconds + excluded.up_kbps * excluded.seconds) / max(seconds + excluded.seconds, 1),
                     down_kbps = (down_kbps * seconds + excluded.down_kbps * excluded.seconds) / max(seconds + excluded.seconds, 1),
                     up_loss = (up_loss * seconds + excluded.up_loss * excluded.seconds) / max(seconds + excluded.seconds, 1),
                     down_loss = (down_loss * seconds + excluded.down_loss * excluded.seconds) / max(seconds + excluded.seconds, 1),
                     rtt_ms = (rtt_ms * seconds + excluded.rtt_ms * excluded.seconds) / max(seconds + excluded.seconds, 1),
                     least_kbps = min(least_kbps, excluded.least_kbps),
                     worst_loss = max(worst_loss, excluded.worst_loss),
                     worst_rtt_ms = max(worst_rtt_ms, excluded.worst_rtt_ms),
                     seconds = min(seconds + excluded.seconds, 60),
                     paused_seconds = min(paused_seconds + excluded.paused_seconds, 60),
                     thin_seconds = min(thin_seconds + excluded.thin_seconds, 60),
                     away_seconds = min(away_seconds + excluded.away_seconds, 60),
                     comebacks = comebacks + excluded.comebacks,
                     frozen_seconds = min(frozen_seconds + excluded.frozen_seconds, 60)",
            )
            .bind(meeting.as_str())
            .bind(of.venue.as_str())
            .bind(of.minute.0)
            .bind(of.seconds)
            .bind(of.up_kbps)
            .bind(of.down_kbps)
            .bind(of.least_kbps)
            .bind(of.up_loss)
            .bind(of.down_loss)
            .bind(of.worst_loss)
            .bind(of.rtt_ms)
            .bind(of.worst_rtt_ms)
            .bind(of.paused_seconds)
            .bind(of.thin_seconds)
            .bind(of.away_seconds)
            .bind(of.comebacks)
            .bind(of.frozen_seconds)
            .execute(&mut *change)
            .await?;
        }
        Ok(change.commit().await?)
    }

    /// By venue and time.
    pub async fn lines_of(&self, meeting: &MeetingId) -> Result<Vec<LineMinute>, StoreError> {
        let rows = sqlx::query("SELECT * FROM meeting_quality WHERE meeting = ? ORDER BY venue, minute").bind(meeting.as_str()).fetch_all(self.read()).await?;
        rows.iter()
            .map(|row| {
                Ok(LineMinute {
                    venue: venue(row, meeting.as_str())?,
                    minute: UtcMs(row.try_get("minute")?),
                    seconds: row.try_get("seconds")?,
                    up_kbps: row.try_get("up_kbps")?,
                    down_kbps: row.try_get("down_kbps")?,
                    least_kbps: row.try_get("least_kbps")?,
                    up_loss: row.try_get("up_loss")?,
                    down_loss: row.try_get("down_loss")?,
                    worst_loss: row.try_get("worst_loss")?,
                    rtt_ms: row.try_get("rtt_ms")?,
                    worst_rtt_ms: row.try_get("worst_rtt_ms")?,
                    paused_seconds: row.try_get("paused_seconds")?,
                    thin_seconds: row.try_get("thin_seconds")?,
                    away_seconds: row.try_get("away_seconds")?,
                    comebacks: row.try_get("comebacks")?,
                    frozen_seconds: row.try_get("frozen_seconds")?,
                })
            })
            .collect()
    }

    /// Forgets the lines of meetings before this.
    pub async fn forget_lines(&self, before: UtcMs) -> Result<u64, StoreError> {
        Ok(sqlx::query("DELETE FROM meeting_quality WHERE minute < ?").bind(before.0).execute(self.write()).await?.rows_affected())
    }

    /// A version of the minutes, the newest where none is named.
    pub async fn minutes(&self, meeting: &MeetingId, version: Option<u32>) -> Result<Option<MinutesVersion>, StoreError> {
        let row = sqlx::query("SELECT * FROM meeting_minutes WHERE meeting = ? AND (? IS NULL OR version = ?) ORDER BY version DESC LIMIT 1")
            .bind(meeting.as_str())
            .bind(version)
            .bind(version)
            .fetch_optional(self.read())
            .await?;
        row.as_ref().map(minutes_version).transpose()
    }

    /// All versions without their texts, newest first.
    pub async fn minutes_versions(&self, meeting: &MeetingId) -> Result<Vec<MinutesVersion>, StoreError> {
        sqlx::query("SELECT version, '' AS text, at, is_from_log, person, person_name FROM meeting_minutes WHERE meeting = ? ORDER BY version DESC")
            .bind(meeting.as_str())
            .fetch_all(self.read())
            .await?
            .iter()
            .map(minutes_version)
            .collect()
    }

    /// Meetings that are over and not counted yet, or were opened again since; oldest first.
    pub async fn uncounted_meetings(&self, at_most: u32) -> Result<Vec<EndedMeeting>, StoreError> {
        let rows = sqlx::query(
            "SELECT meetings.id, coalesce(meetings.ended, meetings.ends) AS over FROM meetings LEFT JOIN meeting_counts ON meeting_counts.meeting = meetings.id
             WHERE meetings.state = 'closed' AND (meeting_counts.ended IS NULL OR meeting_counts.ended <> coalesce(meetings.ended, meetings.ends))
             ORDER BY meetings.starts, meetings.id LIMIT ?",
        )
        .bind(at_most)
        .fetch_all(self.read())
        .await?;
        rows.iter().map(|row| Ok(EndedMeeting { id: row.try_get::<String, _>("id")?.into(), ended: UtcMs(row.try_get("over")?) })).collect()
    }

    /// Counts a meeting that is over, instead of what was counted before.
    pub async fn count_meeting(&self, meeting: &EndedMeeting, heads: &[Heads]) -> Result<(), StoreError> {
        let mut change = self.write().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM meeting_heads WHERE meeting = ?").bind(meeting.id.as_str()).execute(&mut *change).await?;
        sqlx::query("INSERT INTO meeting_counts (meeting, ended) VALUES (?, ?) ON CONFLICT DO UPDATE SET ended = excluded.ended")
            .bind(meeting.id.as_str())
            .bind(meeting.ended.0)
            .execute(&mut *change)
            .await?;
        for heads in heads {
            sqlx::query("INSERT INTO meeting_heads (meeting, venue, title, unit, people, counted) VALUES (?, ?, ?, ?, ?, ?)")
                .bind(meeting.id.as_str())
                .bind(heads.venue.as_str())
                .bind(&heads.title)
                .bind(heads.unit.as_ref().map(UnitId::as_str))
                .bind(heads.people)
                .bind(heads.counted.as_str())
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }

    /// Who attended meetings that are over and began in this time.
    pub async fn heads(&self, from: UtcMs, to: UtcMs) -> Result<Vec<HeadsOfMeeting>, StoreError> {
        let rows = sqlx::query(
            "SELECT meeting_heads.*, meetings.title AS meeting_title, meetings.starts, main.venue AS main_venue, main.unit AS main_unit, main.title AS main_title
             FROM meeting_heads JOIN meetings ON meetings.id = meeting_heads.meeting
             LEFT JOIN meeting_venues AS main ON main.meeting = meetings.id AND main.role = 'main'
             WHERE meetings.state = 'closed' AND meetings.starts >= ? AND meetings.starts < ?
             ORDER BY meetings.starts, meetings.id, meeting_heads.venue",
        )
        .bind(from.0)
        .bind(to.0)
        .fetch_all(self.read())
        .await?;
        rows.iter().map(heads_of_meeting).collect()
    }

    /// The first and the last moment at which a meeting that is counted began.
    pub async fn heads_span(&self) -> Result<Option<(UtcMs, UtcMs)>, StoreError> {
        let row = sqlx::query(
            "SELECT min(starts) AS first, max(starts) AS last FROM meetings JOIN meeting_counts ON meeting_counts.meeting = meetings.id WHERE state = 'closed'",
        )
        .fetch_one(self.read())
        .await?;
        Ok(row.try_get::<Option<i64>, _>("first")?.map(UtcMs).zip(row.try_get::<Option<i64>, _>("last")?.map(UtcMs)))
    }

    /// A value that the server remembers.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM settings WHERE name = ?").bind(name).fetch_optional(self.read()).await?;
        Ok(row.map(|(value,)| value))
    }
}

impl Change {
    /// Writes the next version of the minutes. None: `after` is not the newest any more.
    pub async fn append_minutes(&mut self, meeting: &MeetingId, after: u32, text: &str, new: &MinutesVersion, most: u32) -> Result<Option<u32>, StoreError> {
        let (newest,): (u32,) = sqlx::query_as("SELECT coalesce(max(version), 0) FROM meeting_minutes WHERE meeting = ?")
            .bind(meeting.as_str())
            .fetch_one(self.connection())
            .await?;
        if newest != after {
            return Ok(None);
        }
        sqlx::query("INSERT INTO meeting_minutes (meeting, version, text, at, is_from_log, person, person_name) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(meeting.as_str())
            .bind(newest + 1)
            .bind(text)
            .bind(new.at.0)
            .bind(new.is_from_log)
            .bind(new.person.as_ref().map(PersonId::as_str))
            .bind(&new.person_name)
            .execute(self.connection())
            .await?;
        // The first is kept: it is what the log says.
        sqlx::query("DELETE FROM meeting_minutes WHERE meeting = ? AND version > 1 AND version <= ?")
            .bind(meeting.as_str())
            .bind(i64::from(newest) + 1 - i64::from(most))
            .execute(self.connection())
            .await?;
        Ok(Some(newest + 1))
    }

    pub async fn set_setting(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn minutes_version(row: &SqliteRow) -> Result<MinutesVersion, StoreError> {
    Ok(MinutesVersion {
        version: row.try_get("version")?,
        text: row.try_get("text")?,
        at: UtcMs(row.try_get("at")?),
        is_from_log: row.try_get("is_from_log")?,
        person: row.try_get::<Option<String>, _>("person")?.map(PersonId::from),
        person_name: row.try_get("person_name")?,
    })
}

fn heads_of_meeting(row: &SqliteRow) -> Result<HeadsOfMeeting, StoreError> {
    let meeting: String = row.try_get("meeting")?;
    let counted: String = row.try_get("counted")?;
    let venue = venue(row, &meeting)?;
    let Ok(counted) = counted.parse() else {
        return Err(StoreError::Corrupt { what: "meeting", id: meeting, column: "counted", value: counted });
    };
    let main: Option<String> = row.try_get("main_venue")?;
    Ok(HeadsOfMeeting {
        title: row.try_get("meeting_title")?,
        starts: UtcMs(row.try_get("starts")?),
        main_unit: row.try_get::<Option<String>, _>("main_unit")?.map(UnitId::from),
        main_title: row.try_get::<Option<String>, _>("main_title")?.unwrap_or_default(),
        is_main: main.as_deref() == Some(venue.as_str()),
        heads: Heads {
            venue,
            title: row.try_get("title")?,
            unit: row.try_get::<Option<String>, _>("unit")?.map(UnitId::from),
            people: row.try_get("people")?,
            counted,
        },
        meeting: meeting.into(),
    })
}
