//! 33-bit times → media times.

use crate::base::work::Anchor;
use crate::ts::{PesHeader, wrapped_distance};

/// The reference follows the stream by steps no longer than this, so that it never falls half a circle (13 hours) behind,
/// and no single wrong time leads it astray.
const STEP_90K: i64 = 60 * 90_000;

#[derive(Debug)]
pub(super) struct Timeline {
    reference: Anchor,
}

impl Timeline {
    pub fn new(reference: Anchor) -> Self {
        Self { reference: Anchor { pts_33: reference.pts_33 % (1 << 33), ..reference } }
    }

    pub fn media_90k(&mut self, pts_33: u64) -> i64 {
        let distance = wrapped_distance(self.reference.pts_33, pts_33);
        let media_90k = self.reference.media_90k.saturating_add(distance);
        if (0..=STEP_90K).contains(&distance) {
            self.reference = Anchor { pts_33, media_90k };
        }
        media_90k
    }

    /// The decoding time beside a presentation time, where there is another.
    pub fn dts_90k(&self, header: &PesHeader, pts_90k: Option<i64>) -> Option<i64> {
        let (pts, dts) = (header.pts?, header.dts?);
        Some(pts_90k?.saturating_add(wrapped_distance(pts, dts)))
    }

    /// Whether an anchor says the same of its PTS as this time line does, to a millisecond.
    pub fn agrees(&self, other: Anchor) -> bool {
        let here = self.reference.media_90k.saturating_add(wrapped_distance(self.reference.pts_33, other.pts_33));
        here.abs_diff(other.media_90k) <= 90
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_on_over_many_wraps() {
        let mut timeline = Timeline::new(Anchor { pts_33: (1 << 33) - 90_000, media_90k: 1000 });
        let mut media_90k = 1000;
        for second in 0..300_000_i64 {
            let pts = ((1 << 33) - 90_000 + second * 90_000).rem_euclid(1 << 33);
            media_90k = timeline.media_90k(pts as u64);
        }
        assert_eq!(media_90k, 1000 + 299_999 * 90_000);
        assert!(timeline.agrees(Anchor { pts_33: 0, media_90k: 1000 + 90_000 + 3 * (1 << 33) }));
    }

    #[test]
    fn one_wrong_time_leads_nowhere() {
        let mut timeline = Timeline::new(Anchor { pts_33: 0, media_90k: 0 });
        timeline.media_90k(1 << 31);
        timeline.media_90k((1 << 32) + (1 << 31));
        assert_eq!(timeline.media_90k(3600), 3600);
    }
}
