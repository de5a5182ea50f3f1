//! The copied renditions: pictures and sound as received, put into CMAF segments beside each other, nothing encoded.
//!
//! What is copied is noted in a manifest, so that copying can follow a growing tape, stop anywhere and go on: each call copies what is missing.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::folder::{sync_folder, write_whole};
use super::publish::SegmentFile;
use crate::base::work::Piece;
use crate::channel::read_packets;
use crate::channel::tape::{Cut, CutPiece};
use crate::cmaf::{self, Output, Remuxer, Track, TrackKind};
use crate::ts::TICKS_PER_SECOND;
use crate::ts::index::RapKind;

/// A segment of an asset is at least this long: fewer files than live needs.
const SHORTEST_90K: i64 = 4 * TICKS_PER_SECOND;
const MANIFEST: &str = "copied.json";

/// The folder names of the copied renditions.
pub const VIDEO: &str = "source";
pub const AUDIO: &str = "audio";

/// What has been copied of an asset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Copied {
    pub windows: Vec<Window>,
    pub video: Option<TrackFacts>,
    pub audio: Option<TrackFacts>,
}

/// One span of the asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub start_90k: i64,
    pub end_90k: i64,
    pub discontinuity: bool,
    /// Absent where the tape has nothing of it.
    pub video: Option<CopiedSegment>,
    pub audio: Option<CopiedSegment>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopiedSegment {
    pub file: SegmentFile,
    pub init: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackFacts {
    pub codecs: String,
    pub width: u32,
    pub height: u32,
    pub frame_rate_milli: u32,
}

/// Where an asset's segments begin, ascending: the first IDR picture, then each at least 4 s after the last, and each epoch's first.
/// A service without pictures is cut at its own random access points.
pub fn boundaries(pieces: &[CutPiece]) -> Vec<(i64, bool)> {
    let mut found: Vec<(i64, bool)> = Vec::new();
    let mut epoch = None;
    for piece in pieces {
        for rap in piece.raps.iter().filter(|rap| matches!(rap.kind, RapKind::Idr | RapKind::Audio)) {
            let new_epoch = epoch.is_some_and(|e| e != piece.epoch);
            if found.last().is_none_or(|(last, _)| rap.at.media_90k - last >= SHORTEST_90K) || new_epoch {
                found.push((rap.at.media_90k, new_epoch));
            }
            epoch = Some(piece.epoch);
        }
    }
    found
}

/// Copies the windows between the boundaries that are not copied yet. `end_90k` closes the last one; without it the last is left for later.
pub fn copy(folder: &Path, cut: &Cut, received_90k: i64, end_90k: Option<i64>) -> io::Result<Copied> {
    let mut edges = boundaries(&cut.pieces);
    match end_90k {
        Some(end) => {
            edges.retain(|(at, _)| *at < end);
            edges.push((end, false));
        }
        // A window is whole when everything shown before its end has been received.
        None => edges.retain(|(at, _)| *at <= received_90k),
    }
    let mut copied = load(folder)?;
    let wanted = || edges.windows(2).map(|pair| (pair[0].0, pair[1].0));
    let known = copied.windows.iter().map(|w| (w.start_90k, w.end_90k)).zip(wanted()).take_while(|(have, want)| have == want).count();
    if known + 1 >= edges.len() {
        copied.windows.truncate(known);
        return Ok(copied);
    }
    copied.windows.truncate(known);
    for rung in [VIDEO, AUDIO] {
        std::fs::create_dir_all(folder.join(rung))?;
    }
    copied.windows.extend(edges[known..].windows(2).map(|pair| Window {
        start_90k: pair[0].0,
        end_90k: pair[1].0,
        discontinuity: pair[0].1,
        video: None,
        audio: None,
    }));
    // Sound may lie a little before its pictures: begin a window early and throw that one away.
    let begin = known.saturating_sub(1);
    let mut pass = Pass { folder, copied: &mut copied, first: begin, known, init: [None, None] };
    pass.run(cut, edges[begin..].iter().map(|(at, _)| *at).collect())?;
    sync_folder(&folder.join(VIDEO))?;
    sync_folder(&folder.join(AUDIO))?;
    write_whole(&folder.join(MANIFEST), &serde_json::to_vec(&copied)?)?;
    Ok(copied)
}

fn load(folder: &Path) -> io::Result<Copied> {
    match std::fs::read(folder.join(MANIFEST)) {
        // A manifest that cannot be read is made again.
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Copied::default()),
        Err(error) => Err(error),
    }
}

/// One run over the tape.
struct Pass<'a> {
    folder: &'a Path,
    copied: &'a mut Copied,
    /// The window of the first boundary.
    first: usize,
    /// Windows before this are there already.
    known: usize,
    /// The init segments in force, video's and audio's.
    init: [Option<String>; 2],
}

impl Pass<'_> {
    fn run(&mut self, cut: &Cut, edges: Vec<i64>) -> io::Result<()> {
        let start = edges.first().copied().unwrap_or_default();
        let mut pieces = from_boundary(&cut.pieces, start).into_iter();
        let Some(first) = pieces.next() else { return Ok(()) };
        let mut remuxer = Remuxer::new(cut.service, first.anchor, edges);
        self.piece(&mut remuxer, &first)?;
        for piece in pieces {
            if remuxer.is_complete() {
                break;
            }
            remuxer.start_piece(piece.anchor);
            self.piece(&mut remuxer, &piece)?;
        }
        remuxer.finish();
        self.take(&mut remuxer)
    }

    fn piece(&mut self, remuxer: &mut Remuxer, piece: &Piece) -> io::Result<()> {
        read_packets(piece, |packet| {
            remuxer.push(packet);
            self.take(remuxer)
        })
    }

    fn take(&mut self, remuxer: &mut Remuxer) -> io::Result<()> {
        while let Some(output) = remuxer.poll() {
            match output {
                Output::Init(track) => self.init(&track)?,
                Output::Segment { track, index, start_90k, duration_90k, bytes, .. } => self.segment(track, index, start_90k, duration_90k, &bytes)?,
                Output::Missing { .. } => {}
                Output::Warning(warning) => tracing::debug!(%warning, folder = %self.folder.display(), "copying"),
            }
        }
        Ok(())
    }

    /// Named by its content: the same description is the same file, whichever pass wrote it.
    fn init(&mut self, track: &Track) -> io::Result<()> {
        let bytes = cmaf::init_segment(track);
        let name = format!("init-{:08x}.mp4", crc32fast::hash(&bytes));
        let path = self.folder.join(rung(track.kind())).join(&name);
        if !path.exists() {
            write_whole(&path, &bytes)?;
        }
        let facts = facts(track);
        match track.kind() {
            TrackKind::Video => (self.init[0], self.copied.video) = (Some(name), Some(facts)),
            TrackKind::Audio => (self.init[1], self.copied.audio) = (Some(name), Some(facts)),
        }
        Ok(())
    }

    fn segment(&mut self, track: TrackKind, index: usize, start_90k: i64, duration_90k: i64, bytes: &[u8]) -> io::Result<()> {
        let at = self.first + index;
        let (Some(window), true) = (self.copied.windows.get_mut(at), at >= self.known) else { return Ok(()) };
        let init = match track {
            TrackKind::Video => &self.init[0],
            TrackKind::Audio => &self.init[1],
        };
        let Some(init) = init.clone() else { return Ok(()) };
        let name = format!("{}-{}.m4s", window.start_90k, window.end_90k - window.start_90k);
        write_whole(&self.folder.join(rung(track)).join(&name), bytes)?;
        let segment = CopiedSegment { file: SegmentFile { name, start_90k, duration_90k, bytes: bytes.len() as u64 }, init };
        match track {
            TrackKind::Video => window.video = Some(segment),
            TrackKind::Audio => window.audio = Some(segment),
        }
        Ok(())
    }
}

fn rung(track: TrackKind) -> &'static str {
    match track {
        TrackKind::Video => VIDEO,
        TrackKind::Audio => AUDIO,
    }
}

fn facts(track: &Track) -> TrackFacts {
    let (width, height, frame_rate_milli) = track.picture().unwrap_or_default();
    TrackFacts { codecs: track.rfc6381(), width, height, frame_rate_milli }
}

/// The pieces from the random access point at this media time on.
pub fn from_boundary(pieces: &[CutPiece], media_90k: i64) -> Vec<Piece> {
    let holds = |p: &CutPiece| p.raps.iter().any(|r| r.at.media_90k == media_90k);
    let Some(at) = pieces.iter().position(holds) else { return pieces.iter().map(|p| p.piece.clone()).collect() };
    let mut from_there: Vec<Piece> = pieces[at..].iter().map(|p| p.piece.clone()).collect();
    if let (Some(first), Some(rap)) = (from_there.first_mut(), pieces[at].raps.iter().find(|r| r.at.media_90k == media_90k)) {
        first.from = rap.offset;
        first.anchor = crate::base::work::Anchor { pts_33: rap.pts_33, media_90k };
    }
    from_there
}
