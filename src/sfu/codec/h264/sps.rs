//! The sequence parameter set (H.264 7.3.2.1.1), as far as the size of the picture.

use super::super::bits::Bits;

/// What a set says of profile and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sps {
    pub profile_idc: u8,
    pub constraints: u8,
    pub level_idc: u8,
    /// In pixels, after cropping.
    pub width: u16,
    pub height: u16,
}

/// The profiles whose sets say more of the chroma format (H.264 7.3.2.1.1).
const HIGH_PROFILES: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

impl Sps {
    /// From the bytes after the NAL unit's header.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let mut bits = Bits::of_nal(body);
        let mut byte = || bits.number(8).map(|byte| byte as u8);
        let (profile_idc, constraints, level_idc) = (byte()?, byte()?, byte()?);
        bits.exp_golomb()?; // seq_parameter_set_id
        let mut chroma = 1;
        if HIGH_PROFILES.contains(&profile_idc) {
            chroma = read_chroma(&mut bits)?;
        }
        bits.exp_golomb()?; // log2_max_frame_num_minus4
        skip_order_count(&mut bits)?;
        bits.exp_golomb()?; // max_num_ref_frames
        bits.flag()?; // gaps_in_frame_num_value_allowed_flag
        let width = bits.exp_golomb()?.checked_add(1)?.checked_mul(16)?;
        let map_units = bits.exp_golomb()?.checked_add(1)?;
        let frame_mbs_only = bits.flag()?;
        if !frame_mbs_only {
            bits.flag()?; // mb_adaptive_frame_field_flag
        }
        let fields = if frame_mbs_only { 1 } else { 2 };
        let height = map_units.checked_mul(16)?.checked_mul(fields)?;
        bits.flag()?; // direct_8x8_inference_flag
        let [left, right, top, bottom] = if bits.flag()? { read_four(&mut bits)? } else { [0; 4] };
        // Table 6-1: how many luma samples a unit of cropping is.
        let (unit_x, unit_y) = match chroma {
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        };
        let cropped = |size: u32, a: u32, b: u32, unit: u32| size.checked_sub(a.checked_add(b)?.checked_mul(unit)?).and_then(|size| u16::try_from(size).ok());
        Some(Self {
            profile_idc,
            constraints,
            level_idc,
            width: cropped(width, left, right, unit_x).filter(|width| *width > 0)?,
            height: cropped(height, top, bottom, unit_y * fields).filter(|height| *height > 0)?,
        })
    }

    pub fn resolution(&self) -> (u16, u16) {
        (self.width, self.height)
    }
}

fn read_four(bits: &mut Bits<'_>) -> Option<[u32; 4]> {
    Some([bits.exp_golomb()?, bits.exp_golomb()?, bits.exp_golomb()?, bits.exp_golomb()?])
}

/// ChromaArrayType; the bit depths and scaling lists are passed over.
fn read_chroma(bits: &mut Bits<'_>) -> Option<u32> {
    let format = bits.exp_golomb()?;
    let separate = format == 3 && bits.flag()?;
    bits.exp_golomb()?; // bit_depth_luma_minus8
    bits.exp_golomb()?; // bit_depth_chroma_minus8
    bits.flag()?; // qpprime_y_zero_transform_bypass_flag
    if bits.flag()? {
        for list in 0..if format == 3 { 12 } else { 8 } {
            if bits.flag()? {
                skip_scaling_list(bits, if list < 6 { 16 } else { 64 })?;
            }
        }
    }
    Some(if separate { 0 } else { format })
}

/// H.264 7.3.2.1.1.1.
fn skip_scaling_list(bits: &mut Bits<'_>, size: u32) -> Option<()> {
    let (mut last, mut next) = (8, 8);
    for _ in 0..size {
        if next != 0 {
            next = bits.signed_exp_golomb()?.wrapping_add(last).rem_euclid(256);
        }
        last = if next == 0 { last } else { next };
    }
    Some(())
}

fn skip_order_count(bits: &mut Bits<'_>) -> Option<()> {
    match bits.exp_golomb()? {
        0 => bits.exp_golomb().map(|_| ()), // log2_max_pic_order_cnt_lsb_minus4
        1 => {
            bits.flag()?; // delta_pic_order_always_zero_flag
            bits.signed_exp_golomb()?; // offset_for_non_ref_pic
            bits.signed_exp_golomb()?; // offset_for_top_to_bottom_field
            for _ in 0..bits.exp_golomb()?.min(255) {
                bits.signed_exp_golomb()?;
            }
            Some(())
        }
        _ => Some(()),
    }
}
