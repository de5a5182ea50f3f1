//! MPEG-2 video (ISO/IEC 13818-2, 6.2).

use super::{Picture, behind_start_codes};
use crate::cmaf::bits::Bits;

const PICTURE: u8 = 0x00;
const SEQUENCE: u8 = 0xb3;
const EXTENSION: u8 = 0xb5;

/// `frame_rate_code` (table 6-4), frames per 1,000 seconds.
const FRAME_RATES_MILLI: [u32; 8] = [23_976, 24_000, 25_000, 29_970, 30_000, 50_000, 59_940, 60_000];

/// A sequence header, and the first picture behind it is an intra picture.
pub fn is_key(data: &[u8]) -> bool {
    let mut sequence = false;
    for code in behind_start_codes(data) {
        match *code {
            [SEQUENCE, ..] => sequence = true,
            // temporal_reference has 10 bits, picture_coding_type 3: 1 is intra.
            [PICTURE, _, b, ..] => return sequence && b >> 3 & 7 == 1,
            _ => {}
        }
    }
    false
}

/// `aspect_ratio_information` (table 6-3) gives the shape of the whole picture, or square pixels.
fn pixel_aspect(code: u32, width: u32, height: u32) -> Option<(u32, u32)> {
    match code {
        1 => Some((1, 1)),
        2 => Some((4 * height, 3 * width)),
        3 => Some((16 * height, 9 * width)),
        4 => Some((221 * height, 100 * width)),
        _ => None,
    }
}

/// What a sequence header in these bytes says, and its extension where there is one (MPEG-1 has none: progressive 4:2:0).
pub fn sequence(data: &[u8]) -> Option<Picture> {
    let mut codes = behind_start_codes(data).skip_while(|code| code.first() != Some(&SEQUENCE));
    let header = codes.next()?;
    let mut bits = Bits::new(header.get(1..8)?);
    let (mut width, mut height) = (bits.read(12), bits.read(12));
    let aspect = bits.read(4);
    let rate = bits.read(4) as usize;
    let mut picture = Picture { bit_depth: 8, chroma_format: 1, ..Picture::default() };
    picture.frame_rate_milli = FRAME_RATES_MILLI.get(rate.wrapping_sub(1)).copied();
    if let Some(extension) = codes.take_while(|c| c.first() != Some(&PICTURE)).find(|c| matches!(c, [EXTENSION, b, ..] if b >> 4 == 1)) {
        let mut bits = Bits::new(&extension[1..]);
        bits.skip(4 + 8);
        picture.interlaced = !bits.bit();
        picture.chroma_format = bits.read(2) as u8;
        width |= bits.read(2) << 12;
        height |= bits.read(2) << 12;
        if bits.overrun() {
            return None;
        }
    }
    picture.pixel_aspect = pixel_aspect(aspect, width, height);
    Some(Picture { width, height, ..picture }).filter(|p| p.width > 0 && p.height > 0)
}
