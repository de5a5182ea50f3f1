//! Whether browsers play a source as it is: progressive 8-bit 4:2:0 H.264 with IDR pictures, AAC-LC in ADTS.

use crate::ts::StreamKind;

use super::{AudioFacts, Probe, VideoFacts};

/// Why a source must be converted, in words for the operator's page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPlayable {
    #[error("还没有收到节目信息 · the service has not been seen yet")]
    NotFound,
    #[error("节目加扰 · the service is scrambled")]
    Scrambled,
    #[error("没有图像和声音 · there is neither picture nor sound")]
    Nothing,
    #[error("图像是 {0},浏览器不能播放 · the picture is {0}, which browsers do not play")]
    VideoCoding(&'static str),
    #[error("还没有收到完整图像 · no whole picture has been seen yet")]
    NoPicture,
    #[error("隔行扫描 · the picture is interlaced")]
    Interlaced,
    #[error("图像是 {0} 位 · the picture has {0} bits per sample, browsers play 8")]
    BitDepth(u8),
    #[error("图像不是 4:2:0 · the picture's chroma is not 4:2:0")]
    Chroma,
    #[error("{0} 幅图像中没有 IDR · no IDR among {0} pictures: browsers cannot begin to play")]
    NoIdr(u64),
    #[error("声音是 {0},浏览器不能播放 · the sound is {0}, which browsers do not play")]
    AudioCoding(&'static str),
    #[error("还没有收到声音 · no sound has been seen yet")]
    NoSound,
    #[error("AAC 不是 LC(类型 {0}) · the AAC is not LC but object type {0}")]
    AacProfile(u8),
    #[error("AAC 声道排列不常见 · the AAC's channels are not an arrangement that browsers know")]
    AacChannels,
    #[error("AAC 几帧合为一帧 · several AAC frames share one header")]
    AacGrouped,
}

/// Decided from the PMT, the parameter sets and a look at the pictures and frames. A source without sound, or without pictures, may be played too.
pub fn is_browser_playable(probe: &Probe) -> Result<(), NotPlayable> {
    if !probe.found {
        return Err(NotPlayable::NotFound);
    }
    if probe.scrambled {
        return Err(NotPlayable::Scrambled);
    }
    if probe.video.is_none() && probe.audio.is_none() {
        return Err(NotPlayable::Nothing);
    }
    probe.video.as_ref().map_or(Ok(()), video)?;
    probe.audio.as_ref().map_or(Ok(()), audio)
}

fn video(video: &VideoFacts) -> Result<(), NotPlayable> {
    match video.kind {
        StreamKind::H264 => {}
        StreamKind::Mpeg2Video => return Err(NotPlayable::VideoCoding("MPEG-2")),
        StreamKind::H265 => return Err(NotPlayable::VideoCoding("HEVC")),
        _ => return Err(NotPlayable::VideoCoding("unknown")),
    }
    match *video {
        VideoFacts { width: 0, .. } => Err(NotPlayable::NoPicture),
        VideoFacts { interlaced: true, .. } => Err(NotPlayable::Interlaced),
        VideoFacts { bit_depth, .. } if bit_depth != 8 => Err(NotPlayable::BitDepth(bit_depth)),
        VideoFacts { chroma_format, .. } if chroma_format != 1 => Err(NotPlayable::Chroma),
        VideoFacts { keys: 0, pictures, .. } => Err(NotPlayable::NoIdr(pictures)),
        _ => Ok(()),
    }
}

fn audio(audio: &AudioFacts) -> Result<(), NotPlayable> {
    match audio.kind {
        StreamKind::AacAdts => {}
        StreamKind::Mp2 => return Err(NotPlayable::AudioCoding("MP2")),
        StreamKind::AacLatm => return Err(NotPlayable::AudioCoding("AAC-LATM")),
        StreamKind::Ac3 => return Err(NotPlayable::AudioCoding("AC-3")),
        StreamKind::EAc3 => return Err(NotPlayable::AudioCoding("E-AC-3")),
        _ => return Err(NotPlayable::AudioCoding("unknown")),
    }
    match *audio {
        AudioFacts { sample_rate: 0, .. } => Err(NotPlayable::NoSound),
        AudioFacts { object_type: Some(object_type), .. } if object_type != 2 => Err(NotPlayable::AacProfile(object_type)),
        AudioFacts { channels: 0, .. } => Err(NotPlayable::AacChannels),
        AudioFacts { grouped: true, .. } => Err(NotPlayable::AacGrouped),
        _ => Ok(()),
    }
}
