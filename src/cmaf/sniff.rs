//! As much of other codings as must be known without decoding them: what a picture or a sound is, and where decoding may begin.

mod audio;
mod hevc;
mod mpeg2;

pub(super) use audio::{ac3, e_ac3, latm, mpeg_audio};
pub(super) use hevc::hevc_sps;
pub(super) use mpeg2::sequence;

use crate::ts::StreamKind;

/// Size and scan of a picture, as its stream's header says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Picture {
    pub width: u32,
    pub height: u32,
    pub frame_rate_milli: Option<u32>,
    pub interlaced: bool,
    pub bit_depth: u8,
    /// 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format: u8,
    /// Width to height of one pixel, where the header says it.
    pub pixel_aspect: Option<(u32, u32)>,
}

/// Rate and channels of a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sound {
    pub sample_rate: u32,
    /// The low-frequency one included.
    pub channels: u8,
}

/// Whether decoding may begin with this unit.
pub(super) fn is_key(kind: StreamKind, data: &[u8]) -> bool {
    match kind {
        StreamKind::Mpeg2Video => mpeg2::is_key(data),
        StreamKind::H265 => hevc::is_key(data),
        _ => true,
    }
}

/// What follows each start code, to the data's end.
fn behind_start_codes(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memmem::find_iter(data, &[0, 0, 1]).map(|at| &data[at + 3..])
}
