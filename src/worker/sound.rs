//! The sound rungs: decoded sound, put on its line, to AAC.

use std::sync::{Arc, Mutex};

use gstreamer as gst;
use yizhan::base::work::{AudioRung, Event};
use yizhan::cmaf::Sample;

use super::decode::{DecodeError, Pipeline, Surroundings};
use super::pcm::{FRAME, Line, Placement, RATE, frame_start, samples_at};
use super::rendition::PublishError;
use super::segments::Segmenter;

/// Bytes of one sample of two channels in 32-bit floats.
const SAMPLE_BYTES: usize = 8;

/// Takes decoded sound (32-bit float, stereo, 48 kHz) and encodes every rung.
pub struct Sound {
    rungs: Vec<(AudioRung, Arc<Mutex<Segmenter>>)>,
    /// Shown are [from, to), in samples of the line.
    from: i64,
    to: i64,
    line: Line,
    run: Option<Run>,
    heard: bool,
    around: Surroundings,
}

/// Encoders over a stretch without a gap.
struct Run {
    pipeline: Pipeline,
    /// Samples given since its start.
    pushed: i64,
}

impl Sound {
    pub fn new(rungs: Vec<(AudioRung, Arc<Mutex<Segmenter>>)>, from_90k: i64, to_90k: Option<i64>, around: Surroundings) -> Self {
        let to = to_90k.map_or(i64::MAX, samples_at);
        Self { rungs, from: samples_at(from_90k), to, line: Line::default(), run: None, heard: false, around }
    }

    /// Takes the next piece of decoded sound.
    pub fn take(&mut self, decoded: &gst::Sample) -> Result<(), DecodeError> {
        let Some(buffer) = decoded.buffer() else { return Ok(()) };
        let (Some(pts), Ok(bytes)) = (buffer.pts(), buffer.map_readable()) else { return Ok(()) };
        let start = samples_at(self.around.base.to_media_90k(pts));
        let length = (bytes.len() / SAMPLE_BYTES) as i64;
        // Two frames before the cut are encoded too, and left out: so the first one that is kept is whole, and no priming needs to be hidden.
        if start + length <= self.from - 2 * FRAME || start >= self.to.saturating_add(FRAME) {
            return Ok(());
        }
        self.heard |= start < self.to && start + length > self.from;
        let silence_and_skip = match self.line.place(start, length) {
            Placement::Nothing => return Ok(()),
            Placement::Run { at } => {
                self.end_run()?;
                self.run = Some(self.begin_run(at)?);
                (0, 0)
            }
            Placement::Continue { silence, skip } => (silence, skip),
        };
        let (silence, skip) = silence_and_skip;
        let mut samples = vec![0u8; silence as usize * SAMPLE_BYTES];
        samples.extend_from_slice(&bytes[skip as usize * SAMPLE_BYTES..length as usize * SAMPLE_BYTES]);
        match &mut self.run {
            Some(run) => run.push(samples),
            None => Ok(()),
        }
    }

    fn begin_run(&self, start: i64) -> Result<Run, DecodeError> {
        let mut line = "appsrc name=in ! audioconvert ! tee name=t".to_owned();
        for (i, (rung, _)) in self.rungs.iter().enumerate() {
            line +=
                &format!("  t. ! queue ! avenc_aac bitrate={} ! audio/mpeg,mpegversion=4,stream-format=raw ! appsink name={}", rung.bitrate_bps, sink_name(i));
        }
        let caps = gst::Caps::builder("audio/x-raw")
            .field("format", "F32LE")
            .field("layout", "interleaved")
            .field("rate", RATE as i32)
            .field("channels", 2i32)
            .field("channel-mask", gst::Bitmask::new(3))
            .build();
        let pipeline = Pipeline::build(&line, Some(&caps), self.around.clone())?;
        for (i, (_, segmenter)) in self.rungs.iter().enumerate() {
            let (segmenter, around) = (Arc::clone(segmenter), self.around.clone());
            let (from, to) = (self.from, self.to);
            let mut n = 0;
            pipeline.on_sample(sink_name(i), move |encoded| {
                let at = frame_start(start, n);
                n += 1;
                if (from..to).contains(&at)
                    && let Err(message) = take_encoded(&encoded, at, &segmenter)
                {
                    around.events.tell(&Event::Failed { message });
                    std::process::exit(1);
                }
            })?;
        }
        pipeline.start()?;
        Ok(Run { pipeline, pushed: 0 })
    }

    fn end_run(&mut self) -> Result<(), DecodeError> {
        self.run.take().map_or(Ok(()), |run| run.pipeline.finish())
    }

    /// Encodes the rest. Whether any sound was there at all, and what is to be told of the rungs.
    pub fn finish(&mut self) -> Result<(bool, Vec<Event>), FinishError> {
        self.end_run()?;
        let mut told = Vec::new();
        for (_, segmenter) in &self.rungs {
            if let Ok(mut segmenter) = segmenter.lock() {
                told.extend(segmenter.finish()?);
            }
        }
        Ok((self.heard, told))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Publish(#[from] PublishError),
}

impl Run {
    fn push(&mut self, samples: Vec<u8>) -> Result<(), DecodeError> {
        let length = (samples.len() / SAMPLE_BYTES) as i64;
        let time = |samples: i64| gst::ClockTime::from_nseconds((samples as u64).saturating_mul(1_000_000_000) / RATE as u64);
        let (from, to) = (time(self.pushed), time(self.pushed + length));
        let mut buffer = gst::Buffer::from_mut_slice(samples);
        if let Some(buffer) = buffer.get_mut() {
            buffer.set_pts(from); // counted from the run's start: the encoder sees no jump
            buffer.set_duration(to - from);
        }
        self.pushed += length;
        self.pipeline.push(buffer)
    }
}

/// One AAC frame, heard from sample `at` of the line, to its segmenter.
fn take_encoded(encoded: &gst::Sample, at: i64, segmenter: &Mutex<Segmenter>) -> Result<(), String> {
    let (Some(buffer), Ok(mut segmenter)) = (encoded.buffer(), segmenter.lock()) else { return Ok(()) };
    if !segmenter.rendition().is_described() {
        let config = encoded.caps().and_then(|c| c.structure(0)?.get::<gst::Buffer>("codec_data").ok());
        let config = config.and_then(|b| b.map_readable().ok().map(|m| m.to_vec())).ok_or("the encoder gave no description of its sound")?;
        segmenter.rendition().describe_audio(&config).map_err(|e| e.to_string())?;
    }
    let data = buffer.map_readable().map_err(|e| e.to_string())?.to_vec();
    segmenter.push(Sample { dts: at, pts: at, duration: FRAME as u32, key: true, data }).map_err(|e| e.to_string())
}

fn sink_name(i: usize) -> &'static str {
    const NAMES: [&str; 4] = ["out-0", "out-1", "out-2", "out-3"];
    NAMES[i.min(NAMES.len() - 1)]
}

/// A task may have so many sound rungs.
pub const MOST_RUNGS: usize = 4;
