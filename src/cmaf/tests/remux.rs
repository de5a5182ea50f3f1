//! What goes in comes out, at its times, cut where it was asked.

use super::material::*;
use super::reading::{Found, moov, samples};
use crate::base::work::Anchor;
use crate::cmaf::*;
use crate::ts::Packet;

const SECOND: i64 = 90_000;

/// Every two seconds from the first picture to the end.
pub fn edges(programme: &Programme) -> Vec<i64> {
    let end = programme.pictures as i64 * PICTURE_90K;
    (0..=end / (2 * SECOND)).map(|n| programme.anchor.media_90k + n * 2 * SECOND).collect()
}

pub fn push_all(remuxer: &mut Remuxer, packets: &[Bytes]) -> Vec<Output> {
    let mut out = Vec::new();
    for packet in packets {
        remuxer.push(&Packet::parse(packet).unwrap());
        out.extend(std::iter::from_fn(|| remuxer.poll()));
    }
    out
}

pub fn remux(mut remuxer: Remuxer, packets: &[Bytes]) -> Vec<Output> {
    let mut out = push_all(&mut remuxer, packets);
    remuxer.finish();
    out.extend(std::iter::from_fn(|| remuxer.poll()));
    out
}

pub fn segments(outputs: &[Output], wanted: TrackKind) -> Vec<(usize, i64, i64, Vec<Found>)> {
    let of = |o: &Output| match o {
        Output::Segment { track, index, start_90k, duration_90k, bytes, .. } if *track == wanted => Some((*index, *start_90k, *duration_90k, samples(bytes))),
        _ => None,
    };
    outputs.iter().filter_map(of).collect()
}

fn warnings(outputs: &[Output]) -> Vec<&Warning> {
    outputs.iter().filter_map(|o| if let Output::Warning(w) = o { Some(w) } else { None }).collect()
}

fn check_whole(programme: &Programme, outputs: &[Output]) {
    assert_eq!(warnings(outputs), Vec::<&Warning>::new());
    let video = segments(outputs, TrackKind::Video);
    assert_eq!(video.len(), programme.pictures / (2 * GROUP));
    let mut n = 0_usize;
    for (index, (i, start, duration, samples)) in video.iter().enumerate() {
        assert_eq!((*i, *start, *duration), (index, programme.anchor.media_90k + index as i64 * 2 * SECOND, 2 * SECOND));
        assert_eq!(samples[0].dts, *start, "tfdt is where the segment begins");
        for sample in samples {
            let key = n.is_multiple_of(GROUP);
            let unit = slice(n, key);
            let expected = [&(unit.len() as u32).to_be_bytes()[..], &unit].concat();
            assert_eq!(sample.pts, programme.anchor.media_90k + shown(n) as i64 * PICTURE_90K);
            assert_eq!((sample.key, sample.duration as i64), (key, PICTURE_90K));
            assert_eq!(sample.data, expected, "parameter sets and delimiters are not in the samples");
            n += 1;
        }
    }
    assert_eq!(n, programme.pictures);
    let mut n = 0;
    for (index, (_, start, duration, samples)) in segments(outputs, TrackKind::Audio).iter().enumerate() {
        let edge = programme.anchor.media_90k + index as i64 * 2 * SECOND;
        assert!((edge..edge + 1920).contains(start), "sound is cut by its times");
        assert_eq!(samples.iter().map(|s| i64::from(s.duration)).sum::<i64>() * 90 / 48, *duration);
        for sample in samples {
            assert_eq!(sample.pts, programme.anchor.media_90k / 15 * 8 + n as i64 * 1024);
            assert_eq!((sample.data.as_slice(), sample.key), (raw_frame(n).as_slice(), true));
            n += 1;
        }
    }
    assert_eq!(n, frames(programme));
}

#[test]
fn pictures_and_sound_keep_their_times() {
    let programme = Programme::default();
    let outputs = remux(Remuxer::new(SERVICE, programme.anchor, edges(&programme)), &packets(&programme));
    check_whole(&programme, &outputs);
    let inits: Vec<&Track> = outputs.iter().filter_map(|o| if let Output::Init(t) = o { Some(t) } else { None }).collect();
    let [video, audio] = inits[..] else { panic!("one description each: {inits:?}") };
    assert_eq!((video.rfc6381(), audio.rfc6381()), ("avc1.64001E".to_owned(), "mp4a.40.2".to_owned()));
    assert_eq!(audio.language.as_deref(), Some("chi"));
    let header = moov(&init_segment(video));
    assert_eq!(header.trak[0].mdia.mdhd.timescale, 90_000);
    let mp4_atom::Codec::Avc1(avc1) = &header.trak[0].mdia.minf.stbl.stsd.codecs[0] else { panic!() };
    assert_eq!((avc1.visual.width, avc1.visual.height, avc1.avcc.sequence_parameter_sets[0].as_slice()), (640, 360, &SPS[..]));
    let header = moov(&init_segment(audio));
    assert_eq!((header.trak[0].mdia.mdhd.timescale, header.trak[0].mdia.mdhd.language.as_str()), (48_000, "chi"));
    assert!(header.trak[0].edts.is_none());
}

#[test]
fn frames_that_straddle_pes_packets_are_whole() {
    let programme = Programme { straddling: true, ..Programme::default() };
    check_whole(&programme, &remux(Remuxer::new(SERVICE, programme.anchor, edges(&programme)), &packets(&programme)));
}

#[test]
fn times_wrap_inside_the_programme() {
    let anchor = Anchor { pts_33: (1 << 33) - 3 * 90_000 - 17, media_90k: BASE_90K };
    let programme = Programme { anchor, ..Programme::default() };
    check_whole(&programme, &remux(Remuxer::new(SERVICE, anchor, edges(&programme)), &packets(&programme)));
}

#[test]
fn pieces_of_one_epoch_are_as_one() {
    let programme = Programme::default();
    let packets = packets(&programme);
    for cut in [1, packets.len() / 3, packets.len() / 2 + 1] {
        let mut remuxer = Remuxer::new(SERVICE, programme.anchor, edges(&programme));
        let mut outputs = push_all(&mut remuxer, &packets[..cut]);
        // The next file's anchor names another moment of the same time line.
        remuxer.start_piece(Anchor { pts_33: programme.anchor.pts_33 + 450_000, media_90k: programme.anchor.media_90k + 450_000 });
        outputs.extend(remux(remuxer, &packets[cut..]));
        check_whole(&programme, &outputs);
    }
}

#[test]
fn one_window_alone_is_the_same_as_in_a_row() {
    let programme = Programme::default();
    let (packets, edges) = (packets(&programme), edges(&programme));
    let row = remux(Remuxer::new(SERVICE, programme.anchor, edges.iter().copied()), &packets);
    for (index, window) in edges.windows(2).enumerate() {
        let mut remuxer = Remuxer::new(SERVICE, programme.anchor, window.iter().copied());
        let alone = push_all(&mut remuxer, &packets);
        assert_eq!(remuxer.is_complete(), index + 2 < edges.len(), "the last one's end is not known to the stream");
        let alone = [alone, remux(remuxer, &[])].concat();
        for kind in [TrackKind::Video, TrackKind::Audio] {
            let (one, all) = (segments(&alone, kind), segments(&row, kind));
            assert_eq!(one.len(), 1);
            assert_eq!(one[0].3, all[index].3);
        }
    }
}

#[test]
fn a_window_is_out_as_soon_as_it_is_whole_and_sound_is_not_waited_for() {
    let programme = Programme { pictures: 20 * GROUP, ..Programme::default() };
    let mut packets = packets(&programme);
    packets.retain(|p| Packet::parse(p).unwrap().pid() != AUDIO_PID);
    let mut remuxer = Remuxer::new(SERVICE, programme.anchor, edges(&programme));
    let half = push_all(&mut remuxer, &packets[..packets.len() / 2]);
    assert!((4..=5).contains(&segments(&half, TrackKind::Video).len()));
    let rest = remux(remuxer, &packets[packets.len() / 2..]);
    let missing = |outputs: &[Output]| outputs.iter().filter(|o| matches!(o, Output::Missing { track: TrackKind::Audio, .. })).count();
    assert_eq!(missing(&half) + missing(&rest), 10);
    assert!(missing(&half) + missing(&rest[..rest.len() - 12]) > 0, "given up long before the end");
}

#[test]
fn a_gap_stays_a_gap() {
    let programme = Programme { audio: false, ..Programme::default() };
    let whole = packets(&programme);
    let starts: Vec<usize> = (0..whole.len()).filter(|&i| Packet::parse(&whole[i]).is_ok_and(|p| p.pid() == VIDEO_PID && p.payload_unit_start())).collect();
    // Pictures 90 to 209 are not there: three to seven seconds.
    let packets = [&whole[..starts[90]], &whole[starts[210]..]].concat();
    let outputs = remux(Remuxer::new(SERVICE, programme.anchor, edges(&programme)), &packets);
    let video = segments(&outputs, TrackKind::Video);
    assert_eq!(video.iter().map(|s| s.0).collect::<Vec<_>>(), [0, 1, 3, 4]);
    assert!(outputs.contains(&Output::Missing { track: TrackKind::Video, index: 2 }));
    // The last picture before the gap may have lost its end.
    assert_eq!((video[1].2, video[1].3.len()), (SECOND - PICTURE_90K, 29), "what is there before the gap");
    assert_eq!((video[2].1, video[2].3.len()), (BASE_90K + 7 * SECOND, 30), "and behind it");

    // The same inside one window: the hole is between two fragments.
    let wide = [BASE_90K, BASE_90K + 10 * SECOND];
    let outputs = remux(Remuxer::new(SERVICE, programme.anchor, wide), &packets);
    let all = &segments(&outputs, TrackKind::Video)[0].3;
    assert_eq!(all.len(), 179);
    assert_eq!(all.iter().map(|s| s.duration).max(), Some(PICTURE_90K as u32));
    assert_eq!(all[89].pts, BASE_90K + 7 * SECOND);
}

#[test]
fn other_parameter_sets_are_described_anew_or_stay_in_the_pictures() {
    let programme = Programme { pictures: 2 * GROUP, audio: false, ..Programme::default() };
    let publish = |pps: Vec<u8>| Track::h264(H264::from_parameter_sets(vec![SPS.to_vec()], vec![pps]).unwrap());
    let edges = [BASE_90K, BASE_90K + 2 * SECOND];
    let run = |published| remux(Remuxer::new(SERVICE, programme.anchor, edges).with_published([published]), &packets(&programme));
    let inits = |outputs: &[Output]| outputs.iter().filter(|o| matches!(o, Output::Init(_))).count();
    let same = run(publish(PPS.to_vec()));
    assert_eq!((inits(&same), segments(&same, TrackKind::Video).len()), (0, 1));
    let other = run(publish(vec![104, 235, 0xff]));
    assert_eq!((inits(&other), segments(&other, TrackKind::Video).len()), (1, 1));
}

#[test]
fn several_pictures_in_one_pes_packet_are_told_apart() {
    let mut mux = Mux::default();
    mux.tables(0x1b, None);
    for n in (0..60).step_by(2) {
        mux.pes(VIDEO_PID, Some(n as u64 * 3000), None, false, &[picture(n), picture(n + 1)].concat());
    }
    let outputs = remux(Remuxer::new(SERVICE, Anchor { pts_33: 0, media_90k: BASE_90K }, [BASE_90K, i64::MAX]), &mux.packets);
    let all = &segments(&outputs, TrackKind::Video)[0].3;
    assert_eq!(all.iter().map(|s| s.pts - BASE_90K).collect::<Vec<_>>(), (0..60).map(|n| n * 3000).collect::<Vec<_>>());
}

#[test]
fn what_cannot_be_copied_is_said() {
    let mut mux = Mux::default();
    mux.tables(0x02, Some(0x03));
    let outputs = remux(Remuxer::new(SERVICE, Anchor { pts_33: 0, media_90k: 0 }, [0, 1]), &mux.packets);
    let words: Vec<String> = warnings(&outputs).iter().map(|w| w.to_string()).collect();
    assert_eq!(words, ["a Mpeg2Video stream cannot be copied", "a Mp2 stream cannot be copied"]);
}

#[test]
fn an_encoders_samples_and_its_priming() {
    let track = Track::aac(Aac::lc(48_000, 2, 1024).unwrap());
    let start = track.ticks(BASE_90K);
    let sample = |n: i64| Sample { dts: start + n * 1024, pts: start + n * 1024, duration: 1024, key: true, data: raw_frame(n as usize) };
    let written: Vec<Sample> = (0..5).map(sample).collect();
    let read = samples(&media_segment(3, &written));
    assert_eq!(read.len(), 5);
    for (w, r) in written.iter().zip(&read) {
        assert_eq!((w.dts, w.pts, w.duration, w.key, &w.data), (r.dts, r.pts, r.duration, r.key, &r.data));
    }
    let elst = moov(&init_segment(&track)).trak[0].edts.clone().unwrap().elst.unwrap();
    assert_eq!(elst.entries[0].media_time, Some(1024));
}
