//! The keeper: the one task that moves assets along their way.
//!
//! Every few seconds, and whenever something happens, it compares what rules want with what there is (`epg::plan`), lets copied renditions follow
//! their tapes, cuts what has ended, hears what workers report, and forgets what is kept no longer.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::cut::{self, CutMade};
use super::follower::Followers;
use super::publish::{self, Collected, Encoded};
use super::stills::Stills;
use super::{Command, Folders, Library, LibraryError, NewCut, retention};
use crate::base::work::{Event, Live, Task};
use crate::base::{AssetId, RuleId, UtcMs};
use crate::channel::TapeReader;
use crate::epg::TakeState;
use crate::jobs::{JobEvent, JobReport, Queue, WorkerOptions};
use crate::store::{AssetQuery, AssetRow, AssetState};

/// How often it looks by itself.
const LOOK: Duration = Duration::from_secs(2);
/// How often it looks for rules that take nothing; the first time when guides had time to come in.
const RULES: Duration = Duration::from_secs(60);
/// A tape that has not reached a cut's end so long after it will not.
const PATIENCE_MS: i64 = 15_000;

/// How assets are made.
#[derive(Clone)]
pub struct KeeperOptions {
    pub folders: Folders,
    pub queue: Queue,
    pub preset: String,
    pub thumbnail_seconds: u32,
    /// Programmes that are encoded while they are on, at most.
    pub follow: usize,
    pub worker: WorkerOptions,
}

/// The library's task.
pub struct Keeper {
    pub(super) library: Library,
    pub(super) options: KeeperOptions,
    commands: mpsc::Receiver<Command>,
    /// Cuts and copies under way, so that none is begun twice.
    busy: HashSet<AssetId>,
    made: (mpsc::Sender<Made>, mpsc::Receiver<Made>),
    followers: Followers,
    stills: Stills,
    /// Rules of which it was said that they take nothing.
    pub(super) idle_rules: BTreeSet<RuleId>,
    /// Segments that running workers have reported, by asset and rung.
    collected: HashMap<AssetId, Collected>,
}

/// What a look at an asset's tape came to.
struct Made {
    asset: AssetId,
    result: Result<Step, LibraryError>,
}

/// How far an asset is.
enum Step {
    /// Its programme is on; nothing of it can be copied, and this would encode some of it.
    On(Option<Live>),
    Cut(Box<CutMade>),
}

impl Keeper {
    pub(super) fn new(library: Library, options: KeeperOptions, commands: mpsc::Receiver<Command>) -> Self {
        let followers = Followers::new(options.follow, options.worker.clone());
        let stills = Stills::new(options.worker.clone());
        Self {
            library,
            options,
            commands,
            busy: HashSet::new(),
            made: mpsc::channel(64),
            followers,
            stills,
            idle_rules: BTreeSet::new(),
            collected: HashMap::new(),
        }
    }

    /// Keeps the library until `stop`.
    pub async fn run(mut self, mut jobs: mpsc::Receiver<JobEvent>, stop: CancellationToken) {
        if let Err(error) = self.take_up().await {
            tracing::error!(%error, "assets that were under way could not be taken up");
        }
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut rules = tokio::time::interval_at(tokio::time::Instant::now() + RULES, RULES);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = look.tick() => self.look().await,
                _ = rules.tick() => {
                    if let Err(error) = self.warn_of_rules().await {
                        tracing::error!(%error, "rules could not be looked at");
                    }
                }
                Some(command) = self.commands.recv() => self.obey(command).await,
                Some(event) = jobs.recv() => self.hear(event).await,
                Some(made) = self.made.1.recv() => self.conclude(made).await,
                (asset, still) = self.stills.next() => self.note_still(&asset, &still).await,
                ended = self.followers.next() => {
                    self.followers.note(ended);
                    self.look().await;
                }
            }
        }
    }

    /// After a start: an asset whose job is gone or over begins its cut again; what is copied already is not copied again.
    async fn take_up(&mut self) -> Result<(), LibraryError> {
        self.options.folders.sweep()?;
        let under_way = AssetQuery { states: vec![AssetState::Queued, AssetState::Transcoding], limit: 1000, ..AssetQuery::default() };
        for mut row in self.library.store.assets(&under_way).await? {
            let jobs = self.library.store.jobs_of(&row.id).await?;
            match jobs.last() {
                Some(job) if !job.state.is_over() => continue,
                Some(job) => self.options.queue.retry(&job.id).await?,
                None => {
                    row.state = AssetState::Taping;
                    self.library.store.update_asset(&row).await?;
                }
            }
        }
        Ok(())
    }

    async fn look(&mut self) {
        if let Err(error) = self.plan().await {
            tracing::error!(%error, "rules could not be looked at");
        }
        if let Err(error) = self.follow_tapes().await {
            tracing::error!(%error, "assets could not follow their tapes");
        }
        if let Err(error) = retention::forget(self).await {
            tracing::error!(%error, "old assets could not be removed");
        }
    }

    async fn obey(&mut self, command: Command) {
        // One who asks and does not wait for the answer gets none.
        match command {
            Command::Cut(cut, reply) => drop(reply.send(self.insert_cut(cut).await)),
            Command::Describe { id, title, description, column, reply } => {
                let change = async {
                    let row = AssetRow { title, description, column, ..self.library.store.asset(&id).await? };
                    self.library.store.update_asset(&row).await?;
                    Ok(row)
                };
                drop(reply.send(change.await));
            }
            Command::Cancel(id, reply) => drop(reply.send(self.cancel(&id).await)),
            Command::Retry(id, reply) => drop(reply.send(self.retry(&id).await)),
            Command::Remove(id, reply) => drop(reply.send(self.refuse(&id).await)),
            Command::LookAgain => self.look().await,
        }
    }

    async fn insert_cut(&mut self, cut: NewCut) -> Result<AssetRow, LibraryError> {
        let now = self.library.clock.now();
        let channel = self.library.channels.settings(&cut.channel).await?;
        if cut.to < now && !self.library.channels.tape_touches(&cut.channel, cut.from, cut.to) {
            return Err(LibraryError::NotOnTape { channel: cut.channel, from: cut.from, to: cut.to });
        }
        let row = AssetRow {
            id: AssetId::random(),
            title: cut.title,
            description: cut.description,
            column: cut.column,
            channel: cut.channel,
            channel_title: channel.title,
            rule: None,
            event: None,
            start: cut.from,
            end: cut.to,
            from: cut.from,
            to: cut.to,
            state: AssetState::Taping,
            error: None,
            playable: false,
            poster: false,
            thumbnails: false,
            renditions: Vec::new(),
            gaps: Vec::new(),
            created: now,
        };
        self.library.store.insert_asset(&row).await?;
        self.follow_tapes().await?;
        Ok(row)
    }

    /// Lets each asset that is being taped copy what its tape has by now, and cuts those whose time is over.
    async fn follow_tapes(&mut self) -> Result<(), LibraryError> {
        let now = self.library.clock.now();
        let taping = AssetQuery { states: vec![AssetState::Taping], limit: 1000, ..AssetQuery::default() };
        let rows = self.library.store.assets(&taping).await?;
        self.protect(&rows).await?;
        for row in rows {
            if row.from > now || self.busy.contains(&row.id) {
                continue;
            }
            let Some(tape) = self.library.channels.tape(&row.channel) else {
                if row.to + PATIENCE_MS < now {
                    self.fail(row, "频道已不存在 / the channel is gone".to_owned()).await?;
                }
                continue;
            };
            let has_ended = self.has_ended(&row, &tape, now).await?;
            if self.followers.is_following(&row.id) {
                if has_ended {
                    self.followers.finish(&row.id);
                }
                continue;
            }
            self.busy.insert(row.id.clone());
            let followed = if has_ended { self.followers.take(&row.id) } else { None };
            let (folders, send, id) = (self.options.folders.clone(), self.made.0.clone(), row.id.clone());
            tokio::task::spawn_blocking(move || {
                let result = match has_ended {
                    true => cut::make(&folders, &tape, &row, followed).map(|cut| Step::Cut(Box::new(cut))),
                    false => cut::follow(&folders, &tape, &row).map(Step::On),
                };
                // The keeper is gone only when the server ends.
                let _ = send.blocking_send(Made { asset: id, result });
            });
        }
        Ok(())
    }

    /// A programme of the guide ends when the plan says so, a stretch cut by hand when its time is over.
    async fn has_ended(&self, row: &AssetRow, tape: &TapeReader, now: UtcMs) -> Result<bool, LibraryError> {
        if let Some(take) = self.library.store.take(&row.id).await? {
            return Ok(take.state == TakeState::Closed);
        }
        Ok(tape.reached(row.to) || row.to + PATIENCE_MS < now)
    }

    /// Keeps the tapes from forgetting what assets still need.
    async fn protect(&self, taping: &[AssetRow]) -> Result<(), LibraryError> {
        let cut = AssetQuery { states: vec![AssetState::Queued, AssetState::Transcoding], limit: 1000, ..AssetQuery::default() };
        let mut claims: HashMap<_, Vec<_>> = HashMap::new();
        for row in taping.iter().chain(&self.library.store.assets(&cut).await?) {
            claims.entry(row.channel.clone()).or_default().push((row.from, row.to));
        }
        self.library.channels.protect(claims);
        Ok(())
    }

    async fn conclude(&mut self, made: Made) {
        self.busy.remove(&made.asset);
        let concluded = match self.library.store.asset(&made.asset).await {
            // It was cancelled or removed meanwhile.
            Ok(row) if row.state != AssetState::Taping => Ok(()),
            Err(_) => self.options.folders.remove(&made.asset).map_err(LibraryError::from),
            Ok(row) => match made.result {
                Ok(Step::On(None)) => Ok(()),
                Ok(Step::On(Some(task))) => {
                    self.followers.begin(&row.id, Live { preset: self.options.preset.clone(), ..task });
                    Ok(())
                }
                Ok(Step::Cut(cut)) => self.queue_up(row, *cut).await,
                Err(error) => self.fail(row, error.to_string()).await,
            },
        };
        if let Err(error) = concluded {
            tracing::error!(asset = %made.asset, %error, "a cut could not be noted");
        }
    }

    /// The cut is made: what was copied can be played, the rest is a job.
    async fn queue_up(&mut self, mut row: AssetRow, cut: CutMade) -> Result<(), LibraryError> {
        // The guide may have moved the end while the cut was being made.
        if row.to != cut.asked_to || row.from != cut.asked_from {
            return Ok(());
        }
        row.state = AssetState::Queued;
        row.playable = !cut.renditions.is_empty();
        row.renditions = cut.renditions;
        row.gaps = cut.gaps;
        (row.from, row.to) = (cut.from, cut.to);
        self.library.store.update_asset(&row).await?;
        let mut task = cut.task;
        task.preset = self.options.preset.clone();
        task.thumbnail_seconds = self.options.thumbnail_seconds;
        self.stills.make(&row.id, &task);
        self.options.queue.enqueue(&row.id, &row.title, &Task::Transcode(task)).await?;
        tracing::info!(asset = %row.id, title = row.title, from = %row.from, to = %row.to, playable = row.playable, "cut");
        Ok(())
    }

    async fn note_still(&mut self, asset: &AssetId, still: &Event) {
        let noted = match self.library.store.asset(asset).await {
            Ok(mut row) => {
                match still {
                    Event::Poster => row.poster = true,
                    _ => row.thumbnails = true,
                }
                self.library.store.update_asset(&row).await.map_err(LibraryError::from)
            }
            // Removed meanwhile.
            Err(_) => self.options.folders.remove(asset).map_err(LibraryError::from),
        };
        if let Err(error) = noted {
            tracing::error!(%asset, %error, "a poster could not be noted; its job makes it again");
        }
    }

    async fn hear(&mut self, event: JobEvent) {
        if let Err(error) = self.heed(&event).await {
            tracing::error!(asset = %event.asset, job = %event.job, %error, "what a worker reported could not be noted");
        }
    }

    async fn heed(&mut self, event: &JobEvent) -> Result<(), LibraryError> {
        let mut row = match self.library.store.asset(&event.asset).await {
            Ok(row) => row,
            // Removed while its job ran.
            Err(_) => return Ok(self.options.folders.remove(&event.asset)?),
        };
        match &event.report {
            JobReport::Started => {
                self.collected.remove(&row.id);
                row.state = AssetState::Transcoding;
                row.error = None;
            }
            JobReport::Worker(Event::Segment { rung, number, start_90k, duration_90k, bytes }) => {
                let segment = publish::SegmentFile { name: format!("{number}.m4s"), start_90k: *start_90k, duration_90k: *duration_90k, bytes: *bytes };
                self.collected.entry(row.id.clone()).or_default().entry(rung.clone()).or_default().push(segment);
                return Ok(());
            }
            JobReport::Worker(Event::Poster) => row.poster = true,
            JobReport::Worker(Event::Thumbnails) => row.thumbnails = true,
            JobReport::Worker(told) => {
                let Some(encoded) = Encoded::of(told) else { return Ok(()) };
                let rung = encoded.rung.clone();
                let segments = self.collected.get_mut(&row.id).and_then(|rungs| rungs.remove(&rung)).unwrap_or_default();
                let rendition = publish::rendition(&self.options.folders.rung(&row.id, &rung), encoded, &segments, event.job.as_str())?;
                row.renditions.retain(|r| r.name != rung);
                row.renditions.push(rendition);
                row.playable = publish::is_playable(&row.renditions);
            }
            JobReport::Retrying { error } => {
                row.state = AssetState::Queued;
                row.error = Some(error.clone());
            }
            JobReport::Done => {
                self.collected.remove(&row.id);
                row.state = if row.playable { AssetState::Ready } else { AssetState::Failed };
                row.error = (!row.playable).then(|| "没有可播放的内容 / nothing in it can be played".to_owned());
                metrics::counter!("yizhan_assets_total", "end" => row.state.word()).increment(1);
            }
            JobReport::Failed { error } => {
                row.state = AssetState::Failed;
                row.error = Some(error.clone());
                metrics::counter!("yizhan_assets_total", "end" => "failed").increment(1);
            }
            JobReport::Cancelled => row.state = AssetState::Cancelled,
        }
        self.library.store.update_asset(&row).await?;
        Ok(())
    }

    async fn cancel(&mut self, id: &AssetId) -> Result<(), LibraryError> {
        let mut row = self.library.store.asset(id).await?;
        match row.state {
            AssetState::Taping | AssetState::Queued | AssetState::Transcoding => {}
            state => return Err(LibraryError::State { id: id.clone(), state, words: "there is nothing to cancel" }),
        }
        for job in self.library.store.jobs_of(id).await? {
            self.options.queue.cancel(&job.id).await?;
        }
        self.followers.forget(id);
        row.state = AssetState::Cancelled;
        self.set_take_state(id, TakeState::Refused).await?;
        Ok(self.library.store.update_asset(&row).await?)
    }

    async fn retry(&mut self, id: &AssetId) -> Result<(), LibraryError> {
        let mut row = self.library.store.asset(id).await?;
        match row.state {
            AssetState::Failed | AssetState::Cancelled => {}
            state => return Err(LibraryError::State { id: id.clone(), state, words: "only what failed or was cancelled can be tried again" }),
        }
        row.error = None;
        match self.library.store.jobs_of(id).await?.last() {
            Some(job) => {
                self.options.queue.retry(&job.id).await?;
                row.state = AssetState::Queued;
            }
            None => row.state = AssetState::Taping,
        }
        self.set_take_state(id, TakeState::Closed).await?;
        self.library.store.update_asset(&row).await?;
        self.follow_tapes().await
    }

    /// A person removes an asset: its rule does not take it again.
    async fn refuse(&mut self, id: &AssetId) -> Result<(), LibraryError> {
        self.set_take_state(id, TakeState::Refused).await?;
        self.remove(id).await
    }

    pub(super) async fn remove(&mut self, id: &AssetId) -> Result<(), LibraryError> {
        for job in self.library.store.jobs_of(id).await? {
            if !job.state.is_over() {
                self.options.queue.cancel(&job.id).await?;
            }
        }
        self.library.store.delete_asset(id).await?;
        self.followers.forget(id);
        self.collected.remove(id);
        let (folders, id) = (self.options.folders.clone(), id.clone());
        let removed = tokio::task::spawn_blocking(move || folders.remove(&id)).await;
        removed.map_err(|e| LibraryError::Files(std::io::Error::other(e)))??;
        Ok(())
    }

    async fn fail(&mut self, mut row: AssetRow, error: String) -> Result<(), LibraryError> {
        tracing::warn!(asset = %row.id, title = row.title, error, "asset failed");
        metrics::counter!("yizhan_assets_total", "end" => "failed").increment(1);
        self.followers.forget(&row.id);
        row.state = AssetState::Failed;
        row.error = Some(error);
        Ok(self.library.store.update_asset(&row).await?)
    }
}
