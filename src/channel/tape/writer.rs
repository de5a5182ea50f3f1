//! Writes one channel's tape. Owns its files; one task at a time calls it, from a thread that may block.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use super::TapeOptions;
use super::catalogue::{Catalogue, SegmentSummary};
use super::disk::{Disk, Growing};
use super::error::TapeError;
use super::files;
use crate::base::UtcMs;
use crate::ts::index::{BreakReason, RECORD_LEN, Record, TapeInstant};
use crate::ts::sync::{PacketSync, SyncCounts};
use crate::ts::taper::{Event, Output, Resume, Step, Taper, TaperOptions};

/// What a flush has to tell.
#[derive(Debug)]
pub enum TapeEvent {
    Taped(Event),
    /// The tape cannot be written; capture goes on and tries again. Told once.
    WriteFailed(TapeError),
    /// The tape is written again.
    WritingAgain,
    /// Alignment was lost, this often since the event before.
    SyncLost {
        times: u64,
    },
    /// So many bytes came since the source was opened, and no packet.
    NotATransportStream {
        bytes: u64,
    },
    /// The segment of this name is complete.
    SegmentClosed(UtcMs),
}

/// A file pair that grows.
struct OpenSegment {
    name: UtcMs,
    path: PathBuf,
    ts: Box<dyn Growing>,
    idx: Box<dyn Growing>,
    /// Bytes written.
    bytes: u64,
    /// Bytes of both that readers know of; the rest is cut off when writing fails.
    committed: (u64, u64),
    /// Not yet written to the index.
    records: Vec<Record>,
}

pub struct TapeWriter {
    options: TapeOptions,
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    catalogue: Arc<RwLock<Catalogue>>,
    sync: PacketSync,
    told_sync: SyncCounts,
    told_no_stream: bool,
    taper: Taper,
    output: Output,
    open: Option<OpenSegment>,
    synced: Option<UtcMs>,
    /// Writing failed: when it is tried again.
    retry_at: Option<UtcMs>,
}

/// After a failure the disk is left alone for so long.
const RETRY_MS: i64 = 2000;
/// So many bytes without a packet are no transport stream.
const NO_STREAM_BYTES: u64 = 64 << 10;

impl TapeWriter {
    pub(super) fn new(options: TapeOptions, folder: PathBuf, disk: Arc<dyn Disk>, catalogue: Arc<RwLock<Catalogue>>) -> Self {
        let resume = catalogue.read().unwrap_or_else(PoisonError::into_inner).resume(BreakReason::Stopped);
        let taper = Taper::new(TaperOptions {
            wanted: options.wanted,
            segment_seconds: options.segment_seconds.max(1),
            signal_lost_ms: i64::from(options.signal_lost_seconds.max(1)) * 1000,
            resume,
        });
        Self {
            options,
            folder,
            disk,
            catalogue,
            sync: PacketSync::default(),
            told_sync: SyncCounts::default(),
            told_no_stream: false,
            taper,
            output: Output::default(),
            open: None,
            synced: None,
            retry_at: None,
        }
    }

    /// Takes bytes of the source as they arrived: datagrams' payloads or pieces of a stream. Memory work only.
    pub fn push(&mut self, arrival: UtcMs, bytes: &[u8]) {
        let Self { sync, taper, .. } = self;
        sync.push(bytes, |packet| taper.push(arrival, packet));
    }

    /// Writes what has come. Call every few hundred milliseconds, also when nothing comes: what is not flushed is lost at a crash.
    pub fn flush(&mut self, now: UtcMs) -> Vec<TapeEvent> {
        self.taper.tick(now);
        let mut told = self.write_out(now);
        self.tell_sync(&mut told);
        told
    }

    /// The source ends or the channel is switched off: completes the segment under way.
    pub fn finish(&mut self, now: UtcMs) -> Vec<TapeEvent> {
        let Self { sync, taper, .. } = self;
        sync.finish(|packet| taper.push(now, packet));
        taper.finish();
        self.write_out(now)
    }

    /// State for the operator's page: counts, services, PMT, scrambling, the source's clock.
    pub fn taper(&self) -> &Taper {
        &self.taper
    }

    pub fn sync_counts(&self) -> SyncCounts {
        self.sync.counts()
    }

    fn write_out(&mut self, now: UtcMs) -> Vec<TapeEvent> {
        let mut output = std::mem::take(&mut self.output);
        self.taper.take(&mut output);
        // Bytes that are held back are not on the tape: then the edge stays where it was.
        let edge = self.taper.edge().filter(|_| self.taper.pending_bytes() == 0);
        let mut told = Vec::new();
        if self.retry_at.is_some_and(|at| now < at) {
            self.give_up(None, &mut output);
        } else {
            match self.write(now, &output, edge, &mut told) {
                Ok(wrote) => {
                    if wrote && self.retry_at.take().is_some() {
                        told.push(TapeEvent::WritingAgain);
                    }
                }
                Err(error) => {
                    let reason = if error.is_disk_full() { BreakReason::DiskFull } else { BreakReason::DiskError };
                    self.give_up(Some(reason), &mut output);
                    if self.retry_at.is_none() {
                        told.push(TapeEvent::WriteFailed(error));
                    }
                    self.retry_at = Some(now + RETRY_MS);
                }
            }
        }
        told.extend(output.events.drain(..).map(TapeEvent::Taped));
        self.output = output;
        told
    }

    /// Writes the output; says whether there was anything to write.
    fn write(&mut self, now: UtcMs, output: &Output, edge: Option<TapeInstant>, told: &mut Vec<TapeEvent>) -> Result<bool, TapeError> {
        let mut done = 0;
        for &(at, step) in &output.steps {
            self.append(&output.bytes[done..at])?;
            done = at;
            match step {
                Step::Begin(start) => self.begin(start)?,
                Step::Record(record) => self.record(record),
                Step::End(end) => {
                    self.record(Record::End(end));
                    self.commit(None)?;
                    self.sync_files()?;
                    self.catalogue().close();
                    told.extend(self.open.take().map(|segment| TapeEvent::SegmentClosed(segment.name)));
                }
            }
        }
        self.append(&output.bytes[done..])?;
        self.commit(edge)?;
        let since = *self.synced.get_or_insert(now);
        if now - since >= i64::from(self.options.sync_seconds) * 1000 {
            self.sync_files()?;
            self.synced = Some(now);
        }
        Ok(!output.bytes.is_empty())
    }

    fn begin(&mut self, start: TapeInstant) -> Result<(), TapeError> {
        let mut name = start.utc;
        let mut path = files::ts_path(&self.folder, &self.options.zone, name);
        // After the machine's clock was set back a name can be taken.
        while self.catalogue().has(name) || path.exists() {
            name = name + 1;
            path = files::ts_path(&self.folder, &self.options.zone, name);
        }
        let ts = self.disk.create(&path).map_err(TapeError::at(&path))?;
        let idx_path = files::idx_path(&path);
        let idx = self.disk.create(&idx_path).map_err(|error| {
            // Without its index the file would be found as a segment to be recovered.
            let _ = std::fs::remove_file(&path);
            TapeError::at(&idx_path)(error)
        })?;
        self.open = Some(OpenSegment { name, path, ts, idx, bytes: 0, committed: (0, 0), records: Vec::new() });
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), TapeError> {
        let Some(open) = self.open.as_mut().filter(|_| !bytes.is_empty()) else { return Ok(()) };
        write_all(open.ts.as_mut(), bytes).map_err(TapeError::at(&open.path))?;
        open.bytes += bytes.len() as u64;
        Ok(())
    }

    fn record(&mut self, record: Record) {
        if let Some(open) = &mut self.open {
            open.records.push(record);
        }
    }

    /// Writes the index behind the stream's bytes, then lets readers know of both.
    fn commit(&mut self, edge: Option<TapeInstant>) -> Result<(), TapeError> {
        let catalogue = self.catalogue.clone();
        let Some(open) = &mut self.open else { return Ok(()) };
        let bytes: Vec<u8> = open.records.iter().flat_map(Record::encode).collect();
        write_all(open.idx.as_mut(), &bytes).map_err(TapeError::at(&files::idx_path(&open.path)))?;
        open.committed = (open.bytes, open.committed.1 + bytes.len() as u64);
        let mut catalogue = write_lock(&catalogue);
        if catalogue.growing().is_none_or(|(s, _)| s.name != open.name)
            && let Some(summary) = SegmentSummary::begun(open.name, open.path.clone(), &open.records)
        {
            catalogue.begin(SegmentSummary { growing: true, ..summary });
        }
        if let Some((summary, growth)) = catalogue.growing() {
            for record in open.records.drain(..) {
                if let Record::Rap(rap) = record {
                    growth.raps.push(rap);
                }
                summary.add(&record, &mut growth.plan);
            }
            summary.bytes = open.bytes;
            if let Some(edge) = edge {
                growth.edge = Some(edge);
                if edge.media_90k > summary.end.media_90k {
                    summary.end = edge;
                }
            }
        }
        Ok(())
    }

    fn sync_files(&mut self) -> Result<(), TapeError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.ts.sync().and_then(|()| open.idx.sync()).map_err(TapeError::at(&open.path))
    }

    /// Closes what could not be written at its last good place, and lets the taper begin anew from there.
    fn give_up(&mut self, reason: Option<BreakReason>, output: &mut Output) {
        output.events.retain(|e| !matches!(e, Event::SegmentBegan { .. }));
        if let Some(mut open) = self.open.take() {
            // Cutting off needs no space. Where it fails, recovery does it at the next start.
            let _ = open.ts.truncate(open.committed.0).and_then(|()| open.idx.truncate(open.committed.1));
            if open.committed.1 <= RECORD_LEN as u64 {
                let _ = std::fs::remove_file(&open.path);
                let _ = std::fs::remove_file(files::idx_path(&open.path));
            }
            let mut catalogue = self.catalogue();
            if catalogue.growing().is_some_and(|(s, _)| s.name == open.name) {
                catalogue.close();
            }
        }
        let reason = reason.unwrap_or(BreakReason::DiskFull);
        let resume: Resume = self.catalogue().resume(reason);
        self.taper.abandon(resume);
    }

    fn tell_sync(&mut self, told: &mut Vec<TapeEvent>) {
        let counts = self.sync.counts();
        if counts.losses > self.told_sync.losses {
            told.push(TapeEvent::SyncLost { times: counts.losses - self.told_sync.losses });
        }
        if counts.packets == 0 && counts.skipped_bytes >= NO_STREAM_BYTES && !self.told_no_stream {
            self.told_no_stream = true;
            told.push(TapeEvent::NotATransportStream { bytes: counts.skipped_bytes });
        }
        self.told_sync = counts;
    }

    fn catalogue(&self) -> RwLockWriteGuard<'_, Catalogue> {
        write_lock(&self.catalogue)
    }
}

fn write_lock(catalogue: &RwLock<Catalogue>) -> RwLockWriteGuard<'_, Catalogue> {
    catalogue.write().unwrap_or_else(PoisonError::into_inner)
}

fn write_all(file: &mut dyn Growing, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = bytes.get(n..).unwrap_or(&[]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
