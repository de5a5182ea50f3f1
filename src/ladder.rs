//! Which renditions an asset or a live conversion gets: a pure decision from what the source is.
//!
//! - What browsers play (progressive H.264, AAC) is copied, never encoded again; smaller rungs for thin lines are encoded beside it.
//! - Everything else is encoded from the largest rung that fits.
//! - No rung is larger than the source, in picture or in bits. A source between two rungs (432 lines) gets the upper one at its own size, unless the
//!   lower one is nearly as large: 576 lines of 720 hold no more than 854×480 does, so they get no rung of their own.
//! - Pixels are square in every encoded rung: 720×576 of 64:45 is shown as 1024×576, and 854×480 keeps that shape.
//! - Above 30 pictures a second, rungs of up to 480 lines take every second picture: on a thin line sharpness is worth more than smoothness.

use crate::base::work::{AudioRung, VideoRung};
use crate::cmaf::{Probe, is_browser_playable};

/// What the source is, as far as the ladder depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub picture: Option<SourcePicture>,
    pub sound: Option<SourceSound>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePicture {
    /// Coded size, cropping applied.
    pub width: u32,
    pub height: u32,
    /// Width to height of one pixel; (1, 1) where unknown.
    pub pixel_aspect: (u32, u32),
    /// 0 where unknown.
    pub frame_rate_milli: u32,
    /// 0 where unknown.
    pub bitrate_bps: u32,
    /// Browsers play it as it is (`cmaf::is_browser_playable`).
    pub browser_playable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSound {
    /// 0 where unknown.
    pub bitrate_bps: u32,
    pub browser_playable: bool,
}

impl Source {
    /// From what was found in a piece of the source; `bitrate_bps` of all of it, 0 where unknown.
    pub fn of(probe: &Probe, bitrate_bps: u32) -> Self {
        let playable = |part: Probe| is_browser_playable(&part).is_ok();
        let picture = probe.video.as_ref().map(|video| SourcePicture {
            width: video.width,
            height: video.height,
            pixel_aspect: video.pixel_aspect,
            frame_rate_milli: video.frame_rate_milli.unwrap_or(0),
            bitrate_bps,
            browser_playable: playable(Probe { audio: None, ..probe.clone() }),
        });
        let sound = probe.audio.as_ref().map(|_| SourceSound { bitrate_bps: 0, browser_playable: playable(Probe { video: None, ..probe.clone() }) });
        Self { picture, sound }
    }
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ladder {
    /// The picture is copied as rung `source`.
    pub copy_video: bool,
    /// The sound is copied as rung `audio`.
    pub copy_audio: bool,
    /// Encoded, largest first.
    pub video: Vec<VideoRung>,
    pub audio: Vec<AudioRung>,
}

struct Step {
    name: &'static str,
    width: u32,
    height: u32,
    bitrate_bps: u32,
}

const STEPS: [Step; 4] = [
    Step { name: "1080p", width: 1920, height: 1080, bitrate_bps: 4_000_000 },
    Step { name: "720p", width: 1280, height: 720, bitrate_bps: 2_000_000 },
    Step { name: "480p", width: 854, height: 480, bitrate_bps: 800_000 },
    Step { name: "270p", width: 480, height: 270, bitrate_bps: 300_000 },
];

/// A rung is worth its bits when the one below has less than this share of its lines.
const WORTHWHILE: f64 = 0.8;
const SOUND: Sound = Sound { name: "audio-128k", bitrate_bps: 128_000 };
const THIN_SOUND: Sound = Sound { name: "audio-48k", bitrate_bps: 48_000 };
/// A copied sound up to this needs no thinner one beside it.
const THIN_ENOUGH_BPS: u32 = 64_000;
/// Rungs of so many lines or fewer take at most 30 pictures a second.
const HALVED_LINES: u32 = 480;
const LEAST_BPS: u32 = 100_000;
/// A live conversion is made for each channel being watched: one rung, no larger than this.
const LIVE_LINES: u32 = 720;
/// What follows a tape runs beside everything else.
const FOLLOWED_LINES: u32 = 480;

struct Sound {
    name: &'static str,
    bitrate_bps: u32,
}

impl Sound {
    fn rung(&self) -> AudioRung {
        AudioRung { name: self.name.to_owned(), bitrate_bps: self.bitrate_bps }
    }
}

/// The renditions of an asset.
pub fn for_asset(source: &Source) -> Ladder {
    let copy_video = source.picture.as_ref().is_some_and(|p| p.browser_playable);
    let copy_audio = source.sound.as_ref().is_some_and(|s| s.browser_playable);
    let mut video = source.picture.as_ref().map(encoded_rungs).unwrap_or_default();
    if let Some(picture) = source.picture.as_ref().filter(|_| copy_video) {
        video.retain(|rung| f64::from(rung.height) < WORTHWHILE * shown_size(picture).1);
    }
    let audio = match &source.sound {
        None => vec![],
        Some(sound) if sound.browser_playable && (1..=THIN_ENOUGH_BPS).contains(&sound.bitrate_bps) => vec![],
        Some(sound) if sound.browser_playable => vec![THIN_SOUND.rung()],
        Some(_) => vec![SOUND.rung(), THIN_SOUND.rung()],
    };
    Ladder { copy_video, copy_audio, video, audio }
}

/// The renditions of a live conversion, which is only asked for where browsers cannot play the source: one picture and one sound.
pub fn for_live(source: &Source) -> Ladder {
    let mut video = source.picture.as_ref().map(encoded_rungs).unwrap_or_default();
    if let Some(best) = video.iter().position(|rung| rung.height <= LIVE_LINES) {
        video = vec![video.swap_remove(best)];
    }
    let audio = source.sound.iter().map(|_| SOUND.rung()).collect();
    Ladder { copy_video: false, copy_audio: false, video, audio }
}

/// What of an asset's ladder is encoded while its programme is still on, where nothing is copied: what players begin with, one picture and one sound.
pub fn to_follow(ladder: &Ladder) -> Ladder {
    let thin = ladder.video.iter().find(|rung| rung.height <= FOLLOWED_LINES).or(ladder.video.last());
    Ladder { copy_video: false, copy_audio: false, video: thin.into_iter().cloned().collect(), audio: ladder.audio.first().into_iter().cloned().collect() }
}

/// Every rung that the source fills, largest first; at least one.
fn encoded_rungs(picture: &SourcePicture) -> Vec<VideoRung> {
    let shown = shown_size(picture);
    let mut rungs: Vec<VideoRung> = Vec::new();
    for (i, step) in STEPS.iter().enumerate() {
        let (width, height) = fit(shown, step);
        let is_last = i + 1 == STEPS.len();
        let below = STEPS.get(i + 1).map_or((0, 0), |next| fit(shown, next));
        let fills = f64::from(width) + 2.0 > f64::from(step.width) || f64::from(height) + 2.0 > f64::from(step.height);
        if fills || is_last || f64::from(below.1) < WORTHWHILE * f64::from(height) && below != (width, height) {
            rungs.push(VideoRung {
                name: step.name.to_owned(),
                width,
                height,
                bitrate_bps: bitrate_bps(picture, shown, step, (width, height)),
                frame_rate_limit: if picture.frame_rate_milli > 30_500 && height <= HALVED_LINES { 30 } else { 0 },
            });
        }
    }
    rungs.dedup_by(|later, earlier| (later.width, later.height) == (earlier.width, earlier.height));
    rungs
}

/// The size with square pixels: the lines are kept, the width follows.
fn shown_size(picture: &SourcePicture) -> (f64, f64) {
    let (x, y) = match picture.pixel_aspect {
        (0, _) | (_, 0) => (1, 1),
        known => known,
    };
    (f64::from(picture.width.max(2)) * f64::from(x) / f64::from(y), f64::from(picture.height.max(2)))
}

/// The largest even size of the shown shape inside the step's box and the source.
fn fit((width, height): (f64, f64), step: &Step) -> (u32, u32) {
    let scale = (f64::from(step.width) / width).min(f64::from(step.height) / height).min(1.0);
    (even(width * scale, width), even(height * scale, height))
}

/// The nearest even number that is at least 2 and not above `most`.
fn even(length: f64, most: f64) -> u32 {
    let nearest = (length / 2.0).round() * 2.0;
    let bounded = if nearest > most { (most / 2.0).floor() * 2.0 } else { nearest };
    bounded.max(2.0) as u32
}

/// The step's rate, less for fewer pixels (with the power of 0.75: smaller pictures need more bits a pixel), and never above what the source has for them.
fn bitrate_bps(picture: &SourcePicture, shown: (f64, f64), step: &Step, (width, height): (u32, u32)) -> u32 {
    let area = f64::from(width) * f64::from(height);
    let of_step = f64::from(step.bitrate_bps) * (area / (f64::from(step.width) * f64::from(step.height))).min(1.0).powf(0.75);
    let of_source = match picture.bitrate_bps {
        0 => f64::MAX,
        known => f64::from(known) * (area / (shown.0 * shown.1)).min(1.0).powf(0.75),
    };
    let least = if picture.bitrate_bps == 0 { LEAST_BPS } else { LEAST_BPS.min(picture.bitrate_bps) };
    (of_step.min(of_source) as u32).max(least)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture(width: u32, height: u32, pixel_aspect: (u32, u32), browser_playable: bool) -> SourcePicture {
        SourcePicture { width, height, pixel_aspect, frame_rate_milli: 25_000, bitrate_bps: 8_000_000, browser_playable }
    }

    fn rungs(picture: SourcePicture) -> Vec<(String, u32, u32)> {
        let ladder = for_asset(&Source { picture: Some(picture), sound: None });
        ladder.video.into_iter().map(|r| (r.name, r.width, r.height)).collect()
    }

    fn named(list: &[(&str, u32, u32)]) -> Vec<(String, u32, u32)> {
        list.iter().map(|&(name, w, h)| (name.to_owned(), w, h)).collect()
    }

    #[test]
    fn progressive_h264_is_copied_and_only_smaller_rungs_are_encoded() {
        assert_eq!(rungs(picture(1920, 1080, (1, 1), true)), named(&[("720p", 1280, 720), ("480p", 854, 480), ("270p", 480, 270)]));
        assert_eq!(rungs(picture(640, 360, (1, 1), true)), named(&[("270p", 480, 270)]));
        assert_eq!(rungs(picture(480, 270, (1, 1), true)), named(&[]));
    }

    #[test]
    fn interlaced_1080_is_encoded_from_the_top() {
        let all = named(&[("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 854, 480), ("270p", 480, 270)]);
        assert_eq!(rungs(picture(1920, 1080, (1, 1), false)), all);
        assert_eq!(rungs(picture(1440, 1080, (4, 3), false)), all);
    }

    #[test]
    fn standard_definition_keeps_its_shape() {
        assert_eq!(rungs(picture(720, 576, (64, 45), false)), named(&[("480p", 854, 480), ("270p", 480, 270)]));
        assert_eq!(rungs(picture(720, 576, (16, 15), false)), named(&[("480p", 640, 480), ("270p", 360, 270)]));
    }

    #[test]
    fn a_source_between_rungs_keeps_its_size() {
        assert_eq!(rungs(picture(768, 432, (1, 1), false)), named(&[("480p", 768, 432), ("270p", 480, 270)]));
        assert_eq!(rungs(picture(320, 240, (1, 1), false)), named(&[("270p", 320, 240)]));
    }

    #[test]
    fn fast_pictures_are_halved_on_small_rungs() {
        let source = SourcePicture { frame_rate_milli: 50_000, ..picture(1280, 720, (1, 1), false) };
        let limits: Vec<u32> = encoded_rungs(&source).iter().map(|r| r.frame_rate_limit).collect();
        assert_eq!(limits, [0, 30, 30]);
    }

    #[test]
    fn sound_that_browsers_play_is_copied() {
        let sound = |bitrate_bps, browser_playable| {
            let ladder = for_asset(&Source { picture: None, sound: Some(SourceSound { bitrate_bps, browser_playable }) });
            (ladder.copy_audio, ladder.audio.into_iter().map(|r| r.name).collect::<Vec<_>>())
        };
        assert_eq!(sound(192_000, false), (false, vec!["audio-128k".to_owned(), "audio-48k".to_owned()]));
        assert_eq!(sound(128_000, true), (true, vec!["audio-48k".to_owned()]));
        assert_eq!(sound(48_000, true), (true, vec![]));
    }

    #[test]
    fn live_takes_one_rung_of_at_most_720_lines() {
        let live = |p| for_live(&Source { picture: Some(p), sound: None }).video.into_iter().map(|r| r.name).collect::<Vec<_>>();
        assert_eq!(live(picture(1920, 1080, (1, 1), false)), ["720p"]);
        assert_eq!(live(picture(720, 576, (64, 45), false)), ["480p"]);
    }

    #[test]
    fn what_follows_a_tape_is_what_players_begin_with() {
        let sound = SourceSound { bitrate_bps: 192_000, browser_playable: false };
        let of = |picture| to_follow(&for_asset(&Source { picture: Some(picture), sound: Some(sound.clone()) }));
        let names =
            |ladder: Ladder| (ladder.video.into_iter().map(|r| r.name).collect::<Vec<_>>(), ladder.audio.into_iter().map(|r| r.name).collect::<Vec<_>>());
        assert_eq!(names(of(picture(1920, 1080, (1, 1), false))), (vec!["480p".to_owned()], vec!["audio-128k".to_owned()]));
        assert_eq!(names(of(picture(352, 288, (12, 11), false))), (vec!["270p".to_owned()], vec!["audio-128k".to_owned()]));
    }

    proptest! {
        #[test]
        fn no_rung_is_above_the_source(width in 2u32..5000, height in 2u32..5000, x in 0u32..100, y in 0u32..100, rate in 0u32..60_000_000, fps in 0u32..120_000, playable: bool) {
            let picture = SourcePicture { width, height, pixel_aspect: (x, y), frame_rate_milli: fps, bitrate_bps: rate, browser_playable: playable };
            let shown = shown_size(&picture);
            let ladder = for_asset(&Source { picture: Some(picture.clone()), sound: None });
            prop_assert!(ladder.copy_video == playable);
            prop_assert!(playable || !ladder.video.is_empty());
            for rung in &ladder.video {
                prop_assert!(rung.width % 2 == 0 && rung.height % 2 == 0 && rung.width >= 2 && rung.height >= 2);
                prop_assert!(f64::from(rung.width) <= shown.0.max(2.0) && f64::from(rung.height) <= shown.1.max(2.0));
                prop_assert!(rate == 0 || rung.bitrate_bps <= rate);
            }
            for pair in ladder.video.windows(2) {
                prop_assert!(pair[0].height >= pair[1].height && pair[0].width >= pair[1].width);
                prop_assert!(pair[0].name != pair[1].name);
            }
        }
    }
}
