//! The sizes of picture that a meeting reserves its lines for, and what they take.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What every receiver of a meeting gets. `audio`: sound only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum PictureSize {
    #[serde(rename = "audio")]
    Audio,
    #[serde(rename = "270p")]
    P270,
    #[serde(rename = "480p")]
    P480,
    #[serde(rename = "720p")]
    P720,
    #[serde(rename = "1080p")]
    P1080,
}

/// Sound, in kb/s.
pub const SOUND_KBPS: u32 = 64;

impl PictureSize {
    /// The name, and what the picture takes in kb/s; smallest first.
    pub const TABLE: [(Self, &str, u32); 5] =
        [(Self::Audio, "audio", 0), (Self::P270, "270p", 300), (Self::P480, "480p", 700), (Self::P720, "720p", 1200), (Self::P1080, "1080p", 2500)];

    pub fn as_str(self) -> &'static str {
        Self::TABLE[self as usize].1
    }

    /// The picture alone.
    pub fn picture_kbps(self) -> u32 {
        Self::TABLE[self as usize].2
    }

    /// One copy of picture and sound.
    pub fn copy_kbps(self) -> u32 {
        self.picture_kbps() + SOUND_KBPS
    }
}

impl fmt::Display for PictureSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PictureSize {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::TABLE.into_iter().find(|(_, name, _)| *name == text).map(|(size, ..)| size).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_sizes() {
        for (at, (size, name, kbps)) in PictureSize::TABLE.into_iter().enumerate() {
            assert_eq!((size as usize, size.as_str(), size.picture_kbps(), name.parse()), (at, name, kbps, Ok(size)));
            assert_eq!(serde_json::to_value(size).unwrap(), name);
        }
        assert!(PictureSize::TABLE.is_sorted_by_key(|(.., kbps)| *kbps));
    }
}
