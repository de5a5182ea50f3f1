//! Painted pictures and tones in, a transport stream out: overlay, encoders and multiplexer are GStreamer's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app::{AppSink, AppSrc};
use yizhan::base::{Clock, SystemClock, UtcMs, Zone};

use super::insert::Inserter;
use super::picture::{Lines, Painter, RATE};
use super::send::Sink;
use super::{AudioCodec, DemoError, Format, Origin, VideoCodec, schedule, sound};

const PICTURE_MS: i64 = 1000 / RATE as i64;
/// Key pictures are so far apart.
const KEY_SECONDS: u32 = 2;
/// The machine's clock is followed where it differs more than this.
const CLOCK_STEP_MS: i64 = 2000;

pub struct Pipeline {
    pipeline: gst::Pipeline,
    video: AppSrc,
    audio: AppSrc,
    out: AppSink,
    painter: Painter,
    interlaced: bool,
    origin: Origin,
}

impl Pipeline {
    pub fn new(format: &Format, service: u16, name: &str, zone: Zone, origin: Origin) -> Result<Self, DemoError> {
        let (width, height) = size(format);
        let description = describe(format, width, height, service);
        let pipeline = gst::parse::launch(&description)?.downcast::<gst::Pipeline>().map_err(|_| fault("pipeline", "the description made something else"))?;
        let video: AppSrc = named(&pipeline, "video")?;
        let texts =
            Texts { title: named(&pipeline, "title")?, clock: named(&pipeline, "clock")?, zone, origin: origin.clone(), said: (String::new(), String::new()) };
        named::<gst::Element>(&pipeline, "station")?.set_property("text", gst::glib::markup_escape_text(name));
        texts.follow(&video);
        Ok(Self {
            video,
            audio: named(&pipeline, "audio")?,
            out: named(&pipeline, "out")?,
            painter: Painter::new(width as usize, height as usize),
            interlaced: format.interlaced,
            origin,
            pipeline,
        })
    }

    /// Feeds pictures and sound, in real time or as fast as they are taken, until `stop` is set or `pictures` are made.
    pub fn run(self, is_live: bool, pictures: Option<i64>, stop: Arc<AtomicBool>, inserter: Inserter, sink: Sink) -> Result<(), DemoError> {
        let over = Arc::new(AtomicBool::new(false));
        let (pipeline, watched) = (self.pipeline.clone(), over.clone());
        let watch = std::thread::spawn(move || watch(&pipeline, &watched));
        let started = self.pipeline.set_state(gst::State::Playing);
        let out = self.out.clone();
        let writer = std::thread::spawn(move || write(&out, inserter, sink));
        if started.is_ok() {
            self.feed(is_live, pictures, &stop, || writer.is_finished());
        }
        // An end of the stream that cannot be sent means that the pipeline has ended already.
        let _ = (self.video.end_of_stream(), self.audio.end_of_stream());
        let written = writer.join().unwrap_or_else(|_| Err(fault("writer", "it panicked")));
        over.store(true, Ordering::Relaxed);
        let watched = watch.join().unwrap_or_else(|_| Err(fault("watch", "it panicked")));
        let _ = self.pipeline.set_state(gst::State::Null);
        watched.and(written)
    }

    fn feed(&self, is_live: bool, pictures: Option<i64>, stop: &AtomicBool, is_over: impl Fn() -> bool) {
        for n in 0..pictures.unwrap_or(i64::MAX) {
            if stop.load(Ordering::Relaxed) || is_over() {
                break;
            }
            let media_ms = n * PICTURE_MS;
            if is_live {
                self.wait_until_due(media_ms);
            }
            let picture = self.paint(self.origin.at_ms(media_ms));
            let tones = sound::samples(self.origin.at_ms(media_ms), PICTURE_MS);
            if self.video.push_buffer(buffer(picture, media_ms)).is_err() || self.audio.push_buffer(buffer(tones, media_ms)).is_err() {
                break; // it failed, and the watch says why
            }
        }
    }

    fn wait_until_due(&self, media_ms: i64) {
        let (due, now) = (self.origin.at_ms(media_ms), SystemClock.now());
        if (now - due).abs() > CLOCK_STEP_MS {
            self.origin.set(now - media_ms);
        } else if due > now {
            std::thread::sleep(Duration::from_millis((due - now) as u64));
        }
    }

    fn paint(&self, at: UtcMs) -> Vec<u8> {
        let mut picture = vec![0; self.painter.len()];
        if self.interlaced {
            self.painter.paint(&mut picture, at, Lines::Even);
            self.painter.paint(&mut picture, at + PICTURE_MS / 2, Lines::Odd);
        } else {
            self.painter.paint(&mut picture, at, Lines::All);
        }
        picture
    }
}

fn fault(element: &str, message: &str) -> DemoError {
    DemoError::Pipeline { element: element.to_owned(), message: message.to_owned() }
}

/// Waits for an error, and then stops the pipeline: whoever feeds it or reads from it would wait for ever otherwise.
fn watch(pipeline: &gst::Pipeline, over: &AtomicBool) -> Result<(), DemoError> {
    let Some(bus) = pipeline.bus() else { return Ok(()) };
    while !over.load(Ordering::Relaxed) {
        let Some(message) = bus.timed_pop_filtered(gst::ClockTime::from_mseconds(100), &[gst::MessageType::Error]) else { continue };
        if let gst::MessageView::Error(error) = message.view() {
            let element = error.src().map_or_else(String::new, |source| source.name().to_string());
            let _ = pipeline.set_state(gst::State::Null);
            return Err(fault(&element, &format!("{} ({})", error.error(), error.debug().unwrap_or_default())));
        }
    }
    Ok(())
}

/// 16:9; an SD picture has the 720 columns of broadcasting.
fn size(format: &Format) -> (u32, u32) {
    match format.height {
        576 => (720, 576),
        height => (height * 16 / 9 / 2 * 2, height),
    }
}

fn describe(format: &Format, width: u32, height: u32, service: u16) -> String {
    let (kbps, key) = (format.bitrate / 1000, KEY_SECONDS * RATE);
    let aspect = if height == 576 { "64/45" } else { "1/1" };
    let scan = if format.interlaced { "interlace-mode=interleaved,field-order=top-field-first" } else { "interlace-mode=progressive" };
    let video_encoder = match format.codec {
        VideoCodec::H264 => format!(
            "x264enc bitrate={kbps} vbv-buf-capacity=1000 speed-preset=ultrafast key-int-max={key} threads=1 interlaced={} \
             option-string=cabac=1:bframes=2:deblock=1:scenecut=0:trellis=0 ! video/x-h264,profile={} ! h264parse config-interval=-1",
            format.interlaced,
            if format.interlaced { "high" } else { "main" },
        ),
        // Not libav's encoder: GStreamer 1.22 gives it a time base that it refuses. This one is slow, and gives B pictures wrong times: none are made.
        VideoCodec::Mpeg2 => format!(
            "mpeg2enc format=3 bitrate={kbps} aspect=3 min-gop-size=12 max-gop-size=12 b-per-refframe=0 interlace-mode={} ! mpegvideoparse",
            u8::from(format.interlaced),
        ),
    };
    let audio_encoder = match format.audio {
        AudioCodec::Aac => "audioconvert ! avenc_aac bitrate=128000 aac-coder=fast ! aacparse ! audio/mpeg,stream-format=adts",
        AudioCodec::Mp2 => "audioconvert ! avenc_mp2 bitrate=192000 ! mpegaudioparse",
    };
    // An encoder of MPEG-2 holds back seconds of pictures; the sound waits for them here.
    let waiting = "queue max-size-time=20000000000 max-size-buffers=0 max-size-bytes=0";
    let text = "font-desc=\"Noto Sans CJK SC Bold 20\" shaded-background=true";
    format!(
        "appsrc name=video format=time block=true max-buffers=8 max-bytes=0 \
           caps=video/x-raw,format=I420,width={width},height={height},framerate={RATE}/1,pixel-aspect-ratio={aspect},{scan} \
         ! textoverlay name=station {text} halignment=left valignment=top \
         ! textoverlay name=clock {text} halignment=right valignment=top \
         ! textoverlay name=title font-desc=\"Noto Sans CJK SC Bold 36\" shaded-background=true halignment=left valignment=bottom \
         ! queue max-size-buffers=4 ! {video_encoder} ! {waiting} ! mux.sink_256 \
         appsrc name=audio format=time block=true max-buffers=16 max-bytes=0 \
           caps=audio/x-raw,format=S16LE,rate={rate},channels={channels},layout=interleaved \
         ! {audio_encoder} ! {waiting} ! mux.sink_257 \
         mpegtsmux name=mux pcr-interval=2700 prog-map=program_map,sink_256=(int){service},sink_257=(int){service},PMT_{service}=(uint)4096,PCR_{service}=(string)sink_256 \
         ! appsink name=out sync=false max-buffers=200",
        rate = sound::RATE,
        channels = sound::CHANNELS,
    )
}

fn named<T: IsA<gst::Element>>(pipeline: &gst::Pipeline, name: &str) -> Result<T, DemoError> {
    pipeline.by_name(name).and_then(|element| element.downcast::<T>().ok()).ok_or_else(|| fault(name, "it is not there"))
}

fn buffer(bytes: Vec<u8>, media_ms: i64) -> gst::Buffer {
    let mut buffer = gst::Buffer::from_mut_slice(bytes);
    if let Some(buffer) = buffer.get_mut() {
        buffer.set_pts(gst::ClockTime::from_mseconds(media_ms as u64));
        buffer.set_duration(gst::ClockTime::from_mseconds(PICTURE_MS as u64));
    }
    buffer
}

/// The texts in the picture, set as each picture passes, so that they change with it exactly.
struct Texts {
    title: gst::Element,
    clock: gst::Element,
    zone: Zone,
    origin: Origin,
    said: (String, String),
}

impl Texts {
    fn follow(mut self, video: &AppSrc) {
        let Some(pad) = video.static_pad("src") else { return };
        let texts = std::sync::Mutex::new(move |media_ms| self.say(media_ms));
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
            if let (Some(pts), Ok(mut say)) = (info.buffer().and_then(|buffer| buffer.pts()), texts.lock()) {
                say(pts.mseconds() as i64);
            }
            gst::PadProbeReturn::Ok
        });
    }

    fn say(&mut self, media_ms: i64) {
        let now = self.origin.at_ms(media_ms);
        let title = schedule::at(now).programme.title.to_owned();
        let clock = format!("{} {}", self.zone.date(now), self.zone.time(now).strftime("%H:%M:%S"));
        if self.said.0 != title {
            self.title.set_property("text", &title);
            self.said.0 = title;
        }
        if self.said.1 != clock {
            self.clock.set_property("text", &clock);
            self.said.1 = clock;
        }
    }
}

/// Takes what the multiplexer makes until its end, and adds the guide.
fn write(out: &AppSink, mut inserter: Inserter, mut sink: Sink) -> Result<(), DemoError> {
    let mut media_ms = 0;
    while let Ok(sample) = out.pull_sample() {
        let Some(buffer) = sample.buffer() else { continue };
        media_ms = buffer.pts().map_or(media_ms, |pts| media_ms.max(pts.mseconds() as i64));
        for packet in inserter.at(media_ms) {
            sink.write(&packet)?;
        }
        let bytes = buffer.map_readable().map_err(|e| fault("out", &e.to_string()))?;
        sink.write(&bytes)?;
    }
    sink.finish()
}
