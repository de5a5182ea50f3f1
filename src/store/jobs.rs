//! The durable queue's rows. Who runs them is `jobs`' affair.

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use super::channels::existed;
use super::{Store, StoreError, on_insert};
use crate::base::{AssetId, JobId, UtcMs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled].into_iter().find(|s| s.word() == word)
    }

    /// Nothing more will come of it by itself.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    pub id: JobId,
    pub kind: String,
    pub asset: AssetId,
    pub title: String,
    /// JSON of [`crate::base::work::Task`].
    pub task: String,
    pub state: JobState,
    /// 0 to 1.
    pub progress: f64,
    /// How often it was begun.
    pub attempts: u32,
    pub not_before: UtcMs,
    pub error: Option<String>,
    pub created: UtcMs,
    pub started: Option<UtcMs>,
    pub finished: Option<UtcMs>,
}

impl sqlx::FromRow<'_, SqliteRow> for JobRow {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let word: String = row.try_get("state")?;
        Ok(Self {
            id: row.try_get::<String, _>("id")?.into(),
            kind: row.try_get("kind")?,
            asset: row.try_get::<String, _>("asset")?.into(),
            title: row.try_get("title")?,
            task: row.try_get("task")?,
            state: JobState::of(&word).ok_or_else(|| sqlx::Error::Decode(format!("job state `{word}`").into()))?,
            progress: row.try_get("progress")?,
            attempts: row.try_get("attempts")?,
            not_before: UtcMs(row.try_get("not_before")?),
            error: row.try_get("error")?,
            created: UtcMs(row.try_get("created")?),
            started: row.try_get::<Option<i64>, _>("started")?.map(UtcMs),
            finished: row.try_get::<Option<i64>, _>("finished")?.map(UtcMs),
        })
    }
}

impl Store {
    pub async fn insert_job(&self, row: &JobRow) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO jobs (id, kind, asset, title, task, state, progress, attempts, not_before, error, created, started, finished)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(row.id.as_str())
        .bind(&row.kind)
        .bind(row.asset.as_str())
        .bind(&row.title)
        .bind(&row.task)
        .bind(row.state.word())
        .bind(row.progress)
        .bind(row.attempts)
        .bind(row.not_before.0)
        .bind(&row.error)
        .bind(row.created.0)
        .bind(row.started.map(|t| t.0))
        .bind(row.finished.map(|t| t.0))
        .execute(self.write())
        .await
        .map_err(on_insert("job", row.id.as_str()))?;
        Ok(())
    }

    /// Takes the oldest job that may begin and marks it running; nobody else gets it.
    pub async fn claim_job(&self, now: UtcMs) -> Result<Option<JobRow>, StoreError> {
        let row = sqlx::query_as(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, progress = 0, started = ?1, finished = NULL, error = NULL
             WHERE id = (SELECT id FROM jobs WHERE state = 'queued' AND not_before <= ?1 ORDER BY created, id LIMIT 1) RETURNING *",
        )
        .bind(now.0)
        .fetch_optional(self.write())
        .await?;
        Ok(row)
    }

    pub async fn job(&self, id: &JobId) -> Result<JobRow, StoreError> {
        let row = sqlx::query_as("SELECT * FROM jobs WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        row.ok_or_else(|| StoreError::Missing { what: "job", id: id.to_string() })
    }

    /// Jobs, newest first, continuing after `after`.
    pub async fn jobs(&self, state: Option<JobState>, after: Option<&JobId>, limit: u32) -> Result<Vec<JobRow>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT * FROM jobs WHERE 1 = 1");
        if let Some(state) = state {
            sql.push(" AND state = ").push_bind(state.word());
        }
        if let Some(after) = after {
            sql.push(" AND id < ").push_bind(after.as_str().to_owned());
        }
        sql.push(" ORDER BY id DESC LIMIT ").push_bind(limit.clamp(1, 1000));
        Ok(sql.build_query_as().fetch_all(self.read()).await?)
    }

    pub async fn jobs_of(&self, asset: &AssetId) -> Result<Vec<JobRow>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM jobs WHERE asset = ? ORDER BY id").bind(asset.as_str()).fetch_all(self.read()).await?)
    }

    /// How many jobs are in each state.
    pub async fn job_counts(&self) -> Result<Vec<(JobState, u32)>, StoreError> {
        let rows: Vec<(String, u32)> = sqlx::query_as("SELECT state, count(*) FROM jobs GROUP BY state").fetch_all(self.read()).await?;
        Ok(rows.into_iter().filter_map(|(word, n)| Some((JobState::of(&word)?, n))).collect())
    }

    pub async fn set_job_progress(&self, id: &JobId, progress: f64) -> Result<(), StoreError> {
        sqlx::query("UPDATE jobs SET progress = ? WHERE id = ? AND state = 'running'").bind(progress).bind(id.as_str()).execute(self.write()).await?;
        Ok(())
    }

    /// Ends a job, unless it has ended already (a cancelled one stays cancelled).
    pub async fn finish_job(&self, id: &JobId, state: JobState, error: Option<&str>, now: UtcMs) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET state = ?1, error = ?2, finished = ?3, progress = CASE WHEN ?1 = 'done' THEN 1.0 ELSE progress END
             WHERE id = ?4 AND state IN ('queued', 'running')",
        )
        .bind(state.word())
        .bind(error)
        .bind(now.0)
        .bind(id.as_str())
        .execute(self.write())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts a job back into the queue, not to begin before `not_before`.
    pub async fn requeue_job(&self, id: &JobId, not_before: UtcMs, error: Option<&str>, attempts: Option<u32>) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE jobs SET state = 'queued', not_before = ?, error = ?, progress = 0, finished = NULL, attempts = coalesce(?, attempts) WHERE id = ?",
        )
        .bind(not_before.0)
        .bind(error)
        .bind(attempts)
        .bind(id.as_str())
        .execute(self.write())
        .await?;
        existed(done.rows_affected(), "job", id.as_str())
    }

    /// After a start: what was running when the server ended waits again.
    pub async fn requeue_running_jobs(&self) -> Result<u64, StoreError> {
        let done = sqlx::query("UPDATE jobs SET state = 'queued', progress = 0 WHERE state = 'running'").execute(self.write()).await?;
        Ok(done.rows_affected())
    }

    /// Forgets jobs that ended before `before`.
    pub async fn forget_jobs(&self, before: UtcMs) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM jobs WHERE finished < ? AND state IN ('done', 'cancelled')").bind(before.0).execute(self.write()).await?;
        Ok(done.rows_affected())
    }
}
