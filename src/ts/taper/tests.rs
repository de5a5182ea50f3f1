//! What the taper promises, on streams made here; on real captures where they are.

use proptest::prelude::*;

use super::*;
use crate::ts::index::{Gap, Rap, RapKind};
use crate::ts::sync::PacketSync;
use crate::ts::testing::{GopStart, PICTURE_MS, TestStream};
use crate::ts::{PACKET_LEN, WRAP_90K};

const START: UtcMs = UtcMs(1_795_276_800_000);

/// One tape segment as it would be on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct File {
    bytes: Vec<u8>,
    records: Vec<Record>,
}

impl File {
    fn raps(&self) -> Vec<Rap> {
        self.records.iter().filter_map(|r| if let Record::Rap(rap) = r { Some(*rap) } else { None }).collect()
    }

    fn epoch(&self) -> u32 {
        let Record::Header { epoch, .. } = self.records[0] else { panic!("no header") };
        epoch
    }

    fn gap(&self) -> Option<Gap> {
        self.records.iter().find_map(|r| if let Record::Gap(gap) = r { Some(*gap) } else { None })
    }
}

struct Bench {
    taper: Taper,
    sync: PacketSync,
    files: Vec<File>,
    events: Vec<Event>,
    now: UtcMs,
}

fn options() -> TaperOptions {
    TaperOptions { wanted: Wanted::First, segment_seconds: 4, signal_lost_ms: 3000, resume: Resume::default() }
}

impl Bench {
    fn new(options: TaperOptions) -> Self {
        Self { taper: Taper::new(options), sync: PacketSync::default(), files: Vec::new(), events: Vec::new(), now: START }
    }

    fn push(&mut self, bytes: &[u8]) {
        let (taper, now) = (&mut self.taper, self.now);
        self.sync.push(bytes, |p| taper.push(now, p));
    }

    fn play(&mut self, stream: &mut TestStream, pictures: usize) {
        for _ in 0..pictures {
            let bytes = stream.picture();
            self.push(&bytes);
            self.now = self.now + PICTURE_MS;
        }
        self.take();
    }

    fn take(&mut self) {
        let mut output = Output::default();
        self.taper.take(&mut output);
        let mut done = 0;
        for &(at, step) in &output.steps {
            assert!(at >= done, "steps are in order");
            if at > done {
                self.files.last_mut().expect("bytes belong to a segment").bytes.extend(&output.bytes[done..at]);
            }
            done = at;
            match step {
                Step::Begin(_) => self.files.push(File::default()),
                Step::Record(record) => self.files.last_mut().unwrap().records.push(record),
                Step::End(end) => {
                    let file = self.files.last_mut().unwrap();
                    assert_eq!(end.offset, file.bytes.len() as u64, "the end is where it says");
                    file.records.push(Record::End(end));
                }
            }
        }
        if done < output.bytes.len() {
            self.files.last_mut().expect("bytes belong to a segment").bytes.extend(&output.bytes[done..]);
        }
        self.events.extend(output.events);
    }

    fn finish(mut self) -> (Vec<File>, Vec<Event>) {
        let (taper, now) = (&mut self.taper, self.now);
        self.sync.finish(|p| taper.push(now, p));
        self.taper.finish();
        self.take();
        check(&self.files);
        (self.files, self.events)
    }
}

/// What holds for every tape.
fn check(files: &[File]) {
    let mut last_90k = i64::MIN;
    for file in files {
        assert!(file.bytes.len().is_multiple_of(PACKET_LEN));
        assert!(matches!(file.records.first(), Some(Record::Header { .. })) && matches!(file.records.last(), Some(Record::End(_))));
        let raps = file.raps();
        assert_eq!(raps[0].offset, 0);
        for rap in &raps {
            assert!(rap.at.media_90k >= last_90k, "the media line never goes back");
            last_90k = rap.at.media_90k;
            let packet = |n: usize| Packet::parse(&file.bytes[rap.offset as usize + n * PACKET_LEN..][..PACKET_LEN]).unwrap();
            assert_eq!(packet(0).pid(), 0, "a PAT stands at each random access point");
            assert!(packet(1).payload_unit_start());
        }
        let mut continuity = ContinuityCheck::default();
        let tables: Vec<u16> = vec![0, packet_pid(&file.bytes, 1)];
        for (n, packet) in file.bytes.chunks(PACKET_LEN).map(|p| Packet::parse(p).unwrap()).enumerate().filter(|(_, p)| tables.contains(&p.pid())) {
            assert_eq!(continuity.check(&packet, n as u64), Continuity::Follows, "tables that are inserted are counted on");
        }
    }
}

fn packet_pid(bytes: &[u8], n: usize) -> u16 {
    Packet::parse(&bytes[n * PACKET_LEN..][..PACKET_LEN]).unwrap().pid()
}

#[test]
fn a_tape_begins_at_random_access_points_and_rotates_there() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    stream.picture();
    bench.play(&mut stream, 25 * 13);
    let (files, events) = bench.finish();
    assert_eq!(files.iter().map(|f| f.raps().len()).collect::<Vec<_>>(), [4, 4, 4, 1], "one a second, from the first whole group on");
    assert!(files.iter().all(|f| f.epoch() == 0 && f.gap().is_none()));
    assert!(matches!(events[..], [Event::Signal { present: true, .. }, ..] | [Event::ServicesChanged, ..]));
    let Record::Header { first_sequence, .. } = files[2].records[0] else { panic!() };
    assert_eq!(first_sequence, 4, "two HLS segments of 2 s in each tape segment of 4 s");
    let first = files[0].raps()[0];
    assert_eq!(first.kind, RapKind::Idr);
    assert_eq!(first.at.media_90k - first.received_90k, 45_000, "it was received half a second before it is shown");
}

#[test]
fn bytes_are_kept_as_received_apart_from_the_tables() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    stream.others = vec![7, 8];
    let source: Vec<u8> = stream.pictures(260);
    bench.push(&source);
    let (files, _) = bench.finish();
    let streams = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes.chunks(PACKET_LEN).filter(|p| ![0, 0x100].contains(&Packet::parse(p).unwrap().pid())).map(<[u8]>::to_vec).collect()
    };
    let taped: Vec<u8> = files.iter().flat_map(|f| f.bytes.clone()).collect();
    assert_eq!(streams(&taped), streams(&source));
    let mut assembler = crate::ts::SectionAssembler::default();
    assembler.push(&Packet::parse(&taped[..PACKET_LEN]).unwrap(), |s| {
        assert_eq!(crate::ts::Pat::parse(s).unwrap().services, [(101, 0x100)], "the PAT names the one service");
    });
}

#[test]
fn a_lost_signal_is_a_gap_with_times() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    bench.play(&mut stream, 110);
    let last = bench.now;
    bench.now = bench.now + 10_000;
    bench.taper.tick(bench.now);
    bench.take();
    assert!(bench.events.iter().any(|e| matches!(e, Event::Signal { present: false, since } if last - *since <= 40)));
    stream.restart_gop();
    bench.play(&mut stream, 50);
    let (files, _) = bench.finish();
    let gap = files[2].gap().unwrap();
    assert_eq!(gap.reason, BreakReason::SignalLost);
    assert_eq!(files.iter().map(File::epoch).collect::<Vec<_>>(), [0, 0, 1]);
    assert!((gap.from - (last + 500)).abs() <= 40 && (gap.to - (last + 10_500)).abs() <= 40, "{gap:?}");
}

#[test]
fn sound_that_goes_on_without_pictures_is_no_signal() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    bench.play(&mut stream, 110);
    for _ in 0..250 {
        let sound: Vec<u8> = stream.picture().chunks(PACKET_LEN).filter(|p| packet_pid(p, 0) != 0x101).flatten().copied().collect();
        bench.push(&sound);
        bench.now = bench.now + PICTURE_MS;
        let now = bench.now;
        bench.taper.tick(now);
    }
    stream.restart_gop();
    bench.play(&mut stream, 60);
    let (files, events) = bench.finish();
    let signal: Vec<bool> = events.iter().filter_map(|e| if let Event::Signal { present, .. } = e { Some(*present) } else { None }).collect();
    assert_eq!(signal, [true, false, true]);
    assert!(files.iter().all(|f| f.bytes.len() < 1_000_000));
    let gap = files.iter().find_map(File::gap).unwrap();
    assert!(gap.reason == BreakReason::SignalLost && (9_500..10_500).contains(&(gap.to - gap.from)), "{gap:?}");
}

#[test]
fn a_pcr_jump_begins_an_epoch_exactly_there() {
    for marked in [false, true] {
        let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
        bench.play(&mut stream, 40);
        stream.pcr_90k -= 5_000_000;
        stream.restart_gop();
        stream.mark_discontinuity = marked;
        bench.play(&mut stream, 40);
        let (files, events) = bench.finish();
        assert_eq!(files.len(), 2, "marked: {marked}");
        assert_eq!((files[1].epoch(), files[1].gap()), (1, None), "the first picture after the jump is a random access point: nothing is lost");
        assert!(files[1].raps()[0].at.media_90k >= files[0].raps()[1].at.media_90k);
        let pictures: usize = files.iter().map(|f| f.bytes.chunks(PACKET_LEN).filter(|p| packet_pid(p, 0) == 0x101 && p[1] & 0x40 != 0).count()).sum();
        assert_eq!(pictures, 80);
        assert_eq!(events.iter().filter(|e| matches!(e, Event::Discontinuity { reason: BreakReason::PcrJump, .. })).count(), 1);
    }
}

#[test]
fn one_damaged_pcr_changes_nothing() {
    let make = |damage: bool| {
        let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
        for n in 0..100 {
            let mut bytes = stream.picture();
            if damage && n == 51 {
                let at = bytes.chunks(PACKET_LEN).position(|p| packet_pid(p, 0) == 0x101 && p[3] & 0x20 != 0).unwrap() * PACKET_LEN;
                bytes[at + 7] ^= 0x55;
            }
            bench.push(&bytes);
            bench.now = bench.now + PICTURE_MS;
        }
        bench.finish().0
    };
    let (clean, damaged) = (make(false), make(true));
    assert_eq!(damaged.iter().map(|f| f.records.clone()).collect::<Vec<_>>(), clean.iter().map(|f| f.records.clone()).collect::<Vec<_>>());
}

#[test]
fn the_wrap_of_pts_and_pcr_is_no_event() {
    for before in [100, 500, 40_000, 200_000] {
        let (mut bench, mut stream) = (Bench::new(options()), TestStream::with(|s| s.pcr_90k = WRAP_90K - before));
        bench.play(&mut stream, 200);
        let (files, _) = bench.finish();
        assert!(files.iter().all(|f| f.epoch() == 0 && f.gap().is_none()));
        let media: Vec<i64> = files.iter().flat_map(|f| f.raps()).map(|r| r.at.media_90k).collect();
        assert!(media.windows(2).all(|w| w[1] - w[0] == 90_000), "{media:?}");
    }
}

#[test]
fn damage_is_recorded_with_its_evidence() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    bench.play(&mut stream, 31);
    let mut bytes = stream.picture();
    bytes.drain(PACKET_LEN..2 * PACKET_LEN);
    bytes[2 * PACKET_LEN + 1] |= 0x80;
    bench.push(&bytes);
    bench.play(&mut stream, 40);
    let (files, events) = bench.finish();
    let damage: Vec<_> = events.iter().filter(|e| matches!(e, Event::Damage { .. })).collect();
    let [Event::Damage { continuity: 1, transport: 1, first: Some(first), .. }] = damage[..] else { panic!("{damage:?}") };
    assert_eq!(first.pid, 0x101);
    assert!(files[0].records.iter().any(|r| matches!(r, Record::Errors { continuity: 1, transport: 1, .. })));
    assert!(matches!(files[0].records.last(), Some(Record::End(End { continuity: 1, transport: 1, .. }))));
}

#[test]
fn a_changed_pmt_begins_a_segment_at_the_next_random_access_point() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    bench.play(&mut stream, 30);
    (stream.audio_pid, stream.pmt_version) = (0x1f2, 1);
    bench.play(&mut stream, 50);
    let (files, events) = bench.finish();
    assert_eq!(events.iter().filter(|e| matches!(e, Event::PmtChanged(_))).count(), 2);
    assert_eq!(files.len(), 2);
    assert_eq!(files[1].epoch(), 0, "the clock went on");
    assert_eq!(files[1].raps()[0].at.media_90k - files[0].raps()[0].at.media_90k, 2 * 90_000);
}

#[test]
fn a_service_that_is_not_there_is_named_with_those_that_are() {
    let (mut bench, mut stream) = (Bench::new(TaperOptions { wanted: Wanted::Service(9), ..options() }), TestStream::default());
    stream.others = vec![7];
    bench.play(&mut stream, 30);
    assert!(bench.events.contains(&Event::NoSuchService { services: vec![101, 7] }));
    assert_eq!(bench.taper.services().services.len(), 2);
    assert!(bench.taper.services().services[0].pmt.is_some(), "the others' streams are known all the same");
    assert!(bench.finish().0.is_empty());
}

#[test]
fn a_scrambled_service_is_said_and_not_taped() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    bench.play(&mut stream, 30);
    stream.scrambled = true;
    bench.play(&mut stream, 50);
    assert!(bench.events.contains(&Event::Scrambled(true)));
    stream.scrambled = false;
    bench.play(&mut stream, 80);
    let (files, events) = bench.finish();
    assert!(events.contains(&Event::Scrambled(false)));
    assert_eq!(files[1].gap().unwrap().reason, BreakReason::ServiceLost);
}

#[test]
fn sound_alone_has_a_random_access_point_every_second() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::with(|s| s.video_pid = None));
    bench.play(&mut stream, 250);
    let (files, _) = bench.finish();
    let raps: Vec<Rap> = files.iter().flat_map(File::raps).collect();
    assert!((9..=10).contains(&raps.len()), "{}", raps.len());
    assert!(raps.iter().all(|r| r.kind == RapKind::Audio));
}

#[test]
fn pictures_without_random_access_points_are_taped_all_the_same() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::with(|s| s.start = GopStart::Ordinary));
    bench.play(&mut stream, 25 * 45);
    let (files, _) = bench.finish();
    assert!(files.len() >= 3);
    assert!(files.iter().all(|f| f.raps()[0].kind == RapKind::Forced));
}

#[test]
fn a_clock_set_forward_is_a_gap_and_backward_an_epoch() {
    for by in [3_600_000, -3_600_000] {
        let (mut bench, mut stream) = (Bench::new(TaperOptions { signal_lost_ms: i64::MAX, ..options() }), TestStream::default());
        bench.play(&mut stream, 100);
        bench.now = bench.now + by;
        bench.play(&mut stream, 25 * 20);
        let now = bench.now;
        let (files, _) = bench.finish();
        let last = files.last().unwrap();
        assert_eq!(last.epoch(), 1, "by {by}");
        let end = last.raps().last().unwrap().at.utc;
        assert!((now - end).abs() < 1500, "the tape is on the machine's time again: {now} {end}");
        assert_eq!(files.iter().find(|f| f.epoch() == 1).unwrap().gap().is_some(), by > 0);
        let pictures: usize = files.iter().map(|f| f.bytes.chunks(PACKET_LEN).filter(|p| packet_pid(p, 0) == 0x101 && p[1] & 0x40 != 0).count()).sum();
        assert_eq!(pictures, 600, "nothing is lost");
    }
}

#[test]
fn a_stream_without_a_pcr_is_taped_by_its_pictures() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    for _ in 0..250 {
        let mut bytes = stream.picture();
        for packet in bytes.chunks_mut(PACKET_LEN).filter(|p| p[3] & 0x20 != 0 && p[4] > 0) {
            packet[5] &= !0x10;
        }
        bench.push(&bytes);
        bench.now = bench.now + PICTURE_MS;
    }
    let (files, events) = bench.finish();
    assert!(events.iter().any(|e| matches!(e, Event::ClockFromPictures { pid: 0x101 })));
    assert!(files.iter().map(|f| f.raps().len()).sum::<usize>() >= 5);
}

#[test]
fn replaying_a_segment_gives_its_index_again() {
    let (mut bench, mut stream) = (Bench::new(options()), TestStream::default());
    bench.play(&mut stream, 250);
    let (files, _) = bench.finish();
    for file in &files {
        let first = file.raps()[0];
        let mut taper = Taper::replay(Wanted::First, Some(TapeClock::replay(first.pts_33, first.at)), 0);
        for packet in file.bytes.chunks(PACKET_LEN) {
            taper.push(UtcMs(0), &Packet::parse(packet).unwrap());
        }
        taper.finish();
        let mut output = Output::default();
        taper.take(&mut output);
        assert_eq!(output.bytes, file.bytes);
        let again: Vec<Rap> = output.steps.iter().filter_map(|(_, s)| if let Step::Record(Record::Rap(rap)) = s { Some(*rap) } else { None }).collect();
        assert_eq!(again, file.raps());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However the bytes are divided into reads, and whenever output is taken, the tape is the same.
    #[test]
    fn chunks_and_flushes_do_not_matter(sizes in prop::collection::vec(1usize..3000, 1..40), flushes in prop::collection::vec(any::<bool>(), 1..20)) {
        let source = TestStream::default().pictures(300);
        let mut whole = Bench::new(options());
        whole.push(&source);
        let whole = whole.finish().0;
        let mut parts = Bench::new(options());
        let (mut rest, mut n) = (&source[..], 0);
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(rest.len().min(sizes[n % sizes.len()]));
            parts.push(head);
            if flushes[n % flushes.len()] {
                parts.take();
            }
            rest = tail;
            n += 1;
        }
        prop_assert_eq!(parts.finish().0, whole);
    }

    /// Lost, repeated, damaged packets: never a panic, always a tape whose index is in order.
    #[test]
    fn damage_is_survived(faults in prop::collection::vec((0usize..2000, 0u8..4, any::<u8>(), 0usize..PACKET_LEN), 0..60)) {
        let mut packets: Vec<Vec<u8>> = TestStream::default().pictures(400).chunks(PACKET_LEN).map(<[u8]>::to_vec).collect();
        for (at, fault, byte, place) in faults {
            let at = at % packets.len();
            match fault {
                0 => { packets.remove(at); }
                1 => { let again = packets[at].clone(); packets.insert(at, again); }
                2 => packets[at][place.max(1)] = byte,
                _ => packets.swap(at, (at + usize::from(byte) % 7).min(2000)),
            }
        }
        let mut bench = Bench::new(options());
        for (n, packet) in packets.iter().enumerate() {
            bench.now = START + n as i64 * 5;
            bench.push(packet);
        }
        let mut now = bench.now;
        bench.now = now + 10;
        now = bench.now;
        bench.taper.tick(now);
        bench.taper.finish();
        bench.take();
        for file in &bench.files {
            let raps = file.raps();
            prop_assert!(raps.windows(2).all(|w| w[0].offset < w[1].offset && w[0].at.media_90k < w[1].at.media_90k));
        }
    }

    /// Bytes that are no transport stream at all.
    #[test]
    fn garbage_is_survived(mut bytes in prop::collection::vec(any::<u8>(), 0..40 * PACKET_LEN), sync in any::<bool>()) {
        if sync {
            bytes.chunks_mut(PACKET_LEN).for_each(|p| p[0] = 0x47);
            bytes.chunks_mut(PACKET_LEN).step_by(2).filter(|p| p.len() > 2).for_each(|p| (p[1], p[2]) = (0x40, 0));
        }
        let mut bench = Bench::new(options());
        bench.push(&TestStream::default().pictures(30));
        bench.push(&bytes);
        bench.taper.finish();
        bench.take();
    }
}
