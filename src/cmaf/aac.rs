//! AAC: the ADTS header (ISO/IEC 14496-3, 1.A.2.2) and the AudioSpecificConfig (1.6.2.1).

use super::bits::Bits;

/// Samples of one AAC-LC frame.
pub(super) const FRAME_SAMPLES: u32 = 1024;

const RATES: [u32; 13] = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AacError {
    #[error("the AudioSpecificConfig is too short: {0} bytes")]
    Short(usize),
    #[error("sampling frequency index {0} is reserved")]
    Rate(u8),
    #[error("audio object type {0} is not AAC-LC")]
    NotLc(u8),
    #[error("channel configuration {0} is not one that players know")]
    Channels(u8),
}

/// An AAC-LC track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aac {
    pub sample_rate: u32,
    pub channels: u8,
    /// The AudioSpecificConfig.
    pub config: Vec<u8>,
    /// Samples at the beginning that the encoder added and that are not to be heard: written as an edit.
    pub priming: u32,
}

impl Aac {
    /// From what an encoder calls its codec data. `priming` is 0 where times already allow for it.
    pub fn from_config(config: &[u8], priming: u32) -> Result<Self, AacError> {
        let mut bits = Bits::new(config);
        let object_type = bits.read(5) as u8;
        let index = bits.read(4) as u8;
        let sample_rate = if index == 15 { bits.read(24) } else { rate(index)? };
        let channels = bits.read(4) as u8;
        if bits.overrun() {
            return Err(AacError::Short(config.len()));
        }
        // 5 and 29 are HE-AAC signalled outright; its core is AAC-LC, but neither our times nor our codec string fit it.
        if object_type != 2 {
            return Err(AacError::NotLc(object_type));
        }
        if sample_rate == 0 {
            return Err(AacError::Rate(index));
        }
        Ok(Self { sample_rate, channels: channel_count(channels).ok_or(AacError::Channels(channels))?, config: config.to_vec(), priming })
    }

    /// AAC-LC at a rate of the table, 1 to 6 or 8 channels.
    pub fn lc(sample_rate: u32, channels: u8, priming: u32) -> Result<Self, AacError> {
        let index = RATES.iter().position(|&r| r == sample_rate).ok_or(AacError::Rate(15))? as u8;
        let configuration = if channels == 8 { 7 } else { channels };
        Self::from_config(&config(2, index, configuration), priming)
    }

    pub fn rfc6381(&self) -> String {
        "mp4a.40.2".to_owned()
    }
}

fn config(object_type: u8, index: u8, channels: u8) -> [u8; 2] {
    [object_type << 3 | index >> 1, index << 7 | channels << 3]
}

fn rate(index: u8) -> Result<u32, AacError> {
    RATES.get(usize::from(index)).copied().ok_or(AacError::Rate(index))
}

/// 0 (described in the stream) and the reserved ones have none.
fn channel_count(configuration: u8) -> Option<u8> {
    match configuration {
        1..=6 => Some(configuration),
        7 => Some(8),
        _ => None,
    }
}

/// The header before each frame in a transport stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdtsHeader {
    /// 1 main, 2 LC, 3 SSR, 4 LTP.
    pub object_type: u8,
    rate_index: u8,
    pub sample_rate: u32,
    pub channel_configuration: u8,
    /// Bytes of the frame, its header included.
    pub frame_len: usize,
    /// 7, or 9 with a CRC.
    pub header_len: usize,
    /// Raw data blocks: 1024 samples each.
    pub blocks: u8,
}

impl AdtsHeader {
    /// Reads the header that `bytes` begin with; `None` where they are not one or fewer than seven.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let b = bytes.get(..7)?;
        // 12 bits of sync, and the layer is always 0.
        if b[0] != 0xff || b[1] & 0xf6 != 0xf0 {
            return None;
        }
        let rate_index = b[2] >> 2 & 0x0f;
        let header_len = if b[1] & 1 == 1 { 7 } else { 9 };
        let frame_len = usize::from(b[3] & 3) << 11 | usize::from(b[4]) << 3 | usize::from(b[5] >> 5);
        let header = Self {
            object_type: (b[2] >> 6) + 1,
            rate_index,
            sample_rate: rate(rate_index).ok()?,
            channel_configuration: (b[2] & 1) << 2 | b[3] >> 6,
            frame_len,
            header_len,
            blocks: (b[6] & 3) + 1,
        };
        (frame_len > header_len).then_some(header)
    }

    pub fn channels(&self) -> Option<u8> {
        channel_count(self.channel_configuration)
    }

    pub fn samples(&self) -> u32 {
        u32::from(self.blocks) * FRAME_SAMPLES
    }

    /// The track that such frames make.
    pub fn track(&self) -> Result<Aac, AacError> {
        Aac::from_config(&config(self.object_type, self.rate_index, self.channel_configuration), 0)
    }

    /// Whether both announce frames of the same track: what tells a header from the same bytes inside a frame.
    pub(super) fn same_track(&self, other: &Self) -> bool {
        (self.object_type, self.rate_index, self.channel_configuration) == (other.object_type, other.rate_index, other.channel_configuration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adts_header_to_config() {
        // AAC-LC, 48 kHz, stereo, 371 bytes.
        let header = AdtsHeader::parse(&[0xff, 0xf1, 0x4c, 0x80, 0x2e, 0x7f, 0xfc]).unwrap();
        assert_eq!((header.sample_rate, header.channels(), header.frame_len, header.header_len, header.blocks), (48_000, Some(2), 371, 7, 1));
        let aac = header.track().unwrap();
        assert_eq!(aac.config, [0x11, 0x90]);
        assert_eq!(aac, Aac::lc(48_000, 2, 0).unwrap());
    }

    #[test]
    fn what_is_not_lc_is_refused() {
        assert_eq!(Aac::from_config(&[0x2b, 0x92, 0x08, 0x00], 0), Err(AacError::NotLc(5)));
        assert_eq!(Aac::from_config(&[0x11], 0), Err(AacError::Short(1)));
        assert_eq!(AdtsHeader::parse(&[0xff, 0xf1, 0x4c, 0x80, 0x00, 0x1f, 0xfc]), None, "a frame shorter than its header");
    }
}
