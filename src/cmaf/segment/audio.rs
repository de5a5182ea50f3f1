//! Frames of sound into windows.

use std::collections::VecDeque;

use super::run::Run;
use super::{Output, TrackKind, Warning};
use crate::cmaf::aac::FRAME_SAMPLES;
use crate::cmaf::{Access, AdtsHeader, Codec, Track};

#[derive(Debug)]
pub(super) struct AudioLane {
    pub run: Run,
    published: Option<Track>,
    language: Option<String>,
    /// Where the next frame begins if nothing is missing, in the track's ticks.
    expected: Option<i64>,
    /// The header of the frames under way, and whether a change was reported in this window.
    header: Option<AdtsHeader>,
    changed_in: Option<usize>,
}

impl AudioLane {
    pub fn new(published: Option<Track>, language: Option<String>) -> Self {
        Self { run: Run::new(TrackKind::Audio), published, language, expected: None, header: None, changed_in: None }
    }

    pub fn push(&mut self, access: Access, edges: &[i64], out: &mut VecDeque<Output>) {
        if access.damaged {
            out.push_back(Output::Warning(Warning::Damaged { track: TrackKind::Audio, pts_90k: access.pts_90k }));
        }
        let Some(header) = AdtsHeader::parse(&access.data) else { return };
        if !self.run.advance(access.pts_90k, None, edges, out) {
            return;
        }
        if self.header.is_none_or(|known| !known.same_track(&header)) && !self.describe(header, out) {
            return;
        }
        let Some(track) = self.run.track() else { return };
        let (timescale, at) = (i64::from(track.timescale()), track.ticks(access.pts_90k));
        let Some(dts) = self.place(at, timescale) else { return };
        // A short hole is the last frame's; a long one stays a hole.
        let hole = self.expected.is_some_and(|expected| dts - expected > timescale);
        self.expected = Some(dts + i64::from(header.samples()));
        // As long as is expected here: the first frame of the next window does not overlap it.
        self.run.set_duration(header.samples());
        let raw = access.data.get(header.header_len..).unwrap_or_default();
        self.run.add(dts, dts, true, hole, |_, data| data.extend_from_slice(raw));
    }

    /// Where a frame goes that says it begins at `at`: frames that follow each other are not torn apart by the rounding of their times (90 kHz,
    /// and sloppier in some multiplexers), and one that overlaps the last by more than half of it is left out.
    fn place(&self, at: i64, timescale: i64) -> Option<i64> {
        let Some(expected) = self.expected else { return Some(at) };
        let late = at - expected;
        if late.abs() <= timescale / 500 {
            Some(expected)
        } else if late < 0 {
            (-late <= i64::from(FRAME_SAMPLES) / 2).then_some(expected)
        } else {
            Some(at)
        }
    }

    /// Takes up what the header says; whether frames of this kind may be added now.
    fn describe(&mut self, header: AdtsHeader, out: &mut VecDeque<Output>) -> bool {
        let index = self.run.window();
        if !self.run.is_empty() {
            if self.changed_in.replace(index) != Some(index) {
                out.push_back(Output::Warning(Warning::Changed { track: TrackKind::Audio, index }));
            }
            return false;
        }
        match header.track() {
            Ok(aac) => {
                let track = Track { codec: Codec::AacLc(aac), language: self.language.clone() };
                let same = |old: &Track| old.codec == track.codec;
                if !self.run.track().or(self.published.as_ref()).is_some_and(same) {
                    out.push_back(Output::Init(track.clone()));
                }
                self.run.set_track(track, header.samples());
                self.header = Some(header);
                self.expected = None;
                true
            }
            Err(why) => {
                if self.changed_in.replace(index) != Some(index) {
                    out.push_back(Output::Warning(Warning::Undescribed { track: TrackKind::Audio, why: why.to_string() }));
                }
                false
            }
        }
    }
}
