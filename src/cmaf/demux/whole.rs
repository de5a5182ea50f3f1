//! Units that are what a PES packet held: pictures, and sound that only a decoder takes apart.

use crate::cmaf::h264::{self, H264, Unit, nal};
use crate::cmaf::sniff;
use crate::ts::{PesPacket, StreamKind};

use super::Access;

/// PES packets without a time continue the unit before, up to this size (a 4K intra picture at 100 Mb/s is about 4 MB).
const UNIT_LIMIT: usize = 16 << 20;

/// Between pictures of one PES packet, where the stream does not say.
const PICTURE_90K: i64 = 3600;

#[derive(Debug)]
pub(super) struct WholeUnits {
    kind: StreamKind,
    pending: Option<Access>,
    /// H.264: the last sequence parameter set, the time it gives a picture, and whether pictures may be fields.
    sps: Vec<u8>,
    picture_90k: i64,
    fields: bool,
}

impl WholeUnits {
    pub fn new(kind: StreamKind) -> Self {
        Self { kind, pending: None, sps: Vec::new(), picture_90k: PICTURE_90K, fields: true }
    }

    pub fn push(&mut self, pid: u16, pes: PesPacket, pts_90k: Option<i64>, dts_90k: Option<i64>, access: impl FnMut(Access)) {
        let Some(pts_90k) = pts_90k else {
            if let Some(pending) = self.pending.as_mut().filter(|p| p.data.len() < UNIT_LIMIT) {
                pending.data.extend_from_slice(&pes.data);
                pending.damaged |= pes.damaged;
            }
            return;
        };
        self.finish(access);
        let kind = self.kind;
        self.pending = Some(Access { kind, pid, pts_90k, dts_90k, key: false, damaged: pes.damaged, data: pes.data, units: Vec::new() });
    }

    /// Gives what is under way.
    pub fn finish(&mut self, mut access: impl FnMut(Access)) {
        let Some(mut unit) = self.pending.take().filter(|u| !u.data.is_empty()) else { return };
        if self.kind != StreamKind::H264 {
            unit.key = sniff::is_key(self.kind, &unit.data);
            return access(unit);
        }
        unit.units = h264::nal_units(&unit.data);
        self.learn(&unit);
        if !self.fields {
            while let Some(first) = self.split_off(&mut unit) {
                access(first);
            }
        }
        unit.key = holds_idr(&unit);
        access(unit);
    }

    /// Reads a new sequence parameter set.
    fn learn(&mut self, unit: &Access) {
        let mut sets = unit.units.iter().map(|u| &unit.data[u.clone()]).filter(|u| h264::nal_type(u) == nal::SPS);
        let Some(sps) = sets.next().filter(|sps| *sps != self.sps) else { return };
        self.sps = sps.to_vec();
        if let Ok(track) = H264::from_sps(sps) {
            self.fields = track.interlaced;
            self.picture_90k = track.frame_rate_milli.map_or(PICTURE_90K, |rate| 90_000_000 / i64::from(rate.max(1)));
        }
    }

    /// Takes the first picture off a unit that holds several: an access unit delimiter begins each. Times of the others are counted on.
    fn split_off(&self, unit: &mut Access) -> Option<Access> {
        let second = unit.units.iter().enumerate().skip(1).find(|(_, u)| h264::nal_type(&unit.data[(*u).clone()]) == nal::AUD).map(|(i, _)| i)?;
        let rest_units = unit.units.split_off(second);
        // The start code stays with its unit.
        let cut = rest_units[0].start - 3;
        let rest = Access {
            pts_90k: unit.pts_90k + self.picture_90k,
            dts_90k: unit.dts_90k.map(|dts| dts + self.picture_90k),
            data: unit.data.split_off(cut),
            units: rest_units.into_iter().map(|u| Unit { start: u.start - cut, end: u.end - cut }).collect(),
            key: false,
            ..*unit
        };
        let mut first = std::mem::replace(unit, rest);
        first.key = holds_idr(&first);
        Some(first)
    }
}

fn holds_idr(unit: &Access) -> bool {
    unit.units.iter().any(|u| h264::nal_type(&unit.data[u.clone()]) == nal::IDR)
}
