//! The worker's rungs all switch at the same places: where the task says, to the tick, whatever the source is. Damage is survived and said.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use yizhan::base::work::{Anchor, AudioRung, Event, Piece, Task, Transcode, VideoRung};
use yizhan::cmaf::{Demuxed, Demuxer};
use yizhan::ts::{PACKET_LEN, Packet};

use crate::common::material;

const ANCHOR: Anchor = Anchor { pts_33: 0, media_90k: 1_795_276_800_000 * 90 };

/// The service of the demonstration sender.
const DEMO: u16 = 101;

#[test]
fn of_interlaced_h264() {
    let source = material::interlaced();
    let (events, task) = transcode("interlaced", &source, DEMO, true);
    assert_whole(&events, &task);
}

#[test]
fn of_progressive_h264() {
    let source = material::progressive();
    let (events, task) = transcode("progressive", &source, DEMO, false);
    assert_whole(&events, &task);
}

#[test]
fn of_a_damaged_stream() {
    let mut bytes = std::fs::read(material::progressive()).expect("the material");
    // Flipped bits all over, behind the tables and the first key picture, and a stretch that is not even whole packets.
    for at in (200_000..bytes.len()).step_by(9_973) {
        bytes[at] ^= 1 << (at % 8);
    }
    let middle = bytes.len() / 2;
    bytes.drain(middle..middle + 30_001);
    let source = folder("damaged").join("source.ts");
    std::fs::write(&source, bytes).expect("a place for material");
    let (events, task) = transcode("damaged", &source, DEMO, false);
    assert!(events.contains(&Event::Done), "{events:?}");
    assert!(events.iter().any(|e| matches!(e, Event::Warning { .. })), "damage is said");
    assert!(!starts(&events, &task.video[0].name).is_empty());
}

#[test]
fn of_real_captures() {
    for (name, service) in [("test-025.ts", 2064), ("test-026.ts", 257), ("test-108.ts", 3401)] {
        let Some(source) = material::capture(name) else { return };
        let (events, task) = transcode(name, &source, service, true);
        assert!(events.contains(&Event::Done), "{name}: {events:?}");
        let [first, second] = [0, 1].map(|i| starts(&events, &task.video[i].name));
        assert!(!first.is_empty() && first == second, "{name}: {first:?} {second:?}");
        assert!(!starts(&events, "audio-48k").is_empty(), "{name}");
    }
}

#[test]
fn a_source_without_a_readable_table_is_a_failure_that_says_so() {
    // Every PMT of this capture is damaged.
    let Some(source) = material::capture("test-143.ts") else { return };
    let task = task("test-143", &source, 60, vec![ANCHOR.media_90k, ANCHOR.media_90k + 900_000], true);
    let events = run(&task);
    assert!(matches!(events.last(), Some(Event::Failed { message }) if message.contains("nothing")), "{events:?}");
}

/// Every boundary has its segment in every video rung, and the files say the same as the events.
fn assert_whole(events: &[Event], task: &Transcode) {
    assert_eq!(events.last(), Some(&Event::Done), "{events:?}");
    assert!(events.contains(&Event::Poster) && events.contains(&Event::Thumbnails));
    let expected: Vec<(u64, i64)> = task.boundaries_90k.iter().enumerate().map(|(n, &at)| (n as u64, at)).collect();
    assert!(expected.len() > 2);
    for rung in &task.video {
        assert_eq!(starts(events, &rung.name), expected, "{}", rung.name);
        for (n, at) in &expected {
            let segment = std::fs::read(task.folder.join(&rung.name).join(format!("{n}.m4s"))).expect("the segment is there");
            assert_eq!(tfdt(&segment), *at, "{} {n}", rung.name);
            assert!(begins_with_idr(&segment), "{} {n}", rung.name);
        }
    }
    for rung in &task.audio {
        let starts = starts(events, &rung.name);
        assert_eq!(starts.len(), expected.len(), "{}", rung.name);
        // A frame of sound lasts 1,920 ticks and begins behind the boundary.
        assert!(starts.iter().zip(&expected).skip(1).all(|((_, sound), (_, at))| (0..1920).contains(&(sound - at))), "{starts:?} {expected:?}");
    }
    assert_eq!(std::fs::read(task.folder.join("poster.jpg")).expect("a poster")[..2], [0xff, 0xd8]);
    assert!(std::fs::read_to_string(task.folder.join("thumbnails.vtt")).expect("thumbnails").contains("sprite-0.jpg#xywh=0,0,160,"));
}

fn starts(events: &[Event], rung: &str) -> Vec<(u64, i64)> {
    let of_rung = events.iter().filter_map(|event| match event {
        Event::Segment { rung: name, number, start_90k, .. } if name == rung => Some((*number, *start_90k)),
        _ => None,
    });
    of_rung.collect()
}

/// Media times of the source's key pictures, two seconds apart or more, and its end.
fn boundaries(source: &Path, service: u16) -> Vec<i64> {
    let mut demuxer = Demuxer::new(service, ANCHOR);
    for packet in std::fs::read(source).expect("the source").chunks_exact(PACKET_LEN).filter_map(|p| Packet::parse(p).ok()) {
        demuxer.push(&packet);
    }
    demuxer.finish();
    let (mut found, mut end) = (Vec::<i64>::new(), 0);
    while let Some(unit) = demuxer.poll() {
        let Demuxed::Access(access) = unit else { continue };
        if access.kind.is_video() {
            end = end.max(access.pts_90k + 1);
            if access.key && found.last().is_none_or(|last| access.pts_90k - last >= 180_000) {
                found.push(access.pts_90k);
            }
        } else if found.is_empty() {
            // A stream of recovery points has no key picture in the narrow sense.
            end = end.max(access.pts_90k);
        }
    }
    if found.is_empty() {
        found.push(end - 10 * 90_000);
    }
    found.push(end);
    found
}

fn transcode(name: &str, source: &Path, service: u16, interlaced: bool) -> (Vec<Event>, Transcode) {
    let task = task(name, source, service, boundaries(source, service), interlaced);
    (run(&task), task)
}

/// The last boundary is the end.
fn task(name: &str, source: &Path, service: u16, mut boundaries_90k: Vec<i64>, interlaced: bool) -> Transcode {
    let to_90k = boundaries_90k.pop().expect("an end");
    let video = |name: &str, width, height, bitrate_bps| VideoRung { name: name.to_owned(), width, height, bitrate_bps, frame_rate_limit: 30 };
    let audio = |name: &str, bitrate_bps| AudioRung { name: name.to_owned(), bitrate_bps };
    Transcode {
        service,
        pieces: vec![Piece { path: source.to_owned(), from: 0, to: None, anchor: ANCHOR }],
        from_90k: boundaries_90k[0],
        to_90k,
        poster_90k: Some(boundaries_90k[0]),
        boundaries_90k,
        interlaced,
        video: vec![video("270p", 480, 270, 300_000), video("180p", 320, 180, 150_000)],
        audio: vec![audio("audio-128k", 128_000), audio("audio-48k", 48_000)],
        thumbnail_seconds: 2,
        folder: folder(name),
        preset: "ultrafast".to_owned(),
        threads: 1,
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rungs").join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the asset");
    folder
}

/// The worker's events, on its standard output.
fn run(task: &Transcode) -> Vec<Event> {
    let path = task.folder.join("task.json");
    std::fs::write(&path, serde_json::to_vec(&Task::Transcode(task.clone())).expect("a task is JSON")).expect("a place for the task");
    let mut worker = Command::new(env!("CARGO_BIN_EXE_yizhan-worker"));
    worker.arg("transcode").arg(&path).env("YIZHAN_EVENTS_FD", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    // Its input stays open while it runs: the end of that would be the end of its parent.
    let mut child = worker.spawn().expect("the worker starts");
    let held = child.stdin.take();
    let output = child.wait_with_output().expect("the worker ends");
    drop(held);
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("an event a line")).collect()
}

/// The base media decode time of a segment of one fragment.
fn tfdt(segment: &[u8]) -> i64 {
    let at = find(segment, b"tfdt").expect("a tfdt box");
    let body = &segment[at + 4..];
    assert_eq!(body[0], 1, "64 bits");
    i64::from_be_bytes(body[4..12].try_into().expect("eight bytes"))
}

/// Its first picture holds an IDR slice.
fn begins_with_idr(segment: &[u8]) -> bool {
    let mut at = find(segment, b"mdat").expect("an mdat box") + 4;
    for _ in 0..8 {
        let length = u32::from_be_bytes(segment[at..at + 4].try_into().expect("a length")) as usize;
        match segment[at + 4] & 0x1f {
            5 => return true,
            1 => return false,
            _ => at += 4 + length,
        }
    }
    false
}

fn find(bytes: &[u8], name: &[u8; 4]) -> Option<usize> {
    bytes.windows(4).position(|w| w == name)
}
