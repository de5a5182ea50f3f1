//! Watching a channel: live, and from an instant on its tape.
//!
//! Where browsers play the source it is remuxed from the tape, segment by segment, when somebody asks for one ([`native`]). Otherwise a worker converts
//! it, from the first viewer until a while after the last ([`conversion`]).

mod conversion;
mod native;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::{Channels, ChannelsOptions, TapeReader};
use crate::base::{ChannelId, Clock, UtcMs};
use crate::store::StoreError;

/// A part of a rendition.
#[derive(Debug, Clone)]
pub enum Media {
    Bytes(Bytes),
    File(PathBuf),
}

#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("channel `{channel}` has no `{what}`")]
    NoSuch { channel: ChannelId, what: String },
    #[error("频道暂时没有可看的内容 / channel `{channel}` has nothing to be watched yet: {why}")]
    NotYet { channel: ChannelId, why: String },
    #[error("同时转换的频道已达上限 {most} 个,请稍后再试 / {most} channels are being converted for viewers already, which is the most")]
    Busy { most: usize },
    #[error("tape: {0}")]
    Tape(String),
    #[error("live conversion: {0}")]
    Worker(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is kept for those who watch.
pub struct Live {
    native: native::Native,
    conversions: conversion::Conversions,
}

impl Live {
    pub fn new(clock: Arc<dyn Clock>, options: &ChannelsOptions) -> Self {
        Self { native: native::Native::new(options.live.cache_bytes), conversions: conversion::Conversions::new(clock, options) }
    }

    /// The channel is gone.
    pub fn forget(&self, channel: &ChannelId) {
        self.conversions.end(channel);
    }
}

impl Channels {
    /// The master playlist of a channel, live or from an instant on.
    pub async fn master_playlist(&self, id: &ChannelId, from: Option<UtcMs>, highest_rung: Option<&str>) -> Result<String, LiveError> {
        let tape = self.watched(id)?;
        if self.signal(id).browser_playable {
            return self.0.live.native.master(id, &tape, from).await;
        }
        self.0.live.conversions.master(id, &tape, from, highest_rung).await
    }

    /// The playlist of one rendition.
    pub async fn media_playlist(&self, id: &ChannelId, rung: &str, from: Option<UtcMs>) -> Result<String, LiveError> {
        let tape = self.watched(id)?;
        if native::is_rung(rung) {
            return native::playlist(id, &tape, from).await;
        }
        self.0.live.conversions.playlist(id, rung, from).await
    }

    /// A segment or an init segment.
    pub async fn media(&self, id: &ChannelId, rung: &str, name: &str) -> Result<Media, LiveError> {
        let tape = self.watched(id)?;
        if native::is_rung(rung) {
            return self.0.live.native.media(id, &tape, rung, name).await;
        }
        self.0.live.conversions.media(id, rung, name)
    }

    fn watched(&self, id: &ChannelId) -> Result<TapeReader, LiveError> {
        self.tape(id).ok_or_else(|| LiveError::NoSuch { channel: id.clone(), what: "tape".to_owned() })
    }
}
