//! HEVC (ITU-T H.265, 7.3).

use h264_reader::rbsp::decode_nal;

use super::{Picture, behind_start_codes};
use crate::cmaf::bits::Bits;

const IRAP: std::ops::RangeInclusive<u8> = 16..=23;
const LAST_VCL: u8 = 31;
const SPS: u8 = 33;

fn nal_type(unit: &[u8]) -> Option<u8> {
    unit.first().map(|b| b >> 1 & 0x3f)
}

/// The first coded slice is of an intra random access point.
pub fn is_key(data: &[u8]) -> bool {
    behind_start_codes(data).filter_map(nal_type).find(|&t| t <= LAST_VCL).is_some_and(|t| IRAP.contains(&t))
}

/// What a sequence parameter set in these bytes says. The frame rate is deep in it and is measured instead.
pub fn hevc_sps(data: &[u8]) -> Option<Picture> {
    let sps = behind_start_codes(data).find(|unit| nal_type(unit) == Some(SPS))?;
    // To the next start code: three zeros or 00 00 01 do not occur inside a unit.
    let end = memchr::memmem::find(sps, &[0, 0, 1]).unwrap_or(sps.len());
    // The emulation prevention is H.264's; so its one-byte header stays as a first byte here.
    let rbsp = decode_nal(sps.get(1..end)?).ok()?;
    read(rbsp.as_ref())
}

fn read(rbsp: &[u8]) -> Option<Picture> {
    let mut bits = Bits::new(rbsp);
    bits.skip(4);
    let sub_layers = bits.read(3);
    bits.skip(1);
    // profile_tier_level (7.3.3): the general part has 88 bits and the level's 8.
    bits.skip(8 + 32);
    let progressive_source = bits.bit();
    let interlaced_source = bits.bit();
    bits.skip(46 + 8);
    let present: Vec<(bool, bool)> = (0..sub_layers).map(|_| (bits.bit(), bits.bit())).collect();
    if sub_layers > 0 {
        bits.skip(2 * (8 - sub_layers as usize));
    }
    for (profile, level) in present {
        bits.skip(if profile { 88 } else { 0 } + if level { 8 } else { 0 });
    }
    bits.ue(); // sps_seq_parameter_set_id
    let chroma_format = bits.ue();
    if chroma_format == 3 {
        bits.skip(1);
    }
    let (width, height) = (bits.ue(), bits.ue());
    let mut crop = [0u32; 4];
    if bits.bit() {
        crop = std::array::from_fn(|_| bits.ue());
    }
    let depth = bits.ue();
    if bits.overrun() || depth > 8 {
        return None;
    }
    let (across, down) = match chroma_format {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    };
    let cropped = |full: u32, a: u32, b: u32, unit: u32| full.checked_sub(a.checked_add(b)?.checked_mul(unit)?).filter(|&left| left > 0);
    Some(Picture {
        width: cropped(width, crop[0], crop[1], across)?,
        height: cropped(height, crop[2], crop[3], down)?,
        frame_rate_milli: None,
        interlaced: interlaced_source && !progressive_source,
        bit_depth: 8 + depth as u8,
        chroma_format: chroma_format.min(3) as u8,
        pixel_aspect: None,
    })
}
