//! The files of one rendition: `<folder>/<rung>/{init.mp4,<n>.m4s}`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use yizhan::base::work::Event;
use yizhan::cmaf::{Aac, AacError, H264, H264Error, Sample, Track, init_segment, media_segment};

use super::events::Events;

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("{path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("rendition {rung}: {source}")]
    H264 { rung: String, source: H264Error },
    #[error("rendition {rung}: {source}")]
    Aac { rung: String, source: AacError },
    #[error("rendition {0}: samples came before the description of their track")]
    NotDescribed(String),
}

/// Where files go, and whether they must survive a power cut. A live conversion is made anew anyway.
#[derive(Clone)]
pub struct Shelf {
    pub folder: PathBuf,
    pub durable: bool,
}

impl Shelf {
    /// Writes under a temporary name and renames, so that whoever sees the name sees the whole file. The temporary name is this process's own: the stills
    /// of an asset may be made by two workers at once, the one beside the queue and the job's.
    pub fn put(&self, name: &Path, bytes: &[u8]) -> Result<(), PublishError> {
        let path = self.folder.join(name);
        let error = |source| PublishError::Write { path: path.clone(), source };
        let Some((parent, file)) = path.parent().zip(path.file_name()) else { return Err(error(io::ErrorKind::InvalidFilename.into())) };
        fs::create_dir_all(parent).map_err(error)?;
        let part = parent.join(format!(".{}.{}.part", file.to_string_lossy(), std::process::id()));
        let mut to = File::create(&part).map_err(error)?;
        to.write_all(bytes).map_err(error)?;
        if self.durable {
            to.sync_data().map_err(error)?;
        }
        drop(to);
        fs::rename(&part, &path).map_err(error)
    }

    /// Makes the names in a folder survive too.
    pub fn sync(&self, folder: &Path) -> Result<(), PublishError> {
        let path = self.folder.join(folder);
        if !self.durable {
            return Ok(());
        }
        File::open(&path).and_then(|f| f.sync_all()).map_err(|source| PublishError::Write { path, source })
    }
}

/// What is known of a video rung besides its stream.
#[derive(Debug, Clone, Copy, Default)]
pub struct VideoFormat {
    pub width: u32,
    pub height: u32,
    /// Numerator and denominator.
    pub frame_rate: (u32, u32),
}

/// One rung while its segments are written.
pub struct Rendition {
    rung: String,
    shelf: Shelf,
    events: Arc<Events>,
    track: Option<Track>,
    format: VideoFormat,
    written: Written,
}

#[derive(Default)]
struct Written {
    bytes: u64,
    /// In ticks of the track.
    duration: u64,
    peak_bps: u64,
    segments: u32,
}

impl Rendition {
    pub fn new(rung: &str, shelf: Shelf, events: Arc<Events>) -> Self {
        Self { rung: rung.to_owned(), shelf, events, track: None, format: VideoFormat::default(), written: Written::default() }
    }

    pub fn is_described(&self) -> bool {
        self.track.is_some()
    }

    /// Takes the encoder's avcC and writes `init.mp4`.
    pub fn describe_video(&mut self, avcc: &[u8], format: VideoFormat) -> Result<(), PublishError> {
        let h264 = H264::from_avcc(avcc).map_err(|source| PublishError::H264 { rung: self.rung.clone(), source })?;
        self.format = format;
        self.describe(Track::h264(h264))
    }

    /// Takes the encoder's AudioSpecificConfig and writes `init.mp4`.
    pub fn describe_audio(&mut self, config: &[u8]) -> Result<(), PublishError> {
        // No priming to hide: the sound line begins before the cut and gives each frame the time of what is heard from it.
        let aac = Aac::from_config(config, 0).map_err(|source| PublishError::Aac { rung: self.rung.clone(), source })?;
        self.describe(Track::aac(aac))
    }

    fn describe(&mut self, track: Track) -> Result<(), PublishError> {
        self.shelf.put(&Path::new(&self.rung).join("init.mp4"), &init_segment(&track))?;
        self.track = Some(track);
        Ok(())
    }

    /// Writes one segment and tells of it.
    pub fn publish(&mut self, number: u64, samples: &[Sample]) -> Result<(), PublishError> {
        let track = self.track.as_ref().ok_or_else(|| PublishError::NotDescribed(self.rung.clone()))?;
        // Sequence numbers of fragments begin at 1.
        let bytes = media_segment((number as u32).wrapping_add(1), samples);
        self.shelf.put(&Path::new(&self.rung).join(format!("{number}.m4s")), &bytes)?;
        let start = samples.iter().map(|s| s.pts).min().unwrap_or_default();
        let ticks: u64 = samples.iter().map(|s| u64::from(s.duration)).sum();
        let (size, scale) = (bytes.len() as u64, u64::from(track.timescale()));
        self.written.bytes += size;
        self.written.duration += ticks;
        self.written.segments += 1;
        self.written.peak_bps = self.written.peak_bps.max(rate_bps(size, ticks, scale));
        self.events.tell(&Event::Segment {
            rung: self.rung.clone(),
            number,
            start_90k: track.media_90k(start),
            duration_90k: track.media_90k(ticks as i64),
            bytes: size,
        });
        // A live rendition is never whole: what it is, is told with its first segment.
        if !self.shelf.durable && self.written.segments == 1 {
            self.summary().iter().for_each(|event| self.events.tell(event));
        }
        Ok(())
    }

    /// Makes it durable; what is to be told of the whole, or `None` where nothing was written.
    pub fn finish(&mut self) -> Result<Option<Event>, PublishError> {
        let summary = self.summary();
        if summary.is_some() {
            self.shelf.sync(Path::new(&self.rung))?;
            self.shelf.sync(Path::new(""))?;
        }
        Ok(summary)
    }

    fn summary(&self) -> Option<Event> {
        let track = self.track.as_ref().filter(|_| self.written.segments > 0)?;
        let (numerator, denominator) = self.format.frame_rate;
        let bps = |b: u64| u32::try_from(b).unwrap_or(u32::MAX);
        Some(Event::Rendition {
            rung: self.rung.clone(),
            codecs: track.rfc6381(),
            width: self.format.width,
            height: self.format.height,
            frame_rate_milli: (u64::from(numerator) * 1000).checked_div(u64::from(denominator)).map_or(0, bps),
            peak_bps: bps(self.written.peak_bps),
            average_bps: bps(rate_bps(self.written.bytes, self.written.duration, u64::from(track.timescale()))),
        })
    }
}

fn rate_bps(bytes: u64, ticks: u64, timescale: u64) -> u64 {
    (bytes * 8 * timescale).checked_div(ticks).unwrap_or(0)
}
