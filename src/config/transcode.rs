use std::fmt;

use serde::{Deserialize, Serialize};

use super::settings;

settings! {
    /// 转码:点播节目的各档清晰度。
    /// Transcoding: the renditions of an asset.
    pub struct Transcode {
        /// x264 预设:ultrafast、superfast、veryfast、faster、fast、medium、slow;越慢画质越好。
        /// x264 preset: ultrafast, superfast, veryfast, faster, fast, medium, slow; the slower, the better the picture.
        preset: Preset = Preset::Veryfast;

        /// 进度条缩略图的间隔(秒)。
        /// Seconds between the seek bar's pictures.
        thumbnail_seconds: u32 = 10, 1..=300;
    }
}

/// How much time x264 takes for a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    Ultrafast,
    Superfast,
    Veryfast,
    Faster,
    Fast,
    Medium,
    Slow,
}

/// The name that x264 knows.
impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
