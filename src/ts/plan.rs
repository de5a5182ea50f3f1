//! Which HLS segments a tape segment holds: greedy over its random access points, so that a growing file keeps the segments it had.

use super::TICKS_PER_SECOND;
use super::index::Rap;

/// An HLS segment is at least this long...
const SHORTEST_90K: i64 = 2 * TICKS_PER_SECOND;
/// ...and where no clean random access point comes, it ends at any other after this.
const PATIENCE_90K: i64 = 10 * TICKS_PER_SECOND;

/// Fed with the random access points of one tape segment in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct SegmentPlan {
    began_90k: Option<i64>,
    segments: u32,
}

impl SegmentPlan {
    /// Whether an HLS segment begins at this point: the first of a tape segment always; then a clean one at least 2 s after the last beginning, any at least 10 s after.
    pub fn begins(&mut self, rap: &Rap) -> bool {
        let begins = self.began_90k.is_none_or(|began| {
            let length = rap.at.media_90k - began;
            length >= PATIENCE_90K || length >= SHORTEST_90K && rap.kind.is_clean()
        });
        if begins {
            self.began_90k = Some(rap.at.media_90k);
            self.segments += 1;
        }
        begins
    }

    /// Segments begun so far.
    pub fn segments(&self) -> u32 {
        self.segments
    }
}
