//! Playing the tape as it is: pictures and sound remuxed into CMAF, cached per segment, so that many viewers cost one reading.

use std::sync::Arc;

use bytes::Bytes;
use moka::future::Cache;

use super::{LiveError, Media};
use crate::base::work::Piece;
use crate::base::{ChannelId, UtcMs};
use crate::channel::tape::HlsSegment;
use crate::channel::{TapeReader, read_packets};
use crate::cmaf::{Output, Remuxer, Track, TrackKind, init_segment};
use crate::hls::{AudioRendition, Kind, Map, MasterPlaylist, MediaPlaylist, Segment, Variant};

const VIDEO: &str = "video";
const AUDIO: &str = "audio";
/// Segments in a live playlist: 12 s and more.
const WINDOW: usize = 6;
/// A segment is seldom longer; playlists must not change their target (RFC 8216bis, 4.4.3.1).
const TARGET_SECONDS: u64 = 4;
/// Start-over goes back at most so far.
const FARTHEST_MS: i64 = 12 * 3_600_000;

pub fn is_rung(rung: &str) -> bool {
    matches!(rung, VIDEO | AUDIO)
}

/// One segment of both tracks.
#[derive(Debug, Default)]
struct Remuxed {
    video: Option<TrackPart>,
    audio: Option<TrackPart>,
}

#[derive(Debug)]
struct TrackPart {
    track: Track,
    init: Bytes,
    segment: Bytes,
}

impl Remuxed {
    fn part(&self, rung: &str) -> Option<&TrackPart> {
        if rung == VIDEO { self.video.as_ref() } else { self.audio.as_ref() }
    }

    fn bytes(&self) -> usize {
        [&self.video, &self.audio].into_iter().flatten().map(|p| p.init.len() + p.segment.len() + 512).sum()
    }
}

type Key = (ChannelId, UtcMs, u32);

pub struct Native {
    cache: Cache<Key, Arc<Remuxed>>,
}

impl Native {
    pub fn new(cache_bytes: u64) -> Self {
        let weigher = |_: &Key, value: &Arc<Remuxed>| u32::try_from(value.bytes()).unwrap_or(u32::MAX);
        Self { cache: Cache::builder().max_capacity(cache_bytes).weigher(weigher).build() }
    }

    pub async fn master(&self, channel: &ChannelId, tape: &TapeReader, from: Option<UtcMs>) -> Result<String, LiveError> {
        let reader = tape.clone();
        let tail = blocking(move || Ok(reader.hls_tail(1)?)).await?;
        let newest = tail.last().ok_or_else(|| not_yet(channel))?;
        let remuxed = self.remuxed(channel, tape, newest.segment, newest.index).await?;
        let seconds = ((newest.end.media_90k - newest.start.media_90k) as f64 / 90_000.0).max(0.1);
        let bps = |part: &TrackPart| (part.segment.len() as f64 * 8.0 / seconds) as u64;
        let query = from.map_or_else(String::new, |from| format!("?from={}", from.0));
        let mut playlist = MasterPlaylist::default();
        if remuxed.audio.is_some() {
            playlist.audio.push(AudioRendition {
                group: AUDIO.to_owned(),
                name: "声音".to_owned(),
                language: None,
                default: true,
                channels: None,
                uri: format!("{AUDIO}/index.m3u8{query}"),
            });
        }
        let parts = [&remuxed.video, &remuxed.audio].into_iter().flatten();
        let main = if remuxed.video.is_some() { VIDEO } else { AUDIO };
        let picture = remuxed.video.as_ref().and_then(|part| part.track.picture());
        playlist.variants.push(Variant {
            // The peak of a channel is not known beforehand: half as much again as now.
            bandwidth_bps: parts.clone().map(bps).sum::<u64>() * 3 / 2,
            average_bandwidth_bps: None,
            codecs: parts.map(|part| part.track.rfc6381()).collect(),
            resolution: picture.map(|(width, height, _)| (width, height)),
            frame_rate_milli: picture.map(|(.., rate)| rate).filter(|rate| *rate > 0),
            audio: remuxed.audio.as_ref().map(|_| AUDIO.to_owned()),
            uri: format!("{main}/index.m3u8{query}"),
        });
        Ok(playlist.to_string())
    }

    pub async fn media(&self, channel: &ChannelId, tape: &TapeReader, rung: &str, name: &str) -> Result<Media, LiveError> {
        let no_such = || LiveError::NoSuch { channel: channel.clone(), what: format!("{rung}/{name}") };
        let (is_init, identity) = match (name.strip_prefix("init-").and_then(|n| n.strip_suffix(".mp4")), name.strip_suffix(".m4s")) {
            (Some(identity), _) => (true, identity),
            (None, Some(identity)) => (false, identity),
            (None, None) => return Err(no_such()),
        };
        let (segment, index) = identity.split_once('-').ok_or_else(no_such)?;
        let (Ok(segment), Ok(index)) = (segment.parse(), index.parse()) else { return Err(no_such()) };
        let remuxed = self.remuxed(channel, tape, UtcMs(segment), index).await?;
        let part = remuxed.part(rung).ok_or_else(no_such)?;
        Ok(Media::Bytes(if is_init { part.init.clone() } else { part.segment.clone() }))
    }

    /// One segment; those who ask for the same at once wait for one reading.
    async fn remuxed(&self, channel: &ChannelId, tape: &TapeReader, segment: UtcMs, index: u32) -> Result<Arc<Remuxed>, LiveError> {
        let tape = tape.clone();
        let made = self.cache.try_get_with((channel.clone(), segment, index), async move {
            blocking(move || match tape.hls_segment(segment, index)? {
                Some((found, pieces)) => Ok(Some(Arc::new(remux(&tape, &found, &pieces)?))),
                None => Ok(None),
            })
            .await
            .and_then(|made| made.ok_or(LiveError::Tape(String::new())))
        });
        made.await.map_err(|error| match &*error {
            LiveError::Tape(words) if words.is_empty() => LiveError::NoSuch { channel: channel.clone(), what: format!("segment {}-{index}", segment.0) },
            other => LiveError::Tape(other.to_string()),
        })
    }
}

fn remux(tape: &TapeReader, segment: &HlsSegment, pieces: &[Piece]) -> std::io::Result<Remuxed> {
    let mut made = Remuxed::default();
    let (mut video_track, mut audio_track) = (None, None);
    let Some(first) = pieces.first() else { return Ok(made) };
    let mut remuxer = Remuxer::new(tape.service_at(segment.segment), first.anchor, [segment.start.media_90k, segment.end.media_90k]);
    for (i, piece) in pieces.iter().enumerate() {
        if i > 0 {
            remuxer.start_piece(piece.anchor);
        }
        read_packets(piece, |packet| {
            remuxer.push(packet);
            Ok::<_, std::io::Error>(())
        })?;
    }
    remuxer.finish();
    while let Some(output) = remuxer.poll() {
        match output {
            Output::Init(track) if track.kind() == TrackKind::Video => video_track = Some(track),
            Output::Init(track) => audio_track = Some(track),
            Output::Segment { track: TrackKind::Video, bytes, .. } => made.video = video_track.clone().map(|track| part(track, bytes)),
            Output::Segment { track: TrackKind::Audio, bytes, .. } => made.audio = audio_track.clone().map(|track| part(track, bytes)),
            Output::Missing { .. } | Output::Warning(_) => {}
        }
    }
    Ok(made)
}

fn part(track: Track, segment: Vec<u8>) -> TrackPart {
    TrackPart { init: init_segment(&track).into(), segment: segment.into(), track }
}

/// Live: the last segments. From an instant: all from there on, growing.
pub async fn playlist(channel: &ChannelId, tape: &TapeReader, from: Option<UtcMs>) -> Result<String, LiveError> {
    let reader = tape.clone();
    let segments = blocking(move || match from {
        None => Ok(reader.hls_tail(WINDOW)?),
        Some(from) => {
            let newest = reader.extent().map_or(from, |(_, to)| to.utc);
            Ok(reader.hls(from.max(newest - FARTHEST_MS), newest + 1)?)
        }
    })
    .await?;
    let first = segments.first().ok_or_else(|| not_yet(channel))?;
    let mut playlist = MediaPlaylist {
        kind: if from.is_some() { Kind::Event { ended: false } } else { Kind::Live },
        media_sequence: first.sequence,
        // One epoch, one discontinuity.
        discontinuity_sequence: u64::from(first.epoch),
        start_offset_ms: from.map(|_| 0),
        least_target_seconds: TARGET_SECONDS,
        segments: Vec::with_capacity(segments.len()),
    };
    let mut epoch = None;
    for segment in &segments {
        let identity = format!("{}-{}", segment.segment.0, segment.index);
        let new_epoch = epoch.replace(segment.epoch) != Some(segment.epoch);
        playlist.segments.push(Segment {
            uri: format!("{identity}.m4s"),
            duration_ms: u64::try_from((segment.end.media_90k - segment.start.media_90k + 45) / 90).unwrap_or(0),
            discontinuity: new_epoch && !playlist.segments.is_empty(),
            gap: false,
            program_date_time: Some(segment.start.utc),
            map: new_epoch.then(|| Map { uri: format!("init-{identity}.mp4") }),
        });
    }
    Ok(playlist.to_string())
}

fn not_yet(channel: &ChannelId) -> LiveError {
    LiveError::NotYet { channel: channel.clone(), why: "录像带上还没有完整片段 / no whole segment is on its tape".to_owned() }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T, LiveError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(LiveError::Tape(error.to_string())),
        Err(error) => Err(LiveError::Tape(error.to_string())),
    }
}
