//! Access units to the decoder of their stream, and what decoders give to pictures and sound. Decoders that break are begun anew.

use std::sync::{Arc, Mutex};

use gstreamer as gst;
use yizhan::cmaf::{Access, Demuxed};
use yizhan::ts::StreamKind;

use super::decode::{DecodeError, Decoder, Surroundings};
use super::pictures::{Pictures, Watch};
use super::sound::Sound;
use super::transcode::lock;

/// After so many breakdowns of a decoder its stream is given up.
const RESTARTS: u32 = 200;

/// The two decoders of a task.
pub struct Streams {
    watch: Option<Watch>,
    video: Lane,
    audio: Lane,
    key_only: bool,
    around: Surroundings,
}

struct Lane {
    decoder: Option<Decoder>,
    take: Option<Take>,
    threads: u32,
    breakdowns: u32,
}

type Take = Arc<dyn Fn(gst::Sample) + Send + Sync>;

impl Streams {
    /// Without `pictures` or `sound`, such streams are passed over.
    pub fn new(pictures: Option<Arc<Mutex<Pictures>>>, sound: Option<Arc<Mutex<Sound>>>, key_only: bool, decoder_threads: u32, around: Surroundings) -> Self {
        let take_picture = pictures.clone().map(|pictures| -> Take { Arc::new(move |sample| lock(&pictures).take(&sample)) });
        let watch = pictures.map(|pictures| lock(&pictures).watch());
        let events = Arc::clone(&around.events);
        let take_sound = sound.map(|sound| -> Take {
            Arc::new(move |sample| {
                if let Err(e) = lock(&sound).take(&sample) {
                    events.warn(format!("sound: {e}"));
                }
            })
        });
        Self { watch, video: Lane::new(take_picture, decoder_threads), audio: Lane::new(take_sound, 1), key_only, around }
    }

    /// Errors are those of the encoders; what is wrong with the material is a warning.
    pub fn take(&mut self, unit: Demuxed) -> Result<(), DecodeError> {
        let Demuxed::Access(access) = unit else { return Ok(()) };
        if access.kind.is_video() && (access.key || !self.key_only) {
            self.video.push(access, &self.around);
            return self.fault();
        }
        if access.kind.is_audio() {
            self.audio.push(access, &self.around);
        }
        Ok(())
    }

    fn fault(&self) -> Result<(), DecodeError> {
        self.watch.as_ref().and_then(Watch::fault).map_or(Ok(()), Err)
    }

    /// Decodes the rest.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        self.video.finish(&self.around);
        self.audio.finish(&self.around);
        self.fault()
    }
}

impl Lane {
    fn new(take: Option<Take>, threads: u32) -> Self {
        Self { decoder: None, take, threads, breakdowns: 0 }
    }

    fn push(&mut self, access: Access, around: &Surroundings) {
        let Some(take) = self.take.clone() else { return };
        if self.decoder.as_ref().is_some_and(|d| d.kind() != access.kind) {
            self.finish(around);
        }
        if self.decoder.is_none() {
            self.decoder = self.start(access.kind, take, around);
        }
        let Some(decoder) = &self.decoder else { return };
        if let Err(e) = decoder.push(access.data, Some(access.pts_90k), access.dts_90k) {
            around.events.warn(format!("{:?}: {e}; the decoder is begun anew", access.kind));
            self.decoder = None;
            self.breakdowns += 1;
        }
    }

    fn start(&mut self, kind: StreamKind, take: Take, around: &Surroundings) -> Option<Decoder> {
        if self.breakdowns > RESTARTS {
            return None;
        }
        Decoder::start(kind, self.threads, around.clone(), move |sample| take(sample))
            .inspect_err(|e| {
                self.breakdowns += 1;
                around.events.warn(e.to_string());
            })
            .ok()
    }

    fn finish(&mut self, around: &Surroundings) {
        if let Some(Err(e)) = self.decoder.take().map(Decoder::finish) {
            around.events.warn(e.to_string());
        }
    }
}
