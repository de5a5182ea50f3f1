use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::sfu::codec::Picture;
use crate::sfu::uplink::Source;

fn stored(sequence: u64, picture: u16, is_key: bool, begins: bool) -> Stored {
    Stored {
        sequence,
        timestamp: u32::from(picture) * 3_000,
        marker: false,
        codec: Codec::Vp8,
        picture: Picture { starts_key: is_key, begins, temporal: Some((picture % 2) as u8), layer_sync: picture % 2 == 1, ..Picture::default() },
        vp8: Some((picture & 0x7fff, (picture / 2) as u8)),
        arrived: Instant::now(),
        orientation: None,
        audio_level: None,
        descriptor_len: 0,
    }
}

#[test]
fn what_is_left_out_leaves_no_gap_and_late_packets_get_the_numbers_kept_for_them() {
    let mut renumbering = Renumbering::new(100, 5_000);
    renumbering.begin(&stored(1_000, 7, true, true), 5_000);
    assert_eq!(renumbering.take(&stored(1_000, 7, true, true)).map(|numbers| numbers.sequence), Some(100));
    // 1,001 is late; two packets of picture 8 are left out.
    renumbering.leave_out(&stored(1_002, 8, false, true));
    renumbering.leave_out(&stored(1_003, 8, false, false));
    let next = renumbering.take(&stored(1_004, 9, false, true)).unwrap();
    assert_eq!((next.sequence, next.picture_id), (102, 102), "101 is kept for the late one, and no picture is missing");
    let late = renumbering.take(&stored(1_001, 7, false, false)).unwrap();
    assert_eq!((late.sequence, late.picture_id), (101, 101));
    assert_eq!(renumbering.take(&stored(999, 6, false, false)), None, "from before the beginning");
}

#[test]
fn numbers_that_never_left_are_used_by_what_begins_next_and_no_others() {
    let mut renumbering = Renumbering::new(100, 5_000);
    renumbering.begin(&stored(1_000, 7, true, true), 5_000);
    let sent: Vec<Numbers> = (1_000..1_010).filter_map(|n| renumbering.take(&stored(n, 7 + (n - 1_000) as u16, n == 1_000, true))).collect();
    // Up to 104 they left.
    let before = Last { timestamp: sent[4].timestamp, picture_id: sent[4].picture_id, tl0: sent[4].tl0 };
    renumbering.take_back(104, Some(before));
    assert_eq!(renumbering.take(&stored(1_010, 17, false, true)), None, "the stream does not go on");
    renumbering.begin(&stored(500, 90, true, true), 9_000);
    let next = renumbering.take(&stored(500, 90, true, true)).unwrap();
    assert_eq!((next.sequence, next.picture_id, next.tl0), (105, (sent[4].picture_id + 1) & 0x7fff, sent[4].tl0.wrapping_add(1)));
}

#[test]
fn a_downlink_takes_back_only_what_never_left() {
    let now = Instant::now();
    let mut downlink = Downlink::new(now, 0, Kind::Video, 1, Some(2), 70_000);
    let mut uplink = Uplink::new(super::super::TrackId(1), Source::Peer(0), Kind::Video, &[None]);
    downlink.target = Some(0);
    uplink.layers[0].keep(stored(1, 1, true, true), &[], &[1], 90_000, now);
    let Verdict::Begin(first) = downlink.consider(now, &uplink, 0, &stored(1, 1, true, true), false, Arrival::New) else { panic!() };
    let rest: Vec<Verdict> = (2..9).map(|n| downlink.consider(now, &uplink, 0, &stored(n, n as u16, false, true), false, Arrival::New)).collect();
    assert_eq!(rest[6], Verdict::Take(first.wrapping_add(7)));
    // A late number leaves after newer ones: it does not make those free.
    downlink.left(first.wrapping_add(4));
    downlink.left(first.wrapping_add(1));
    downlink.take_back();
    assert_eq!(downlink.current(), None);
    uplink.layers[0].keep(stored(20, 20, true, true), &[], &[1], 90_000, now);
    assert_eq!(downlink.consider(now, &uplink, 0, &stored(20, 20, true, true), false, Arrival::New), Verdict::Begin(first.wrapping_add(5)));
    assert!(!downlink.repairs(first.wrapping_add(4)) && downlink.repairs(first.wrapping_add(5)), "nobody needs what is before a key picture");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is lost, late or left out: every number is given once, in the publisher's order.
    #[test]
    fn numbers_are_unique_and_in_order(packets in prop::collection::vec((0..6_u64, any::<bool>(), 0..12_u64), 1..200), first: u16) {
        let mut renumbering = Renumbering::new(first, 0);
        renumbering.begin(&stored(10_000, 0, true, true), 0);
        let mut given: Vec<(u64, u16)> = renumbering.take(&stored(10_000, 0, true, true)).map(|numbers| (10_000, numbers.sequence)).into_iter().collect();
        let (mut at, mut seen) = (10_000, std::collections::HashSet::from([10_000]));
        for (gap, is_left_out, back) in packets {
            let sequence = if back > 6 { at - back.min(at - 10_000) } else { at += gap + 1; at };
            if !seen.insert(sequence) {
                continue;
            }
            let stored = stored(sequence, (sequence / 3) as u16, false, sequence % 3 == 0);
            if is_left_out {
                renumbering.leave_out(&stored);
            } else {
                given.extend(renumbering.take(&stored).map(|numbers| (sequence, numbers.sequence)));
            }
        }
        given.sort_unstable();
        for pair in given.windows(2) {
            let (step, numbers) = (pair[1].0 - pair[0].0, u64::from(pair[1].1.wrapping_sub(pair[0].1)));
            prop_assert!((1..=step).contains(&numbers), "{pair:?}");
        }
    }

    #[test]
    fn time_never_goes_back_over_beginnings(steps in prop::collection::vec((0..400_u64, any::<u32>(), any::<bool>()), 2..60)) {
        let start = Instant::now();
        let mut downlink = Downlink::new(start, 0, Kind::Video, 1, None, 5);
        let mut uplink = Uplink::new(super::super::TrackId(1), Source::Peer(0), Kind::Video, &[Some("q".into()), Some("f".into())]);
        let (mut now, mut last, mut sequence) = (start, None::<u32>, 100);
        for (ms, timestamp, is_upper) in steps {
            now += Duration::from_millis(ms);
            sequence += 1;
            let layer = usize::from(is_upper);
            uplink.layers[layer].sender_report(now, u64::from(timestamp) << 16, timestamp.rotate_left(7), 90_000);
            let packet = Stored { timestamp, arrived: now, ..stored(sequence, sequence as u16, true, true) };
            uplink.layers[layer].keep(packet, &[], &[1], 90_000, start);
            downlink.target = Some(layer);
            let verdict = downlink.consider(now, &uplink, layer, &packet, false, Arrival::Break);
            let Verdict::Begin(number) = verdict else { panic!("{verdict:?}") };
            let stamp = downlink.sent.get(number).unwrap().timestamp;
            if let Some(last) = last {
                prop_assert!((1..90_000 * 3).contains(&(stamp.wrapping_sub(last) as i32)), "{} after {}", stamp, last);
            }
            last = Some(stamp);
        }
    }
}
