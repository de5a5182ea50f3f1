//! Deleting: oldest first, by age and by bytes. Never the segment that grows, never what a claim protects.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use super::catalogue::{Catalogue, SegmentSummary};
use super::files;
use crate::base::UtcMs;

/// How much of a tape is kept. `None`: without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    pub keep_hours: Option<u32>,
    pub keep_bytes: Option<u64>,
}

/// What was deleted.
#[derive(Debug, Default)]
pub struct Removed {
    pub segments: usize,
    pub bytes: u64,
    /// Files that could not be deleted; they are not in the catalogue any more and are found again at the next start.
    pub failed: Vec<(PathBuf, std::io::Error)>,
}

/// Cuts go outward to random access points: a claim reaches so far beyond its times.
const CLAIM_MARGIN_MS: i64 = 20_000;

pub(super) struct Retention<'a> {
    pub(super) catalogue: &'a RwLock<Catalogue>,
    pub(super) claims: &'a [(UtcMs, UtcMs)],
}

impl Retention<'_> {
    pub(super) fn enforce(&self, now: UtcMs, limits: &Limits) -> Removed {
        let mut removed = Removed::default();
        if let Some(hours) = limits.keep_hours {
            let before = now - i64::from(hours) * 3_600_000;
            self.remove_while(&mut removed, |oldest, _, _| oldest.end.utc <= before);
        }
        if let Some(bytes) = limits.keep_bytes {
            self.remove_while(&mut removed, |_, total, _| total > bytes);
        }
        removed
    }

    pub(super) fn free(&self, bytes: u64) -> Removed {
        let mut removed = Removed::default();
        self.remove_while(&mut removed, |_, _, freed| freed < bytes);
        removed
    }

    /// `wanted` is told the oldest segment that may go, the tape's bytes and those freed so far.
    fn remove_while(&self, removed: &mut Removed, wanted: impl Fn(&SegmentSummary, u64, u64) -> bool) {
        loop {
            let taken = {
                let mut catalogue = self.catalogue.write().unwrap_or_else(PoisonError::into_inner);
                let total = catalogue.segments().iter().map(|s| s.bytes).sum();
                let claimed = |s: &SegmentSummary| self.claims.iter().any(|&(from, to)| s.overlaps(from - CLAIM_MARGIN_MS, to + CLAIM_MARGIN_MS));
                let oldest = catalogue.segments().iter().find(|s| !s.growing && !claimed(s));
                let Some(name) = oldest.filter(|s| wanted(s, total, removed.bytes)).map(|s| s.name) else { return };
                catalogue.remove(name)
            };
            let Some(segment) = taken else { return };
            delete(&segment, removed);
        }
    }
}

/// The stream first: an index without one is swept up at the next start.
fn delete(segment: &SegmentSummary, removed: &mut Removed) {
    match std::fs::remove_file(&segment.path) {
        Ok(()) => {
            removed.segments += 1;
            removed.bytes += segment.bytes;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => removed.failed.push((segment.path.clone(), error)),
    }
    let index = files::idx_path(&segment.path);
    match std::fs::remove_file(&index) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => removed.failed.push((index, error)),
        _ => {}
    }
    if let Some(day) = segment.path.parent() {
        // Fails while the day holds other segments, as it should.
        let _ = std::fs::remove_dir(day);
    }
}
