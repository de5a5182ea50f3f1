//! Poster and thumbnails, from the pictures that are decoded anyway.

use std::path::Path;
use std::sync::{Arc, Mutex};

use gstreamer as gst;
use gstreamer_video as gst_video;
use yizhan::base::work::Event;

use super::decode::{DecodeError, Pipeline, Surroundings};
use super::rendition::{PublishError, Shelf};
use super::sprite::{Place, Sprite, THUMBNAIL_WIDTH, to_jpeg};

/// A poster is at most so wide.
const POSTER_WIDTH: u32 = 1280;
/// Seconds after the wanted time at which a picture may be better.
const CANDIDATES_SECONDS: [i64; 5] = [0, 1, 2, 4, 7];

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct StillsPlan {
    pub from_90k: i64,
    pub poster_90k: i64,
    pub thumbnail_seconds: u32,
    pub interlaced: bool,
}

/// Picks pictures and makes them small.
pub struct Stills {
    plan: StillsPlan,
    shelf: Shelf,
    around: Surroundings,
    next_thumbnail_90k: i64,
    candidates_90k: Vec<i64>,
    thumbnails: Option<Branch>,
    posters: Option<Branch>,
    /// Media times of the thumbnails taken, in order.
    taken_90k: Vec<i64>,
    made: Arc<Mutex<Made>>,
}

#[derive(Default)]
struct Made {
    poster: Option<(f64, gst::Sample)>,
    sprite: Sprite,
    sprites: u32,
    size: Option<(u32, u32)>,
    error: Option<String>,
}

/// A scaler for single pictures.
struct Branch(Pipeline);

impl Stills {
    pub fn new(plan: StillsPlan, shelf: Shelf, around: Surroundings) -> Self {
        let candidates_90k = CANDIDATES_SECONDS.iter().rev().map(|s| plan.poster_90k + s * 90_000).collect();
        Self {
            plan,
            shelf,
            around,
            next_thumbnail_90k: plan.from_90k,
            candidates_90k,
            thumbnails: None,
            posters: None,
            taken_90k: Vec::new(),
            made: Arc::default(),
        }
    }

    /// Looks at the next picture in showing order.
    pub fn offer(&mut self, picture: &gst::Sample, media_90k: i64) -> Result<(), DecodeError> {
        let step = i64::from(self.plan.thumbnail_seconds.max(1)) * 90_000;
        if media_90k >= self.next_thumbnail_90k {
            self.next_thumbnail_90k = self.plan.from_90k + ((media_90k - self.plan.from_90k).div_euclid(step) + 1) * step;
            self.taken_90k.push(media_90k);
            self.thumbnail(picture)?;
        }
        let due = self.candidates_90k.last().is_some_and(|&at| media_90k >= at);
        if due || self.posters.is_none() {
            self.candidates_90k.retain(|&at| at > media_90k);
            self.poster(picture, due)?;
        }
        Ok(())
    }

    fn thumbnail(&mut self, picture: &gst::Sample) -> Result<(), DecodeError> {
        if self.thumbnails.is_none() {
            let shown = shown_size(picture);
            let height = (f64::from(THUMBNAIL_WIDTH) * shown.1 / shown.0 / 2.0).round().clamp(1.0, 160.0) as u32 * 2;
            let (made, shelf) = (Arc::clone(&self.made), self.shelf.clone());
            self.thumbnails = Some(Branch::start((THUMBNAIL_WIDTH, height), self.plan.interlaced, &self.around, move |small| {
                if let Ok(mut made) = made.lock()
                    && let Err(e) = made.add_thumbnail(&small, &shelf)
                {
                    made.error = Some(e);
                }
            })?);
        }
        self.thumbnails.as_ref().map_or(Ok(()), |branch| branch.push(picture))
    }

    /// `due`: near the wanted time; else it is only better than none.
    fn poster(&mut self, picture: &gst::Sample, due: bool) -> Result<(), DecodeError> {
        if self.posters.is_none() {
            let shown = shown_size(picture);
            let scale = (f64::from(POSTER_WIDTH) / shown.0).min(1.0);
            let even = |length: f64| ((length * scale / 2.0).round() as u32 * 2).max(2);
            let made = Arc::clone(&self.made);
            let mut first_is_due = Some(due);
            self.posters = Some(Branch::start((even(shown.0), even(shown.1)), self.plan.interlaced, &self.around, move |small| {
                let weight = if first_is_due.take().unwrap_or(true) { 1.0 } else { 0.001 };
                let worth = weight * contrast(&small);
                if let Ok(mut made) = made.lock()
                    && made.poster.as_ref().is_none_or(|(best, _)| worth > *best)
                {
                    made.poster = Some((worth, small));
                }
            })?);
        }
        self.posters.as_ref().map_or(Ok(()), |branch| branch.push(picture))
    }

    /// Writes what was gathered. `played_ms` says when a media time is played, in milliseconds from the beginning.
    pub fn finish(mut self, played_ms: impl Fn(i64) -> i64, length_ms: i64) -> Result<(), String> {
        for branch in [self.posters.take(), self.thumbnails.take()].into_iter().flatten() {
            branch.0.finish().map_err(|e| e.to_string())?;
        }
        let mut made = self.made.lock().map_err(|e| e.to_string())?;
        if let Some(error) = made.error.take() {
            return Err(error);
        }
        if let Some((_, poster)) = made.poster.take() {
            self.put("poster.jpg", &to_jpeg(&poster)?)?;
            self.around.events.tell(&Event::Poster);
        }
        made.write_sprite(&self.shelf)?;
        let Some(size) = made.size else { return Ok(()) };
        self.put("thumbnails.vtt", vtt(&self.taken_90k, size, played_ms, length_ms).as_bytes())?;
        self.shelf.sync(Path::new("")).map_err(|e| e.to_string())?;
        self.around.events.tell(&Event::Thumbnails);
        Ok(())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.shelf.put(Path::new(name), bytes).map_err(|e: PublishError| e.to_string())
    }
}

impl Made {
    fn add_thumbnail(&mut self, small: &gst::Sample, shelf: &Shelf) -> Result<(), String> {
        let info = small.caps().and_then(|c| gst_video::VideoInfo::from_caps(c).ok()).ok_or("a thumbnail without a size")?;
        self.size = Some((info.width(), info.height()));
        if self.sprite.add(small, &info)? {
            self.write_sprite(shelf)?;
        }
        Ok(())
    }

    fn write_sprite(&mut self, shelf: &Shelf) -> Result<(), String> {
        let Some(picture) = std::mem::take(&mut self.sprite).picture()? else { return Ok(()) };
        let name = format!("sprite-{}.jpg", self.sprites);
        self.sprites += 1;
        shelf.put(Path::new(&name), &to_jpeg(&picture)?).map_err(|e| e.to_string())
    }
}

impl Branch {
    fn start(
        (width, height): (u32, u32),
        interlaced: bool,
        around: &Surroundings,
        take: impl FnMut(gst::Sample) + Send + 'static,
    ) -> Result<Self, DecodeError> {
        let mode = if interlaced { "interlaced" } else { "auto" };
        let line = format!(
            "appsrc name=in ! videoconvert ! video/x-raw,format=I420 ! deinterlace method=linear mode={mode} fields=top \
             ! videoconvertscale method=bilinear2 ! video/x-raw,format=I420,width={width},height={height},pixel-aspect-ratio=1/1 ! appsink name=out"
        );
        let pipeline = Pipeline::build(&line, None, around.clone())?;
        pipeline.on_sample("out", take)?;
        pipeline.start()?;
        Ok(Self(pipeline))
    }

    fn push(&self, picture: &gst::Sample) -> Result<(), DecodeError> {
        self.0.push_sample(picture)
    }
}

/// With square pixels.
fn shown_size(picture: &gst::Sample) -> (f64, f64) {
    match picture.caps().and_then(|c| gst_video::VideoInfo::from_caps(c).ok()) {
        Some(info) if info.par().numer() > 0 => {
            (f64::from(info.width().max(2)) * f64::from(info.par().numer()) / f64::from(info.par().denom()), f64::from(info.height().max(2)))
        }
        _ => (1280.0, 720.0),
    }
}

/// How much there is to see: the standard deviation of brightness. Black, white and single-coloured pictures have next to none.
fn contrast(picture: &gst::Sample) -> f64 {
    let Some((buffer, info)) = picture.buffer().zip(picture.caps().and_then(|c| gst_video::VideoInfo::from_caps(c).ok())) else { return 0.0 };
    let Ok(frame) = gst_video::VideoFrameRef::from_buffer_ref_readable(buffer, &info) else { return 0.0 };
    let Ok(luma) = frame.plane_data(0) else { return 0.0 };
    // Every 31st byte is enough, and prime to usual strides.
    let (mut count, mut sum, mut squares) = (0f64, 0f64, 0f64);
    for &y in luma.iter().step_by(31) {
        let y = f64::from(y);
        count += 1.0;
        sum += y;
        squares += y * y;
    }
    let mean = sum / count.max(1.0);
    (squares / count.max(1.0) - mean * mean).max(0.0).sqrt()
}

/// WebVTT: which place of which sprite is shown when (as Jellyfin, JW Player and others read it).
fn vtt(taken_90k: &[i64], (width, height): (u32, u32), played_ms: impl Fn(i64) -> i64, length_ms: i64) -> String {
    let mut text = "WEBVTT\n".to_owned();
    for (i, &at) in taken_90k.iter().enumerate() {
        let from = if i == 0 { 0 } else { played_ms(at) };
        let to = taken_90k.get(i + 1).map_or(length_ms, |&next| played_ms(next));
        if to <= from {
            continue;
        }
        let Place { sprite, column, row } = Place::of(i);
        text += &format!("\n{} --> {}\nsprite-{sprite}.jpg#xywh={},{},{width},{height}\n", clock(from), clock(to), column * width, row * height);
    }
    text
}

/// `01:02:03.004`
fn clock(ms: i64) -> String {
    let ms = ms.max(0);
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_name_their_place() {
        let taken: Vec<i64> = (0..102).map(|i| i * 900_000).collect();
        let text = vtt(&taken, (160, 90), |t| t / 90, 1_015_000);
        assert!(text.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nsprite-0.jpg#xywh=0,0,160,90\n"));
        assert!(text.contains("\n00:01:50.000 --> 00:02:00.000\nsprite-0.jpg#xywh=160,90,160,90\n"));
        assert!(text.ends_with("\n00:16:50.000 --> 00:16:55.000\nsprite-1.jpg#xywh=160,0,160,90\n"));
    }
}
