//! The video rungs: one pipeline that deinterlaces once, scales each rung from the one above it, and encodes all of them.

use std::sync::{Arc, Mutex};

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_video as gst_video;
use yizhan::base::work::{Event, VideoRung};
use yizhan::cmaf::Sample;

use super::decode::{DecodeError, Pipeline, Surroundings};
use super::field_times;
use super::rate::FrameDropper;
use super::rendition::VideoFormat;
use super::segments::Segmenter;

/// What is encoded, and how.
#[derive(Debug, Clone)]
pub struct VideoPlan {
    /// Largest first.
    pub rungs: Vec<VideoRung>,
    pub interlaced: bool,
    /// x264's name of it.
    pub preset: String,
    /// 0: [`threads`] decides.
    pub threads: u32,
    /// Pictures that x264 may look ahead; `None` is the preset's.
    pub lookahead: Option<u32>,
}

/// Quality aimed at (x264's constant rate factor); the rung's bitrate bounds it over [`VBV_MS`].
const RATE_FACTOR: u32 = 21;
const VBV_MS: u32 = 2000;
/// Key pictures stand where they are forced and nowhere else: a scene cut becomes an ordinary intra picture.
const KEY_PICTURES: &str = "keyint=infinite:min-keyint=100000:open-gop=0";

/// The running encoders.
pub struct Encoders {
    pipeline: Pipeline,
    encoders: Vec<gst::Element>,
    droppers: Vec<Arc<Mutex<FrameDropper>>>,
    segmenters: Vec<Arc<Mutex<Segmenter>>>,
    begun: bool,
}

impl Encoders {
    /// Builds the pipeline for pictures like this first one.
    pub fn start(plan: &VideoPlan, first: &PictureFormat, segmenters: Vec<Arc<Mutex<Segmenter>>>, around: Surroundings) -> Result<Self, DecodeError> {
        let line = line(plan, first);
        let pipeline = Pipeline::build(&line, None, around.clone())?;
        let lacks = |name: &'static str| DecodeError::Lacks(line.clone(), name);
        let mut encoders = Vec::new();
        let mut droppers = Vec::new();
        for (i, (rung, segmenter)) in plan.rungs.iter().zip(&segmenters).enumerate() {
            encoders.push(pipeline.element(&format!("encoder-{i}")).ok_or_else(|| lacks("encoder"))?);
            if let Some(halved) = pipeline.element(&format!("rate-{i}")) {
                let dropper = Arc::new(Mutex::new(FrameDropper::new(first.frame_rate, rung.frame_rate_limit)));
                drop_pictures(&halved, Arc::clone(&dropper));
                droppers.push(dropper);
            }
            let (segmenter, around, rung) = (Arc::clone(segmenter), around.clone(), rung.clone());
            let frame_rate = first.rate_of(&rung);
            pipeline.on_sample(sink_name(i), move |encoded| {
                let took = take_encoded(&encoded, &rung, frame_rate, &around, &segmenter);
                if let Err(message) = took {
                    around.events.tell(&Event::Failed { message });
                    std::process::exit(1); // a disk that takes no more: everything else of the task is in vain
                }
            })?;
        }
        keep_aspect(&pipeline, plan);
        field_times::correct(&pipeline.element("deinterlace").ok_or_else(|| lacks("deinterlace"))?);
        pipeline.start()?;
        Ok(Self { pipeline, encoders, droppers, segmenters, begun: false })
    }

    /// Takes the next picture; with `begins_segment` it becomes a key picture in every rung.
    pub fn push(&mut self, picture: &gst::Sample, begins_segment: bool) -> Result<(), DecodeError> {
        let pts = picture.buffer().and_then(|b| b.pts());
        if let (true, Some(pts)) = (begins_segment, pts) {
            for dropper in &self.droppers {
                if let Ok(mut dropper) = dropper.lock() {
                    dropper.keep(pts);
                }
            }
            // The first is one anyway, and to ask for it has GStreamer 1.22 note a time that is 1,000 hours off, and refuse those that follow.
            for encoder in self.encoders.iter().filter(|_| self.begun) {
                let event = gst_video::UpstreamForceKeyUnitEvent::builder().running_time(pts).all_headers(false).build();
                encoder.static_pad("src").map(|pad| pad.send_event(event));
            }
        }
        self.begun = true;
        self.pipeline.push_sample(picture)
    }

    /// Waits for the last pictures; the segmenters then hold what is left.
    pub fn finish(self) -> Result<Vec<Arc<Mutex<Segmenter>>>, DecodeError> {
        self.pipeline.finish()?;
        Ok(self.segmenters)
    }
}

/// What the pipeline needs to know of the pictures before it is built. Later pictures may differ in all of it: they are scaled to the rungs.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureFormat {
    pub height: u32,
    pub frame_rate: gst::Fraction,
    pub bottom_field_first: bool,
    pub colorimetry: Option<String>,
}

impl PictureFormat {
    fn rate_of(&self, rung: &VideoRung) -> gst::Fraction {
        FrameDropper::new(self.frame_rate, rung.frame_rate_limit).frame_rate()
    }
}

/// The appsinks' names; four rungs is what a ladder has, eight what a task may have.
fn sink_name(i: usize) -> &'static str {
    const NAMES: [&str; 8] = ["out-0", "out-1", "out-2", "out-3", "out-4", "out-5", "out-6", "out-7"];
    NAMES[i.min(NAMES.len() - 1)]
}

pub const MOST_RUNGS: usize = 8;

fn line(plan: &VideoPlan, first: &PictureFormat) -> String {
    let mode = if plan.interlaced { "interlaced" } else { "auto" };
    let fields = if first.bottom_field_first { "bottom" } else { "top" };
    // `videoconvert`, as `videoconvertscale` would take the scaling upon itself, before deinterlacing.
    // One picture per frame, as ffmpeg's yadif does; the first field's, so that times stay.
    let mut line = format!("appsrc name=in ! videoconvert ! video/x-raw,format=I420 ! deinterlace name=deinterlace method=yadif mode={mode} fields={fields}");
    let colorimetry = first.colorimetry.as_ref().map_or(String::new(), |c| format!(",colorimetry=(string){c}"));
    let (mut rate, mut above) = (first.frame_rate, first.height);
    for (i, rung) in plan.rungs.iter().enumerate() {
        if i > 0 {
            line += &format!("  t{}.", i - 1);
        }
        let rate_here = first.rate_of(rung);
        if rate_here != rate {
            line += &format!(" ! capssetter name=rate-{i} caps=\"video/x-raw,framerate=(fraction){}/{}\"", rate_here.numer(), rate_here.denom());
            rate = rate_here;
        }
        // Two taps are enough where a rung is at least half of what it is made from, the cheapest, and sharper than more.
        line += &format!(" ! videoconvertscale name=scale-{i} method={}", if above > 2 * rung.height { "bilinear2" } else { "bilinear" });
        line += &format!(" ! video/x-raw,format=I420,width={},height={},pixel-aspect-ratio=1/1{colorimetry} ! tee name=t{i}", rung.width, rung.height);
        above = rung.height;
        line += &format!("  t{i}. ! queue max-size-buffers=3 max-size-bytes=0 max-size-time=0 ! {}", encoder(plan, rung, i));
    }
    line
}

fn encoder(plan: &VideoPlan, rung: &VideoRung, i: usize) -> String {
    let lookahead = plan.lookahead.map_or(String::new(), |n| format!(" rc-lookahead={n}"));
    format!(
        "x264enc name=encoder-{i} speed-preset={} pass=qual quantizer={RATE_FACTOR} bitrate={} vbv-buf-capacity={VBV_MS} threads={} aud=false{lookahead} \
         option-string=\"{KEY_PICTURES}\" ! video/x-h264,profile=high,stream-format=avc,alignment=au ! appsink name={}",
        plan.preset,
        (rung.bitrate_bps / 1000).max(1),
        threads(plan, rung),
        sink_name(i)
    )
}

/// Threads cost CPU seconds and a little quality, and the rungs run beside each other anyway: only the largest gets two.
fn threads(plan: &VideoPlan, rung: &VideoRung) -> u32 {
    match plan.threads {
        0 => 1 + u32::from(rung.height > 720),
        given => given,
    }
}

fn drop_pictures(element: &gst::Element, dropper: Arc<Mutex<FrameDropper>>) {
    let Some(pad) = element.static_pad("src") else { return };
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        let pts = info.buffer().and_then(|b| b.pts());
        let wanted = pts.zip(dropper.lock().ok()).is_none_or(|(pts, mut dropper)| dropper.wants(pts));
        if wanted { gst::PadProbeReturn::Ok } else { gst::PadProbeReturn::Drop }
    });
}

/// Sizes are even, so shapes differ by up to a pixel: those are scaled over. A picture of quite another shape (4:3 between 16:9) gets borders.
fn keep_aspect(pipeline: &Pipeline, plan: &VideoPlan) {
    for (i, rung) in plan.rungs.iter().enumerate() {
        let Some(scaler) = pipeline.element(&format!("scale-{i}")) else { continue };
        let Some(pad) = scaler.static_pad("sink") else { continue };
        let shape = f64::from(rung.width) / f64::from(rung.height.max(1));
        let scaler = scaler.downgrade();
        pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
            if let (Some(gst::EventView::Caps(caps)), Some(scaler)) = (info.event().map(|e| e.view()), scaler.upgrade())
                && let Ok(video) = gst_video::VideoInfo::from_caps(caps.caps())
            {
                let par = video.par();
                let theirs = f64::from(video.width()) * f64::from(par.numer()) / f64::from(video.height().max(1)) / f64::from(par.denom().max(1));
                scaler.set_property("add-borders", (theirs / shape - 1.0).abs() > 0.02);
            }
            gst::PadProbeReturn::Ok
        });
    }
}

/// One encoded picture to its segmenter; the first brings the description of the track.
fn take_encoded(encoded: &gst::Sample, rung: &VideoRung, frame_rate: gst::Fraction, around: &Surroundings, segmenter: &Mutex<Segmenter>) -> Result<(), String> {
    let (Some(buffer), Ok(mut segmenter)) = (encoded.buffer(), segmenter.lock()) else { return Ok(()) };
    // x264enc moves its times by 1,000 hours, and the segment with them, to have room for decoding times below zero.
    let shown = encoded.segment().and_then(|s| s.downcast_ref::<gst::ClockTime>()).and_then(|s| s.to_running_time(buffer.pts()?));
    let Some(shown) = shown else { return Ok(()) };
    let data = buffer.map_readable().map_err(|e| e.to_string())?.to_vec();
    if !segmenter.rendition().is_described() {
        let avcc = encoded.caps().and_then(|c| c.structure(0)?.get::<gst::Buffer>("codec_data").ok());
        let avcc = avcc.and_then(|b| b.map_readable().ok().map(|m| m.to_vec())).ok_or("the encoder gave no description of its stream")?;
        let format = VideoFormat { width: rung.width, height: rung.height, frame_rate: (frame_rate.numer() as u32, frame_rate.denom() as u32) };
        segmenter.rendition().describe_video(&avcc, format).map_err(|e| e.to_string())?;
    }
    let key = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
    let pts = around.base.to_media_90k(shown);
    segmenter.push(Sample { dts: pts, pts, duration: 0, key, data }).map_err(|e| e.to_string())
}
