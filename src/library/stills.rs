//! Poster and thumbnails at once: from key pictures alone, by a worker beside the queue, so that the front page shows a programme by its picture although
//! its turn in the queue may be an hour away. Where this fails, the job makes them.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use crate::base::AssetId;
use crate::base::work::{Event, Task, Transcode};
use crate::jobs::{WorkerOptions, WorkerProcess};

/// So many at a time.
const PARALLEL: usize = 1;

/// [`Event::Poster`] or [`Event::Thumbnails`] of an asset.
type Made = (AssetId, Event);

/// Makes stills in the order in which it is asked.
pub struct Stills {
    worker: WorkerOptions,
    turns: Arc<Semaphore>,
    made: (mpsc::Sender<Made>, mpsc::Receiver<Made>),
}

impl Stills {
    pub fn new(worker: WorkerOptions) -> Self {
        Self { worker, turns: Arc::new(Semaphore::new(PARALLEL)), made: mpsc::channel(16) }
    }

    /// Makes those that the asset's task asks for.
    pub fn make(&self, asset: &AssetId, task: &Transcode) {
        if task.poster_90k.is_none() {
            return;
        }
        let task = Task::Transcode(Transcode { video: vec![], audio: vec![], ..task.clone() });
        let (worker, turns, asset, made) = (self.worker.clone(), self.turns.clone(), asset.clone(), self.made.0.clone());
        tokio::spawn(async move {
            let Ok(_turn) = turns.acquire_owned().await else { return };
            let mut worker = match WorkerProcess::start(&worker, &format!("stills-{asset}"), &task) {
                Ok(worker) => worker,
                Err(error) => return tracing::warn!(%asset, %error, "no worker for poster and thumbnails; its job makes them"),
            };
            while let Some(event) = worker.event().await {
                match event {
                    // The library has ended where nobody takes it.
                    Event::Poster | Event::Thumbnails => drop(made.send((asset.clone(), event)).await),
                    Event::Failed { message } => tracing::warn!(%asset, message, "no poster and thumbnails yet; its job makes them"),
                    _ => {}
                }
            }
            if let Err(words) = worker.ended().await {
                tracing::warn!(%asset, words, "no poster and thumbnails yet; its job makes them");
            }
        });
    }

    /// The next that is made.
    pub async fn next(&mut self) -> Made {
        match self.made.1.recv().await {
            Some(made) => made,
            // Never: the sender is held beside it.
            None => std::future::pending().await,
        }
    }
}
