use std::collections::HashMap;
use std::path::PathBuf;

use super::*;
use crate::ts::{PesHeader, wrapped_distance};

/// What a receiver would complain of.
#[derive(Default)]
struct Receiver {
    counters: HashMap<u16, u8>,
    pcrs: HashMap<u16, i64>,
    pts: HashMap<u16, u64>,
    continuity_errors: usize,
    /// PCR steps backwards or further than [`PCR_STEP_LIMIT`].
    pcr_jumps: usize,
    /// The largest distance between a PTS and the one before it of the PID.
    pts_step: i64,
}

impl Receiver {
    fn take(&mut self, bytes: &[u8]) {
        let packet = Packet::parse(bytes).unwrap();
        let (pid, adaptation) = (packet.pid(), packet.adaptation().unwrap_or_default());
        if pid == NULL_PID || packet.transport_error() {
            return;
        }
        let counter = packet.continuity_counter();
        if let Some(last) = self.counters.insert(pid, counter) {
            let expected = if packet.has_payload() { (last + 1) & 0x0f } else { last };
            let is_duplicate = packet.has_payload() && counter == last;
            self.continuity_errors += usize::from(counter != expected && !is_duplicate && !adaptation.discontinuity);
        }
        if let Some(pcr) = adaptation.pcr_27m {
            let step = self.pcrs.insert(pid, pcr as i64).map_or(0, |last| (pcr as i64 - last).rem_euclid(WRAP_27M));
            self.pcr_jumps += usize::from(step > PCR_STEP_LIMIT);
        }
        if packet.payload_unit_start()
            && !packet.scrambled()
            && let Some(pts) = PesHeader::parse(packet.payload()).and_then(|header| header.pts)
            && let Some(last) = self.pts.insert(pid, pts)
        {
            self.pts_step = self.pts_step.max(wrapped_distance(last, pts).abs());
        }
    }
}

/// Rounds of a file: what a receiver sees in the file itself, and over all rounds.
fn play(file: &[u8], rounds: usize) -> (Receiver, Receiver) {
    let (mut once, mut all, mut seam) = (Receiver::default(), Receiver::default(), Seam::default());
    for round in 0..rounds {
        for packet in file.chunks_exact(PACKET_LEN) {
            let mut bytes = packet.to_vec();
            seam.rewrite(&mut bytes);
            if round == 0 {
                assert_eq!(bytes, packet, "the first round passes as it is");
                once.take(&bytes);
            }
            all.take(&bytes);
        }
        seam.turn();
    }
    (once, all)
}

fn captures() -> Option<PathBuf> {
    let folder = std::env::var_os("YIZHAN_TEST_DATA").map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")), PathBuf::from);
    let folder = folder.join("broadcast");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "the captures are absent: {}", folder.display());
    println!("the captures are absent: {}", folder.display());
    None
}

#[test]
fn captures_loop_without_a_seam() {
    let Some(folder) = captures() else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "ts") {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        let (once, all) = play(&file, 4);
        let name = path.file_name().unwrap().display();
        assert!(
            all.continuity_errors <= 4 * once.continuity_errors,
            "{name}: {} continuity errors, {} in the file",
            all.continuity_errors,
            once.continuity_errors
        );
        // Where a file's own clocks jump and its tables are damaged, each clock may jump once more where the rounds meet.
        let at_seams = if once.pcr_jumps == 0 { 0 } else { 3 * once.pcrs.len() };
        assert!(all.pcr_jumps <= 4 * once.pcr_jumps + at_seams, "{name}: {} PCR jumps, {} in the file", all.pcr_jumps, once.pcr_jumps);
        let largest = if once.pcr_jumps == 0 { 90_000 } else { 180_000 };
        assert!(all.pts_step <= once.pts_step.max(largest), "{name}: PTS step {} where the file has {}", all.pts_step, once.pts_step);
    }
}

/// A packet of PID 0x100 with PCR, beginning a PES packet with PTS.
fn picture(counter: u8, pcr_27m: i64, pts: i64) -> Vec<u8> {
    let (mut base, pts) = ((pcr_27m / 300).rem_euclid(WRAP_90K), pts.rem_euclid(WRAP_90K));
    let extension = pcr_27m.rem_euclid(300);
    let mut bytes = vec![0x47, 0x41, 0x00, 0x30 | counter & 0x0f, 7, 0x10];
    bytes.extend(((base >> 1) as u32).to_be_bytes());
    base &= 1;
    bytes.extend([(base as u8) << 7 | 0x7e | (extension >> 8) as u8, extension as u8]);
    bytes.extend([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x21, 0, 1, 0, 1]);
    shift_timestamp(&mut bytes[21..26], pts);
    bytes.resize(PACKET_LEN, 0);
    bytes
}

proptest::proptest! {
    /// Wherever the clock begins, near its wrap too: PCR and PTS go on at exactly the file's cadence, for many rounds.
    #[test]
    fn a_regular_stream_stays_regular(from_end in 0i64..200_000_000, counter in 0u8..16, pictures in 2usize..60) {
        const STEP: i64 = 27_000_000 / 25;
        let start = WRAP_27M - from_end;
        let packets: Vec<u8> = (0..pictures as i64)
            .flat_map(|n| picture(counter.wrapping_add(n as u8), (start + n * STEP).rem_euclid(WRAP_27M), (start + n * STEP) / 300 + 9000))
            .collect();
        let mut seam = Seam::default();
        let mut last: Option<(u8, i64, u64)> = None;
        for _ in 0..5 {
            for packet in packets.chunks_exact(PACKET_LEN) {
                let mut bytes = packet.to_vec();
                seam.rewrite(&mut bytes);
                let packet = Packet::parse(&bytes).unwrap();
                let now = (packet.continuity_counter(), packet.adaptation().unwrap().pcr_27m.unwrap() as i64, PesHeader::parse(packet.payload()).unwrap().pts.unwrap());
                if let Some(last) = last {
                    proptest::prop_assert_eq!(now.0, (last.0 + 1) & 0x0f);
                    proptest::prop_assert_eq!((now.1 - last.1).rem_euclid(WRAP_27M), STEP);
                    proptest::prop_assert_eq!(wrapped_distance(last.2, now.2), STEP / 300);
                }
                last = Some(now);
            }
            seam.turn();
        }
    }

    #[test]
    fn any_packets_are_survived(packets in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), PACKET_LEN), 0..40)) {
        let mut seam = Seam::default();
        for _ in 0..3 {
            for packet in &packets {
                let mut bytes = packet.clone();
                bytes[0] = 0x47;
                bytes[1] &= 0x41;
                seam.rewrite(&mut bytes);
            }
            seam.turn();
        }
    }
}

#[test]
fn what_the_seam_cut_off_is_not_continued() {
    let continuation = |counter: u8| {
        let mut bytes = vec![0x47, 0x01, 0x00, 0x10 | counter];
        bytes.resize(PACKET_LEN, 0xcc);
        bytes
    };
    let file = [continuation(3), picture(4, 0, 0), continuation(5), picture(6, 1_080_000, 3600), continuation(7)];
    let mut seam = Seam::default();
    file.iter().for_each(|packet| seam.rewrite(&mut packet.clone()));
    seam.turn();
    let mut second = file.clone();
    second.iter_mut().for_each(|packet| seam.rewrite(packet));
    let pids: Vec<u16> = second.iter().map(|p| Packet::parse(p).unwrap().pid()).collect();
    assert_eq!(pids, [NULL_PID, 0x100, 0x100, 0x100, 0x100]);
    assert_eq!(second[1][3] & 0x0f, 8);
}
