//! How long packets stand in the line's queue: the delay of one way, less the least of the last 10 to 20 seconds.
//!
//! The two clocks need not agree: their difference falls out, and their drift within the window is small beside a queue.

const HALF_US: i64 = 10_000_000;

#[derive(Debug, Default)]
pub struct Queue {
    /// The least of the half window before, and of the present one.
    before_us: Option<i64>,
    present_us: Option<i64>,
    present_since_us: i64,
    queued_us: i64,
}

impl Queue {
    /// The least delay of one feedback message: the least, so that jitter and single bursts are not taken for a queue.
    pub fn record(&mut self, now_us: i64, delay_us: i64) {
        if now_us - self.present_since_us >= HALF_US {
            self.before_us = self.present_us.take();
            self.present_since_us = now_us;
        }
        let present = self.present_us.map_or(delay_us, |present| present.min(delay_us));
        self.present_us = Some(present);
        let base = self.before_us.map_or(present, |before| before.min(present));
        self.queued_us = delay_us.saturating_sub(base);
    }

    pub fn queued_us(&self) -> i64 {
        self.queued_us
    }

    /// The path is another, or the clock: what stands now is the new base.
    pub fn reset(&mut self) {
        *self = Self { present_since_us: self.present_since_us, ..Self::default() };
    }
}
