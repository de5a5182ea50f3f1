//! A file looped at the pace of its PCR.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::chunk::{CHUNK_AGE, Gatherer};
use super::datagrams::NotTransportStream;
use super::seam::{PCR_STEP_LIMIT, WRAP_27M};
use super::{Outlet, Seam, Source};
use crate::base::{Clock, UtcMs};
use crate::ts::sync::PacketSync;
use crate::ts::{PACKET_LEN, Packet};

/// A file that cannot be played is tried again after so long.
const RETRY: Duration = Duration::from_secs(5);
/// So many bytes without a packet, or without a PCR, and the file is refused.
const SEARCH_BYTES: u64 = 16 << 20;
const READ_BYTES: usize = 64 << 10;

#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    NotTransportStream(#[from] NotTransportStream),
    #[error("it has no PCR in its first {0} bytes, so its pace is not known")]
    NoPcr(u64),
}

/// A file as a [`Source`]: a thread that reads, sleeps until packets are due, and begins again.
pub(super) struct LoopedFile {
    path: PathBuf,
    clock: Arc<dyn Clock>,
}

impl LoopedFile {
    pub fn new(path: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { path, clock }
    }
}

impl Source for LoopedFile {
    fn start(self: Box<Self>, outlet: Outlet) {
        let (path, clock, thread_outlet) = (self.path, self.clock, outlet.clone());
        let started = std::thread::Builder::new().name("ingest-file".to_owned()).spawn(move || {
            while !thread_outlet.is_abandoned() {
                if let Err(e) = Playing::new(&thread_outlet, &*clock).play(&path) {
                    thread_outlet.failed(e);
                    sleep(RETRY, &thread_outlet);
                }
            }
        });
        if let Err(e) = started {
            outlet.failed(format_args!("cannot start the thread that reads it: {e}"));
        }
    }
}

/// Sleeps, but not past the last subscriber's leaving.
fn sleep(time: Duration, outlet: &Outlet) {
    let end = Instant::now() + time;
    while let left = end.saturating_duration_since(Instant::now())
        && !left.is_zero()
        && !outlet.is_abandoned()
    {
        std::thread::sleep(left.min(CHUNK_AGE));
    }
}

struct Playing<'a> {
    outlet: &'a Outlet,
    clock: &'a dyn Clock,
    seam: Seam,
    pace: Pace,
    gatherer: Gatherer,
    /// When the packets after the last PCR are due, on the wall clock.
    at: UtcMs,
}

impl<'a> Playing<'a> {
    fn new(outlet: &'a Outlet, clock: &'a dyn Clock) -> Self {
        Self { outlet, clock, seam: Seam::default(), pace: Pace::default(), gatherer: Gatherer::default(), at: clock.now() }
    }

    /// Plays until nobody listens, or the file was replaced by another (which then begins as a stream of its own).
    fn play(mut self, path: &Path) -> Result<(), FileError> {
        let first = File::open(path)?.metadata()?;
        while !self.outlet.is_abandoned() {
            let mut file = File::open(path)?;
            if !is_same(&first, &file.metadata()?) {
                self.outlet.notice("the file was replaced");
                break;
            }
            self.round(&mut file)?;
            self.seam.turn();
        }
        Ok(())
    }

    /// From the file's beginning to its end.
    fn round(&mut self, file: &mut File) -> Result<(), FileError> {
        let mut sync = PacketSync::default();
        let mut buffer = vec![0; READ_BYTES];
        let mut packets = Vec::with_capacity(READ_BYTES + PACKET_LEN);
        let (mut read_bytes, mut beginning, mut has_packets) = (0, Vec::new(), false);
        loop {
            let count = file.read(&mut buffer)?;
            if read_bytes == 0 {
                beginning.extend_from_slice(&buffer[..count.min(16)]);
            }
            read_bytes += count as u64;
            packets.clear();
            match count {
                0 => sync.finish(|packet| packets.extend_from_slice(packet.bytes())),
                _ => sync.push(&buffer[..count], |packet| packets.extend_from_slice(packet.bytes())),
            }
            has_packets |= !packets.is_empty();
            for packet in packets.chunks_exact_mut(PACKET_LEN) {
                if !self.play_packet(packet) {
                    return Ok(());
                }
            }
            let searched_enough = count == 0 || read_bytes > SEARCH_BYTES;
            if !has_packets && searched_enough {
                return Err(NotTransportStream::seen(&beginning).into());
            }
            if !self.pace.is_known && searched_enough {
                return Err(FileError::NoPcr(read_bytes));
            }
            if count == 0 {
                return Ok(());
            }
        }
    }

    /// Returns whether anybody still listens.
    fn play_packet(&mut self, bytes: &mut [u8]) -> bool {
        self.seam.rewrite(bytes);
        let main = self.seam.main_clock();
        let pcr = Packet::parse(bytes).ok().filter(|p| Some(p.pid()) == main).and_then(|p| p.adaptation()?.pcr_27m);
        if let Some(pcr) = pcr {
            self.pace.saw(pcr as i64);
            let (due, now) = (self.pace.due(), Instant::now());
            self.at = self.clock.now() + due.saturating_duration_since(now).as_millis() as i64 - now.saturating_duration_since(due).as_millis() as i64;
        }
        self.gatherer.take(bytes, self.at);
        // Before the pace is known nothing is delivered; that is bounded by the search for it.
        let is_due = self.gatherer.is_full() || self.gatherer.span_milliseconds() >= CHUNK_AGE.as_millis() as i64;
        !(self.pace.is_known && is_due) || self.deliver()
    }

    fn deliver(&mut self) -> bool {
        let due = self.pace.due();
        sleep(due.saturating_duration_since(Instant::now()), self.outlet);
        self.pace.resume_if_late(Instant::now());
        if let Some(chunk) = self.gatherer.finish() {
            self.outlet.push(chunk);
        }
        !self.outlet.is_abandoned()
    }
}

/// When packets are due.
#[derive(Default)]
struct Pace {
    began: Option<Instant>,
    last_pcr: Option<i64>,
    /// Two PCRs gave a pace.
    is_known: bool,
    /// Media time since `began` (27 MHz); a discontinuity in the file takes no time.
    elapsed: i64,
}

impl Pace {
    fn saw(&mut self, pcr: i64) {
        if let Some(last) = self.last_pcr {
            let step = (pcr - last).rem_euclid(WRAP_27M);
            if step <= PCR_STEP_LIMIT {
                self.elapsed += step;
                self.is_known = true;
            }
        }
        self.last_pcr = Some(pcr);
    }

    fn due(&mut self) -> Instant {
        let began = *self.began.get_or_insert_with(Instant::now);
        began + Duration::from_nanos((self.elapsed as u64).saturating_mul(1000) / 27)
    }

    /// A machine that slept, or a disk that stood still, is not caught up with: the stream goes on from now.
    fn resume_if_late(&mut self, now: Instant) {
        if now.saturating_duration_since(self.due()) > Duration::from_secs(1) {
            (self.began, self.elapsed) = (Some(now), 0);
        }
    }
}

/// Length, time of change and inode.
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.ino(), a.len(), a.mtime(), a.mtime_nsec()) == (b.ino(), b.len(), b.mtime(), b.mtime_nsec())
}
