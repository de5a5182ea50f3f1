//! Computers that stand ready in a venue, and how those of a venue answer.

use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::meetings::words;
use super::{Change, Store, StoreError};
use crate::base::{PersonId, SiteId, StandId, UtcMs};

words! {
    /// How the computers of a venue answer: somebody presses a key there; by themselves when the chair calls; or also when a meeting opens.
    Answers { ByHand = "by_hand", WhenCalled = "when_called", AtStart = "at_start" }
}

/// A computer that stands ready in a venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Stand {
    pub id: StandId,
    /// Whose venue it is.
    pub site: SiteId,
    pub title: String,
    pub paired_by: Option<PersonId>,
    pub paired_by_name: String,
    pub created: UtcMs,
    /// To the minute; null: not yet.
    pub last_seen: Option<UtcMs>,
    /// Where it was seen last.
    pub address: Option<String>,
    /// Browser, system and devices, as it says of itself.
    pub runs: String,
    #[serde(skip)]
    pub hash: Vec<u8>,
}

fn stand(row: &SqliteRow) -> Result<Stand, StoreError> {
    Ok(Stand {
        id: row.try_get::<String, _>("id")?.into(),
        site: row.try_get::<String, _>("site")?.into(),
        title: row.try_get("title")?,
        paired_by: row.try_get::<Option<String>, _>("paired_by")?.map(PersonId::from),
        paired_by_name: row.try_get("paired_by_name")?,
        created: UtcMs(row.try_get("created")?),
        last_seen: row.try_get::<Option<i64>, _>("last_seen")?.map(UtcMs),
        address: row.try_get("address")?,
        runs: row.try_get("runs")?,
        hash: row.try_get("hash")?,
    })
}

impl Store {
    /// By the SHA-256 of its secret.
    pub async fn stand_by_hash(&self, hash: &[u8]) -> Result<Option<Stand>, StoreError> {
        sqlx::query("SELECT * FROM stands WHERE hash = ?").bind(hash).fetch_optional(self.read()).await?.as_ref().map(stand).transpose()
    }

    pub async fn stand(&self, id: &StandId) -> Result<Option<Stand>, StoreError> {
        sqlx::query("SELECT * FROM stands WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?.as_ref().map(stand).transpose()
    }

    /// The oldest first.
    pub async fn stands(&self, site: &SiteId) -> Result<Vec<Stand>, StoreError> {
        sqlx::query("SELECT * FROM stands WHERE site = ? ORDER BY id").bind(site.as_str()).fetch_all(self.read()).await?.iter().map(stand).collect()
    }

    pub async fn touch_stand(&self, id: &StandId, now: UtcMs, address: Option<&str>) -> Result<(), StoreError> {
        sqlx::query("UPDATE stands SET last_seen = ?, address = coalesce(?, address) WHERE id = ?")
            .bind(now.0)
            .bind(address)
            .bind(id.as_str())
            .execute(self.write())
            .await?;
        Ok(())
    }

    pub async fn set_stand_runs(&self, id: &StandId, runs: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE stands SET runs = ? WHERE id = ?").bind(runs).bind(id.as_str()).execute(self.write()).await?;
        Ok(())
    }

    pub async fn answers(&self, site: &SiteId) -> Result<Answers, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT answers FROM standing WHERE site = ?").bind(site.as_str()).fetch_optional(self.read()).await?;
        let Some((text,)) = row else { return Ok(Answers::WhenCalled) };
        text.parse().map_err(|()| StoreError::Corrupt { what: "standing", id: site.to_string(), column: "answers", value: text })
    }
}

impl Change {
    pub async fn insert_stand(&mut self, stand: &Stand) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO stands (id, site, title, hash, paired_by, paired_by_name, created, address, runs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(stand.id.as_str())
            .bind(stand.site.as_str())
            .bind(&stand.title)
            .bind(&stand.hash)
            .bind(stand.paired_by.as_ref().map(PersonId::as_str))
            .bind(&stand.paired_by_name)
            .bind(stand.created.0)
            .bind(&stand.address)
            .bind(&stand.runs)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    pub async fn delete_stand(&mut self, id: &StandId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM stands WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "stand", id: id.to_string() }),
            _ => Ok(()),
        }
    }

    pub async fn set_answers(&mut self, site: &SiteId, answers: Answers) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO standing (site, answers) VALUES (?, ?) ON CONFLICT (site) DO UPDATE SET answers = excluded.answers")
            .bind(site.as_str())
            .bind(answers.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
