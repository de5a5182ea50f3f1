//! Names and places of a tape's files.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::{UtcMs, Zone};

/// The transport stream of a tape segment.
pub(super) fn ts_path(folder: &Path, zone: &Zone, start: UtcMs) -> PathBuf {
    folder.join(zone.date(start).to_string()).join(format!("{}.ts", start.0))
}

pub(super) fn idx_path(ts: &Path) -> PathBuf {
    ts.with_extension("idx")
}

/// The start that a file's name says.
pub(super) fn start_of(path: &Path) -> Option<UtcMs> {
    path.file_stem()?.to_str()?.parse().ok().map(UtcMs)
}

/// What a tape's folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Transport streams, oldest name first.
    pub(super) segments: Vec<(UtcMs, PathBuf)>,
    /// Indexes whose transport stream is gone.
    pub(super) orphans: Vec<PathBuf>,
}

/// Lists the tape's files. A folder that is not there is an empty tape; files with other names are left alone.
pub(super) fn list(folder: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let days = match std::fs::read_dir(folder) {
        Ok(days) => days,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for day in days {
        let day = day?;
        if !day.file_type()?.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(day.path())? {
            let path = file?.path();
            let extension = path.extension().and_then(OsStr::to_str);
            match (start_of(&path), extension) {
                (Some(start), Some("ts")) => found.segments.push((start, path)),
                (Some(_), Some("idx")) if !path.with_extension("ts").exists() => found.orphans.push(path),
                _ => {}
            }
        }
    }
    found.segments.sort();
    Ok(found)
}
