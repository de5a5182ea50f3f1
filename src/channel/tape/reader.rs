//! Questions to a tape: what it holds and where reading begins. Any number of readers beside the one writer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::catalogue::{Catalogue, SegmentSummary};
use super::cut::start_of_cut;
use super::error::TapeError;
use super::files;
use super::retention::{Limits, Removed, Retention};
use crate::base::UtcMs;
use crate::base::work::{Anchor, Piece};
use crate::ts::index::{Gap, Rap, Record, TapeInstant, read_index};

/// A cheap handle on what a tape holds.
#[derive(Clone)]
pub struct TapeReader {
    catalogue: Arc<RwLock<Catalogue>>,
    folder: PathBuf,
}

/// Where the tape grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveEdge {
    /// What has been received and written, by the last PCR. Everything shown before it is on the tape.
    pub at: TapeInstant,
    /// The segment that grows.
    pub segment: UtcMs,
    pub bytes: u64,
    pub epoch: u32,
}

/// A random access point and the file it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub segment: UtcMs,
    pub path: PathBuf,
    pub epoch: u32,
    pub rap: Rap,
}

impl Entry {
    /// From here to the file's end, also while it grows.
    pub fn piece(&self) -> Piece {
        let anchor = Anchor { pts_33: self.rap.pts_33, media_90k: self.rap.at.media_90k };
        Piece { path: self.path.clone(), from: self.rap.offset, to: None, anchor }
    }
}

/// Damage received, up to this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapeErrors {
    pub at: UtcMs,
    pub continuity: u32,
    pub transport: u32,
}

impl TapeReader {
    pub(super) fn new(catalogue: Arc<RwLock<Catalogue>>, folder: PathBuf) -> Self {
        Self { catalogue, folder }
    }

    /// The tape's folder, in which a follower finds new segments as they appear.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Summaries of all segments, oldest first.
    pub fn segments(&self) -> Vec<SegmentSummary> {
        self.with(|c| c.segments().to_vec())
    }

    /// First and last instant on the tape.
    pub fn extent(&self) -> Option<(TapeInstant, TapeInstant)> {
        self.with(|c| Some((c.segments().first()?.start, c.segments().last()?.end)))
    }

    pub fn bytes(&self) -> u64 {
        self.with(|c| c.segments().iter().map(|s| s.bytes).sum())
    }

    /// `None` while nothing is being taped.
    pub fn live_edge(&self) -> Option<LiveEdge> {
        self.with(|c| {
            let last = c.segments().last().filter(|s| s.growing)?;
            Some(LiveEdge { at: c.growth.edge?, segment: last.name, bytes: last.bytes, epoch: last.epoch })
        })
    }

    /// What is known to be missing between two instants. A signal that is missing now is not in it: see [`TapeReader::extent`].
    pub fn gaps(&self, from: UtcMs, to: UtcMs) -> Vec<Gap> {
        self.with(|c| c.segments().iter().filter_map(|s| s.gap).filter(|g| g.from < to && g.to > from).collect())
    }

    /// Damage between two instants.
    pub fn errors(&self, from: UtcMs, to: UtcMs) -> Result<Vec<TapeErrors>, TapeError> {
        let damaged: Vec<_> = self.overlapping(from, to).into_iter().filter(|s| s.continuity + s.transport > 0).collect();
        let mut found = Vec::new();
        for segment in damaged {
            found.extend(records_of(&segment.path)?.iter().filter_map(|record| match *record {
                Record::Errors { at, continuity, transport } if (from..to).contains(&at.utc) => Some(TapeErrors { at: at.utc, continuity, transport }),
                _ => None,
            }));
        }
        Ok(found)
    }

    /// The random access points between two instants.
    pub fn entries(&self, from: UtcMs, to: UtcMs) -> Result<Vec<Entry>, TapeError> {
        let mut found = Vec::new();
        for segment in self.overlapping(from, to) {
            let raps = self.raps_of(&segment)?;
            let within = raps.into_iter().filter(|rap| (from..to).contains(&rap.at.utc));
            found.extend(within.map(|rap| Entry { segment: segment.name, path: segment.path.clone(), epoch: segment.epoch, rap }));
        }
        Ok(found)
    }

    /// Where reading begins for what is shown at an instant: the last random access point at or before it, rather a clean one; else the first after it.
    pub fn entry_at(&self, at: UtcMs) -> Result<Option<Entry>, TapeError> {
        let segments = self.segments();
        let found = segments.iter().rev().find(|s| s.start.utc <= at && s.end.utc > at).or_else(|| segments.iter().find(|s| s.start.utc > at));
        let Some(segment) = found.or(segments.last()) else { return Ok(None) };
        let raps = self.raps_of(segment)?;
        let rap = raps.get(start_of_cut(&raps, at)).copied();
        Ok(rap.map(|rap| Entry { segment: segment.name, path: segment.path.clone(), epoch: segment.epoch, rap }))
    }

    /// Deletes what is older or more than the limits allow, oldest first. Never the segment that grows, nor what a claim `[from, to)` protects.
    pub fn enforce(&self, now: UtcMs, limits: &Limits, claims: &[(UtcMs, UtcMs)]) -> Removed {
        Retention { catalogue: &self.catalogue, claims }.enforce(now, limits)
    }

    /// Deletes the oldest segments until so many bytes are free, within the same bounds.
    pub fn free(&self, bytes: u64, claims: &[(UtcMs, UtcMs)]) -> Removed {
        Retention { catalogue: &self.catalogue, claims }.free(bytes)
    }

    pub(super) fn with<T>(&self, ask: impl FnOnce(&Catalogue) -> T) -> T {
        ask(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn overlapping(&self, from: UtcMs, to: UtcMs) -> Vec<SegmentSummary> {
        self.with(|c| c.segments().iter().filter(|s| s.overlaps(from, to)).cloned().collect())
    }

    pub(super) fn raps_of(&self, segment: &SegmentSummary) -> Result<Vec<Rap>, TapeError> {
        let growing = self.with(|c| c.segments().last().is_some_and(|s| s.growing && s.name == segment.name).then(|| c.growth.raps.clone()));
        match growing {
            Some(raps) => Ok(raps),
            None => Ok(records_of(&segment.path)?.into_iter().filter_map(|r| if let Record::Rap(rap) = r { Some(rap) } else { None }).collect()),
        }
    }
}

fn records_of(ts: &Path) -> Result<Vec<Record>, TapeError> {
    let path = files::idx_path(ts);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(read_index(&bytes).map(|(records, _)| records).unwrap_or_default()),
        // Retention took it in the meantime.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(TapeError::at(&path)(error)),
    }
}
