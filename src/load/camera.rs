//! A publisher's pictures: of each layer that somebody wants, as often as a camera gives one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::media_file::Recording;
use super::options::VideoCodec;
use super::pattern::{Place, Sizes};
use super::payload::{self, Packets, h264, vp8};
use super::stamp::Stamp;

/// libwebrtc's encoders make a key picture on request at most so often.
const BETWEEN_KEYS: Duration = Duration::from_millis(300);

/// What all layers of a camera have in common.
#[derive(Debug, Clone)]
pub struct CameraOptions {
    pub codec: VideoCodec,
    pub run: u32,
    pub publisher: u32,
    pub pictures_per_second: u32,
    pub layers: Vec<LayerOptions>,
}

#[derive(Debug, Clone)]
pub struct LayerOptions {
    pub rid: Option<&'static str>,
    pub size: (u16, u16),
    pub bitrate_bps: u32,
    pub recording: Option<Arc<Recording>>,
}

pub struct Camera {
    options: CameraOptions,
    noise: Arc<[u8]>,
    layers: Vec<Layer>,
    /// Of the next picture.
    number: u32,
}

struct Layer {
    sizes: Sizes,
    is_wanted: bool,
    wants_key: bool,
    key_at: Option<Instant>,
    since_key: u32,
    keys: u32,
    /// In the recording.
    at: usize,
    numbers: vp8::Numbers,
}

/// A picture of a layer, ready to be sent.
pub struct Taken {
    pub layer: usize,
    pub is_key: bool,
    pub packets: Packets,
}

impl Camera {
    pub fn new(options: CameraOptions, noise: Arc<[u8]>) -> Self {
        let of = |layer: &LayerOptions| Layer {
            sizes: Sizes::of(options.codec, layer.bitrate_bps, options.pictures_per_second),
            is_wanted: true,
            wants_key: true,
            key_at: None,
            since_key: 0,
            keys: options.publisher,
            at: 0,
            numbers: vp8::Numbers::starting((options.publisher as u16).wrapping_mul(977)),
        };
        let layers = options.layers.iter().map(of).collect();
        Self { options, noise, layers, number: 1 }
    }

    pub fn interval(&self) -> Duration {
        Duration::from_secs(1) / self.options.pictures_per_second.max(1)
    }

    pub fn layers(&self) -> &[LayerOptions] {
        &self.options.layers
    }

    /// Dynacast: what nobody takes is not made; what is taken again begins with a key picture.
    pub fn want(&mut self, layer: usize, is_wanted: bool) {
        if let Some(layer) = self.layers.get_mut(layer) {
            layer.wants_key |= is_wanted && !layer.is_wanted;
            layer.is_wanted = is_wanted;
        }
    }

    pub fn want_key(&mut self, layer: usize) {
        if let Some(layer) = self.layers.get_mut(layer) {
            layer.wants_key = true;
        }
    }

    /// The next picture of each layer; `made_ns` is burnt in.
    pub fn take(&mut self, now: Instant, made_ns: u64) -> Vec<Taken> {
        let number = self.number;
        self.number = number.wrapping_add(1);
        let Self { options, noise, layers, .. } = self;
        let wanted = layers.iter_mut().zip(&options.layers).enumerate().filter(|(_, (layer, _))| layer.is_wanted);
        wanted
            .filter_map(|(at, (layer, settings))| {
                let place = layer.place(now, options.codec, settings);
                let is_key = place == Place::KEY;
                let needs = number.wrapping_sub(place.back);
                let stamp = Stamp { run: options.run, publisher: options.publisher, number, needs, index: 0, packets: 0, layer: at as u8, is_key, made_ns };
                let packets = match &settings.recording {
                    Some(recording) => layer.recorded(options.codec, recording, place, stamp)?,
                    None => layer.made_up(options.codec, settings.size, noise, place, stamp),
                };
                Some(Taken { layer: at, is_key, packets })
            })
            .collect()
    }
}

impl Layer {
    fn place(&mut self, now: Instant, codec: VideoCodec, settings: &LayerOptions) -> Place {
        let is_due = self.key_at.is_none_or(|before| now.saturating_duration_since(before) >= BETWEEN_KEYS);
        let mut is_key = self.wants_key && is_due;
        if let Some(recording) = &settings.recording {
            if is_key {
                self.at = recording.next_key(self.at);
            }
            is_key = recording.picture(self.at).is_some_and(|picture| picture.is_key);
        }
        if is_key {
            self.wants_key = false;
            self.key_at = Some(now);
            self.since_key = 0;
            self.keys = self.keys.wrapping_add(1);
            return Place::KEY;
        }
        self.since_key += 1;
        match codec {
            VideoCodec::Vp8 if settings.recording.is_none() => Place::of_three(self.since_key),
            _ => Place::FOLLOWS,
        }
    }

    fn made_up(&mut self, codec: VideoCodec, size: (u16, u16), noise: &[u8], place: Place, stamp: Stamp) -> Packets {
        let bytes = if stamp.is_key { self.sizes.key(self.keys) } else { self.sizes.delta(self.since_key) };
        let from = stamp.number as usize * 97 % noise.len().max(1);
        let noise = noise.get(from..).unwrap_or(noise);
        match codec {
            VideoCodec::Vp8 => {
                self.numbers.advance(place);
                vp8::packets(&vp8::made_up(stamp.is_key, size, bytes, noise), self.numbers, place, stamp)
            }
            VideoCodec::H264 => h264::packets(&h264::made_up(stamp.is_key, size, bytes, noise), stamp),
        }
    }

    fn recorded(&mut self, codec: VideoCodec, recording: &Recording, place: Place, stamp: Stamp) -> Option<payload::Packets> {
        let picture = recording.picture(self.at)?;
        self.at += 1;
        match codec {
            VideoCodec::Vp8 => {
                self.numbers.advance(place);
                Some(vp8::packets(picture.units.first()?, self.numbers, place, stamp))
            }
            VideoCodec::H264 => Some(h264::packets(&picture.units, stamp)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(codec: VideoCodec) -> Camera {
        let layer = |rid, bitrate_bps| LayerOptions { rid: Some(rid), size: (320, 180), bitrate_bps, recording: None };
        let layers = vec![layer("q", 150_000), layer("h", 500_000), layer("f", 1_500_000)];
        Camera::new(CameraOptions { codec, run: 1, publisher: 7, pictures_per_second: 30, layers }, vec![1; 5_000].into())
    }

    fn stamps(taken: &[Taken]) -> Vec<Stamp> {
        taken.iter().map(|taken| taken.packets.iter().find_map(|packet| Stamp::find(packet, 1)).unwrap()).collect()
    }

    #[test]
    fn every_layer_begins_with_a_key_picture_and_needs_what_was_sent() {
        for codec in [VideoCodec::Vp8, VideoCodec::H264] {
            let mut camera = camera(codec);
            let mut now = Instant::now();
            let mut sent: Vec<Stamp> = Vec::new();
            for _ in 0..200 {
                now += camera.interval();
                let stamps = stamps(&camera.take(now, 0));
                for stamp in &stamps {
                    let is_known = stamp.is_key || sent.iter().any(|before| (before.number, before.layer) == (stamp.needs, stamp.layer));
                    assert!(is_known, "{stamp:?}");
                }
                sent.extend(stamps);
            }
            assert_eq!(sent.iter().filter(|stamp| stamp.is_key).count(), 3);
        }
    }

    #[test]
    fn a_key_picture_comes_when_asked_for_but_not_too_often() {
        let mut camera = camera(VideoCodec::Vp8);
        let mut now = Instant::now();
        let mut keys = Vec::new();
        for at in 0..60 {
            camera.want_key(2);
            if camera.take(now, 0).iter().any(|taken| taken.layer == 2 && taken.is_key) {
                keys.push(at);
            }
            now += Duration::from_millis(33);
        }
        assert_eq!(keys, [0, 10, 20, 30, 40, 50]);
    }

    #[test]
    fn a_layer_that_nobody_wants_is_not_made_and_comes_back_with_a_key_picture() {
        let mut camera = camera(VideoCodec::Vp8);
        let start = Instant::now();
        camera.take(start, 0);
        camera.want(1, false);
        assert_eq!(camera.take(start + Duration::from_secs(1), 0).iter().map(|taken| taken.layer).collect::<Vec<_>>(), [0, 2]);
        camera.want(1, true);
        let back = camera.take(start + Duration::from_secs(2), 0);
        assert_eq!(back.iter().map(|taken| taken.is_key).collect::<Vec<_>>(), [false, true, false]);
    }
}
