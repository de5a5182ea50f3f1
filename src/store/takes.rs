//! Takes: programmes that rules have claimed.

use sqlx::{Row, sqlite::SqliteRow};

use super::{Store, StoreError, on_insert};
use crate::base::{AssetId, UtcMs};
use crate::epg::{EventKey, Take, TakeState};

const WORDS: [(TakeState, &str); 3] = [(TakeState::Open, "open"), (TakeState::Closed, "closed"), (TakeState::Refused, "refused")];

fn from_row(row: &SqliteRow) -> Result<Take, StoreError> {
    let id: String = row.try_get("id")?;
    let word: String = row.try_get("state")?;
    let Some(&(state, _)) = WORDS.iter().find(|(_, w)| *w == word) else {
        return Err(StoreError::Corrupt { what: "take", id, column: "state", value: word });
    };
    Ok(Take {
        id: id.into(),
        rule: row.try_get::<Option<String>, _>("rule")?.map(Into::into),
        column: row.try_get::<String, _>("column_id")?.into(),
        channel: row.try_get::<String, _>("channel")?.into(),
        event: EventKey::from(row.try_get::<String, _>("event")?),
        title: row.try_get("title")?,
        start: UtcMs(row.try_get("start_at")?),
        end: UtcMs(row.try_get("end_at")?),
        first_start: UtcMs(row.try_get("first_start")?),
        from: UtcMs(row.try_get("cut_from")?),
        to: UtcMs(row.try_get("cut_to")?),
        state,
    })
}

fn word(state: TakeState) -> &'static str {
    WORDS.iter().find(|(s, _)| *s == state).map_or("open", |(_, w)| w)
}

impl Store {
    pub async fn takes(&self) -> Result<Vec<Take>, StoreError> {
        sqlx::query("SELECT * FROM takes ORDER BY start_at, id").fetch_all(self.read()).await?.iter().map(from_row).collect()
    }

    pub async fn take(&self, id: &AssetId) -> Result<Option<Take>, StoreError> {
        sqlx::query("SELECT * FROM takes WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?.as_ref().map(from_row).transpose()
    }

    pub async fn insert_take(&self, take: &Take) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO takes (title, event, start_at, end_at, cut_from, cut_to, state, id, rule, column_id, channel, first_start)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&take.title)
        .bind(take.event.as_str())
        .bind(take.start.0)
        .bind(take.end.0)
        .bind(take.from.0)
        .bind(take.to.0)
        .bind(word(take.state))
        .bind(take.id.as_str())
        .bind(take.rule.as_ref().map(|r| r.as_str()))
        .bind(take.column.as_str())
        .bind(take.channel.as_str())
        .bind(take.first_start.0)
        .execute(self.write())
        .await
        .map_err(on_insert("take", take.id.as_str()))?;
        Ok(())
    }

    pub async fn update_take(&self, take: &Take) -> Result<(), StoreError> {
        sqlx::query("UPDATE takes SET title = ?, event = ?, start_at = ?, end_at = ?, cut_from = ?, cut_to = ?, state = ? WHERE id = ?")
            .bind(&take.title)
            .bind(take.event.as_str())
            .bind(take.start.0)
            .bind(take.end.0)
            .bind(take.from.0)
            .bind(take.to.0)
            .bind(word(take.state))
            .bind(take.id.as_str())
            .execute(self.write())
            .await?;
        Ok(())
    }

    pub async fn delete_take(&self, id: &AssetId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM takes WHERE id = ?").bind(id.as_str()).execute(self.write()).await?;
        Ok(())
    }

    /// Forgets what ended before and was refused or has lost its asset.
    pub async fn forget_takes(&self, ended_before: UtcMs) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM takes WHERE end_at < ? AND state <> 'open' AND id NOT IN (SELECT id FROM assets)")
            .bind(ended_before.0)
            .execute(self.write())
            .await?;
        Ok(done.rows_affected())
    }
}
