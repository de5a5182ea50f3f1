use std::io::Write;

use super::*;
use crate::ts::index::{BreakReason, RECORD_LEN, Rap};

fn entries(reader: &TapeReader) -> Vec<(UtcMs, Rap)> {
    reader.entries(FOREVER.0, FOREVER.1).unwrap().into_iter().map(|e| (e.segment, e.rap)).collect()
}

fn append(path: &Path, bytes: &[u8]) {
    std::fs::OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn a_restart_goes_on_with_a_gap_and_the_next_numbers() {
    let mut channel = Channel::new();
    channel.play(250);
    channel.finish();
    let before = channel.reader.hls(FOREVER.0, FOREVER.1).unwrap();
    let mut channel = channel.killed();
    assert_eq!(channel.recovered.repaired, Vec::<PathBuf>::new());
    channel.now = channel.now + 30_000;
    channel.play(250);
    let after = channel.reader.hls(FOREVER.0, FOREVER.1).unwrap();
    assert_eq!(after[..before.len()], before);
    let next = &after[before.len()];
    assert_eq!((next.sequence, next.epoch, next.discontinuity), (before.last().unwrap().sequence + 1, 1, true));
    let gap = channel.reader.gaps(FOREVER.0, FOREVER.1)[0];
    assert_eq!((gap.reason, gap.from), (BreakReason::Stopped, before.last().unwrap().end.utc));
    assert!(gap.to - gap.from >= 29_000);
}

#[test]
fn after_a_kill_all_that_was_flushed_is_there() {
    let mut channel = Channel::new();
    channel.play(310);
    let (known, bytes) = (entries(&channel.reader), channel.reader.bytes());
    let channel = channel.killed();
    assert_eq!(channel.recovered.repaired.len(), 1);
    assert_eq!(entries(&channel.reader), known);
    assert_eq!(channel.reader.bytes(), bytes);
    let again = channel.killed();
    assert_eq!(again.recovered.repaired.len(), 0, "the repair is lasting");
}

#[test]
fn torn_tails_are_cut_off_and_lost_records_made_again() {
    for lost_records in 0..7 {
        let mut channel = Channel::new();
        channel.play(290);
        let (known, bytes) = (entries(&channel.reader), channel.reader.bytes());
        let channel = channel.killed_after(|tape| {
            let (ts, idx) = (files_of(tape, "ts").pop().unwrap(), files_of(tape, "idx").pop().unwrap());
            append(&ts, &[0x47, 1, 2, 3]);
            let length = idx.metadata().unwrap().len().saturating_sub(lost_records * RECORD_LEN as u64 + 20);
            std::fs::File::options().write(true).open(&idx).unwrap().set_len(length).unwrap();
        });
        assert_eq!(entries(&channel.reader), known, "{lost_records} records lost");
        assert_eq!(channel.reader.bytes(), bytes);
        assert_eq!(channel.recovered.cut_off_bytes, 4);
    }
}

#[test]
fn a_power_cut_that_left_zeros_is_cut_off() {
    let mut channel = Channel::new();
    channel.play(290);
    let known = entries(&channel.reader);
    let channel = channel.killed_after(|tape| append(&files_of(tape, "ts").pop().unwrap(), &[0; 4096]));
    assert_eq!(channel.recovered.cut_off_bytes, 4096);
    assert_eq!(entries(&channel.reader), known);
}

#[test]
fn records_beyond_the_stream_are_dropped() {
    let mut channel = Channel::new();
    channel.play(290);
    let known = entries(&channel.reader);
    let channel = channel.killed_after(|tape| {
        let ts = files_of(tape, "ts").pop().unwrap();
        let length = known.last().unwrap().1.offset;
        std::fs::File::options().write(true).open(&ts).unwrap().set_len(length).unwrap();
    });
    assert_eq!(entries(&channel.reader), known[..known.len() - 1]);
}

#[test]
fn the_catalogue_comes_back_without_any_index() {
    let mut channel = Channel::new();
    channel.play(500);
    channel.now = channel.now + 9_000;
    channel.flush();
    channel.stream.pcr_90k += 9_000 * 90;
    channel.stream.restart_gop();
    channel.play(250);
    channel.finish();
    let (known, segments) = (entries(&channel.reader), channel.reader.segments());
    let channel = channel.killed_after(|tape| files_of(tape, "idx").iter().for_each(|p| std::fs::remove_file(p).unwrap()));
    assert_eq!(channel.recovered.repaired.len(), segments.len());
    let again = entries(&channel.reader);
    assert_eq!(again.len(), known.len());
    for ((_, a), (_, b)) in again.iter().zip(&known) {
        assert_eq!((a.kind, a.offset, a.pts_33), (b.kind, b.offset, b.pts_33));
        assert!((a.at.utc - b.at.utc).abs() <= 2 && (a.at.media_90k - b.at.media_90k).abs() <= 90, "{a:?} {b:?}");
    }
    let found = channel.reader.segments();
    assert_eq!(found.iter().map(|s| (s.epoch, s.first_sequence)).collect::<Vec<_>>(), segments.iter().map(|s| (s.epoch, s.first_sequence)).collect::<Vec<_>>());
    assert_eq!(found.iter().filter_map(|s| s.gap).count(), 1);
}

#[test]
fn foreign_files_are_left_alone() {
    let mut channel = Channel::new();
    channel.play(150);
    channel.finish();
    let channel = channel.killed_after(|tape| {
        let day = tape.join("2026-11-21");
        std::fs::write(day.join("17.ts"), b"no transport stream").unwrap();
        std::fs::write(day.join("notes.txt"), b"hello").unwrap();
        std::fs::write(day.join("18.idx"), b"an index without a stream").unwrap();
    });
    let day = channel.folder.path().join("cctv1/2026-11-21");
    assert_eq!(channel.recovered.unreadable, [day.join("17.ts")]);
    assert!(day.join("17.ts").exists() && day.join("notes.txt").exists() && !day.join("18.idx").exists());
    assert_eq!(channel.recovered.segments, 2);
}
