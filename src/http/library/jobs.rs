//! Jobs with their progress.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{AssetId, JobId, UtcMs};
use crate::http::extract::{Json, Path, Query};
use crate::http::page::{Page, PageQuery};
use crate::http::{AppState, Problem};
use crate::org::{Caller, Record, Role};
use crate::store::{JobRow, JobState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(cancel)).routes(routes!(retry))
}

/// A durable job.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Job {
    id: JobId,
    kind: String,
    asset: AssetId,
    title: String,
    state: JobState,
    /// 0 to 1.
    progress: f64,
    /// How long it will probably take, while it runs.
    eta_seconds: Option<u64>,
    attempts: u32,
    error: Option<String>,
    created: UtcMs,
    started: Option<UtcMs>,
    finished: Option<UtcMs>,
}

impl Job {
    fn of(row: JobRow, now: UtcMs) -> Self {
        let eta_seconds = match (row.state, row.started) {
            (JobState::Running, Some(started)) if row.progress > 0.01 => {
                let spent = now.saturating_since(started).as_secs_f64();
                Some((spent * (1.0 - row.progress) / row.progress) as u64)
            }
            _ => None,
        };
        Self {
            id: row.id,
            kind: row.kind,
            asset: row.asset,
            title: row.title,
            state: row.state,
            progress: row.progress,
            eta_seconds,
            attempts: row.attempts,
            error: row.error,
            created: row.created,
            started: row.started,
            finished: row.finished,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct JobQuery {
    /// Only jobs in this state.
    state: Option<JobState>,
}

/// Jobs, newest first
#[utoipa::path(get, path = "/jobs", operation_id = "list_jobs", tag = "library", params(JobQuery, PageQuery), responses((status = 200, body = Page<Job>)))]
async fn list(State(app): State<AppState>, caller: Caller, Query(query): Query<JobQuery>, Query(page): Query<PageQuery>) -> Result<Json<Page<Job>>, Problem> {
    caller.require_anywhere(Role::Operator)?;
    let (limit, now) = (page.limit()?, app.clock.now());
    let after = page.cursor.as_deref().map(JobId::from);
    let rows = app.store.jobs(query.state, after.as_ref(), limit).await?;
    let next = (rows.len() == limit as usize).then(|| rows.last().map(|r| r.id.to_string())).flatten();
    Ok(Json(Page { items: rows.into_iter().map(|row| Job::of(row, now)).collect(), next }))
}

/// A job
#[utoipa::path(get, path = "/jobs/{id}", operation_id = "show_job", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Job), (status = 404, body = Problem)))]
async fn show(State(app): State<AppState>, caller: Caller, Path(id): Path<JobId>) -> Result<Json<Job>, Problem> {
    caller.require_anywhere(Role::Operator)?;
    Ok(Json(Job::of(app.store.job(&id).await?, app.clock.now())))
}

/// Cancel a job that waits or runs
#[utoipa::path(post, path = "/jobs/{id}/cancel", operation_id = "cancel_job", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 409, body = Problem)))]
async fn cancel(State(app): State<AppState>, caller: Caller, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    caller.require_anywhere(Role::Operator)?;
    let row = app.store.job(&id).await?;
    app.library.cancel(&row.asset).await?;
    app.record(&caller, Record::new("job.cancel", id.as_str())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Run a job again that failed or was cancelled
#[utoipa::path(post, path = "/jobs/{id}/retry", operation_id = "retry_job", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 409, body = Problem)))]
async fn retry(State(app): State<AppState>, caller: Caller, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    caller.require_anywhere(Role::Operator)?;
    let row = app.store.job(&id).await?;
    app.library.retry(&row.asset).await?;
    app.record(&caller, Record::new("job.retry", id.as_str())).await?;
    Ok(StatusCode::NO_CONTENT)
}
