//! What a subscriber got: which packets, how often, how long after they were sent.

use std::ops::Range;

/// The packets of one subscriber, by number.
#[derive(Debug, Default)]
pub struct Tally {
    seen: Vec<u64>,
    pub twice: u64,
}

impl Tally {
    /// Whether it is new.
    pub fn note(&mut self, number: u64) -> bool {
        let (word, bit) = ((number / 64) as usize, 1 << (number % 64));
        if self.seen.len() <= word {
            self.seen.resize(word + 64, 0);
        }
        let Some(word) = self.seen.get_mut(word) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        self.twice += u64::from(!is_new);
        is_new
    }

    pub fn missing(&self, window: Range<u64>) -> u64 {
        window.filter(|number| self.seen.get((number / 64) as usize).is_none_or(|word| word & 1 << (number % 64) == 0)).count() as u64
    }
}

/// Of all subscribers of a thread: counts of every 20 µs, up to a second.
#[derive(Debug, Clone)]
pub struct Delays(Vec<u64>);

const STEP_NS: u64 = 20_000;
const STEPS: usize = 50_000;

impl Default for Delays {
    fn default() -> Self {
        Self(vec![0; STEPS])
    }
}

impl Delays {
    pub fn note(&mut self, ns: u64) {
        if let Some(count) = self.0.get_mut(((ns / STEP_NS) as usize).min(STEPS - 1)) {
            *count += 1;
        }
    }

    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    pub fn forget(&mut self) {
        self.0.fill(0);
    }

    pub fn quantile_ms(&self, share: f64) -> f64 {
        let mut left = (self.count() as f64 * share) as u64;
        let step = self.0.iter().position(|count| {
            let is_there = left < *count;
            left = left.saturating_sub(*count);
            is_there
        });
        step.map_or(f64::NAN, |step| (step as f64 + 0.5) * STEP_NS as f64 / 1e6)
    }
}
