//! Real captures, where they are: `YIZHAN_TEST_DATA`, else `../shared/data` beside the project.

use super::*;
use crate::ts::continuity::{Continuity, ContinuityCheck};
use crate::ts::index::RapKind;
use crate::ts::sync::PacketSync;
use crate::ts::time::TapeClock;
use crate::ts::{Packet, StreamKind};

/// A capture's bytes. Absent captures are told, and are a failure in CI.
fn capture(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("YIZHAN_TEST_DATA").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join("broadcast").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{}: {error}", path.display());
            println!("captures are absent ({}): tested on self-made material only", path.display());
            None
        }
    }
}

/// Tapes a capture at the pace of its own PCR.
fn tape(name: &str, wanted: Wanted) -> Option<Channel> {
    let bytes = capture(name)?;
    let mut channel = Channel::new();
    let mut options = options(channel.folder.path());
    (options.wanted, options.segment_seconds) = (wanted, 60);
    let (writer, reader, _) = open(options).unwrap();
    (channel.writer, channel.reader) = (writer, reader);
    let (mut clock, mut pcr_pid) = (None::<TapeClock>, None);
    PacketSync::default().push(&bytes, |packet| {
        let pcr = packet.adaptation().and_then(|a| a.pcr_27m).map(|p| p / 300).filter(|_| !packet.transport_error());
        if let Some(pcr) = pcr.filter(|_| *pcr_pid.get_or_insert(packet.pid()) == packet.pid()) {
            match &mut clock {
                // As a replay the clock gives the time of each PCR.
                None => clock = Some(TapeClock::replay(pcr, crate::ts::index::TapeInstant { utc: START, media_90k: START.ticks_90k() })),
                Some(clock) => clock.advance(START, pcr),
            }
            channel.now = clock.as_ref().unwrap().edge().unwrap().utc;
        }
        channel.writer.push(channel.now, packet.bytes());
    });
    channel.finish();
    Some(channel)
}

fn kinds(channel: &Channel) -> Vec<RapKind> {
    channel.reader.entries(FOREVER.0, FOREVER.1).unwrap().iter().map(|e| e.rap.kind).collect()
}

#[test]
fn each_service_of_a_multiplex_can_be_taped() {
    let Some(channel) = tape("test-108.ts", Wanted::Service(3401)) else { return };
    let services = channel.writer.taper().services();
    let mut numbers: Vec<u16> = services.services.iter().map(|s| s.service).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [3401, 3402, 3403, 3404, 3405, 3406, 3410, 3411]);
    assert!(!services.sdt_sections.is_empty());
    let kind = |service: u16| services.services.iter().find(|s| s.service == service).and_then(|s| s.pmt.as_ref()?.video().map(|v| v.kind));
    assert_eq!((kind(3401), kind(3404), kind(3410)), (Some(StreamKind::Mpeg2Video), None, Some(StreamKind::H265)));
    assert!(!kinds(&channel).is_empty());
    assert_eq!(channel.writer.taper().counts().continuity_errors, 0);
    for (service, expected) in [(3402, RapKind::OpenGop), (3404, RapKind::Audio)] {
        let channel = tape("test-108.ts", Wanted::Service(service)).unwrap();
        assert!(kinds(&channel).contains(&expected), "{service}: {:?}", kinds(&channel));
        let segment = &channel.reader.segments()[0];
        assert_eq!(segment.service, service);
        let taped = std::fs::read(&segment.path).unwrap();
        let pmt = channel.writer.taper().pmt().unwrap().clone();
        let known = |pid: u16| pid == 0 || pid == 0x14 || pid == pmt.pcr_pid || pmt.streams.iter().any(|s| s.pid == pid);
        let strangers = taped.chunks(188).map(|p| Packet::parse(p).unwrap().pid()).filter(|&pid| !known(pid)).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(strangers.len(), 1, "its PMT alone: {strangers:?}");
    }
    let missing = tape("test-108.ts", Wanted::Service(9)).unwrap();
    assert!(missing.taped().iter().any(|e| matches!(e, Event::NoSuchService { services } if services.len() == 8)));
}

#[test]
fn the_damage_of_a_damaged_capture_is_counted() {
    let Some(bytes) = capture("test-143.ts") else { return };
    let (mut check, mut continuity, mut transport, mut number) = (ContinuityCheck::default(), 0, 0, 0u64);
    PacketSync::default().push(&bytes, |packet| {
        number += 1;
        continuity += u32::from(matches!(check.check(packet, number), Continuity::Broken(_)));
        transport += u32::from(packet.transport_error());
    });
    assert_eq!((continuity, transport), (131, 19));
    let channel = tape("test-143.ts", Wanted::First).unwrap();
    let counts = channel.writer.taper().counts();
    println!("test-143: {counts:?}, {:?}", kinds(&channel));
    // The same damage, from when the PMT is known (put together from three damaged ones), in the service's own streams.
    assert!(counts.continuity_errors > 40 && counts.continuity_errors <= 131, "{counts:?}");
    assert_eq!(channel.writer.taper().pmt().unwrap().video().unwrap().pid, 0x3d);
    assert!(channel.taped().iter().any(|e| matches!(e, Event::Damage { first: Some(_), .. })));
}

#[test]
fn recovery_points_without_an_idr_are_told_apart() {
    let Some(channel) = tape("test-026.ts", Wanted::First) else { return };
    let kinds = kinds(&channel);
    println!("test-026: {kinds:?}");
    assert!(!kinds.is_empty() && kinds.iter().all(|&k| k == RapKind::RecoveryPoint));
}

#[test]
fn standard_definition_mpeg2_is_taped() {
    let Some(channel) = tape("test-025.ts", Wanted::First) else { return };
    let kinds = kinds(&channel);
    println!("test-025: {kinds:?} {:?}", channel.reader.segments());
    assert!(kinds.iter().all(|&k| k == RapKind::OpenGop || k == RapKind::Sequence) && kinds.len() > 2);
    assert_eq!(channel.reader.segments().len(), 1);
}

#[test]
fn eighty_seconds_of_h264_are_two_segments_and_come_back_without_indexes() {
    let Some(mut channel) = tape("eyevinn-80s-with-ad.ts", Wanted::First) else { return };
    let segments = channel.reader.segments();
    println!("eyevinn: {segments:?}");
    assert!(kinds(&channel).iter().all(|&k| k == RapKind::Idr));
    let known: Vec<_> = channel.reader.entries(FOREVER.0, FOREVER.1).unwrap().iter().map(|e| (e.rap.offset, e.rap.pts_33)).collect();
    channel = channel.killed_after(|tape| files_of(tape, "idx").iter().for_each(|p| std::fs::remove_file(p).unwrap()));
    let again: Vec<_> = channel.reader.entries(FOREVER.0, FOREVER.1).unwrap().iter().map(|e| (e.rap.offset, e.rap.pts_33)).collect();
    assert_eq!(again, known);
}

#[test]
fn a_multiplex_without_pictures_or_sound_gives_no_tape() {
    let Some(channel) = tape("test-184.ts", Wanted::First) else { return };
    assert!(channel.reader.segments().is_empty());
    assert!(!channel.writer.taper().services().services.is_empty());
    let clock = START + channel.writer.taper().source_offset_ms().unwrap();
    assert!(clock.to_string().starts_with("20"), "the capture tells its own time: {clock}");
    println!("test-184 was made at {clock}");
}
