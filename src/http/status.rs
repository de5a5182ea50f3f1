//! The whole server at a glance, for the operations page.

use std::path::PathBuf;

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{AppState, Problem};
use crate::base::UtcMs;
use crate::channel::SignalState;
use crate::http::extract::Json;
use crate::org::{Caller, Role};
use crate::store::{JobState, Space};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(status))
}

/// What the status tells of the machine.
#[derive(Debug, Clone)]
pub struct StatusSource {
    pub started: UtcMs,
    pub time_zone: String,
    pub recordings: PathBuf,
    pub reserve_bytes: u64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Status {
    version: String,
    started: UtcMs,
    now: UtcMs,
    time_zone: String,
    /// Only for operators, like all that follows.
    disk: Option<Disk>,
    channels: Option<ChannelCounts>,
    jobs: Option<JobCounts>,
    warnings: Vec<Warning>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Disk {
    total: u64,
    free: u64,
    /// Never used by media.
    reserve: u64,
    tapes_bytes: u64,
    assets_bytes: u64,
    /// When tapes reach the reserve, at their present pace; absent where they do not grow any more.
    full_in_hours: Option<f64>,
}

#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
struct ChannelCounts {
    ok: u32,
    starting: u32,
    missing: u32,
    error: u32,
    off: u32,
}

#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
struct JobCounts {
    queued: u32,
    running: u32,
    failed: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Warning {
    what: String,
    detail: String,
    at: UtcMs,
}

/// The server at a glance
#[utoipa::path(get, path = "/status", tag = "operations", responses((status = 200, body = Status)))]
async fn status(State(app): State<AppState>, caller: Caller) -> Result<Json<Status>, Problem> {
    let source = &app.status;
    let mut status = Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: source.started,
        now: app.clock.now(),
        time_zone: source.time_zone.clone(),
        disk: None,
        channels: None,
        jobs: None,
        warnings: Vec::new(),
    };
    if caller.may_anywhere(Role::Operator) {
        let (counts, warnings, growth_bps) = channels(&app).await?;
        let disk = disk(&app, growth_bps).await?;
        status.channels = Some(counts);
        status.warnings = warnings;
        if disk.free < disk.reserve {
            let detail =
                "保留空间已被占用:最早的录像先被删除,新的转码任务等待空间 · the reserve is touched: the oldest tape goes first, new jobs wait for room";
            status.warnings.push(Warning { what: "磁盘 disk".to_owned(), detail: detail.to_owned(), at: status.now });
        }
        status.disk = Some(disk);
        status.jobs = Some(jobs(&app).await?);
        for rule in app.store.rules().await? {
            if let Some(detail) = app.library.preview(&rule).await?.warning {
                status.warnings.push(Warning { what: format!("规则 rule {}", rule.title), detail, at: status.now });
            }
        }
    }
    Ok(Json(status))
}

/// Remarks on channels are shown so long, and so many of each channel.
const RECENT_MS: i64 = 3_600_000;
const NOTES: usize = 3;

/// Counts, what is wrong, and the bits per second that all tapes take in.
async fn channels(app: &AppState) -> Result<(ChannelCounts, Vec<Warning>, u64), Problem> {
    let (mut counts, mut warnings, mut growth_bps) = (ChannelCounts::default(), Vec::new(), 0);
    for settings in app.channels.list().await? {
        let signal = app.channels.signal(&settings.id);
        *match signal.state {
            SignalState::Ok => &mut counts.ok,
            SignalState::Starting => &mut counts.starting,
            SignalState::Missing => &mut counts.missing,
            SignalState::Error => &mut counts.error,
            SignalState::Off => &mut counts.off,
        } += 1;
        growth_bps += signal.bitrate_bps;
        if let Some(detail) = signal.message {
            warnings.push(Warning { what: settings.title.clone(), detail, at: signal.since });
        }
        let recent = app.channels.notes(&settings.id).into_iter().rev().filter(|note| app.clock.now() - note.at < RECENT_MS).take(NOTES);
        warnings.extend(recent.map(|note| Warning { what: settings.title.clone(), detail: note.words, at: note.at }));
    }
    Ok((counts, warnings, growth_bps))
}

async fn disk(app: &AppState, growth_bps: u64) -> Result<Disk, Problem> {
    let assets_bytes = app.store.assets_bytes().await?;
    let Space { total, free } = Space::of(&app.status.recordings).map_err(|e| Problem::internal(&e))?;
    let room = free.saturating_sub(app.status.reserve_bytes);
    // Tapes that have reached their limit lose as much as they gain.
    let growing = app.channels.tapes_still_growing();
    let full_in_hours = (growing && growth_bps > 0).then(|| room as f64 * 8.0 / growth_bps as f64 / 3600.0);
    Ok(Disk { total, free, reserve: app.status.reserve_bytes, tapes_bytes: app.channels.tapes_bytes(), assets_bytes, full_in_hours })
}

async fn jobs(app: &AppState) -> Result<JobCounts, Problem> {
    let mut counts = JobCounts::default();
    for (state, n) in app.store.job_counts().await? {
        match state {
            JobState::Queued => counts.queued = n,
            JobState::Running => counts.running = n,
            JobState::Failed => counts.failed = n,
            JobState::Done | JobState::Cancelled => {}
        }
    }
    Ok(counts)
}
