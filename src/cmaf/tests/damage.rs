//! Whatever arrives: nothing panics, every window comes once and in order, and what comes can be read.

use proptest::prelude::*;

use super::material::*;
use super::remux::{edges, push_all, remux, segments};
use crate::base::work::Anchor;
use crate::cmaf::*;
use crate::ts::Packet;

/// Every window of a track that was seen at all is given out once, in order; times ascend and do not overlap.
fn check_order(outputs: &[Output], windows: usize) {
    for kind in [TrackKind::Video, TrackKind::Audio] {
        let indices: Vec<usize> = outputs
            .iter()
            .filter_map(|o| match o {
                Output::Segment { track, index, .. } | Output::Missing { track, index } if *track == kind => Some(*index),
                _ => None,
            })
            .collect();
        assert!(indices.is_empty() || indices == (0..windows).collect::<Vec<_>>(), "{kind:?}: {indices:?}");
        let mut last = i64::MIN;
        for (_, _, _, samples) in segments(outputs, kind) {
            assert!(!samples.is_empty());
            for sample in samples {
                if kind == TrackKind::Audio {
                    assert!(sample.dts >= last, "sound does not overlap");
                }
                last = sample.dts + i64::from(sample.duration);
            }
        }
    }
}

#[test]
fn a_lost_packet_costs_one_frame_of_sound() {
    let programme = Programme::default();
    let mut packets = packets(&programme);
    let lost = (0..packets.len()).filter(|&i| Packet::parse(&packets[i]).is_ok_and(|p| p.pid() == AUDIO_PID && !p.payload_unit_start())).nth(200).unwrap();
    packets.remove(lost);
    let outputs = remux(Remuxer::new(SERVICE, programme.anchor, edges(&programme)), &packets);
    let found: usize = segments(&outputs, TrackKind::Audio).iter().map(|s| s.3.len()).sum();
    // A packet of 184 bytes may touch two frames.
    assert!((frames(&programme) - 2..frames(&programme)).contains(&found), "{found} of {}", frames(&programme));
    assert!(outputs.iter().any(|o| matches!(o, Output::Warning(Warning::Damaged { track: TrackKind::Audio, .. }))));
    check_order(&outputs, edges(&programme).len() - 1);
}

#[test]
fn a_torn_picture_stands_still_until_the_next_idr() {
    let programme = Programme { audio: false, ..Programme::default() };
    let mut packets = packets(&programme);
    let of_picture = (0..packets.len()).filter(|&i| Packet::parse(&packets[i]).is_ok_and(|p| p.pid() == VIDEO_PID && p.payload_unit_start())).nth(40).unwrap();
    packets.remove(of_picture + 1);
    let outputs = remux(Remuxer::new(SERVICE, programme.anchor, edges(&programme)), &packets);
    let video = segments(&outputs, TrackKind::Video);
    assert_eq!((video[0].2, video[0].3.len()), (180_000, 40), "no hole");
    assert_eq!(video[0].3[39].duration as i64, 21 * PICTURE_90K);
    assert_eq!((video[1].2, video[1].3.len()), (180_000, 60));
}

#[test]
fn a_torn_idr_in_front_of_a_window() {
    let programme = Programme { audio: false, ..Programme::default() };
    let mut packets = packets(&programme);
    let idr = (0..packets.len()).filter(|&i| Packet::parse(&packets[i]).is_ok_and(|p| p.pid() == VIDEO_PID && p.payload_unit_start())).nth(60).unwrap();
    packets.remove(idr + 1);
    let outputs = remux(Remuxer::new(SERVICE, programme.anchor, edges(&programme)), &packets);
    let video = segments(&outputs, TrackKind::Video);
    assert_eq!((video[0].2, video[0].3.len()), (180_000, 60));
    // Its second IDR is a second later.
    assert_eq!((video[1].1 - BASE_90K, video[1].2, video[1].3.len()), (270_000, 90_000, 30));
    assert!(video[1].3[0].key);
}

/// The first frame of all says that it holds two (the last two bits of its header): the frames after it are as long as they say themselves.
#[test]
fn a_first_frame_that_claims_more_does_not_lengthen_the_others() {
    let programme = Programme::default();
    let mut packets = packets(&programme);
    let first = (0..packets.len()).find(|&i| Packet::parse(&packets[i]).is_ok_and(|p| p.pid() == AUDIO_PID && p.payload_unit_start())).unwrap();
    let header = packets[first].windows(2).position(|bytes| bytes == [0xff, 0xf1]).unwrap();
    packets[first][header + 6] |= 1;
    let edges = edges(&programme);
    check_order(&remux(Remuxer::new(SERVICE, programme.anchor, edges.iter().copied()), &packets), edges.len() - 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_loss(lost in prop::collection::vec(0.0..1.0_f64, 0..60), bursts in prop::collection::vec((0.0..1.0_f64, 1..400_usize), 0..4), straddling in any::<bool>()) {
        let programme = Programme { straddling, ..Programme::default() };
        let mut packets = packets(&programme);
        for (at, length) in bursts.into_iter().chain(lost.into_iter().map(|at| (at, 1))) {
            let from = (at * packets.len() as f64) as usize;
            packets.drain(from..(from + length).min(packets.len()));
        }
        let edges = edges(&programme);
        check_order(&remux(Remuxer::new(SERVICE, programme.anchor, edges.iter().copied()), &packets), edges.len() - 1);
    }

    #[test]
    fn any_flipped_bytes(flips in prop::collection::vec((0.0..1.0_f64, 1..188_usize, any::<u8>()), 0..200)) {
        let programme = Programme::default();
        let mut packets = packets(&programme);
        let count = packets.len() as f64;
        for (at, byte, value) in flips {
            packets[(at * count) as usize][byte] = value;
        }
        let edges = edges(&programme);
        check_order(&remux(Remuxer::new(SERVICE, programme.anchor, edges.iter().copied()), &packets), edges.len() - 1);
    }

    #[test]
    fn any_cut_into_pieces(cuts in prop::collection::vec(0.0..1.0_f64, 0..6), jumps in prop::collection::vec(any::<bool>(), 6)) {
        let programme = Programme::default();
        let packets = packets(&programme);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|c| (c * packets.len() as f64) as usize).collect();
        cuts.sort_unstable();
        let edges = edges(&programme);
        let mut remuxer = Remuxer::new(SERVICE, programme.anchor, edges.iter().copied());
        let (mut outputs, mut from, mut jumped) = (Vec::new(), 0, 0);
        for (cut, jump) in cuts.into_iter().zip(jumps) {
            outputs.extend(push_all(&mut remuxer, &packets[from..cut]));
            from = cut;
            jumped += if jump { 90_000 } else { 0 };
            remuxer.start_piece(Anchor { media_90k: programme.anchor.media_90k + jumped, ..programme.anchor });
        }
        outputs.extend(remux(remuxer, &packets[from..]));
        check_order(&outputs, edges.len() - 1);
        if jumped == 0 {
            let whole = remux(Remuxer::new(SERVICE, programme.anchor, edges.iter().copied()), &packets);
            prop_assert_eq!(outputs, whole);
        }
    }

    #[test]
    fn garbage_in_a_services_pids(payloads in prop::collection::vec((0..4_usize, any::<bool>(), prop::collection::vec(any::<u8>(), 184)), 0..60)) {
        let mut mux = Mux::default();
        mux.tables(0x1b, Some(0x0f));
        let mut packets = mux.packets;
        for (n, (pid, start, payload)) in payloads.into_iter().enumerate() {
            let pid = [0, PMT_PID, VIDEO_PID, AUDIO_PID][pid];
            let mut packet = [0x47; 188];
            packet[1] = if start { 0x40 } else { 0 } | (pid >> 8) as u8;
            packet[2] = pid as u8;
            packet[3] = 0x10 | (n as u8 & 0x0f);
            packet[4..].copy_from_slice(&payload);
            packets.push(packet);
        }
        let mut prober = Prober::new(SERVICE);
        for packet in &packets {
            prober.push(&Packet::parse(packet).unwrap());
        }
        let _ = is_browser_playable(&prober.finish());
        check_order(&remux(Remuxer::new(SERVICE, Anchor { pts_33: 0, media_90k: BASE_90K }, [BASE_90K, i64::MAX]), &packets), 1);
    }

    #[test]
    fn garbage_in_each_coding(kind in prop::sample::select(vec![0x02_u8, 0x24, 0x1b]), audio in prop::sample::select(vec![0x03_u8, 0x11, 0x81, 0x87, 0x0f]),
        units in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0), Just(1), Just(0xb3), Just(0x42), Just(0x0b), Just(0x77), any::<u8>()], 0..80), 1..20)) {
        let mut mux = Mux::default();
        mux.tables(kind, Some(audio));
        for (n, unit) in units.iter().enumerate() {
            mux.pes(VIDEO_PID, Some(n as u64 * 3000), None, false, &[&[0, 0, 1], &unit[..]].concat());
            mux.pes(AUDIO_PID, Some(n as u64 * 3000), None, true, unit);
        }
        let mut prober = Prober::new(SERVICE);
        for packet in &mux.packets {
            prober.push(&Packet::parse(packet).unwrap());
        }
        let _ = is_browser_playable(&prober.finish());
    }

    #[test]
    fn garbage_as_codec_data(data in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = H264::from_avcc(&data);
        let _ = H264::from_annex_b(&data);
        let _ = Aac::from_config(&data, 0);
        let _ = annex_b_to_length_prefixed(&data);
        if let Ok(h264) = H264::from_parameter_sets(vec![data.clone()], vec![data]) {
            init_segment(&Track::h264(h264));
        }
    }
}
