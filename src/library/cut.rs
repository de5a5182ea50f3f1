//! From a stretch of tape to what can be played at once and the task for the rest.

use std::path::Path;

use super::copy::{self, Copied};
use super::describe::{Description, describe};
use super::folder::Folders;
use super::follower::Followed;
use super::{LibraryError, publish};
use crate::base::UtcMs;
use crate::base::work::{Anchor, Live, Piece, Transcode};
use crate::channel::TapeReader;
use crate::channel::tape::Cut;
use crate::ladder;
use crate::store::{AssetRow, MissingStretch, Rendition};
use crate::ts::TICKS_PER_SECOND;

/// Where nothing is copied, encoded segments begin so far apart.
const ENCODED_SECONDS: u32 = 4;
pub const ENCODED_90K: i64 = ENCODED_SECONDS as i64 * TICKS_PER_SECOND;
/// The poster shows what is on so long after the beginning: past a station's opening.
const POSTER_AFTER_90K: i64 = 5 * TICKS_PER_SECOND;

/// A cut that was made.
pub struct CutMade {
    /// For which range; another may be wanted by now.
    pub asked_from: UtcMs,
    pub asked_to: UtcMs,
    /// Outward to random access points.
    pub from: UtcMs,
    pub to: UtcMs,
    pub gaps: Vec<MissingStretch>,
    /// What is playable already.
    pub renditions: Vec<Rendition>,
    pub task: Transcode,
}

/// Copies what the tape has of an asset whose programme is still on. Where it cannot be copied, the task of a follower.
pub fn follow(folders: &Folders, tape: &TapeReader, asset: &AssetRow) -> Result<Option<Live>, LibraryError> {
    let Some(edge) = tape.live_edge() else { return Ok(None) };
    let to = asset.to.min(edge.at.utc);
    if to <= asset.from || !tape.touches(asset.from, to) {
        return Ok(None);
    }
    let cut = tape.cut(asset.from, to)?;
    let about = describe(&cut)?;
    if copies(&about) {
        copy::copy(&folders.of(&asset.id), &cut, edge.at.media_90k, None)?;
        return Ok(None);
    }
    let ladder = ladder::to_follow(&ladder::for_asset(&about.source));
    let Some((piece, rap)) = cut.pieces.first().and_then(|p| Some((p, p.raps.first()?))) else { return Ok(None) };
    if ladder.video.is_empty() || rap.at.media_90k != cut.from.media_90k {
        return Ok(None);
    }
    let anchor = Anchor { pts_33: rap.pts_33, media_90k: rap.at.media_90k };
    Ok(Some(Live {
        service: cut.service,
        tape: tape.folder().to_owned(),
        start: Piece { path: piece.piece.path.clone(), from: rap.offset, to: None, anchor },
        interlaced: about.probe.video.as_ref().is_some_and(|v| v.interlaced),
        segment_seconds: ENCODED_SECONDS,
        video: ladder.video,
        audio: ladder.audio,
        folder: folders.of(&asset.id),
        preset: String::new(),
        whole: true,
    }))
}

/// Cuts, copies what can be copied, takes over what was encoded already, and says what is left to do.
pub fn make(folders: &Folders, tape: &TapeReader, asset: &AssetRow, followed: Option<Followed>) -> Result<CutMade, LibraryError> {
    if !tape.touches(asset.from, asset.to) {
        return Err(LibraryError::NotOnTape { channel: asset.channel.clone(), from: asset.from, to: asset.to });
    }
    let cut = tape.cut(asset.from, asset.to)?;
    let folder = folders.of(&asset.id);
    std::fs::create_dir_all(&folder)?;
    let about = describe(&cut)?;
    let mut ladder = ladder::for_asset(&about.source);
    let mut renditions = Vec::new();
    let mut copied = None;
    if copies(&about) {
        let done = copy::copy(&folder, &cut, i64::MAX, Some(cut.to.media_90k))?;
        renditions = publish::copied(&folder, &done)?;
        copied = Some(done).filter(|_| publish::is_playable(&renditions));
    }
    if copied.is_none() {
        renditions.clear();
    } else if !ladder.copy_audio {
        ladder.audio.retain(|_| about.source.sound.is_some());
    }
    // A programme whose beginning was moved meanwhile is encoded anew.
    if let Some(followed) = followed.filter(|f| copied.is_none() && f.from_90k == cut.from.media_90k) {
        renditions = take_over(&folder, followed, cut.to.media_90k)?;
        let is_left = |name: &String| !renditions.iter().any(|r| r.name == *name);
        ladder.video.retain(|rung| is_left(&rung.name));
        ladder.audio.retain(|rung| is_left(&rung.name));
    }
    let from_90k = copied.as_ref().and_then(|c| c.windows.first()).map_or(cut.from.media_90k, |w| w.start_90k);
    let task = Transcode {
        service: cut.service,
        pieces: cut.pieces.iter().map(|p| p.piece.clone()).collect::<Vec<Piece>>(),
        from_90k,
        to_90k: cut.to.media_90k,
        boundaries_90k: boundaries(copied.as_ref(), from_90k, cut.to.media_90k),
        interlaced: about.probe.video.as_ref().is_some_and(|v| v.interlaced),
        video: ladder.video,
        audio: ladder.audio,
        poster_90k: about.source.picture.as_ref().map(|_| poster(&cut)),
        thumbnail_seconds: 0,
        folder: folder.clone(),
        preset: String::new(),
        threads: 0,
    };
    sync(&folder)?;
    Ok(CutMade { asked_from: asset.from, asked_to: asset.to, from: cut.from.utc, to: cut.to.utc, gaps: gaps(tape, &cut, asset), renditions, task })
}

/// Publishes what a follower made, up to the cut's end: its last segment may show a little more. Nothing, where its pictures end before the cut does, as
/// when the guide has made the programme longer.
fn take_over(folder: &Path, followed: Followed, to_90k: i64) -> Result<Vec<Rendition>, LibraryError> {
    let mut renditions = Vec::new();
    for (encoded, mut segments) in followed.rungs {
        segments.retain(|segment| segment.start_90k < to_90k);
        if segments.last().is_some_and(|last| last.start_90k + last.duration_90k > to_90k - TICKS_PER_SECOND) {
            let rung = folder.join(&encoded.rung);
            renditions.push(publish::rendition(&rung, encoded, &segments, &followed.version)?);
        }
    }
    if !publish::is_playable(&renditions) {
        renditions.clear();
    }
    Ok(renditions)
}

/// Pictures are copied when browsers play them; the sound alone of a service without pictures likewise.
fn copies(about: &Description) -> bool {
    let ladder = ladder::for_asset(&about.source);
    ladder.copy_video || about.source.picture.is_none() && ladder.copy_audio
}

/// All renditions switch at the same places: those of the copied one where there is one.
fn boundaries(copied: Option<&Copied>, from_90k: i64, to_90k: i64) -> Vec<i64> {
    match copied {
        Some(copied) => copied.windows.iter().map(|w| w.start_90k).collect(),
        None => (0..).map(|n| from_90k + n * ENCODED_90K).take_while(|at| *at < to_90k).collect(),
    }
}

fn poster(cut: &Cut) -> i64 {
    let (from, to) = cut.asked_90k;
    from + POSTER_AFTER_90K.min((to - from).max(0) / 2)
}

/// What of the asset the tape does not hold: gaps in it, and what is missing at either end.
fn gaps(tape: &TapeReader, cut: &Cut, asset: &AssetRow) -> Vec<MissingStretch> {
    const COARSE_MS: i64 = 500;
    let mut gaps: Vec<MissingStretch> = tape.missing(asset.from, asset.to);
    if cut.from.utc - asset.from > COARSE_MS && !gaps.iter().any(|g| g.from <= asset.from) {
        gaps.insert(0, MissingStretch { from: asset.from, to: cut.from.utc, reason: "not_taped".to_owned() });
    }
    if asset.to - cut.to.utc > COARSE_MS && !gaps.iter().any(|g| g.to >= asset.to) {
        gaps.push(MissingStretch { from: cut.to.utc, to: asset.to, reason: "not_taped".to_owned() });
    }
    gaps
}

fn sync(folder: &Path) -> Result<(), LibraryError> {
    super::folder::sync_folder(folder)?;
    if let Some(parent) = folder.parent() {
        super::folder::sync_folder(parent)?;
    }
    Ok(())
}
