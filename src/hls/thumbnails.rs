//! Thumbnails for the seek bar: a WebVTT file whose cues name parts of sprites (`sprite-0.jpg#xywh=160,90,160,90`).

use std::fmt::Write;

/// One picture in a sprite, shown from `start_ms` to `end_ms` of the asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    pub start_ms: u64,
    pub end_ms: u64,
    pub sprite: String,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// The WebVTT file.
pub fn thumbnails(cues: &[Thumbnail]) -> String {
    let mut out = String::from("WEBVTT\n");
    for cue in cues {
        let Thumbnail { start_ms, end_ms, sprite, x, y, width, height } = cue;
        // Writing to a string cannot fail.
        let _ = write!(out, "\n{} --> {}\n{sprite}#xywh={x},{y},{width},{height}\n", clock(*start_ms), clock(*end_ms));
    }
    out
}

/// `01:02:03.004`.
fn clock(ms: u64) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_name_parts_of_sprites() {
        let cue = |start_ms, x| Thumbnail { start_ms, end_ms: start_ms + 10_000, sprite: "sprite-0.jpg".to_owned(), x, y: 90, width: 160, height: 90 };
        assert_eq!(
            thumbnails(&[cue(0, 0), cue(3_723_004, 160)]),
            "WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nsprite-0.jpg#xywh=0,90,160,90\n\n01:02:03.004 --> 01:02:13.004\nsprite-0.jpg#xywh=160,90,160,90\n"
        );
    }
}
