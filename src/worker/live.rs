//! The task [`Live`]: a growing tape for browsers that cannot play the source. As fast as it can from the past, then as fast as the tape grows.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use yizhan::base::work::{Anchor, Live};
use yizhan::ts::index::{Record, read_index};

use super::decode::{DecodeError, Surroundings};
use super::encode::VideoPlan;
use super::events::Events;
use super::media_time::TimeBase;
use super::parent::{Pulse, Stop};
use super::pictures::{PictureTask, Pictures};
use super::rendition::{Rendition, Shelf};
use super::segments::{Cutting, Segmenter};
use super::sound::Sound;
use super::source::Source;
use super::streams::Streams;
use super::transcode::{Ended, TaskError, check, lock, video_segmenters};

/// How often the end of the tape is looked at again.
const POLL: Duration = Duration::from_millis(200);
/// A new file's index is written at most this much later than the file.
const INDEX_PATIENCE: Duration = Duration::from_secs(3);
/// Pictures that x264 looks ahead: each is one picture's time of delay.
const LOOKAHEAD: u32 = 5;
/// Whoever starts in the past waits for decoding.
const DECODER_THREADS: u32 = 2;
const CHUNK: usize = 256 << 10;

pub fn run(task: &Live, events: &Arc<Events>, pulse: &Pulse, stop: &Stop) -> Result<Ended, TaskError> {
    check(&task.preset, task.video.len(), task.audio.len())?;
    let from_90k = task.start.anchor.media_90k;
    let around = Surroundings { events: Arc::clone(events), pulse: pulse.clone(), base: TimeBase::of_task(from_90k) };
    let shelf = Shelf { folder: task.folder.clone(), durable: task.whole };
    let cutting = Cutting::Every { from_90k, ticks: i64::from(task.segment_seconds.max(1)) * 90_000 };
    let pictures = Arc::new(Mutex::new(pictures(task, from_90k, &cutting, &shelf, &around)));
    let sound = Arc::new(Mutex::new(sound(task, from_90k, &cutting, &shelf, &around)));
    let mut streams = Streams::new(
        (!task.video.is_empty()).then(|| Arc::clone(&pictures)),
        (!task.audio.is_empty()).then(|| Arc::clone(&sound)),
        false,
        if task.whole { 1 } else { DECODER_THREADS },
        around,
    );
    follow(task, events, pulse, stop, &mut streams)?;
    streams.finish()?;
    let mut told = lock(&pictures).finish()?;
    told.extend(lock(&sound).finish()?.1);
    if task.whole {
        told.iter().for_each(|event| events.tell(event));
    }
    Ok(Ended::Done)
}

fn pictures(task: &Live, from_90k: i64, cutting: &Cutting, shelf: &Shelf, around: &Surroundings) -> Pictures {
    let names: Vec<String> = task.video.iter().map(|rung| rung.name.clone()).collect();
    let plan = VideoPlan {
        rungs: task.video.clone(),
        interlaced: task.interlaced,
        preset: task.preset.clone(),
        threads: 0,
        lookahead: (!task.whole).then_some(LOOKAHEAD),
    };
    let make_segmenters = video_segmenters(names, cutting, shelf, &around.events);
    Pictures::new(PictureTask { plan, cutting: cutting.clone(), from_90k, to_90k: None, make_segmenters, stills: None }, around.clone())
}

fn sound(task: &Live, from_90k: i64, cutting: &Cutting, shelf: &Shelf, around: &Surroundings) -> Sound {
    let segmenter = |name: &str| {
        let rendition = Rendition::new(name, shelf.clone(), Arc::clone(&around.events));
        Arc::new(Mutex::new(Segmenter::new(cutting.clone(), rendition, super::pcm::RATE as u32, super::pcm::FRAME)))
    };
    let rungs = task.audio.iter().map(|rung| (rung.clone(), segmenter(&rung.name))).collect();
    Sound::new(rungs, from_90k, None, around.clone())
}

/// Reads file after file until told to stop; for an asset, then to the end of what is there.
fn follow(task: &Live, events: &Arc<Events>, pulse: &Pulse, stop: &Stop, streams: &mut Streams) -> Result<(), DecodeError> {
    let mut source = Source::new(task.service, task.start.anchor, Arc::clone(events));
    let mut path = task.start.path.clone();
    let mut from = task.start.from;
    let mut anchor = task.start.anchor;
    while task.whole || !stop.is_wanted() {
        if let Err(e) = read_growing(&mut source, (&path, from, anchor), task, pulse, stop, streams)? {
            events.warn(format!("{}: {e}", path.display()));
        }
        let next = next_file(&task.tape, &path).filter(|_| task.whole);
        let Some(next) = next.or_else(|| wait_for_next(&task.tape, &path, pulse, stop)) else { break };
        from = 0;
        anchor = wait_for_anchor(&next, stop).unwrap_or(anchor);
        path = next;
    }
    source.finish();
    while let Some(unit) = source.poll() {
        streams.take(unit)?;
    }
    Ok(())
}

/// Reads a file until another one follows it.
fn read_growing(
    source: &mut Source,
    (path, from, anchor): (&Path, u64, Anchor),
    task: &Live,
    pulse: &Pulse,
    stop: &Stop,
    streams: &mut Streams,
) -> Result<io::Result<()>, DecodeError> {
    let mut file = match source.open(path, from, anchor) {
        Ok(file) => file,
        Err(e) => return Ok(Err(e)),
    };
    let mut chunk = vec![0; CHUNK];
    let mut is_last = true;
    while task.whole || !stop.is_wanted() {
        pulse.beat();
        let n = match file.read(&mut chunk) {
            Ok(n) => n,
            Err(e) => return Ok(Err(e)),
        };
        source.push(&chunk[..n]);
        while let Some(unit) = source.poll() {
            streams.take(unit)?;
        }
        if n > 0 {
            continue;
        }
        if !is_last || stop.is_wanted() {
            return Ok(Ok(()));
        }
        // Once there is a next file this one no longer grows, but it may have since it was read.
        is_last = next_file(&task.tape, path).is_none();
        if is_last {
            std::thread::sleep(POLL);
        }
    }
    Ok(Ok(()))
}

/// After a file that cannot be read there may be none yet.
fn wait_for_next(tape: &Path, path: &Path, pulse: &Pulse, stop: &Stop) -> Option<PathBuf> {
    while !stop.is_wanted() {
        if let Some(next) = next_file(tape, path) {
            return Some(next);
        }
        pulse.beat();
        std::thread::sleep(POLL);
    }
    None
}

/// The first file of the tape that begins after this one: files are named by the milliseconds of their beginning, in folders named by the day.
fn next_file(tape: &Path, path: &Path) -> Option<PathBuf> {
    let start = start_ms(path)?;
    // The day's folder may be the next one, and a zone's change of clocks is no matter: names are UTC.
    let mut days: Vec<PathBuf> = fs::read_dir(tape).ok()?.filter_map(|d| d.ok().map(|d| d.path())).filter(|d| d.is_dir()).collect();
    days.sort();
    let today = path.parent().and_then(Path::file_name);
    let days = days.into_iter().filter(|d| d.file_name() >= today);
    days.filter_map(|day| {
        let files = fs::read_dir(day).ok()?.filter_map(|f| f.ok().map(|f| f.path()));
        files.filter(|f| start_ms(f).is_some_and(|s| s > start)).min_by_key(|f| start_ms(f))
    })
    .next()
}

/// `<utc_ms>.ts`
fn start_ms(path: &Path) -> Option<i64> {
    let is_tape = path.extension().is_some_and(|e| e == "ts");
    is_tape.then(|| path.file_stem()?.to_str()?.parse().ok()).flatten()
}

/// The first random access point in the file's index. `None` where none comes in time: then the times go on from the file before.
fn wait_for_anchor(path: &Path, stop: &Stop) -> Option<Anchor> {
    let begun = Instant::now();
    while begun.elapsed() < INDEX_PATIENCE && !stop.is_wanted() {
        if let Some(anchor) = anchor(path) {
            return Some(anchor);
        }
        std::thread::sleep(POLL);
    }
    None
}

fn anchor(path: &Path) -> Option<Anchor> {
    let (records, _) = read_index(&fs::read(path.with_extension("idx")).ok()?).ok()?;
    records.iter().find_map(|record| match record {
        Record::Rap(rap) => Some(Anchor { pts_33: rap.pts_33, media_90k: rap.at.media_90k }),
        _ => None,
    })
}
