//! Sound that is not AAC in ADTS.

use super::Sound;
use crate::cmaf::bits::Bits;

/// Tries every place where `sync` may begin.
fn search(data: &[u8], first: u8, sync: impl Fn(&[u8]) -> Option<Sound>) -> Option<Sound> {
    memchr::memchr_iter(first, data).find_map(|at| sync(&data[at..]))
}

/// MPEG-1 and MPEG-2 layers I to III (ISO/IEC 11172-3, 2.4.2.3).
pub fn mpeg_audio(data: &[u8]) -> Option<Sound> {
    search(data, 0xff, |b| {
        let [_, b1, b2, b3, ..] = *b else { return None };
        let (version, layer, rate) = (b1 >> 3 & 3, b1 >> 1 & 3, usize::from(b2 >> 2 & 3));
        let valid = b1 & 0xe0 == 0xe0 && version != 1 && layer != 0 && b2 >> 4 != 15 && rate != 3;
        let halvings = match version {
            3 => 0,
            2 => 1,
            _ => 2,
        };
        valid.then(|| Sound { sample_rate: [44_100, 48_000, 32_000][rate] >> halvings, channels: if b3 >> 6 == 3 { 1 } else { 2 } })
    })
}

const AC3_CHANNELS: [u8; 8] = [2, 1, 2, 3, 3, 4, 4, 5];
const AC3_RATES: [u32; 3] = [48_000, 44_100, 32_000];

/// AC-3 (ETSI TS 102 366, 4.3 and 4.4.2).
pub fn ac3(data: &[u8]) -> Option<Sound> {
    search(data, 0x0b, |b| {
        if !b.starts_with(&[0x0b, 0x77]) || b.len() < 8 {
            return None;
        }
        let mut bits = Bits::new(&b[4..8]);
        let rate = bits.read(2) as usize;
        bits.skip(6 + 5 + 3);
        let mode = bits.read(3) as usize;
        // The mixing levels that stand before lfeon (4.4.2.4 to 4.4.2.6).
        bits.skip(if mode & 1 == 1 && mode != 1 { 2 } else { 0 } + if mode & 4 != 0 { 2 } else { 0 } + if mode == 2 { 2 } else { 0 });
        Some(Sound { sample_rate: *AC3_RATES.get(rate)?, channels: AC3_CHANNELS[mode] + u8::from(bits.bit()) })
    })
}

/// E-AC-3 (ETSI TS 102 366, E.1.2.2).
pub fn e_ac3(data: &[u8]) -> Option<Sound> {
    search(data, 0x0b, |b| {
        if !b.starts_with(&[0x0b, 0x77]) || b.len() < 6 {
            return None;
        }
        let mut bits = Bits::new(&b[2..6]);
        bits.skip(2 + 3 + 11);
        let rate = bits.read(2) as usize;
        let sample_rate = match AC3_RATES.get(rate) {
            Some(&rate) => {
                bits.skip(2);
                rate
            }
            // Half rates name themselves in the bits that else count blocks.
            None => *AC3_RATES.get(bits.read(2) as usize)? / 2,
        };
        let mode = bits.read(3) as usize;
        Some(Sound { sample_rate, channels: AC3_CHANNELS[mode] + u8::from(bits.bit()) })
    })
}

const AAC_RATES: [u32; 13] = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// AAC in LATM/LOAS (ISO/IEC 14496-3, 1.7): the first stream's configuration where it is written the plain way.
pub fn latm(data: &[u8]) -> Option<Sound> {
    search(data, 0x56, |b| {
        if b.len() < 12 || b[1] & 0xe0 != 0xe0 {
            return None;
        }
        let mut bits = Bits::new(&b[3..]);
        let same_config = bits.bit();
        let version = bits.bit();
        if same_config || version {
            return None;
        }
        bits.skip(1 + 6 + 4 + 3); // allStreamsSameTimeFraming, numSubFrames, numProgram, numLayer
        bits.skip(5); // audioObjectType
        let index = bits.read(4) as usize;
        let sample_rate = if index == 15 { bits.read(24) } else { *AAC_RATES.get(index)? };
        let channels = match bits.read(4) as u8 {
            n @ 1..=6 => n,
            7 => 8,
            _ => return None,
        };
        Some(Sound { sample_rate, channels }).filter(|_| !bits.overrun())
    })
}
