//! What players are given: a media playlist beside each rendition's segments, and the master playlist over them.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::copy::{self, Copied, CopiedSegment, TrackFacts, Window};
use super::folder::{sync_folder, write_whole};
use crate::base::work::Event;
use crate::hls::{AudioRendition, Kind, Map, MasterPlaylist, MediaPlaylist, Segment, Variant};
use crate::store::Rendition;

/// One segment on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentFile {
    pub name: String,
    pub start_90k: i64,
    pub duration_90k: i64,
    pub bytes: u64,
}

/// Segments that a running worker has reported, by rung.
pub type Collected = HashMap<String, Vec<SegmentFile>>;

/// A rendition as a worker describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    pub rung: String,
    pub codecs: String,
    pub width: u32,
    pub height: u32,
    pub frame_rate_milli: u32,
    pub peak_bps: u32,
    pub average_bps: u32,
}

impl Encoded {
    /// `None` where the event tells something else.
    pub fn of(event: &Event) -> Option<Self> {
        let Event::Rendition { rung, codecs, width, height, frame_rate_milli, peak_bps, average_bps } = event.clone() else { return None };
        Some(Self { rung, codecs, width, height, frame_rate_milli, peak_bps, average_bps })
    }
}

/// Publishes an encoded rendition in its folder. `version` stands in its addresses, as a second encoding has the same names and players keep segments
/// for ever.
pub fn rendition(folder: &Path, encoded: Encoded, segments: &[SegmentFile], version: &str) -> std::io::Result<Rendition> {
    let init = Map { uri: format!("init.mp4?v={version}") };
    let mut end_90k = segments.first().map_or(0, |s| s.start_90k);
    let listed = segments.iter().enumerate().map(|(i, segment)| {
        // A hole in the tape is a hole in every rendition: the time line begins anew behind it.
        let hole = segment.start_90k - end_90k > HOLE_90K;
        end_90k = segment.start_90k + segment.duration_90k;
        Segment {
            uri: format!("{}?v={version}", segment.name),
            duration_ms: milliseconds(segment.duration_90k),
            discontinuity: hole,
            map: (i == 0 || hole).then(|| init.clone()),
            ..Segment::default()
        }
    });
    write_playlist(folder, listed.collect())?;
    Ok(Rendition {
        name: encoded.rung,
        width: encoded.width,
        height: encoded.height,
        bitrate_bps: encoded.peak_bps,
        average_bps: encoded.average_bps,
        codecs: encoded.codecs,
        frame_rate_milli: encoded.frame_rate_milli,
    })
}

/// More than this between two segments is no rounding.
const HOLE_90K: i64 = 45_000;

/// Publishes what was copied: pictures, and sound where there is any.
pub fn copied(folder: &Path, copied: &Copied) -> std::io::Result<Vec<Rendition>> {
    let mut renditions = Vec::new();
    for (name, facts, of) in
        [(copy::VIDEO, &copied.video, (|w| w.video.as_ref()) as fn(&Window) -> Option<&CopiedSegment>), (copy::AUDIO, &copied.audio, |w| w.audio.as_ref())]
    {
        if let Some(facts) = facts {
            renditions.extend(copied_track(&folder.join(name), name, facts, &copied.windows, of)?);
        }
    }
    Ok(renditions)
}

fn copied_track(
    folder: &Path,
    name: &str,
    facts: &TrackFacts,
    windows: &[Window],
    of: fn(&Window) -> Option<&CopiedSegment>,
) -> std::io::Result<Option<Rendition>> {
    let mut init = None;
    let mut listed = Vec::with_capacity(windows.len());
    let (mut peak_bps, mut bytes, mut ticks) = (0, 0, 0);
    for window in windows {
        // What is missing at the beginning is left out, later it is a gap.
        let Some(segment) = of(window) else {
            if init.is_some() {
                let duration_ms = milliseconds(window.end_90k - window.start_90k);
                listed.push(Segment {
                    uri: format!("missing-{}", window.start_90k),
                    duration_ms,
                    gap: true,
                    discontinuity: window.discontinuity,
                    ..Segment::default()
                });
            }
            continue;
        };
        let map = Map { uri: segment.init.clone() };
        let changed = init.as_ref() != Some(&map);
        let duration = segment.file.duration_90k.max(1);
        bytes += segment.file.bytes;
        ticks += duration;
        // A short last segment says nothing about the peak.
        if duration >= 90_000 {
            peak_bps = peak_bps.max(bits_per_second(segment.file.bytes, duration));
        }
        listed.push(Segment {
            uri: segment.file.name.clone(),
            duration_ms: milliseconds(duration),
            discontinuity: init.is_some() && (window.discontinuity || changed),
            map: (changed || window.discontinuity).then(|| map.clone()),
            ..Segment::default()
        });
        init = Some(map);
    }
    if ticks == 0 {
        return Ok(None);
    }
    write_playlist(folder, listed)?;
    let average_bps = bits_per_second(bytes, ticks);
    Ok(Some(Rendition {
        name: name.to_owned(),
        width: facts.width,
        height: facts.height,
        bitrate_bps: peak_bps.max(average_bps),
        average_bps,
        codecs: facts.codecs.clone(),
        frame_rate_milli: facts.frame_rate_milli,
    }))
}

fn write_playlist(folder: &Path, segments: Vec<Segment>) -> std::io::Result<()> {
    let playlist = MediaPlaylist { kind: Kind::Vod, segments, ..MediaPlaylist::default() };
    write_whole(&folder.join("index.m3u8"), playlist.to_string().as_bytes())?;
    sync_folder(folder)
}

/// There is a picture to be seen. (Sound alone is playable once it is known that there is no picture.)
pub fn is_playable(renditions: &[Rendition]) -> bool {
    renditions.iter().any(Rendition::is_video)
}

/// Rungs of at most so many lines go with the thin sound.
const THIN_LINES: u32 = 300;
/// What players begin with before they know the line: the largest rung of at most this.
const BEGIN_BPS: u32 = 1_200_000;

/// The master playlist over renditions, up to the highest rung that the asker's site may have (`480p`).
pub fn master_playlist(renditions: &[Rendition], highest_rung: Option<&str>) -> String {
    let most_lines = highest_rung.and_then(lines).unwrap_or(u32::MAX);
    let mut sounds: Vec<&Rendition> = renditions.iter().filter(|r| !r.is_video()).collect();
    sounds.sort_by_key(|r| std::cmp::Reverse(r.bitrate_bps));
    let mut pictures: Vec<&Rendition> = renditions.iter().filter(|r| r.is_video()).collect();
    pictures.sort_by_key(|r| std::cmp::Reverse((r.height, r.bitrate_bps)));
    if let Some(smallest) = pictures.last().copied() {
        pictures.retain(|r| r.height <= most_lines || r.name == smallest.name);
    }
    if let Some(begin) = pictures.iter().position(|r| r.bitrate_bps <= BEGIN_BPS) {
        pictures[..=begin].rotate_right(1);
    }
    let (full, thin) = (sounds.first().copied(), sounds.last().copied());
    let mut playlist = MasterPlaylist::default();
    for sound in &sounds {
        playlist.audio.push(AudioRendition {
            group: sound.name.clone(),
            name: "声音".to_owned(),
            language: None,
            default: true,
            channels: None,
            uri: format!("{}/index.m3u8", sound.name),
        });
    }
    for picture in &pictures {
        let sound = if picture.height <= THIN_LINES { thin } else { full };
        playlist.variants.push(variant(picture, sound));
    }
    // Sound only: for the thinnest line, and for what has no picture.
    let alone: Vec<&Rendition> = if pictures.is_empty() { sounds } else { thin.into_iter().collect() };
    playlist.variants.extend(alone.into_iter().map(|sound| variant(sound, Some(sound))));
    playlist.to_string()
}

fn variant(rendition: &Rendition, sound: Option<&Rendition>) -> Variant {
    let of_sound = sound.filter(|s| s.name != rendition.name);
    let mut codecs = vec![rendition.codecs.clone()];
    codecs.extend(of_sound.map(|s| s.codecs.clone()));
    Variant {
        bandwidth_bps: u64::from(rendition.bitrate_bps) + of_sound.map_or(0, |s| u64::from(s.bitrate_bps)),
        average_bandwidth_bps: Some(u64::from(rendition.average_bps) + of_sound.map_or(0, |s| u64::from(s.average_bps))),
        codecs,
        resolution: rendition.is_video().then_some((rendition.width, rendition.height)),
        frame_rate_milli: Some(rendition.frame_rate_milli).filter(|f| *f > 0),
        audio: sound.map(|s| s.name.clone()),
        uri: format!("{}/index.m3u8", rendition.name),
    }
}

/// The lines of a rung's name: `480p` → 480.
fn lines(rung: &str) -> Option<u32> {
    rung.strip_suffix('p')?.parse().ok()
}

fn milliseconds(ticks_90k: i64) -> u64 {
    u64::try_from((ticks_90k + 45) / 90).unwrap_or(0)
}

fn bits_per_second(bytes: u64, ticks_90k: i64) -> u32 {
    u32::try_from(bytes * 8 * 90_000 / u64::try_from(ticks_90k.max(1)).unwrap_or(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(name: &str, height: u32, bitrate_bps: u32) -> Rendition {
        let codecs = if height > 0 { "avc1.64001f" } else { "mp4a.40.2" }.to_owned();
        Rendition { name: name.to_owned(), width: height * 16 / 9, height, bitrate_bps, average_bps: bitrate_bps, codecs, frame_rate_milli: 25_000 }
    }

    fn uris(text: &str) -> Vec<String> {
        let playlist: MasterPlaylist = text.parse().unwrap();
        playlist.variants.into_iter().map(|v| v.uri.replace("/index.m3u8", "")).collect()
    }

    #[test]
    fn players_begin_small_and_a_site_has_no_more_than_its_highest_rung() {
        let all = [
            rung("source", 1080, 8_000_000),
            rung("audio", 0, 128_000),
            rung("720p", 720, 2_000_000),
            rung("480p", 480, 800_000),
            rung("270p", 270, 300_000),
            rung("audio-48k", 0, 48_000),
        ];
        assert_eq!(uris(&master_playlist(&all, None)), ["480p", "source", "720p", "270p", "audio-48k"]);
        assert_eq!(uris(&master_playlist(&all, Some("480p"))), ["480p", "270p", "audio-48k"]);
        assert_eq!(uris(&master_playlist(&all[..2], Some("480p"))), ["source", "audio"], "rather the only one than none");
        assert_eq!(uris(&master_playlist(&all[1..2], None)), ["audio"]);
    }

    #[test]
    fn a_hole_in_the_tape_is_a_discontinuity() {
        let folder = tempfile::tempdir().unwrap();
        let segment = |n: i64, start: i64| SegmentFile { name: format!("{n}.m4s"), start_90k: start, duration_90k: 360_000, bytes: 100_000 };
        let (rung, codecs) = ("720p".to_owned(), "avc1.64001f".to_owned());
        let encoded = Encoded { rung, codecs, width: 1280, height: 720, frame_rate_milli: 25_000, peak_bps: 1, average_bps: 1 };
        rendition(folder.path(), encoded, &[segment(0, 0), segment(1, 360_000), segment(2, 1_000_000)], "v").unwrap();
        let playlist: MediaPlaylist = std::fs::read_to_string(folder.path().join("index.m3u8")).unwrap().parse().unwrap();
        assert_eq!(playlist.segments.iter().map(|s| s.discontinuity).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(playlist.kind, Kind::Vod);
    }
}
