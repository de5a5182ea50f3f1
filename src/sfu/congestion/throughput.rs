//! Bits per second over the last half second, in buckets of 50 ms.

const BUCKET_US: i64 = 50_000;
const BUCKETS: usize = 12;

#[derive(Debug, Default)]
pub struct Throughput {
    buckets: [u32; BUCKETS],
    /// Numbers of the newest bucket and of the first since the beginning.
    newest: i64,
    first: Option<i64>,
}

impl Throughput {
    #[inline]
    pub fn record(&mut self, at_us: i64, bytes: u16) {
        let number = at_us.div_euclid(BUCKET_US);
        if number > self.newest || self.first.is_none() {
            self.turn(number);
        }
        if number > self.newest - BUCKETS as i64
            && let Some(bucket) = self.buckets.get_mut(number.rem_euclid(BUCKETS as i64) as usize)
        {
            *bucket = bucket.saturating_add(u32::from(bytes));
        }
    }

    fn turn(&mut self, number: i64) {
        let first = *self.first.get_or_insert(number);
        if first == number {
            self.newest = number;
        }
        for passed in (self.newest + 1).max(number - BUCKETS as i64 + 1)..=number {
            if let Some(bucket) = self.buckets.get_mut(passed.rem_euclid(BUCKETS as i64) as usize) {
                *bucket = 0;
            }
        }
        self.newest = number;
    }

    /// Over the last `buckets` whole buckets (at most 11), or those there are; `None` before there were three.
    pub fn bitrate_bps(&self, buckets: i64) -> Option<f64> {
        let whole = (self.newest - self.first?).min(buckets).min(BUCKETS as i64 - 1);
        if whole < buckets.min(3) {
            return None;
        }
        let bytes: u64 =
            (1..=whole).filter_map(|back| self.buckets.get((self.newest - back).rem_euclid(BUCKETS as i64) as usize)).map(|bytes| u64::from(*bytes)).sum();
        Some(bytes as f64 * 8e6 / (whole * BUCKET_US) as f64)
    }

    /// The clock it is told the time by was set anew.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}
