//! The sequence header (AV1 5.5.1), as far as the size of the picture.

use super::super::bits::Bits;

/// The largest width and height of a frame, in pixels.
pub fn resolution(body: &[u8]) -> Option<(u16, u16)> {
    let mut bits = Bits::new(body);
    bits.skip(4)?; // seq_profile, still_picture
    if bits.flag()? {
        bits.skip(5)?; // reduced_still_picture_header: one level
    } else {
        skip_operating_points(&mut bits)?;
    }
    let (width_bits, height_bits) = (bits.number(4)? + 1, bits.number(4)? + 1);
    let (width, height) = (bits.number(width_bits)? + 1, bits.number(height_bits)? + 1);
    Some((u16::try_from(width).ok()?, u16::try_from(height).ok()?))
}

fn skip_operating_points(bits: &mut Bits<'_>) -> Option<()> {
    let mut delay_bits = None;
    if bits.flag()? {
        // timing_info(): two numbers of 32 bits, and the interval where it is equal.
        bits.skip(64)?;
        if bits.flag()? {
            bits.exp_golomb()?;
        }
        if bits.flag()? {
            // decoder_model_info()
            delay_bits = Some(bits.number(5)? + 1);
            bits.skip(32 + 5 + 5)?;
        }
    }
    let display_delay = bits.flag()?;
    for _ in 0..=bits.number(5)? {
        bits.skip(12)?; // operating_point_idc
        if bits.number(5)? > 7 {
            bits.flag()?; // seq_tier
        }
        if let Some(delay_bits) = delay_bits
            && bits.flag()?
        {
            bits.skip(2 * delay_bits + 1)?;
        }
        if display_delay && bits.flag()? {
            bits.skip(4)?;
        }
    }
    Some(())
}
