//! Followers: where nothing can be copied, one rung of a programme is encoded while it is on, so that it can be watched when it ends.
//!
//! A follower is a worker beside the queue, at a job's priority, and at most so many run. What it has made counts only when it ended in order; it is lost
//! with the server, and then the whole ladder is encoded after the end.

use std::collections::HashMap;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::publish::{Collected, Encoded, SegmentFile};
use crate::base::AssetId;
use crate::base::work::{Event, Live, Task};
use crate::jobs::{WorkerOptions, WorkerProcess};

/// What a follower made: rungs whose segments begin every [`super::cut::ENCODED_90K`] after `from_90k`.
pub struct Followed {
    pub from_90k: i64,
    pub version: String,
    pub rungs: Vec<(Encoded, Vec<SegmentFile>)>,
}

/// A follower has ended.
pub struct Ended {
    asset: AssetId,
    version: String,
    /// What went wrong, in words.
    result: Result<Followed, String>,
}

/// All followers of the library.
pub struct Followers {
    most: usize,
    worker: WorkerOptions,
    running: HashMap<AssetId, Running>,
    made: HashMap<AssetId, Followed>,
    ended: (mpsc::Sender<Ended>, mpsc::Receiver<Ended>),
}

struct Running {
    version: String,
    /// The programme is over.
    over: CancellationToken,
    /// Nobody wants it any more; also when this is dropped.
    _wanted: tokio_util::sync::DropGuard,
}

impl Followers {
    pub fn new(most: usize, worker: WorkerOptions) -> Self {
        Self { most, worker, running: HashMap::new(), made: HashMap::new(), ended: mpsc::channel(16) }
    }

    pub fn is_following(&self, asset: &AssetId) -> bool {
        self.running.contains_key(asset)
    }

    /// Begins to follow, where there is room for one more.
    pub fn begin(&mut self, asset: &AssetId, task: Live) {
        if self.running.len() >= self.most || self.is_following(asset) || self.made.contains_key(asset) {
            return;
        }
        let version = ulid::Ulid::new().to_string().to_lowercase();
        let (over, unwanted) = (CancellationToken::new(), CancellationToken::new());
        let running = Running { version: version.clone(), over: over.clone(), _wanted: unwanted.clone().drop_guard() };
        self.running.insert(asset.clone(), running);
        tracing::info!(%asset, rung = task.video.first().map(|r| r.name.as_str()), "a programme is encoded while it is on");
        let (worker, asset, ended) = (self.worker.clone(), asset.clone(), self.ended.0.clone());
        tokio::spawn(async move {
            let from_90k = task.start.anchor.media_90k;
            let follow = follow(&worker, &version, Task::Live(task), over);
            let Some(made) = unwanted.run_until_cancelled(follow).await else { return };
            let result = made.map(|rungs| Followed { from_90k, version: version.clone(), rungs });
            // The library has ended where nobody takes it.
            let _ = ended.send(Ended { asset, version, result }).await;
        });
    }

    /// The programme is over: the follower converts what there is and ends.
    pub fn finish(&self, asset: &AssetId) {
        if let Some(running) = self.running.get(asset) {
            running.over.cancel();
        }
    }

    /// The next that ends.
    pub async fn next(&mut self) -> Ended {
        match self.ended.1.recv().await {
            Some(ended) => ended,
            // Never: the sender is held beside it.
            None => std::future::pending().await,
        }
    }

    /// Keeps what it made, or says why there is nothing.
    pub fn note(&mut self, ended: Ended) {
        // One that was let go and begun anew has another version.
        if self.running.get(&ended.asset).is_none_or(|running| running.version != ended.version) {
            return;
        }
        self.running.remove(&ended.asset);
        match ended.result {
            Ok(followed) => drop(self.made.insert(ended.asset, followed)),
            Err(error) => tracing::warn!(asset = %ended.asset, error, "a programme could not be encoded while it was on; all of it is encoded afterwards"),
        }
    }

    /// Hands out what was made of an asset.
    pub fn take(&mut self, asset: &AssetId) -> Option<Followed> {
        self.made.remove(asset)
    }

    /// Lets an asset go that nobody wants any more.
    pub fn forget(&mut self, asset: &AssetId) {
        self.running.remove(asset);
        self.made.remove(asset);
    }
}

async fn follow(options: &WorkerOptions, version: &str, task: Task, over: CancellationToken) -> Result<Vec<(Encoded, Vec<SegmentFile>)>, String> {
    let mut worker = WorkerProcess::start(options, &format!("follow-{version}"), &task).map_err(|e| e.to_string())?;
    let (mut collected, mut rungs, mut failed) = (Collected::new(), Vec::new(), None);
    let mut is_over = false;
    loop {
        let event = tokio::select! {
            event = worker.event() => event,
            () = over.cancelled(), if !is_over => {
                is_over = true;
                worker.stop().await;
                continue;
            }
        };
        match event {
            Some(Event::Segment { rung, number, start_90k, duration_90k, bytes }) => {
                let segment = SegmentFile { name: format!("{number}.m4s"), start_90k, duration_90k, bytes };
                collected.entry(rung).or_default().push(segment);
            }
            Some(Event::Failed { message }) => failed = Some(message),
            Some(Event::Warning { message }) => tracing::warn!(version, message, "follower"),
            Some(event) => rungs.extend(Encoded::of(&event)),
            None => break,
        }
    }
    match (failed, worker.ended().await) {
        (Some(message), _) => Err(message),
        (None, Err(words)) => Err(words),
        (None, Ok(())) if !is_over => Err("the worker ended before its programme".to_owned()),
        (None, Ok(())) => {
            let of = |encoded: Encoded| {
                let segments = collected.remove(&encoded.rung).unwrap_or_default();
                (encoded, segments)
            };
            Ok(rungs.into_iter().map(of).collect())
        }
    }
}
