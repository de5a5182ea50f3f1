//! Tape segments: where they begin and end, and the random access points within.

use super::{Event, Step, Taper};
use crate::ts::continuity::Continuity;
use crate::ts::index::{BreakReason, End, Gap, Rap, RapKind, Record, TapeInstant};
use crate::ts::plan::SegmentPlan;
use crate::ts::rap::{LOOK_AHEAD, Verdict, judge};
use crate::ts::{Packet, PesHeader, StreamKind, TICKS_PER_SECOND};

/// The tape segment under way.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) start: TapeInstant,
    /// A clean random access point was in it, so that it is worth waiting for another to end at.
    clean: bool,
    plan: SegmentPlan,
    last_rap_90k: i64,
    /// The end of the last picture (or sound) shown.
    pub(super) end_90k: i64,
    pub(super) continuity: u32,
    pub(super) transport: u32,
}

/// A PES packet of the main stream of which it is not yet known what it is.
#[derive(Debug)]
pub(super) struct Hold {
    /// Its place in `out`.
    pub(super) at: usize,
    /// While replaying: where the PAT before it is, in the segment.
    pat: Option<i64>,
    pid: u16,
    kind: StreamKind,
}

/// A service without pictures has a random access point this often.
const AUDIO_RAP_90K: i64 = TICKS_PER_SECOND;
/// Without a random access point for so long taping begins at an ordinary picture.
const PATIENCE_90K: i64 = 20 * TICKS_PER_SECOND;
/// Less than this between segments is no gap: a picture may be missing, no more.
const SHORTEST_GAP_MS: i64 = 100;
/// The length of the last picture, where nothing after it tells.
const PICTURE_90K: i64 = TICKS_PER_SECOND / 25;

impl Taper {
    /// A packet of the pictures (or of the sound of a service without).
    pub(super) fn main_packet(&mut self, packet: &Packet<'_>, follows: Continuity) {
        let sound = !packet.transport_error() && packet.has_payload();
        if sound {
            self.note_scrambling(packet.scrambled());
        }
        let usable = sound && !packet.scrambled();
        if usable && packet.payload_unit_start() {
            self.settle_hold();
            if let Some((pid, kind)) = self.filter.main() {
                self.head.clear();
                self.hold = Some(Hold { at: self.out.bytes.len(), pat: self.replay_pat, pid, kind });
            }
        } else if matches!(follows, Continuity::Broken(_)) || !usable && packet.has_payload() {
            // The head of the PES packet is not whole: nothing can begin here.
            self.settle_hold();
        }
        self.append(packet);
        if follows == Continuity::Duplicate {
            return;
        }
        if let Some(Hold { kind, .. }) = self.hold {
            self.head.extend_from_slice(packet.payload());
            self.examine(kind);
        }
    }

    /// Judges what is held by the bytes that are here.
    fn examine(&mut self, kind: StreamKind) {
        if PesHeader::parse(&self.head).is_none() {
            if self.head.len() >= LOOK_AHEAD {
                self.settle_hold();
            }
            return;
        }
        let Some(header) = PesHeader::parse(&self.head) else { return };
        let data = self.head.get(header.data_offset..).unwrap_or(&[]);
        let verdict = match kind {
            _ if kind.is_video() => judge(kind, data),
            _ if self
                .segment
                .as_ref()
                .is_none_or(|s| self.clock.at(header.pts.unwrap_or(0)).is_some_and(|at| at.media_90k - s.last_rap_90k >= AUDIO_RAP_90K)) =>
            {
                Verdict::Rap(RapKind::Audio)
            }
            _ => Verdict::Not,
        };
        match verdict {
            Verdict::NeedMore if self.head.len() < LOOK_AHEAD => {}
            Verdict::Rap(found) => self.settle(Some(found)),
            _ => self.settle(None),
        }
    }

    /// What is held is no random access point, as far as can be told.
    pub(super) fn settle_hold(&mut self) {
        if self.hold.is_some() {
            self.settle(None);
        }
    }

    fn settle(&mut self, found: Option<RapKind>) {
        let Some(hold) = self.hold.take() else { return };
        let pts = PesHeader::parse(&self.head).and_then(|h| h.pts);
        let place = pts.and_then(|pts| Some((pts, self.clock.at(pts)?)));
        let taped = match place {
            Some((pts, at)) => {
                let kind = found.or_else(|| self.is_forced(at).then_some(RapKind::Forced));
                let received_90k = self.clock.edge().map_or(at.media_90k, |e| e.media_90k);
                kind.is_some_and(|kind| self.pts_believed(at.media_90k - received_90k) && self.random_access_point(&hold, kind, pts))
            }
            None => false,
        };
        if let (Some(segment), Some((_, at))) = (&mut self.segment, place)
            && (at.media_90k - segment.end_90k).abs() < super::timebase::FARTHEST_PTS_90K
        {
            segment.end_90k = segment.end_90k.max(at.media_90k + PICTURE_90K);
        }
        if !taped && self.segment.is_none() && !self.replay {
            self.out.bytes.truncate(hold.at);
        }
        self.write_due_tables();
    }

    /// No random access point came for too long.
    fn is_forced(&mut self, at: TapeInstant) -> bool {
        if self.replay {
            return false;
        }
        match &self.segment {
            Some(segment) => at.media_90k - segment.start.media_90k >= 2 * self.segment_90k(),
            None => at.media_90k - *self.waiting_since_90k.get_or_insert(at.media_90k) >= PATIENCE_90K,
        }
    }

    fn segment_90k(&self) -> i64 {
        i64::from(self.options.segment_seconds) * TICKS_PER_SECOND
    }

    /// Writes down a random access point, beginning a segment where one is due. False where it cannot be one.
    fn random_access_point(&mut self, hold: &Hold, kind: RapKind, pts_33: u64) -> bool {
        if !self.replay && self.clock.is_off() {
            self.clock_was_set(hold.at);
        }
        let Some(mut at) = self.clock.at(pts_33) else { return false };
        let due = match &self.segment {
            None => true,
            // Time stamps that go back are the source's fault; the index stays in order.
            Some(s) if at.media_90k <= s.last_rap_90k => return false,
            Some(s) => {
                let (length, wanted) = (at.media_90k - s.start.media_90k, self.segment_90k());
                self.rotate || length >= wanted && (kind.is_clean() || !s.clean || length >= wanted + wanted / 4)
            }
        };
        if due {
            self.end_segment_at(hold.at, Some(at));
            at = self.begin_segment(hold, at, pts_33);
        }
        self.write_damage(hold.at);
        let (offset, received_90k) =
            (hold.pat.filter(|_| self.replay).unwrap_or(self.offset(hold.at)), self.clock.edge().map_or(at.media_90k, |e| e.media_90k));
        let rap = Rap { kind, offset: offset.max(0) as u64, at, pts_33, received_90k };
        self.insert_tables(hold.at);
        self.out.steps.push((hold.at, Step::Record(Record::Rap(rap))));
        if let Some(segment) = &mut self.segment {
            segment.clean |= kind.is_clean();
            segment.last_rap_90k = at.media_90k;
            if segment.plan.begins(&rap) {
                self.next_sequence += 1;
            }
        }
        true
    }

    /// PAT and PMT in front of what is held.
    fn insert_tables(&mut self, at: usize) {
        if self.replay {
            return;
        }
        let before = self.out.bytes.len();
        self.filter.write_pat(&mut self.out.bytes);
        self.filter.write_pmt(&mut self.out.bytes);
        let inserted = self.out.bytes.len() - before;
        self.out.bytes[at..].rotate_right(inserted);
        (self.pat_due, self.pmt_due) = (false, false);
    }

    /// The machine's clock was set, or the source stood still: a new epoch without loss.
    fn clock_was_set(&mut self, at: usize) {
        let edge = self.clock.edge();
        self.end_segment_at(at, None);
        self.clock.begin_here();
        self.break_with(BreakReason::ClockStep);
        self.out.events.push(Event::Discontinuity { reason: BreakReason::ClockStep, at: edge.map_or_else(Default::default, |e| e.utc) });
    }

    fn begin_segment(&mut self, hold: &Hold, mut at: TapeInstant, pts_33: u64) -> TapeInstant {
        let broken = self.break_reason.take();
        if broken.is_some() {
            self.epoch = self.next_epoch;
            self.next_epoch += 1;
            // The media line never goes back, whatever the sources' delays between PCR and PTS are.
            let before = self.clock.floor_90k();
            if at.media_90k < before {
                self.clock.shift(before - at.media_90k);
                at = self.clock.at(pts_33).unwrap_or(at);
            }
        }
        if !self.replay {
            self.out_offset = -(hold.at as i64);
        }
        let service = self.filter.service().unwrap_or(0);
        let steps = &mut self.out.steps;
        steps.push((hold.at, Step::Begin(at)));
        steps.push((hold.at, Step::Record(Record::Header { service, first_sequence: self.next_sequence, epoch: self.epoch })));
        if let Some(reason) = broken {
            steps.push((hold.at, Step::Record(Record::Discontinuity { reason, epoch: self.epoch, at })));
        }
        let gap_from = self.gap_from.take().filter(|&from| broken.is_some() && at.utc - from > SHORTEST_GAP_MS);
        if let (Some(from), Some(reason)) = (gap_from, broken) {
            steps.push((hold.at, Step::Record(Record::Gap(Gap { from, to: at.utc, reason }))));
        }
        self.out.events.push(Event::SegmentBegan { at, epoch: self.epoch, gap_from });
        (self.waiting_since_90k, self.rotate) = (None, false);
        self.segment =
            Some(Segment { start: at, clean: false, plan: SegmentPlan::default(), last_rap_90k: i64::MIN, end_90k: at.media_90k, continuity: 0, transport: 0 });
        debug_assert!(self.filter.main().is_none_or(|m| m.0 == hold.pid));
        at
    }

    /// Completes the segment under way, if any, with all bytes that are here.
    pub(super) fn end_segment(&mut self, next: Option<TapeInstant>) {
        self.end_segment_at(self.out.bytes.len(), next);
    }

    fn end_segment_at(&mut self, place: usize, next: Option<TapeInstant>) {
        if self.segment.is_none() {
            return;
        }
        self.write_damage(place);
        let Some(segment) = self.segment.take() else { return };
        let at = next.unwrap_or_else(|| self.clock.at_media(segment.end_90k).unwrap_or(segment.start));
        let end = End {
            offset: self.offset(place).max(0) as u64,
            at,
            continuity: segment.continuity,
            transport: segment.transport,
            hls_segments: segment.plan.segments(),
        };
        self.out.steps.push((place, Step::End(end)));
        self.clock.raise_floor(at.media_90k);
        self.gap_from = Some(at.utc);
        self.waiting_since_90k = None;
    }
}
