//! H.264 (ISO/IEC 14496-10): NAL units, parameter sets, and what they say about the picture.

use h264_reader::nal::sps::{FrameMbsFlags, SeqParameterSet};
use h264_reader::rbsp::{BitReader, decode_nal};
use mp4_atom::{Atom, Avcc, AvccExt};

use super::bits::Bits;

/// `nal_unit_type` (table 7-1).
pub(super) mod nal {
    pub const IDR: u8 = 5;
    pub const SPS: u8 = 7;
    pub const PPS: u8 = 8;
    pub const AUD: u8 = 9;
    pub const END_OF_SEQUENCE: u8 = 10;
    pub const END_OF_STREAM: u8 = 11;
    pub const FILLER: u8 = 12;
    pub const SPS_EXTENSION: u8 = 13;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum H264Error {
    #[error("there is no sequence parameter set")]
    NoSps,
    #[error("there is no picture parameter set")]
    NoPps,
    #[error("there are more or longer parameter sets than a description holds")]
    TooMany,
    #[error("the sequence parameter set cannot be read: {0}")]
    Sps(String),
    #[error("the avcC record cannot be read: {0}")]
    Avcc(String),
    #[error("the avcC record says NAL lengths of {0} bytes; 4 are expected")]
    LengthSize(u8),
}

/// An H.264 track: its parameter sets and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct H264 {
    /// Cropped, in samples.
    pub width: u32,
    pub height: u32,
    /// Sample aspect ratio, where the stream says one.
    pub sample_aspect: Option<(u16, u16)>,
    /// From the VUI: frames per 1,000 seconds.
    pub frame_rate_milli: Option<u32>,
    /// Pictures may be coded as fields (`frame_mbs_only_flag` is 0).
    pub interlaced: bool,
    pub bit_depth: u8,
    /// 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format: u8,
    pub profile: u8,
    pub compatibility: u8,
    pub level: u8,
    /// NAL units, without start codes.
    pub sps: Vec<Vec<u8>>,
    pub pps: Vec<Vec<u8>>,
}

impl H264 {
    pub fn from_parameter_sets(sps: Vec<Vec<u8>>, pps: Vec<Vec<u8>>) -> Result<Self, H264Error> {
        let first = sps.first().ok_or(H264Error::NoSps)?;
        if pps.is_empty() {
            return Err(H264Error::NoPps);
        }
        // What the record's counts and lengths hold (ISO/IEC 14496-15, 5.3.3.1.2).
        if sps.len() > 31 || pps.len() > 255 || sps.iter().chain(&pps).any(|unit| unit.len() > usize::from(u16::MAX)) {
            return Err(H264Error::TooMany);
        }
        let mut track = Self::from_sps(first)?;
        track.sps = sps;
        track.pps = pps;
        Ok(track)
    }

    /// From an access unit with its parameter sets: what an encoder gives as `byte-stream`.
    pub fn from_annex_b(data: &[u8]) -> Result<Self, H264Error> {
        let sets = |wanted| nal_units(data).into_iter().map(|n| &data[n]).filter(|n| nal_type(n) == wanted).map(<[u8]>::to_vec).collect();
        Self::from_parameter_sets(sets(nal::SPS), sets(nal::PPS))
    }

    /// From an AVCDecoderConfigurationRecord: what an encoder gives as the codec data of `avc`.
    pub fn from_avcc(record: &[u8]) -> Result<Self, H264Error> {
        let avcc = Avcc::decode_body(&mut &record[..]).map_err(|e| H264Error::Avcc(e.to_string()))?;
        if avcc.length_size != 4 {
            return Err(H264Error::LengthSize(avcc.length_size));
        }
        Self::from_parameter_sets(avcc.sequence_parameter_sets, avcc.picture_parameter_sets)
    }

    /// What one sequence parameter set says; without picture parameter sets this is no track yet.
    pub(super) fn from_sps(sps: &[u8]) -> Result<Self, H264Error> {
        let [_, profile, compatibility, level, ..] = *sps else { return Err(H264Error::Sps(format!("{} bytes", sps.len()))) };
        let rbsp = decode_nal(sps).map_err(|e| H264Error::Sps(e.to_string()))?;
        let parsed = SeqParameterSet::from_bits(BitReader::new(&*rbsp)).map_err(|e| H264Error::Sps(format!("{e:?}")))?;
        let (width, height) = parsed.pixel_dimensions().map_err(|e| H264Error::Sps(format!("{e:?}")))?;
        let vui = parsed.vui_parameters.as_ref();
        let timing = vui.and_then(|v| v.timing_info.as_ref()).filter(|t| t.num_units_in_tick > 0 && t.time_scale > 0);
        Ok(Self {
            width,
            height,
            sample_aspect: vui.and_then(|v| v.aspect_ratio_info.as_ref()).and_then(|a| a.get()),
            // A frame is two ticks (E.2.1).
            frame_rate_milli: timing.map(|t| (u64::from(t.time_scale) * 500 / u64::from(t.num_units_in_tick)).min(u64::from(u32::MAX)) as u32),
            interlaced: matches!(parsed.frame_mbs_flags, FrameMbsFlags::Fields { .. }),
            bit_depth: parsed.chroma_info.bit_depth_luma_minus8.saturating_add(8),
            chroma_format: parsed.chroma_info.chroma_format.to_u32() as u8,
            profile,
            compatibility,
            level,
            sps: vec![sps.to_vec()],
            pps: Vec::new(),
        })
    }

    /// `avc1.PPCCLL` (RFC 6381, 3.3).
    pub fn rfc6381(&self) -> String {
        format!("avc1.{:02X}{:02X}{:02X}", self.profile, self.compatibility, self.level)
    }

    pub(super) fn avcc(&self) -> Avcc {
        // Profiles that add chroma format and bit depth to the record (ISO/IEC 14496-15, 5.3.3.1.2).
        let ext = matches!(self.profile, 100 | 110 | 122 | 144).then(|| AvccExt {
            chroma_format: self.chroma_format,
            bit_depth_luma: self.bit_depth,
            bit_depth_chroma: self.bit_depth,
            sequence_parameter_sets_ext: Vec::new(),
        });
        Avcc {
            configuration_version: 1,
            avc_profile_indication: self.profile,
            profile_compatibility: self.compatibility,
            avc_level_indication: self.level,
            length_size: 4,
            sequence_parameter_sets: self.sps.clone(),
            picture_parameter_sets: self.pps.clone(),
            ext,
        }
    }

    /// Whether the description holds all of these.
    pub(super) fn covers(&self, sps: &[Vec<u8>], pps: &[Vec<u8>]) -> bool {
        !sps.is_empty() && sps.iter().chain(pps).all(|unit| self.holds(unit))
    }

    /// A parameter set of this very content is in the track's description.
    fn holds(&self, unit: &[u8]) -> bool {
        self.sps.iter().chain(&self.pps).any(|known| known == unit)
    }

    /// Appends an access unit as a sample: 4-byte lengths for start codes. Delimiters, filler and ends are left out (ISO/IEC 14496-15, 5.2.2),
    /// and parameter sets that the track's description holds; others stay, as ffmpeg leaves them all.
    pub(super) fn append_sample(&self, data: &[u8], units: &[Unit], out: &mut Vec<u8>) {
        for unit in units.iter().map(|u| &data[u.clone()]) {
            let dropped = match nal_type(unit) {
                nal::SPS | nal::PPS | nal::SPS_EXTENSION => self.holds(unit),
                other => is_ballast(other),
            };
            if !dropped {
                append_length_prefixed(unit, out);
            }
        }
    }
}

/// `seq_parameter_set_id`, behind profile, constraints and level.
pub(super) fn sps_id(unit: &[u8]) -> Option<u32> {
    Some(unit.get(4..)?).map(|rest| Bits::new(rest).ue()).filter(|&id| id < 32)
}

/// `pic_parameter_set_id`.
pub(super) fn pps_id(unit: &[u8]) -> Option<u32> {
    Some(unit.get(1..)?).map(|rest| Bits::new(rest).ue()).filter(|&id| id < 256)
}

/// Where a NAL unit lies in its access unit.
pub(super) type Unit = std::ops::Range<usize>;

pub(super) fn nal_type(unit: &[u8]) -> u8 {
    unit.first().map_or(0, |b| b & 0x1f)
}

fn is_ballast(nal_type: u8) -> bool {
    matches!(nal_type, nal::AUD | nal::END_OF_SEQUENCE | nal::END_OF_STREAM | nal::FILLER)
}

fn append_length_prefixed(unit: &[u8], out: &mut Vec<u8>) {
    out.extend((unit.len() as u32).to_be_bytes());
    out.extend_from_slice(unit);
}

/// The NAL units between start codes (annex B), without the zeros after them; empty ones are left out.
pub(super) fn nal_units(data: &[u8]) -> Vec<Unit> {
    let mut units = Vec::with_capacity(8);
    let mut codes = memchr::memmem::find_iter(data, &[0, 0, 1]);
    let mut start = codes.next().map(|at| at + 3);
    while let Some(from) = start {
        let next = codes.next();
        let mut to = next.unwrap_or(data.len());
        while to > from && data[to - 1] == 0 {
            to -= 1;
        }
        if to > from {
            units.push(from..to);
        }
        start = next.map(|at| at + 3);
    }
    units
}

/// An access unit with start codes as one with 4-byte lengths, delimiters and filler left out.
pub fn annex_b_to_length_prefixed(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 16);
    for unit in nal_units(data).into_iter().map(|u| &data[u]).filter(|u| !is_ballast(nal_type(u))) {
        append_length_prefixed(unit, &mut out);
    }
    out
}
