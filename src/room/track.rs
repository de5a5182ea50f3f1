//! A published track, and a subscription to one.

use std::time::Instant;

use livekit_protocol::{AddTrackRequest, SimulcastCodecInfo, TrackInfo, TrackSource, TrackType, UpdateTrackSettings, VideoLayer, VideoQuality};

use super::id;
use crate::allocation::Class;
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::{LAYERS, Settings, TrackId};

#[derive(Debug)]
pub struct Track {
    pub id: TrackId,
    pub info: TrackInfo,
    pub kind: Kind,
    /// The names by which the client's description may call it.
    pub cids: Vec<String>,
    /// The section it comes by, once it is there.
    pub mid: Option<String>,
    /// The section that announced it, of a client without signalling.
    pub section: Option<String>,
    /// Layers that are sent, lowest first.
    pub layers: usize,
    pub wanted: Wanted,
    /// Told to the publisher: somebody takes it.
    pub is_taken: bool,
}

/// What of a track is of use to anybody, and what its publisher was told.
#[derive(Debug, Default, Clone, Copy)]
pub struct Wanted {
    pub layer: Option<usize>,
    pub told: Option<Option<usize>>,
    pub since: Option<Instant>,
}

impl Track {
    pub fn new(id: TrackId, request: &AddTrackRequest) -> Self {
        let kind = if request.r#type() == TrackType::Audio { Kind::Audio } else { Kind::Video };
        let first = request.simulcast_codecs.first();
        let codec = first.and_then(|codec| codec_of(&codec.codec)).unwrap_or(if kind == Kind::Audio { Codec::Opus } else { Codec::Vp8 });
        let layers = first.map(|codec| codec.layers.clone()).filter(|layers| !layers.is_empty()).unwrap_or_else(|| layers_of(request));
        let mut cids = vec![request.cid.clone()];
        cids.extend(request.simulcast_codecs.iter().map(|codec| codec.cid.clone()).filter(|cid| !cid.is_empty()));
        #[allow(deprecated)] // Clients still read what newer ones replaced.
        let info = TrackInfo {
            sid: id::track(kind),
            r#type: request.r#type,
            name: request.name.clone(),
            muted: request.muted,
            width: request.width,
            height: request.height,
            simulcast: layers.len() > 1,
            disable_dtx: request.disable_dtx,
            source: request.source,
            layers: layers.clone(),
            mime_type: mime(codec),
            codecs: vec![SimulcastCodecInfo { mime_type: mime(codec), cid: request.cid.clone(), layers, ..SimulcastCodecInfo::default() }],
            stereo: request.stereo,
            disable_red: request.disable_red,
            encryption: request.encryption,
            stream: request.stream.clone(),
            audio_features: request.audio_features.clone(),
            backup_codec_policy: request.backup_codec_policy,
            ..TrackInfo::default()
        };
        Self { id, info, kind, cids, mid: None, section: None, layers: 1, wanted: Wanted::default(), is_taken: false }
    }

    pub fn codec(&self) -> Option<Codec> {
        codec_of(self.info.mime_type.split_once('/').map_or("", |(_, name)| name))
    }

    pub fn set_codec(&mut self, codec: Codec) {
        // RED is how Opus travels, not what the track is.
        let codec = if codec == Codec::Red { Codec::Opus } else { codec };
        self.info.mime_type = mime(codec);
        if let Some(first) = self.info.codecs.first_mut() {
            first.mime_type = mime(codec);
        }
    }

    /// The layer that serves a quality.
    pub fn layer_of(&self, quality: VideoQuality) -> Option<usize> {
        match quality {
            VideoQuality::Off => None,
            quality => Some((quality as usize).min(self.layers.saturating_sub(1)).min(LAYERS - 1)),
        }
    }

    /// What a subscriber's wish means for this track.
    pub fn settings(&self, wish: Option<&UpdateTrackSettings>) -> Settings {
        let is_slides = matches!(self.info.source(), TrackSource::ScreenShare);
        let highest = self.layers.saturating_sub(1).min(LAYERS - 1);
        let Some(wish) = wish else {
            let class = if is_slides { Class::Slides } else { Class::Large };
            return Settings { class, max_layer: Some(highest), max_temporal: None };
        };
        let max_layer = match (wish.disabled, wish.width) {
            (true, _) => None,
            (false, 0) => self.layer_of(wish.quality()),
            (false, width) => Some(self.layer_for_width(width).unwrap_or(highest)),
        };
        let class = match (is_slides, wish.width) {
            (true, _) => Class::Slides,
            (false, 1..480) => Class::Small,
            (false, _) if wish.width == 0 && wish.quality() == VideoQuality::Low => Class::Small,
            _ => Class::Large,
        };
        // Below ten pictures a second the upper temporal layers are of no use.
        let max_temporal = match wish.fps {
            0 | 20.. => None,
            10..20 => Some(1),
            _ => Some(0),
        };
        Settings { class, max_layer, max_temporal }
    }

    /// The lowest layer that is not smaller than what is shown, a little less excepted.
    fn layer_for_width(&self, width: u32) -> Option<usize> {
        #[allow(deprecated)]
        let layers = &self.info.layers;
        let mut sizes: Vec<(usize, u32)> = layers.iter().filter_map(|layer| Some((self.layer_of(layer.quality())?, layer.width))).collect();
        sizes.sort_unstable();
        sizes.iter().find(|(_, each)| *each * 11 / 10 >= width).map(|(layer, _)| *layer)
    }
}

fn layers_of(request: &AddTrackRequest) -> Vec<VideoLayer> {
    #[allow(deprecated)]
    request.layers.clone()
}

pub fn mime(codec: Codec) -> String {
    let kind = if codec.kind() == Kind::Audio { "audio" } else { "video" };
    format!("{kind}/{}", codec.name())
}

/// By its name, with or without the kind before it.
pub fn codec_of(name: &str) -> Option<Codec> {
    Codec::from_name(name.rsplit('/').next().unwrap_or(name))
}

/// A subscriber's part of a track.
#[derive(Debug)]
pub struct Subscription {
    pub track: TrackId,
    pub kind: Kind,
    pub publisher: String,
    pub track_sid: String,
    pub ssrc: u32,
    pub rtx_ssrc: Option<u32>,
    pub wish: Option<UpdateTrackSettings>,
    /// The section it goes by, once there is one.
    pub mid: Option<String>,
    /// The media thread forwards it.
    pub is_flowing: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> Track {
        let layer = |quality: VideoQuality, width| VideoLayer { quality: quality as i32, width, height: width * 9 / 16, ..VideoLayer::default() };
        #[allow(deprecated)]
        let request = AddTrackRequest {
            cid: "c".into(),
            r#type: TrackType::Video as i32,
            width: 1280,
            height: 720,
            layers: vec![layer(VideoQuality::Low, 320), layer(VideoQuality::Medium, 640), layer(VideoQuality::High, 1280)],
            ..AddTrackRequest::default()
        };
        let mut track = Track::new(TrackId(1), &request);
        track.layers = 3;
        track
    }

    #[test]
    fn a_picture_is_as_large_as_it_is_shown() {
        let track = camera();
        let layer = |width| track.settings(Some(&UpdateTrackSettings { width, ..UpdateTrackSettings::default() })).max_layer;
        assert_eq!([200, 320, 345, 400, 640, 700, 1280, 4000].map(layer), [0, 0, 0, 1, 1, 1, 2, 2].map(Some));
        assert_eq!(track.settings(Some(&UpdateTrackSettings { disabled: true, width: 640, ..UpdateTrackSettings::default() })).max_layer, None);
    }

    #[test]
    fn a_track_with_fewer_layers_gives_the_best_it_has() {
        let mut track = camera();
        track.layers = 2;
        let layer = |quality: VideoQuality| track.settings(Some(&UpdateTrackSettings { quality: quality as i32, ..UpdateTrackSettings::default() })).max_layer;
        assert_eq!([VideoQuality::Low, VideoQuality::Medium, VideoQuality::High, VideoQuality::Off].map(layer), [Some(0), Some(1), Some(1), None]);
    }
}
