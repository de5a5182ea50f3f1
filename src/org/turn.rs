//! One change of the organisation at a time: judged by the present picture, written with its audit entries, then visible to all.

use std::sync::Arc;

use super::{Caller, Directory, Org, OrgError, Record};
use crate::base::UtcMs;
use crate::store::Change;

pub(crate) struct Turn<'a> {
    org: &'a Org,
    _alone: tokio::sync::MutexGuard<'a, ()>,
    pub change: Change,
    /// Whoever asked, before the present picture: a role that was taken away while the request waited counts no more.
    pub caller: Caller,
    pub directory: Arc<Directory>,
    pub now: UtcMs,
    root_administrators: i64,
}

impl Org {
    pub(crate) async fn turn(&self, caller: &Caller) -> Result<Turn<'_>, OrgError> {
        caller.require_signed_in()?;
        let alone = self.0.changing.lock().await;
        let mut change = self.store().change().await?;
        // From here on no other process changes anything either.
        if self.store().org_version().await? != self.directory().version {
            self.reload().await?;
        }
        let directory = self.directory();
        let root_administrators = change.root_administrators().await?;
        let caller = caller.clone().seeing(directory.clone());
        Ok(Turn { org: self, _alone: alone, change, caller, directory, now: self.now(), root_administrators })
    }
}

impl Turn<'_> {
    pub async fn audit(&mut self, record: Record) -> Result<(), OrgError> {
        let entry = self.org.entry(&self.caller.actor(), record);
        Ok(self.change.append_audit(&entry).await?)
    }

    /// Commits, unless that would leave nobody who administers the whole tree.
    pub async fn finish(mut self) -> Result<(), OrgError> {
        if self.root_administrators > 0 && self.change.root_administrators().await? == 0 {
            return Err(OrgError::LastAdministrator);
        }
        self.change.commit().await?;
        self.org.reload().await
    }

    /// Commits where nothing of the organisation has changed, so that nobody reads its picture anew.
    pub async fn finish_apart(self) -> Result<(), OrgError> {
        Ok(self.change.commit_apart().await?)
    }
}
