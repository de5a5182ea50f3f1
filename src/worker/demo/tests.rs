//! The stream that comes out, read by our own parsers.

use std::collections::{HashMap, HashSet};

use clap::Parser;
use dvb_si::descriptors::AnyDescriptor;
use dvb_si::tables::AnyTableSection;
use yizhan::ts::{PACKET_LEN, Packet, Pat, Pmt, SectionAssembler, StreamKind};

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// 2026-11-21T16:00:00Z, when the news begins.
const NEWS: i64 = 1_795_276_800_000;

fn make(options: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.ts");
    let line = format!("demo --file {} {options}", path.display());
    run(Line::try_parse_from(line.split_whitespace()).unwrap().args).unwrap();
    std::fs::read(path).unwrap()
}

/// Sections by PID, in order; fails on a continuity error.
fn sections(stream: &[u8]) -> HashMap<u16, Vec<Vec<u8>>> {
    let (mut counters, mut assemblers, mut out) = (HashMap::new(), HashMap::new(), HashMap::<u16, Vec<Vec<u8>>>::new());
    for (n, bytes) in stream.chunks(PACKET_LEN).enumerate() {
        let packet = Packet::parse(bytes).unwrap();
        let (pid, counter) = (packet.pid(), packet.continuity_counter());
        if packet.has_payload() {
            let last = counters.insert(pid, counter);
            assert!(last.is_none_or(|last: u8| (last + 1) & 0x0f == counter), "packet {n}: pid {pid:#x}: continuity {last:?} to {counter}");
        }
        if matches!(pid, 0 | 0x11 | 0x12 | 0x14 | 0x1000) {
            let assembler: &mut SectionAssembler = assemblers.entry(pid).or_default();
            assembler.push(&packet, |section| out.entry(pid).or_default().push(section.to_vec()));
        }
    }
    out
}

#[test]
fn a_service_with_its_name_and_guide() {
    // Over the change of programme at the minute.
    let stream = make(&format!("--seconds 4 --height 180 --bitrate 300000 --from {}", NEWS + 58_000));
    let sections = sections(&stream);
    assert_eq!(Pat::parse(&sections[&0][0]).unwrap().services, [(101, 0x1000)]);
    let pmt = Pmt::parse(&sections[&0x1000][0]).unwrap();
    assert_eq!((pmt.service, pmt.pcr_pid), (101, 0x100));
    assert_eq!(pmt.streams.iter().map(|s| (s.pid, s.kind)).collect::<Vec<_>>(), [(0x100, StreamKind::H264), (0x101, StreamKind::AacAdts)]);

    let Ok(AnyTableSection::SdtSection(sdt)) = AnyTableSection::parse(&sections[&0x11][0]) else { panic!("no SDT") };
    let Some(Ok(AnyDescriptor::Service(service))) = sdt.services[0].descriptors.iter().next() else { panic!("no service descriptor") };
    assert_eq!(service.service_name.decode(), "驿站演示");

    let mut present = Vec::new();
    let mut scheduled = HashSet::new();
    for section in &sections[&0x12] {
        let Ok(AnyTableSection::EitSection(eit)) = AnyTableSection::parse(section) else { panic!("no EIT") };
        for event in &eit.events {
            let Some(Ok(AnyDescriptor::ShortEvent(short))) = event.descriptors.iter().next() else { panic!("no short event descriptor") };
            let title = short.event_name.decode().into_owned();
            assert_eq!(event.duration().unwrap().as_secs(), 60);
            match (eit.table_id, eit.section_number) {
                (0x4e, 0) => present.push(title),
                (0x50, _) => drop(scheduled.insert(event.event_id)),
                _ => (),
            }
        }
    }
    present.dedup();
    assert_eq!(present, ["演示新闻", "驿站风光"]);
    assert_eq!(scheduled.len(), 9 * 60, "three segments of three hours");

    let Ok(AnyTableSection::TdtSection(tdt)) = AnyTableSection::parse(&sections[&0x14][0]) else { panic!("no TDT") };
    assert_eq!(tdt.utc_time().unwrap().timestamp(), NEWS / 1000 + 58);
}

#[test]
fn interlaced_mpeg2_with_mp2() {
    let stream = make(&format!("--seconds 1 --height 288 --bitrate 500000 --interlaced --codec mpeg2 --audio mp2 --from {NEWS}"));
    let pmt = Pmt::parse(&sections(&stream)[&0x1000][0]).unwrap();
    assert_eq!(pmt.streams.iter().map(|s| s.kind).collect::<Vec<_>>(), [StreamKind::Mpeg2Video, StreamKind::Mp2]);
}

#[test]
fn a_wrong_format_is_refused_in_words() {
    let args = |text: &str| Line::try_parse_from(text.split_whitespace());
    assert!(args("demo").is_err());
    let odd = args("demo --file x.ts --seconds 1 --height 181").unwrap().args;
    assert_eq!(run(odd).unwrap_err().to_string(), "height 181: an even number from 64 to 2160 is needed");
}
