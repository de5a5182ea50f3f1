//! What is on: three programmes of a minute each, again and again, aligned to the wall clock. Pure.

use yizhan::base::UtcMs;

/// How long each programme runs.
pub const LENGTH_MS: i64 = 60_000;

/// A programme, and what it looks and sounds like.
#[derive(Debug, PartialEq)]
pub struct Programme {
    pub title: &'static str,
    pub text: &'static str,
    /// First content nibbles (ETSI EN 300 468, table 28).
    pub genre: u8,
    pub palette: Palette,
    /// Left and right, in hertz.
    pub tones_hz: [f32; 2],
}

/// Colours as Y, Cb, Cr.
#[derive(Debug, PartialEq)]
pub struct Palette {
    pub sky: [[u8; 3]; 2],
    pub hills: [[u8; 3]; 3],
    pub sun: [u8; 3],
}

static PROGRAMMES: [Programme; 3] = [
    Programme {
        title: "演示新闻",
        text: "一分钟要闻，每三分钟播出一次，供录制与点播演示。",
        genre: 0x21,
        palette: Palette { sky: [[44, 170, 104], [112, 156, 100]], hills: [[86, 152, 104], [64, 148, 108], [42, 144, 112]], sun: [206, 84, 150] },
        tones_hz: [440.0, 554.4],
    },
    Programme {
        title: "驿站风光",
        text: "古道、驿站与山川：绿色画面。",
        genre: 0x24,
        palette: Palette { sky: [[150, 140, 108], [206, 122, 130]], hills: [[120, 108, 108], [92, 104, 104], [60, 108, 106]], sun: [232, 60, 150] },
        tones_hz: [329.6, 392.0],
    },
    Programme {
        title: "县市巡礼",
        text: "走进四十二个县市：红色画面。堃、镕等字亦应显示。",
        genre: 0x53,
        palette: Palette { sky: [[60, 126, 168], [150, 92, 172]], hills: [[104, 110, 176], [78, 116, 168], [48, 122, 152]], sun: [235, 110, 140] },
        tones_hz: [587.3, 740.0],
    },
];

/// The colours of all programmes.
pub fn palettes() -> impl Iterator<Item = &'static Palette> {
    PROGRAMMES.iter().map(|programme| &programme.palette)
}

/// A programme at its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Showing {
    pub programme: &'static Programme,
    pub start: UtcMs,
    /// Unique among 45 days of showings.
    pub event: u16,
}

/// What is on at an instant.
pub fn at(now: UtcMs) -> Showing {
    let minute = now.0.div_euclid(LENGTH_MS);
    let programme = &PROGRAMMES[minute.rem_euclid(PROGRAMMES.len() as i64) as usize];
    Showing { programme, start: UtcMs(minute * LENGTH_MS), event: minute as u16 }
}

impl Showing {
    pub fn next(&self) -> Showing {
        at(self.start + LENGTH_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programme_changes_at_the_minute_and_all_return_after_three() {
        let news = UtcMs(1_795_276_800_000);
        let titles: Vec<&str> = (0..4).map(|n| at(news + n * LENGTH_MS).programme.title).collect();
        assert_eq!(titles, ["演示新闻", "驿站风光", "县市巡礼", "演示新闻"]);
        assert_eq!(at(news + 59_999), at(news));
        assert_eq!(at(news).next(), at(news + 60_000));
        assert_eq!(at(news).start, news);
    }
}
