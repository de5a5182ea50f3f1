//! Questions to a tape: what it holds, cuts out of it, HLS segments of it. Any number of readers beside the one writer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::catalogue::{Catalogue, SegmentSummary};
use super::error::TapeError;
use super::files;
use super::retention::{Limits, Removed, Retention};
use crate::base::UtcMs;
use crate::base::work::{Anchor, Piece};
use crate::ts::index::{Gap, Rap, RapKind, Record, TapeInstant, read_index};
use crate::ts::plan::SegmentPlan;

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

/// A part of one file in a cut.
#[derive(Debug, Clone, PartialEq)]
pub struct CutPiece {
    pub piece: Piece,
    pub segment: UtcMs,
    /// Pieces of different epochs have a discontinuity between them.
    pub epoch: u32,
    /// The random access points in it.
    pub raps: Vec<Rap>,
}

/// A cut, outward to random access points.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    pub service: u16,
    /// The random access point it begins with: at or before what was asked, where the tape has that.
    pub from: TapeInstant,
    /// The random access point before which it ends: at or after what was asked, where the tape has that.
    pub to: TapeInstant,
    /// The media time of the `from` and `to` that were asked.
    pub asked_90k: (i64, i64),
    /// In order. The last reaches so far beyond `to` that the sound shown before `to` is in it.
    pub pieces: Vec<CutPiece>,
    pub gaps: Vec<Gap>,
    /// The tape has gone on beyond `to`, sound included. False: the end is (still) missing.
    pub complete: bool,
}

/// One HLS segment of the tape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HlsSegment {
    /// With `index`, its identity: the tape segment's name.
    pub segment: UtcMs,
    pub index: u32,
    pub sequence: u64,
    pub epoch: u32,
    /// The first of its epoch on the tape.
    pub discontinuity: bool,
    pub start: TapeInstant,
    pub end: TapeInstant,
    /// What it begins with. Browsers start on [`RapKind::Idr`] alone.
    pub kind: RapKind,
    /// Its first random access point: place in the file and PTS.
    pub rap: Rap,
}

/// Damage received, up to this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapeErrors {
    pub at: UtcMs,
    pub continuity: u32,
    pub transport: u32,
}

/// A cut begins at a clean random access point, if one is at most so much earlier than the last of any kind.
const CLEAN_PATIENCE_90K: i64 = 10 * crate::ts::TICKS_PER_SECOND;

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

    /// Cuts outward to random access points. What is missing at the end so far is told by [`Cut::complete`].
    pub fn cut(&self, from: UtcMs, to: UtcMs) -> Result<Cut, TapeError> {
        if to <= from {
            return Err(TapeError::EmptyRange { from, to });
        }
        let (segments, edge) = self.with(|c| (c.segments().to_vec(), c.growth.edge));
        let nothing = || TapeError::NothingThere { from, to };
        let first = segments.iter().position(|s| s.overlaps(from, to)).ok_or_else(nothing)?;
        let service = segments[first].service;
        let mut walk = Walk::new(from, to);
        for segment in &segments[first..] {
            let raps = self.raps_of(segment)?;
            if !walk.segment(segment, raps) {
                break;
            }
        }
        walk.cut(service, self.gaps(from, to), edge).ok_or_else(nothing)
    }

    /// The HLS segments that are whole, of which something is shown between two instants.
    pub fn hls(&self, from: UtcMs, to: UtcMs) -> Result<Vec<HlsSegment>, TapeError> {
        let mut found = Vec::new();
        for segment in self.overlapping(from, to) {
            found.extend(self.hls_of(&segment)?.into_iter().filter(|s| s.start.utc < to && s.end.utc > from));
        }
        Ok(found)
    }

    /// The last `count` HLS segments that are whole, for a live playlist.
    pub fn hls_tail(&self, count: usize) -> Result<Vec<HlsSegment>, TapeError> {
        let mut found: Vec<HlsSegment> = Vec::new();
        for segment in self.segments().iter().rev() {
            let mut part = self.hls_of(segment)?;
            part.append(&mut found);
            found = part;
            if found.len() >= count {
                break;
            }
        }
        found.drain(..found.len().saturating_sub(count));
        Ok(found)
    }

    /// One HLS segment by its identity, with the bytes to read for it: from its random access point on, so far that the sound shown with it is in them.
    pub fn hls_segment(&self, segment: UtcMs, index: u32) -> Result<Option<(HlsSegment, Vec<Piece>)>, TapeError> {
        let segments = self.segments();
        let Some(at) = segments.iter().position(|s| s.name == segment) else { return Ok(None) };
        let Some(found) = self.hls_of(&segments[at])?.into_iter().find(|s| s.index == index) else { return Ok(None) };
        let anchor = Anchor { pts_33: found.rap.pts_33, media_90k: found.rap.at.media_90k };
        let mut pieces: Vec<Piece> = Vec::new();
        for segment in segments[at..].iter().take_while(|s| s.epoch == found.epoch) {
            let raps = self.raps_of(segment)?;
            let end = raps.iter().find(|r| r.received_90k >= found.end.media_90k && r.at.media_90k > found.start.media_90k).map(|r| r.offset);
            let from = if pieces.is_empty() { found.rap.offset } else { 0 };
            let anchor = raps.first().filter(|_| !pieces.is_empty()).map_or(anchor, |r| Anchor { pts_33: r.pts_33, media_90k: r.at.media_90k });
            // What is written now is enough: the edge is beyond the segment's end.
            let to = end.unwrap_or(segment.bytes);
            if to > from {
                pieces.push(Piece { path: segment.path.clone(), from, to: Some(to), anchor });
            }
            if end.is_some() {
                break;
            }
        }
        Ok(Some((found, pieces)))
    }

    /// Deletes what is older or more than the limits allow, oldest first. Never the segment that grows, nor what a claim `[from, to)` protects.
    pub fn enforce(&self, now: UtcMs, limits: &Limits, claims: &[(UtcMs, UtcMs)]) -> Removed {
        Retention { catalogue: &self.catalogue, claims }.enforce(now, limits)
    }

    /// Deletes the oldest segments until so many bytes are free, within the same bounds.
    pub fn free(&self, bytes: u64, claims: &[(UtcMs, UtcMs)]) -> Removed {
        Retention { catalogue: &self.catalogue, claims }.free(bytes)
    }

    fn with<T>(&self, ask: impl FnOnce(&Catalogue) -> T) -> T {
        ask(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn overlapping(&self, from: UtcMs, to: UtcMs) -> Vec<SegmentSummary> {
        self.with(|c| c.segments().iter().filter(|s| s.overlaps(from, to)).cloned().collect())
    }

    fn raps_of(&self, segment: &SegmentSummary) -> Result<Vec<Rap>, TapeError> {
        let growing = self.with(|c| c.segments().last().is_some_and(|s| s.growing && s.name == segment.name).then(|| c.growth.raps.clone()));
        match growing {
            Some(raps) => Ok(raps),
            None => Ok(records_of(&segment.path)?.into_iter().filter_map(|r| if let Record::Rap(rap) = r { Some(rap) } else { None }).collect()),
        }
    }

    /// The whole HLS segments of a tape segment.
    fn hls_of(&self, segment: &SegmentSummary) -> Result<Vec<HlsSegment>, TapeError> {
        let raps = self.raps_of(segment)?;
        let mut plan = SegmentPlan::default();
        let begins: Vec<Rap> = raps.into_iter().filter(|rap| plan.begins(rap)).collect();
        let (edge_90k, growing, first_of_epoch) = self.with(|c| {
            let at = c.segments().iter().position(|s| s.name == segment.name);
            let before = at.and_then(|at| at.checked_sub(1)).and_then(|at| c.segments().get(at));
            let last = c.segments().last();
            // Only within the epoch that grows does the edge say what has been received.
            let edge = c.growth.edge.filter(|_| last.is_some_and(|l| l.growing && l.epoch == segment.epoch)).map_or(i64::MAX, |e| e.media_90k);
            let growing = last.is_some_and(|s| s.growing && s.name == segment.name);
            (edge, growing, before.is_some_and(|b| b.epoch != segment.epoch))
        });
        let ends = begins.iter().skip(1).map(|rap| Some(rap.at)).chain([(!growing).then_some(segment.end)]);
        let whole = begins.iter().zip(ends).enumerate().filter_map(|(index, (rap, end))| {
            let end = end.filter(|end| end.media_90k <= edge_90k && end.media_90k > rap.at.media_90k)?;
            Some(HlsSegment {
                segment: segment.name,
                index: index as u32,
                sequence: segment.first_sequence + index as u64,
                epoch: segment.epoch,
                discontinuity: index == 0 && first_of_epoch,
                start: rap.at,
                end,
                kind: rap.kind,
                rap: *rap,
            })
        });
        Ok(whole.collect())
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

/// Walks the segments of a cut in order.
struct Walk {
    from: UtcMs,
    to: UtcMs,
    pieces: Vec<CutPiece>,
    /// The random access point that ends what is shown, and its epoch.
    end: Option<(TapeInstant, u32)>,
    last_end: TapeInstant,
    growing: bool,
    complete: bool,
}

impl Walk {
    fn new(from: UtcMs, to: UtcMs) -> Self {
        Self { from, to, pieces: Vec::new(), end: None, last_end: TapeInstant::default(), growing: false, complete: false }
    }

    /// Takes the next segment; false when nothing after it is needed.
    fn segment(&mut self, segment: &SegmentSummary, raps: Vec<Rap>) -> bool {
        let Some(first) = raps.first().copied() else { return true };
        if self.end.is_some_and(|(_, epoch)| epoch != segment.epoch) {
            self.complete = true;
            return false;
        }
        if self.end.is_none() && first.at.utc >= self.to {
            if self.pieces.last().is_some_and(|p| p.epoch != segment.epoch) {
                self.end = Some((self.last_end, segment.epoch));
                self.complete = true;
                return false;
            }
            self.end = Some((first.at, segment.epoch));
        }
        let start = if self.pieces.is_empty() { start_of_cut(&raps, self.from) } else { 0 };
        let end = match self.end {
            Some(end) => Some(end),
            None => raps.iter().skip(start + 1).find(|r| r.at.utc >= self.to).map(|r| (r.at, segment.epoch)),
        };
        self.end = end;
        let stop = end.and_then(|(end, _)| raps.iter().position(|r| r.received_90k >= end.media_90k && r.at.media_90k >= end.media_90k));
        let from = if self.pieces.is_empty() { raps[start].offset } else { 0 };
        let to = stop.map_or(segment.bytes, |stop| raps[stop].offset);
        self.last_end = segment.end;
        self.growing = segment.growing;
        if to > from {
            let raps = raps[start..stop.unwrap_or(raps.len())].to_vec();
            let anchor = raps.first().map_or(first, |r| *r);
            let anchor = Anchor { pts_33: anchor.pts_33, media_90k: anchor.at.media_90k };
            let piece = Piece { path: segment.path.clone(), from, to: Some(to), anchor };
            self.pieces.push(CutPiece { piece, segment: segment.name, epoch: segment.epoch, raps });
        }
        self.complete = stop.is_some();
        stop.is_none()
    }

    fn cut(self, service: u16, gaps: Vec<Gap>, edge: Option<TapeInstant>) -> Option<Cut> {
        let from = self.pieces.first()?.raps.first()?.at;
        let to = self.end.map_or(self.last_end, |(end, _)| end);
        let received = !self.growing || edge.is_some_and(|edge| edge.media_90k >= to.media_90k);
        let complete = self.complete || self.end.is_some() && received;
        // UTC and the media line differ by little within a cut: the nearest random access point tells by how much.
        let media = |utc: UtcMs| {
            let raps = self.pieces.iter().flat_map(|p| &p.raps);
            let near = raps.take_while(|r| r.at.utc <= utc).last().map_or(from, |r| r.at);
            near.media_90k + (utc - near.utc) * 90
        };
        let asked_90k = (media(self.from).max(from.media_90k), media(self.to).min(to.media_90k));
        Some(Cut { service, from, to, asked_90k, pieces: self.pieces, gaps, complete })
    }
}

/// The last random access point at or before an instant, rather a clean one; the first where all are later.
fn start_of_cut(raps: &[Rap], from: UtcMs) -> usize {
    let Some(last) = raps.iter().rposition(|r| r.at.utc <= from) else { return 0 };
    let near = |r: &Rap| raps[last].at.media_90k - r.at.media_90k <= CLEAN_PATIENCE_90K;
    raps[..=last].iter().rposition(|r| r.kind.is_clean() && near(r)).unwrap_or(last)
}
