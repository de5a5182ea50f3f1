//! Where segments begin. The same places must come out for the same tape every time, also while it grows: a segment is known by its number.

/// Without an IDR for this many times the target, any random access point begins a segment.
const PATIENCE: i64 = 5;

/// A segment begins at this random access point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentStart {
    /// Which of the random access points given.
    pub rap: usize,
    pub media_90k: i64,
}

/// Greedy: a segment begins at the first random access point, and at each later one that is at least `target_90k` after the last beginning.
/// Once an IDR was seen to begin one, others wait for an IDR, as only those let a player switch; but not longer than five targets.
///
/// `raps` are (media time, is an IDR) in ascending order, of one file of the tape. What comes out for them does not depend on what follows them.
pub fn group(raps: impl IntoIterator<Item = (i64, bool)>, target_90k: i64) -> impl Iterator<Item = SegmentStart> {
    let mut last: Option<(i64, bool)> = None;
    raps.into_iter().enumerate().filter_map(move |(rap, (media_90k, is_idr))| {
        if let Some((begun, by_idr)) = last {
            let since = media_90k.saturating_sub(begun);
            let waits = by_idr && !is_idr && since < target_90k.saturating_mul(PATIENCE);
            if since < target_90k || waits {
                return None;
            }
        }
        last = Some((media_90k, is_idr));
        Some(SegmentStart { rap, media_90k })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 90_000;

    fn starts(raps: &[(i64, bool)], target: i64) -> Vec<usize> {
        group(raps.iter().copied(), target).map(|s| s.rap).collect()
    }

    #[test]
    fn greedy_over_idrs() {
        let every_half_second: Vec<_> = (0..10).map(|i| (i * SECOND / 2, true)).collect();
        assert_eq!(starts(&every_half_second, 2 * SECOND), [0, 4, 8]);
        // One tick short of the target waits for the next.
        assert_eq!(starts(&[(0, true), (2 * SECOND - 1, true), (3 * SECOND, true)], 2 * SECOND), [0, 2]);
    }

    #[test]
    fn open_groups_wait_for_an_idr_but_not_for_ever() {
        let raps: Vec<_> = (0..20).map(|i| (i * SECOND, i % 4 == 0)).collect();
        assert_eq!(starts(&raps, 2 * SECOND), [0, 4, 8, 12, 16]);
        let one_idr: Vec<_> = (0..20).map(|i| (i * SECOND, i == 0)).collect();
        assert_eq!(starts(&one_idr, 2 * SECOND), [0, 10, 12, 14, 16, 18]);
        let none: Vec<_> = (0..6).map(|i| (i * SECOND, false)).collect();
        assert_eq!(starts(&none, 2 * SECOND), [0, 2, 4]);
    }

    proptest! {
        #[test]
        fn growing_changes_nothing_behind(steps in prop::collection::vec((1..200_000_i64, any::<bool>()), 0..60), cut in 0..60_usize) {
            let mut at = 1_600_000_000_000_i64;
            let raps: Vec<_> = steps.into_iter().map(|(step, idr)| { at += step; (at, idr) }).collect();
            let whole = starts(&raps, 2 * SECOND);
            let cut = cut.min(raps.len());
            let part = starts(&raps[..cut], 2 * SECOND);
            prop_assert_eq!(&whole[..part.len()], &part[..]);
            prop_assert_eq!(whole.first().copied(), (!raps.is_empty()).then_some(0));
            for pair in whole.windows(2) {
                prop_assert!(raps[pair[1]].0 - raps[pair[0]].0 >= 2 * SECOND);
            }
        }
    }
}
