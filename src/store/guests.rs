//! Links by which guests come into a meeting, and the seats that guests took.

use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{GuestLinkId, MeetingId, PersonId, UtcMs, VenueId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct GuestLink {
    pub id: GuestLinkId,
    pub meeting: MeetingId,
    /// Whom it is for.
    pub title: String,
    /// So many guests come by it.
    pub most: u32,
    /// Its guests come in with the venues; those of other links are let in by the chair, one by one.
    pub walks_in: bool,
    /// Null: with the meeting.
    pub expires: Option<UtcMs>,
    pub made_by: Option<PersonId>,
    pub made_by_name: String,
    pub created: UtcMs,
    pub revoked: Option<UtcMs>,
    /// The guests who came by it.
    pub guests: Vec<Guest>,
    #[serde(skip)]
    pub hash: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Guest {
    pub venue: VenueId,
    pub name: String,
    pub created: UtcMs,
    #[serde(skip)]
    pub hash: Vec<u8>,
}

fn link(row: &SqliteRow) -> Result<GuestLink, StoreError> {
    Ok(GuestLink {
        id: row.try_get::<String, _>("id")?.into(),
        meeting: row.try_get::<String, _>("meeting")?.into(),
        title: row.try_get("title")?,
        most: row.try_get("most")?,
        walks_in: row.try_get("walks_in")?,
        expires: row.try_get::<Option<i64>, _>("expires")?.map(UtcMs),
        made_by: row.try_get::<Option<String>, _>("made_by")?.map(PersonId::from),
        made_by_name: row.try_get("made_by_name")?,
        created: UtcMs(row.try_get("created")?),
        revoked: row.try_get::<Option<i64>, _>("revoked")?.map(UtcMs),
        guests: vec![],
        hash: row.try_get("hash")?,
    })
}

fn guest(row: &SqliteRow) -> Result<Guest, StoreError> {
    let venue: String = row.try_get("venue")?;
    Ok(Guest {
        name: row.try_get("name")?,
        created: UtcMs(row.try_get("created")?),
        hash: row.try_get("hash")?,
        venue: venue.parse().map_err(|_| StoreError::Corrupt { what: "guest", id: venue.clone(), column: "venue", value: venue })?,
    })
}

impl Store {
    /// By the SHA-256 of its secret.
    pub async fn guest_link_by_hash(&self, hash: &[u8]) -> Result<Option<GuestLink>, StoreError> {
        let row = sqlx::query("SELECT * FROM guest_links WHERE hash = ?").bind(hash).fetch_optional(self.read()).await?;
        self.with_guests(row).await
    }

    pub async fn guest_link(&self, id: &GuestLinkId) -> Result<Option<GuestLink>, StoreError> {
        let row = sqlx::query("SELECT * FROM guest_links WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        self.with_guests(row).await
    }

    /// The newest first.
    pub async fn guest_links(&self, meeting: &MeetingId) -> Result<Vec<GuestLink>, StoreError> {
        let rows = sqlx::query("SELECT * FROM guest_links WHERE meeting = ? ORDER BY id DESC").bind(meeting.as_str()).fetch_all(self.read()).await?;
        let mut links = vec![];
        for row in rows {
            links.extend(self.with_guests(Some(row)).await?);
        }
        Ok(links)
    }

    async fn with_guests(&self, row: Option<SqliteRow>) -> Result<Option<GuestLink>, StoreError> {
        let Some(mut link) = row.as_ref().map(link).transpose()? else { return Ok(None) };
        let rows = sqlx::query("SELECT * FROM guests WHERE link = ? ORDER BY created, venue").bind(link.id.as_str()).fetch_all(self.read()).await?;
        link.guests = rows.iter().map(guest).collect::<Result<_, _>>()?;
        Ok(Some(link))
    }
}

impl Change {
    pub async fn insert_guest_link(&mut self, link: &GuestLink) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO guest_links (id, meeting, title, hash, most, walks_in, expires, made_by, made_by_name, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(link.id.as_str())
        .bind(link.meeting.as_str())
        .bind(&link.title)
        .bind(&link.hash)
        .bind(link.most)
        .bind(link.walks_in)
        .bind(link.expires.map(|at| at.0))
        .bind(link.made_by.as_ref().map(PersonId::as_str))
        .bind(&link.made_by_name)
        .bind(link.created.0)
        .execute(self.connection())
        .await
        .map_err(on_insert("guest link", &link.title))?;
        Ok(())
    }

    pub async fn revoke_guest_link(&mut self, id: &GuestLinkId, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("UPDATE guest_links SET revoked = coalesce(revoked, ?) WHERE id = ?").bind(now.0).bind(id.as_str()).execute(self.connection()).await?;
        Ok(())
    }

    /// Whether there was room: two who come at once do not both take the last seat of a link.
    pub async fn seat_guest(&mut self, link: &GuestLinkId, most: u32, guest: &Guest) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO guests (venue, link, name, hash, created) SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM guests WHERE link = ?2) < ?6",
        )
        .bind(guest.venue.as_str())
        .bind(link.as_str())
        .bind(&guest.name)
        .bind(&guest.hash)
        .bind(guest.created.0)
        .bind(most)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
