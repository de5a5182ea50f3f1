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
    let &[high, low, hour, minute, second] = section.get(3..8)? else { return None };
    // Annex C: a modified Julian date counts days; 40,587 is 1970-01-01. The time is BCD.
    let days = i64::from(u16::from_be_bytes([high, low])) - 40_587;
    let [hour, minute, second] = [bcd(hour, 24)?, bcd(minute, 60)?, bcd(second, 60)?];
    Some(UtcMs((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000))
}

fn bcd(byte: u8, limit: i64) -> Option<i64> {
    let (tens, units) = (byte >> 4, byte & 0x0f);
    let value = i64::from(tens * 10 + units.min(9));
    (tens <= 9 && units <= 9 && value < limit).then_some(value)
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
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_tdt(&bytes);
        }
    }
}
