//! What can go wrong with a channel.

use super::settings::SettingsError;
use super::tape::TapeError;
use crate::base::ChannelId;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Tape(#[from] TapeError),
    #[error("channel `{id}` is switched off")]
    Off { id: ChannelId },
    #[error("a task of the channel has ended")]
    Ended,
}
