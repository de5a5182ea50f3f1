//! One channel's task: takes what its source delivers, tapes it, listens to what it announces, and says how the signal is.

mod capture;
mod services;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::announced::Announced;
use super::notes::{self, Note};
use super::settings::ChannelSettings;
use super::tape::{self, Limits, TapeOptions, TapeReader};
use super::{ChannelError, ChannelsOptions, OfferedService, Signal, SignalState};
use crate::base::{Clock, UtcMs};
use crate::epg::{Charset, GuideChange};
use crate::ingest::{Chunk, Input, SourceEvent, Sources};
use crate::store::Store;
use crate::ts::service::Wanted;
use capture::{Capture, Step};

/// What a channel needs of the house.
pub struct Parts {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub sources: Sources,
    pub options: ChannelsOptions,
}

/// A channel that runs, or, switched off, only holds its tape.
pub struct ChannelHandle {
    signal: watch::Receiver<Signal>,
    services: watch::Receiver<Vec<OfferedService>>,
    notes: watch::Receiver<Vec<Note>>,
    tape: TapeReader,
    keep_hours: u32,
    claims: Claims,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// Stretches of the tape that somebody still needs.
type Claims = Arc<Mutex<Vec<(UtcMs, UtcMs)>>>;

impl ChannelHandle {
    pub fn signal(&self) -> Signal {
        self.signal.borrow().clone()
    }

    pub fn services(&self) -> Vec<OfferedService> {
        self.services.borrow().clone()
    }

    pub fn tape(&self) -> TapeReader {
        self.tape.clone()
    }

    pub fn keep_hours(&self) -> u32 {
        self.keep_hours
    }

    /// Remarks, oldest first.
    pub fn notes(&self) -> Vec<Note> {
        self.notes.borrow().clone()
    }

    pub fn protect(&self, claims: Vec<(UtcMs, UtcMs)>) {
        *self.claims.lock().unwrap_or_else(PoisonError::into_inner) = claims;
    }

    pub fn claims(&self) -> Vec<(UtcMs, UtcMs)> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the task in order; the tape segment under way is completed.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Some(Err(error)) = match self.task {
            Some(task) => Some(task.await),
            None => None,
        } {
            tracing::error!(%error, "a channel's task");
        }
    }
}

/// Of what is over longer than this a stream announces nothing any more.
const GUIDE_BACK_MS: i64 = 24 * 3_600_000;

/// Opens the channel's tape and, where it is switched on, begins to receive.
pub async fn start(parts: Parts, settings: ChannelSettings) -> Result<ChannelHandle, ChannelError> {
    let options = &parts.options;
    let now = parts.clock.now();
    let tapes = options.recordings.join("tapes");
    let claims = Claims::default();
    let stop = CancellationToken::new();
    let (services_out, services) = watch::channel(Vec::new());
    let (notes_out, notes) = watch::channel(Vec::new());
    let keep_hours = settings.keep_hours.unwrap_or(options.tape.keep_hours);
    if !settings.enabled {
        let id = settings.id.clone();
        let opened = tokio::task::spawn_blocking(move || tape::open_for_reading(&tapes, &id)).await;
        let (tape, _) = opened.map_err(|_| ChannelError::Ended)??;
        let (_, signal) = watch::channel(Signal::new(SignalState::Off, now));
        return Ok(ChannelHandle { signal, services, notes, tape, keep_hours, claims, stop, task: None });
    }
    let tape_options = TapeOptions {
        folder: tapes,
        channel: settings.id.clone(),
        zone: options.zone.clone(),
        wanted: settings.service.map_or(Wanted::First, Wanted::Service),
        segment_seconds: options.tape.segment_seconds,
        sync_seconds: options.tape.sync_seconds,
        signal_lost_seconds: options.tape.signal_lost_seconds,
    };
    let opened = tokio::task::spawn_blocking(move || tape::open(tape_options)).await;
    let (writer, tape, recovered) = opened.map_err(|_| ChannelError::Ended)??;
    if recovered.changed() {
        tracing::info!(channel = %settings.id, ?recovered, "the tape was recovered");
    }
    let (signal_out, signal) = watch::channel(Signal::new(SignalState::Starting, now));
    // The words were checked when they were set; those of an older program fall back to what suits most.
    let charset: Charset = settings.charset.as_deref().unwrap_or(&options.default_charset).parse().unwrap_or(Charset::Auto);
    let known = parts.store.programmes(&settings.id, now - GUIDE_BACK_MS, UtcMs(i64::MAX)).await?;
    let keep_bytes = settings.keep_bytes.or(Some(options.tape.keep_bytes).filter(|b| *b > 0));
    let actor = Actor {
        subscription: parts.sources.subscribe(&settings.source.spec().map_err(super::SettingsError::from)?),
        capture: Some(Capture::new(writer, Announced::new(charset, &known))),
        limits: Limits { keep_hours: Some(keep_hours), keep_bytes },
        tape: tape.clone(),
        claims: claims.clone(),
        chunks: Vec::new(),
        signal: signal_out,
        services: services_out,
        notes: notes_out,
        guide: VecDeque::new(),
        guide_waits: false,
        flush: Duration::from_millis(u64::from(options.tape.flush_milliseconds)),
        stop: stop.clone(),
        settings,
        parts,
    };
    Ok(ChannelHandle { signal, services, notes, tape, keep_hours, claims, stop, task: Some(tokio::spawn(actor.run())) })
}

struct Actor {
    parts: Parts,
    settings: ChannelSettings,
    subscription: crate::ingest::Subscription,
    /// Away while a blocking task has it.
    capture: Option<Capture>,
    limits: Limits,
    tape: TapeReader,
    claims: Claims,
    chunks: Vec<Arc<Chunk>>,
    signal: watch::Sender<Signal>,
    services: watch::Sender<Vec<OfferedService>>,
    notes: watch::Sender<Vec<Note>>,
    /// Changes that are not noted yet, oldest first, and whether it was said that they wait.
    guide: VecDeque<GuideChange>,
    guide_waits: bool,
    flush: Duration,
    stop: CancellationToken,
}

/// How often what is too old is removed from the tape.
const ENFORCE: Duration = Duration::from_secs(30);

impl Actor {
    async fn run(mut self) {
        let mut flush = tokio::time::interval(self.flush);
        flush.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut enforce = tokio::time::interval(ENFORCE);
        loop {
            tokio::select! {
                () = self.stop.cancelled() => break,
                input = self.subscription.recv() => match input {
                    Some(input) => self.take(input),
                    None => match self.settings.source.spec() {
                        Ok(spec) => self.subscription = self.parts.sources.subscribe(&spec),
                        Err(_) => break,
                    },
                },
                _ = flush.tick() => self.step(Capture::step).await,
                _ = enforce.tick() => self.enforce(),
            }
        }
        while let Some(input) = self.subscription.try_recv() {
            self.take(input);
        }
        self.step(Capture::finish).await;
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Chunk(chunk) => {
                if chunk.lost_packets > 0 {
                    self.signal.send_modify(|s| s.lost_packets += chunk.lost_packets);
                }
                self.chunks.push(chunk);
            }
            Input::Missed { packets } => {
                tracing::warn!(channel = %self.settings.id, packets, "the tape could not keep up: packets were left out");
                self.signal.send_modify(|s| s.lost_packets += packets);
            }
            Input::Event(SourceEvent::Started) => {}
            Input::Event(SourceEvent::Failed { message }) => {
                let now = self.parts.clock.now();
                self.signal.send_modify(|s| s.enter(SignalState::Error, Some(message), now));
            }
            Input::Event(SourceEvent::Notice { message }) => self.signal.send_modify(|s| s.message = Some(message)),
        }
    }

    /// Hands what has come to the capture on a thread that may block, and heeds what it says.
    async fn step(&mut self, work: fn(&mut Capture, &[Arc<Chunk>], UtcMs) -> Step) {
        let Some(mut capture) = self.capture.take() else { return };
        let (chunks, now) = (std::mem::take(&mut self.chunks), self.parts.clock.now());
        let worked = tokio::task::spawn_blocking(move || {
            let step = work(&mut capture, &chunks, now);
            (capture, step)
        });
        match worked.await {
            Ok((capture, step)) => {
                self.capture = Some(capture);
                self.heed(step, now).await;
            }
            Err(error) => {
                tracing::error!(channel = %self.settings.id, %error, "capture broke; the channel is started anew");
                self.stop.cancel();
            }
        }
    }

    async fn heed(&mut self, step: Step, now: UtcMs) {
        for warning in step.warnings.iter().chain(&step.notes) {
            tracing::warn!(channel = %self.settings.id, "{warning}");
        }
        self.signal.send_if_modified(|signal| step.apply(signal, now));
        self.count(step.warnings.len() + step.notes.len());
        if !step.notes.is_empty() {
            self.notes.send_modify(|notes| step.notes.into_iter().for_each(|words| notes::add(notes, now, words)));
        }
        if let Some(services) = step.services {
            self.services.send_replace(services);
        }
        self.guide.extend(step.guide);
        self.note_guide().await;
    }

    fn count(&self, warnings: usize) {
        let channel = || self.settings.id.to_string();
        let signal = self.signal.borrow();
        metrics::gauge!("yizhan_channel_up", "channel" => channel()).set(if signal.state == SignalState::Ok { 1.0 } else { 0.0 });
        metrics::counter!("yizhan_channel_continuity_errors_total", "channel" => channel()).absolute(signal.continuity_errors);
        metrics::counter!("yizhan_channel_warnings_total", "channel" => channel()).increment(warnings as u64);
    }

    /// Notes what changed in the guide. What cannot be noted now, as on a full disk, is noted later.
    async fn note_guide(&mut self) {
        while let Some(change) = self.guide.front() {
            let id = &self.settings.id;
            let programmes: Vec<_> = change.upserted.iter().map(|event| event.programme(id)).collect();
            match self.parts.store.change_guide(id, &programmes, &change.removed).await {
                Ok(()) => drop(self.guide.pop_front()),
                Err(error) => {
                    if !std::mem::replace(&mut self.guide_waits, true) {
                        tracing::error!(channel = %id, %error, "the guide cannot be noted for now");
                    }
                    return;
                }
            }
        }
        self.guide_waits = false;
    }

    fn enforce(&self) {
        let (tape, limits, now) = (self.tape.clone(), self.limits, self.parts.clock.now());
        let claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let channel = self.settings.id.clone();
        // Nobody waits for it: what stays is looked at again.
        drop(tokio::task::spawn_blocking(move || {
            let removed = tape.enforce(now, &limits, &claims);
            for (path, error) in removed.failed {
                tracing::error!(%channel, path = %path.display(), %error, "an old tape segment cannot be removed");
            }
        }));
    }
}
