//! Meetings, found.

use std::collections::HashMap;
use std::str::FromStr;

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::{DeskPerson, Meeting, MeetingVenue};
use crate::base::{ColumnId, MeetingId, PersonId, SeriesId, UnitId, UtcMs, VenueId};
use crate::store::{Store, StoreError};

/// Which meetings, earliest first.
#[derive(Debug, Clone, Default)]
pub struct MeetingQuery {
    /// Those that end after this.
    pub from: Option<UtcMs>,
    /// Those that begin before this.
    pub to: Option<UtcMs>,
    pub units: Option<Vec<UnitId>>,
    pub series: Option<SeriesId>,
    pub id: Option<MeetingId>,
    /// Those this meeting has taken something from.
    pub taken_by: Option<MeetingId>,
}

/// A column that holds one of several words, or JSON.
fn word<T: FromStr>(row: &SqliteRow, id: &str, column: &'static str) -> Result<T, StoreError> {
    let text: String = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::Corrupt { what: "meeting", id: id.to_owned(), column, value: text })
}

fn json<T: serde::de::DeserializeOwned>(row: &SqliteRow, id: &str, column: &'static str) -> Result<T, StoreError> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt { what: "meeting", id: id.to_owned(), column, value: text })
}

fn meeting(row: &SqliteRow) -> Result<Meeting, StoreError> {
    let id: String = row.try_get("id")?;
    let time = |column: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(UtcMs));
    Ok(Meeting {
        series: row.try_get::<Option<String>, _>("series")?.map(SeriesId::from),
        unit: row.try_get::<String, _>("unit")?.into(),
        title: row.try_get("title")?,
        mode: word(row, &id, "mode")?,
        starts: UtcMs(row.try_get("starts")?),
        ends: UtcMs(row.try_get("ends")?),
        chair: row.try_get::<String, _>("chair")?.into(),
        chair_name: row.try_get("chair_name")?,
        desk: vec![],
        venues: vec![],
        agenda: json(row, &id, "agenda")?,
        papers: json(row, &id, "papers")?,
        column: row.try_get::<Option<String>, _>("column_id")?.map(ColumnId::from),
        audience: row.try_get("audience")?,
        walk_in: row.try_get("walk_in")?,
        notice: row.try_get("notice")?,
        number: None,
        picture: word(row, &id, "picture")?,
        copy_kbps: row.try_get("copy_kbps")?,
        state: word(row, &id, "state")?,
        taken_by: row.try_get::<Option<String>, _>("taken_by")?.map(MeetingId::from),
        revision: row.try_get("revision")?,
        booked_by: row.try_get::<Option<String>, _>("booked_by")?.map(PersonId::from),
        booked_by_name: row.try_get("booked_by_name")?,
        created: UtcMs(row.try_get("created")?),
        started: time("started")?,
        ended: time("ended")?,
        id: id.into(),
    })
}

fn venue(row: &SqliteRow) -> Result<MeetingVenue, StoreError> {
    let meeting: String = row.try_get("meeting")?;
    Ok(MeetingVenue {
        venue: word::<VenueId>(row, &meeting, "venue")?,
        title: row.try_get("title")?,
        unit: row.try_get::<String, _>("unit")?.into(),
        role: word(row, &meeting, "role")?,
        invited: row.try_get("invited")?,
        reply: word(row, &meeting, "reply")?,
        headcount: row.try_get("headcount")?,
        remark: row.try_get("remark")?,
        replied_by: row.try_get::<Option<String>, _>("replied_by")?.map(PersonId::from),
        replied_at: row.try_get::<Option<i64>, _>("replied_at")?.map(UtcMs),
    })
}

fn desk_person(row: &SqliteRow) -> Result<DeskPerson, StoreError> {
    let meeting: String = row.try_get("meeting")?;
    Ok(DeskPerson {
        person: row.try_get::<String, _>("person")?.into(),
        name: row.try_get("name")?,
        duty: word(row, &meeting, "duty")?,
        acts_for: row.try_get::<String, _>("acts_for")?.into(),
    })
}

impl Store {
    pub async fn meeting(&self, id: &MeetingId) -> Result<Option<Meeting>, StoreError> {
        Ok(self.meetings(&MeetingQuery { id: Some(id.clone()), ..MeetingQuery::default() }).await?.pop())
    }

    /// By the time they begin.
    pub async fn meetings(&self, asked: &MeetingQuery) -> Result<Vec<Meeting>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM meetings WHERE 1");
        if let Some(from) = asked.from {
            query.push(" AND ends > ").push_bind(from.0);
        }
        if let Some(to) = asked.to {
            query.push(" AND starts < ").push_bind(to.0);
        }
        if let Some(units) = &asked.units {
            let ids: Vec<&str> = units.iter().map(UnitId::as_str).collect();
            query.push(" AND unit IN (SELECT value FROM json_each(").push_bind(Value::from(ids).to_string()).push("))");
        }
        if let Some(series) = &asked.series {
            query.push(" AND series = ").push_bind(series.as_str());
        }
        if let Some(id) = &asked.id {
            query.push(" AND id = ").push_bind(id.as_str());
        }
        if let Some(taker) = &asked.taken_by {
            query.push(" AND taken_by = ").push_bind(taker.as_str());
        }
        query.push(" ORDER BY starts, id");
        // One picture: a change between the three would show a meeting without its venues.
        let mut reading = self.read().begin().await?;
        let mut meetings: Vec<Meeting> = query.build().fetch_all(&mut *reading).await?.iter().map(meeting).collect::<Result<_, _>>()?;
        let places: HashMap<String, usize> = meetings.iter().enumerate().map(|(at, meeting)| (meeting.id.to_string(), at)).collect();
        let ids: Vec<&str> = meetings.iter().map(|meeting| meeting.id.as_str()).collect();
        let ids = Value::from(ids).to_string();
        let rows = sqlx::query("SELECT * FROM meeting_venues WHERE meeting IN (SELECT value FROM json_each(?)) ORDER BY meeting, position")
            .bind(&ids)
            .fetch_all(&mut *reading)
            .await?;
        for row in &rows {
            if let Some(at) = places.get(row.try_get::<&str, _>("meeting")?) {
                meetings[*at].venues.push(venue(row)?);
            }
        }
        let rows = sqlx::query("SELECT * FROM meeting_desk WHERE meeting IN (SELECT value FROM json_each(?)) ORDER BY meeting, person, acts_for")
            .bind(&ids)
            .fetch_all(&mut *reading)
            .await?;
        for row in &rows {
            if let Some(at) = places.get(row.try_get::<&str, _>("meeting")?) {
                meetings[*at].desk.push(desk_person(row)?);
            }
        }
        Ok(meetings)
    }

    /// The conduct's state as its keeper wrote it.
    pub async fn conduct(&self, id: &MeetingId) -> Result<Option<String>, StoreError> {
        let row: Option<(Option<String>,)> = sqlx::query_as("SELECT conduct FROM meetings WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        row.map(|r| r.0).ok_or_else(|| StoreError::Missing { what: "meeting", id: id.to_string() })
    }

    /// The repeat rule of a series, as JSON.
    pub async fn series_repeat(&self, id: &SeriesId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT repeat FROM series WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        Ok(row.map(|r| r.0))
    }
}
