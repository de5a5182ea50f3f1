//! Packets of one service → CMAF segments cut at given times, nothing decoded.

mod audio;
mod run;
mod video;

use std::collections::VecDeque;

use crate::base::work::Anchor;
use crate::ts::{Packet, Pmt, StreamKind};

use super::{Access, Demuxed, Demuxer, Track};
use audio::AudioLane;
use video::VideoLane;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackKind {
    Video,
    Audio,
}

/// What comes out of the remuxer. Each track's outputs are in order; the tracks do not wait for each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// What [`super::init_segment`] is made of: before the track's first segment, and again before a segment that needs another.
    Init(Track),
    Segment {
        track: TrackKind,
        /// Of the window, counted from the first boundary.
        index: usize,
        /// Media time of the first picture shown, or of the first frame of sound.
        start_90k: i64,
        /// Of what is in it, holes included.
        duration_90k: i64,
        bytes: Vec<u8>,
        /// The segment can be decoded by itself.
        key_first: bool,
    },
    /// There is nothing of this track in the window.
    Missing {
        track: TrackKind,
        index: usize,
    },
    Warning(Warning),
}

/// What was wrong with the material and was survived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    #[error("a {kind:?} stream cannot be copied")]
    NotCopied { kind: StreamKind },
    #[error("{track:?}: packets were lost at media time {pts_90k}")]
    Damaged { track: TrackKind, pts_90k: i64 },
    #[error("{track:?}: times go backwards at media time {pts_90k}")]
    Backwards { track: TrackKind, pts_90k: i64 },
    #[error("{track:?}: segment {index} has nothing to begin with")]
    NoKey { track: TrackKind, index: usize },
    #[error("{track:?}: the coding cannot be described: {why}")]
    Undescribed { track: TrackKind, why: String },
    #[error("{track:?}: the coding changed inside segment {index}; the rest of that segment is left out")]
    Changed { track: TrackKind, index: usize },
}

/// A track this far behind the other is not waited for: its window is closed as it is. Multiplexes keep tracks within a second or two.
const LATE_90K: i64 = 10 * 90_000;

/// Cuts one service into windows: `[boundaries[n], boundaries[n + 1])` in media time is segment `n` of each track.
///
/// A window is given out as soon as its track has gone past it. The sound of a window lies up to a second or so behind its pictures (and with some
/// encoders before): begin to push a little before the first boundary and go on until [`Remuxer::is_complete`] or the end of what there is.
#[derive(Debug)]
pub struct Remuxer {
    demuxer: Demuxer,
    edges: Vec<i64>,
    video: Option<VideoLane>,
    audio: Option<AudioLane>,
    published: Vec<Track>,
    out: VecDeque<Output>,
}

impl Remuxer {
    /// `boundaries_90k` ascend: where segments begin, and last where the last one ends (`i64::MAX`: at the end of what is pushed).
    /// Boundaries are presentation times of IDR pictures.
    pub fn new(service: u16, anchor: Anchor, boundaries_90k: impl IntoIterator<Item = i64>) -> Self {
        Self {
            demuxer: Demuxer::new(service, anchor),
            edges: boundaries_90k.into_iter().collect(),
            video: None,
            audio: None,
            published: Vec::new(),
            out: VecDeque::new(),
        }
    }

    /// Tracks whose init segments are out already: they are not repeated while they fit, and parameter sets that they lack stay in the pictures.
    pub fn with_published(mut self, tracks: impl IntoIterator<Item = Track>) -> Self {
        self.published = tracks.into_iter().collect();
        self
    }

    /// Another boundary behind the last one, for windows that are not known from the start.
    pub fn push_boundary(&mut self, media_90k: i64) {
        self.edges.push(media_90k);
    }

    /// See [`Demuxer::start_piece`].
    pub fn start_piece(&mut self, anchor: Anchor) {
        self.demuxer.start_piece(anchor);
        self.drain();
    }

    pub fn streams(&self) -> Option<&Pmt> {
        self.demuxer.streams()
    }

    pub fn push(&mut self, packet: &Packet<'_>) {
        self.demuxer.push(packet);
        self.drain();
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Every window of every track has been given out: what else is pushed changes nothing.
    pub fn is_complete(&self) -> bool {
        let windows = self.edges.len().saturating_sub(1);
        self.demuxer.streams().is_some()
            && self.video.as_ref().is_none_or(|lane| lane.run.window() >= windows)
            && self.audio.as_ref().is_none_or(|lane| lane.run.window() >= windows)
    }

    /// Gives out what is under way; windows that nothing was found for are [`Output::Missing`].
    pub fn finish(&mut self) {
        self.demuxer.finish();
        self.drain();
        self.close_until(i64::MAX, i64::MAX);
    }

    fn drain(&mut self) {
        while let Some(demuxed) = self.demuxer.poll() {
            match demuxed {
                Demuxed::Streams(pmt) => self.take_streams(&pmt),
                Demuxed::Access(access) => self.take_access(access),
            }
        }
    }

    fn take_streams(&mut self, pmt: &Pmt) {
        let published = |kind| self.published.iter().find(|t| t.kind() == kind).cloned();
        for stream in pmt.video().into_iter().chain(pmt.audio()) {
            match stream.kind {
                StreamKind::H264 if self.video.is_none() => self.video = Some(VideoLane::new(published(TrackKind::Video))),
                StreamKind::AacAdts if self.audio.is_none() => self.audio = Some(AudioLane::new(published(TrackKind::Audio), stream.language.clone())),
                StreamKind::H264 | StreamKind::AacAdts => {}
                kind => self.out.push_back(Output::Warning(Warning::NotCopied { kind })),
            }
        }
    }

    fn take_access(&mut self, access: Access) {
        let pts_90k = access.pts_90k;
        match access.kind {
            StreamKind::H264 => {
                if let Some(lane) = &mut self.video {
                    lane.push(access, &self.edges, &mut self.out);
                }
                self.close_until(i64::MIN, pts_90k.saturating_sub(LATE_90K));
            }
            StreamKind::AacAdts => {
                if let Some(lane) = &mut self.audio {
                    lane.push(access, &self.edges, &mut self.out);
                }
                self.close_until(pts_90k.saturating_sub(LATE_90K), i64::MIN);
            }
            _ => {}
        }
    }

    /// Closes the windows that end before these times.
    fn close_until(&mut self, video_90k: i64, audio_90k: i64) {
        if let Some(lane) = &mut self.video {
            lane.run.close_until(video_90k, &self.edges, &mut self.out);
        }
        if let Some(lane) = &mut self.audio {
            lane.run.close_until(audio_90k, &self.edges, &mut self.out);
        }
    }
}
