//! Real transmissions, where the folder with them is there.

use std::path::PathBuf;

use super::reading::samples;
use crate::base::work::Anchor;
use crate::cmaf::*;
use crate::ts::{PACKET_LEN, Packet, StreamKind};

/// `None` where the captures are absent, which is a failure on CI.
fn capture(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("YIZHAN_TEST_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data").to_owned());
    let path = PathBuf::from(folder).join("broadcast").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(e) if std::env::var("CI").as_deref() == Ok("true") => panic!("{}: {e}", path.display()),
        Err(_) => {
            eprintln!("captures are absent: {} was not tried", path.display());
            None
        }
    }
}

fn packets(bytes: &[u8]) -> impl Iterator<Item = Packet<'_>> {
    bytes.chunks_exact(PACKET_LEN).filter_map(|p| Packet::parse(p).ok())
}

fn probe(bytes: &[u8], service: u16) -> Probe {
    let mut prober = Prober::new(service);
    packets(bytes).for_each(|p| prober.push(&p));
    prober.finish()
}

fn accesses(bytes: &[u8], service: u16, anchor: Anchor) -> Vec<Access> {
    let mut demuxer = Demuxer::new(service, anchor);
    packets(bytes).for_each(|p| demuxer.push(&p));
    demuxer.finish();
    std::iter::from_fn(|| demuxer.poll()).filter_map(|d| if let Demuxed::Access(a) = d { Some(a) } else { None }).collect()
}

#[test]
fn eighty_seconds_are_copied_whole() {
    let Some(bytes) = capture("eyevinn-80s-with-ad.ts") else { return };
    assert_eq!(is_browser_playable(&probe(&bytes, 1)), Ok(()));
    let anchor = Anchor { pts_33: 132_000, media_90k: 1_795_219_200_000 * 90 };
    let idrs = accesses(&bytes, 1, anchor).into_iter().filter(|a| a.kind == StreamKind::H264 && a.key).map(|a| a.pts_90k);
    // There is one a second; segments of two.
    let mut edges: Vec<i64> = idrs.step_by(2).collect();
    edges.push(i64::MAX);
    let mut remuxer = Remuxer::new(1, anchor, edges);
    packets(&bytes).for_each(|p| remuxer.push(&p));
    remuxer.finish();
    let (mut video, mut audio) = (Vec::new(), Vec::new());
    while let Some(output) = remuxer.poll() {
        match output {
            Output::Segment { track, bytes, key_first, .. } => {
                assert!(key_first);
                if track == TrackKind::Video { &mut video } else { &mut audio }.push(samples(&bytes));
            }
            Output::Init(track) => assert!(["avc1.64001E", "mp4a.40.2"].contains(&track.rfc6381().as_str())),
            other => panic!("{other:?}"),
        }
    }
    // As ffprobe counts them: 2400 pictures; 3750 frames of sound, 4 of them before the first picture.
    assert_eq!((video.len(), audio.len()), (40, 40));
    let (video, audio): (Vec<_>, Vec<_>) = (video.concat(), audio.concat());
    assert_eq!((video.len(), audio.len()), (2400, 3746));
    assert!(video.windows(2).all(|w| w[0].dts + i64::from(w[0].duration) == w[1].dts) && video.iter().all(|s| s.duration == 3000));
    assert!(audio.windows(2).all(|w| w[0].dts + 1024 == w[1].dts));
    let mut shown: Vec<i64> = video.iter().map(|s| s.pts).collect();
    shown.sort_unstable();
    assert!(shown.windows(2).all(|w| w[1] - w[0] == 3000));
    assert_eq!(shown[0], anchor.media_90k);
}

#[test]
fn what_browsers_cannot_play_is_told_apart() {
    type Case = (&'static str, u16, NotPlayable, Option<(u32, u32, u32, bool)>, Option<(u32, u8)>);
    let cases: [Case; 5] = [
        ("test-026.ts", 257, NotPlayable::Interlaced, Some((1920, 1080, 25_000, true)), Some((48_000, 2))),
        ("test-025.ts", 2064, NotPlayable::VideoCoding("MPEG-2"), Some((720, 576, 25_000, true)), Some((48_000, 2))),
        ("test-108.ts", 3410, NotPlayable::VideoCoding("HEVC"), Some((1280, 720, 50_000, false)), None),
        ("test-108.ts", 3405, NotPlayable::AudioCoding("MP2"), None, Some((48_000, 2))),
        // Its tables are all damaged.
        ("test-143.ts", 60, NotPlayable::NotFound, None, None),
    ];
    for (name, service, reason, picture, sound) in cases {
        let Some(bytes) = capture(name) else { return };
        let found = probe(&bytes, service);
        assert_eq!(is_browser_playable(&found), Err(reason), "{name}");
        assert_eq!(found.video.map(|v| (v.width, v.height, v.frame_rate_milli.unwrap_or(0), v.interlaced)), picture, "{name}");
        assert_eq!(found.audio.map(|a| (a.sample_rate, a.channels)), sound, "{name}");
    }
}

#[test]
fn field_pictures_of_one_pes_packet_stay_together() {
    let Some(bytes) = capture("test-026.ts") else { return };
    let all = accesses(&bytes, 257, Anchor { pts_33: 0, media_90k: 0 });
    let pictures: Vec<_> = all.iter().filter(|a| a.kind == StreamKind::H264).collect();
    assert_eq!(pictures.len(), 29, "29 PES packets with 49 fields and frames");
    assert!(pictures.iter().all(|p| !p.key), "recovery points and not one IDR");
    let sound: Vec<_> = all.iter().filter(|a| a.kind == StreamKind::EAc3).collect();
    assert!(sound.len() == 6 && sound.iter().all(|a| a.data.starts_with(&[0x0b, 0x77])), "six PES packets of six frames");
    assert!(sound.windows(2).all(|s| s[1].pts_90k - s[0].pts_90k == 17_280));
}
