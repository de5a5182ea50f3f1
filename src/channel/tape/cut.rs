//! Cuts: pieces of the tape between two instants, outward to random access points, with the sound that is shown with their last pictures.

use super::catalogue::SegmentSummary;
use super::error::TapeError;
use super::reader::TapeReader;
use crate::base::UtcMs;
use crate::base::work::{Anchor, Piece};
use crate::ts::index::{Gap, Rap, TapeInstant};

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

/// A cut begins at a clean random access point, if one is at most so much earlier than the last of any kind.
const CLEAN_PATIENCE_90K: i64 = 10 * crate::ts::TICKS_PER_SECOND;

impl TapeReader {
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
pub(super) fn start_of_cut(raps: &[Rap], from: UtcMs) -> usize {
    let Some(last) = raps.iter().rposition(|r| r.at.utc <= from) else { return 0 };
    let near = |r: &Rap| raps[last].at.media_90k - r.at.media_90k <= CLEAN_PATIENCE_90K;
    raps[..=last].iter().rposition(|r| r.kind.is_clean() && near(r)).unwrap_or(last)
}
