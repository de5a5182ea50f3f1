use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::camera::{Camera, CameraOptions, LayerOptions};
use super::client::{Plan, live};
use super::error::LoadError;
use super::media_file::{MediaFileError, Recording};
use super::options::{Options, Shape, VideoCodec};
use super::outcome::Outcome;
use super::publisher::Equipment;
use super::report::Report;
use super::signal::Server;
use super::tls;

const NOISE_BYTES: usize = 64 * 1024;
const SECOND: Duration = Duration::from_secs(1);
/// Clients say goodbye within this; who does not is not waited for.
const GOODBYE: Duration = Duration::from_secs(5);
/// Of the highest layer: name, what its size is divided by, what its rate is.
const LAYERS: [(&str, u16, f64); 3] = [("q", 4, 0.1), ("h", 2, 0.33), ("f", 1, 1.0)];
const SIZE: (u16, u16) = (1280, 720);

/// The time of stamps: one clock for all who make and see them.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    pub run: u32,
    start: Instant,
}

impl Time {
    pub fn since(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.start)
    }

    pub fn ns(&self, now: Instant) -> u64 {
        u64::try_from(self.since(now).as_nanos()).unwrap_or(u64::MAX)
    }
}

/// What clients tell while they are there.
#[derive(Debug, Default)]
pub struct Shared {
    pub has_video: bool,
    pub clicked: AtomicU64,
    pub joined: AtomicU64,
    pub failed: AtomicU64,
    pub receiving: AtomicU64,
    pub bytes_in: AtomicU64,
    pub bytes_out: AtomicU64,
    pub is_stopped: AtomicBool,
}

/// How it goes, once a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub elapsed: Duration,
    pub clients: u64,
    /// Whose media is connected.
    pub joined: u64,
    pub failed: u64,
    /// Who have a picture (of sound only, hear).
    pub receiving: u64,
    /// Of UDP payloads in the last second.
    pub in_bps: u64,
    pub out_bps: u64,
}

/// Lets them all come, and tells what they saw.
pub async fn run(options: Options) -> Result<Report, LoadError> {
    watch(options, |_| ControlFlow::Continue(())).await
}

/// The same; `each_second` is told how it goes, and may end it early.
pub async fn watch(options: Options, mut each_second: impl FnMut(&Progress) -> ControlFlow<()>) -> Result<Report, LoadError> {
    let time = Time { run: rand::random(), start: Instant::now() };
    let plans = plans(&options, time)?;
    let clients = plans.len() as u64;
    let shared = Arc::new(Shared { has_video: options.video.is_some(), ..Shared::default() });
    let mut tasks = JoinSet::new();
    for plan in plans {
        tasks.spawn(live(plan, shared.clone()));
    }
    let steady = time.start + options.join_over;
    let until = steady + options.duration;
    let mut rates = Rates::default();
    let mut next = time.start + SECOND;
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut give_up = until + GOODBYE;
    while (outcomes.len() as u64) < clients {
        tokio::select! {
            ended = tasks.join_next() => match ended {
                Some(Ok(outcome)) => outcomes.push(outcome),
                Some(Err(e)) => tracing::error!(error = %e, "a client of the load test broke"),
                None => break,
            },
            () = tokio::time::sleep_until(next.into()) => {
                let now = Instant::now();
                next += SECOND;
                let (in_bps, out_bps) = rates.sample(&shared, now, steady, until);
                let of = |count: &AtomicU64| count.load(Relaxed);
                let progress = Progress { elapsed: time.since(now), clients, joined: of(&shared.joined), failed: of(&shared.failed), receiving: of(&shared.receiving), in_bps, out_bps };
                if each_second(&progress).is_break() && !shared.is_stopped.swap(true, Relaxed) {
                    give_up = now + GOODBYE;
                }
                if now >= give_up {
                    tasks.abort_all();
                    break;
                }
            }
        }
    }
    Ok(Report::of(&options, clients, &outcomes, time.since(Instant::now()), rates.steady()))
}

/// Bytes as they grow: since the last second, and since all have come.
#[derive(Default)]
struct Rates {
    last: Option<(Instant, u64, u64)>,
    first_steady: Option<(Instant, u64, u64)>,
    last_steady: Option<(Instant, u64, u64)>,
}

impl Rates {
    fn sample(&mut self, shared: &Shared, now: Instant, steady: Instant, until: Instant) -> (u64, u64) {
        let sample = (now, shared.bytes_in.load(Relaxed), shared.bytes_out.load(Relaxed));
        let rates = self.last.replace(sample).map_or((sample.1 * 8, sample.2 * 8), |before| between(before, sample));
        if (steady..until).contains(&now) {
            self.first_steady.get_or_insert(sample);
            self.last_steady = Some(sample);
        }
        rates
    }

    fn steady(&self) -> (u64, u64) {
        self.first_steady.zip(self.last_steady).map_or((0, 0), |(first, last)| between(first, last))
    }
}

fn between(before: (Instant, u64, u64), after: (Instant, u64, u64)) -> (u64, u64) {
    let seconds = after.0.saturating_duration_since(before.0).as_secs_f64().max(1e-3);
    let rate = |before: u64, after: u64| (after.saturating_sub(before) as f64 * 8.0 / seconds) as u64;
    (rate(before.1, after.1), rate(before.2, after.2))
}

/// Publishers come first, so that there is something to see for those who look.
fn plans(options: &Options, time: Time) -> Result<Vec<Plan>, LoadError> {
    let (publishers, subscribers) = options.seats();
    let clients = options.clients();
    if clients == 0 {
        return Err(LoadError::Nobody);
    }
    let server = Arc::new(Server::parse(&options.url, || tls::config(&options.trust))?);
    let (codec, layers) = layers(options)?;
    let noise: Arc<[u8]> = (0..NOISE_BYTES).map(|_| rand::random::<u8>()).collect();
    let publishing = (0..options.rooms).flat_map(|room| (0..publishers).map(move |seat| (room, seat, true)));
    let looking = (0..options.rooms).flat_map(|room| (0..subscribers).map(move |seat| (room, seat, false)));
    let until = time.start + options.join_over + options.duration;
    publishing
        .chain(looking)
        .enumerate()
        .map(|(at, (room, seat, publishes))| {
            let name = if options.rooms > 1 { format!("{}-{}", options.room, room + 1) } else { options.room.clone() };
            let identity = format!("{}-{}{}", options.identity, if publishes { "pub" } else { "sub" }, seat + 1);
            let publisher = room * publishers + seat;
            let camera = layers.as_ref().map(|layers| CameraOptions {
                codec,
                run: time.run,
                publisher,
                pictures_per_second: options.pictures_per_second,
                layers: layers.clone(),
            });
            let equipment =
                Equipment { camera: camera.map(|camera| Camera::new(camera, noise.clone())), codec, has_microphone: options.audio, publisher, time };
            let has_media = options.audio || layers.is_some();
            Ok(Plan {
                server: server.clone(),
                token: match options.tokens.get(at) {
                    Some(token) => token.clone(),
                    None => options.signer.token(&name, &identity, publishes)?,
                },
                hear: options.hear.clone().map(|hear| (at, hear)),
                at: time.start + options.join_over.mul_f64(at as f64 / f64::from(clients)),
                until,
                takes: !(publishes && options.shape == Shape::Lecture),
                wanted: options.wanted,
                equipment: (publishes && has_media).then_some(equipment),
                place: (seat, publishers),
                turn: options.speaker_turns,
                time,
            })
        })
        .collect()
}

/// What cameras send; a file says its codec itself.
fn layers(options: &Options) -> Result<(VideoCodec, Option<Vec<LayerOptions>>), LoadError> {
    let Some(mut codec) = options.video else { return Ok((VideoCodec::Vp8, None)) };
    let recordings = recordings(options)?;
    if let Some(first) = recordings.first() {
        codec = first.codec;
    }
    if !recordings.is_empty() && recordings.len() != 1 && recordings.len() != LAYERS.len() {
        return Err(LoadError::Files(recordings.len(), LAYERS.len()));
    }
    let is_simulcast = if recordings.is_empty() { options.is_simulcast } else { recordings.len() > 1 };
    let skipped = if is_simulcast { 0 } else { LAYERS.len() - 1 };
    let of = |(at, (rid, divisor, part)): (usize, &(&'static str, u16, f64))| LayerOptions {
        rid: is_simulcast.then_some(*rid),
        size: (SIZE.0 / divisor, SIZE.1 / divisor),
        bitrate_bps: (f64::from(options.bitrate_bps) * part) as u32,
        recording: recordings.get(at).cloned(),
    };
    Ok((codec, Some(LAYERS.iter().skip(skipped).enumerate().map(of).collect())))
}

fn recordings(options: &Options) -> Result<Vec<Arc<Recording>>, MediaFileError> {
    let mut recordings: Vec<Arc<Recording>> = Vec::new();
    let mut opened: BTreeMap<&std::path::Path, Arc<Recording>> = BTreeMap::new();
    for path in &options.media {
        let recording = match opened.get(path.as_path()) {
            Some(recording) => recording.clone(),
            None => opened.entry(path).or_insert(Arc::new(Recording::open(path)?)).clone(),
        };
        if recordings.first().is_some_and(|first| first.codec != recording.codec) {
            return Err(MediaFileError::Mixed { path: path.clone() });
        }
        recordings.push(recording);
    }
    Ok(recordings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::signer::Signer;

    fn plans_of(change: impl FnOnce(&mut Options)) -> Vec<Plan> {
        let mut options = Options::new("ws://127.0.0.1:1", Signer::foreign("k", "s"));
        change(&mut options);
        plans(&options, Time { run: 1, start: Instant::now() }).unwrap()
    }

    #[test]
    fn a_lecture_has_those_who_talk_and_those_who_look() {
        let plans = plans_of(|options| (options.publishers, options.subscribers, options.rooms) = (1, 3, 2));
        assert_eq!(
            plans.iter().map(|plan| (plan.equipment.is_some(), plan.takes)).collect::<Vec<_>>(),
            [[(true, false); 2].as_slice(), &[(false, true); 6]].concat()
        );
        assert!(plans.windows(2).all(|two| two[0].at < two[1].at));
    }

    #[test]
    fn in_a_meeting_everybody_publishes_and_takes() {
        let plans = plans_of(|options| (options.publishers, options.subscribers, options.shape) = (2, 3, Shape::Meeting));
        assert!(plans.len() == 5 && plans.iter().all(|plan| plan.takes && plan.equipment.is_some() && plan.place.1 == 5));
    }

    #[test]
    fn layers_are_those_that_servers_know() {
        let mut options = Options::new("ws://127.0.0.1:1", Signer::foreign("k", "s"));
        options.is_simulcast = true;
        let found: Vec<_> = layers(&options).unwrap().1.unwrap().into_iter().map(|layer| (layer.rid, layer.size, layer.bitrate_bps)).collect();
        assert_eq!(found, [(Some("q"), (320, 180), 150_000), (Some("h"), (640, 360), 495_000), (Some("f"), (1280, 720), 1_500_000)]);
        options.is_simulcast = false;
        assert_eq!(layers(&options).unwrap().1.unwrap().len(), 1);
        options.video = None;
        assert!(layers(&options).unwrap().1.is_none());
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_of() {
        let mut options = Options::new("ws://127.0.0.1:1", Signer::foreign("k", "s"));
        (options.duration, options.join_over, options.subscribers) = (SECOND, Duration::ZERO, 2);
        let report = run(options).await.unwrap();
        assert_eq!((report.clients, report.joined, report.failed), (3, 0, 3));
        assert!(report.errors.keys().any(|said| said.contains("127.0.0.1:1")), "{:?}", report.errors);
    }
}
