//! Assets: what was cut from tapes, with its state and renditions.

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use super::channels::existed;
use super::{Store, StoreError, on_insert};
use crate::base::{AssetId, ChannelId, ColumnId, RuleId, UtcMs};

/// Where an asset is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetState {
    /// Its programme is on the air, or will be; the tape holds it, the cut has not been made.
    Taping,
    /// Cut; its renditions wait for a worker.
    Queued,
    Transcoding,
    Ready,
    Failed,
    Cancelled,
}

impl AssetState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Taping => "taping",
            Self::Queued => "queued",
            Self::Transcoding => "transcoding",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        [Self::Taping, Self::Queued, Self::Transcoding, Self::Ready, Self::Failed, Self::Cancelled].into_iter().find(|s| s.word() == word)
    }
}

/// One rendition that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rendition {
    pub name: String,
    /// 0 × 0 for sound.
    pub width: u32,
    pub height: u32,
    /// The peak over its segments.
    pub bitrate_bps: u32,
    pub average_bps: u32,
    /// RFC 6381.
    pub codecs: String,
    /// Frames per 1,000 seconds; 0 for sound.
    pub frame_rate_milli: u32,
}

impl Rendition {
    pub fn is_video(&self) -> bool {
        self.height > 0
    }
}

/// A stretch of an asset for which the tape holds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MissingStretch {
    pub from: UtcMs,
    pub to: UtcMs,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AssetRow {
    pub id: AssetId,
    pub title: String,
    pub description: String,
    pub column: ColumnId,
    pub channel: ChannelId,
    pub channel_title: String,
    pub rule: Option<RuleId>,
    pub event: Option<String>,
    /// The programme's times.
    pub start: UtcMs,
    pub end: UtcMs,
    /// What is cut: with padding, and once cut outward to random access points.
    pub from: UtcMs,
    pub to: UtcMs,
    pub state: AssetState,
    pub error: Option<String>,
    pub playable: bool,
    pub poster: bool,
    pub thumbnails: bool,
    pub renditions: Vec<Rendition>,
    pub gaps: Vec<MissingStretch>,
    pub created: UtcMs,
}

impl sqlx::FromRow<'_, SqliteRow> for AssetRow {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let word: String = row.try_get("state")?;
        let state = AssetState::of(&word).ok_or_else(|| sqlx::Error::Decode(format!("asset state `{word}`").into()))?;
        let json = |e: serde_json::Error| sqlx::Error::Decode(Box::new(e));
        Ok(Self {
            id: row.try_get::<String, _>("id")?.into(),
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            column: row.try_get::<String, _>("column_id")?.into(),
            channel: row.try_get::<String, _>("channel")?.into(),
            channel_title: row.try_get("channel_title")?,
            rule: row.try_get::<Option<String>, _>("rule")?.map(Into::into),
            event: row.try_get("event")?,
            start: UtcMs(row.try_get("start_at")?),
            end: UtcMs(row.try_get("end_at")?),
            from: UtcMs(row.try_get("cut_from")?),
            to: UtcMs(row.try_get("cut_to")?),
            state,
            error: row.try_get("error")?,
            playable: row.try_get("playable")?,
            poster: row.try_get("poster")?,
            thumbnails: row.try_get("thumbnails")?,
            renditions: serde_json::from_str(row.try_get("renditions")?).map_err(json)?,
            gaps: serde_json::from_str(row.try_get("gaps")?).map_err(json)?,
            created: UtcMs(row.try_get("created")?),
        })
    }
}

/// Which assets a list shows; newest programme first.
#[derive(Debug, Clone, Default)]
pub struct AssetQuery {
    pub columns: Option<Vec<ColumnId>>,
    pub channel: Option<ChannelId>,
    pub rule: Option<RuleId>,
    pub states: Vec<AssetState>,
    pub playable: Option<bool>,
    /// Part of the title.
    pub title: Option<String>,
    /// Programmes that begin in [from, to).
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    /// Continue after the asset with this start and id.
    pub after: Option<(UtcMs, AssetId)>,
    pub limit: u32,
}

impl Store {
    pub async fn assets(&self, query: &AssetQuery) -> Result<Vec<AssetRow>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT * FROM assets WHERE 1 = 1");
        if let Some(columns) = &query.columns {
            sql.push(" AND column_id IN (");
            let mut list = sql.separated(", ");
            for column in columns {
                list.push_bind(column.as_str().to_owned());
            }
            sql.push(")");
        }
        if let Some(channel) = &query.channel {
            sql.push(" AND channel = ").push_bind(channel.as_str().to_owned());
        }
        if let Some(rule) = &query.rule {
            sql.push(" AND rule = ").push_bind(rule.as_str().to_owned());
        }
        if !query.states.is_empty() {
            sql.push(" AND state IN (");
            let mut list = sql.separated(", ");
            for state in &query.states {
                list.push_bind(state.word());
            }
            sql.push(")");
        }
        if let Some(playable) = query.playable {
            sql.push(" AND playable = ").push_bind(playable);
        }
        if let Some(title) = &query.title {
            sql.push(" AND instr(lower(title), lower(").push_bind(title.clone()).push(")) > 0");
        }
        if let Some(from) = query.from {
            sql.push(" AND start_at >= ").push_bind(from.0);
        }
        if let Some(to) = query.to {
            sql.push(" AND start_at < ").push_bind(to.0);
        }
        if let Some((start, id)) = &query.after {
            sql.push(" AND (start_at, id) < (").push_bind(start.0).push(", ").push_bind(id.as_str().to_owned()).push(")");
        }
        sql.push(" ORDER BY start_at DESC, id DESC LIMIT ").push_bind(query.limit.clamp(1, 1000));
        Ok(sql.build_query_as().fetch_all(self.read()).await?)
    }

    /// About how many bytes the renditions of all assets take.
    pub async fn assets_bytes(&self) -> Result<u64, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT renditions, cut_to - cut_from FROM assets WHERE playable = 1").fetch_all(self.read()).await?;
        let bytes = rows.iter().map(|(renditions, duration_ms)| {
            let bits_per_second: u64 = serde_json::from_str::<Vec<Rendition>>(renditions).unwrap_or_default().iter().map(|r| u64::from(r.average_bps)).sum();
            bits_per_second * u64::try_from(*duration_ms).unwrap_or(0) / 8000
        });
        Ok(bytes.sum())
    }

    pub async fn asset(&self, id: &AssetId) -> Result<AssetRow, StoreError> {
        let row = sqlx::query_as("SELECT * FROM assets WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        row.ok_or_else(|| StoreError::Missing { what: "asset", id: id.to_string() })
    }

    pub async fn insert_asset(&self, row: &AssetRow) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO assets (id, column_id, channel, channel_title, rule, event, created, title, description, start_at, end_at, cut_from, cut_to,
             state, error, playable, poster, thumbnails, renditions, gaps)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(row.id.as_str())
        .bind(row.column.as_str())
        .bind(row.channel.as_str())
        .bind(&row.channel_title)
        .bind(row.rule.as_ref().map(RuleId::as_str))
        .bind(&row.event)
        .bind(row.created.0)
        .bind(&row.title)
        .bind(&row.description)
        .bind(row.start.0)
        .bind(row.end.0)
        .bind(row.from.0)
        .bind(row.to.0)
        .bind(row.state.word())
        .bind(&row.error)
        .bind(row.playable)
        .bind(row.poster)
        .bind(row.thumbnails)
        .bind(json(&row.renditions))
        .bind(json(&row.gaps))
        .execute(self.write())
        .await
        .map_err(on_insert("asset", row.id.as_str()))?;
        Ok(())
    }

    /// Writes what may change of an asset: all but its origin.
    pub async fn update_asset(&self, row: &AssetRow) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE assets SET column_id = ?, title = ?, description = ?, start_at = ?, end_at = ?, cut_from = ?, cut_to = ?, state = ?, error = ?,
             playable = ?, poster = ?, thumbnails = ?, renditions = ?, gaps = ? WHERE id = ?",
        )
        .bind(row.column.as_str())
        .bind(&row.title)
        .bind(&row.description)
        .bind(row.start.0)
        .bind(row.end.0)
        .bind(row.from.0)
        .bind(row.to.0)
        .bind(row.state.word())
        .bind(&row.error)
        .bind(row.playable)
        .bind(row.poster)
        .bind(row.thumbnails)
        .bind(json(&row.renditions))
        .bind(json(&row.gaps))
        .bind(row.id.as_str())
        .execute(self.write())
        .await?;
        existed(done.rows_affected(), "asset", row.id.as_str())
    }

    pub async fn delete_asset(&self, id: &AssetId) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM assets WHERE id = ?").bind(id.as_str()).execute(self.write()).await?;
        existed(done.rows_affected(), "asset", id.as_str())
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}
