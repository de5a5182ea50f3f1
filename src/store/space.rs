//! How full a disk is.

use std::io;
use std::path::Path;

/// The room on the disk under a folder, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    pub total: u64,
    /// For programs without special rights.
    pub free: u64,
}

impl Space {
    pub fn of(folder: &Path) -> io::Result<Self> {
        let space = rustix::fs::statvfs(folder)?;
        Ok(Self { total: space.f_blocks * space.f_frsize, free: space.f_bavail * space.f_frsize })
    }
}
