//! Channels: each receives a source around the clock, leaves a tape behind, and can be watched live and from earlier on.
//!
//! One task per channel ([`actor`]) owns its tape; [`Channels`] is the handle to all of them that others hold.

mod actor;
mod announced;
mod disk;
mod error;
mod guide;
mod held;
mod live;
mod notes;
mod piece;
mod settings;
mod signal;
pub mod tape;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use crate::base::{ChannelId, Clock, UtcMs, Zone};
use crate::config;
use crate::epg::Programme;
use crate::ingest::Sources;
use crate::jobs::WorkerOptions;
use crate::store::{MissingStretch, Store};
use actor::{ChannelHandle, Parts};

pub use error::ChannelError;
pub use live::{LiveError, Media};
pub use notes::Note;
pub use piece::read_packets;
pub use settings::{ChannelSettings, SettingsError, SourceSettings};
pub use signal::{OfferedService, Signal, SignalState};
pub use tape::TapeReader;

/// How channels are kept.
#[derive(Debug, Clone)]
pub struct ChannelsOptions {
    pub recordings: PathBuf,
    pub reserve_bytes: u64,
    pub tape: config::Tape,
    pub live: config::LiveConversion,
    pub default_charset: String,
    /// Of x264, for live conversions.
    pub preset: String,
    pub zone: Zone,
    pub worker: WorkerOptions,
}

/// All channels; cheap to clone.
#[derive(Clone)]
pub struct Channels(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    options: ChannelsOptions,
    sources: Sources,
    running: RwLock<HashMap<ChannelId, ChannelHandle>>,
    live: live::Live,
}

/// What a tape holds.
#[derive(Debug, Clone, Default)]
pub struct TapeHeld {
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    pub bytes: u64,
    pub gaps: Vec<MissingStretch>,
    /// (at, continuity errors, packets marked as damaged)
    pub errors: Vec<(UtcMs, u64, u64)>,
}

impl Channels {
    /// Starts every channel that is switched on.
    pub async fn open(store: Store, sources: Sources, clock: Arc<dyn Clock>, options: ChannelsOptions) -> Result<Self, ChannelError> {
        let live = live::Live::new(clock.clone(), &options);
        let channels = Self(Arc::new(Inner { store, clock, options, sources, running: RwLock::default(), live }));
        for row in channels.0.store.channels().await? {
            channels.start(row.into()).await?;
        }
        disk::keep_reserve(channels.clone());
        Ok(channels)
    }

    /// Channels as they were set up, in the order in which they were.
    pub async fn list(&self) -> Result<Vec<ChannelSettings>, ChannelError> {
        Ok(self.0.store.channels().await?.into_iter().map(Into::into).collect())
    }

    pub async fn settings(&self, id: &ChannelId) -> Result<ChannelSettings, ChannelError> {
        Ok(self.0.store.channel(id).await?.into())
    }

    pub async fn create(&self, settings: &ChannelSettings, now: UtcMs) -> Result<(), ChannelError> {
        settings.check()?;
        self.0.store.insert_channel(&settings.row(now)).await?;
        self.start(settings.clone()).await
    }

    /// Takes new settings: the channel is stopped and started, its tape goes on.
    pub async fn change(&self, settings: &ChannelSettings) -> Result<(), ChannelError> {
        settings.check()?;
        self.0.store.update_channel(&settings.row(UtcMs(0))).await?;
        self.stop(&settings.id).await;
        self.start(settings.clone()).await
    }

    /// Removes a channel with its guide and its tape.
    pub async fn remove(&self, id: &ChannelId) -> Result<(), ChannelError> {
        self.0.store.delete_channel(id).await?;
        self.stop(id).await;
        self.0.live.forget(id);
        let (tapes, id) = (self.0.options.recordings.join("tapes"), id.clone());
        let removed = tokio::task::spawn_blocking(move || tape::remove(&tapes, &id)).await;
        Ok(removed.map_err(|_| ChannelError::Ended)??)
    }

    /// How the channel's signal is; a channel that is not running is off.
    pub fn signal(&self, id: &ChannelId) -> Signal {
        self.with(id, ChannelHandle::signal).unwrap_or_else(|| Signal::new(SignalState::Off, self.0.clock.now()))
    }

    /// The services that the channel's source offers.
    pub fn services(&self, id: &ChannelId) -> Vec<OfferedService> {
        self.with(id, ChannelHandle::services).unwrap_or_default()
    }

    /// Remarks on the channel for its operator, oldest first.
    pub fn notes(&self, id: &ChannelId) -> Vec<Note> {
        self.with(id, ChannelHandle::notes).unwrap_or_default()
    }

    /// The channel's tape, for reading.
    pub fn tape(&self, id: &ChannelId) -> Option<TapeReader> {
        self.with(id, ChannelHandle::tape)
    }

    pub fn tape_touches(&self, id: &ChannelId, from: UtcMs, to: UtcMs) -> bool {
        self.tape(id).is_some_and(|tape| tape.touches(from, to))
    }

    pub fn tape_held(&self, id: &ChannelId) -> Result<TapeHeld, ChannelError> {
        Ok(self.tape(id).map(|tape| tape.held()).unwrap_or_default())
    }

    pub fn keep_hours(&self, settings: &ChannelSettings) -> u32 {
        settings.keep_hours.unwrap_or(self.0.options.tape.keep_hours)
    }

    /// Stretches of tapes that are still needed; everything named before and not now may go.
    pub fn protect(&self, mut claims: HashMap<ChannelId, Vec<(UtcMs, UtcMs)>>) {
        for (id, handle) in self.running().iter() {
            handle.protect(claims.remove(id).unwrap_or_default());
        }
    }

    /// Bytes of all tapes.
    pub fn tapes_bytes(&self) -> u64 {
        self.running().values().map(|handle| handle.tape().bytes()).sum()
    }

    /// Some tape has not reached its limit of hours yet.
    pub fn tapes_still_growing(&self) -> bool {
        let now = self.0.clock.now();
        self.running().values().any(|handle| {
            let kept_ms = i64::from(handle.keep_hours()) * 3_600_000;
            handle.tape().from().is_none_or(|from| now - from < kept_ms)
        })
    }

    /// Programmes that touch [from, to): announced ones, and the timetable's where there are none.
    pub async fn guide(&self, id: &ChannelId, from: UtcMs, to: UtcMs) -> Result<Vec<Programme>, ChannelError> {
        Ok(guide::between(&self.0.store, &self.0.options.zone, id, from, to).await?)
    }

    pub async fn now_and_next(&self, id: &ChannelId) -> Result<(Option<Programme>, Option<Programme>), ChannelError> {
        Ok(guide::now_and_next(&self.0.store, &self.0.options.zone, id, self.0.clock.now()).await?)
    }

    /// Ends every channel in order, so that nothing of a tape is lost.
    pub async fn close(&self) {
        let ids: Vec<ChannelId> = self.running().keys().cloned().collect();
        for id in ids {
            self.stop(&id).await;
        }
    }

    async fn start(&self, settings: ChannelSettings) -> Result<(), ChannelError> {
        let inner = &self.0;
        let parts = Parts { store: inner.store.clone(), clock: inner.clock.clone(), sources: inner.sources.clone(), options: inner.options.clone() };
        let id = settings.id.clone();
        let handle = actor::start(parts, settings).await?;
        inner.running.write().unwrap_or_else(PoisonError::into_inner).insert(id, handle);
        Ok(())
    }

    async fn stop(&self, id: &ChannelId) {
        let handle = self.0.running.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        if let Some(handle) = handle {
            handle.stop().await;
        }
    }

    fn running(&self) -> std::sync::RwLockReadGuard<'_, HashMap<ChannelId, ChannelHandle>> {
        self.0.running.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, id: &ChannelId, take: impl FnOnce(&ChannelHandle) -> T) -> Option<T> {
        self.running().get(id).map(take)
    }
}
