use std::io;
use std::path::{Path, PathBuf};

use crate::base::UtcMs;

/// What can go wrong with a tape. Each names the file or the time.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    #[error("tape file {path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the disk is full: {path} could not be written")]
    DiskFull { path: PathBuf },
    #[error("the tape holds nothing between {from} and {to}")]
    NothingThere { from: UtcMs, to: UtcMs },
    #[error("a cut from {from} to {to} has no length")]
    EmptyRange { from: UtcMs, to: UtcMs },
}

impl TapeError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path: path.to_owned() },
            _ => Self::File { path: path.to_owned(), source },
        }
    }

    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::DiskFull { .. })
    }
}
