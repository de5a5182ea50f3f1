//! The queue's keeper: claims jobs, runs at most so many workers, retries with backoff, cancels.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::process::{WorkerOptions, WorkerProcess};
use crate::base::work::{Event, Task};
use crate::base::{AssetId, Clock, JobId, UtcMs};
use crate::store::{JobRow, JobState, Space, Store, StoreError};

/// What a job's listener hears.
#[derive(Debug, Clone, PartialEq)]
pub struct JobEvent {
    pub job: JobId,
    pub asset: AssetId,
    pub report: JobReport,
}

#[derive(Debug, Clone, PartialEq)]
pub enum JobReport {
    Started,
    Worker(Event),
    /// It will be tried again.
    Retrying {
        error: String,
    },
    Done,
    Failed {
        error: String,
    },
    Cancelled,
}

/// A handle to the queue; cheap to clone.
#[derive(Clone)]
pub struct Queue {
    store: Store,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
    running: Arc<Mutex<HashMap<JobId, CancellationToken>>>,
}

/// How the queue runs.
#[derive(Debug, Clone)]
pub struct QueueOptions {
    /// Workers at a time.
    pub parallel: usize,
    /// How often a job is begun before it is given up.
    pub attempts: u32,
    pub worker: WorkerOptions,
    /// Where workers write. No job begins while less than the reserve is free there.
    pub recordings: PathBuf,
    pub reserve_bytes: u64,
}

impl QueueOptions {
    fn has_room(&self) -> bool {
        Space::of(&self.recordings).is_ok_and(|space| space.free >= self.reserve_bytes)
    }
}

impl Queue {
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, wake: Arc::default(), running: Arc::default() }
    }

    /// Puts a task for an asset into the queue.
    pub async fn enqueue(&self, asset: &AssetId, title: &str, task: &Task) -> Result<JobId, StoreError> {
        let now = self.clock.now();
        let kind = match task {
            Task::Transcode(_) => "transcode",
            Task::Live(_) => "live",
        };
        let row = JobRow {
            id: JobId::random(),
            kind: kind.to_owned(),
            asset: asset.clone(),
            title: title.to_owned(),
            task: serde_json::to_string(task).unwrap_or_default(),
            state: JobState::Queued,
            progress: 0.0,
            attempts: 0,
            not_before: now,
            error: None,
            created: now,
            started: None,
            finished: None,
        };
        self.store.insert_job(&row).await?;
        self.wake.notify_one();
        Ok(row.id)
    }

    /// Cancels a job that waits or runs; `false` where it was over already.
    pub async fn cancel(&self, id: &JobId) -> Result<bool, StoreError> {
        let changed = self.store.finish_job(id, JobState::Cancelled, None, self.clock.now()).await?;
        if let Some(token) = self.running().get(id) {
            token.cancel();
        }
        Ok(changed)
    }

    /// Puts a job that is over back into the queue, with all its attempts.
    pub async fn retry(&self, id: &JobId) -> Result<(), StoreError> {
        self.store.requeue_job(id, self.clock.now(), None, Some(0)).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Runs jobs until `stop`. One call per process.
    pub async fn run(&self, options: QueueOptions, events: mpsc::Sender<JobEvent>, stop: CancellationToken) -> Result<(), StoreError> {
        let requeued = self.store.requeue_running_jobs().await?;
        if requeued > 0 {
            tracing::info!(requeued, "jobs that ran when the server ended wait again");
        }
        let mut workers = JoinSet::new();
        let mut had_room = true;
        loop {
            let has_room = options.has_room();
            if has_room != had_room {
                had_room = has_room;
                tracing::warn!(has_room, reserve_bytes = options.reserve_bytes, "no job begins while the disk's reserve is touched");
            }
            metrics::gauge!("yizhan_jobs_lack_room").set(if has_room { 0.0 } else { 1.0 });
            while has_room && workers.len() < options.parallel {
                match self.store.claim_job(self.clock.now()).await {
                    Ok(Some(job)) => {
                        let run = Run { queue: self.clone(), options: options.clone(), events: events.clone(), stop: stop.clone(), job };
                        workers.spawn(run.through());
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "jobs cannot be claimed");
                        break;
                    }
                }
            }
            metrics::gauge!("yizhan_jobs_running").set(workers.len() as f64);
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.wake.notified() => {}
                Some(_) = workers.join_next(), if !workers.is_empty() => {}
                // Jobs that wait for their time.
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
        while workers.join_next().await.is_some() {}
        Ok(())
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, CancellationToken>> {
        self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// One job on its way through a worker.
struct Run {
    queue: Queue,
    options: QueueOptions,
    events: mpsc::Sender<JobEvent>,
    stop: CancellationToken,
    job: JobRow,
}

impl Run {
    async fn through(self) {
        let cancel = CancellationToken::new();
        self.queue.running().insert(self.job.id.clone(), cancel.clone());
        self.tell(JobReport::Started).await;
        tracing::info!(job = %self.job.id, asset = %self.job.asset, attempt = self.job.attempts, "job begins");
        let end = tokio::select! {
            end = self.work() => end,
            () = cancel.cancelled() => End::Cancelled,
            () = self.stop.cancelled() => End::ServerStops,
        };
        self.queue.running().remove(&self.job.id);
        if let Err(error) = self.conclude(end).await {
            tracing::error!(job = %self.job.id, %error, "the end of a job could not be noted; it will run again");
        }
    }

    /// Starts the worker and hears it out. Dropping this kills the child.
    async fn work(&self) -> End {
        let task: Task = match serde_json::from_str(&self.job.task) {
            Ok(task) => task,
            Err(error) => return End::Failed(format!("task cannot be read: {error}")),
        };
        let mut worker = match WorkerProcess::start(&self.options.worker, self.job.id.as_str(), &task) {
            Ok(worker) => worker,
            Err(error) => return End::Broken(error.to_string()),
        };
        let (mut done, mut failed) = (false, None);
        while let Some(event) = worker.event().await {
            match &event {
                Event::Progress { done } => {
                    if let Err(error) = self.queue.store.set_job_progress(&self.job.id, f64::from(*done)).await {
                        tracing::warn!(job = %self.job.id, %error, "progress could not be noted");
                    }
                }
                Event::Warning { message } => tracing::warn!(job = %self.job.id, message, "worker"),
                Event::Failed { message } => failed = Some(message.clone()),
                Event::Done => done = true,
                _ => {}
            }
            self.tell(JobReport::Worker(event)).await;
        }
        match (worker.ended().await, done, failed) {
            (_, _, Some(message)) => End::Failed(message),
            (Ok(()), true, None) => End::Done,
            (Ok(()), false, None) => End::Broken("worker ended without saying that it was done".to_owned()),
            (Err(words), ..) => End::Broken(words),
        }
    }

    async fn conclude(&self, end: End) -> Result<(), StoreError> {
        let now = self.queue.clock.now();
        let (store, id) = (&self.queue.store, &self.job.id);
        let report = match end {
            // Cancelled in its last moment: it stays cancelled.
            End::Done => match store.finish_job(id, JobState::Done, None, now).await? {
                true => JobReport::Done,
                false => JobReport::Cancelled,
            },
            End::ServerStops => return store.requeue_job(id, now, None, Some(self.job.attempts.saturating_sub(1))).await,
            End::Cancelled => JobReport::Cancelled,
            End::Broken(error) if self.job.attempts < self.options.attempts => {
                let wait_ms = 5_000 << self.job.attempts.min(8);
                store.requeue_job(id, UtcMs(now.0 + wait_ms), Some(&error), None).await?;
                JobReport::Retrying { error }
            }
            End::Broken(error) | End::Failed(error) => {
                store.finish_job(id, JobState::Failed, Some(&error), now).await?;
                JobReport::Failed { error }
            }
        };
        metrics::counter!("yizhan_jobs_total", "end" => report.word()).increment(1);
        tracing::info!(job = %id, asset = %self.job.asset, ?report, "job ends");
        self.tell(report).await;
        Ok(())
    }

    async fn tell(&self, report: JobReport) {
        let event = JobEvent { job: self.job.id.clone(), asset: self.job.asset.clone(), report };
        // The listener is gone only when the server ends.
        let _ = self.events.send(event).await;
    }
}

/// How a run ended.
enum End {
    Done,
    /// The task itself cannot be done; trying again would not help.
    Failed(String),
    /// The worker broke; trying again may help.
    Broken(String),
    Cancelled,
    ServerStops,
}

impl JobReport {
    fn word(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Worker(_) => "worker",
            Self::Retrying { .. } => "retrying",
            Self::Done => "done",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}
