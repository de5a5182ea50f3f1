//! One track: what its samples are and how they are timed.

use super::{Aac, H264, TrackKind};

/// How a track's samples are coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codec {
    H264(H264),
    AacLc(Aac),
}

/// A track of one CMAF file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    pub codec: Codec,
    /// ISO 639-2.
    pub language: Option<String>,
}

impl Track {
    pub fn h264(codec: H264) -> Self {
        Self { codec: Codec::H264(codec), language: None }
    }

    pub fn aac(codec: Aac) -> Self {
        Self { codec: Codec::AacLc(codec), language: None }
    }

    pub fn kind(&self) -> TrackKind {
        match self.codec {
            Codec::H264(_) => TrackKind::Video,
            Codec::AacLc(_) => TrackKind::Audio,
        }
    }

    /// Width, height and frames per 1,000 seconds (0 where unknown) of pictures.
    pub fn picture(&self) -> Option<(u32, u32, u32)> {
        match &self.codec {
            Codec::H264(h264) => Some((h264.width, h264.height, h264.frame_rate_milli.unwrap_or(0))),
            Codec::AacLc(_) => None,
        }
    }

    /// Ticks per second of its samples' times: 90,000 for video, the sampling rate for audio.
    pub fn timescale(&self) -> u32 {
        match &self.codec {
            Codec::H264(_) => 90_000,
            Codec::AacLc(aac) => aac.sample_rate,
        }
    }

    /// `avc1.64001F`, `mp4a.40.2`.
    pub fn rfc6381(&self) -> String {
        match &self.codec {
            Codec::H264(h264) => h264.rfc6381(),
            Codec::AacLc(aac) => aac.rfc6381(),
        }
    }

    /// A media time (90 kHz) in this track's ticks, to the nearest.
    pub fn ticks(&self, media_90k: i64) -> i64 {
        rescale(media_90k, self.timescale(), 90_000)
    }

    /// This track's ticks as media time (90 kHz), to the nearest.
    pub fn media_90k(&self, ticks: i64) -> i64 {
        rescale(ticks, 90_000, self.timescale())
    }
}

/// `value * to / from`, to the nearest. Near UTC × 90 the product overflows 64 bits at 96 kHz.
pub(super) fn rescale(value: i64, to: u32, from: u32) -> i64 {
    if to == from || from == 0 {
        return value;
    }
    let from = i128::from(from);
    let scaled = (i128::from(value) * i128::from(to) + from / 2).div_euclid(from);
    scaled.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rescaling_survives_todays_date_at_96_khz() {
        let now_90k = 1_795_276_800_000_i64 * 90;
        assert_eq!(rescale(now_90k, 96_000, 90_000), 1_795_276_800 * 96_000);
        assert_eq!(rescale(rescale(now_90k, 44_100, 90_000), 90_000, 44_100), now_90k);
        assert_eq!(rescale(-1, 48_000, 90_000), -1);
    }
}
