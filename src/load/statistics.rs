use std::time::Duration;

/// Buckets of one power of two: a quantile is right within 1.6 %.
const FINE: usize = 64;
const FINE_BITS: u32 = FINE.trailing_zeros();
/// Up to 2^36 µs, 19 hours.
const BUCKETS: usize = (36 - FINE_BITS as usize + 1) * FINE;

/// Many durations in little space, so that those of hundreds of clients can be put together.
#[derive(Debug, Clone, Default)]
pub struct Durations {
    counts: Vec<u32>,
    count: u64,
    sum_us: u64,
    max_us: u64,
}

impl Durations {
    pub fn record(&mut self, duration: Duration) {
        let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        if self.counts.is_empty() {
            self.counts.resize(BUCKETS, 0);
        }
        if let Some(count) = self.counts.get_mut(bucket(us)) {
            *count = count.saturating_add(1);
        }
        self.count += 1;
        self.sum_us = self.sum_us.saturating_add(us);
        self.max_us = self.max_us.max(us);
    }

    pub fn merge(&mut self, other: &Self) {
        if other.counts.is_empty() {
            return;
        }
        self.counts.resize(BUCKETS, 0);
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        self.count += other.count;
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
        self.max_us = self.max_us.max(other.max_us);
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn max(&self) -> Option<Duration> {
        (self.count > 0).then(|| Duration::from_micros(self.max_us))
    }

    pub fn sum(&self) -> Duration {
        Duration::from_micros(self.sum_us)
    }

    /// `quantile(0.95)`: so long or shorter were 95 %. None of nothing.
    pub fn quantile(&self, part: f64) -> Option<Duration> {
        if self.count == 0 {
            return None;
        }
        let rank = ((self.count as f64 * part.clamp(0.0, 1.0)).ceil() as u64).max(1);
        let mut seen = 0;
        let found = self.counts.iter().position(|count| {
            seen += u64::from(*count);
            seen >= rank
        });
        Some(Duration::from_micros(found.map_or(self.max_us, |at| middle(at).min(self.max_us))))
    }
}

fn bucket(us: u64) -> usize {
    let bits = u64::BITS - us.leading_zeros();
    if bits <= FINE_BITS {
        return us as usize;
    }
    let shift = bits - FINE_BITS - 1;
    ((shift as usize) * FINE + (us >> shift) as usize).min(BUCKETS - 1)
}

/// A duration of the bucket, in µs.
fn middle(bucket: usize) -> u64 {
    if bucket < 2 * FINE {
        return bucket as u64;
    }
    let shift = bucket / FINE - 1;
    let first = (bucket - shift * FINE) as u64;
    (first << shift) + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_quantile_is_that_of_the_sorted_durations_within_two_percent(mut all in prop::collection::vec(0_u64..200_000_000, 1..300), part in 0.0_f64..=1.0) {
            let mut durations = Durations::default();
            all.iter().for_each(|us| durations.record(Duration::from_micros(*us)));
            all.sort_unstable();
            let rank = ((all.len() as f64 * part).ceil() as usize).max(1);
            let (exact, found) = (all[rank - 1] as f64, durations.quantile(part).unwrap().as_micros() as f64);
            prop_assert!((exact - found).abs() <= exact * 0.02 + 1.0, "{exact} {found}");
            prop_assert_eq!(durations.max().unwrap().as_micros() as u64, all[all.len() - 1]);
        }

        #[test]
        fn together_they_are_as_if_recorded_in_one(left in prop::collection::vec(any::<u32>(), 0..50), right in prop::collection::vec(any::<u32>(), 0..50)) {
            let of = |all: &[u32]| {
                let mut durations = Durations::default();
                all.iter().for_each(|us| durations.record(Duration::from_micros(u64::from(*us))));
                durations
            };
            let mut merged = of(&left);
            merged.merge(&of(&right));
            let both = of(&left.iter().chain(&right).copied().collect::<Vec<_>>());
            prop_assert_eq!((merged.count(), merged.max(), merged.sum()), (both.count(), both.max(), both.sum()));
            prop_assert_eq!(merged.quantile(0.5), both.quantile(0.5));
        }
    }

    #[test]
    fn of_nothing_there_is_no_quantile_and_the_longest_fits() {
        assert_eq!(Durations::default().quantile(0.5), None);
        let mut durations = Durations::default();
        durations.record(Duration::MAX);
        assert!(durations.quantile(1.0).is_some());
    }
}
