//! HLS segments of the tape: which there are, and which bytes to read for one.

use super::catalogue::SegmentSummary;
use super::error::TapeError;
use super::reader::TapeReader;
use crate::base::UtcMs;
use crate::base::work::{Anchor, Piece};
use crate::ts::index::{Rap, RapKind, TapeInstant};
use crate::ts::plan::SegmentPlan;

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

impl TapeReader {
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
