//! Meetings, written.

use super::{Meeting, MeetingState, MeetingVenue};
use crate::base::{MeetingId, PersonId, SeriesId, UtcMs};
use crate::store::{Change, StoreError, on_insert};

fn json(value: &impl serde::Serialize) -> String {
    // Strings and numbers: they have a form in JSON.
    serde_json::to_string(value).unwrap_or_default()
}

fn missing(id: &MeetingId) -> StoreError {
    StoreError::Missing { what: "meeting", id: id.to_string() }
}

impl Change {
    pub async fn insert_series(&mut self, id: &SeriesId, repeat: &str, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO series (id, repeat, created) VALUES (?, ?, ?)").bind(id.as_str()).bind(repeat).bind(now.0).execute(self.connection()).await?;
        Ok(())
    }

    pub async fn insert_meeting(&mut self, meeting: &Meeting) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO meetings (id, series, unit, title, mode, starts, ends, chair, chair_name, agenda, papers, column_id, audience, walk_in, notice,
                picture, copy_kbps, state, taken_by, revision, booked_by, booked_by_name, created, started, ended)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(meeting.id.as_str())
        .bind(meeting.series.as_ref().map(SeriesId::as_str))
        .bind(meeting.unit.as_str())
        .bind(&meeting.title)
        .bind(meeting.mode.as_str())
        .bind(meeting.starts.0)
        .bind(meeting.ends.0)
        .bind(meeting.chair.as_str())
        .bind(&meeting.chair_name)
        .bind(json(&meeting.agenda))
        .bind(json(&meeting.papers))
        .bind(meeting.column.as_ref().map(|column| column.as_str()))
        .bind(&meeting.audience)
        .bind(meeting.walk_in)
        .bind(&meeting.notice)
        .bind(meeting.picture.as_str())
        .bind(meeting.copy_kbps)
        .bind(meeting.state.as_str())
        .bind(meeting.taken_by.as_ref().map(MeetingId::as_str))
        .bind(meeting.revision)
        .bind(meeting.booked_by.as_ref().map(PersonId::as_str))
        .bind(&meeting.booked_by_name)
        .bind(meeting.created.0)
        .bind(meeting.started.map(|at| at.0))
        .bind(meeting.ended.map(|at| at.0))
        .execute(self.connection())
        .await
        .map_err(on_insert("meeting", meeting.id.as_str()))?;
        self.insert_people_and_places(meeting).await
    }

    /// All that a booking says; not the conduct, nor who booked it and when.
    pub async fn update_meeting(&mut self, meeting: &Meeting) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE meetings SET title = ?, mode = ?, starts = ?, ends = ?, chair = ?, chair_name = ?, agenda = ?, papers = ?, column_id = ?, audience = ?,
                walk_in = ?, notice = ?, picture = ?, copy_kbps = ?, state = ?, taken_by = ?, revision = ?, started = ?, ended = ? WHERE id = ?",
        )
        .bind(&meeting.title)
        .bind(meeting.mode.as_str())
        .bind(meeting.starts.0)
        .bind(meeting.ends.0)
        .bind(meeting.chair.as_str())
        .bind(&meeting.chair_name)
        .bind(json(&meeting.agenda))
        .bind(json(&meeting.papers))
        .bind(meeting.column.as_ref().map(|column| column.as_str()))
        .bind(&meeting.audience)
        .bind(meeting.walk_in)
        .bind(&meeting.notice)
        .bind(meeting.picture.as_str())
        .bind(meeting.copy_kbps)
        .bind(meeting.state.as_str())
        .bind(meeting.taken_by.as_ref().map(MeetingId::as_str))
        .bind(meeting.revision)
        .bind(meeting.started.map(|at| at.0))
        .bind(meeting.ended.map(|at| at.0))
        .bind(meeting.id.as_str())
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Err(missing(&meeting.id));
        }
        sqlx::query("DELETE FROM meeting_venues WHERE meeting = ?").bind(meeting.id.as_str()).execute(self.connection()).await?;
        sqlx::query("DELETE FROM meeting_desk WHERE meeting = ?").bind(meeting.id.as_str()).execute(self.connection()).await?;
        self.insert_people_and_places(meeting).await
    }

    async fn insert_people_and_places(&mut self, meeting: &Meeting) -> Result<(), StoreError> {
        for (position, venue) in meeting.venues.iter().enumerate() {
            sqlx::query(
                "INSERT INTO meeting_venues (meeting, venue, title, unit, role, position, invited, reply, headcount, remark, replied_by, replied_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(meeting.id.as_str())
            .bind(venue.venue.as_str())
            .bind(&venue.title)
            .bind(venue.unit.as_str())
            .bind(venue.role.as_str())
            .bind(position as i64)
            .bind(venue.invited)
            .bind(venue.reply.as_str())
            .bind(venue.headcount)
            .bind(&venue.remark)
            .bind(venue.replied_by.as_ref().map(PersonId::as_str))
            .bind(venue.replied_at.map(|at| at.0))
            .execute(self.connection())
            .await
            .map_err(on_insert("venue", venue.venue.as_str()))?;
        }
        for person in &meeting.desk {
            sqlx::query("INSERT INTO meeting_desk (meeting, person, name, duty, acts_for) VALUES (?, ?, ?, ?, ?)")
                .bind(meeting.id.as_str())
                .bind(person.person.as_str())
                .bind(&person.name)
                .bind(person.duty.as_str())
                .bind(person.acts_for.as_str())
                .execute(self.connection())
                .await
                .map_err(on_insert("desk person", person.person.as_str()))?;
        }
        Ok(())
    }

    /// What a venue answered.
    pub async fn set_reply(&mut self, meeting: &MeetingId, venue: &MeetingVenue) -> Result<(), StoreError> {
        let done =
            sqlx::query("UPDATE meeting_venues SET reply = ?, headcount = ?, remark = ?, replied_by = ?, replied_at = ? WHERE meeting = ? AND venue = ?")
                .bind(venue.reply.as_str())
                .bind(venue.headcount)
                .bind(&venue.remark)
                .bind(venue.replied_by.as_ref().map(PersonId::as_str))
                .bind(venue.replied_at.map(|at| at.0))
                .bind(meeting.as_str())
                .bind(venue.venue.as_str())
                .execute(self.connection())
                .await?;
        if done.rows_affected() == 0 { Err(StoreError::Missing { what: "venue", id: venue.venue.to_string() }) } else { Ok(()) }
    }

    /// Marks a meeting as taken by another, or, with `None`, as its own again.
    pub async fn set_taken(&mut self, meeting: &MeetingId, by: Option<&MeetingId>) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE meetings SET taken_by = ? WHERE id = ?")
            .bind(by.map(MeetingId::as_str))
            .bind(meeting.as_str())
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 { Err(missing(meeting)) } else { Ok(()) }
    }

    /// Notes the first opening and the last closing.
    pub async fn set_meeting_state(&mut self, id: &MeetingId, state: MeetingState, now: UtcMs) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE meetings SET state = ?1,
                started = CASE WHEN ?1 = 'open' THEN coalesce(started, ?2) ELSE started END,
                ended = CASE ?1 WHEN 'closed' THEN ?2 WHEN 'open' THEN NULL ELSE ended END
             WHERE id = ?3",
        )
        .bind(state.as_str())
        .bind(now.0)
        .bind(id.as_str())
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 { Err(missing(id)) } else { Ok(()) }
    }

    /// When a running meeting is extended.
    pub async fn set_meeting_end(&mut self, id: &MeetingId, ends: UtcMs) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE meetings SET ends = ? WHERE id = ?").bind(ends.0).bind(id.as_str()).execute(self.connection()).await?;
        if done.rows_affected() == 0 { Err(missing(id)) } else { Ok(()) }
    }
}
