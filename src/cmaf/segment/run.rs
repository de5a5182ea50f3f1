//! One track on its way through the windows: the samples of the window under way, given out when it is left.

use std::collections::VecDeque;

use super::{Output, TrackKind, Warning};
use crate::cmaf::fragment::{Entry, fragment_of, styp};
use crate::cmaf::{Codec, Track};

/// Samples that follow each other without a hole.
#[derive(Debug, Default)]
struct Stretch {
    entries: Vec<Entry>,
    data: Vec<u8>,
}

#[derive(Debug)]
pub(super) struct Run {
    kind: TrackKind,
    /// Of the samples under way; of the next ones, once there are none.
    track: Option<Track>,
    window: usize,
    started: bool,
    stretches: Vec<Stretch>,
    /// For a sample whose follower is not known.
    usual_duration: u32,
    /// How many bytes the last window had: room for the next.
    room: usize,
}

impl Run {
    pub fn new(kind: TrackKind) -> Self {
        Self { kind, track: None, window: 0, started: false, stretches: Vec::new(), usual_duration: 0, room: 0 }
    }

    /// The window under way.
    pub fn window(&self) -> usize {
        self.window
    }

    pub fn track(&self) -> Option<&Track> {
        self.track.as_ref()
    }

    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// Sets what the samples to come are. Only while there are none under way.
    pub fn set_track(&mut self, track: Track, usual_duration: u32) {
        self.usual_duration = usual_duration;
        self.track = Some(track);
    }

    /// How long the next sample lasts, unless another follows it sooner.
    pub fn set_duration(&mut self, duration: u32) {
        self.usual_duration = duration;
    }

    /// Moves on to the window in which `pts_90k` is; whether it is in any. `next_dts` is when the sample there is decoded, where it follows the
    /// last one without a hole.
    pub fn advance(&mut self, pts_90k: i64, next_dts: Option<i64>, edges: &[i64], out: &mut VecDeque<Output>) -> bool {
        while edges.get(self.window + 1).is_some_and(|&end| end <= pts_90k) {
            if let Some(dts) = next_dts {
                // Of a picture that stands still, what is in this window.
                self.end_last(dts.saturating_sub(pts_90k - edges[self.window + 1]));
            }
            self.close(out);
        }
        // Reordered pictures of an open group may be shown before the window that they are decoded in.
        self.started |= edges.get(self.window).is_some_and(|&start| start <= pts_90k);
        self.started && self.window + 1 < edges.len()
    }

    /// Gives out every window that ends at or before this time.
    pub fn close_until(&mut self, media_90k: i64, edges: &[i64], out: &mut VecDeque<Output>) {
        while edges.get(self.window + 1).is_some_and(|&end| end <= media_90k) {
            self.close(out);
        }
    }

    /// Adds a sample, behind a hole in a fragment of its own, so that it stays a hole; `write` appends its bytes. Whether there is a description
    /// to add it to.
    pub fn add(&mut self, dts: i64, pts: i64, key: bool, hole: bool, write: impl FnOnce(&Codec, &mut Vec<u8>)) -> bool {
        if !hole {
            self.end_last(dts);
        }
        let Some(track) = &self.track else { return false };
        if hole || self.stretches.is_empty() {
            let room = if self.stretches.is_empty() { self.room } else { 0 };
            self.stretches.push(Stretch { entries: Vec::with_capacity(128), data: Vec::with_capacity(room) });
        }
        let duration = self.usual_duration;
        if let Some(stretch) = self.stretches.last_mut() {
            let before = stretch.data.len();
            write(&track.codec, &mut stretch.data);
            let size = (stretch.data.len() - before) as u32;
            stretch.entries.push(Entry { dts, pts, duration, key, size });
        }
        true
    }

    /// The last sample lasts until the next one is decoded.
    fn end_last(&mut self, next_dts: i64) {
        let Some(last) = self.stretches.last_mut().and_then(|s| s.entries.last_mut()) else { return };
        if let Ok(duration @ 1..) = u32::try_from(next_dts.saturating_sub(last.dts)) {
            last.duration = duration;
            // What the stream does, where it does not say or says wrong; a picture that stands still is no measure.
            if self.kind == TrackKind::Video && duration < 18_000 {
                self.usual_duration = duration;
            }
        }
    }

    /// Gives out the window under way and begins the next.
    fn close(&mut self, out: &mut VecDeque<Output>) {
        let (index, kind) = (self.window, self.kind);
        self.window += 1;
        let stretches = std::mem::take(&mut self.stretches);
        let (Some(track), Some(first), Some(last)) = (&self.track, stretches.first(), stretches.last().and_then(|s| s.entries.last())) else {
            return out.push_back(Output::Missing { track: kind, index });
        };
        let Some(&first) = first.entries.first() else { return };
        if !first.key {
            out.push_back(Output::Warning(Warning::NoKey { track: kind, index }));
        }
        let entries = stretches.iter().flat_map(|s| &s.entries);
        let start = entries.map(|e| e.pts).min().unwrap_or(first.pts);
        let data_len: usize = stretches.iter().map(|s| s.data.len()).sum();
        self.room = data_len + data_len / 4;
        let mut bytes = Vec::with_capacity(data_len + stretches.iter().map(|s| 256 + 16 * s.entries.len()).sum::<usize>());
        styp(&mut bytes);
        for stretch in &stretches {
            fragment_of(index as u32 + 1, &stretch.entries, &stretch.data, &mut bytes);
        }
        out.push_back(Output::Segment {
            track: kind,
            index,
            start_90k: track.media_90k(start),
            duration_90k: track.media_90k(last.dts + i64::from(last.duration)) - track.media_90k(first.dts),
            bytes,
            key_first: first.key,
        });
    }
}
