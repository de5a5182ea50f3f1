//! The source's own clock: time and date table, time offset table on PID 0x14 (ETSI EN 300 468, 5.2.5 and 5.2.6).

use super::crc32_mpeg;
use crate::base::UtcMs;

/// The PID of TDT and TOT.
pub const TDT_PID: u16 = 0x14;

/// The UTC a TDT or TOT section tells; `None` where it is neither, or damaged.
pub fn parse_tdt(section: &[u8]) -> Option<UtcMs> {
    match *section.first()? {
        0x70 => {}
        0x73 if crc32_mpeg(section) == 0 => {}
        _ => return None,
    }
    mjd_bcd(section.get(3..8)?.try_into().ok()?)
}

/// 1970-01-01 as a modified Julian date.
const MJD_1970: i64 = 40_587;

/// Five bytes of modified Julian date and BCD time (annex C); `None` where they are not one, as all ones are.
pub fn mjd_bcd(raw: [u8; 5]) -> Option<UtcMs> {
    let [high, low, hour, minute, second] = raw;
    let day = i64::from(u16::from_be_bytes([high, low]));
    // 16 bits end in 2038 and begin again; nothing is announced for the years before 1970.
    let day = if day < MJD_1970 { day + 0x1_0000 } else { day };
    let (hour, minute, second) = (bcd(hour, 23)?, bcd(minute, 59)?, bcd(second, 59)?);
    Some(UtcMs((((day - MJD_1970) * 24 + hour) * 60 + minute) * 60_000 + second * 1000))
}

fn bcd(byte: u8, most: i64) -> Option<i64> {
    let (tens, ones) = (i64::from(byte >> 4), i64::from(byte & 0x0f));
    (tens <= 9 && ones <= 9 && tens * 10 + ones <= most).then_some(tens * 10 + ones)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_annex_c() {
        // 93/10/13 12:45:00 is coded as 0xC079124500.
        assert_eq!(parse_tdt(&[0x70, 0x70, 0x05, 0xc0, 0x79, 0x12, 0x45, 0x00]).unwrap().to_string(), "1993-10-13T12:45:00.000Z");
        assert_eq!(parse_tdt(&[0x70, 0x70, 0x05, 0xc0, 0x79, 0x24, 0x45, 0x00]), None);
        assert_eq!(mjd_bcd([0xff; 5]), None);
        assert_eq!(mjd_bcd([0xc0, 0x79, 0x24, 0x00, 0x00]), None);
        assert_eq!(mjd_bcd([0xc0, 0x79, 0x1a, 0x00, 0x00]), None);
        assert_eq!(mjd_bcd([0x00, 0x00, 0x00, 0x00, 0x00]).unwrap().to_string(), "2038-04-23T00:00:00.000Z");
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_tdt(&bytes);
        }
    }
}
