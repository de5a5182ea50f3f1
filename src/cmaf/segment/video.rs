//! Pictures into windows.

use std::collections::VecDeque;

use super::run::Run;
use super::{Output, TrackKind, Warning};
use crate::cmaf::h264::{self, nal};
use crate::cmaf::{Access, Codec, H264, Track};

/// A decoding time this far back is not a rounding but another time line.
const BACKWARDS_90K: i64 = 90_000;

/// Pictures further apart than this are not one picture that stands still, but a hole.
const HOLE_90K: i64 = 90_000;

/// Where the stream does not say how long a picture lasts.
const PICTURE_90K: u32 = 3600;

#[derive(Debug)]
pub(super) struct VideoLane {
    pub run: Run,
    /// Described in an init segment that is out.
    published: Option<H264>,
    /// The newest parameter sets of the stream: those of one id replace each other.
    sps: Vec<Vec<u8>>,
    pps: Vec<Vec<u8>>,
    last_dts: Option<i64>,
    /// Of any picture, torn ones too; and whether between two of them there was a hole since the last sample.
    last_seen: Option<i64>,
    hole: bool,
    /// Pictures are left out until the next whole IDR.
    torn: bool,
}

impl VideoLane {
    pub fn new(published: Option<Track>) -> Self {
        let published = published.and_then(|track| match track.codec {
            Codec::H264(h264) => Some(h264),
            Codec::AacLc(_) => None,
        });
        Self { run: Run::new(TrackKind::Video), published, sps: Vec::new(), pps: Vec::new(), last_dts: None, last_seen: None, hole: false, torn: false }
    }

    pub fn push(&mut self, access: Access, edges: &[i64], out: &mut VecDeque<Output>) {
        let track = TrackKind::Video;
        self.learn(&access);
        let mut dts = access.dts_90k.unwrap_or(access.pts_90k);
        self.hole |= self.last_seen.replace(dts).is_some_and(|last| dts.saturating_sub(last) > HOLE_90K);
        if access.damaged {
            out.push_back(Output::Warning(Warning::Damaged { track, pts_90k: access.pts_90k }));
        }
        // Chromium ends playback for good at a torn picture, and as well at one whose reference is missing: the picture stands still until the next
        // whole IDR.
        self.torn = access.damaged || (self.torn || self.hole) && !access.key;
        if self.torn {
            return;
        }
        if let Some(last) = self.last_dts.filter(|&last| dts <= last) {
            out.push_back(Output::Warning(Warning::Backwards { track, pts_90k: access.pts_90k }));
            if last - dts > BACKWARDS_90K {
                return;
            }
            dts = last + 1;
        }
        if !self.run.advance(access.pts_90k, (!self.hole).then_some(dts), edges, out) {
            return;
        }
        if self.run.is_empty() && access.key {
            self.describe(out);
        }
        // Nothing can be shown before the first IDR: until then there is no description.
        let hole = std::mem::take(&mut self.hole);
        let added = self.run.add(dts, access.pts_90k.max(dts), access.key, hole, |codec, data| {
            if let Codec::H264(h264) = codec {
                h264.append_sample(&access.data, &access.units, data);
            }
        });
        if added {
            self.last_dts = Some(dts);
        }
    }

    /// Keeps the parameter sets of the stream.
    fn learn(&mut self, access: &Access) {
        for unit in access.units.iter().map(|u| &access.data[u.clone()]) {
            match h264::nal_type(unit) {
                nal::SPS => replace(&mut self.sps, unit, h264::sps_id),
                nal::PPS => replace(&mut self.pps, unit, h264::pps_id),
                _ => {}
            }
        }
    }

    /// At the head of a window: a new description where the parameter sets are no longer those of the one that is out.
    fn describe(&mut self, out: &mut VecDeque<Output>) {
        let current = match self.run.track().map(|t| &t.codec) {
            Some(Codec::H264(h264)) => Some(h264),
            _ => self.published.as_ref(),
        };
        if let Some(known) = current.filter(|known| known.covers(&self.sps, &self.pps)) {
            if self.run.track().is_none() {
                let (known, duration) = (known.clone(), picture_90k(known));
                self.run.set_track(Track::h264(known), duration);
            }
            return;
        }
        match H264::from_parameter_sets(self.sps.clone(), self.pps.clone()) {
            Ok(h264) => {
                let duration = picture_90k(&h264);
                let track = Track::h264(h264);
                out.push_back(Output::Init(track.clone()));
                self.run.set_track(track, duration);
            }
            Err(why) => out.push_back(Output::Warning(Warning::Undescribed { track: TrackKind::Video, why: why.to_string() })),
        }
    }
}

fn picture_90k(h264: &H264) -> u32 {
    h264.frame_rate_milli.map_or(PICTURE_90K, |rate| 90_000_000 / rate.max(1))
}

/// Puts a parameter set in the place of the one with its id. There are at most 32 and 256 ids.
fn replace(sets: &mut Vec<Vec<u8>>, unit: &[u8], id: impl Fn(&[u8]) -> Option<u32>) {
    if sets.iter().any(|known| known == unit) {
        return;
    }
    let Some(new) = id(unit) else { return };
    match sets.iter_mut().find(|known| id(known) == Some(new)) {
        Some(known) => *known = unit.to_vec(),
        None => sets.push(unit.to_vec()),
    }
}
