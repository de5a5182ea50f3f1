//! A channel's tape on disk: `<folder>/<channel>/<day in the zone>/<utc ms>.ts` with an `.idx` beside each.
//!
//! [`open`] recovers what is there and gives a [`TapeWriter`], which one task owns, and a [`TapeReader`], which anyone may clone.
//! All of it is blocking file work: call it from blocking tasks.

mod catalogue;
mod cut;
mod disk;
mod error;
mod files;
mod hls;
mod reader;
mod recovery;
mod retention;
#[cfg(test)]
mod tests;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use crate::base::{ChannelId, Zone};
use crate::ts::service::Wanted;
use crate::ts::taper::Resume;

pub use catalogue::SegmentSummary;
pub use cut::{Cut, CutPiece};
pub use disk::{Disk, Growing, StdDisk};
pub use error::TapeError;
pub use hls::HlsSegment;
pub use reader::{Entry, LiveEdge, TapeErrors, TapeReader};
pub use recovery::Recovered;
pub use retention::{Limits, Removed};
pub use writer::{TapeEvent, TapeWriter};

/// How a channel's tape is kept.
#[derive(Debug, Clone)]
pub struct TapeOptions {
    /// The folder of all tapes (`<recordings>/tapes`).
    pub folder: PathBuf,
    pub channel: ChannelId,
    pub zone: Zone,
    pub wanted: Wanted,
    pub segment_seconds: u32,
    /// How often [`TapeWriter::flush`] is called; what waits longer is lost at a crash.
    pub sync_seconds: u32,
    pub signal_lost_seconds: u32,
}

/// Opens a channel's tape: finishes what a crash left unfinished, and reads the catalogue.
pub fn open(options: TapeOptions) -> Result<(TapeWriter, TapeReader, Recovered), TapeError> {
    open_on(options, Arc::new(StdDisk))
}

/// As [`open`], on a disk that a test makes fail.
pub fn open_on(options: TapeOptions, disk: Arc<dyn Disk>) -> Result<(TapeWriter, TapeReader, Recovered), TapeError> {
    let folder = options.folder.join(options.channel.as_str());
    let (catalogue, recovered) = recovery::recover(&folder, options.channel.as_str())?;
    let catalogue = Arc::new(RwLock::new(catalogue));
    let reader = TapeReader::new(catalogue.clone(), folder.clone());
    let writer = TapeWriter::new(options, folder, disk, catalogue);
    Ok((writer, reader, recovered))
}

/// Opens a channel's tape for reading alone, as when the channel is switched off.
pub fn open_for_reading(folder: &std::path::Path, channel: &ChannelId) -> Result<(TapeReader, Recovered), TapeError> {
    let folder = folder.join(channel.as_str());
    let (catalogue, recovered) = recovery::recover(&folder, channel.as_str())?;
    Ok((TapeReader::new(Arc::new(RwLock::new(catalogue)), folder), recovered))
}

/// Removes a channel's tape.
pub fn remove(folder: &std::path::Path, channel: &ChannelId) -> Result<(), TapeError> {
    let folder = folder.join(channel.as_str());
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(TapeError::at(&folder)(error)),
        _ => Ok(()),
    }
}

impl catalogue::Catalogue {
    /// Where the tape goes on.
    fn resume(&self, reason: crate::ts::index::BreakReason) -> Resume {
        match self.segments().last() {
            None => Resume { reason: crate::ts::index::BreakReason::Start, ..Resume::default() },
            Some(last) => Resume { end: Some(last.end), next_epoch: last.epoch + 1, next_sequence: last.first_sequence + u64::from(last.hls_segments), reason },
        }
    }
}
