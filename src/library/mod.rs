//! The library: what rules and people take from the tapes becomes assets, transcoded and published in columns.
//!
//! One task, the [`keeper`], owns the way of every asset (taping → queued → transcoding → ready); [`Library`] is the handle that others hold.

mod copy;
mod cut;
mod describe;
mod folder;
mod follower;
mod keeper;
mod planner;
mod preview;
mod publish;
mod retention;
mod stills;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::base::{AssetId, ChannelId, Clock, ColumnId, UtcMs, Zone};
use crate::channel::Channels;
use crate::store::{AssetRow, AssetState, Store, StoreError};

pub use folder::Folders;
pub use keeper::{Keeper, KeeperOptions};
pub use preview::RulePreview;
pub use publish::master_playlist;

/// A handle to the library; cheap to clone.
#[derive(Clone)]
pub struct Library {
    store: Store,
    channels: Channels,
    clock: Arc<dyn Clock>,
    zone: Zone,
    folders: Folders,
    commands: mpsc::Sender<Command>,
}

/// A stretch of a channel's tape that somebody wants.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCut {
    pub title: String,
    pub description: String,
    pub channel: ChannelId,
    pub column: ColumnId,
    pub from: UtcMs,
    pub to: UtcMs,
}

/// What the keeper is asked to do.
pub(crate) enum Command {
    Cut(NewCut, Reply<AssetRow>),
    Describe {
        id: AssetId,
        title: String,
        description: String,
        column: ColumnId,
        reply: Reply<AssetRow>,
    },
    Cancel(AssetId, Reply<()>),
    Retry(AssetId, Reply<()>),
    Remove(AssetId, Reply<()>),
    /// Rules, guides or channels have changed.
    LookAgain,
}

pub(crate) type Reply<T> = oneshot::Sender<Result<T, LibraryError>>;

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("asset `{id}` is {}: {words}", state.word())]
    State { id: AssetId, state: AssetState, words: &'static str },
    #[error("the cut ends ({to}) before it begins ({from})")]
    Empty { from: UtcMs, to: UtcMs },
    #[error("a cut of {hours} hours is longer than the 24 that are allowed")]
    Long { hours: i64 },
    #[error("the tape of channel `{channel}` holds nothing from {from} to {to}")]
    NotOnTape { channel: ChannelId, from: UtcMs, to: UtcMs },
    #[error(transparent)]
    Channel(#[from] crate::channel::ChannelError),
    #[error(transparent)]
    Tape(#[from] crate::channel::tape::TapeError),
    #[error("asset files: {0}")]
    Files(#[from] std::io::Error),
    #[error("the library's keeper has ended")]
    Ended,
}

impl Library {
    /// The handle and the keeper that must be run beside it.
    pub fn new(store: Store, channels: Channels, clock: Arc<dyn Clock>, zone: Zone, options: KeeperOptions) -> (Self, Keeper) {
        let (commands, queue) = mpsc::channel(64);
        let library = Self { store, channels, clock, zone, folders: options.folders.clone(), commands };
        let keeper = Keeper::new(library.clone(), options, queue);
        (library, keeper)
    }

    /// The folder of an asset's files.
    pub fn folder(&self, id: &AssetId) -> PathBuf {
        self.folders.of(id)
    }

    /// Cuts a stretch by hand, now or when the tape has it.
    pub async fn cut(&self, cut: NewCut) -> Result<AssetRow, LibraryError> {
        if cut.to <= cut.from {
            return Err(LibraryError::Empty { from: cut.from, to: cut.to });
        }
        let hours = (cut.to - cut.from) / 3_600_000;
        if hours > 24 {
            return Err(LibraryError::Long { hours });
        }
        self.ask(|reply| Command::Cut(cut, reply)).await
    }

    /// Changes an asset's words or column.
    pub async fn describe(&self, id: &AssetId, title: &str, description: &str, column: &ColumnId) -> Result<AssetRow, LibraryError> {
        let (id, title, description, column) = (id.clone(), title.to_owned(), description.to_owned(), column.clone());
        self.ask(|reply| Command::Describe { id, title, description, column, reply }).await
    }

    /// Stops taping or transcoding an asset. What is playable stays playable.
    pub async fn cancel(&self, id: &AssetId) -> Result<(), LibraryError> {
        self.ask(|reply| Command::Cancel(id.clone(), reply)).await
    }

    /// Cuts and transcodes again what failed or was cancelled.
    pub async fn retry(&self, id: &AssetId) -> Result<(), LibraryError> {
        self.ask(|reply| Command::Retry(id.clone(), reply)).await
    }

    /// Removes an asset with its files.
    pub async fn remove(&self, id: &AssetId) -> Result<(), LibraryError> {
        self.ask(|reply| Command::Remove(id.clone(), reply)).await
    }

    /// Tells the keeper that rules, guides or channels have changed. It looks by itself every few seconds.
    pub fn look_again(&self) {
        // A full queue means that it will look soon anyway.
        let _ = self.commands.try_send(Command::LookAgain);
    }

    /// How far an asset is, 0 to 1, while it is on its way.
    pub async fn progress(&self, row: &AssetRow) -> Option<f64> {
        match row.state {
            AssetState::Taping => {
                let (done, whole) = (self.clock.now() - row.from, row.to - row.from);
                Some((done as f64 / whole.max(1) as f64).clamp(0.0, 1.0))
            }
            AssetState::Queued => Some(0.0),
            AssetState::Transcoding => self.store.jobs_of(&row.id).await.ok()?.last().map(|job| job.progress),
            AssetState::Ready | AssetState::Failed | AssetState::Cancelled => None,
        }
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, LibraryError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| LibraryError::Ended)?;
        answer.await.map_err(|_| LibraryError::Ended)?
    }
}
