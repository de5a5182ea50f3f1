//! What the server and its workers say to each other: a [`Task`] on the command line's file, [`Event`]s as JSON lines on
//! a descriptor of the worker's own, [`Command`]s as JSON lines on its standard input.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a worker is started for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    Transcode(Transcode),
    Live(Live),
}

/// A piece of a tape: whole transport packets of some files, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    pub path: PathBuf,
    /// First byte taken.
    pub from: u64,
    /// First byte not taken; `None` is the file's end, for [`Live`] also while it grows.
    pub to: Option<u64>,
    /// The media time (90 kHz, on the tape's time line) of a 33-bit PTS that stands in this piece: what other PTS are unwrapped against.
    pub anchor: Anchor,
}

/// One PTS on the tape's media time line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub pts_33: u64,
    pub media_90k: i64,
}

/// Encode the rungs of one asset, decoding once; poster and thumbnails beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcode {
    pub service: u16,
    pub pieces: Vec<Piece>,
    /// What is shown: media times [from, to). Pictures outside are decoded where needed and left out.
    pub from_90k: i64,
    pub to_90k: i64,
    /// Where segments begin (media times, ascending, the first is `from_90k`): key frames are forced here, so that all rungs switch at the same places.
    pub boundaries_90k: Vec<i64>,
    pub interlaced: bool,
    pub video: Vec<VideoRung>,
    pub audio: Vec<AudioRung>,
    /// Where the poster is taken (media time); `None`: neither poster nor thumbnails.
    pub poster_90k: Option<i64>,
    /// Seconds between thumbnails.
    pub thumbnail_seconds: u32,
    /// The asset's folder: `<folder>/<rung>/{init.mp4,<n>.m4s}`, `poster.jpg`, `sprite-<n>.jpg`, `thumbnails.vtt`.
    pub folder: PathBuf,
    pub preset: String,
    /// Threads each encoder may use; 0: two above 720 lines, else one (fewest CPU seconds).
    pub threads: u32,
}

/// A video rendition to be encoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoRung {
    /// `720p`.
    pub name: String,
    pub width: u32,
    pub height: u32,
    /// The most it may take over 2 seconds; easy pictures take less.
    pub bitrate_bps: u32,
    /// Pictures a second at most (50 → 25, 60 → 30); 0 keeps the source's.
    #[serde(default)]
    pub frame_rate_limit: u32,
}

/// A sound rendition to be encoded as AAC-LC stereo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioRung {
    /// `audio-128k`.
    pub name: String,
    pub bitrate_bps: u32,
}

/// Convert a growing tape for browsers, from a place on it onward, until told to stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Live {
    pub service: u16,
    /// The tape's folder; new segments are found there as they appear.
    pub tape: PathBuf,
    /// Where to begin: a random access point of this file, whose time is the anchor's; pictures shown before it are left out.
    pub start: Piece,
    pub interlaced: bool,
    pub segment_seconds: u32,
    pub video: Vec<VideoRung>,
    pub audio: Vec<AudioRung>,
    /// `<folder>/<rung>/{init.mp4,<n>.m4s}`.
    pub folder: PathBuf,
    pub preset: String,
    /// For an asset, not for viewers: files are durable, and when told to stop the worker first converts what the tape has by then.
    #[serde(default)]
    pub whole: bool,
}

/// What a worker reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// 0 to 1.
    Progress {
        done: f32,
    },
    /// One segment of a rendition is on disk under its final name. `number` counts the boundaries of the task (of [`Live`]: the spans of
    /// `segment_seconds` since the start); where there was nothing to show, the number is missing in every rung.
    Segment {
        rung: String,
        number: u64,
        start_90k: i64,
        duration_90k: i64,
        bytes: u64,
    },
    /// A rendition is whole; of a [`Live`] that is not, its first segment is there. `codecs` as in RFC 6381; `peak_bps` over its segments.
    Rendition {
        rung: String,
        codecs: String,
        width: u32,
        height: u32,
        frame_rate_milli: u32,
        peak_bps: u32,
        average_bps: u32,
    },
    Poster,
    Thumbnails,
    /// Something was wrong with the material and was survived.
    Warning {
        message: String,
    },
    /// The task cannot be done.
    Failed {
        message: String,
    },
    Done,
}

/// What the server tells a running worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Finish the segment under way and end.
    Stop,
}
