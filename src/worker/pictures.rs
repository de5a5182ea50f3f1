//! What happens to each decoded picture: left out, kept for a poster or thumbnail, encoded.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gstreamer as gst;
use gstreamer_video as gst_video;
use gstreamer_video::prelude::*;
use yizhan::base::work::Event;

use super::decode::{DecodeError, Surroundings};
use super::encode::{Encoders, PictureFormat, VideoPlan};
use super::segments::{Cutting, Segmenter};
use super::sound::FinishError;
use super::stills::Stills;

/// Makes a segmenter for each rung, once the time of the first picture is known.
type MakeSegmenters = Box<dyn FnOnce(i64) -> Vec<Arc<Mutex<Segmenter>>> + Send>;

/// The way of the pictures from the decoder on. Decoders come and go with damage; this stays.
pub struct Pictures {
    plan: VideoPlan,
    cutting: Cutting,
    /// Shown are [from, to).
    from_90k: i64,
    to_90k: i64,
    make_segmenters: Option<MakeSegmenters>,
    encoders: Option<Encoders>,
    stills: Option<Stills>,
    last_90k: Option<i64>,
    last_number: Option<u64>,
    caps: Option<(gst::Caps, gst::Caps)>,
    frame_rate: gst::Fraction,
    shown: u64,
    broken: bool,
    fault: Arc<Mutex<Option<DecodeError>>>,
    reached_90k: Arc<AtomicI64>,
    around: Surroundings,
}

/// What others may ask while a picture is being worked on.
#[derive(Clone)]
pub struct Watch {
    fault: Arc<Mutex<Option<DecodeError>>>,
    reached_90k: Arc<AtomicI64>,
}

impl Watch {
    /// What stopped the encoders, once.
    pub fn fault(&self) -> Option<DecodeError> {
        self.fault.lock().ok()?.take()
    }

    /// The media time of the last picture taken, or of the task's beginning.
    pub fn reached_90k(&self) -> i64 {
        self.reached_90k.load(Ordering::Relaxed)
    }
}

/// What to do with the pictures of a task.
pub struct PictureTask {
    pub plan: VideoPlan,
    pub cutting: Cutting,
    pub from_90k: i64,
    pub to_90k: Option<i64>,
    /// Called once, with how many ticks a picture lasts.
    pub make_segmenters: Box<dyn FnOnce(i64) -> Vec<Arc<Mutex<Segmenter>>> + Send>,
    pub stills: Option<Stills>,
}

impl Pictures {
    pub fn new(task: PictureTask, around: Surroundings) -> Self {
        Self {
            plan: task.plan,
            cutting: task.cutting,
            from_90k: task.from_90k,
            to_90k: task.to_90k.unwrap_or(i64::MAX),
            make_segmenters: Some(task.make_segmenters),
            encoders: None,
            stills: task.stills,
            last_90k: None,
            last_number: None,
            caps: None,
            frame_rate: gst::Fraction::new(25, 1),
            shown: 0,
            fault: Arc::default(),
            broken: false,
            reached_90k: Arc::new(AtomicI64::new(task.from_90k)),
            around,
        }
    }

    pub fn watch(&self) -> Watch {
        Watch { fault: Arc::clone(&self.fault), reached_90k: Arc::clone(&self.reached_90k) }
    }

    /// Takes the next picture in showing order.
    pub fn take(&mut self, picture: &gst::Sample) {
        if !self.broken
            && let Err(fault) = self.show(picture)
        {
            self.broken = true;
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        }
    }

    /// Pictures inside the cut so far.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    fn show(&mut self, picture: &gst::Sample) -> Result<(), DecodeError> {
        let Some(pts) = picture.buffer().and_then(|b| b.pts()) else {
            self.around.events.warn("a picture without a time was left out");
            return Ok(());
        };
        let media_90k = self.around.base.to_media_90k(pts);
        if media_90k < self.from_90k || media_90k >= self.to_90k {
            return Ok(());
        }
        if self.last_90k.is_some_and(|last| media_90k <= last) {
            self.around.events.warn(format!("a picture out of order at media time {media_90k} was left out"));
            return Ok(());
        }
        self.last_90k = Some(media_90k);
        self.reached_90k.store(media_90k, Ordering::Relaxed);
        self.shown += 1;
        let number = self.cutting.segment_of(media_90k);
        let begins_segment = number != self.last_number;
        self.last_number = number;
        if let Some(stills) = &mut self.stills {
            stills.offer(picture, media_90k)?;
        }
        if self.plan.rungs.is_empty() {
            return Ok(());
        }
        if self.encoders.is_none() {
            self.encoders = self.start_encoders(picture)?;
        }
        let picture = self.steady(picture);
        self.encoders.as_mut().map_or(Ok(()), |encoders| encoders.push(&picture, begins_segment))
    }

    fn start_encoders(&mut self, first: &gst::Sample) -> Result<Option<Encoders>, DecodeError> {
        let format = picture_format(first);
        self.frame_rate = format.frame_rate;
        let Some(make) = self.make_segmenters.take() else { return Ok(None) };
        let nominal_90k = 90_000 * i64::from(format.frame_rate.denom()) / i64::from(format.frame_rate.numer().max(1));
        let segmenters = make(nominal_90k.max(1));
        Encoders::start(&self.plan, &format, segmenters, self.around.clone()).map(Some)
    }

    /// The picture under caps with the first one's frame rate: x264enc begins a new stream when that changes, and a rendition has one description.
    fn steady(&mut self, picture: &gst::Sample) -> gst::Sample {
        let Some(caps) = picture.caps_owned() else { return picture.clone() };
        let steady = match &self.caps {
            Some((given, steady)) if *given == caps => steady.clone(),
            _ => {
                let mut steady = caps.clone();
                steady.make_mut().set("framerate", self.frame_rate);
                self.caps = Some((caps, steady.clone()));
                steady
            }
        };
        gst::Sample::builder().buffer_if_some(picture.buffer_owned().as_ref()).caps(&steady).build()
    }

    /// Encodes the rest; what is to be told of the rungs.
    pub fn finish(&mut self) -> Result<Vec<Event>, FinishError> {
        let mut told = Vec::new();
        if let Some(encoders) = self.encoders.take() {
            for segmenter in encoders.finish()? {
                if let Ok(mut segmenter) = segmenter.lock() {
                    told.extend(segmenter.finish()?);
                }
            }
        }
        Ok(told)
    }

    pub fn take_stills(&mut self) -> Option<Stills> {
        self.stills.take()
    }
}

fn picture_format(sample: &gst::Sample) -> PictureFormat {
    let caps = sample.caps();
    let info = caps.and_then(|c| gst_video::VideoInfo::from_caps(c).ok());
    let frame_rate = info.as_ref().map(|i| i.fps()).filter(|f| f.numer() > 0 && f.denom() > 0).unwrap_or(gst::Fraction::new(25, 1));
    let top_first = sample.buffer().is_none_or(|b| b.video_flags().contains(gst_video::VideoBufferFlags::TFF));
    let interlaced = info.as_ref().is_some_and(|i| i.is_interlaced());
    let colorimetry = caps.and_then(|c| c.structure(0)?.get::<String>("colorimetry").ok());
    let height = info.as_ref().map_or(0, |i| i.height());
    PictureFormat { height, frame_rate, bottom_field_first: interlaced && !top_first, colorimetry }
}
