//! How long papers are kept: those of a meeting go a set time after it ended, and a file goes with the last paper that has it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{PaperError, Papers};
use crate::org::{Actor, Record};

const LOOK_EVERY: Duration = Duration::from_secs(3_600);

impl Papers {
    /// Removes what is kept no longer until told to stop.
    pub async fn keep(self, stop: CancellationToken) {
        loop {
            match stop.run_until_cancelled(self.forget()).await {
                None => return,
                Some(Err(error)) => tracing::error!(%error, "old papers could not be removed"),
                Some(Ok(())) => {}
            }
            if stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
                return;
            }
        }
    }

    /// Papers of meetings that ended long ago, and files that no paper has.
    pub(super) async fn forget(&self) -> Result<(), PaperError> {
        let (store, org) = (&self.0.meetings.0.store, &self.0.meetings.0.org);
        let before = self.0.meetings.now() - i64::try_from(self.0.options.kept.as_millis()).unwrap_or(i64::MAX);
        let old = store.papers_over(before).await?;
        if !old.is_empty() {
            let mut change = store.change().await?;
            for paper in &old {
                tracing::info!(paper = %paper.id, meeting = %paper.meeting, "kept long enough");
                change.delete_paper(&paper.id).await?;
                change.append_audit(&org.entry(&Actor::server(), Record::new("paper.forget", &paper.id).before(paper))).await?;
            }
            change.commit_apart().await?;
        }
        let _alone = self.0.placing.lock().await;
        let shelf = self.0.shelf.clone();
        let there = tokio::task::spawn_blocking(move || shelf.sweep()).await.map_err(std::io::Error::other)??;
        for hash in there {
            self.clear(&hash).await?;
        }
        Ok(())
    }

    /// Removes a file that no paper has. Under the lock of placing.
    pub(super) async fn clear(&self, hash: &str) -> Result<(), PaperError> {
        if !self.0.meetings.0.store.is_paper_hash_used(hash).await? {
            self.0.shelf.remove(hash)?;
        }
        Ok(())
    }
}
