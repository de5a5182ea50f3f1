//! How fast something flows, over the last second or a longer while.

use std::time::{Duration, Instant};

const STEPS: usize = 10;

/// Bits per second over a sliding window of ten steps.
#[derive(Debug, Clone, Copy)]
pub struct Rate<const STEP_MS: u64 = 100> {
    bytes: [u32; STEPS],
    at: usize,
    since: Option<Instant>,
    began: Option<Instant>,
}

impl<const STEP_MS: u64> Default for Rate<STEP_MS> {
    fn default() -> Self {
        Self { bytes: [0; STEPS], at: 0, since: None, began: None }
    }
}

impl<const STEP_MS: u64> Rate<STEP_MS> {
    const STEP: Duration = Duration::from_millis(STEP_MS);

    pub fn add(&mut self, now: Instant, bytes: usize) {
        self.advance(now);
        self.began.get_or_insert(now);
        self.bytes[self.at] = self.bytes[self.at].saturating_add(bytes as u32);
    }

    pub fn bps(&mut self, now: Instant) -> u64 {
        self.advance(now);
        let bits = 8 * self.bytes.iter().map(|bytes| u64::from(*bytes)).sum::<u64>();
        // At first it is what came in that part of the window, but a burst is no rate. The step that has only begun counts for what it is.
        let step = self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        let window = Self::STEP * (STEPS as u32 - 1) + step;
        let span = self.began.map_or(Duration::ZERO, |began| now.saturating_duration_since(began)).clamp(2 * Self::STEP, window.max(2 * Self::STEP));
        (u128::from(bits) * 1_000_000 / span.as_micros().max(1)) as u64
    }

    /// It flowed for so long, without a break that emptied the window.
    pub fn has_flowed(&self, now: Instant, span: Duration) -> bool {
        self.began.is_some_and(|began| now.saturating_duration_since(began) >= span)
    }

    fn advance(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let elapsed = now.saturating_duration_since(since);
        if elapsed < Self::STEP {
            return;
        }
        let steps = (elapsed.as_millis() as u64 / STEP_MS) as usize;
        if steps > 3 * STEPS {
            self.began = None;
        }
        for _ in 0..steps.min(STEPS) {
            self.at = (self.at + 1) % STEPS;
            self.bytes[self.at] = 0;
        }
        self.since = Some(since + Self::STEP * steps as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_flowed_in_the_last_second() {
        let start = Instant::now();
        let mut rate = <Rate>::default();
        for ms in (0..5_000).step_by(20) {
            rate.add(start + Duration::from_millis(ms), 2_500);
        }
        let bps = rate.bps(start + Duration::from_millis(4_999));
        assert!((950_000..=1_050_000).contains(&bps), "{bps}");
        assert_eq!(rate.bps(start + Duration::from_millis(6_200)), 0);
    }
}
