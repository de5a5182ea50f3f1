//! From the access units of one elementary stream to pictures or sound.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;
use yizhan::ts::StreamKind;

use super::events::Events;
use super::media_time::TimeBase;
use super::parent::Pulse;

#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("no decoder for {0:?}")]
    Unknown(StreamKind),
    #[error("pipeline `{line}`: {source}")]
    Build { line: String, source: gst::glib::Error },
    #[error("pipeline `{0}` has no element `{1}`")]
    Lacks(String, &'static str),
    #[error("pipeline `{0}` does not start")]
    Start(String),
    /// The element and what it said.
    #[error("{0}: {1}")]
    Broken(String, String),
}

/// What a decoder needs of the task.
#[derive(Clone)]
pub struct Surroundings {
    pub events: Arc<Events>,
    pub pulse: Pulse,
    pub base: TimeBase,
}

/// A running pipeline with one entry. Its output goes to closures on the pipeline's own threads.
pub struct Pipeline {
    pipeline: gst::Pipeline,
    entry: gst_app::AppSrc,
    line: String,
    around: Surroundings,
    room: Arc<Room>,
}

/// Whether the entry takes more. Its own way of blocking would not end when the pipeline breaks.
#[derive(Default)]
struct Room {
    full: Mutex<bool>,
    changed: Condvar,
}

/// Bytes that may wait in front of a decoder or of the encoders (a 1080p picture has 3.1 MB).
pub const WAITING_BYTES: u64 = 13 << 20;

impl Pipeline {
    /// Builds what `line` says; it has an `appsrc name=in`.
    pub fn build(line: &str, caps: Option<&gst::Caps>, around: Surroundings) -> Result<Self, DecodeError> {
        let build = |source| DecodeError::Build { line: line.to_owned(), source };
        let pipeline = gst::parse::launch(line).map_err(build)?.downcast::<gst::Pipeline>().map_err(|_| DecodeError::Lacks(line.to_owned(), "pipeline"))?;
        let entry = pipeline.by_name("in").and_then(|e| e.downcast::<gst_app::AppSrc>().ok()).ok_or_else(|| DecodeError::Lacks(line.to_owned(), "in"))?;
        entry.set_format(gst::Format::Time);
        entry.set_max_bytes(WAITING_BYTES);
        entry.set_property("min-percent", 50u32);
        entry.set_caps(caps);
        let room = Arc::<Room>::default();
        let (needs, enough) = (Arc::clone(&room), Arc::clone(&room));
        entry.set_callbacks(gst_app::AppSrcCallbacks::builder().need_data(move |_, _| needs.set(false)).enough_data(move |_| enough.set(true)).build());
        Ok(Self { pipeline, entry, line: line.to_owned(), around, room })
    }

    /// Hands what arrives at the `appsink` of this name to `take`.
    pub fn on_sample(&self, sink: &'static str, mut take: impl FnMut(gst::Sample) + Send + 'static) -> Result<(), DecodeError> {
        let sink =
            self.pipeline.by_name(sink).and_then(|e| e.downcast::<gst_app::AppSink>().ok()).ok_or_else(|| DecodeError::Lacks(self.line.clone(), sink))?;
        sink.set_property("sync", false);
        sink.set_property("async", false);
        sink.set_property("max-buffers", 2u32);
        accept_padded_pictures(sink.upcast_ref());
        let pulse = self.around.pulse.clone();
        sink.set_callbacks(
            gst_app::AppSinkCallbacks::builder()
                .new_sample(move |sink| {
                    pulse.beat();
                    take(sink.pull_sample().map_err(|_| gst::FlowError::Eos)?);
                    Ok(gst::FlowSuccess::Ok)
                })
                .build(),
        );
        Ok(())
    }

    pub fn element(&self, name: &str) -> Option<gst::Element> {
        self.pipeline.by_name(name)
    }

    pub fn start(&self) -> Result<(), DecodeError> {
        self.pipeline.set_state(gst::State::Playing).map(|_| ()).map_err(|_| self.error().unwrap_or_else(|| DecodeError::Start(self.line.clone())))
    }

    /// Waits while too much is waiting. An error is the pipeline's end.
    pub fn push(&self, buffer: gst::Buffer) -> Result<(), DecodeError> {
        self.wait_for_room()?;
        let pushed = self.entry.push_buffer(buffer);
        self.after_push(pushed)
    }

    /// The same, with caps that may differ from the last.
    pub fn push_sample(&self, sample: &gst::Sample) -> Result<(), DecodeError> {
        self.wait_for_room()?;
        let pushed = self.entry.push_sample(sample);
        self.after_push(pushed)
    }

    fn wait_for_room(&self) -> Result<(), DecodeError> {
        while !self.room.wait() {
            if let Some(error) = self.error() {
                return Err(error);
            }
        }
        Ok(())
    }

    fn after_push(&self, pushed: Result<gst::FlowSuccess, gst::FlowError>) -> Result<(), DecodeError> {
        self.around.pulse.beat();
        match (self.error(), pushed) {
            (Some(error), _) => Err(error),
            (None, Err(flow)) => Err(DecodeError::Broken("appsrc".to_owned(), format!("{flow:?}"))),
            (None, Ok(_)) => Ok(()),
        }
    }

    /// Passes warnings on and returns the first error.
    fn error(&self) -> Option<DecodeError> {
        let bus = self.pipeline.bus()?;
        while let Some(message) = bus.pop_filtered(&[gst::MessageType::Error, gst::MessageType::Warning]) {
            if let Some(error) = self.judge(&message) {
                return Some(error);
            }
        }
        None
    }

    fn judge(&self, message: &gst::Message) -> Option<DecodeError> {
        let from = message.src().map_or_else(String::new, |s| s.name().to_string());
        match message.view() {
            gst::MessageView::Error(e) => Some(DecodeError::Broken(from, e.error().to_string())),
            gst::MessageView::Warning(w) => {
                self.around.events.warn(format!("{from}: {}", w.error()));
                None
            }
            _ => None,
        }
    }

    /// Ends the input and waits until everything has come out.
    pub fn finish(&self) -> Result<(), DecodeError> {
        let _ = self.entry.end_of_stream(); // refused only by a pipeline that has ended already
        let bus = self.pipeline.bus().ok_or_else(|| DecodeError::Lacks(self.line.clone(), "bus"))?;
        let wanted = [gst::MessageType::Eos, gst::MessageType::Error, gst::MessageType::Warning];
        loop {
            let Some(message) = bus.timed_pop_filtered(gst::ClockTime::from_mseconds(Duration::from_secs(1).as_millis() as u64), &wanted) else { continue };
            if message.type_() == gst::MessageType::Eos {
                return Ok(());
            }
            if let Some(error) = self.judge(&message) {
                return Err(error);
            }
        }
    }
}

impl Room {
    fn set(&self, full: bool) {
        *self.full.lock().unwrap_or_else(PoisonError::into_inner) = full;
        self.changed.notify_all();
    }

    /// Whether there is room, after waiting for it a little.
    fn wait(&self) -> bool {
        let full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(full, Duration::from_millis(200), |full| *full);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null); // nothing can be done about a pipeline that does not stop
    }
}

/// libav's decoder writes into padded pictures and would copy each of them for a sink that does not say it takes those.
fn accept_padded_pictures(sink: &gst::Element) {
    let Some(pad) = sink.static_pad("sink") else { return };
    pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| match info.query_mut().map(|q| q.view_mut()) {
        Some(gst::QueryViewMut::Allocation(allocation)) => {
            allocation.add_allocation_meta::<gst_video::VideoMeta>(None);
            gst::PadProbeReturn::Handled
        }
        _ => gst::PadProbeReturn::Ok,
    });
}

/// One elementary stream's decoder: access units in, decoded samples to `take`.
pub struct Decoder {
    pipeline: Pipeline,
    kind: StreamKind,
    base: TimeBase,
}

impl Decoder {
    /// `threads`: each beyond the first costs CPU seconds (13 % for two at 1080p) and is worth it where somebody waits.
    pub fn start(kind: StreamKind, threads: u32, around: Surroundings, take: impl FnMut(gst::Sample) + Send + 'static) -> Result<Self, DecodeError> {
        let (caps, mut chain) = chain(kind).map(|(caps, chain)| (caps, chain.to_owned())).ok_or(DecodeError::Unknown(kind))?;
        if kind.is_video() {
            chain += &format!(" max-threads={threads}");
        }
        let after = if kind.is_audio() { " ! audioconvert ! audioresample ! audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=2" } else { "" };
        let line = format!("appsrc name=in ! {chain}{after} ! appsink name=out");
        let base = around.base;
        let pipeline = Pipeline::build(&line, Some(&caps), around)?;
        pipeline.on_sample("out", take)?;
        pipeline.start()?;
        Ok(Self { pipeline, kind, base })
    }

    pub fn kind(&self) -> StreamKind {
        self.kind
    }

    pub fn push(&self, data: Vec<u8>, pts_90k: Option<i64>, dts_90k: Option<i64>) -> Result<(), DecodeError> {
        let mut buffer = gst::Buffer::from_mut_slice(data);
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(pts_90k.and_then(|t| self.base.to_buffer(t)));
            buffer.set_dts(dts_90k.and_then(|t| self.base.to_buffer(t)));
        }
        self.pipeline.push(buffer)
    }

    pub fn finish(self) -> Result<(), DecodeError> {
        self.pipeline.finish()
    }
}

/// The caps of the stream as it stands in PES packets, and the elements that decode it.
fn chain(kind: StreamKind) -> Option<(gst::Caps, &'static str)> {
    let caps = |name: &str| gst::Caps::builder(name);
    Some(match kind {
        StreamKind::Mpeg2Video => (caps("video/mpeg").field("mpegversion", 2i32).field("systemstream", false).build(), "mpegvideoparse ! avdec_mpeg2video"),
        StreamKind::H264 => (caps("video/x-h264").field("stream-format", "byte-stream").build(), "h264parse ! avdec_h264"),
        // Without h265parse, which in 1.22 refuses parameter sets that libav reads: an access unit is a whole picture already.
        StreamKind::H265 => (caps("video/x-h265").field("stream-format", "byte-stream").field("alignment", "au").build(), "avdec_h265"),
        StreamKind::Mp2 => (caps("audio/mpeg").field("mpegversion", 1i32).build(), "mpegaudioparse ! mpg123audiodec"),
        StreamKind::AacAdts => (caps("audio/mpeg").field("mpegversion", 4i32).field("stream-format", "adts").build(), "aacparse ! avdec_aac"),
        StreamKind::AacLatm => (caps("audio/mpeg").field("mpegversion", 4i32).field("stream-format", "loas").build(), "aacparse ! avdec_aac_latm"),
        StreamKind::Ac3 => (caps("audio/x-ac3").build(), "ac3parse ! avdec_ac3"),
        StreamKind::EAc3 => (caps("audio/x-eac3").build(), "ac3parse ! avdec_eac3"),
        StreamKind::DvbSubtitle | StreamKind::Teletext | StreamKind::Other => return None,
    })
}
