//! Conversions for viewers whose browsers cannot play the source: one worker per channel and beginning, from its first viewer until a while after its last.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::{LiveError, Media};
use crate::base::work::{Anchor, Event, Live as LiveTask, Piece, Task};
use crate::base::{ChannelId, Clock, UtcMs};
use crate::channel::tape::Entry;
use crate::channel::{ChannelsOptions, TapeReader, read_packets};
use crate::cmaf::Prober;
use crate::hls::{AudioRendition, Kind, Map, MasterPlaylist, MediaPlaylist, Segment, Variant};
use crate::jobs::{WorkerOptions, WorkerProcess};
use crate::ladder;

/// Behind the live edge, so that the worker has something to begin with.
const BEHIND_MS: i64 = 6_000;
const SEGMENT_SECONDS: u32 = 4;
const WINDOW: usize = 6;
/// Files kept behind the window of a live conversion; a start-over keeps all.
const KEPT: usize = 12;
/// How long a viewer waits for the first segment.
const PATIENCE: Duration = Duration::from_secs(20);
/// Enough to see what the source is.
const LOOK_BYTES: u64 = 6 << 20;

type Key = (ChannelId, Option<UtcMs>);

/// All conversions under way.
pub struct Conversions {
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    worker: WorkerOptions,
    preset: String,
    idle_ms: i64,
    most: usize,
    sessions: Arc<Mutex<HashMap<Key, Arc<Session>>>>,
}

/// One conversion.
struct Session {
    folder: PathBuf,
    renditions: Vec<Rendition>,
    used: Mutex<UtcMs>,
    /// What the worker has made so far.
    made: watch::Sender<Made>,
    stop: tokio_util::sync::CancellationToken,
}

#[derive(Debug, Clone)]
struct Rendition {
    name: String,
    width: u32,
    height: u32,
    bitrate_bps: u32,
}

#[derive(Debug, Default, Clone)]
struct Made {
    rungs: HashMap<String, MediaPlaylist>,
    codecs: HashMap<String, String>,
    ended: Option<String>,
}

impl Conversions {
    pub fn new(clock: Arc<dyn Clock>, options: &ChannelsOptions) -> Self {
        let folder = options.recordings.join("live");
        // What an earlier run left behind plays for nobody.
        if let Err(error) = std::fs::remove_dir_all(&folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(folder = %folder.display(), %error, "old live conversions could not be removed");
        }
        Self {
            clock,
            folder,
            worker: options.worker.clone(),
            preset: options.preset.clone(),
            idle_ms: i64::from(options.live.idle_seconds) * 1000,
            most: options.live.parallel as usize,
            sessions: Arc::default(),
        }
    }

    pub async fn master(&self, channel: &ChannelId, tape: &TapeReader, from: Option<UtcMs>, highest_rung: Option<&str>) -> Result<String, LiveError> {
        let session = self.session(channel, tape, from).await?;
        let made = session.first_segment(channel).await?;
        let query = from.map_or_else(String::new, |from| format!("?from={}", from.0));
        let most_lines = highest_rung.and_then(|r| r.strip_suffix('p')?.parse().ok()).unwrap_or(u32::MAX);
        let codec = |r: &Rendition| made.codecs.get(&r.name).cloned().unwrap_or_else(|| if r.height > 0 { "avc1.64001f" } else { "mp4a.40.2" }.to_owned());
        let mut playlist = MasterPlaylist::default();
        let sound = session.renditions.iter().find(|r| r.height == 0);
        playlist.audio.extend(sound.map(|r| AudioRendition {
            group: r.name.clone(),
            name: "声音".to_owned(),
            language: None,
            default: true,
            channels: None,
            uri: format!("{}/index.m3u8{query}", r.name),
        }));
        let pictures = session.renditions.iter().filter(|r| r.height > 0 && r.height <= most_lines);
        let shown: Vec<&Rendition> = pictures.chain(sound.filter(|_| session.renditions.len() == 1 || most_lines < LEAST_LINES)).collect();
        for rendition in shown {
            let of_sound = sound.filter(|s| s.name != rendition.name);
            playlist.variants.push(Variant {
                bandwidth_bps: u64::from(rendition.bitrate_bps) + of_sound.map_or(0, |s| u64::from(s.bitrate_bps)),
                average_bandwidth_bps: None,
                codecs: std::iter::once(rendition).chain(of_sound).map(codec).collect(),
                resolution: (rendition.height > 0).then_some((rendition.width, rendition.height)),
                frame_rate_milli: None,
                audio: sound.map(|s| s.name.clone()),
                uri: format!("{}/index.m3u8{query}", rendition.name),
            });
        }
        Ok(playlist.to_string())
    }

    pub async fn playlist(&self, channel: &ChannelId, rung: &str, from: Option<UtcMs>) -> Result<String, LiveError> {
        let session = self.known(channel, from).ok_or_else(|| LiveError::NoSuch { channel: channel.clone(), what: rung.to_owned() })?;
        let made = session.first_segment(channel).await?;
        let playlist = made.rungs.get(rung).ok_or_else(|| LiveError::NoSuch { channel: channel.clone(), what: rung.to_owned() })?;
        let mut playlist = playlist.clone();
        match from {
            Some(_) => playlist.kind = Kind::Event { ended: made.ended.is_some() },
            None => {
                playlist.kind = Kind::Live;
                playlist.slide(WINDOW);
            }
        }
        Ok(playlist.to_string())
    }

    /// Files carry their session's folder in their names: `<session>~<file>`.
    pub fn media(&self, channel: &ChannelId, rung: &str, name: &str) -> Result<Media, LiveError> {
        let no_such = || LiveError::NoSuch { channel: channel.clone(), what: format!("{rung}/{name}") };
        let plain = |text: &str| !text.is_empty() && !text.starts_with('.') && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b));
        let (session, file) = name.split_once('~').ok_or_else(no_such)?;
        if !plain(session) || !plain(file) || !plain(rung) {
            return Err(no_such());
        }
        let now = self.clock.now();
        let known = self.sessions().values().find(|s| s.folder.file_name().is_some_and(|n| n == session)).cloned();
        let known = known.ok_or_else(no_such)?;
        known.touch(now);
        Ok(Media::File(known.folder.join(rung).join(file)))
    }

    pub fn end(&self, channel: &ChannelId) {
        self.sessions().retain(|(of, _), session| {
            if of == channel {
                session.stop.cancel();
            }
            of != channel
        });
    }

    fn known(&self, channel: &ChannelId, from: Option<UtcMs>) -> Option<Arc<Session>> {
        let session = self.sessions().get(&(channel.clone(), from)).cloned()?;
        session.touch(self.clock.now());
        Some(session)
    }

    /// The conversion that this viewer shares, or a new one.
    async fn session(&self, channel: &ChannelId, tape: &TapeReader, from: Option<UtcMs>) -> Result<Arc<Session>, LiveError> {
        if let Some(session) = self.known(channel, from) {
            return Ok(session);
        }
        let begin = begin(channel, tape, from)?;
        let look = tape.clone();
        let (entry, of) = (begin.clone(), channel.clone());
        let task = tokio::task::spawn_blocking(move || describe(&look, &entry)).await;
        let source = task.map_err(|e| LiveError::Worker(e.to_string()))?.map_err(|e| LiveError::Tape(e.to_string()))?;
        let ladder = ladder::for_live(&source.0);
        if ladder.video.is_empty() && ladder.audio.is_empty() {
            return Err(LiveError::NotYet { channel: of, why: "还没有收到图像和声音 / neither picture nor sound has been seen yet".to_owned() });
        }
        let name = ulid::Ulid::new().to_string().to_lowercase();
        let folder = self.folder.join(&name);
        let session = Arc::new(Session {
            folder: folder.clone(),
            renditions: renditions(&ladder),
            used: Mutex::new(self.clock.now()),
            made: watch::Sender::new(Made::default()),
            stop: tokio_util::sync::CancellationToken::new(),
        });
        {
            let mut sessions = self.sessions();
            if let Some(other) = sessions.get(&(channel.clone(), from)) {
                return Ok(other.clone());
            }
            if sessions.len() >= self.most {
                return Err(LiveError::Busy { most: self.most });
            }
            sessions.insert((channel.clone(), from), session.clone());
        }
        let task = Task::Live(LiveTask {
            service: tape.service_at(begin.segment),
            tape: tape.folder().to_owned(),
            start: Piece {
                path: begin.path.clone(),
                from: begin.rap.offset,
                to: None,
                anchor: Anchor { pts_33: begin.rap.pts_33, media_90k: begin.rap.at.media_90k },
            },
            interlaced: source.1,
            segment_seconds: SEGMENT_SECONDS,
            video: ladder.video,
            audio: ladder.audio,
            folder,
            preset: self.preset.clone(),
            whole: false,
        });
        tracing::info!(%channel, session = name, "a live conversion begins");
        tokio::spawn(run(Running {
            key: (channel.clone(), from),
            session: session.clone(),
            sessions: self.sessions.clone(),
            clock: self.clock.clone(),
            worker: self.worker.clone(),
            idle_ms: self.idle_ms,
            name,
            task,
        }));
        Ok(session)
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<Key, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A site that may have fewer lines than the smallest rung gets sound.
const LEAST_LINES: u32 = 270;

impl Session {
    fn touch(&self, now: UtcMs) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn idle_since(&self) -> UtcMs {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until every rendition has a segment.
    async fn first_segment(&self, channel: &ChannelId) -> Result<Made, LiveError> {
        let mut made = self.made.subscribe();
        let ready = made.wait_for(|made| made.ended.is_some() || self.renditions.iter().all(|r| made.rungs.contains_key(&r.name)));
        match tokio::time::timeout(PATIENCE, ready).await {
            Ok(Ok(made)) if made.rungs.is_empty() => Err(LiveError::Worker(made.ended.clone().unwrap_or_default())),
            Ok(Ok(made)) => Ok(made.clone()),
            Ok(Err(_)) | Err(_) => {
                Err(LiveError::NotYet { channel: channel.clone(), why: "正在转换,请稍候 / the conversion has only begun".to_owned() })
            }
        }
    }
}

/// What the task of a conversion needs.
struct Running {
    key: Key,
    session: Arc<Session>,
    sessions: Arc<Mutex<HashMap<Key, Arc<Session>>>>,
    clock: Arc<dyn Clock>,
    worker: WorkerOptions,
    idle_ms: i64,
    name: String,
    task: Task,
}

/// Hears the worker until nobody watches any more or it ends.
async fn run(running: Running) {
    let ended = convert(&running).await;
    let words = ended.err().unwrap_or_default();
    tracing::info!(channel = %running.key.0, session = running.name, words, "a live conversion ends");
    running.session.made.send_modify(|made| made.ended = Some(words));
    running.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&running.key);
    let folder = running.session.folder.clone();
    // Who still has a playlist finds its segments for a moment longer.
    tokio::time::sleep(Duration::from_secs(10)).await;
    if let Err(error) = tokio::fs::remove_dir_all(&folder).await {
        tracing::warn!(folder = %folder.display(), %error, "a live conversion's files could not be removed");
    }
}

async fn convert(running: &Running) -> Result<(), String> {
    let mut worker = WorkerProcess::start(&running.worker, &format!("live-{}", running.name), &running.task).map_err(|e| e.to_string())?;
    let mut look = tokio::time::interval(Duration::from_secs(1));
    let mut failed = None;
    loop {
        tokio::select! {
            event = worker.event() => match event {
                Some(Event::Failed { message }) => failed = Some(message),
                Some(Event::Warning { message }) => tracing::debug!(channel = %running.key.0, message, "live conversion"),
                Some(event) => running.take(event),
                None => break,
            },
            () = running.session.stop.cancelled() => worker.stop().await,
            _ = look.tick() => {
                if running.clock.now() - running.session.idle_since() > running.idle_ms {
                    worker.stop().await;
                    running.session.stop.cancel();
                    break;
                }
            }
        }
        if running.session.stop.is_cancelled() {
            break;
        }
    }
    let ended = tokio::time::timeout(Duration::from_secs(5), worker.ended()).await;
    match (failed, ended) {
        (Some(message), _) => Err(message),
        (None, Ok(ended)) => ended,
        // Dropping it kills it.
        (None, Err(_)) => Ok(()),
    }
}

impl Running {
    fn take(&self, event: Event) {
        match event {
            Event::Segment { rung, number, start_90k, duration_90k, .. } => {
                self.session.made.send_modify(|made| {
                    let playlist = made
                        .rungs
                        .entry(rung.clone())
                        .or_insert_with(|| MediaPlaylist { least_target_seconds: u64::from(SEGMENT_SECONDS), ..MediaPlaylist::default() });
                    let first = playlist.segments.is_empty();
                    playlist.segments.push(Segment {
                        uri: format!("{}~{number}.m4s", self.name),
                        duration_ms: u64::try_from((duration_90k + 45) / 90).unwrap_or(0),
                        program_date_time: Some(UtcMs(start_90k / 90)),
                        map: first.then(|| Map { uri: format!("{}~init.mp4", self.name) }),
                        ..Segment::default()
                    });
                    // Live: what has left the window is not needed any more.
                    if self.key.1.is_none() && playlist.segments.len() > WINDOW + KEPT {
                        let gone = playlist.segments.first().and_then(|s| s.uri.split_once('~')).map(|(_, file)| self.session.folder.join(&rung).join(file));
                        playlist.slide(WINDOW + KEPT);
                        if let Some(gone) = gone {
                            drop(tokio::spawn(tokio::fs::remove_file(gone)));
                        }
                    }
                });
            }
            Event::Rendition { rung, codecs, .. } => self.session.made.send_modify(|made| {
                made.codecs.insert(rung, codecs);
            }),
            _ => {}
        }
    }
}

/// Where on the tape a conversion begins.
fn begin(channel: &ChannelId, tape: &TapeReader, from: Option<UtcMs>) -> Result<Entry, LiveError> {
    let nothing = || LiveError::NotYet { channel: channel.clone(), why: "录像带是空的 / its tape is empty".to_owned() };
    let (first, last) = tape.extent().ok_or_else(nothing)?;
    let at = from.unwrap_or(last.utc - BEHIND_MS).max(first.utc);
    let near = tape.entries(at - 30_000, at + 30_000).map_err(|e| LiveError::Tape(e.to_string()))?;
    let before = near.iter().rev().find(|e| e.rap.at.utc <= at).cloned();
    before.or_else(|| near.into_iter().next()).ok_or_else(nothing)
}

/// What the source is there, and whether it is interlaced.
fn describe(tape: &TapeReader, at: &Entry) -> std::io::Result<(ladder::Source, bool)> {
    let mut prober = Prober::new(tape.service_at(at.segment));
    let piece = Piece {
        path: at.path.clone(),
        from: at.rap.offset,
        to: Some(at.rap.offset + LOOK_BYTES),
        anchor: Anchor { pts_33: at.rap.pts_33, media_90k: at.rap.at.media_90k },
    };
    read_packets(&piece, |packet| {
        prober.push(packet);
        Ok::<_, std::io::Error>(())
    })?;
    let probe = prober.finish();
    Ok((ladder::Source::of(&probe, 0), probe.video.as_ref().is_some_and(|v| v.interlaced)))
}

fn renditions(ladder: &ladder::Ladder) -> Vec<Rendition> {
    let pictures = ladder.video.iter().map(|v| Rendition { name: v.name.clone(), width: v.width, height: v.height, bitrate_bps: v.bitrate_bps });
    let sounds = ladder.audio.iter().map(|a| Rendition { name: a.name.clone(), width: 0, height: 0, bitrate_bps: a.bitrate_bps });
    pictures.chain(sounds).collect()
}
