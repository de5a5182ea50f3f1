//! At the start: what a crash left torn is made whole, and what an index lacks is read from the stream again, by the taper that wrote it.
//! Without any index the whole catalogue comes back this way.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::catalogue::{Catalogue, SegmentSummary};
use super::error::TapeError;
use super::files;
use crate::base::UtcMs;
use crate::ts::index::{BreakReason, End, Gap, IndexError, Rap, Record, TapeInstant, read_index};
use crate::ts::plan::SegmentPlan;
use crate::ts::service::{ServiceFilter, Wanted};
use crate::ts::taper::{Output, Step, Taper};
use crate::ts::time::TapeClock;
use crate::ts::{PACKET_LEN, Packet, PesHeader, wrapped_distance};

/// What recovery found and did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    pub segments: usize,
    /// Segments whose index was completed or made again.
    pub repaired: Vec<PathBuf>,
    /// Bytes cut off torn tails.
    pub cut_off_bytes: u64,
    /// Files left alone: no tape of ours, or of a newer version.
    pub unreadable: Vec<PathBuf>,
}

impl Recovered {
    /// Something had to be mended.
    pub fn changed(&self) -> bool {
        !self.repaired.is_empty() || self.cut_off_bytes > 0 || !self.unreadable.is_empty()
    }
}

/// Reads a tape's folder into a catalogue.
pub(super) fn recover(folder: &Path, channel: &str) -> Result<(Catalogue, Recovered), TapeError> {
    let found = files::list(folder).map_err(TapeError::at(folder))?;
    let (mut recovered, mut segments) = (Recovered::default(), Vec::<SegmentSummary>::new());
    for orphan in found.orphans {
        std::fs::remove_file(&orphan).map_err(TapeError::at(&orphan))?;
    }
    for (name, path) in found.segments {
        let index = files::idx_path(&path);
        let bytes = std::fs::metadata(&path).map_err(TapeError::at(&path))?.len();
        let records = match std::fs::read(&index) {
            Ok(read) => match read_index(&read) {
                Ok((records, _)) => records,
                Err(IndexError::Version(_)) => {
                    recovered.unreadable.push(path);
                    continue;
                }
                Err(_) => Vec::new(),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(TapeError::at(&index)(error)),
        };
        let whole = matches!(records.last(), Some(Record::End(end)) if end.offset == bytes);
        let records = if whole {
            records
        } else {
            let repaired = repair(name, &path, records, segments.last()).map_err(TapeError::at(&path))?;
            let Some((records, length)) = repaired else {
                if bytes == 0 {
                    let _ = std::fs::remove_file(&path).and_then(|()| std::fs::remove_file(&index));
                } else {
                    recovered.unreadable.push(path);
                }
                continue;
            };
            if length < bytes {
                File::options().write(true).open(&path).and_then(|f| f.set_len(length).and_then(|()| f.sync_all())).map_err(TapeError::at(&path))?;
                recovered.cut_off_bytes += bytes - length;
            }
            replace(&index, &records).map_err(TapeError::at(&index))?;
            recovered.repaired.push(path.clone());
            records
        };
        let bytes = match records.last() {
            Some(Record::End(end)) => end.offset,
            _ => bytes,
        };
        segments.extend(SegmentSummary::of(name, path, bytes, &records));
    }
    recovered.segments = segments.len();
    if !recovered.repaired.is_empty() || !recovered.unreadable.is_empty() {
        tracing::info!(
            channel,
            repaired = recovered.repaired.len(),
            unreadable = recovered.unreadable.len(),
            cut_off = recovered.cut_off_bytes,
            "tape recovered"
        );
    }
    Ok((Catalogue::new(segments), recovered))
}

/// The records a segment should have, ending with its end, and its length in bytes. `None` where no service can be read from it.
fn repair(name: UtcMs, path: &Path, mut records: Vec<Record>, before: Option<&SegmentSummary>) -> io::Result<Option<(Vec<Record>, u64)>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    // What comes after the last random access point is read again.
    let readable = |r: &Record| matches!(r, Record::Rap(rap) if rap.offset + 3 * PACKET_LEN as u64 <= length);
    let last = records.iter().rposition(readable);
    records.truncate(last.map_or(0, |at| at + 1));
    let (wanted, rap) = match (records.first(), records.last()) {
        (Some(&Record::Header { service, .. }), Some(&Record::Rap(rap))) => (Wanted::Service(service), rap),
        _ => {
            let Some((service, pts_33)) = first_picture(&mut file)? else { return Ok(None) };
            let (head, rap) = head_of(name, service, pts_33, before);
            records = head;
            (Wanted::Service(service), rap)
        }
    };
    let fresh = !matches!(records.last(), Some(Record::Rap(_)));
    let clock = TapeClock::replay(rap.pts_33, rap.at);
    let (found, end) = replay(&mut file, Taper::replay(wanted, Some(clock), rap.offset), rap.offset)?;
    records.extend(found.into_iter().filter(|r| match r {
        Record::Rap(again) => fresh || again.offset > rap.offset,
        Record::Errors { .. } => true,
        _ => false,
    }));
    let Some(mut summary) = SegmentSummary::of(name, path.to_owned(), end.offset, &records) else { return Ok(None) };
    let end_at = if end.at.media_90k > summary.end.media_90k { end.at } else { summary.end };
    summary.end = end_at;
    let hls_segments = count_hls(&records);
    records.push(Record::End(End { offset: end.offset, at: end_at, continuity: summary.continuity, transport: summary.transport, hls_segments }));
    Ok(Some((records, end.offset)))
}

fn count_hls(records: &[Record]) -> u32 {
    let mut plan = SegmentPlan::default();
    for record in records {
        if let Record::Rap(rap) = record {
            plan.begins(rap);
        }
    }
    plan.segments()
}

/// More than this between two segments is a gap, not a loss of packets (a signal is lost after about 3 s).
const LONGEST_LOSS_90K: i64 = 2 * crate::ts::TICKS_PER_SECOND;

/// The head of an index that is lost. The segment continues the one before where its time stamps and its name agree on that.
fn head_of(name: UtcMs, service: u16, pts_33: u64, before: Option<&SegmentSummary>) -> (Vec<Record>, Rap) {
    let last = before.and_then(|b| {
        let records = std::fs::read(files::idx_path(&b.path)).ok().and_then(|bytes| read_index(&bytes).ok())?.0;
        records.iter().rev().find_map(|r| if let Record::Rap(rap) = r { Some(*rap) } else { None })
    });
    let continued = last.and_then(|last| {
        let media_90k = last.at.media_90k + wrapped_distance(last.pts_33, pts_33);
        let utc_ms = last.at.utc.0 + (media_90k - last.at.media_90k) / 90;
        let missing_90k = media_90k - before?.end.media_90k;
        ((utc_ms - name.0).abs() < 1000 && missing_90k < LONGEST_LOSS_90K).then_some(media_90k)
    });
    let first_sequence = before.map_or(0, |b| b.first_sequence + u64::from(b.hls_segments));
    let (media_90k, epoch) = match (continued, before) {
        (Some(media_90k), Some(before)) => (media_90k, before.epoch),
        (_, Some(before)) => (name.ticks_90k().max(before.end.media_90k), before.epoch + 1),
        (_, None) => (name.ticks_90k(), 0),
    };
    let at = TapeInstant { utc: name, media_90k };
    let mut records = vec![Record::Header { service, first_sequence, epoch }];
    if continued.is_none() {
        let reason = if before.is_some() { BreakReason::Stopped } else { BreakReason::Start };
        records.push(Record::Discontinuity { reason, epoch, at });
        if let Some(from) = before.map(|b| b.end.utc).filter(|&from| name - from > 100) {
            records.push(Record::Gap(Gap { from, to: name, reason }));
        }
    }
    (records, Rap { kind: crate::ts::index::RapKind::Forced, offset: 0, at, pts_33, received_90k: media_90k })
}

/// The service of a tape segment and the first PTS of its main stream.
fn first_picture(file: &mut File) -> io::Result<Option<(u16, u64)>> {
    let mut filter = ServiceFilter::new(Wanted::First);
    let mut found = None;
    each_packet(file, 0, |packet| {
        let route = filter.route(packet.pid());
        if route.is_table() {
            filter.table(packet, |_| {});
        } else if route.is_main() && packet.payload_unit_start() {
            found = PesHeader::parse(packet.payload()).and_then(|h| h.pts).zip(filter.service()).map(|(pts, service)| (service, pts));
        }
        found.is_none()
    })?;
    Ok(found)
}

/// Runs the taper over the file from a place on; returns the records and where the readable part ends.
fn replay(file: &mut File, mut taper: Taper, from: u64) -> io::Result<(Vec<Record>, End)> {
    let (mut records, mut end, mut output) = (Vec::new(), End::default(), Output::default());
    let mut gather = |taper: &mut Taper| {
        taper.take(&mut output);
        for (_, step) in &output.steps {
            match step {
                Step::Record(record) => records.push(*record),
                Step::End(last) => end = *last,
                Step::Begin(_) => {}
            }
        }
    };
    let length = each_packet(file, from, |packet| {
        taper.push(UtcMs::default(), packet);
        if taper.pending_bytes() > 1 << 20 {
            gather(&mut taper);
        }
        true
    })?;
    taper.finish();
    gather(&mut taper);
    end.offset = length;
    Ok((records, end))
}

/// Hands over the whole packets of a tape segment from a place on, while `more` says so; returns where they end. What is no packet ends the file.
fn each_packet(file: &mut File, from: u64, mut more: impl FnMut(&Packet<'_>) -> bool) -> io::Result<u64> {
    file.seek(SeekFrom::Start(from))?;
    let mut buffer = vec![0; 1024 * PACKET_LEN];
    let (mut at, mut kept) = (from, 0);
    loop {
        let read = file.read(&mut buffer[kept..])?;
        let have = kept + read;
        let whole = have - have % PACKET_LEN;
        for chunk in buffer[..whole].chunks_exact(PACKET_LEN) {
            let Ok(packet) = Packet::parse(chunk) else { return Ok(at) };
            at += PACKET_LEN as u64;
            if !more(&packet) {
                return Ok(at);
            }
        }
        if read == 0 {
            return Ok(at);
        }
        buffer.copy_within(whole..have, 0);
        kept = have - whole;
    }
}

/// Temporary name, sync, rename: the index is either the old or the new.
fn replace(path: &Path, records: &[Record]) -> io::Result<()> {
    let fresh = path.with_extension("idx-new");
    let mut file = File::create(&fresh)?;
    file.write_all(&records.iter().flat_map(Record::encode).collect::<Vec<u8>>())?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
