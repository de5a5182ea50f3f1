//! The time that a source announces (TDT and TOT, ETSI EN 300 468, 5.2.5 and 5.2.6), and how far it is off.

use super::event::SectionError;
use crate::base::UtcMs;
use crate::ts::crc32_mpeg;
pub use crate::ts::tdt::TDT_PID as TIME_PID;
use crate::ts::tdt::parse_tdt;

/// The time in a section of PID 0x14: a TDT (0x70, no CRC) or a TOT (0x73). `None` for other tables (stuffing) and for times that are none.
pub fn announced_time(section: &[u8]) -> Result<Option<UtcMs>, SectionError> {
    match section {
        [0x73, ..] if section.len() >= 8 && crc32_mpeg(section) != 0 => Err(SectionError::Crc { table_id: 0x73 }),
        _ => Ok(parse_tdt(section)),
    }
}

/// How far a source's clock is off the machine's.
///
/// A TDT is true to the second and arrives a little late, so small differences mean nothing; and each change of the offset moves every
/// programme of the guide. So the offset follows only when several times in a row agree that it is off by more than two seconds.
/// Head-ends that announce local time as UTC are found out by the same means.
#[derive(Debug, Clone, Default)]
pub struct SourceClock {
    offset_ms: Option<i64>,
    doubts: Vec<i64>,
}

/// Differences below this are the table's own coarseness.
const COARSE_MS: i64 = 2000;
/// So many agreeing times change the offset (they come every 1 to 30 s).
const AGREEING: usize = 3;

impl SourceClock {
    /// Takes an announced time and when it arrived; returns the offset where it is new or has changed.
    pub fn observe(&mut self, announced: UtcMs, arrived: UtcMs) -> Option<i64> {
        let off = announced - arrived;
        match self.offset_ms {
            Some(offset) if (off - offset).abs() <= COARSE_MS => {
                self.doubts.clear();
                return None;
            }
            _ => {}
        }
        if self.doubts.first().is_some_and(|first| (off - first).abs() > COARSE_MS) {
            self.doubts.clear();
        }
        self.doubts.push(off);
        if self.doubts.len() < AGREEING {
            return None;
        }
        self.doubts.sort_unstable();
        let middle = self.doubts[AGREEING / 2];
        self.doubts.clear();
        // Within its own coarseness a clock is right.
        let offset = if middle.abs() <= COARSE_MS { 0 } else { middle };
        let news = self.offset_ms.unwrap_or(0) != offset;
        self.offset_ms = Some(offset);
        news.then_some(offset)
    }

    /// The source's clock minus the machine's; 0 until it is known.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_standard() {
        // The example of EN 300 468: 93/10/13 12:45:00 is 0xC079124500.
        assert_eq!(announced_time(&[0x70, 0x70, 0x05, 0xc0, 0x79, 0x12, 0x45, 0x00]), Ok(Some(UtcMs(750_516_300_000))));
        assert_eq!(announced_time(&[0x72, 0, 0]), Ok(None));
        assert_eq!(announced_time(&[0x73, 0x70, 0x0b, 0xc0, 0x79, 0x12, 0x45, 0x00, 0xf0, 0, 1, 2, 3, 4]), Err(SectionError::Crc { table_id: 0x73 }));
    }

    #[test]
    fn an_offset_follows_only_what_lasts() {
        let mut clock = SourceClock::default();
        let hours = 8 * 3_600_000;
        let at = |n: i64| UtcMs(1_795_172_400_000 + n * 10_000);
        assert_eq!([0, 1, 2].map(|n| clock.observe(at(n) + hours - 300, at(n))), [None, None, Some(hours - 300)], "local time as UTC");
        assert_eq!(clock.observe(at(3) + hours + 900, at(3)), None);
        assert_eq!(clock.observe(at(4) - hours, at(4)), None, "one table of nonsense");
        assert_eq!(clock.offset_ms(), hours - 300);
        assert_eq!([5, 6, 7].map(|n| clock.observe(at(n) - 700, at(n))), [None, None, Some(0)], "put right");
        let mut right = SourceClock::default();
        assert!((0..9).all(|n| right.observe(at(n) - 500, at(n)).is_none()), "a clock that is right is no news");
    }
}
