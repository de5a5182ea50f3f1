//! The task [`Transcode`]: every rung of an asset, its poster and its thumbnails, from one decoding.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use yizhan::base::work::{Event, Transcode};
use yizhan::cmaf::{Access, Demuxed};

use super::decode::{DecodeError, Surroundings};
use super::encode::{self, VideoPlan};
use super::events::Events;
use super::media_time::TimeBase;
use super::parent::{Pulse, Stop};
use super::pictures::{PictureTask, Pictures, Watch};
use super::played::Played;
use super::rendition::{Rendition, Shelf};
use super::segments::{Cutting, Segmenter};
use super::sound::{self, FinishError, Sound};
use super::source::{Halt, read_pieces};
use super::stills::{Stills, StillsPlan};
use super::streams::Streams;

#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("the task has {have} {what} renditions; {most} is the most")]
    TooMany { what: &'static str, have: usize, most: usize },
    #[error("preset `{0}` is none of x264's")]
    Preset(String),
    #[error("nothing could be decoded")]
    Nothing,
    #[error("{0}")]
    Stills(String),
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Finish(#[from] FinishError),
}

/// How a task ended without failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    Stopped,
}

/// x264's presets; the name goes into a pipeline description, so nothing else is let through.
const PRESETS: [&str; 9] = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];
/// Between two reports of progress.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

pub fn check(preset: &str, video: usize, audio: usize) -> Result<(), TaskError> {
    if !PRESETS.contains(&preset) {
        return Err(TaskError::Preset(preset.to_owned()));
    }
    let counts = [("video", video, encode::MOST_RUNGS), ("sound", audio, sound::MOST_RUNGS)];
    counts.into_iter().try_for_each(|(what, have, most)| if have > most { Err(TaskError::TooMany { what, have, most }) } else { Ok(()) })
}

pub fn run(task: &Transcode, events: &Arc<Events>, pulse: &Pulse, stop: &Stop) -> Result<Ended, TaskError> {
    check(&task.preset, task.video.len(), task.audio.len())?;
    let around = Surroundings { events: Arc::clone(events), pulse: pulse.clone(), base: TimeBase::of_task(task.from_90k) };
    let shelf = Shelf { folder: task.folder.clone(), durable: true };
    let cutting = Cutting::At(task.boundaries_90k.clone());
    let pictures = Arc::new(Mutex::new(pictures(task, &cutting, &shelf, &around)));
    let sound = Arc::new(Mutex::new(sound(task, &cutting, &shelf, &around)));
    let wants_video = !task.video.is_empty() || task.poster_90k.is_some();
    let mut streams = Streams::new(
        wants_video.then(|| Arc::clone(&pictures)),
        (!task.audio.is_empty()).then(|| Arc::clone(&sound)),
        // Where the picture is copied, key pictures are enough for poster and thumbnails.
        task.video.is_empty(),
        1,
        around,
    );
    let mut played = Played::new(cutting, task.from_90k);
    let mut progress = Progress::new(task, events);
    let watch = lock(&pictures).watch();
    let read = read_pieces(task.service, &task.pieces, events, stop, pulse, |unit| {
        if let Demuxed::Access(access) = &unit {
            note(access, &mut played, &mut progress, &watch, task);
        }
        streams.take(unit)
    });
    match read {
        Ok(()) => {}
        Err(Halt::Stop) => return Ok(Ended::Stopped),
        Err(Halt::Taker(error)) => return Err(error.into()),
    }
    streams.finish()?;
    let mut told = finish_pictures(task, &pictures, &played)?;
    let (heard, of_sound) = lock(&sound).finish()?;
    if !task.audio.is_empty() && !heard {
        events.warn("no sound could be decoded");
    }
    if lock(&pictures).shown() == 0 && (!task.video.is_empty() || !heard && !task.audio.is_empty()) {
        return Err(TaskError::Nothing);
    }
    told.extend(of_sound);
    told.iter().for_each(|event| events.tell(event));
    Ok(Ended::Done)
}

fn pictures(task: &Transcode, cutting: &Cutting, shelf: &Shelf, around: &Surroundings) -> Pictures {
    let stills = task.poster_90k.map(|poster_90k| {
        let plan = StillsPlan { from_90k: task.from_90k, poster_90k, thumbnail_seconds: task.thumbnail_seconds, interlaced: task.interlaced };
        Stills::new(plan, shelf.clone(), around.clone())
    });
    let names: Vec<String> = task.video.iter().map(|rung| rung.name.clone()).collect();
    let plan = VideoPlan { rungs: task.video.clone(), interlaced: task.interlaced, preset: task.preset.clone(), threads: task.threads, lookahead: None };
    let task = PictureTask {
        plan,
        cutting: cutting.clone(),
        from_90k: task.from_90k,
        to_90k: Some(task.to_90k),
        make_segmenters: video_segmenters(names, cutting, shelf, &around.events),
        stills,
    };
    Pictures::new(task, around.clone())
}

type MakeSegmenters = Box<dyn FnOnce(i64) -> Vec<Arc<Mutex<Segmenter>>> + Send>;

/// Made once the pictures' rate is known.
pub fn video_segmenters(names: Vec<String>, cutting: &Cutting, shelf: &Shelf, events: &Arc<Events>) -> MakeSegmenters {
    let (cutting, shelf, events) = (cutting.clone(), shelf.clone(), Arc::clone(events));
    Box::new(move |nominal_90k| {
        let rendition = |name: &String| Rendition::new(name, shelf.clone(), Arc::clone(&events));
        names.iter().map(|name| Arc::new(Mutex::new(Segmenter::new(cutting.clone(), rendition(name), 90_000, nominal_90k)))).collect()
    })
}

fn sound(task: &Transcode, cutting: &Cutting, shelf: &Shelf, around: &Surroundings) -> Sound {
    let segmenter = |name: &str| {
        let rendition = Rendition::new(name, shelf.clone(), Arc::clone(&around.events));
        Arc::new(Mutex::new(Segmenter::new(cutting.clone(), rendition, super::pcm::RATE as u32, super::pcm::FRAME)))
    };
    let rungs = task.audio.iter().map(|rung| (rung.clone(), segmenter(&rung.name))).collect();
    Sound::new(rungs, task.from_90k, Some(task.to_90k), around.clone())
}

fn note(access: &Access, played: &mut Played, progress: &mut Progress, watch: &Watch, task: &Transcode) {
    if access.kind.is_video() && access.pts_90k < task.to_90k {
        played.note(access.pts_90k);
    }
    // Encoders are behind the reading by what waits in between: theirs is the progress, where there are any.
    progress.tell(|| if task.video.is_empty() { access.pts_90k } else { watch.reached_90k() });
}

fn finish_pictures(task: &Transcode, pictures: &Mutex<Pictures>, played: &Played) -> Result<Vec<Event>, TaskError> {
    let mut pictures = lock(pictures);
    let told = pictures.finish()?;
    if let Some(stills) = pictures.take_stills().filter(|_| pictures.shown() > 0) {
        stills.finish(|at| played.ms(at), played.ms(task.to_90k)).map_err(TaskError::Stills)?;
    }
    Ok(told)
}

pub fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Progress<'a> {
    events: &'a Events,
    from_90k: i64,
    length_90k: i64,
    told: Instant,
}

impl<'a> Progress<'a> {
    fn new(task: &Transcode, events: &'a Events) -> Self {
        Self { events, from_90k: task.from_90k, length_90k: (task.to_90k - task.from_90k).max(1), told: Instant::now() }
    }

    fn tell(&mut self, reached_90k: impl FnOnce() -> i64) {
        if self.told.elapsed() < PROGRESS_EVERY {
            return;
        }
        self.told = Instant::now();
        let done = (reached_90k() - self.from_90k) as f64 / self.length_90k as f64;
        self.events.tell(&Event::Progress { done: done.clamp(0.0, 1.0) as f32 });
    }
}
