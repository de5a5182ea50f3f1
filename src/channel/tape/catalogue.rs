//! What is on a tape, in memory: one small summary per tape segment. The entries stay on disk, except those of the segment that grows.

use std::path::PathBuf;

use crate::base::UtcMs;
use crate::ts::index::{Gap, Rap, Record, TapeInstant};
use crate::ts::plan::SegmentPlan;

/// One tape segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Its name: the UTC milliseconds its file is named after. Unique in the tape.
    pub name: UtcMs,
    pub path: PathBuf,
    pub start: TapeInstant,
    /// The end of what is shown from it; while it grows, what has been received.
    pub end: TapeInstant,
    pub bytes: u64,
    pub service: u16,
    pub epoch: u32,
    /// HLS sequence number of its first HLS segment.
    pub first_sequence: u64,
    pub hls_segments: u32,
    /// What is missing before it.
    pub gap: Option<Gap>,
    pub continuity: u32,
    pub transport: u32,
    pub growing: bool,
}

impl SegmentSummary {
    /// Sums up the records of an index; `bytes` is the length of the transport stream. `None` without a random access point.
    pub(super) fn of(name: UtcMs, path: PathBuf, bytes: u64, records: &[Record]) -> Option<Self> {
        let mut summary = Self { bytes, ..Self::begun(name, path, records)? };
        let mut plan = SegmentPlan::default();
        for record in records {
            summary.add(record, &mut plan);
        }
        Some(summary)
    }

    /// A segment of which nothing but its header and first random access point is taken from the records.
    pub(super) fn begun(name: UtcMs, path: PathBuf, records: &[Record]) -> Option<Self> {
        let Some(&Record::Header { service, first_sequence, epoch }) = records.first() else { return None };
        let first = records.iter().find_map(|r| if let Record::Rap(rap) = r { Some(rap.at) } else { None })?;
        Some(Self {
            name,
            path,
            start: first,
            end: first,
            bytes: 0,
            service,
            epoch,
            first_sequence,
            hls_segments: 0,
            gap: None,
            continuity: 0,
            transport: 0,
            growing: false,
        })
    }

    /// Takes the next record of its index.
    pub(super) fn add(&mut self, record: &Record, plan: &mut SegmentPlan) {
        match record {
            Record::Header { .. } | Record::Discontinuity { .. } => {}
            Record::Rap(rap) => {
                self.end = later(self.end, rap.at);
                plan.begins(rap);
                self.hls_segments = plan.segments();
            }
            Record::Gap(gap) => self.gap = Some(*gap),
            Record::Errors { continuity, transport, .. } => {
                self.continuity = self.continuity.saturating_add(*continuity);
                self.transport = self.transport.saturating_add(*transport);
            }
            Record::End(end) => self.end = end.at,
        }
    }

    pub(super) fn overlaps(&self, from: UtcMs, to: UtcMs) -> bool {
        self.start.utc < to && self.end.utc > from
    }
}

fn later(a: TapeInstant, b: TapeInstant) -> TapeInstant {
    if b.media_90k > a.media_90k { b } else { a }
}

/// The segment that grows, with what readers need of its index.
#[derive(Debug, Clone, Default)]
pub(super) struct Growth {
    pub(super) raps: Vec<Rap>,
    pub(super) plan: SegmentPlan,
    /// The last PCR received and written.
    pub(super) edge: Option<TapeInstant>,
}

/// All segments of a tape, in the order of the media line.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    segments: Vec<SegmentSummary>,
    pub(super) growth: Growth,
}

impl Catalogue {
    pub(super) fn new(mut segments: Vec<SegmentSummary>) -> Self {
        segments.sort_by_key(|s| s.start.media_90k);
        Self { segments, growth: Growth::default() }
    }

    pub(super) fn segments(&self) -> &[SegmentSummary] {
        &self.segments
    }

    pub(super) fn growing(&mut self) -> Option<(&mut SegmentSummary, &mut Growth)> {
        let segment = self.segments.last_mut().filter(|s| s.growing)?;
        Some((segment, &mut self.growth))
    }

    pub(super) fn begin(&mut self, segment: SegmentSummary) {
        self.growth = Growth { edge: self.growth.edge, ..Growth::default() };
        self.segments.push(segment);
    }

    /// The segment under way is complete, or given up with what is written of it.
    pub(super) fn close(&mut self) {
        if let Some(last) = self.segments.last_mut() {
            last.growing = false;
            // Given up right behind a random access point: that picture at least is there.
            if let Some(rap) = self.growth.raps.last().filter(|rap| last.end.media_90k <= rap.at.media_90k) {
                last.end = TapeInstant { utc: rap.at.utc + 40, media_90k: rap.at.media_90k + 3600 };
            }
            if last.hls_segments == 0 {
                self.segments.pop();
            }
        }
        self.growth.raps = Vec::new();
    }

    pub(super) fn has(&self, name: UtcMs) -> bool {
        self.segments.iter().rev().any(|s| s.name == name)
    }

    /// Takes a closed segment out of the catalogue.
    pub(super) fn remove(&mut self, name: UtcMs) -> Option<SegmentSummary> {
        let at = self.segments.iter().position(|s| s.name == name && !s.growing)?;
        Some(self.segments.remove(at))
    }
}
